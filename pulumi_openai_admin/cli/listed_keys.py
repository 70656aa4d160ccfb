"""The API keys of an organization, with the resources of stacks that manage them, and their report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import recorded, report, terminal
from pulumi_openai_admin.cli.connection import ORGANIZATION_NAME, read_each
from pulumi_openai_admin.cli.report import Column, attributes
from pulumi_openai_admin.cli.words import date_of, event_of
from pulumi_openai_admin.handlers.documents import leaves
from pulumi_openai_admin.handlers.keys.api_keys import is_shown_as, shown_parts
from pulumi_openai_admin.printable import counted
from pulumi_openai_admin.schema import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from pulumi_openai_admin.cli.keys_in_text import Candidate
    from pulumi_openai_admin.cli.memberships import MemberReader

DAY = 86_400
UNUSED, EXPIRING, EXPIRED, OWNER_GONE = "unused", "expiring", "expired", "owner gone"


@dataclass(frozen=True)
class ListedKey:
    """A key, as OpenAI lists it. Times are in seconds since 1970."""

    key_id: str
    name: str
    redacted_value: str
    project_id: str
    """Empty for an Admin API key."""
    project: str
    owner_type: str | None
    """`user` or `service_account`."""
    owner_id: str | None
    owner_name: str | None
    owner_email: str | None
    owner_has_access: bool | None
    """Whether the owner still has access; None if that is not known."""
    created_at: int | None
    last_used_at: int | None
    expires_at: int | None
    read_at: float
    """When it was read, by OpenAI's clock."""
    unused_after: int = 90 * DAY
    """For how many seconds it has not been used if it is marked as unused."""
    expires_within: int = 14 * DAY
    """In how many seconds it expires at most if it is marked as expiring."""
    unknown: Collection[str] = ()
    """The names of the times that OpenAI shows, and that are none. They are None here."""
    managed_by: str | None = None
    """The resource that manages it, with its line in the program; empty if the stack has none, None if no state was
    read."""

    @property
    def title(self) -> str:
        """What messages call it."""
        kind = "API key" if self.project_id else "Admin API key"
        name = f" ({self.name})" if self.name else ""
        return f"{kind} {self.key_id}{name}"

    @property
    def owner(self) -> str | None:
        """Who owns it, in words."""
        return self.owner_email or self.owner_name or self.owner_id

    @property
    def is_expired(self) -> bool:
        """Whether it can no longer be used."""
        return self.expires_at is not None and self.expires_at <= self.read_at

    @property
    def idle(self) -> float | None:
        """For how long it has not been used, in seconds; from its creation on, if it was never used."""
        since = self.created_at if self.last_used_at is None else self.last_used_at
        if "last_used_at" in self.unknown:
            return None
        return None if since is None else self.read_at - since

    @property
    def no_use(self) -> str:
        """What is shown in the place of the last use if OpenAI shows none, or something else than a time."""
        return "?" if "last_used_at" in self.unknown else "never"

    @property
    def never_expires(self) -> bool:
        """Whether OpenAI shows no expiry."""
        return self.expires_at is None and "expires_at" not in self.unknown

    @property
    def marks(self) -> list[str]:
        """What is special about it; nothing but that about an expired one."""
        if self.is_expired:
            return [EXPIRED]
        left = None if self.expires_at is None else self.expires_at - self.read_at
        return [
            *[OWNER_GONE] * (self.owner_has_access is False),
            *[UNUSED] * (self.idle is not None and self.idle >= self.unused_after),
            *[EXPIRING] * (left is not None and left <= self.expires_within),
        ]


def read_states(states: Sequence[Path] | None, *, is_needed: bool = False) -> list[Any] | None:
    """Return exported stacks: those in the files, or the selected one. None if there is none, and it is not needed."""
    if not states and not is_needed and not is_in_project():
        return None
    try:
        with terminal.waiting("Reading the state"):
            return [*map(recorded.exported_stack, states or (None,))]
    except errors.ConfigurationError as error:
        if states or is_needed:
            raise
        terminal.say(f"It is not known what the stack manages. {event_of(error)}.")
        return None


def managers_in(documents: Iterable[Any] | None) -> dict[str, str] | None:
    """Return the resources in exported stacks, by the strings in their outputs: the ids of their keys are among these.

    Each resource has its line in the program. None if there is no stack.
    """
    if documents is None:
        return None
    found: dict[str, str] = {}
    for resource, title in recorded.managing(documents):
        found |= {text: title for text in leaves(resource.outputs) if isinstance(text, str) and text not in found}
    return found


