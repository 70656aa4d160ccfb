"""An organization with people who are invited, or users."""

from __future__ import annotations

from typing import Any

from tests.unit.fakes import FakeOpenAI

EMAIL = "ada@example.com"
INVITES, USERS = "/organization/invites", "/organization/users"


class Organization(FakeOpenAI):
    """The emulator with further projects."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.seed(projects=[{"id": f"proj_{number}", "name": f"{number}"} for number in (2, 3, 9)])

    def add_invite(self, email: str = EMAIL, role: str = "reader", projects: Any = ()) -> str:
        made = self.others("POST", INVITES, {"email": email, "role": role, "projects": list(projects)})
        return str(made["id"])

    def add_user(self, role: str = "reader", email: str = EMAIL, **projects: str) -> None:
        members = [{"project_id": project, "user_id": "user-1", "role": role} for project, role in projects.items()]
        self.seed(users=[{"id": "user-1", "name": "Ada", "email": email, "role": role}], project_users=members)

    def accept(self) -> None:
        """The person accepts the invite, and becomes a user with what it says."""
        (invite,) = [invite for invite in self.invites.values() if invite["status"] == "pending"]
        self.others("POST", f"/_emulator/invites/{invite['id']}/accept")

    @property
    def invites(self) -> dict[str, dict[str, Any]]:
        return self.shown(INVITES)

    @property
    def users(self) -> dict[str, dict[str, Any]]:
        """Who is there beside the owner of the key."""
        return {id_: user for id_, user in self.shown(USERS).items() if id_ != "user-root"}
