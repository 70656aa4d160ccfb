"""The life of an `ExternalKey`."""

from __future__ import annotations

from typing import Any

from pulumi_openai_admin import ExternalKey
from tests.host.rules import CreatedOnce
from tests.host.scripted_life import AnotherTeam, Life, Matrix, Verb

KEYS = "/organization/external_keys"
AZURE = {"type": "azure", "key_name": "org-emulator--data", "tenant_id": "t-1", "vault_uri": "https://v.example.com"}
OCI = {"type": "oci", "key_ocid": "ocid1.key", "region": "eu-frankfurt-1", "vault_ocid": "ocid1.vault"}


def key(name: str) -> dict[str, Any]:
    return {"name": name, "provider": OCI}


LIFE = Life(
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
    replaced_by={"name": "data", "provider": {**AZURE, "key_name": "org-emulator--more"}},
    replaces="provider",
    bad={
        "name is empty": {"name": ""},
        "provider is missing": {"provider": None},
        "provider lacks vault_uri": {"provider": {name: AZURE[name] for name in ("type", "key_name", "tenant_id")}},
        "provider['type'] must be 'aws', 'gcp', 'azure' or 'oci', not 'x'": {"provider": {"type": "x"}},
        "provider['region'] is not one of type, key_name": {"provider": {**AZURE, "region": "x"}},
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
    another_team={"create": AnotherTeam(None, key("shop"), KEYS, OCI)},
)
