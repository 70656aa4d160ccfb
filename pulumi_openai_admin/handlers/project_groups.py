"""Groups of a project. POST adds one with a role, which no reply shows; DELETE takes all its roles there away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import people
from pulumi_openai_admin.handlers.membership import Membership
from pulumi_openai_admin.http.paging import Paging
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

_PREDEFINED = "role-api-project-"
"""What the id of a predefined role of a project begins with: before the short name."""


@dataclass(frozen=True)
class ProjectGroups(Membership):
    """The handler; see `Membership` for its arguments."""

    reads_each: ClassVar[bool] = True

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The group with its first role in the project, which has to be looked up: a predefined one before others.

        Raises:
            errors.NotAdoptableError: It has none.
        """
        shown, roles = super().declared(client, remote), self._roles(client, remote)
        id_ = min(roles, key=lambda one: not roles[one].get("predefined_role"), default="")
        if not id_:
            raise errors.NotAdoptableError(f"{capitalized(self.name(remote))} can't be imported: it has no role there")
        return {**shown, "role": id_.partition("__")[0].removeprefix(_PREDEFINED)}

    def _settle(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """A group that is there has to have the role already: a second role would stay after destroy.

        Raises:
            errors.ConfigurationError: It has other roles in the project.
        """
        role = str(wanted.settings["role"])
        if remote.get("role") != role:
            self._require_role(client, remote, role)
            remote.attributes["role"] = role

    def _with_settings(
        self, client: Client, remote: Remote, wanted: Wanted, there: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """See `Membership._with_settings`: a group that is there has to have the role already."""
        role = str(wanted.settings["role"])
        self._require_role(client, remote, role)
        return {**there, "role": role}

    def require_candidate(self, client: Client, remote: Remote) -> None:
        """See `Membership.require_candidate`: a group of the organization."""
        people.require_group(client, remote.id)

    def _require_role(self, client: Client, remote: Remote, role: str) -> None:
        roles = self._roles(client, remote)
        if not any(is_role(id_, shown, role) for id_, shown in roles.items()):
            there = ", ".join(str(shown.get("name") or id_) for id_, shown in roles.items()) or "none"
            what = f"{self.name(remote)} is there already, without the role {role!r}; its roles are: {there}"
            advice = Advice("Set the role that it has, or give it the role in OpenAI's dashboard first.")
            raise errors.ConfigurationError(capitalized(what), advice)

    def _roles(self, client: Client, remote: Remote) -> Mapping[str, dict[str, Any]]:
        """The roles that the group has in the project, by id."""
        path = fill("/projects/{project_id}/groups/{group_id}/roles", **remote.parents)
        action = f"list the roles of {self.name(remote)}"
        with client.inside(self._inside(remote)):
            return client.listing(path, action, {"limit": 1000}, Paging.NEXT).rows()


def is_role(listed: str, shown: Mapping[str, Any], role: str) -> bool:
    """Whether a listed role is the one that a program names, by its id, an alias of it or its short name.

    OpenAI lists `role-api-project-member` as `role-api-project-member__api-project__proj_…`.
    """
    names = {role, f"{_PREDEFINED}{role}"}
    return listed.partition("__")[0] in names or listed in names or shown.get("name") == role
