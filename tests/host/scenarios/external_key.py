"""The scenario of an `ExternalKey`."""

from __future__ import annotations

from typing import Any

from pulumi_openai_admin import ExternalKey
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Matrix, Scenario, Verb

KEYS = "/organization/external_keys"
KEY = {"key_name": "org-emulator--data", "tenant_id": "t-1", "vault_uri": "https://v.example.com"}
AZURE = {"azure": KEY}
OCI = {"oci": {"key_ocid": "ocid1.key", "region": "eu-frankfurt-1", "vault_ocid": "ocid1.vault"}}


def key(name: str) -> dict[str, Any]:
    return {"name": name, "provider": OCI}


SCENARIO = Scenario(
    ExternalKey,
    path="",
    inputs={"name": "data", "provider": AZURE},
    outputs={
        "name": "data",
        "provider": AZURE,
        "purpose": "ekm",
        "api_project_ids": [],
        "validation_status": "success",
    },
    drift=None,
    steps=[],
    replaced_by={"name": "data", "provider": {"azure": {**KEY, "key_name": "org-emulator--more"}}},
    replaces="provider",
    bad={
        "name is empty": {"name": ""},
        "provider is missing": {"provider": None},
        "provider['azure'] lacks vault_uri": {"provider": {"azure": {"key_name": "x", "tenant_id": "t-1"}}},
        "provider['type'] is not one of aws, gcp, azure, oci": {"provider": {"type": "aws"}},
        "provider['azure']['region'] is not one of key_name": {"provider": {"azure": {**KEY, "region": "x"}}},
        "provider has azure and oci: set exactly one of aws, gcp, azure, oci": {"provider": {**AZURE, **OCI}},
        "purpose must be 'ekm' or 'psp_decryption', not 'x'": {"purpose": "x"},
    },
    missing="extkey_none",
    malformed="",
    is_in_project=False,
    matrix=Matrix(
        path=KEYS,
        rule=CreatedOnce("external_key"),
        verbs=(
            Verb("create", None, key("k-made"), "POST"),
            Verb("create-list", None, key("k-listed"), "GET"),
            Verb("create-validate", None, key("k-validated"), "POST", "*/validate"),
            Verb("read", key("k-read"), key("k-read"), "GET", "{id}"),
            Verb("delete", key("k-deleted"), None, "DELETE", "{id}"),
        ),
    ),
    another_team={"create": AnotherTeam(None, key("shop"), KEYS, {"type": "oci", **OCI["oci"]})},
)
