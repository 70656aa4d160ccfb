"""What one person has in an organization, and which resources of exported stacks manage it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, recorded, terminal
from pulumi_openai_admin.cli.adopt.stack import StackState
from pulumi_openai_admin.cli.listed_keys import FoundKeys, known_time, managers_in
from pulumi_openai_admin.cli.memberships import OWNER, MemberReader, group_ids, role_name
from pulumi_openai_admin.cli.organization import read_each
from pulumi_openai_admin.cli.words import in_words, time_of
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.handlers.keys.project_api_keys import is_shown_as
from pulumi_openai_admin.handlers.kinds.roles import canonical
from pulumi_openai_admin.schema.paths import GROUP, PROJECT, USER, Path, fill
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.cli.listed_keys import ListedKey
    from pulumi_openai_admin.cli.organization import Rows
    from pulumi_openai_admin.config import Settings

_NOUNS = {
    "Invite": "invite",
    "ProjectApiKey": "API key",
    "AdminApiKey": "Admin API key",
    "UserRole": "role",
    "ProjectUserRole": "role",
    "GroupUser": "group",
    "ProjectUser": "project",
    "OrganizationUser": "user",
    "OrganizationSpendAlert": "spend alert",
    "ProjectSpendAlert": "spend alert",
    "": "declaration",
}
"""What a person can have, by the name of its resource or provider function, in the order in which it is removed: what
is left can't give the person back what is removed. The empty one is what only a resource of a stack has."""
_USER, _PROJECT_USER = "OrganizationUser", "ProjectUser"
_ROLES = ("UserRole", "ProjectUserRole")
_ONLY_LISTED = ("OrganizationSpendAlert", "ProjectSpendAlert", "")
THERE, REMOVED, KEPT = "there", "removed", "kept"
"""What became of something. `kept`: OpenAI refused to remove the person from a project."""
_ORGANIZATION = "organization"


@dataclass
class Held:
    """Something that a person has.

    Args:
        resource: See `_NOUNS`.
        id: Its id in the list that it is in.
        parents: The ids in the path of the list.
        where: The place, in words.
        detail: What people need to recognize it, such as a role.
        created_at: When it was created, in seconds since 1970; None if that is not known.
        is_scim_managed: Whether an identity provider manages it.
        key: The key, if it is one.
        managed_by: The resources of the selected stacks that manage it, each with its line.
        status: What became of it.
    """

    resource: str
    id: str
    parents: Mapping[str, str]
    where: str
    detail: str
    created_at: int | None = None
    is_scim_managed: bool = False
    key: ListedKey | None = None
    managed_by: Sequence[str] = ()
    status: str = THERE

    @property
    def noun(self) -> str:
        """What it is, in words."""
        return _NOUNS[self.resource]

    @property
    def is_removable(self) -> bool:
        """Whether the command removes such things."""
        return self.resource not in _ONLY_LISTED

    @property
    def is_user(self) -> bool:
        """Whether it is the user in the organization, who is removed last."""
        return self.resource == _USER

    @property
    def is_in_project(self) -> bool:
        """Whether it is the membership in a project."""
        return self.resource == _PROJECT_USER

    @property
    def is_membership(self) -> bool:
        """Whether it is the membership in a group or in a project."""
        return self.is_in_project or self.resource == "GroupUser"

    @property
    def address(self) -> Path:
        """The path of the object at OpenAI."""
        return fill(f"{_path(self.resource)}/{{id}}", **self.parents, id=self.id)

    @property
    def shown_id(self) -> str:
        """The id by which people know it: of a membership, that of the group or project."""
        return next(iter(self.parents.values())) if self.is_membership else self.id

    @property
    def title(self) -> str:
        """What messages call it."""
        if self.key is not None:
            return self.key.title
        if self.is_membership:
            return f"membership in {self.noun} {self.where} ({self.shown_id})"
        return (
            f"{self.noun} {self.id} {f'in {self.where}' if PROJECT.id_name in self.parents else 'of the organization'}"
        )

    def is_at(self, place: str) -> bool:
        """Return whether the place of a claim that names the person is where this is.

        Who is removed from a project loses the roles there, so what manages one of these manages the membership.
        """
        path, *words = place.split(" ")
        paths = [fill(_path(self.resource), **self.parents)]
        if self.is_in_project:
            paths.append(fill(_path("ProjectUserRole"), **self.parents, **{USER.id_name: self.id}))
        return path in paths and (self.resource not in _ROLES or canonical(self.id) in words)


def _path(resource: str) -> str:
    kind = kinds.kind(resource)
    assert kind is not None  # noqa: S101 - the kinds of `_NOUNS`
    return str(kind.handler.path)