def is_in_project() -> bool:
    """Return whether the current folder is in one of a Pulumi project."""
    folder = Path.cwd()
    return any((place / name).is_file() for place in (folder, *folder.parents) for name in recorded.SETTINGS)


class FoundKeys:
    """All keys. They are read with one list, with its pages, for each project, and three of the organization.

    An owner of an Admin API key whom the list of users does not have is read alone: only a 404 says that there is none.
    The thresholds are those of `ListedKey`.
    """

    def __init__(self, reader: MemberReader, managers: Mapping[str, str] | None, **thresholds: Any) -> None:
        self.projects = reader.projects(())
        """The names of the projects, by id."""
        self.read_at = reader.client.clock.now_or_local()
        """By OpenAI's clock, in seconds since 1970."""

        def listed(row: Mapping[str, Any], project_id: str, owner: Mapping[str, Any]) -> ListedKey:
            what = f"the key {row.get('id')}"
            times: dict[str, Any] = {
                name: reader.time_of(what, row, name) for name in ("created_at", "last_used_at", "expires_at")
            }
            return ListedKey(
                key_id=str(row.get("id")),
                name=str(row.get("name") or ""),
                redacted_value=str(row.get("redacted_value") or ""),
                **times,
                unknown=[name for name, time in times.items() if time is None and row.get(name) is not None],
                **owner,
                project_id=project_id,
                project=self.projects.get(project_id, ""),
                read_at=self.read_at,
                **thresholds,
                managed_by=None if managers is None else managers.get(str(row.get("id")), ""),
            )

        with terminal.waiting("Listing Admin API keys and users"):
            admin_keys, users = reader.list("AdminApiKey"), reader.list_or_none("OrganizationUser")
        self.people = {str(user.get("id")): user for user in users or ()}
        """The users of the organization, by id."""
        owners = {str(_mapping(row.get("owner")).get("id")) for row in admin_keys if users is not None}
        unlisted = {id_ for id_ in owners - {*self.people} if id_.startswith(_USER)}
        shown = read_each("Reading owners", reader.user_or_none, unlisted, reader.client.parallel)
        known = {**shown, **self.people}
        self.of_organization = [listed(row, "", _owner_of_admin_key(row, known)) for row in admin_keys]
        """The Admin API keys."""
        self.keys = [*self.of_organization]
        """In order: Admin API keys, then project by project."""
        for project_id, rows in reader.each("Reading keys", "ProjectApiKey", "project_id", self.projects).items():
            self.keys += [listed(row, project_id, _owner_in_project(row)) for row in rows]
        self.has_all = not reader.has_refused("Project", "AdminApiKey", "ProjectApiKey")
        """Whether all lists of keys were read."""
        self._refused_projects = reader.count_refused("ProjectApiKey")
        self.not_read = reader.not_read()
        """The lists that the key may not read, and the times that are none, each as a sentence."""

    def searched(self) -> dict[str, int]:
        """Return what was read: how many projects, keys of projects and Admin API keys."""
        admin_keys = len(self.of_organization)
        return {
            "projects": len(self.projects),
            "projects_read": len(self.projects) - self._refused_projects,
            "project_keys": len(self.keys) - admin_keys,
            "admin_keys": admin_keys,
        }

    def not_compared(self) -> list[str]:
        """Return why not all keys can be compared with a value, in a sentence, if any."""
        count = sum(shown_parts(key.redacted_value) is None for key in self.keys)
        return [f"Not compared: {counted(count, 'key')} of which OpenAI shows no beginning and end."] * bool(count)

    def by_shown(self) -> Callable[[Candidate], list[ListedKey]]:
        """Return a function that finds the keys of which OpenAI shows the beginning and the end of a value (secret).

        A masked key may be each of those that OpenAI shows with the same end.
        """
        by_parts: dict[tuple[str, str], list[ListedKey]] = {}
        for key in self.keys:
            parts = shown_parts(key.redacted_value)
            if parts is not None:
                by_parts.setdefault(parts, []).append(key)
        lengths = {(len(first), len(last)) for first, last in by_parts}

        def matching(candidate: Candidate) -> list[ListedKey]:
            value = candidate.value
            if candidate.end:
                return [
                    key
                    for (first, last), keys in by_parts.items()
                    if candidate.end.endswith(last) and (first.startswith(value) or value.startswith(first))
                    for key in keys
                ]
            ends = [(value[:first], value[len(value) - last :]) for first, last in lengths if first + last < len(value)]
            return [key for parts in ends for key in by_parts.get(parts, ())]

        return matching

    def shown_as(self, used: str) -> list[ListedKey]:
        """Return the Admin API keys of which OpenAI shows the same as of the key that the command uses. Secret."""
        return [key for key in self.of_organization if is_shown_as(used, key.redacted_value)]

    def refuse_own(self, chosen: Iterable[ListedKey], used: str) -> None:
        """Refuse the key that the command uses (secret), by what OpenAI shows of it, or if that is not known."""
        own = self.shown_as(used)
        for key in chosen:
            if key in (own or self.of_organization):
                verb = "is" if own == [key] else "may be"
                what = f"Nothing was revoked, because {key.title} {verb} the key that this command uses"
                advice = "Create another Admin API key, set OPENAI_ADMIN_KEY to it, and run the command again."
                raise errors.ConfigurationError(what, advice)


