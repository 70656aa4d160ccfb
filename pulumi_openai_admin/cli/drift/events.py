"""Who changed what differs: one window of the audit log for all resources."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import recorded, words
from pulumi_openai_admin.cli.drift.report import Author
from pulumi_openai_admin.data_sources.audit_log import QUERIES
from pulumi_openai_admin.lifecycle.state import split_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pulumi_openai_admin.cli.changes import Change
    from pulumi_openai_admin.cli.drift.report import Difference
    from pulumi_openai_admin.handlers.audit_events import AuditEvents
    from pulumi_openai_admin.http.client import Client

MAX_EVENTS = 2000
"""How many events are read at most, the newest: 20 pages."""
_CLOCK_SECONDS = 300
"""How far the clock of the machine that wrote the state may be ahead of OpenAI's, beside what is known of it."""
_LOG = QUERIES["AuditLog"]
_ARCHIVED = "project.archived"
_OF_MEMBER = 2
"""The length of the path of a member of a set: `("members", "ada@example.com")`. A longer one is of a value in it."""
_PRINCIPALS = ("user_id", "group_id")
"""Parents that events about what is inside them name."""


@dataclass(frozen=True)
class EventSubject:
    """What an event has to be about.

    Args:
        types: The types of the events.
        ids: The ids of the object: an event about it has one of them.
        inside: The ids of the user or the group that it belongs to: an event about it has these, too.
        project_id: The project it is in; empty for an object of the organization.
        outside: The types of the events that may be of another project.
    """

    types: frozenset[str]
    ids: frozenset[str]
    inside: frozenset[str] = frozenset()
    project_id: str = ""
    outside: frozenset[str] = frozenset()

    def is_about(self, event: Any) -> bool:
        """Whether an event changed it."""
        if event.type not in self.types or (event.type not in self.outside and not self.is_in_project(event)):
            return False
        if event.type == _ARCHIVED and event.details.get("id") == self.project_id:
            return True
        named, id_ = set(_texts(event.details)), str(event.details.get("id") or "")

        def has(wanted: str) -> bool:
            return wanted in named or _is_part(wanted, id_)

        return any(map(has, self.ids)) and all(map(has, self.inside))

    def is_in_project(self, event: Any) -> bool:
        """Whether an event is of the object's project, or of no project."""
        return not self.project_id or event.project_id in (None, self.project_id)


def _is_part(part: str, id_: str) -> bool:
    """Whether an id is made from another one: `rl-gpt-4o`, `role_assignment_role_1_user-1`."""
    return id_.endswith((f"-{part}", f"_{part}")) or f"_{part}_" in id_


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def subjects(difference: Difference) -> tuple[EventSubject | None, list[EventSubject | None]]:
    """What events about a resource, and about each of its values, have to be about.

    Returns:
        None where OpenAI has no event.
    """
    resource = recorded.resource_of(difference.kind)
    logged = resource.handler.audit_events
    if not logged.types:
        return None, [None] * len(difference.changes)
    types = logged.ended if difference.gone else logged.types
    if difference.gone and difference.project_id:
        types |= {_ARCHIVED}
    outside = frozenset(logged.outside) if difference.gone else frozenset()
    parents, own_id = split_id(resource.declaration, difference.id)
    inside = frozenset(id_ for name, id_ in parents.items() if name in _PRINCIPALS)
    if resource.handler.path_of_each:
        each = [_of_member(logged, inside, change, difference) for change in difference.changes]
        return EventSubject(types, frozenset(), inside, difference.project_id) if difference.gone else None, each
    ids = frozenset([own_id, *difference.other_ids])
    whole = EventSubject(types, ids, inside, difference.project_id, outside)
    return whole, [whole] * len(difference.changes)


def creation(events: AuditEvents, ids: Iterable[str], parents: Mapping[str, str]) -> EventSubject | None:
    """The event with which an object appeared; None where OpenAI has no such event.

    Args:
        events: The events about objects of its kind.
        ids: The ids of the object.
        parents: The ids of its parents, by name.
    """
    types = frozenset(events.created)
    inside = frozenset(id_ for name, id_ in parents.items() if name in _PRINCIPALS)
    return EventSubject(types, frozenset(ids), inside, parents.get(recorded.PROJECT_ID, "")) if types else None


def _of_member(
    logged: AuditEvents, inside: frozenset[str], change: Change, difference: Difference
) -> EventSubject | None:
    """The member of a set that a change is about: a key of a mapping, or an item of a list."""
    if change.is_item:
        member = str(change.before if change.after is None else change.after)
    elif len(change.path) > 1:
        member = change.path[1]
    else:
        return None
    ids = frozenset([difference.member_ids.get(member, member)])
    if change.after is None and len(change.path) <= _OF_MEMBER:
        return EventSubject(logged.ended, ids, inside, difference.project_id, frozenset(logged.outside))
    return EventSubject(logged.types, ids, inside, difference.project_id)


