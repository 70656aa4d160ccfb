"""One person of the organization: invited first, a user once the invite is accepted.

The person is found by the address: in the list of users, then in the list of invites. An invite can't be changed, so
one that differs is withdrawn, and another one sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import anchors, people
from pulumi_openai_admin.handlers.creation import Creation
from pulumi_openai_admin.handlers.handler import Adoptable, Compared, Due, Look
from pulumi_openai_admin.handlers.project_users import claim_of
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.parents import describe
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pulumi_openai_admin.handlers.handler import Claim, Remote, Wanted
    from pulumi_openai_admin.http.client import Client, Listing

Row = dict[str, Any]
_INVITES, _USERS = "/organization/invites", "/organization/users"
_PROJECT_USERS = "/organization/projects/{project_id}/users"
# What is remembered from one run to the next (`Remote.private`):
_FOUND = "found"
"""What was there before the resource: the user's `role` and by project the role there, or `invite`, the invite's id."""
_PROJECTS = "projects"
"""The ids of the projects that the program names."""


@dataclass(frozen=True)
class OrganizationMembers(Adoptable):
    """The handler."""

    manages_existing: ClassVar[bool] = True
    remembers_settings: ClassVar[bool] = True

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Invite the person, or begin to manage one who is there or invited."""
        remote.id = _email(remote)
        anchors.remember(client, remote)
        self.update(client, remote, wanted)

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Begin to manage a person who is there or invited: nothing is written."""
        self.create(client, remote, wanted)

    def ids(self, client: Client, remote: Remote) -> list[str]:  # noqa: ARG002 - the signature of the base
        """Nobody: users and invites are kinds of their own."""
        return []

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The role of a user; the role and the projects of a person who is invited.

        Raises:
            errors.ResourceGoneError: The person is not there, or the invite has expired.
        """
        user, invite = _look(client, remote)
        if user is not None:
            return {"role": user.get("role")}
        if invite is None or invite.get("status") != "pending":
            raise self._gone(client, remote)
        _learn_invite(remote, invite)
        return remote.attributes

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the person up to date: an accepted invite has become a user."""
        user, invite = _look(client, remote)
        if user is None and invite is None:
            raise self._gone(client, remote)
        if user is not None:
            self._learn_user(client, remote, user)
        elif invite is not None:
            _learn_invite(remote, invite)
        remote.due = [_expiry(remote)] if remote.get("status") == "expired" else []

    def look(self, client: Client, remote: Remote, wanted: Wanted) -> Look:
        """The role of a user, or of a person who is invited; whether the person is invited, if neither is there."""
        known = remote.get("role")
        user, invite = _look(client, remote)
        found = user if user is not None else invite
        if found is None:
            return Look(_name(remote), [Compared("email", "", remote.get("status"), None, "invited", is_same=False)])
        role, now = wanted.settings.get("role"), found.get("role")
        values = [Compared("role", "role", known, now, role, now == role)] if role is not None else []
        return Look(_name(remote) if user is not None else f"the invite of {_email(remote)}", values)

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Change roles of a user; of somebody who is invited, send another invite where it differs."""
        path = _path(remote)
        remote.acquire(client, path)
        with client.exclusively(path, f"look for {_name(remote)}"):
            user, invite = _look(client, remote)
            if user is not None:
                self._settle(client, remote, wanted, user)
            else:
                _invite(client, remote, wanted, invite)
            remote.private[_PROJECTS] = sorted(wanted.settings.get("projects") or {})

    def delete(self, client: Client, remote: Remote) -> None:
        """Withdraw the invite; a user is removed where the program says so, and otherwise restored and left.

        Raises:
            errors.ParentNotFoundError: The key may be another organization's.
        """
        with client.exclusively(_path(remote), f"look for {_name(remote)}"):
            if client.is_owned(_path(remote)):
                return
            user, invite = _look(client, remote)
            found = remote.private.get(_FOUND, {})
            if invite is not None and invite["id"] != found.get("invite") and not _withdraw(client, remote, invite):
                user, invite = _look(client, remote)  # it was accepted at this moment
            if user is None and invite is None:
                anchors.require(client, remote, _name(remote))
            elif user is not None and remote.options.get("remove_on_destroy"):
                _end(client, f"{_USERS}/{{id}}", str(user["id"]), f"remove {_name(remote)} from the organization")
            elif user is not None:
                _restore(client, remote, user)

    def undo(self, client: Client, remote: Remote) -> bool:  # noqa: ARG002 - the signature of the base
        """An invite that was sent is kept: its email can't be taken back."""
        return False

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Collection[Claim]:
        """The person, whom an `OrganizationUser` may manage too, and the person as a user of each project."""
        named = type(wanted)({"email": parents["email"]}, {})
        known = {"id": document.get("user_id"), "email": parents["email"]}
        places = {_USERS: "the organization"}
        projects = wanted.settings.get("projects")
        for project in projects if isinstance(projects, dict) else ():
            ids = {"project_id": project}
            places[fill(_PROJECT_USERS, **ids)] = describe(ids)
        claims = [claim_of(place, where, named, known) for place, where in places.items()]
        return [claim for claim in claims if claim]

    def _settle(self, client: Client, remote: Remote, wanted: Wanted, user: Row) -> None:
        """Bring a user's roles to what is wanted; projects that the program no longer names are left as they were."""
        if not remote.get("invite_id") and _FOUND not in remote.private:
            remote.private[_FOUND] = {"role": user.get("role")}
        role, projects = wanted.settings["role"], dict(wanted.settings.get("projects") or {})
        if user.get("role") != role:
            user = _set_role(client, remote, user, role)
        for project in sorted({*projects, *remote.private.get(_PROJECTS, ())}):
            _set_project(client, remote, str(user["id"]), project, projects.get(project, _BEFORE))
        remote.private[_PROJECTS] = sorted(projects)
        self._learn_user(client, remote, user)

    @staticmethod
    def _learn_user(client: Client, remote: Remote, user: Row) -> None:
        projects: dict[str, Any] = {}
        for project in remote.private.get(_PROJECTS, ()):
            member = _member(client, project, str(user["id"]))
            if member is not None:
                projects[project] = member.get("role")
        remote.attributes = {
            "status": "member",
            "role": user.get("role"),
            "user_id": user["id"],
            "invite_id": remote.get("invite_id"),
            "projects": projects,
        }

    @staticmethod
    def _gone(client: Client, remote: Remote) -> errors.ResourceGoneError:
        anchors.require(client, remote, _name(remote))
        what = f"{_name(remote)} is not at OpenAI any more"
        return errors.ResourceGoneError(what, Advice(remedies.REFRESH_THEN_RUN, ". That invites the person again."))


