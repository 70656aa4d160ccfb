"""The command `drift`: read the state, read the objects, and show what differs and who changed it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from pulumi_openai_admin import config
from pulumi_openai_admin.cli import connection, terminal
from pulumi_openai_admin.cli.drift import events, exported, page, reading, shown
from pulumi_openai_admin.cli.drift import settings as provider_settings
from pulumi_openai_admin.cli.migrate.urns import name_of
from pulumi_openai_admin.cli.organization import refuse_unwritable
from pulumi_openai_admin.cli.recorded import kind_of
from pulumi_openai_admin.cli.spool import Spool
from pulumi_openai_admin.cli.whole_file import whole_file
from pulumi_openai_admin.cli.words import counted
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from pulumi_openai_admin.cli.drift.exported import Exported
    from pulumi_openai_admin.cli.drift.reading import Outcome
    from pulumi_openai_admin.cli.drift.report import Difference
    from pulumi_openai_admin.http.client import Client

DIFFERS = 2
"""The exit code if something differs."""
_MAX_SHOWN = 10
_NOTHING_COMPARED = (
    "No resource could be compared, because their inputs are secret in the state. No difference would be found. "
    "Run `pulumi refresh --diff` instead, which compares secrets, too."
)


@dataclass(frozen=True)
class DriftOptions:
    """The options of the command."""

    state: Path | None = None
    stack: str | None = None
    html: Path | None = None
    as_json: bool = False


@dataclass
class _Result:
    """What the command found."""

    exported: Exported
    outcome: Outcome
    found: Spool[str]
    read_at: datetime
    address: str
    skipped: list[str] = field(default_factory=list)
    """Names of providers whose resources were not read."""
    unknown: list[str] = field(default_factory=list)
    """Why it is not known who changed some of the resources."""
    search: Mapping[str, events.Search] = field(default_factory=dict)
    """By provider, who changed what."""
    people: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By provider, the addresses of users that lists name by id."""

    def differences(self) -> Iterator[Difference]:
        """What differs, the organization first, then project by project."""
        names = self.exported.project_names
        for project_id in sorted(self.found.groups(), key=lambda id_: (bool(id_), names.get(id_, id_), id_)):
            for kept in self.found.documents(project_id):
                one = reading.of_kept(kept)
                search = self.search.get(kept["provider"])
                one = one.naming(self.people.get(kept["provider"], {}))
                yield search.attributed(one) if search else one

    @property
    def code(self) -> int:
        """The exit code."""
        return terminal.FAILED if self.is_incomplete else DIFFERS if len(self.found) else 0

    @property
    def is_incomplete(self) -> bool:
        """Whether some resources were not compared, so that nothing can be said of the whole stack."""
        return bool(self.outcome.not_read or self.skipped or self.outcome.is_nothing_compared)


def drift(options: DriftOptions, *, max_wait: float, parallel: int) -> int:
    """Compare a stack's state with OpenAI; returns the exit code.

    Resources, replies and differences are kept in files, because a stack may be larger than memory.

    Raises:
        errors.AdminError: The state or the objects could not be read.
    """
    if options.html is not None:
        refuse_unwritable(options.html)
    with ExitStack() as until:
        spool = until.enter_context(Spool[exported.Place]())
        with exported.opened(options.state, options.stack) as file, terminal.waiting("Reading the state"):
            stack = exported.read(file, spool)
        settings, skipped = _settings(stack, max_wait, parallel)
        found = until.enter_context(Spool[str]())
        read_at = datetime.now(timezone.utc)
        clients = reading.clients(settings, until)
        outcome = reading.read_all(stack, clients, found)
        result = _Result(stack, outcome, found, read_at, _address(settings), skipped)
        _attribute(result, settings, clients)
        _name_people(result, clients)
        _show(options, result)
        _say(result)
        return result.code


def _settings(stack: Exported, max_wait: float, parallel: int) -> tuple[dict[str, config.Settings], list[str]]:
    """The settings by provider, and the names of the providers whose key is encrypted."""
    needed = {place.provider for place in stack.resources.groups()}
    found: dict[str, config.Settings] = {}
    skipped = []
    options = {f"{config.NAMESPACE}:maxWaitSeconds": max_wait, f"{config.NAMESPACE}:parallel": parallel}
    if "" in needed:
        found[""] = connection.settings(max_wait, parallel, provider_settings.of_stack(stack.default))
    for provider in sorted(needed - {""}):
        urn = provider.rpartition("::")[0]
        its = provider_settings.of_provider(urn, stack.providers[provider])
        if its is None:
            skipped.append(name_of(urn))
        else:
            found[provider] = connection.of_provider(its | options)
    return found, skipped


