"""What an update does to people: who has which role before and after it, and what that changes in permissions. Pure.

It counts the roles and groups that the preview shows. OpenAI does not document the permissions of base roles: an owner
is taken to have all, and what other base roles may permit is said beside a change, not as a change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_openai_admin.cli import recorded
from pulumi_openai_admin.cli.access import EVERY, NOT_KNOWN, RolePermissions, access_of
from pulumi_openai_admin.cli.memberships import ORGANIZATION, HeldRole
from pulumi_openai_admin.cli.plan.preview import REPLACE, UNKNOWN_END, UPDATE
from pulumi_openai_admin.cli.recorded import UNKNOWN, RecordedResource
from pulumi_openai_admin.handlers.handler import GrantedAccess
from pulumi_openai_admin.handlers.removals import is_base_role, short_name
from pulumi_openai_admin.schema.fields import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pulumi_openai_admin.cli.plan.preview import Preview, Step

    Values = Mapping[str, Any] | None
    """What a resource has before or after the update; None where it does not exist."""

OBJECTS = ("Project", "Group", "Role", "ProjectRole", "ProjectServiceAccount")
"""The kinds that others refer to."""
_REFERENCES: Mapping[str, tuple[str, ...]] = {
    "project_id": ("Project",),
    "group_id": ("Group",),
    "role_id": ("Role", "ProjectRole"),
    "role_ids": ("Role", "ProjectRole"),
    "role": ("ProjectRole",),
    "user_id": ("ProjectServiceAccount",),
    "user_ids": ("ProjectServiceAccount",),
    "members": ("OrganizationMember", "OrganizationUser"),
}
"""The kinds of resources that a value may come from."""


class Assignment(NamedTuple):
    """A role that a person, a service account or a group has in a place."""

    place: str
    principal: str
    role: str


Permissions = dict[tuple[str, str], Sequence[HeldRole]]
"""By place and permission, the roles that it comes from."""


@dataclass
class Situation:
    """Who is in which group and has which role, before or after the update."""

    roles: RolePermissions = field(default_factory=RolePermissions)
    groups: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The groups of each person or account."""
    assigned: set[Assignment] = field(default_factory=set)
    projects: set[str] = field(default_factory=set)
    """The projects that the update archives."""

    def permissions(self, principal: str) -> Permissions:
        """The permissions of a person or an account."""
        holders = {principal, *self.groups.get(principal, ())}
        assigned = sorted(item for item in self.assigned if item.principal in holders)
        held = [HeldRole(place, role, None if who == principal else who) for place, who, role in assigned]
        return {(access.place, access.permission): access.through for access in access_of(held, self.roles)}


def before_and_after(step: Step) -> tuple[Values, Values]:
    """What the resource of a step has before and after the update, and leaves when it is removed."""
    before = _values(step.old, {}) if step.old else None
    if step.is_deletion:
        is_left = step.is_retained or step.removal is UNKNOWN_END  # a loss that is not certain is not shown
        return before, before if is_left else _left_behind(step, before or {})
    after = _values(step.new, {} if step.operation == REPLACE else before or {}) if step.new else None
    roles = after.get("role_ids") if after and step.operation == UPDATE else None
    has_base_role = isinstance(roles, list) and any(isinstance(role, str) and is_base_role(role) for role in roles)
    if after and step.removal and isinstance(roles, list) and not has_base_role:
        # A set without a base role leaves the one that a person then has.
        after["role_ids"] = [*roles, *(part.role for part in step.removal.parts.values() if part.role)]
    return before, after


