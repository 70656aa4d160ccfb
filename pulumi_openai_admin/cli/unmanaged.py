"""Objects at OpenAI that no resource of a stack manages: what they are, and who made them and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import data_sources, errors, resources
from pulumi_openai_admin.cli import authors, connection, terminal, words
from pulumi_openai_admin.cli.adopt.kinds import KIND, all_kinds, project_kind, selected
from pulumi_openai_admin.cli.adopt.kinds import PROJECT as PROJECTS
from pulumi_openai_admin.cli.adopt.reading import OF_ONE_LIST, Scope, preload, read
from pulumi_openai_admin.cli.adopt.stack import collection
from pulumi_openai_admin.cli.words import in_words, is_money
from pulumi_openai_admin.data_sources import kinds as look_ups
from pulumi_openai_admin.data_sources.special_kinds import ORGANIZATION_USER as USERS
from pulumi_openai_admin.handlers.handler import noun_of
from pulumi_openai_admin.printable import counted
from pulumi_openai_admin.schema.fields import ABSENT
from pulumi_openai_admin.schema.formats import moment_in_words
from pulumi_openai_admin.schema.paths import PROJECT

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Mapping, Sequence

    from pulumi_openai_admin import GetProjectResult
    from pulumi_openai_admin.cli.adopt.kinds import Patterns
    from pulumi_openai_admin.cli.adopt.reading import Existing, Inventory
    from pulumi_openai_admin.cli.adopt.stack import StackState
    from pulumi_openai_admin.cli.authors import Author, NewestEvent
    from pulumi_openai_admin.cli.connection import CachingClient
    from pulumi_openai_admin.data_sources.kind import LookUpKind
    from pulumi_openai_admin.handlers.handler import Handler
    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.schema.fields import Declaration

USER_IDS = "user_ids"
"""The list of a set that names users by id."""
_SETS_OF_USERS = frozenset(
    kind.name for kind in all_kinds() if kind.handler.path_of_each and collection(kind.resource) == USER_IDS
)
"""The kinds whose members are ids of users."""


@dataclass
class Unmanaged:
    """An object, or a member of a list, that no resource of the stack manages."""

    kind: str
    """The name of the resource that could manage it, or of its provider function."""
    id: str
    """Its Pulumi id; of a member, that of the set."""
    project_id: str
    """The project that it is in, or is; empty for one of the organization."""
    name: str
    """What people call it; of a member, the set, empty for the only one in its place."""
    own_id: str = ""
    """Its own id; empty for a setting, and for a set."""
    member: str = ""
    """The member of a set, such as an address or a model; empty for an object."""
    value: str = ""
    """The member's value, in words, such as a role."""
    made_at: int | None = None
    """When OpenAI says that it was created or added, in seconds since 1970; None if it does not."""
    reason: str = ""
    """Why it can't be imported; empty if it can."""
    event: NewestEvent | None = None
    """The event with which it appeared; None if OpenAI has none."""

    @property
    def author(self) -> Author | None:
        """Who made it, from the audit log; None if that is not known."""
        return self.event.author if self.event else None

    @property
    def called(self) -> str:
        """What it is, in a line."""
        if self.member:
            of_set = f"{self.name}: " if self.name else ""
            return f"{of_set}{self.member} ({self.value})" if self.value else f"{of_set}{self.member}"
        return f"{self.name} ({self.own_id})" if self.own_id not in ("", self.name) else self.name

    @property
    def place(self) -> str:
        """The project that it is in; empty for one of the organization, such as a project itself."""
        return "" if self.own_id == self.project_id else self.project_id

    @property
    def made(self) -> str:
        """Who made it, and when, as far as that is known."""
        if self.author is not None or self.made_at is None:
            return authors.by(self.author)
        return moment_in_words(self.made_at)

    def document(self) -> dict[str, Any]:
        """The same for programs."""
        author = self.author
        return {
            "resource": self.kind,
            "id": self.id,
            "project_id": self.project_id or None,
            "name": self.name or None,
            "member": self.member or None,
            "value": self.value or None,
            "can_be_imported": not self.reason,
            "reason": self.reason or None,
            "created_at": author.at if author else self.made_at,
            "created_by": author.name if author else None,
            "event": author.event if author else None,
            "event_id": author.event_id if author else None,
        }


