"""The API keys of an organization as a table, a page, JSON and CSV; on the page, each is a line on a scale of time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from typing_extensions import override

from pulumi_openai_admin.cli import report, terminal
from pulumi_openai_admin.cli.listed_keys import DAY, EXPIRED, EXPIRING, OWNER_GONE, UNUSED, ListedKey
from pulumi_openai_admin.cli.organization import ORGANIZATION
from pulumi_openai_admin.cli.report import Column
from pulumi_openai_admin.cli.words import counted
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_ON_PAGE = 2000
"""How many keys a page shows: each is drawn."""


def _days(seconds: float) -> str:
    return f"{int(max(seconds, 0) // DAY):,}d"


def _created(key: ListedKey) -> str | None:
    return None if key.created_at is None else _days(key.read_at - key.created_at)


def _used(key: ListedKey) -> str:
    return "never" if key.last_used_at is None else _days(key.read_at - key.last_used_at)


def _expires(key: ListedKey) -> str | None:
    if key.is_expired:
        return EXPIRED
    return None if key.expires_at is None else _days(key.expires_at - key.read_at)


def _style(key: ListedKey) -> str:
    return "red" if OWNER_GONE in key.marks else "yellow" if key.marks else ""


COLUMNS = (
    Column[ListedKey]("key", lambda key: key.name, {"name": lambda key: key.name}),
    Column[ListedKey]("id", lambda key: key.key_id, {"key_id": lambda key: key.key_id}),
    Column[ListedKey]("value", lambda key: key.redacted_value, {"redacted_value": lambda key: key.redacted_value}),
    Column[ListedKey](
        "owner",
        lambda key: key.owner,
        {
            "owner_type": lambda key: key.owner_type,
            "owner_id": lambda key: key.owner_id,
            "owner_name": lambda key: key.owner_name,
            "owner_email": lambda key: key.owner_email,
            "owner_has_access": lambda key: key.owner_has_access,
        },
    ),
    Column[ListedKey](
        "project",
        lambda key: key.project or None,
        {"project_id": lambda key: key.project_id or None, "project": lambda key: key.project or None},
    ),
    Column[ListedKey]("created", _created, {"created_at": lambda key: key.created_at}, is_number=True),
    Column[ListedKey]("used", _used, {"last_used_at": lambda key: key.last_used_at}, is_number=True, style=_style),
    Column[ListedKey]("expires", _expires, {"expires_at": lambda key: key.expires_at}, is_number=True, style=_style),
    Column[ListedKey](
        "marks",
        lambda key: ", ".join(key.marks) or None,
        {
            "is_unused": lambda key: UNUSED in key.marks,
            "is_expiring": lambda key: EXPIRING in key.marks,
            "is_expired": lambda key: key.is_expired,
        },
        style=_style,
    ),
    Column[ListedKey]("managed by", lambda key: key.managed_by or None, {"managed_by": lambda key: key.managed_by}),
)
"""In the order in which they are shown. JSON and CSV have seconds since 1970, the table days from now."""


class TimeScale(NamedTuple):
    """The part of time that a page shows, in seconds since 1970."""

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
    """Keys.

    Args:
        keys: The keys, in order.
        read_at: When they were read, with a time zone.
        source: The base URL that they were read from.
        not_read: What could not be read.
    """

    template = "keys_page.html.jinja"
    gaps = (2, 1)

    def __init__(self, keys: Sequence[ListedKey], read_at: datetime, source: str, not_read: Sequence[str] = ()) -> None:
        super().__init__(COLUMNS, keys, read_at, source)
        self.not_read = not_read

    @override
    def show_json(self) -> None:
        head = {"read_at": self.read_at.strftime("%Y-%m-%dT%H:%M:%SZ"), "not_read": list(self.not_read)}
        terminal.show_json_lists(head, {"keys": (report.values_of(COLUMNS, key) for key in self.rows)})

    @override
    def show_table(self) -> None:
        if self.print_rows():
            limits = self.rows[0].thresholds
            terminal.say(
                f"{counted(len(self.rows), 'key')}. created, used: days ago; expires: in days. "
                f"{UNUSED}: not used for {_days(limits.unused)}; {EXPIRING}: expires within {_days(limits.expiring)}; "
                f"{OWNER_GONE}: the owner no longer has access."
            )
        else:
            terminal.say("There are no keys to show.")

    @override
    def size(self) -> str:
        return f"keys: {len(self.rows):,}"

    @override
    def page(self) -> Mapping[str, Any]:
        now = self.read_at.timestamp()
        shown = self._most_urgent()
        scale = TimeScale.of(shown, now)
        has_managers = any(key.managed_by is not None for key in shown)
        counts = {mark: sum(mark in key.marks for key in self.rows) for mark in (OWNER_GONE, UNUSED, EXPIRING)}
        limited = (
            f"The page shows {len(shown):,} of {len(self.rows):,} keys: marked keys, and those that were not used for "
            "the longest time. Filters select others, and --csv has all of them."
        )
        notes = [*self.not_read, *[limited] * (len(shown) < len(self.rows))]
        return {
            "title": "OpenAI API keys",
            "placeholder": "key, owner, project or id",
            "group": "",
            "groups": "",
            "searched": "row",
            "keys": len(self.rows),
            "counts": counts,
            "permanent": sum(key.expires_at is None for key in self.rows),
            "notes": [printable(note) for note in notes],
            "heads": ["Owner", "Project", "Created", "Last used", "Expires", *["Managed by"] * has_managers],
            "now": scale.at(now),
            "ticks": scale.ticks(),
            "rows": (_PageRow.of(key, scale, has_managers=has_managers) for key in shown),
        }

    def _most_urgent(self) -> Sequence[ListedKey]:
        """The keys that the page has room for, in their order."""
        if len(self.rows) <= MAX_ON_PAGE:
            return self.rows
        numbers = range(len(self.rows))
        urgent = sorted(numbers, key=lambda it: (not self.rows[it].marks, -(self.rows[it].idle or 0)))
        return [self.rows[number] for number in sorted(urgent[:MAX_ON_PAGE])]


class _PageRow(NamedTuple):
    """A key on the page."""

    name: str
    value: str
    key_id: str
    marks: Sequence[str]
    cells: Sequence[str]
    places: Mapping[str, str]
    """Where on the scale it was created, used and expires; what is not on the scale is absent."""
    idle_to: str
    """Where the line of the time without use ends: now, or when it expired."""
    ends_at: str
    """Where its line ends."""
    order: Mapping[str, int]
    """What the page can be sorted by: the greatest number comes first."""

    @classmethod
    def of(cls, key: ListedKey, scale: TimeScale, *, has_managers: bool) -> _PageRow:
        times = {"made": key.created_at, "used": key.last_used_at, "expires": key.expires_at}
        ends = float("inf") if key.expires_at is None else key.expires_at
        place, managers = key.project or ORGANIZATION, [key.managed_by or ""] if has_managers else []
        dates = [_date(key.created_at), _date(key.last_used_at) or "never", _date(key.expires_at)]
        return cls(
            printable(key.name or "(no name)"),
            printable(key.redacted_value),
            printable(key.key_id),
            key.marks,
            [printable(text) for text in (key.owner or "", place, *dates, *managers)],
            {name: scale.at(time) for name, time in times.items() if time is not None and time <= scale.end},
            scale.at(min(scale.now, ends)),
            scale.at(scale.now if key.expires_at is None else ends),
            {
                "idle": int(key.idle or 0),
                "age": 0 if key.created_at is None else int(scale.now - key.created_at),
                **({} if key.expires_at is None else {"soon": _LATEST - key.expires_at}),
            },
        )


_LATEST = 10**12
"""Later than any expiry, in seconds since 1970."""


def _date(seconds: int | None) -> str:
    return "" if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"
