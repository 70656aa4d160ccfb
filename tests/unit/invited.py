"""An organization with people who are invited, or users, behind requests-mock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.unit.fakes import FakeOpenAI, error_body

EMAIL = "ada@example.com"
INVITES, USERS = "/organization/invites", "/organization/users"
WEEK = 7 * 24 * 3600


@dataclass
class Organization(FakeOpenAI):
    """An organization with invites, users, and users of projects."""

    invites: dict[str, dict[str, Any]] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def add_invite(self, email: str = EMAIL, role: str = "reader", **more: Any) -> str:
        self._count += 1
        id_ = f"invite-{self._count}"
        made = {"id": id_, "status": "pending", "created_at": self.now, "expires_at": self.now + WEEK}
        self.invites[id_] = {"email": email, "role": role, "projects": [], **made, **more}
        return id_

    def add_user(self, role: str = "reader", email: str = EMAIL, **projects: str) -> str:
        id_ = f"user-{len(self.users) + 1}"
        self.users[id_] = {"id": id_, "email": email, "role": role, "name": "Ada"}
        for project, its_role in projects.items():
            self.members.setdefault(project, {})[id_] = {"id": id_, "email": email, "role": its_role}
        return id_

    def accept(self) -> None:
        """The person accepts the invite, and becomes a user with what it says."""
        (invite,) = [one for one in self.invites.values() if one["status"] == "pending"]
        invite["status"] = "accepted"
        self.add_user(invite["role"], invite["email"], **{one["id"]: one["role"] for one in invite["projects"]})

    def writes(self) -> list[tuple[str, str, Any]]:
        return [call for call in self.calls if call[0] != "GET"]

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if path == "/organization/projects":
            return self._list({"proj_1": self.project or {}})
        if path.startswith(INVITES):
            return self._invites(method, path.removeprefix(INVITES).strip("/"), body)
        if path.startswith(USERS):
            return self._users(self.users, method, path.removeprefix(USERS).strip("/"), body)
        project, _, rest = path.removeprefix("/organization/projects/").partition("/")
        if not rest.startswith("users"):
            return super()._answer(method, path, body)
        there = self.members.setdefault(project, {})
        if method == "POST" and rest == "users":
            user = self.users[body["user_id"]]
            there[user["id"]] = {"id": user["id"], "email": user["email"], "role": body["role"]}
            return 200, there[user["id"]]
        return self._users(there, method, rest.removeprefix("users").strip("/"), body)

    def _invites(self, method: str, id_: str, body: Any) -> tuple[int, Any]:
        if not id_:
            return self._list(self.invites) if method == "GET" else (200, self.invites[self.add_invite(**body)])
        if id_ not in self.invites:
            return 404, error_body("No such invite")
        if method == "GET":
            return 200, self.invites[id_]
        if self.invites[id_]["status"] != "pending":
            return 400, error_body("The invite was accepted or has expired")
        return 200, self.invites.pop(id_)

    def _users(self, there: dict[str, dict[str, Any]], method: str, id_: str, body: Any) -> tuple[int, Any]:
        if not id_:
            return self._list(there)
        if id_ not in there:
            return 404, error_body("No such user")
        if method == "DELETE":
            return 200, there.pop(id_)
        there[id_].update(body or {})
        return 200, there[id_]
