"""The REST API of Google Cloud Secret Manager, and the endpoint that gives out tokens, from Google's documentation."""

from __future__ import annotations

import base64
from typing import Any

from tests.delivery.fake_store import FakeStore, Reply, Request

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
            versions.append(
                {
                    "name": f"{name}/versions/{len(versions) + 1}",
                    "state": "ENABLED",
                    "value": base64.b64decode(request.json["payload"]["data"]).decode(),
                }
            )
            return _shown(versions[-1])
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


def _shown(version: dict[str, Any]) -> Reply:
    return Reply(200, {name: value for name, value in version.items() if name != "value"})