def known_time(value: object) -> int | None:
    """Return a time in seconds since 1970; None if it is none that a date can show."""
    return formats.moment_seconds(value)


def _owner_in_project(row: Mapping[str, Any]) -> dict[str, Any]:
    owner = _mapping(row.get("owner"))
    account, user = (_mapping(owner.get(kind)) for kind in ("service_account", "user"))
    access = {"active": True, "inactive": False}.get(str(row.get("owner_project_access")))
    kind = "service_account" if account else "user" if user else None
    return {**_owner(kind, account or user), "owner_has_access": access}


def _owner_of_admin_key(row: Mapping[str, Any], people: Mapping[str, Mapping[str, Any] | None]) -> dict[str, Any]:
    owner = _mapping(row.get("owner"))
    id_ = str(owner.get("id"))
    user = people.get(id_)  # empty if there is none
    kind = _USER if id_.startswith(_USER) else None
    return {**_owner(kind, {**owner, **(user or {})}), "owner_has_access": None if user is None else bool(user)}


_USER = "user"
"""What ids of users begin with. OpenAI shows service accounts as owners of Admin API keys in the form of users, too."""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _owner(kind: str | None, shown: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: str(shown[name]) if shown.get(name) else None for name in ("id", "name", "email")}
    return {"owner_type": kind, **{f"owner_{name}": text for name, text in texts.items()}}


MAX_ON_PAGE = 2000
"""How many keys a page shows: each is drawn."""


def _days(seconds: float) -> str:
    return f"{int(max(seconds, 0) // DAY):,}d"


def _style(key: ListedKey) -> str:
    return "red" if OWNER_GONE in key.marks else "yellow" if key.marks else ""


COLUMNS = (
    Column[ListedKey]("key", lambda key: key.name, attributes("name")),
    Column[ListedKey]("id", lambda key: key.key_id, attributes("key_id")),
    Column[ListedKey]("value", lambda key: key.redacted_value, attributes("redacted_value")),
    Column[ListedKey](
        "owner",
        lambda key: key.owner,
        attributes("owner_type", "owner_id", "owner_name", "owner_email", "owner_has_access"),
    ),
    Column[ListedKey](
        "project",
        lambda key: key.project or None,
        {"project_id": lambda key: key.project_id or None, "project": lambda key: key.project or None},
    ),
    Column[ListedKey](
        "created",
        lambda key: None if key.created_at is None else _days(key.read_at - key.created_at),
        attributes("created_at"),
        is_number=True,
    ),
    Column[ListedKey](
        "used",
        lambda key: key.no_use if key.last_used_at is None else _days(key.read_at - key.last_used_at),
        attributes("last_used_at"),
        is_number=True,
        style=_style,
    ),
    Column[ListedKey](
        "expires",
        lambda key: (
            (None if key.never_expires else "?")
            if key.expires_at is None
            else EXPIRED
            if key.is_expired
            else _days(key.expires_at - key.read_at)
        ),
        attributes("expires_at"),
        is_number=True,
        style=_style,
    ),
    Column[ListedKey](
        "marks",
        lambda key: ", ".join(key.marks) or None,
        {
            "is_unused": lambda key: UNUSED in key.marks,
            "is_expiring": lambda key: EXPIRING in key.marks,
            **attributes("is_expired"),
        },
        style=_style,
    ),
    Column[ListedKey]("managed by", lambda key: key.managed_by or None, attributes("managed_by")),
)
"""In the order in which they are shown. JSON and CSV have seconds since 1970, the table days from now."""