_BEFORE = ""
"""In place of a role: what was there before the resource."""


def _email(remote: Remote) -> str:
    return remote.parents["email"]


def _name(remote: Remote) -> str:
    return f"member {_email(remote)}"


def _expiry(remote: Remote) -> Due:
    expires_at = remote.get("expires_at")
    when = f" on {datetime.fromtimestamp(expires_at, timezone.utc):%Y-%m-%d}" if expires_at else ""
    return Due(f"The invite for {_email(remote)} expired{when}", "send a new one")


def _path(remote: Remote) -> str:
    return f"{_USERS}/{_email(remote).lower()}"


def _invites(client: Client) -> Listing:
    return client.listing(_INVITES, "list the invites of the organization", {"limit": 100})


def _look(client: Client, remote: Remote) -> tuple[Row | None, Row | None]:
    """The user, or else the newest invite that is open or else has expired.

    Looks twice: an invite may be accepted at any time, and what was just sent may be missing in a list.
    """
    for _ in range(2 if remote.get("status") else 1):
        user = people.find(client, _email(remote))
        if user is not None:
            return user, None
        open_ = [one for one in _invites_of(client, remote) if one.get("status") != "accepted"]
        if open_:
            return None, max(open_, key=lambda one: (one.get("status") == "pending", one.get("created_at") or 0))
        people.listing(client).forget()
        _invites(client).forget()
    return None, None


def _invites_of(client: Client, remote: Remote) -> list[Row]:
    rows = _invites(client).rows().values()
    return [row for row in rows if str(row.get("email") or "").lower() == _email(remote).lower()]


def _learn_invite(remote: Remote, invite: Row) -> None:
    remote.attributes = {
        "status": "expired" if invite.get("status") == "expired" else "invited",
        "role": invite.get("role"),
        "invite_id": invite["id"],
        "projects": {project["id"]: project["role"] for project in invite.get("projects") or ()},
        "expires_at": invite.get("expires_at"),
    }