@dataclass(frozen=True)
class Identity:
    """Who a person is in the lists of an organization.

    Args:
        ids: Of users: several if the person has left and come back.
        addresses: In lower case.
    """

    ids: frozenset[str]
    addresses: frozenset[str]

    @classmethod
    def of(cls, who: str, keys: FoundKeys) -> Identity:
        """Return the ids and addresses of a person, from the users of the organization and the owners of keys.

        Args:
            who: An email address, or the id of a user.
            keys: What was read.
        """
        known = [(id_, row.get("email")) for id_, row in keys.people.items()]
        known += [(key.owner_id, key.owner_email) for key in keys.keys if key.owner_id]
        ids = {who, *(id_ for id_, email in known if str(email or "").lower() == who.lower())}
        addresses = {who, *(email for id_, email in known if email and id_ in ids)}
        return cls(frozenset(ids), frozenset(map(str.lower, addresses)))

    def has(self, id_: object, email: object) -> bool:
        """Return whether an id or an address is the person's."""
        return id_ in self.ids or str(email or "").lower() in self.addresses

    def fits(self, row: Mapping[str, Any]) -> bool:
        """Return whether a listed user or invite is the person's."""
        return self.has(row.get("id"), row.get("email"))


class SelectedStacks:
    """What the selected stacks manage.

    Args:
        documents: The exported stacks; None if no state was read.
    """

    def __init__(self, documents: Sequence[Any] | None) -> None:
        self.is_known = documents is not None
        self.by_id = managers_in(documents)
        self._states = [StackState.of(document) for document in documents or ()]
        self._titles = {resource.urn: title for resource, title in recorded.managing(documents or ())}

    def naming(self, names: frozenset[str]) -> list[tuple[str, str]]:
        """Return the places in which resources manage something with one of some names, and the resources."""
        found = (claim for state in self._states for claim in state.naming(names))
        return [(place, self._titles.get(urn, urn)) for place, urn in dict.fromkeys(found)]


@dataclass
class HeldByPerson:
    """Everything that a person has."""

    who: str
    held: list[Held]
    not_read: Sequence[str]
    read_at: float
    is_last_owner: bool
    key_ownership: str
    """Whether the person owns the key that the command uses: `owns`, `may own`, or empty."""
    is_state_known: bool
    ids: Sequence[str] = field(default_factory=list)

    @property
    def managers(self) -> list[str]:
        """The resources of the selected stacks that manage a part of it, or would give it again."""
        blocking = [held for held in self.held if held.is_removable or not held.resource]
        return sorted({manager for held in blocking for manager in held.managed_by})

    @property
    def left(self) -> list[Held]:
        """What the person still has."""
        return [held for held in self.held if held.is_removable and held.status != REMOVED]


def read(settings: Settings, who: str, stacks: SelectedStacks) -> HeldByPerson:
    """Read everything that a person has.

    Args:
        settings: Of the client, which only reads.
        who: An email address, or the id of a user.
        stacks: What manages it.

    Raises:
        errors.NoMatchError: The person has nothing, and no selected stack names the person.
    """
    keys = FoundKeys.read(settings, stacks.by_id)
    identity = Identity.of(who, keys)
    reader = _PersonReader(settings, identity)
    held = [*reader.of_organization(keys.people), *keys_of(identity, keys), *reader.of_groups(), *reader.of_projects()]
    _add_managers(held, stacks, identity, reader.places)
    held.sort(key=lambda each: [*_NOUNS].index(each.resource))
    not_read = [*dict.fromkeys([*keys.not_read, *reader.refused()])]
    if not held:
        terminal.warn_of_unread(not_read)
        known = [text for id_, row in keys.people.items() for text in (id_, row.get("email")) if text]
        what = f"Nobody in the organization, no pending invite and no owner of a key is {who!r}"
        raise errors.NoMatchError(what, suggestion(who, known, "Settings > Organization > People"))
    people = keys.people.items()
    owners = {id_ for id_, row in people if row.get("role") == OWNER and not row.get("is_service_account")}
    owned = _ownership(identity, keys, settings.admin_api_key, is_owner=bool(owners & identity.ids))
    ids = sorted({each.id for each in held if each.is_user})
    is_last_owner = bool(owners) and owners <= identity.ids
    return HeldByPerson(who, held, not_read, keys.read_at, is_last_owner, owned, stacks.is_known, ids)


def keys_of(identity: Identity, keys: FoundKeys) -> Iterator[Held]:
    """Give the keys that a person owns."""
    for key in keys.keys:
        if identity.has(key.owner_id, key.owner_email):
            used = "never used" if key.last_used_at is None else f"last used {time_of(key.last_used_at)}"
            parents = {PROJECT.id_name: key.project_id} if key.project_id else {}
            resource, where = "ProjectApiKey" if parents else "AdminApiKey", key.project or _ORGANIZATION
            detail = ", ".join(filter(None, [key.name, used]))
            managed_by = [key.managed_by] if key.managed_by else []
            yield Held(resource, key.key_id, parents, where, detail, key=key, managed_by=managed_by)


def _ownership(identity: Identity, keys: FoundKeys, used: str, *, is_owner: bool) -> str:
    """Whether the person owns the key that the command uses, by what OpenAI shows of it.

    Args:
        identity: The person.
        keys: What was read.
        used: The key that the command uses. Secret.
        is_owner: Whether the person owns the organization. Only owners create Admin API keys.
    """
    admin_keys = [key for key in keys.keys if not key.project_id]
    shown = [key for key in admin_keys if is_shown_as(used, key.redacted_value)]
    own = [key for key in shown or admin_keys if identity.has(key.owner_id, key.owner_email)]
    if shown and own == shown:
        return "owns"
    return "may own" if own or (is_owner and not shown) else ""