class TimeScale(NamedTuple):
    """The part of time that a page shows, on which each key is a line, in seconds since 1970."""

    start: float
    now: float
    end: float

    @classmethod
    def of(cls, keys: Sequence[ListedKey], now: float) -> TimeScale:
        """Return the scale from the oldest key to the last expiry. The future takes at most a half of it."""
        start = min([now - 90 * DAY, *(key.created_at for key in keys if key.created_at is not None)])
        past = now - start
        left = max([past / 25, *(key.expires_at - now for key in keys if key.expires_at is not None)])
        return cls(start, now, now + min(left, past))

    def at(self, time: float) -> str:
        """Return the place of a time, from the left: `12.5%`. What is later is at the end."""
        share = (time - self.start) / (self.end - self.start)
        return f"{100 * min(max(share, 0), 1):.1f}%"

    def ticks(self) -> list[tuple[str, str]]:
        """Return the places and names of some months, evenly distributed: `("12.5%", "2026-03")`."""
        first, last = (datetime.fromtimestamp(time, UTC) for time in (self.start, self.end))
        months = range(first.year * 12 + first.month, last.year * 12 + last.month)  # from the one after the first
        step = next((step for step in _STEPS if len(months) <= step * _MAX_TICKS), _STEPS[-1])
        begins = (datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC) for month in months if month % step == 0)
        return [(self.at(begin.timestamp()), f"{begin:%Y-%m}") for begin in begins]


_STEPS, _MAX_TICKS = (1, 3, 6, 12, 24, 60, 120), 6
"""Numbers of months between two ticks, and how many ticks there are at most."""


class KeysReport(report.ShownReport[ListedKey]):
    """Keys, in order."""

    template, listed = "keys_page.html.jinja", "keys"
    gaps, rows_are = (2, 1), "keys"

    @override
    def show_table(self) -> None:
        if self.print_rows():
            unused, expiring = _days(self.rows[0].unused_after), _days(self.rows[0].expires_within)
            terminal.say(
                f"{counted(len(self.rows), 'key')}. created, used: days ago; expires: in days. "
                f"{UNUSED}: not used for {unused}; {EXPIRING}: expires within {expiring}; "
                f"{OWNER_GONE}: the owner no longer has access."
            )
        else:
            terminal.say(f"There are no keys to show{self.source.extent}.")

    @override
    def page(self) -> Mapping[str, Any]:
        by_urgency = sorted(range(len(self.rows)), key=lambda it: (not self.rows[it].marks, -(self.rows[it].idle or 0)))
        shown = [self.rows[number] for number in sorted(by_urgency[:MAX_ON_PAGE])]
        scale = TimeScale.of(shown, self.source.read_at)
        has_managers = any(key.managed_by is not None for key in shown)
        counts = {mark: sum(mark in key.marks for key in self.rows) for mark in (OWNER_GONE, UNUSED, EXPIRING)}
        limited = (
            f"The page shows {len(shown):,} of {len(self.rows):,} keys: marked keys, and those that were not used for "
            "the longest time. Filters select others, and --csv has all of them."
        )
        return {
            "counts": counts,
            "permanent": sum(key.never_expires for key in self.rows),
            "notes": [*self.source.not_read, *[limited] * (len(shown) < len(self.rows))],
            "heads": ["Owner", "Project", "Created", "Last used", "Expires", *["Managed by"] * has_managers],
            "scale": scale,
            "rows": ((key, _row_on_page(key, scale, has_managers=has_managers)) for key in shown),
        }


def _row_on_page(key: ListedKey, scale: TimeScale, *, has_managers: bool) -> dict[str, Any]:
    """A key on the page: places are on the scale, and the greatest number of an order comes first."""
    times = {"made": key.created_at, "used": key.last_used_at, "expires": key.expires_at}
    dates = {name: "" if time is None else date_of(time) for name, time in times.items()}
    ends = float("inf") if key.expires_at is None else key.expires_at
    place, managers = key.project or ORGANIZATION_NAME, [key.managed_by or ""] * has_managers
    texts = (key.owner or "", place, dates["made"], dates["used"] or key.no_use, dates["expires"], *managers)
    return {
        "cells": texts,
        "places": {name: scale.at(time) for name, time in times.items() if time is not None and time <= scale.end},
        "idle_to": scale.at(min(scale.now, ends)),
        "ends_at": scale.at(scale.now if key.expires_at is None else ends),
        "order": {
            "idle": int(key.idle or 0),
            "age": 0 if key.created_at is None else int(scale.now - key.created_at),
            **({} if key.expires_at is None else {"soon": 10**12 - key.expires_at}),  # which is later than any expiry
        },
    }