class Found:
    """Collects what is not managed, and looks in the audit log for who made it."""

    def __init__(self) -> None:
        self.search = authors.Search()
        self.projects: Sequence[GetProjectResult] = ()
        """The active projects of the organization."""
        self.not_read: set[str] = set()
        """The lists that could not be read, each as a sentence."""
        self.notes: set[str] = set()
        """The lists that OpenAI does not serve to the organization, and resources that may manage what is listed."""
        self._all: list[Unmanaged] = []

    def add(self, existing: Existing) -> None:
        """Add an object, or each member of a set."""
        kind = existing.kind
        outputs = existing.adopted.outputs.values
        project_id = existing.own_id if kind.is_project else str(existing.adopted.inputs.get(PROJECT.id_name) or "")
        times = (outputs.get(name) for name in ("created_at", "added_at"))
        made_at = next((time for time in times if isinstance(time, int)), None)
        name = " ".join(existing.names)
        whole = Unmanaged(kind.name, existing.id, project_id, name, existing.own_id, made_at=made_at)
        if not kind.handler.path_of_each:
            self.note(replace(whole, name=_name(existing)), kind.handler, [existing.own_id], existing.parents)
            return
        field, declaration = collection(kind.resource), kind.resource.declaration
        ids = member_ids(declaration, outputs)
        values = declaration.fields[field].to_handler(existing.adopted.inputs[field])
        for member in values:
            value = _in_words(field, values[member]) if isinstance(values, dict) else ""
            own_ids = [member, *([ids[member]] if member in ids else [])]
            self.note(replace(whole, member=member, value=value), kind.handler, own_ids, existing.parents)

    @property
    def not_listed(self) -> list[str]:
        """All that is not known, each as a sentence."""
        return sorted(self.not_read | self.notes)

    def add_keys(self, client: Client, scope: Scope, known: Container[str], *, of_organization: bool) -> None:
        """Add the objects that can only be listed, such as API keys, without those that resources of the stack know."""

        def read(place: Mapping[str, str]) -> list[tuple[str, LookUpKind, Any]]:
            own = connection.with_own_lists(client)
            with client.operation():
                kinds = _listed_only(tuple(place)).items()
                wanted = [(name, kind) for name, kind in kinds if scope.patterns.selects(KIND, name)]
                return [(name, kind, row) for name, kind in wanted for row in kind.all(own, **place)]

        places = [{}] if of_organization else list[dict[str, str]]()
        places += [{PROJECT.id_name: project.project_id} for project in scope.projects]
        for place, rows in connection.run_with_progress("Listing keys", read, places, client.parallel):
            if isinstance(rows, OF_ONE_LIST):
                lists = self.notes if isinstance(rows, errors.NoAccessError) else self.not_read
                lists.add(words.describe(rows))
            elif isinstance(rows, Exception):
                raise rows
            else:
                for name, kind, row in rows:
                    self._add_key(name, kind, row, place, known)

    def _add_key(self, name: str, kind: LookUpKind, row: Any, place: Mapping[str, str], known: Container[str]) -> None:
        id_ = str(getattr(row, str(kind.identity)))
        if id_ in known:
            return
        unmanaged = Unmanaged(
            name,
            "/".join([*place.values(), id_]),
            place.get(PROJECT.id_name, ""),
            str(getattr(row, "name", None) or id_),
            id_,
            made_at=getattr(row, "created_at", None),
            reason=kind.handler.traits.not_adoptable or "programs can read it, but no resource manages it",
        )
        self.note(unmanaged, kind.handler, [id_], place)

    def name_people(self, client: Client) -> None:
        """Find the addresses of users whom sets name by id."""
        ids = {unmanaged.member for unmanaged in self._all if unmanaged.kind in _SETS_OF_USERS}
        known = addresses(client, ids) if ids else {}
        for unmanaged in self._all:
            unmanaged.value = known.get(unmanaged.member, unmanaged.value)

    def all(self) -> list[Unmanaged]:
        """All of it, the organization first, project by project and kind by kind."""
        return sorted(self._all, key=lambda unmanaged: (unmanaged.place, unmanaged.kind, unmanaged.called))

    def note(self, unmanaged: Unmanaged, handler: Handler, ids: Sequence[str], parents: Mapping[str, str]) -> None:
        """Add something, with what the event that made it names."""
        self._all.append(unmanaged)
        types, known = frozenset(handler.audit_events.created), frozenset(filter(None, ids))
        if types and known:
            inside = authors.principals_in(parents)
            event = authors.NewestEvent(types, known, inside, parents.get(PROJECT.id_name, ""))
            unmanaged.event = self.search.look_for(event, None)


def _name(existing: Existing) -> str:
    """What people call an object: its name, or its kind with the amount of money that it is about."""
    noun = noun_of(existing.kind.handler) or existing.kind.name
    amounts = [in_words((name,), value) for name, value in existing.adopted.inputs.items() if is_money((name,))]
    return " ".join([noun, *amounts]) if amounts else " ".join(existing.names) or noun