class _PersonReader(MemberReader):
    """Reads what one person has, except for keys.

    Args:
        settings: Of the client, which only reads.
        identity: The person.
    """

    def __init__(self, settings: Settings, identity: Identity) -> None:
        super().__init__(connection.read_only_client(settings))
        self._identity = identity
        self._projects = self.projects(())
        self.places = dict(self._projects)
        """The names of projects and groups, by id."""

    def of_organization(self, people: Mapping[str, Mapping[str, Any]]) -> Iterator[Held]:
        """Give what the person has in the organization, but groups."""
        for row in self._own(self.list("Invite")):
            if row.get("status") == "pending":
                until = known_time(row.get("expires_at"))
                expires = "" if until is None else f", expires {time_of(until)}"
                yield self._held("Invite", row, {}, f"{row.get('role')}{expires}")
        for row in self._own(people.values()):
            user = {USER.id_name: row["id"]}
            yield self._held(_USER, row, {}, row.get("role"), is_scim_managed=bool(row.get("is_scim_managed")))
            yield from self._roles("UserRole", user)
        yield from self._alerts("OrganizationSpendAlert", {})

    def of_groups(self) -> Iterator[Held]:
        """Give the groups that the person is in."""
        groups = {row["id"]: row for row in self.list("Group")}
        self.places |= {id_: str(row.get("name") or id_) for id_, row in groups.items()}

        def read(group_id: str) -> list[Held]:
            rows = self._own(self.list("GroupUser", group_id=group_id))
            is_scim_managed = bool(groups[group_id].get("is_scim_managed"))
            parents = {GROUP.id_name: group_id}
            return [self._held("GroupUser", row, parents, "", is_scim_managed=is_scim_managed) for row in rows]

        return self._of_each("Reading groups", read, groups)

    def of_projects(self) -> Iterator[Held]:
        """Give what the person has in projects."""

        def read(project_id: str) -> list[Held]:
            parents, found = {PROJECT.id_name: project_id}, []
            for row in self._own(self.list("ProjectUser", **parents)):
                found.append(self._held("ProjectUser", row, parents, row.get("role")))
                found += self._roles("ProjectUserRole", {**parents, USER.id_name: row["id"]})
            return [*found, *self._alerts("ProjectSpendAlert", parents)]

        return self._of_each("Reading projects", read, self._projects)

    def _of_each(self, description: str, read: Callable[[str], list[Held]], ids: Iterable[str]) -> Iterator[Held]:
        known = [*ids]
        found = dict(read_each(description, read, known, self._client.parallel))
        return (held for id_ in known for held in found.get(id_, ()))

    def _own(self, rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        return [row for row in rows if self._identity.fits(row)]

    def _roles(self, resource: str, parents: Mapping[str, str]) -> Iterator[Held]:
        """Custom roles that are assigned directly. A base role ends with the membership: to change it could grant."""
        rows: Rows = self.list(resource, **parents)
        for row in rows:
            if not (row.get("predefined_role") or group_ids(row)):
                yield self._held(resource, row, parents, role_name(row))

    def _alerts(self, resource: str, parents: Mapping[str, str]) -> Iterator[Held]:
        for row in self.list(resource, **parents):
            channel = row.get("notification_channel")
            recipients = channel.get("recipients") if isinstance(channel, dict) else None
            if isinstance(recipients, list) and any(self._identity.has(None, each) for each in recipients):
                yield self._held(resource, row, parents, in_words(("threshold_amount",), row.get("threshold_amount")))

    def _held(
        self,
        resource: str,
        row: Mapping[str, Any],
        parents: Mapping[str, str],
        detail: object,
        *,
        is_scim_managed: bool = False,
    ) -> Held:
        place = next(iter(parents.values()), "") if resource != "UserRole" else ""
        where = self.places.get(place, place) or _ORGANIZATION
        created_at = known_time(row.get("created_at") or row.get("added_at"))
        return Held(resource, str(row["id"]), parents, where, str(detail or ""), created_at, is_scim_managed)


def _add_managers(held: list[Held], stacks: SelectedStacks, identity: Identity, places: Mapping[str, str]) -> None:
    """Add the resources of stacks to what they manage, and what they would give again to the list."""
    invites = {each.id for each in held if each.resource == "Invite"}
    claims = stacks.naming(identity.ids | identity.addresses | invites)
    matched: set[str] = set()
    for each in held:
        if each.key is None:
            own = {title for place, title in claims if each.is_removable and each.is_at(place)}
            manager = (stacks.by_id or {}).get(each.id, "") if not each.is_removable else ""
            each.managed_by = sorted({*own, *filter(None, [manager])})
            matched |= own
    for place, title in sorted(claims):
        if title not in matched:
            where = next((name for id_, name in places.items() if f"/{id_}/" in place), _ORGANIZATION)
            held.append(Held("", "", {}, where, "the person does not have it now", managed_by=[title]))
            matched.add(title)