def _invite(client: Client, remote: Remote, wanted: Wanted, invite: Row | None) -> None:
    """Keep an invite that says what is wanted; otherwise withdraw it and send another one."""
    projects = wanted.settings.get("projects")
    body: Row = {"email": _email(remote), "role": wanted.settings["role"]}
    if projects is not None:
        body["projects"] = [{"id": project, "role": role} for project, role in sorted(projects.items())]
    if invite is not None and invite.get("status") == "pending" and _says(invite, body):
        if not remote.get("invite_id") and not remote.pending:
            remote.private.setdefault(_FOUND, {"invite": invite["id"]})
        _learn_invite(remote, invite)
        return
    if invite is not None and not _withdraw(client, remote, invite):
        what = f"{_email(remote)} has accepted the invite at this moment"
        raise errors.ConfigurationError(what, Advice(remedies.REFRESH_THEN_RUN, "."))
    call = Call("POST", _INVITES, f"invite {_email(remote)}", body=body, idempotent=False)
    remote.private.setdefault(_FOUND, {})
    made = Creation(client, call, _invites(client), "invite", lambda row: _says(row, body)).run()
    remote.has_changed = True
    _learn_invite(remote, made.reply)


def _withdraw(client: Client, remote: Remote, invite: Row) -> bool:
    """DELETE an invite; False if the person has accepted it since it was listed."""
    try:
        _end(client, f"{_INVITES}/{{id}}", str(invite["id"]), f"withdraw the invite of {_email(remote)}")
    except errors.BadRequestError:
        people.listing(client).forget()
        _invites(client).forget()
        if people.find(client, _email(remote)) is None:
            raise
        return False
    _invites(client).drop(str(invite["id"]))
    remote.has_changed = True
    return True


def _says(invite: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    is_same = str(invite.get("email")).lower() == str(body["email"]).lower() and invite.get("role") == body["role"]
    if not is_same or "projects" not in body:
        return is_same
    there = {project["id"]: project["role"] for project in invite.get("projects") or ()}
    return there == {project["id"]: project["role"] for project in body["projects"]}


def _set_role(client: Client, remote: Remote, user: Row, role: str) -> Row:
    path = fill(f"{_USERS}/{{id}}", id=str(user["id"]))
    reply = client.send(Call("POST", path, f"set role of {_name(remote)}", body={"role": role}))
    remote.has_changed = True
    if reply.get("role") != role:
        what = f"OpenAI accepted the change of {_name(remote)} without making it: role is {reply.get('role')}"
        raise errors.UpdateNotAppliedError(f"{what} instead of {role}")
    people.listing(client).learn({**user, **reply})
    return {**user, **reply}


def _members(client: Client, project: str) -> Listing:
    path = fill(_PROJECT_USERS, project_id=project)
    return client.listing(path, f"list the users of project {project}", {"limit": 100})


def _member(client: Client, project: str, user_id: str) -> Row | None:
    with client.inside({"project_id": project}):
        return _members(client, project).rows().get(user_id)


def _set_project(client: Client, remote: Remote, user_id: str, project: str, role: str) -> None:
    """Give a user a role in a project, or what the user had there before."""
    member = _member(client, project, user_id)
    there = None if member is None else member.get("role")
    found = remote.private.setdefault(_FOUND, {})
    wanted = role or found.get(project) or None
    if role and "role" in found:
        found.setdefault(project, there or "")
    if wanted == there:
        return
    path, of = fill(_PROJECT_USERS, project_id=project), f"{_name(remote)} in project {project}"
    if wanted is None:
        _end(client, f"{path}/{{id}}", user_id, f"remove {of}")
        _members(client, project).drop(user_id)
    elif there is None:
        body = {"user_id": user_id, "role": wanted}
        _members(client, project).learn(client.send(Call("POST", path, f"add {of}", body=body)))
    else:
        call = Call("POST", fill(f"{path}/{{id}}", id=user_id), f"set role of {of}", body={"role": wanted})
        _members(client, project).learn({**(member or {}), **client.send(call), "id": user_id})
    remote.has_changed = True


def _restore(client: Client, remote: Remote, user: Row) -> None:
    """Give a user who was there before the resource the roles from before; one who came by the invite stays as is.

    A user whom somebody else has removed from a project since is not added to it again.
    """
    found = remote.private.get(_FOUND, {})
    if not found.get("role"):
        return
    if user.get("role") == remote.get("role") != found["role"]:
        _set_role(client, remote, user, found["role"])
    for project in remote.private.get(_PROJECTS, ()):
        if _member(client, project, str(user["id"])) is not None:
            _set_project(client, remote, str(user["id"]), project, _BEFORE)


def _end(client: Client, path: str, id_: str, action: str) -> None:
    try:
        client.send(Call("DELETE", fill(path, id=id_), action))
    except errors.NotFoundError:
        return  # somebody else was faster, or the reply to an earlier try was lost