def _in_words(field: str, value: Any) -> str:
    """The value of a member: a role, or the limits of a model."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {in_words((name,), item)}" for name, item in value.items())
    return in_words((field,), value)


def kind_names() -> list[str]:
    """The kinds that a pattern may name: all that can be imported or listed."""
    return [*(kind.name for kind in all_kinds()), *_listed_only(()), *_listed_only((PROJECT.id_name,))]


def _listed_only(parents: tuple[str, ...]) -> dict[str, LookUpKind]:
    """The provider functions of objects that are listed inside these parents and that nothing imports, by name.

    Without objects that only the API key of a project shows.
    """
    imported = {kind.path for kind in all_kinds()}
    known = {name: look_ups.kind(name) for name in sorted({*resources.ALL, *data_sources.ALL})}
    return {
        name: kind
        for name, kind in known.items()
        if kind and kind.identity and not kind.project_key
        if kind.handler.path not in imported and tuple(kind.parents) == parents
    }


def show(found: Iterable[Unmanaged], project_names: Mapping[str, str]) -> None:
    """Print what is not managed, place by place and kind by kind."""
    for project_id, of_place in groupby(found, key=lambda unmanaged: unmanaged.place):
        terminal.show(terminal.cell(connection.place_name(project_id, project_names), "bold"))
        for kind, of_kind in groupby(of_place, key=lambda unmanaged: unmanaged.kind):
            terminal.show(terminal.cell(f"  {kind}"))
            terminal.show_block([(unmanaged.called, unmanaged.made) for unmanaged in of_kind])


def member_ids(declaration: Declaration, *states: Mapping[str, Any]) -> dict[str, str]:
    """The ids that a set remembers for the names of its members, before and after."""
    ids: dict[str, str] = {}
    for field_ in declaration.fields.values():
        for values in states if field_.hidden else ():
            value = field_.to_handler(values.get(field_.stored, ABSENT))
            if isinstance(value, dict):
                ids |= {name: id_ for name, id_ in value.items() if isinstance(id_, str)}
    return ids


def addresses(client: Client, ids: Collection[str]) -> dict[str, str]:
    """The addresses of users, from the list of the organization's users; none if the key may not read it."""
    try:
        rows = connection.read_list(client, USERS)
    except errors.PermissionDeniedError:
        return {}  # then the ids are shown
    return {row["id"]: row["email"] for row in rows if row.get("id") in ids and row.get("email")}


def find(stack: StackState, client: CachingClient, patterns: Patterns) -> Found:
    """What exists in the projects of a stack, and in the organization if the stack manages something there."""
    active = connection.chosen_projects(client, ())
    selectable = [project for project in active if patterns.selects(PROJECTS, project.project_id, project.name)]
    projects = [project for project in selectable if project.project_id in stack.project_ids]
    kinds = selected(patterns, one_by_one=False, only_projects=not stack.manages_organization)
    preload(projects, client)
    scope, found = Scope(projects, kinds, patterns, stack=stack, compared=active), Found()
    inventory = read(scope, client)
    found.not_read |= {f"{place.kind.name}: {words.describe(error)}" for place, error in inventory.failed.items()}
    found.notes |= {f"{kind}: {reason}." for kind, reason in inventory.without_access.items()}
    found.notes |= {*stack.not_known()}
    found.projects = active
    for existing in inventory.objects:
        found.add(existing)
    if any(kind.is_project for kind in kinds) and stack.manages_organization:
        for project in selectable:
            if project.project_id not in stack.project_ids:
                kind, id_ = project_kind(), project.project_id
                unmanaged = Unmanaged(kind.name, id_, id_, project.name or id_, id_, made_at=project.created_at)
                found.note(unmanaged, kind.handler, [id_], {})
    found.name_people(client)
    found.add_keys(client, scope, stack.known, of_organization=stack.manages_organization)
    return found


def show_adoption(inventory: Inventory, client: CachingClient, *, as_json: bool) -> int:
    """List what `adopt` would write, and the keys that it can't: `adopt --dry-run`. Returns the exit code."""
    scope, found = inventory.scope, Found()
    found.notes |= {*(scope.stack.not_known() if scope.stack else ())}
    for existing in inventory.objects:
        found.add(existing)
    found.name_people(client)
    if scope.chosen is None:
        known = scope.stack.known if scope.stack else set[str]()
        found.add_keys(client, scope, known, of_organization=bool(scope.of_organization))
    with terminal.waiting("Reading the audit log"):
        reason = authors.read(client, found.search)
    objects, code = found.all(), terminal.NOT_READ if found.not_read else terminal.DONE
    if as_json:
        document = {
            "left_out": inventory.left_out,
            "managed": inventory.managed,
            "not_listed": found.not_listed,
            "audit_log": [reason] if reason else [],
            "objects": [object_.document() for object_ in objects],
        }
        terminal.show_json(document)
        return code
    show(objects, {project.project_id: project.name or "" for project in scope.projects})
    for text in inventory.left_out:
        terminal.say(f"Omitted: {text}.", "yellow")
    terminal.warn(f"Not listed: {text}" for text in found.not_listed)
    if reason:
        terminal.say(reason)
    count = sum(not object_.reason for object_ in objects)
    others = f" {counted(len(objects) - count, 'other')} can't be imported." if len(objects) > count else ""
    advice = "Nothing was written. Without --dry-run, the command writes them."
    terminal.say(f"{counted(count, 'object')} to import.{others} {advice if count else 'Nothing was written.'}")
    return code