def _values(side: RecordedResource, known: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a resource, and beside them its outputs, and values that are known and not changed."""
    fields = side.declaration.fields
    shown = {name: side.outputs.get(field_.stored) for name, field_ in fields.items()}
    found = {name: value for name, value in shown.items() if value not in (None, ABSENT, UNKNOWN)}
    given = {
        name: _resolved(name, value, side.sources(name)) for name, value in side.inputs.items() if value is not None
    }
    values = {**known, **found, **given}
    place = {recorded.PROJECT_ID: recorded.project_of(side.declaration, side.kind, side.id, values)}
    return {**_without_secrets(values), **(place if values.get(recorded.PROJECT_ID) else {})}


def _without_secrets(value: Any) -> Any:
    """A value without the secrets in it: nobody is called as another secret is, and no role is one."""
    if isinstance(value, dict):
        return {key: _without_secrets(item) for key, item in value.items() if item != recorded.SECRET}
    return [_without_secrets(item) for item in value if item != recorded.SECRET] if isinstance(value, list) else value


def _resolved(name: str, value: Any, urns: Iterable[str]) -> Any:
    """A value with the URN of a resource in the place of an id that is known only after it is created."""
    wanted = _REFERENCES.get(name, ("Project",))
    sources = [urn for urn in urns if recorded.kind_in(urn) in wanted]
    if value == UNKNOWN:
        return (sources or [""])[0] if not name.endswith("s") else sources
    if not isinstance(value, list):
        return value
    items = [item for item in value if item != UNKNOWN]
    if len(items) < len(value):
        return [*items, *sources]
    unknown = [item for item in items if isinstance(item, dict) and UNKNOWN in item.values()]
    if len(sources) == 1:
        left = iter(sources * len(unknown))
    elif len(sources) == len(unknown) and all(item == unknown[0] for item in unknown):
        left = iter(sources)
    else:
        return items  # it matters which URN is in which place
    for place, item in enumerate(items):
        if item in unknown:
            source = next(left)
            items[place] = {key: source if part == UNKNOWN else part for key, part in item.items()}
    return items


def _left_behind(step: Step, values: Mapping[str, Any]) -> Values:
    """Return what a deleted resource leaves: users of the organization, and base roles that are not lowered."""
    removal = step.removal
    if removal is None:
        return None
    if step.handler.grants is GrantedAccess.ROLES:
        roles = [part.role for part in (removal, *removal.parts.values()) if part.role]
        return {**values, "role_id": None, "role_ids": roles} if roles else None
    return {**values, "role": removal.role, "projects": []} if removal.role else None


class OrganizationChange:
    """The organization before and after an update, of the resources that a preview shows."""

    def __init__(self, preview: Preview) -> None:
        self._records = [
            (step, *before_and_after(step))
            for step in preview.all.values()
            if step.resource.kind in OBJECTS or step.handler.grants is not None
        ]
        self._ids: dict[str, str] = {}
        self._users: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for step, *both in self._records:
            for values in both:
                if values is not None:
                    self._learn(step.resource, values)
        self.before = self._situation(is_after=False)
        self.after = self._situation(is_after=True)

    def principals(self) -> list[str]:
        """Everybody who has a role or is in a group, before or after."""
        groups = {self._key(step.resource.urn) for step, *_ in self._records if step.resource.kind == "Group"}
        found = set[str]()
        for side in (self.before, self.after):
            found |= {item.principal for item in side.assigned} | {who for who, ids in side.groups.items() if ids}
            groups |= {id_ for ids in side.groups.values() for id_ in ids}
        return sorted(found - groups - {""}, key=lambda key: (self.name(key).casefold(), key))

    def name(self, key: str) -> str:
        """What people call a person, an account or a group: an address or a name, or else the id."""
        return self._names.get(key, key)

    def _learn(self, resource: RecordedResource, values: Mapping[str, Any]) -> None:
        if resource.kind in OBJECTS:
            id_ = values.get(str(resource.declaration.identity))
            if isinstance(id_, str):
                self._ids.setdefault(resource.urn, id_)
            if isinstance(values.get("name"), str):
                self._names[self._key(resource.urn)] = values["name"]
        elif isinstance(values.get("email"), str):
            self._ids.setdefault(resource.urn, values["email"])
            user_id = values.get("user_id")
            if isinstance(user_id, str) and user_id:
                self._users[values["email"]] = user_id
                self._names.setdefault(user_id, values["email"])
        users = values.get("users") if resource.kind == "ProjectMembers" else None
        for user in recorded.mappings(users):
            if user.get("email"):
                self._users[user["email"]] = user["user_id"]
                self._names.setdefault(user["user_id"], user["email"])

    def _key(self, value: str) -> str:
        """One form for the URN of an object and its id, and for the address of a user and the id."""
        known = self._ids.get(value, value)
        return self._users.get(known.lower(), known)

    def _situation(self, *, is_after: bool) -> Situation:
        side = Situation()
        for step, before, after in self._records:
            values, kind = after if is_after else before, step.resource.kind
            if values is None:
                if kind == "Project":
                    side.projects.add(self._key(step.resource.urn))
                continue
            place = self._key(str(values.get("project_id") or ORGANIZATION))
            if kind in ("Role", "ProjectRole"):
                permissions = _listed(values, "", "permissions")
                row = {"id": self._key(step.resource.urn), "name": values.get("name"), "permissions": permissions}
                side.roles.add(place, row)
            elif step.handler.grants is GrantedAccess.GROUP:
                for user in _listed(values, "user_id", "user_ids"):
                    side.groups[self._key(user)].add(self._key(str(values.get("group_id"))))
            else:
                side.assigned |= set(self._assignments(step, values, place))
        side.assigned = {item for item in side.assigned if item.place not in side.projects and item.role}
        return side

    def _assignments(self, step: Step, values: Mapping[str, Any], place: str) -> Iterator[Assignment]:
        who = self._key(str(values.get("user_id") or values.get("email") or values.get("group_id") or ""))
        grants = step.handler.grants
        if grants is GrantedAccess.ROLES:
            for role in _listed(values, "role_id", "role_ids"):
                yield Assignment(place, who, self._role(role))
        elif step.resource.kind == "ProjectServiceAccount":
            role = values.get("role") or ("none" if values.get("create_service_account_only") else "member")
            yield Assignment(place, self._key(step.resource.urn), self._role(role))
        elif grants is GrantedAccess.PLACE:
            yield Assignment(place, who, self._role(values.get("role")))
            for user, role in _by_key(values.get("members"), ("user_id", "email")):
                yield Assignment(place, self._key(user), self._role(role))
            for project, role in _by_key(values.get("projects"), ("project_id", "id")):
                yield Assignment(self._key(project), who, self._role(role))

    def _role(self, role: Any) -> str:
        """A role by its id; a base role by its short name."""
        return short_name(self._key(role)) if isinstance(role, str) else ""


def _listed(values: Mapping[str, Any], name: str, names: str) -> list[str]:
    """The strings in a list, or the only one: the ids of one object, or of all objects of a set."""
    found = values[names] if isinstance(values.get(names), list) else [values.get(name)]
    return [item for item in found if isinstance(item, str) and item]


def _by_key(value: Any, names: tuple[str, str]) -> Iterator[tuple[str, Any]]:
    """The entries of a list: by what they name, the role. An entry that names something unknown is omitted."""
    for entry in recorded.mappings(value):
        key = next((entry[name] for name in names if entry.get(name)), "")
        if key and key != UNKNOWN:
            yield str(key), entry.get("role")


def effective_changes(preview: Preview) -> Iterator[tuple[str, str, bool, list[str], str]]:
    """Give what a preview changes in the permissions of people and accounts, by person, then by place.

    That is the place (the id or URN of a project), who, whether it is a loss, the permissions, and why they change.
    """
    organization = OrganizationChange(preview)
    for who in organization.principals():
        before, after = organization.before.permissions(who), organization.after.permissions(who)
        places = sorted({place for place, _ in [*before, *after]} - {ORGANIZATION})
        for place in (ORGANIZATION, *places):
            for is_loss, had, has in ((True, before, after), (False, after, before)):
                reasons: dict[str, list[str]] = defaultdict(list)
                for permission, through in sorted(_difference(had, has, place).items()):
                    parts = dict.fromkeys(_reason(organization, who, held, is_loss=is_loss) for held in through)
                    doubt = _doubt(organization, has, place, permission, is_loss=is_loss)
                    reasons["; ".join([*parts, *doubt])].append(permission)
                for reason, permissions in reasons.items():
                    yield place, organization.name(who), is_loss, permissions, reason


def _in(permissions: Permissions, place: str) -> dict[str, list[HeldRole]]:
    """What somebody has in a place: in a project, what the organization gives counts, too."""
    found: dict[str, list[HeldRole]] = {}
    for (where, permission), through in permissions.items():
        if where in (ORGANIZATION, place):
            found.setdefault(permission, []).extend(through)
    return found


def _difference(first: Permissions, second: Permissions, place: str) -> Mapping[str, list[HeldRole]]:
    """What somebody has in a place in the first situation only.

    What differs in the organization is omitted of projects. `EVERY` stands for all other permissions.
    """
    ours, others = _in(first, place), _in(second, place)
    if EVERY in others:
        return {}
    said = {*others, NOT_KNOWN}
    if place != ORGANIZATION:
        said |= {*_difference(first, second, ORGANIZATION)}
    if EVERY in ours:
        return {EVERY: ours[EVERY]} if EVERY not in said else {}
    return {name: through for name, through in ours.items() if name not in said}


def _reason(organization: OrganizationChange, who: str, held: HeldRole, *, is_loss: bool) -> str:
    """Why a role no longer gives a permission, or gives it from now on."""
    place, group = held.place, held.group_id
    with_it, without = (organization.before, organization.after)[:: 1 if is_loss else -1]
    loses = "loses" if is_loss else "gets"
    role = with_it.roles.name(held)
    if place in without.projects:
        return "the project is archived" if is_loss else "the project is new"
    if group is not None and group not in without.groups.get(who, ()):
        return f"{'leaves' if is_loss else 'joins'} {organization.name(group)}"
    if Assignment(place, group or who, held.role or "") not in without.assigned:
        if group is not None:
            return f"{organization.name(group)} {loses} the role {role}"
        return f"{loses} the role {role}"
    return f"the role {role} {loses} it"


def _doubt(
    organization: OrganizationChange, permissions: Permissions, place: str, permission: str, *, is_loss: bool
) -> Iterator[str]:
    """What a reader may take a change for, and it is not: the permission may come from elsewhere, too."""
    other = organization.after if is_loss else organization.before
    names = sorted({other.roles.name(held) for held in _in(permissions, place).get(NOT_KNOWN, [])})
    if names and permission != EVERY:
        role = "the role" if len(names) == 1 else "the roles"
        yield f"{role} {', '.join(names)} may {'' if is_loss else 'already '}have it"
    places = sorted({organization.name(where) for where, name in permissions if where and name in (permission, EVERY)})
    if place == ORGANIZATION and places:
        yield f"{'still' if is_loss else 'already'} {'has' if is_loss else 'had'} it in {', '.join(places)}"
