"""Who changed or made what at OpenAI: one window of the audit log for many objects."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import words
from pulumi_openai_admin.data_sources.audit_log import QUERIES
from pulumi_openai_admin.handlers.documents import leaves
from pulumi_openai_admin.schema.formats import moment_in_words, moment_seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_openai_admin.http.client import Client

MAX_EVENTS = 2000
"""How many events are read at most, the newest: 20 pages."""
_CLOCK_SECONDS = 300
"""How far the clock of the machine that wrote the state may be ahead of OpenAI's, beside what is known of it."""
_LOG = QUERIES["AuditLog"]
ARCHIVED = "project.archived"
_UNKNOWN = "the authors of the changes are not known"
_TURN_ON = "An owner of the organization can turn it on in OpenAI's dashboard."


@dataclass(frozen=True)
class Author:
    """Who changed something, and when, from the audit log."""

    name: str
    """The address of a user, or the id of a service account or of an API key."""
    at: int | None
    """In seconds since 1970 (UTC); None if the log shows something else."""
    event: str
    """The type of the event: `rate_limit.updated`."""
    event_id: str

    @classmethod
    def of(cls, event: Any) -> Author:
        """Return who caused an event."""
        name = event.actor_email or event.actor_user_id or event.actor_service_account_id or event.actor_api_key_id
        return cls(str(name or "unknown"), moment_seconds(event.effective_at), str(event.type), str(event.audit_log_id))


def by(author: Author | None) -> str:
    """Who changed something, and when; a dash if that is not known."""
    if author is None:
        return words.ABSENT
    return author.name if author.at is None else f"{author.name}, {moment_in_words(author.at)}"


def principals_in(parents: Mapping[str, str]) -> frozenset[str]:
    """Return the ids of the user and the group among parents: events about what is inside of these name them."""
    return frozenset(id_ for name, id_ in parents.items() if name in {"user_id", "group_id"})


@dataclass
class NewestEvent:
    """The newest event about an object; one of its project, or that names the field of a change, takes precedence."""

    types: frozenset[str]
    """The types of the events."""
    ids: frozenset[str]
    """The ids of the object: an event about it has one of them."""
    inside: frozenset[str]
    """The ids of the user or the group that it belongs to: an event about it has these, too."""
    project_id: str
    """The project it is in; empty for an object of the organization."""
    outside: frozenset[str] = frozenset()
    """The types of the events that may be of another project."""
    field: str = ""
    """The field of the change; empty for the whole object."""
    author: Author | None = None
    """Who caused the event; None as long as none was seen."""
    is_named: bool = False
    """Whether the event names the field."""
    is_outside: bool = False
    """Whether the event is of another project."""

    def see(self, event: Any) -> None:
        """Learn an event; they come newest first."""
        if self.is_named or not self._is_about(event):
            return
        asked = event.details.get("changes_requested")
        is_named = isinstance(asked, dict) and self.field in asked
        is_outside = not self.is_in_project(event)
        if self.author is None or is_named or (self.is_outside and not is_outside):
            self.author, self.is_named, self.is_outside = Author.of(event), is_named, is_outside

    def _is_about(self, event: Any) -> bool:
        if event.type not in self.types or (event.type not in self.outside and not self.is_in_project(event)):
            return False
        if event.type == ARCHIVED and event.details.get("id") == self.project_id:
            return True
        named, id_ = {*leaves(event.details)}, str(event.details.get("id") or "")

        def has(wanted: str) -> bool:
            # Some ids are made from others: `rl-gpt-4o`, `role_assignment_role_1_user-1`.
            return wanted in named or id_.endswith((f"-{wanted}", f"_{wanted}")) or f"_{wanted}_" in id_

        return any(map(has, self.ids)) and all(map(has, self.inside))

    def is_in_project(self, event: Any) -> bool:
        """Return whether an event is of the object's project, or of no project."""
        return not self.project_id or event.project_id in (None, self.project_id)


