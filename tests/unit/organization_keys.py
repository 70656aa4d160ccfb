"""An OpenAI that has the Admin API keys of an organization, beside the keys of a project, and a secret store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pulumi_openai_admin.delivery.secret_store import Destination, Presence
from tests.unit.fakes import FakeOpenAI, error_body

PATH = "/organization/admin_api_keys"


@dataclass
class FakeOrganization(FakeOpenAI):
    """`admin_keys` are those that can be used, by id."""

    admin_keys: dict[str, dict[str, Any]] = field(default_factory=dict)

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if path == "/organization/projects":
            return 200, {"object": "list", "data": [self.project], "has_more": False}
        if not path.startswith(PATH):
            return super()._answer(method, path, body)
        id_ = path.removeprefix(PATH).strip("/")
        if not id_:
            return self._list(self.admin_keys) if method == "GET" else (200, self._new_admin_key(body))
        if id_ not in self.admin_keys:
            return 404, error_body("No such key")
        if method == "DELETE":
            del self.admin_keys[id_]
            return 200, {"object": "organization.admin_api_key.deleted", "id": id_, "deleted": True}
        return 200, dict(self.admin_keys[id_])

    def _new_admin_key(self, body: dict[str, Any]) -> dict[str, Any]:
        self._count += 1
        id_ = f"key_{self._count}"
        shown = f"sk-admin-...{self._count:04}"
        self.admin_keys[id_] = {"id": id_, "name": body["name"], "created_at": self.now, "redacted_value": shown}
        return {**self.admin_keys[id_], "value": f"sk-admin-VALUE{self._count:04}"}


@dataclass
class FakeStore(Destination):
    """Records each step among the requests to OpenAI, and fails where a test says so."""

    openai: FakeOpenAI
    fails: dict[str, Exception] = field(default_factory=dict)
    has: Presence = Presence.CURRENT
    values: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    place = "secret 'ci'"

    def _note(self, step: str) -> None:
        self.openai.calls.append((step, "store", None))
        if step in self.fails:
            raise self.fails[step]

    def check(self) -> None:
        self._note("check")

    def deliver(self, key: str) -> str:
        if "deliver" not in self.fails or getattr(self.fails["deliver"], "may_have_acted", False):
            self.values.append(key)
        self._note("deliver")
        return f"v{len(self.values)}"

    def presence(self, version: str) -> Presence:
        assert version == f"v{len(self.values)}"
        self._note("presence")
        return self.has

    def remove(self, version: str) -> None:
        self._note("remove")
        self.removed.append(version)
