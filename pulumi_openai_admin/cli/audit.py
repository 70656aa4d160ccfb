"""The command `audit`: the audit log as JSON lines, oldest first, for a collector of logs.

OpenAI lists events newest first. So the log is read in windows of time, earliest first: each window is read to its end
before its oldest event is printed. Nothing depends on the order of events in one second, or on cursors of OpenAI that
go backwards.

The place never passes OpenAI's clock (the header `Date`): an event may have a time in the future, and what is recorded
until then would be missed. Such an event is known by its id for as long as a window may show it.

An event may appear in the list after younger ones. So each window begins some minutes before the place where the last
one ended, and the events of these minutes that were printed are known by their ids. The file of `--cursor` has both.
"""

from __future__ import annotations

import hashlib
import json
import signal
import threading
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, terminal
from pulumi_openai_admin.cli.connection import all_projects, selected_projects
from pulumi_openai_admin.cli.options import READ, MaxWait, declare
from pulumi_openai_admin.data_sources.audit_log import AuditLog
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.clock import Clock
from pulumi_openai_admin.schema import formats
from pulumi_openai_admin.schema.paths import fill

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LATE_SECONDS = 600
"""How long after its time an event may appear in the list, without being missed."""
PAGE = 100
"""How many events a response has at most, and how many are printed before the cursor is written."""
_FIRST_WINDOW, _LONGEST_WINDOW = 3600, 32 * 86_400
_CLOCKS_DIFFER_SECONDS = 60
"""How far two clocks of OpenAI may be apart: less than `LATE_SECONDS`, so nothing is missed."""
_AGAIN = "The events since the first run are read again, and may be printed twice."
_SINCE = "Print events since TIME: a date, a time (`2026-11-01T08:00Z`), or an age (`90m`, `24h`, `7d`)."


@declare(page="audit.md", scopes=[READ])
def audit(  # noqa: PLR0913 - the options of the command
    *,
    since: Annotated[str, typer.Option(metavar="TIME", help=_SINCE)] = "24h",
    cursor: Path | None = None,
    follow: bool = False,
    interval: Annotated[
        float, typer.Option(min=1, metavar="SECONDS", help="How often `--follow` asks for new events.")
    ] = 30,
    types: list[str] | None = None,
    actors: list[str] | None = None,
    projects: list[str] | None = None,
    max_wait: MaxWait = 600,
) -> None:
    """Print the audit log as JSON lines, oldest first, once or continuously.

    Examples:
    ```console
    pulumi-openai-admin audit --since 7d --type api_key.created
    pulumi-openai-admin audit --actor grace@example.com
    pulumi-openai-admin audit --follow --cursor /var/lib/audit/cursor
    ```

    Options:
        cursor (FILE): Continue after the last event of the run before, which FILE has. Without FILE: from `--since`.
        follow: Wait for new events until the command is ended (SIGTERM).
        types (TYPE): Only events of this type, for example `api_key.created`. Repeatable.
        actors (ACTOR): Only events of this person (email), or of this id. Repeatable.
        projects (PROJECT): Only events of this project (name or id). Repeatable.
    """
    clock = Clock()
    settings = connection.settings(max_wait)
    client = Client(connection.ReadOnlyRequestor(settings, clock=clock), settings.parallel)
    place = LogPosition.of(cursor, time_of(since, clock.now()))
    log = _Log(client, _filters(client, types or (), actors or (), projects or ()), place, cursor)
    log.save()  # a file that can't be written is found out before anything is printed
    if follow:
        # In a thread: the handler may run while this one holds the lock that `cancel` needs.
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=clock.cancel).start())
    count = 0
    try:
        count += log.print_new()
        while follow and not clock.is_cancelled():
            clock.sleep(interval)
            count += log.print_new()
    except errors.AdminError:  # the signal ended a request
        if not clock.is_cancelled():
            raise
    if not count:
        terminal.say("There are no such events. OpenAI records events after an owner has turned on the audit log.")


def time_of(text: str, now: float) -> int:
    """Return the time that an option names, in seconds since 1970. Without a time zone, it is in UTC."""
    if formats.DURATION.is_met(text):
        return int(now) - formats.duration_seconds(text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no time: write 2026-11-01, 2026-11-01T08:00Z or 24h") from None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def _filters(
    client: Client, types: Sequence[str], actors: Sequence[str], projects: Sequence[str]
) -> Mapping[str, list[str]]:
    filters = {
        "event_types[]": [*types],
        "actor_emails[]": [actor for actor in actors if "@" in actor],
        "actor_ids[]": [actor for actor in actors if "@" not in actor],
        "project_ids[]": _project_ids(client, projects),
    }
    if filters["actor_emails[]"] and filters["actor_ids[]"]:
        text = "give either emails or ids: OpenAI shows only events that match both"
        raise typer.BadParameter(text, param_hint="--actor")
    return {name: values for name, values in filters.items() if values}


