"""Who has which role before and after an update, as the steps of a preview show it. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from pulumi_openai_admin.cli import recorded
from pulumi_openai_admin.cli.access.permissions import ORGANIZATION, RolePermissions
from pulumi_openai_admin.cli.members_table import role_name
from pulumi_openai_admin.handlers import baseline
from pulumi_openai_admin.handlers.handler import GrantedAccess
from pulumi_openai_admin.handlers.kinds.organization_members import role_before
from pulumi_openai_admin.handlers.kinds.role_assignment import BaseRoleRecord
from pulumi_openai_admin.handlers.memory import part_of
from pulumi_openai_admin.handlers.shapes.access_plan import is_base_role, why_not_restored
from pulumi_openai_admin.hosts.native.properties import UNKNOWN_MARKERS, camel
from pulumi_openai_admin.lifecycle.state import MANAGED
from pulumi_openai_admin.schema.fields import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

OBJECTS = {
    "Project": "project_id",
    "Group": "group_id",
    "Role": "role_id",
    "ProjectRole": "role_id",
    "ProjectServiceAccount": "service_account_id",
}
"""The kinds that others refer to, with the name of their id."""
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


@dataclass(frozen=True)
class RecordedResource:
    """A resource before and after the update; None where it does not exist."""

    kind: str
    urn: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


class Assignment(NamedTuple):
    """A role that a person, a service account or a group has in a place."""

    place: str
    principal: str
    role: str


@dataclass
class Situation:
    """Who is in which group and has which role, before or after the update."""

    roles: RolePermissions = field(default_factory=RolePermissions)
    groups: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The groups of each person or account."""
    assigned: set[Assignment] = field(default_factory=set)
    projects: set[str] = field(default_factory=set)
    """The projects that the update archives."""

    def held_by(self, principal: str) -> Iterator[tuple[Assignment, str | None]]:
        """The roles of a person or an account, each with the group that it comes from."""
        groups = self.groups.get(principal, set())
        for item in sorted(self.assigned):
            if item.principal == principal:
                yield item, None
            elif item.principal in groups:
                yield item, item.principal


def is_relevant(kind: str) -> bool:
    """Whether a resource gives access, or others refer to it.

    Args:
        kind: Its public name.
    """
    return kind in OBJECTS or _grant_of(kind) is not None


def _grant_of(kind: str) -> GrantedAccess | None:
    return recorded.resource_of(kind).handler.grants


def record_of(kind: str, operation: str, document: Mapping[str, Any]) -> RecordedResource:
    """What a step of `pulumi preview --json` shows of a resource.

    Args:
        kind: Its public name.
        operation: What is done to it: one of `preview`; empty if it stays as it is.
        document: The step.
    """
    old, new = document.get("oldState") or {}, document.get("newState") or {}
    urn = str(document["urn"])
    before = _values(kind, old, {}) if old else None
    if operation == "delete":
        is_retained = bool(old.get("retainOnDelete"))
        return RecordedResource(kind, urn, before, before if is_retained else _left_behind(kind, before or {}))
    known = {} if operation == "replace" else before or {}
    return RecordedResource(kind, urn, before, _values(kind, new, known) if new else None)


