"""The scenarios of what is in a cloud of the company: its keys and its storage."""

from __future__ import annotations

from pulumi_openai_admin import ExternalKey, ExternalStorage
from tests.host.rules import CreatedOnce, assert_made_once
from tests.host.scenario import PROJECT, AnotherTeam, Case, Rule, Scenario, Verb, verbs_of_object

KEY = {"key_name": "org-emulator--data", "tenant_id": "t-1", "vault_uri": "https://v.example.com"}
AZURE = {"azure": KEY}
OCI_KEY = {"key_ocid": "ocid1.key", "region": "eu-frankfurt-1", "vault_ocid": "ocid1.vault"}
EXTERNAL_KEY = Scenario(
    ExternalKey,
    inputs={"name": "data", "provider": AZURE},
    outputs={"purpose": "ekm", "api_project_ids": [], "validation_status": "success"},
    another={"provider": {"azure": {**KEY, "key_name": "org-emulator--more"}}},
    bad={
        "provider['azure'] lacks vault_uri": {"provider": {"azure": {"key_name": "x", "tenant_id": "t-1"}}},
        "provider['type'] is not one of aws, gcp, azure, oci": {"provider": {"type": "aws"}},
        "provider['azure']['region'] is not one of key_name": {"provider": {"azure": {**KEY, "region": "x"}}},
        "provider has azure and oci: set exactly one of aws, gcp, azure, oci": {"provider": {**AZURE, "oci": OCI_KEY}},
    },
    rule=CreatedOnce("external_key"),
    verbs=(
        *verbs_of_object(lambda number: {"name": f"key {number}", "provider": {"oci": OCI_KEY}}),
        Verb("create-validate", None, {"name": "key", "provider": {"oci": OCI_KEY}}, "POST", "*/validate"),
    ),
    another_team={"create": AnotherTeam({"type": "oci", **OCI_KEY})},
)

AWS = {"aws": {"bucket": "data", "role_arn": "arn:aws:iam::123456789012:role/openai"}}
BUCKET = {"bucket": "data", "region": "eu-frankfurt-1", "tenancy_ocid": "ocid1.tenancy"}


class OneStorage(Rule):
    """The project of the case has one storage, which is in the state, or an error names what may exist."""

    def orphans(self, case: Case) -> set[str]:
        return self._there(case) - {case.outcome.id}

    def check(self, case: Case) -> None:
        assert_made_once(self._there(case), "external_storage_id", case.outcome)

    def _there(self, case: Case) -> set[str]:
        found = case.server.control.live("external_storage").get("external_storage", {})
        return {path for path, content in found.items() if content["project_id"] == case.project}


STORAGE = Scenario(
    ExternalStorage,
    inputs={**PROJECT, "provider": AWS},
    outputs={
        "status": "validated",
        "geography": "US",
        "found": {"account_id": "123456789012", "external_id": "proj_demo", "region": "us-east-1"},
    },
    another={"provider": {**AWS, "bucket": "more"}},
    bad={
        "provider['aws'] lacks role_arn": {"provider": {"aws": {"bucket": "data"}}},
        "provider['type'] is not one of aws, azure, gcp, oci": {"provider": {"type": "x"}},
        "provider['region'] is not one of aws, azure, gcp, oci": {"provider": {**AWS, "region": "us-east-1"}},
    },
    rule=OneStorage(),
    verbs=(
        *verbs_of_object(lambda _: {"provider": {"oci": BUCKET}}),
        Verb("create-validate", None, {"provider": {"oci": BUCKET}}, "POST", "*/validate"),
    ),
    another_team={
        "create": AnotherTeam(
            {"project_id": "{project_id}"},
            by="provider",
            other_names=({"oci": {**BUCKET, "bucket": "before"}}, {"oci": {**BUCKET, "bucket": "after"}}),
        )
    },
)
