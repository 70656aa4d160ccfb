"""The REST API of GitHub for secrets of repositories and environments, from GitHub's documentation."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from nacl.public import PrivateKey, SealedBox

from pulumi_openai_admin.delivery.github_actions_secret import GitHubActionsSecret
from pulumi_openai_admin.delivery.secret_store import REMOVED
from tests.delivery.fake_store import FakeStore, Place, Reply, Request, Store, destination, variables

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


class GitHub(Store):
    server_variable = "GITHUB_API_URL"
    elsewhere: ClassVar = {"repository": ["o/r/../../other/repo", "repo"], "name": [".."]}
    server: FakeGitHub
    fake = FakeGitHub
    path = f"{REPOSITORY}/OPENAI_API_KEY"
    environment: str | None = None
    refusals: ClassVar = {
        "a hidden repository": (
            destination(repository="acme/hidden"),
            "check presence remove",
            "GitHub returned 404: Not Found. Check repository, environment, and that the token may write",
        ),
        "an expired token": (
            variables(GITHUB_TOKEN="expired"),
            "check",
            "GitHub returned 401: Bad credentials. Give the token the permission 'Secrets: write'",
        ),
        "no token": (variables(GITHUB_TOKEN=None), "check", "there is no token. Set GITHUB_TOKEN"),
    }
    removals: ClassVar = {
        "created": (False, lambda store: store.server.secrets, {}),
        "existing": (True, lambda store: store.value(), REMOVED),
    }

    def set_up(self, place: Place) -> None:
        place.patch.setenv("GITHUB_TOKEN", TOKEN)
        place.patch.setenv("GITHUB_API_URL", self.server.url)
        self.destination = GitHubActionsSecret(
            repository="acme/app", name="OPENAI_API_KEY", environment=self.environment
        )

    def accepted(self, request: Request) -> Reply:  # noqa: ARG002
        key = base64.b64encode(bytes(PrivateKey.generate().public_key)).decode()
        return Reply(200, {"key": key, "key_id": "1", "updated_at": "1"})

    def value(self) -> str | None:
        return self.server.secrets.get(self.path, {}).get("value")

    def put(self, value: str) -> None:
        self.server.set(self.path, value)


class GitHubEnvironment(GitHub):
    path = f"{ENVIRONMENT}/OPENAI_API_KEY"
    environment = "prod/eu"
    elsewhere: ClassVar = {"environment": [""]}
