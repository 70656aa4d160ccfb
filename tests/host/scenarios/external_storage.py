"""The scenario of an `ExternalStorage`."""

from __future__ import annotations

from pulumi_openai_admin import ExternalStorage
from tests.host.nothing_lost import assert_made_once
from tests.host.scenario import PROJECT, AnotherTeam, Case, Matrix, Scenario, Verb

STORAGE = "/organization/external_storage"
AWS = {"aws": {"bucket": "data", "role_arn": "arn:aws:iam::123456789012:role/openai"}}
OCI = {"oci": {"bucket": "data", "region": "eu-frankfurt-1", "tenancy_ocid": "ocid1.tenancy"}}
BUCKET = {"provider": OCI}


class OneStorage:
    """The project of the case has one storage, which is in the state, or an error names what may exist."""

    def orphans(self, case: Case) -> set[str]:
        return self._there(case) - {case.outcome.id}

    def check(self, case: Case) -> None:
        assert_made_once(self._there(case), "external_storage_id", case.outcome)

    def _there(self, case: Case) -> set[str]:
        found = case.server.control.live("external_storage").get("external_storage", {})
        return {path for path, content in found.items() if content["project_id"] == case.project}


SCENARIO = Scenario(
    ExternalStorage,
    path="",
    inputs={**PROJECT, "provider": AWS},
    outputs={
        **PROJECT,
        "provider": AWS,
        "status": "validated",
        "geography": "US",
        "found": {"account_id": "123456789012", "external_id": "proj_demo", "region": "us-east-1"},
    },
    drift=None,
    steps=[],
    replaced_by={**PROJECT, "provider": {**AWS, "bucket": "more"}},
    replaces="provider",
    bad={
        "project_id is missing": {"project_id": None},
        "provider['aws'] lacks role_arn": {"provider": {"aws": {"bucket": "data"}}},
        "provider['type'] is not one of aws, azure, gcp, oci": {"provider": {"type": "x"}},
        "provider['region'] is not one of aws, azure, gcp, oci": {"provider": {**AWS, "region": "us-east-1"}},
    },
    missing="extstore_none",
    malformed="",
    is_in_project=False,
    matrix=Matrix(
        path=STORAGE,
        rule=OneStorage(),
        verbs=(
            Verb("create", None, BUCKET, "POST"),
            Verb("create-list", None, BUCKET, "GET"),
            Verb("create-validate", None, BUCKET, "POST", "*/validate"),
            Verb("read", BUCKET, BUCKET, "GET", "{id}"),
            Verb("delete", BUCKET, None, "DELETE", "{id}"),
        ),
    ),
    another_team={
        "create": AnotherTeam(
            None,
            BUCKET,
            STORAGE,
            {"project_id": "{project_id}"},
            by="provider",
            other_names=(
                {"oci": {**OCI["oci"], "bucket": "theirs-before"}},
                {"oci": {**OCI["oci"], "bucket": "theirs-after"}},
            ),
        )
    },
)
