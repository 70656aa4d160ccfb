"""The REST API of Azure Key Vault for secrets, and a managed identity, from Microsoft's documentation."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.delivery.azure_key_vault import AzureKeyVault
from tests.delivery.fake_store import (
    AUTHORITY,
    FakeStore,
    Place,
    Reply,
    Request,
    Store,
    page,
    secured,
    server,
    variables,
)

if TYPE_CHECKING:
    import pytest

TOKEN = "made-up"
NAME = "openai"


class FakeAzure(FakeStore):
    def __init__(self) -> None:
        super().__init__()
        self.versions: list[dict[str, Any]] = []
        self.is_deleted = False
        """Deleted, and neither recovered nor purged."""
        self.clock = 1_700_000_000

    def error(self, status: int, text: str) -> Reply:
        return Reply(status, {"error": {"code": "Refused", "message": text}})

    def is_counted(self, request: Request) -> bool:
        return request.path != "/token" and "Authorization" in request.headers

    def answer(self, request: Request) -> Reply:
        if request.path == "/token":
            token = {"access_token": TOKEN, "expires_on": str(int(time.time()) + 3600), "token_type": "Bearer"}
            return Reply(200, token | {"resource": request.query.get("resource", "")})
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            # The client wants the vault to be below the resource's domain: 127.0.0.1 is below 0.0.1.
            challenge = f'Bearer authorization="https://127.0.0.1/tenant", resource="https://0.0.1:{self.port}"'
            return Reply(401, {"error": {"code": "Unauthorized"}}, {"WWW-Authenticate": challenge})
        if request.verb in self.refused:
            return self.error(403, "The user, group or application does not have secrets permission.\nMore.")
        _, _, name, *rest = request.path.split("/")
        assert name == NAME
        if request.verb == "PUT":
            return self._set(request.json)
        if rest == ["versions"]:
            return Reply(200, {"value": [self._shown(version) for version in self.versions], "nextLink": None})
        (wanted,) = [wanted for wanted in self.versions if wanted["id"] == rest[0]]
        if request.verb == "PATCH":
            wanted["enabled"] = request.json["attributes"]["enabled"]
        return Reply(200, self._shown(wanted))

    def _set(self, body: dict[str, Any]) -> Reply:
        if self.is_deleted:
            return self.error(409, f"Secret {NAME} is currently in a deleted but recoverable state.")
        self.clock += 1
        created = {
            "id": f"{len(self.versions) + 1:032x}",
            "value": body["value"],
            "enabled": True,
            "created": self.clock,
        }
        self.versions.append(created)
        return Reply(200, {**self._shown(created), "value": body["value"]})

    def _shown(self, version: dict[str, Any]) -> dict[str, Any]:
        shown = {
            "id": f"{self.url}/secrets/{NAME}/{version['id']}",
            "attributes": {"enabled": version["enabled"], "created": version["created"], "updated": version["created"]},
        }
        return {**shown, "managed": True} if version.get("managed") else shown


def _of_certificate(store: Any, _patch: pytest.MonkeyPatch) -> None:
    store.put("certificate")
    store.server.versions[0]["managed"] = True


class Azure(Store):
    elsewhere: ClassVar = {"name": [".."]}
    server: FakeAzure
    refusals: ClassVar = {
        "deleted": (
            server(is_deleted=True),
            "deliver",
            "is currently in a deleted but recoverable state. Recover or purge a deleted secret of this name",
        ),
        "of a certificate": (
            _of_certificate,
            "check",
            "it belongs to a certificate, which alone may change it. Choose another name",
        ),
        "no permission": (
            server(refused={"GET", "PUT"}),
            "check deliver",
            f"does not have secrets permission. Grant the permissions ({page('azure-key-vault')})",
        ),
        "no credentials": (
            variables(AZURE_TOKEN_CREDENTIALS="EnvironmentCredential"),
            "check",
            "there are no credentials that it accepts",
            "Run `az login`",
        ),
    }
    removals: ClassVar = {
        "existing": (True, lambda store: [version["enabled"] for version in store.server.versions], [True, False])
    }

    def make_server(self, place: Place) -> FakeStore:
        return secured(FakeAzure(), place)

    def set_up(self, place: Place) -> None:
        for name, value in {
            "REQUESTS_CA_BUNDLE": str(place.folder / AUTHORITY),
            "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential",
            "IDENTITY_ENDPOINT": f"{self.server.url}/token",
            "IDENTITY_HEADER": "made-up",
        }.items():
            place.patch.setenv(name, value)
        self.destination = AzureKeyVault(vault_url=self.server.url, name=NAME)

    def accepted(self, request: Request) -> Reply:
        attributes = {"enabled": True, "created": 1, "updated": 1}
        version = {"id": f"{self.server.url}/secrets/n/1", "attributes": attributes}
        is_list = request.path.endswith("/versions") and request.verb == "GET"
        return Reply(200, {"value": [version], "nextLink": None} if is_list else {**version, "value": "x"})

    def value(self) -> str | None:
        versions = self.server.versions
        value: str | None = versions[-1]["value"] if versions and versions[-1]["enabled"] else None
        return value

    def put(self, value: str) -> None:
        self.server._set({"value": value})
