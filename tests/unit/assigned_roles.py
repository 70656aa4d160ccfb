"""A user with roles, behind requests-mock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.unit.fakes import FakeOpenAI, error_body

ALIAS = "role-api-organization-owner"
OWNER = f"{ALIAS}__api-organization__org-1"
READER = "role-api-organization-reader__api-organization__org-1"
PREDEFINED = {ALIAS: OWNER, READER.partition("__")[0]: READER, OWNER: OWNER, READER: READER}


@dataclass
class Organization(FakeOpenAI):
    """A user with roles, directly and by groups; one predefined role at a time."""

    direct: list[str] = field(default_factory=list)
    inherited: dict[str, str] = field(default_factory=dict)
    """By role, the group that it comes from."""
    deleted: set[str] = field(default_factory=set)
    """Roles that the organization no longer has."""
    is_there: bool = True

    def _shown(self, role: str) -> dict[str, Any]:
        sources = (
            [{"principal_id": self.inherited[role], "principal_type": "group"}] if role in self.inherited else None
        )
        return {**self._role(role), "assignment_sources": sources}

    def _role(self, role: str) -> dict[str, Any]:
        return {"id": role, "name": f"name of {role}", "predefined_role": role in PREDEFINED}

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:  # noqa: C901, PLR0911 - one reply each
        if path == "/organization/projects":
            return 200, {"data": [self.project] if self.project else [], "has_more": False}
        if path == "/organization/users":
            return 200, {"data": [{"id": "user-1", "email": "ada@example.com"}], "has_more": False}
        if path == "/organization/roles":
            roles = [*(f"role_{number}" for number in range(50)), OWNER, READER]
            there = [self._role(role) for role in roles if role not in self.deleted]
            return 200, {"data": there, "has_more": False, "next": None}
        if not path.startswith("/organization/users/user-1"):
            return super()._answer(method, path, body)
        if not self.is_there:
            return 404, error_body("No such user")
        if path == "/organization/users/user-1":
            base = next((role for role in self.direct if role.startswith("role-api-")), "")
            return 200, {"id": "user-1", "email": "ada@example.com", "role": base.partition("__")[0].rpartition("-")[2]}
        rest = path.removeprefix("/organization/users/user-1/roles").strip("/")
        if method == "GET" and rest:
            has_role = rest in {*self.direct, *self.inherited}
            return (200, self._shown(rest)) if has_role else (404, error_body("No such role assignment"))
        if method == "GET":
            roles = dict.fromkeys([*self.direct, *self.inherited])
            return 200, {"data": [self._shown(role) for role in roles], "has_more": False, "next": None}
        role = PREDEFINED.get(rest or body["role_id"], rest or (body or {}).get("role_id", ""))
        if method == "POST":
            if role in PREDEFINED:
                self.direct = [role_id for role_id in self.direct if role_id not in PREDEFINED]
            self.direct = list(dict.fromkeys([*self.direct, role]))
            return 200, {"object": "user.role", "user": {"id": "user-1"}, "role": self._role(role)}
        if role not in self.direct:
            return 404, error_body("No such role assignment")
        self.direct.remove(role)
        return 200, {"object": "user.role.deleted", "deleted": True}
