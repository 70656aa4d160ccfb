"""The REST API of GitHub for secrets of repositories and environments, from GitHub's documentation."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from nacl.public import PrivateKey, SealedBox

from tests.delivery.fake_store import FakeStore, Reply, Request

TOKEN = "ghp_made-up"
REPOSITORY = "/repos/acme/app/actions/secrets"
ENVIRONMENT = "/repos/acme/app/environments/prod/eu/secrets"


class FakeGitHub(FakeStore):
    def __init__(self) -> None:
        super().__init__()
        self._key = PrivateKey.generate()
        self.secrets: dict[str, dict[str, Any]] = {}
        """By their path."""
        self.clock = datetime(2026, 11, 26, tzinfo=UTC)

    def error(self, status: int, text: str) -> Reply:
        return Reply(status, {"message": text, "documentation_url": ""})

    def answer(self, request: Request) -> Reply:
        if request.headers["Authorization"] != f"Bearer {TOKEN}":
            return self.error(401, "Bad credentials")
        folder, _, name = request.path.rpartition("/")
        if folder not in {REPOSITORY, ENVIRONMENT}:
            return self.error(404, "Not Found")
        if request.verb in self.refused:
            return self.error(403, "Resource not accessible by personal access token")
        if name == "public-key":
            return Reply(200, {"key_id": "1", "key": base64.b64encode(bytes(self._key.public_key)).decode()})
        if request.verb == "PUT":
            return self.put(request.path, request.json)
        if request.path not in self.secrets:
            return self.error(404, "Not Found")
        if request.verb == "DELETE":
            del self.secrets[request.path]
            return Reply(204)
        shown = {key: value for key, value in self.secrets[request.path].items() if key != "value"}
        return Reply(200, {"name": name, **shown})

    def put(self, path: str, body: dict[str, Any]) -> Reply:
        if body["key_id"] != "1":
            return self.error(422, "Bad request - key id is unknown.")
        value = SealedBox(self._key).decrypt(base64.b64decode(body["encrypted_value"])).decode()
        return Reply(204 if self.set(path, value) else 201, None if path in self.secrets else {})

    def set(self, path: str, value: str) -> bool:
        """Set a secret; whether it existed."""
        self.clock += timedelta(seconds=1)
        now = self.clock.strftime("%Y-%m-%dT%H:%M:%SZ")
        old = self.secrets.get(path)
        self.secrets[path] = {"created_at": old["created_at"] if old else now, "updated_at": now, "value": value}
        return old is not None