def _address(settings: Mapping[str, config.Settings]) -> str:
    return ", ".join(sorted({one.base_url for one in settings.values()})) or config.DEFAULT_BASE_URL


def _attribute(result: _Result, settings: Mapping[str, config.Settings], clients: Mapping[str, Client]) -> None:
    """Find out who changed what: one window of the audit log for each organization."""
    searches: dict[str, events.Search] = {}
    for project_id in result.found.groups():
        for kept in result.found.documents(project_id):
            searches.setdefault(kept["provider"], events.Search()).add(reading.of_kept(kept))
    for provider, search in searches.items():
        with terminal.waiting("Reading the audit log"):
            at_openai = clients[provider].clock.now()  # the objects were read with it
            reason = events.read(_log_client(settings[provider]), search, at_openai)
        if reason:
            result.unknown.append(reason)
    result.search = searches


def _name_people(result: _Result, clients: Mapping[str, Client]) -> None:
    """Find the addresses of users that a list names by id: one list for each organization."""
    needed: dict[str, set[str]] = {}
    for project_id in result.found.groups():
        for kept in result.found.documents(project_id):
            ids = reading.of_kept(kept).user_ids
            if ids:
                needed.setdefault(kept["provider"], set()).update(ids)
    result.people = {provider: reading.addresses(clients[provider], ids) for provider, ids in needed.items()}


def _log_client(settings: config.Settings) -> Client:
    """A client that keeps no replies: the audit log is read page by page, until enough is known."""
    return connection.read_only_client(settings)


def _show(options: DriftOptions, result: _Result) -> None:
    if options.as_json:
        terminal.show_json_lists(_head(result), {"drift": shown.documents(result.differences())})
    if options.html is not None:
        with whole_file(options.html) as file:
            page.write(file, result.differences, _survey(result), result.exported.project_names)
        terminal.say(f"Wrote {options.html} (resources that differ: {len(result.found):,}).")
    elif not options.as_json:
        shown.show(result.differences(), result.exported.project_names)


def _head(result: _Result) -> dict[str, Any]:
    return {
        "read_at": result.read_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "source": result.address,
        "compared": result.outcome.compared,
        "not_compared": result.outcome.not_compared,
        "differing": len(result.found),
        "skipped_providers": result.skipped,
        "not_read": [{"urn": urn, "reason": reason} for urn, reason in sorted(result.outcome.not_read)],
        "audit_log": result.unknown,
    }


def _survey(result: _Result) -> page.Survey:
    return page.Survey(
        read_at=result.read_at,
        source=result.address,
        compared=result.outcome.compared,
        warnings=[
            *_skipped(result),
            *([_NOTHING_COMPARED] if result.outcome.is_nothing_compared else []),
            *_not_read(result.outcome),
            *result.unknown,
        ],
        is_incomplete=result.is_incomplete,
    )


def _say(result: _Result) -> None:
    """Say what was compared, and what was not, on stderr."""
    for line in _skipped(result):
        terminal.say(f"warning: {line}", "yellow")
    if result.outcome.secret:
        count = result.outcome.secret
        terminal.say(f"Resources with secret inputs, which are not compared: {count:,}.")
    if result.outcome.is_nothing_compared:
        terminal.say(f"error: {_NOTHING_COMPARED}", "red")
    for line in result.unknown:
        terminal.say(line)
    for line in _not_read(result.outcome):
        terminal.say(f"error: {line}", "red")
    compared = f"{counted(result.outcome.compared, 'resource')} compared"
    if differing := len(result.found):
        verb = "differs" if differing == 1 else "differ"
        advice = (
            "Run `pulumi refresh` to record the current values, then `pulumi up` to restore the values in the program."
        )
        terminal.say(f"{compared}, {differing:,} {verb}. {advice}")
    elif result.is_incomplete:
        terminal.say(f"{compared}.")
    else:
        terminal.say(f"{compared}: the state agrees with OpenAI.")


def _skipped(result: _Result) -> list[str]:
    return [
        f"The resources of Provider {printable(name)!r} were not compared: its key is encrypted in the state. "
        "To compare them, use a file of `pulumi stack export --show-secrets`, and delete it afterwards."
        for name in result.skipped
    ]


def _not_read(outcome: Outcome) -> list[str]:
    lines = [
        f"{kind_of(urn.split('::')[2].rpartition('$')[2])} {printable(name_of(urn))} could not be read: {reason}"
        for urn, reason in sorted(outcome.not_read)[:_MAX_SHOWN]
    ]
    left = len(outcome.not_read) - len(lines)
    return [*lines, *([f"{left:,} more resources could not be read."] if left else [])]
