"""The REST API of Google Cloud Secret Manager, and the endpoint that gives out tokens, from Google's documentation."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Any, ClassVar

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pulumi_openai_admin.delivery.gcp_secret_manager import GcpSecretManager
from tests.delivery.fake_store import FakeStore, Place, Reply, Request, Store, server, variables

SECRET = "projects/acme/secrets/openai"
TOKEN = "ya29.made-up"


class FakeGoogle(FakeStore):
    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[str, list[dict[str, Any]]] = {SECRET: []}
        """The versions of each secret."""

    def error(self, status: int, text: str) -> Reply:
        return Reply(status, {"error": {"code": status, "message": text, "status": "FAILED"}})

    def is_counted(self, request: Request) -> bool:
        return request.path != "/token"

    def is_write(self, request: Request) -> bool:
        return request.path.endswith((":addVersion", ":destroy"))

    def answer(self, request: Request) -> Reply:
        if request.path == "/token":
            return Reply(200, {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"})
        if request.headers["Authorization"] != f"Bearer {TOKEN}":
            return self.error(401, "Request had invalid authentication credentials.")
        name, _, verb = request.path.removeprefix("/v1/").partition(":")
        name, _, version = name.partition("/versions/")
        if name not in self.secrets:
            return self.error(404, f"Secret [{name}] not found.")
        if (verb or request.verb) in self.refused:
            return self.error(403, f"Permission 'secretmanager.{verb or 'get'}' denied on resource.")
        versions = self.secrets[name]
        if verb == "testIamPermissions":
            granted = [] if "addVersion" in self.refused else request.json["permissions"]
            return Reply(200, {"permissions": granted} if granted else {})
        if verb == "addVersion":
            return _shown(self.add(base64.b64decode(request.json["payload"]["data"]).decode(), name))
        if not version:
            return Reply(200, {"name": name})
        if version == "latest" and not versions:
            return self.error(404, f"Secret Version [{name}/versions/latest] not found.")
        chosen = versions[-1 if version == "latest" else int(version) - 1]
        if verb == "destroy":
            if chosen["state"] == "DESTROYED":
                return self.error(400, "is already destroyed.")
            chosen |= {"state": "DESTROYED", "value": None}
        return _shown(chosen)

    def add(self, value: str, name: str = SECRET) -> dict[str, Any]:
        """A new version, which anybody can add."""
        versions = self.secrets[name]
        versions.append({"name": f"{name}/versions/{len(versions) + 1}", "state": "ENABLED", "value": value})
        return versions[-1]


def _shown(version: dict[str, Any]) -> Reply:
    return Reply(200, {name: value for name, value in version.items() if name != "value"})


@cache
def _private_key() -> str:
    """A key for a service account. It takes a while to make, so there is one."""
    key: Any = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())


class Gcp(Store):
    server_variable = "CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER"
    elsewhere: ClassVar = {"project": ["."], "secret": ["../x"]}
    server: FakeGoogle
    fake = FakeGoogle
    refusals: ClassVar = {
        "no permission": (
            server(refused={"addVersion"}),
            "check",
            "the permission secretmanager.versions.add is missing. Grant the role",
        ),
        "no credentials": (
            variables(GOOGLE_APPLICATION_CREDENTIALS="/nowhere.json"),
            "check",
            "there are no application default credentials. Run `gcloud auth application-default login`",
        ),
    }
    removals: ClassVar = {
        "existing": (
            True,
            lambda store: [version["state"] for version in store.server.secrets[SECRET]],
            ["ENABLED", "DESTROYED"],
        )
    }

    def set_up(self, place: Place) -> None:
        account = {
            "type": "service_account",
            "client_email": "ci@acme.example",
            "private_key_id": "1",
            "private_key": _private_key(),
            "token_uri": f"{self.server.url}/token",
            "project_id": "acme",
        }
        file = place.folder / "account.json"
        file.write_text(json.dumps(account), encoding="utf-8")
        place.patch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
        place.patch.setenv("CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER", f"{self.server.url}/")
        self.destination = GcpSecretManager(project="acme", secret="openai")

    def accepted(self, request: Request) -> Reply:  # noqa: ARG002
        return Reply(200, {"permissions": ["secretmanager.versions.add"], "name": "versions/1"})

    def value(self) -> str | None:
        versions = self.server.secrets[SECRET]
        value: str | None = versions[-1]["value"] if versions else None
        return value

    def put(self, value: str) -> None:
        self.server.add(value)