def _project_ids(client: Client, projects: Sequence[str]) -> list[str]:
    """The ids of the projects with some names or ids, archived ones, too: their events are what is left of them."""
    return [it.project_id for it in selected_projects(all_projects(client), projects)] if projects else []


@dataclass
class LogPosition:
    """Up to where the log was printed. Times are in seconds since 1970."""

    since: int
    """Where the first run began: older events are never printed."""
    until: int
    """All events before this time were printed, other than those that appear late."""
    printed: dict[str, int] = field(default_factory=dict)
    """The time of each printed event that a window may show again, by id."""

    @classmethod
    def of(cls, path: Path | None, since: int) -> LogPosition:
        """Read what a run before has written; without a file, the beginning."""
        if path is None or not path.exists():
            return cls(since, since)
        try:
            place = cls(**json.loads(path.read_text(encoding="utf-8")))
            if all(isinstance(time, int) for time in (place.since, place.until, *place.printed.values())):
                return place
        except (ValueError, TypeError, AttributeError):
            pass
        what = f"{path} is not a file that audit --cursor has written"
        raise errors.ConfigurationError(what, "Name another file. Or delete it, and set --since.")

    @property
    def window(self) -> int:
        """Where the next window begins."""
        return max(self.since, self.until - LATE_SECONDS)

    def turn_back(self, now: int) -> bool:
        """Leave a time that OpenAI's clock has not reached; returns whether that may print events again.

        Nothing says which of the events before it were printed, other than those that are known by their ids.
        """
        is_ahead = self.until > max(now + _CLOCKS_DIFFER_SECONDS, self.since)
        self.until = self.since if is_ahead else self.until
        return is_ahead

    def move(self, until: int) -> None:
        """Everything before a time was printed."""
        self.until = max(self.until, until)
        self.printed = {id_: at for id_, at in self.printed.items() if at >= self.window}


@dataclass
class _Log:
    """Prints the events that were not printed yet."""

    client: Client
    filters: Mapping[str, list[str]]
    place: LogPosition
    cursor: Path | None

    def print_new(self) -> int:
        """Print them in pages, each before the cursor is written; returns how many there are."""
        count = 0
        for events, until in self._windows():
            for page in (events[start : start + PAGE] for start in range(0, len(events), PAGE)):
                terminal.show_json_lines(page)
                self.place.printed |= {_id_of(event): _time_of(event) for event in page}
                self.place.move(min(_time_of(page[-1]), until))
                self.save()
                count += len(page)
            self.place.move(until)
            self.save()
        return count

    def save(self) -> None:
        """Write the cursor, completely or not at all."""
        if self.cursor is not None:
            with terminal.whole_file(self.cursor.absolute()) as file:
                file.write(f"{json.dumps(asdict(self.place))}\n")

    def _windows(self) -> Iterator[tuple[list[dict[str, Any]], int]]:
        """The new events of each window, oldest first, and the end of the window, which OpenAI's clock has passed.

        The less there is in a window, the longer is the next one. The last one has no end, and everything that was
        recorded before it was asked for.
        """
        length = _FIRST_WINDOW
        while True:
            end = self.place.until + length
            is_last = end >= int(self.client.clock.now_or_local())
            shown = self._read(None if is_last else end)
            # by OpenAI's clock since this response, whatever the clock of the machine says
            now = int(self.client.clock.now_or_local())
            if self.place.turn_back(now):
                terminal.warn(
                    [f"{self.cursor} has a time in the future, so it can't say which events were printed. {_AGAIN}"]
                )
                continue
            new = [event for event in reversed(shown) if _id_of(event) not in self.place.printed]
            yield sorted(new, key=_time_of), now if is_last else min(end, now)
            if is_last or end >= now:
                return
            length = min(2 * length, _LONGEST_WINDOW) if len(shown) < PAGE else max(length // 2, _FIRST_WINDOW)

    def _read(self, end: int | None) -> list[dict[str, Any]]:
        """All events of a window, newest first."""
        query: dict[str, Any] = {"limit": PAGE, "effective_at[gte]": self.place.window, **self.filters}
        if end is not None:
            query["effective_at[lt]"] = end
        call = Call("GET", fill(AuditLog.handler.path), "read the audit log", query)
        with self.client.operation():
            return list(self.client.requestor.pages(call))


def _time_of(event: Mapping[str, Any]) -> int:
    """The time of an event. One without a time is the last, and its id is never forgotten: any window may show it."""
    at = formats.moment_seconds(event.get("effective_at"))
    return formats.LATEST if at is None else at


def _id_of(event: Mapping[str, Any]) -> str:
    """The id of an event; of one without an id, a text that is made from all of the event."""
    id_ = event.get("id")
    if isinstance(id_, str) and id_:
        return id_
    return hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()