@dataclass
class _Best:
    """The newest event about a subject; one of its project, or that names the field of the change, takes precedence."""

    subject: EventSubject
    field: str = ""
    author: Author | None = None
    is_named: bool = False
    is_outside: bool = False
    """Whether the event is of another project."""

    def see(self, event: Any) -> None:
        """Learn an event; they come newest first."""
        if self.is_named or not self.subject.is_about(event):
            return
        asked = event.details.get("changes_requested")
        is_named = isinstance(asked, dict) and self.field in asked
        is_outside = not self.subject.is_in_project(event)
        if self.author is None or is_named or (self.is_outside and not is_outside):
            self.author, self.is_named, self.is_outside = _author(event), is_named, is_outside


class Search:
    """Looks for the events about many resources in one pass over the audit log."""

    def __init__(self) -> None:
        self.types: set[str] = set()
        """The types of events to ask for; empty if OpenAI has none for any of the resources."""
        self.since: float | None = None
        """When the window begins, in seconds since 1970; None: with the log."""
        self._is_bounded = True
        self._best: dict[tuple[str, int], _Best] = {}
        self._by_project: dict[str, list[_Best]] = {}
        self._outside: dict[str, list[_Best]] = {}
        """By the type of an event, what it may be about in other projects."""

    def add(self, difference: Difference) -> None:
        """Look for who changed a resource."""
        whole, each = subjects(difference)
        fields = [change.path[-1] for change in difference.changes]
        for index, subject in enumerate([whole, *each], -1):
            if subject is not None:
                self.look_for((difference.urn, index), subject, difference.since, fields[index] if index >= 0 else "")

    def look_for(self, key: tuple[str, int], subject: EventSubject, since: float | None, field: str = "") -> None:
        """Look for the newest event about a subject.

        Args:
            key: The name under which `author` finds it.
            subject: What the event has to be about.
            since: When the window begins at the latest, in seconds since 1970; None: with the log.
            field: The field whose change takes precedence.
        """
        self.types |= subject.types
        best = self._best[key] = _Best(subject, field)
        self._by_project.setdefault(subject.project_id, []).append(best)
        for type_ in subject.outside & subject.types if subject.project_id else ():
            self._outside.setdefault(type_, []).append(best)
        self._extend(since)

    def author(self, key: tuple[str, int]) -> Author | None:
        """Who made the event that was looked for; None if there is none."""
        best = self._best.get(key)
        return best.author if best else None

    def _extend(self, since: float | None) -> None:
        if since is None:
            self._is_bounded, self.since = False, None
        elif self._is_bounded:
            self.since = since if self.since is None else min(self.since, since)

    def see(self, event: Any) -> None:
        """Learn an event; they come newest first."""
        places = self._by_project if event.project_id is None else ("", event.project_id)
        for project_id in places:
            for best in self._by_project.get(project_id, ()):
                best.see(event)
        for best in self._outside.get(event.type, ()):
            if not best.subject.is_in_project(event):
                best.see(event)

    def attributed(self, difference: Difference) -> Difference:
        """The resource, with who changed it."""
        author, *authors = [self.author((difference.urn, index)) for index in range(-1, len(difference.changes))]
        newest = max(filter(None, authors), key=lambda author: author.at, default=None)
        return difference.written_by(author or newest, authors)


def begin(since: float, now: float, at_openai: float | None) -> int:
    """When the window begins, by OpenAI's clock, in which events have their times. Pure.

    The state has the time of the machine that wrote it, which is mostly this one. If its clock is ahead, an event that
    came after the state was written has an earlier time.

    Args:
        since: When the state was written, in seconds since 1970.
        now: The time on your machine.
        at_openai: The time at OpenAI; None if it is not known.
    """
    ahead = 0.0 if at_openai is None else max(0.0, now - at_openai)
    return int(since - ahead) - _CLOCK_SECONDS


def read(client: Client, search: Search, at_openai: float | None = None) -> str:
    """Read the window of the audit log.

    Args:
        client: Sends the requests.
        search: Says which events, and learns them.
        at_openai: The time at OpenAI, in seconds since 1970; None if it is not known.

    Returns:
        Why it is not known who changed some of the resources, in a sentence; empty if all of the window was read.
    """
    if not search.types:
        return ""
    asked = _nothing_asked() | {"event_types": sorted(search.types), "limit": MAX_EVENTS}
    if search.since is not None:
        asked["effective_at_gte"] = begin(search.since, time.time(), at_openai)
    count = 0
    try:
        with client.operation():
            for event in _LOG.events(client, asked):
                search.see(event)
                count += 1
            if not count and not any(_LOG.events(client, {**_nothing_asked(), "limit": 1})):
                return f"The audit log of the organization is empty, so {_UNKNOWN}. {_TURN_ON}"
    except errors.AdminError as error:
        return f"The audit log could not be read, so {_UNKNOWN}: {words.describe(error)}"
    if count == MAX_EVENTS:
        what = f"The audit log has more events than are read ({MAX_EVENTS:,})"
        return f"{what}, so the authors of older changes are not known."
    return ""


_UNKNOWN = "the authors of the changes are not known"
_TURN_ON = "An owner of the organization can turn it on in OpenAI's dashboard."


def _nothing_asked() -> dict[str, Any]:
    return {parameter.name: parameter.default for parameter in _LOG.asked}


def _author(event: Any) -> Author:
    name = event.actor_email or event.actor_user_id or event.actor_service_account_id or event.actor_api_key_id
    return Author(str(name or "unknown"), int(event.effective_at), str(event.type), str(event.audit_log_id))