def _values(kind: str, state: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a state, and beside them its outputs, and values that are known and not changed."""
    declaration, type_ = recorded.resource_of(kind).declaration, str(state.get("type"))
    outputs = recorded.declared_outputs(declaration, type_, state.get("outputs") or {})
    shown = {name: outputs.get(field_.stored) for name, field_ in declaration.fields.items()}
    found = {name: value for name, value in shown.items() if value not in (None, ABSENT, *UNKNOWN_MARKERS)}
    inputs = recorded.declared_inputs(declaration, type_, state.get("inputs") or {})
    spelled = camel if recorded.is_native(type_) else str
    urns = {name: (state.get("propertyDependencies") or {}).get(spelled(name)) or () for name in inputs}
    resolved = {name: _resolved(name, value, urns[name]) for name, value in inputs.items() if value is not None}
    return {**known, **found, **resolved, MANAGED: outputs.get(MANAGED) or known.get(MANAGED)}


def _resolved(name: str, value: Any, urns: Iterable[str]) -> Any:
    """A value with the URN of a resource in the place of an id that is known only after it is created."""
    wanted = _REFERENCES.get(name, ("Project",))
    sources = [urn for urn in urns if recorded.kind_of(urn.split("::")[2].rpartition("$")[2]) in wanted]
    if _is_unknown(value):
        return (sources or [""])[0] if not name.endswith("s") else sources
    if isinstance(value, list):
        items = [item for item in value if not _is_unknown(item)]
        return [*items, *sources] if len(items) < len(value) else _resolved_entries(items, sources)
    return value


def _is_unknown(value: Any) -> bool:
    return isinstance(value, str) and value in UNKNOWN_MARKERS


def _resolved_entries(items: list[Any], sources: list[str]) -> list[Any]:
    """The items with the URNs in the places of unknown values, if it does not matter which URN is in which place."""
    unknown = [item for item in items if isinstance(item, dict) and any(map(_is_unknown, item.values()))]
    if len(sources) != 1 and (len(unknown) != len(sources) or any(item != unknown[0] for item in unknown)):
        return items
    left = iter(sources * len(unknown) if len(sources) == 1 else sources)
    return [_with_source(item, next(left)) if item in unknown else item for item in items]


def _with_source(item: Mapping[str, Any], source: str) -> dict[str, Any]:
    return {key: source if _is_unknown(value) else value for key, value in item.items()}


def _managed(values: Mapping[str, Any]) -> Mapping[str, Any]:
    managed = values.get(MANAGED)
    return managed if isinstance(managed, dict) else {}


def _left_behind(kind: str, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what a deleted resource leaves: users of the organization, and base roles that are not lowered."""
    if kind in ("OrganizationUser", "OrganizationMember"):
        if values.get("remove_on_destroy") or not values.get("user_id"):
            return None
        before = (values.get(baseline.BASELINE) or {}).get("role") or role_before(_managed(values))
        return {**values, "role": _after_removal(str(values.get("role")), before), "projects": []}
    if _grant_of(kind) is GrantedAccess.ROLES and values.get("user_id"):
        before = part_of(_managed(values), BaseRoleRecord).role_before
        left = [_after_removal(role, before) for role in _listed(values, "role_id", "role_ids") if is_base_role(role)]
        return {**values, "role_id": None, "role_ids": list(filter(None, left))}
    return None


def _after_removal(role: str, before: str | None) -> str:
    """Return the base role that a person has after its declaration ends."""
    return role if before is None or why_not_restored(role, before) else before


class OrganizationChange:
    """The organization before and after an update, of the resources that a preview shows.

    Args:
        records: The resources.
    """

    def __init__(self, records: Iterable[RecordedResource]) -> None:
        self._records = list(records)
        self._ids: dict[str, str] = {}
        self._users: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for record in self._records:
            for values in (record.before, record.after):
                if values is not None:
                    self._learn(record, values)
        self.before = self._situation(record_side="before")
        self.after = self._situation(record_side="after")

    def principals(self) -> list[str]:
        """Everybody who has a role or is in a group, before or after."""
        groups = {self._key(record.urn) for record in self._records if record.kind == "Group"}
        found = set[str]()
        for side in (self.before, self.after):
            found |= {item.principal for item in side.assigned} | {who for who, ids in side.groups.items() if ids}
            groups |= {id_ for ids in side.groups.values() for id_ in ids}
        return sorted(found - groups - {"", recorded.SECRET}, key=lambda key: (self.name(key).casefold(), key))

    def name(self, key: str) -> str:
        """What people call a person, an account or a group: an address or a name, or else the id."""
        return self._names.get(key, key)

    def _learn(self, record: RecordedResource, values: Mapping[str, Any]) -> None:
        if record.kind in OBJECTS:
            id_ = values.get(OBJECTS[record.kind])
            if isinstance(id_, str):
                self._ids.setdefault(record.urn, id_)
            if isinstance(values.get("name"), str):
                self._names[self._key(record.urn)] = values["name"]
        elif isinstance(values.get("email"), str):
            self._ids.setdefault(record.urn, values["email"])
            user_id = values.get("user_id")
            if isinstance(user_id, str) and user_id:
                self._users[values["email"]] = user_id
                self._names.setdefault(user_id, values["email"])
        users = values.get("users") if record.kind == "ProjectMembers" else None
        for user in users if isinstance(users, list) else ():
            if user.get("email"):
                self._users[user["email"]] = user["user_id"]
                self._names.setdefault(user["user_id"], user["email"])

    def _key(self, value: str) -> str:
        """One form for the URN of an object and its id, and for the address of a user and the id."""
        known = self._ids.get(value, value)
        return self._users.get(known.lower(), known)

    def _situation(self, record_side: str) -> Situation:
        side = Situation()
        for record in self._records:
            values: Mapping[str, Any] | None = getattr(record, record_side)
            if values is None:
                if record.kind == "Project":
                    side.projects.add(self._key(record.urn))
                continue
            place = self._key(str(values.get("project_id") or ORGANIZATION))
            if record.kind in ("Role", "ProjectRole"):
                row = {"id": self._key(record.urn), "name": values.get("name"), "permissions": _texts(values)}
                side.roles.add(place, row)
            elif _grant_of(record.kind) is GrantedAccess.GROUP:
                for user in _listed(values, "user_id", "user_ids"):
                    side.groups[self._key(user)].add(self._key(str(values.get("group_id"))))
            else:
                side.assigned |= set(self._assignments(record, values, place))
        side.assigned = {item for item in side.assigned if item.place not in side.projects and item.role}
        return side

    def _assignments(self, record: RecordedResource, values: Mapping[str, Any], place: str) -> Iterator[Assignment]:
        who = self._key(str(values.get("user_id") or values.get("email") or values.get("group_id") or ""))
        grant = _grant_of(record.kind)
        if grant is GrantedAccess.ROLES:
            for role in _listed(values, "role_id", "role_ids"):
                yield Assignment(place, who, self._role(role))
        elif record.kind == "ProjectServiceAccount":
            role = values.get("role") or ("none" if values.get("create_service_account_only") else "member")
            yield Assignment(place, self._key(record.urn), self._role(role))
        elif grant is GrantedAccess.PLACE:
            yield Assignment(place, who, self._role(values.get("role")))
            for user, role in _by_key(values.get("members"), ("user_id", "email")):
                yield Assignment(place, self._key(user), self._role(role))
            for project, role in _by_key(values.get("projects"), ("project_id", "id")):
                yield Assignment(self._key(project), who, self._role(role))

    def _role(self, role: Any) -> str:
        """A role by its id; a base role by its short name."""
        text = self._key(role) if isinstance(role, str) else ""
        return role_name({"id": text, "predefined_role": True}) or text if is_base_role(text) else text


def _texts(values: Mapping[str, Any]) -> list[str]:
    permissions = values.get("permissions")
    return [item for item in permissions if isinstance(item, str)] if isinstance(permissions, list) else []


def _listed(values: Mapping[str, Any], name: str, names: str) -> list[str]:
    """The ids of one object, or of all objects of a set."""
    found = values[names] if isinstance(values.get(names), list) else [values.get(name)]
    return [item for item in found if isinstance(item, str) and item]


def _by_key(value: Any, names: tuple[str, str]) -> Iterator[tuple[str, Any]]:
    """The entries of a list: by what they name, the role. An entry that names something unknown is omitted."""
    for entry in value if isinstance(value, list) else ():
        key = next((entry[name] for name in names if entry.get(name)), "") if isinstance(entry, dict) else ""
        if key and not _is_unknown(key):
            yield str(key), entry.get("role")