class Search:
    """Looks for the events about many resources in one pass over the audit log."""

    def __init__(self) -> None:
        self.types: set[str] = set()
        """The types of events to ask for; empty if OpenAI has none for any of the resources."""
        self._begins: set[float | None] = set()
        self._by_project: dict[str, list[NewestEvent]] = {}
        self._outside: dict[str, list[NewestEvent]] = {}
        """By the type of an event, what it may be about in other projects."""

    def look_for(self, newest: NewestEvent, since: float | None) -> NewestEvent:
        """Look for an event, which has its author after the log was read: from `since` on, or in the whole log."""
        self.types |= newest.types
        self._by_project.setdefault(newest.project_id, []).append(newest)
        for type_ in newest.outside & newest.types if newest.project_id else ():
            self._outside.setdefault(type_, []).append(newest)
        self._begins.add(since)
        return newest

    @property
    def since(self) -> float | None:
        """When the window begins, in seconds since 1970; None: with the log."""
        known = [since for since in self._begins if since is not None]
        return min(known, default=None) if len(known) == len(self._begins) else None

    def see(self, event: Any) -> None:
        """Learn an event; they come newest first."""
        places = self._by_project if event.project_id is None else ("", event.project_id)
        for project_id in places:
            for newest in self._by_project.get(project_id, ()):
                newest.see(event)
        for newest in self._outside.get(event.type, ()):
            if not newest.is_in_project(event):
                newest.see(event)


_NOTHING_ASKED = {parameter.name: parameter.default for parameter in _LOG.asked}
_LINKED = 100
"""How many events of a person are read at most to learn the ids that the person had."""


def newest_of(client: Client, types: Sequence[str], ids: Iterable[str]) -> dict[str, Author]:
    """Return who caused the newest event of some types about each object, by its id; without those of no event."""
    found: dict[str, Author] = {}
    for id_ in sorted(ids):
        asked = _NOTHING_ASKED | {"event_types": [*types], "resource_ids": [id_], "limit": 1}
        with client.operation():
            for event in _LOG.events(client, asked):
                if event.details.get("id") == id_:
                    found[id_] = Author.of(event)
    return found


def ids_of(client: Client, address: str) -> set[str]:
    """Return the ids of a person who may be gone: of the user who acted with an address, and of invites to it."""
    by_person = _NOTHING_ASKED | {"actor_emails": [*{address, address.lower()}], "limit": _LINKED}
    invites = _NOTHING_ASKED | {"event_types": ["invite.sent"], "limit": MAX_EVENTS}
    with client.operation():
        users = {str(event.actor_user_id) for event in _LOG.events(client, by_person) if event.actor_user_id}
        sent = [event.details for event in _LOG.events(client, invites)]
    return users | {str(it.get("id")) for it in sent if _address_in(it) == address.lower()}


def _address_in(details: Mapping[str, Any]) -> str:
    data = details.get("data")
    return str(data.get("email")).lower() if isinstance(data, dict) else ""


def begin(since: float, now: float, at_openai: float | None) -> int:
    """When the window begins, by OpenAI's clock, in which events have their times. Pure.

    The state has the time of the machine that wrote it, which is mostly this one. If its clock is ahead, an event that
    came after the state was written has an earlier time.
    """
    ahead = 0.0 if at_openai is None else max(0.0, now - at_openai)
    return int(since - ahead) - _CLOCK_SECONDS


def read(client: Client, search: Search) -> str:
    """Read the window of the audit log for a search; returns why some authors are not known, in a sentence, if any."""
    if not search.types:
        return ""
    asked = _NOTHING_ASKED | {"event_types": sorted(search.types), "limit": MAX_EVENTS}
    if search.since is not None:
        asked["effective_at_gte"] = begin(search.since, time.time(), client.clock.now())
    count = 0
    try:
        with client.operation():
            for event in _LOG.events(client, asked):
                search.see(event)
                count += 1
            if not count and not any(_LOG.events(client, {**_NOTHING_ASKED, "limit": 1})):
                return f"The audit log of the organization is empty, so {_UNKNOWN}. {_TURN_ON}"
    except errors.AdminError as error:
        return f"The audit log could not be read, so {_UNKNOWN}: {words.describe(error)}"
    if count == MAX_EVENTS:
        what = f"The audit log has more events than are read ({MAX_EVENTS:,})"
        return f"{what}, so the authors of older changes are not known."
    return ""
