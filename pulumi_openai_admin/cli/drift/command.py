"""The command `drift`: read the state, read the objects, and show what differs and who changed it."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pulumi_openai_admin import config
from pulumi_openai_admin.cli import connection, stack_export, terminal, unmanaged
from pulumi_openai_admin.cli.adopt.kinds import Patterns
from pulumi_openai_admin.cli.drift import beside, events, exported, page, reading, shown
from pulumi_openai_admin.cli.drift import settings as provider_settings
from pulumi_openai_admin.cli.organization import refuse_unwritable
from pulumi_openai_admin.cli.recorded import kind_of, name_of
from pulumi_openai_admin.cli.spool import Spool
from pulumi_openai_admin.cli.whole_file import named, whole_file
from pulumi_openai_admin.cli.words import counted
from pulumi_openai_admin.printable import bounded, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import IO, Any

    from pulumi_openai_admin.cli.adopt.stack import StackState
    from pulumi_openai_admin.cli.connection import CachingClient
    from pulumi_openai_admin.cli.drift.exported import Exported
    from pulumi_openai_admin.cli.drift.reading import Outcome
    from pulumi_openai_admin.cli.drift.report import Difference
    from pulumi_openai_admin.cli.unmanaged import Found, Unmanaged
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
    unmanaged: bool = False
    """Whether to list what no resource of the stack manages."""
    exclude: Sequence[str] = ()
    """Patterns of what is not listed."""


@dataclass
class _Beside:
    """What no resource manages, of one provider."""

    provider: str
    found: Found
    not_read: list[str]


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
    beside: list[_Beside] | None = None
    """What no resource manages; None if that was not asked for."""

    @property
    def project_names(self) -> dict[str, str]:
        """The names of projects, by id: those in the state, and those that were listed."""
        listed = [listing.found.project_names for listing in self.beside or ()]
        return {id_: name for names in (*listed, self.exported.project_names) for id_, name in names.items()}

    def unmanaged(self) -> Iterator[Unmanaged]:
        """What no resource manages, of one provider after the other."""
        for listing in self.beside or ():
            yield from listing.found.all()

    @property
    def unmanaged_count(self) -> int:
        """How much no resource manages."""
        return sum(len(listing.found) for listing in self.beside or ())

    def differences(self) -> Iterator[Difference]:
        """What differs, the organization first, then project by project."""
        names = self.exported.project_names
        for project_id in sorted(self.found.groups(), key=lambda id_: (bool(id_), names.get(id_, id_), id_)):
            for kept in self.found.documents(project_id):
                difference = reading.of_kept(kept)
                search = self.search.get(kept["provider"])
                difference = difference.naming(self.people.get(kept["provider"], {}))
                yield search.attributed(difference) if search else difference

    @property
    def code(self) -> int:
        """The exit code."""
        return terminal.FAILED if self.is_incomplete else DIFFERS if len(self.found) or self.unmanaged_count else 0

    @property
    def is_incomplete(self) -> bool:
        """Whether some resources were not compared, so that nothing can be said of the whole stack."""
        return bool(self.outcome.not_read or self.skipped or self.outcome.is_nothing_compared)


def drift(options: DriftOptions, *, max_wait: float, parallel: int) -> int:
    """Compare a stack's state with OpenAI; returns the exit code.

    Resources, responses and differences are kept in files, because a stack may be larger than memory.

    Raises:
        errors.AdminError: The state or the objects could not be read.
    """
    if options.html is not None:
        refuse_unwritable(options.html)
    with ExitStack() as until:
        spool = until.enter_context(Spool[exported.ResourceGroup]())
        with stack_export.opened(options.state, options.stack) as file, terminal.waiting("Reading the state"):
            stack = exported.read(file, spool)
            document = _whole(file) if options.unmanaged else None
        settings, skipped = _settings(stack, max_wait, parallel)
        stacks = _stacks(document, stack, settings)
        found = until.enter_context(Spool[str]())
        read_at = datetime.now(UTC)
        clients = reading.clients(settings)
        outcome = reading.read_all(stack, clients, found)
        result = _Result(stack, outcome, found, read_at, _address(settings), skipped)
        _attribute(result, settings, clients)
        _name_people(result, clients)
        if document is not None:
            result.beside = _beside(stacks, clients, Patterns(exclude=options.exclude))
            _attribute_unmanaged(result, settings, clients)
        _show(options, result)
        _say(result)
        return result.code


def _whole(file: IO[bytes]) -> Any:
    """The exported stack in memory: what it manages is compared with everything that exists."""
    file.seek(0)
    return json.load(file)


def _stacks(document: Any, stack: Exported, settings: Mapping[str, config.Settings]) -> dict[str, StackState]:
    """What the resources of each provider manage; empty if that is not needed.

    Raises:
        errors.ConfigurationError: An operation of the stack was interrupted.
    """
    if document is None:
        return {}
    return {provider: beside.stack_of(document, provider, stack.providers) for provider in settings}


def _beside(
    stacks: Mapping[str, StackState], clients: Mapping[str, CachingClient], patterns: Patterns
) -> list[_Beside]:
    return [_Beside(provider, *beside.find(stacks[provider], client, patterns)) for provider, client in clients.items()]


def _attribute_unmanaged(
    result: _Result, settings: Mapping[str, config.Settings], clients: Mapping[str, Client]
) -> None:
    """Find out who made what no resource manages."""
    for listing in result.beside or ():
        with terminal.waiting("Reading the audit log"):
            at_openai = clients[listing.provider].clock.now()
            reason = events.read(_log_client(settings[listing.provider]), listing.found.search, at_openai)
        if reason and reason not in result.unknown:
            result.unknown.append(reason)


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
        values = provider_settings.of_provider(urn, stack.providers[provider])
        if values is None:
            skipped.append(name_of(urn))
        else:
            found[provider] = connection.of_provider(values | options)
    return found, skipped


def _address(settings: Mapping[str, config.Settings]) -> str:
    return ", ".join(sorted({chosen.base_url for chosen in settings.values()})) or config.DEFAULT_BASE_URL


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
    """A client that keeps no responses: the audit log is read page by page, until enough is known."""
    return connection.read_only_client(settings)


def _show(options: DriftOptions, result: _Result) -> None:
    if options.as_json:
        lists = {"drift": shown.documents(result.differences())}
        if result.beside is not None:
            lists["unmanaged"] = (object_.document() for object_ in result.unmanaged())
        terminal.show_json_lists(_head(result), lists)
    if options.html is not None:
        with whole_file(options.html) as file:
            beside_stack = list(result.unmanaged()) if result.beside is not None else None
            page.write(file, result.differences, _survey(result), result.project_names, beside_stack)
        terminal.say(f"Wrote {named(options.html)} (resources that differ: {len(result.found):,}).")
    elif not options.as_json:
        shown.show(result.differences(), result.project_names)
        if result.unmanaged_count:
            terminal.show(terminal.cell("Not managed by any resource of the stack:", "bold"))
            unmanaged.show(result.unmanaged(), result.project_names)


def _head(result: _Result) -> dict[str, Any]:
    not_listed = [text for listing in result.beside or () for text in listing.not_read]
    return {
        "read_at": result.read_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "source": result.address,
        "compared": result.outcome.compared,
        "not_compared": result.outcome.not_compared,
        "differing": len(result.found),
        "skipped_providers": result.skipped,
        "not_read": [{"urn": urn, "reason": reason} for urn, reason in sorted(result.outcome.not_read)],
        "with_project_key": sorted(result.outcome.with_project_key),
        "audit_log": result.unknown,
        "ending": sorted(result.outcome.announcements),
        **({} if result.beside is None else {"not_listed": not_listed}),
    }


def _survey(result: _Result) -> page.DriftFigures:
    return page.DriftFigures(
        read_at=result.read_at,
        source=result.address,
        compared=result.outcome.compared,
        warnings=[
            *_skipped(result),
            *_with_project_key(result.outcome),
            *([_NOTHING_COMPARED] if result.outcome.is_nothing_compared else []),
            *_not_read(result.outcome),
            *sorted(result.outcome.announcements),
            *result.unknown,
        ],
        is_incomplete=result.is_incomplete,
    )


def _say(result: _Result) -> None:
    """Say what was compared, and what was not, on stderr."""
    for line in [*_skipped(result), *_with_project_key(result.outcome)]:
        terminal.say(f"warning: {line}", "yellow")
    if result.outcome.secret:
        count = result.outcome.secret
        terminal.say(f"Resources with secret inputs, which are not compared: {count:,}.")
    if result.outcome.is_nothing_compared:
        terminal.say(f"error: {_NOTHING_COMPARED}", "red")
    for line in result.unknown:
        terminal.say(line)
    for line in sorted(result.outcome.announcements):
        terminal.say(f"warning: {line}", "yellow")
    for line in _not_read(result.outcome):
        terminal.say(f"error: {line}", "red")
    for text in (text for listing in result.beside or () for text in listing.not_read):
        terminal.say(f"warning: Not listed: {text}", "yellow")
    _summarize(result)


def _summarize(result: _Result) -> None:
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
    if result.beside is not None:
        count = result.unmanaged_count
        advice = " Run `pulumi-openai-admin adopt --into` to import the objects that have a resource." if count else ""
        terminal.say(f"{counted(count, 'object')} {'is' if count == 1 else 'are'} managed by no resource.{advice}")


def _skipped(result: _Result) -> list[str]:
    return [
        f"The resources of Provider {printable(name)!r} were not compared: its key is encrypted in the state. "
        "To compare them, use a file of `pulumi stack export --show-secrets`, and delete it afterwards."
        for name in result.skipped
    ]


def _with_project_key(outcome: Outcome) -> list[str]:
    """One line about all resources that are read with the API key of a project."""
    names = bounded(", ", (printable(name_of(urn)) for urn in sorted(outcome.with_project_key)))
    advice = "`pulumi preview --refresh` compares them."
    return (
        [f"Not compared, because the API key of their project is encrypted in the state: {names}. {advice}"]
        if names
        else []
    )


def _not_read(outcome: Outcome) -> list[str]:
    lines = [
        f"{kind_of(urn.split('::')[2].rpartition('$')[2])} {printable(name_of(urn))} could not be read: {reason}"
        for urn, reason in sorted(outcome.not_read)[:_MAX_SHOWN]
    ]
    more = len(outcome.not_read) - len(lines)
    return [*lines, *([f"{more:,} more resources could not be read."] if more else [])]
