"""The command `drift`: what differs between a stack's state and OpenAI, and who changed it.

`comparison` compares the resources of the state with their objects. This module says and shows what it found.
"""

from __future__ import annotations

import time
from functools import partial
from itertools import groupby, zip_longest
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import typer
from typing_extensions import override

from pulumi_openai_admin import config, errors
from pulumi_openai_admin.cli import authors, recorded, report, terminal, unmanaged
from pulumi_openai_admin.cli.adopt.kinds import KIND, PROJECT, Patterns
from pulumi_openai_admin.cli.adopt.stack import StackState
from pulumi_openai_admin.cli.connection import ORGANIZATION_NAME, CachingClient, place_name
from pulumi_openai_admin.cli.drift import comparison
from pulumi_openai_admin.cli.options import READ, AsJson, Html, MaxWait, Parallel, declare
from pulumi_openai_admin.cli.words import ABSENT, in_iso, in_words
from pulumi_openai_admin.engine.wording import COMMAND_LINE
from pulumi_openai_admin.printable import bounded, counted, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_openai_admin.cli.authors import Author, Search
    from pulumi_openai_admin.cli.drift.comparison import Compared
    from pulumi_openai_admin.cli.unmanaged import Unmanaged

_MAX_SHOWN = 10
_place = attrgetter("place.project_id")
"""The project that a resource is in, or is; empty for one of the organization."""
_RESTORE = "Run `pulumi refresh` to record the current values, then `pulumi up` to restore the values in the program."


@declare(page="drift.md", scopes=[READ])
def drift(  # noqa: PLR0913 - the options of the command
    *,
    state: Path | None = None,
    stack: str | None = None,
    html: Html = None,
    unmanaged: bool = False,
    exclude: list[str] | None = None,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> int:
    """Show differences between a stack's state and OpenAI, and who made each change. For scheduled runs.

    It changes neither the state nor OpenAI, and does not compare secrets. The exit code is 3 if something differs or
    `--unmanaged` lists something, 4 if nothing of that was found and not everything could be compared, and 0 if
    everything was compared and nothing differs.

    Examples:
    ```console
    pulumi-openai-admin drift
    pulumi-openai-admin drift --stack prod --html drift.html
    pulumi-openai-admin drift --unmanaged --exclude kind:OrganizationUser
    pulumi stack export | pulumi-openai-admin drift --state - --json
    ```

    Options:
        state (FILE): A file that `pulumi stack export` wrote, or `-` for stdin. Without it, drift exports the current
            stack.
        stack (NAME): Export this stack instead of the current stack.
        unmanaged: Also list objects that no resource of the stack manages, by kind, with author and time of creation.
            Reads the projects of the stack, and the organization if the stack manages objects of the organization.
        exclude (PATTERN): With `--unmanaged`, do not list matching objects. The patterns are those of `adopt
            --exclude`. Repeatable.
    """
    if state is not None and stack is not None:
        raise typer.BadParameter("Give --state or --stack, not both.", param_hint="--stack")
    if exclude and not unmanaged:
        raise typer.BadParameter("--exclude belongs to --unmanaged.", param_hint="--exclude")
    report.refuse_unusable(html, as_json=as_json)
    with terminal.waiting("Reading the state"):
        document = recorded.exported_stack(state, stack)
    patterns = Patterns(exclude=exclude or ()) if unmanaged else None
    found = read(document, patterns, max_wait, parallel)
    found.show(html, as_json=as_json)
    say(found)
    if found.rows or found.unmanaged:
        return terminal.FOUND
    return terminal.NOT_READ if found.is_incomplete or found.has_unread_lists else terminal.DONE


class DriftReport(report.ShownReport["Compared"]):
    """What the command found. The rows are what differs, the organization first, then project by project."""

    template = "drift_page.html.jinja"
    rows_are = "resources that differ"

    def __init__(self, compared: Sequence[Compared], project_names: dict[str, str], source: report.Source) -> None:
        def order(it: Compared) -> tuple[bool, str, str]:
            return bool(_place(it)), project_names.get(_place(it), _place(it)), _place(it)

        super().__init__((), sorted((it for it in compared if it.differs), key=order), source)
        self.project_names = project_names
        are_compared = [it.is_compared for it in compared if not (it.not_read or it.is_with_project_key)]
        self.count = sum(are_compared)
        """How many resources were compared: with at least one input that is not secret."""
        self.not_compared = len(are_compared) - self.count
        """How many were read, and all of their inputs are secret."""
        self.total = len(compared)
        """How many resources the stack has."""
        self.uncompared = sorted((it.resource.urn, it.uncompared) for it in compared if it.uncompared)
        """The URNs of resources with the inputs that were not compared, because they are secret, though OpenAI shows
        them."""
        self.with_secrets = sum(it.has_secret for it in compared)
        """How many have inputs that were not compared, because they are secret."""
        self.not_read = sorted((it.resource.urn, it.not_read) for it in compared if it.not_read)
        """The URNs of resources that could not be read, with the reasons."""
        self.with_project_key = sorted(it.resource.urn for it in compared if it.is_with_project_key)
        """The URNs of resources that were not read, because they are read with a key that the state has encrypted."""
        self.announcements = sorted(text for it in compared for text in it.announcements)
        """What will become due in the next days."""
        self.skipped: Sequence[str] = ()
        """Names of providers whose resources were not read."""
        self.unknown: list[str] = []
        """Why it is not known who changed some of the resources."""
        self.unmanaged: list[Unmanaged] | None = None
        """What no resource manages; None if that was not asked for."""
        self.not_listed: list[str] = []
        """The lists that were not read, each as a sentence."""
        self.has_unread_lists = False
        """Whether OpenAI serves some of them to the organization: they may have something that is not managed."""

    @property
    def is_incomplete(self) -> bool:
        """Whether something was not compared, so that nothing can be said of the whole stack."""
        return bool(self.left_out or self.uncompared)

    @property
    def left_out(self) -> int:
        """How many resources were not compared."""
        return self.total - self.count

    @property
    def agreement(self) -> str:
        """What can be said if nothing differs."""
        if not self.is_incomplete:
            return "The state agrees with OpenAI."
        return "What was compared agrees with OpenAI." if self.count else "No resource was compared."

    @override
    def document(self) -> dict[str, Any]:
        return {
            "read_at": in_iso(self.source.read_at),
            "source": self.source.base_url,
            "compared": self.count,
            "not_compared": self.not_compared,
            "not_compared_inputs": [{"urn": urn, "inputs": names} for urn, names in self.uncompared],
            "differing": len(self.rows),
            "skipped_providers": self.skipped,
            "not_read": [{"urn": urn, "reason": reason} for urn, reason in self.not_read],
            "with_project_key": self.with_project_key,
            "audit_log": self.unknown,
            "ending": self.announcements,
            **({} if self.unmanaged is None else {"not_listed": self.not_listed}),
            "drift": map(_document, self.rows),
            **({} if self.unmanaged is None else {"unmanaged": (object_.document() for object_ in self.unmanaged)}),
        }

    @override
    def show_table(self) -> None:
        for project_id, differences in groupby(self.rows, key=_place):
            terminal.show(terminal.cell(place_name(project_id, self.project_names), "bold"))
            for difference in differences:
                terminal.show(terminal.cell(f"  {difference.resource.title}"))
                terminal.show_block([(it.field, it.words, authors.by(it.author)) for it in lines(difference)])
        if self.unmanaged:
            terminal.show(terminal.cell("Not managed by any resource of the stack:", "bold"))
            unmanaged.show(self.unmanaged, self.project_names)

    @override
    def page(self) -> dict[str, Any]:
        sections = []
        for project_id, differences in groupby(self.rows, key=_place):
            shown = [(difference, lines(difference)) for difference in differences]
            name = self.project_names.get(project_id, "Project") if project_id else ORGANIZATION_NAME
            sections.append((project_id, name, shown, sum(len(found) for _, found in shown)))
        return {
            "rows": sum(count for *_, count in sections),
            "warnings": [
                *_of_archived(self),
                *_skipped(self),
                *_with_project_key(self),
                *_secret(self),
                *_not_read(self),
                *(f"Not listed: {text}" for text in self.not_listed),
                *self.announcements,
                *self.unknown,
            ],
            "sections": sections,
            "place_name": lambda project_id: place_name(project_id, self.project_names),
            "by": authors.by,
        }


def read(document: Any, patterns: Patterns | None, max_wait: float, parallel: int) -> DriftReport:
    """Compare an exported stack with OpenAI, and list what it does not manage, without what patterns exclude."""
    resources = comparison.Stack(document)
    settings, skipped = resources.settings(max_wait, parallel)

    def managed_by(provider: str) -> StackState:
        return StackState(document, lambda record: resources.provider_of(record) == provider)

    managed = {provider: managed_by(provider) for provider in (settings if patterns else ())}
    source = ", ".join(sorted({chosen.base_url for chosen in settings.values()})) or config.DEFAULT_BASE_URL
    read_at = time.time()
    clients = {provider: CachingClient(chosen) for provider, chosen in settings.items()}

    def read_log(provider: str, search: Search) -> None:
        with terminal.waiting("Reading the audit log"):
            reason = authors.read(clients[provider], search)
        if reason and reason not in found.unknown:
            found.unknown.append(reason)

    compared = comparison.compare(resources, clients)
    found = DriftReport(compared, resources.project_names, report.Source(read_at, source))
    found.skipped = skipped
    found.total = sum(map(len, resources.places.values()))
    for provider, client in clients.items():
        differences = [it for it in compared if it.differs and it.place.provider == provider]
        if differences:
            comparison.attribute(differences, partial(read_log, provider))
        items = [change for it in differences for change in it.changes if change.is_item]
        ids = {str(change.item) for change in items if change.path[0] == unmanaged.USER_IDS}
        people = unmanaged.addresses(client, ids) if ids else {}
        for difference in differences:
            difference.people = people
    if patterns:
        patterns.warn_of_unused(KIND, unmanaged.kind_names())
        listings = {provider: unmanaged.find(managed[provider], it, patterns) for provider, it in clients.items()}
        projects = [project for listing in listings.values() for project in listing.projects]
        patterns.warn_of_unused(PROJECT, (name for it in projects for name in (it.project_id, it.name)))
        names = {project.project_id: project.name for project in projects if project.name}
        found.project_names = {**names, **found.project_names}
        for provider, listing in listings.items():
            read_log(provider, listing.search)
            found.unmanaged = [*(found.unmanaged or ()), *listing.all()]
            found.not_listed += listing.not_listed
            found.has_unread_lists |= bool(listing.not_read)
    return found


class DriftLine(NamedTuple):
    """A value that differs."""

    field: str
    before: str
    """The value in the state, for people; a dash if there is none."""
    after: str
    """The value at OpenAI."""
    author: Author | None
    mark: str = ""
    """`gone` if the object no longer exists, or something is due."""
    is_managed: bool = True
    """Whether the program sets the field."""

    @property
    def words(self) -> str:
        """What differs, in one text."""
        if self.mark:
            return self.after
        if self.before == ABSENT:
            return f"+ {self.after}"
        return f"- {self.before}" if self.after == ABSENT else f"{self.before} → {self.after}"


def lines(difference: Compared) -> list[DriftLine]:
    """What is shown of a resource."""
    if difference.gone:
        return [DriftLine("gone", "in the state", difference.gone, difference.author, "gone")]
    found = []
    for change, author in zip_longest(difference.changes, difference.authors):
        before, after = (in_words(change.path, value) for value in (change.before, change.after))
        if change.is_item:
            member = difference.people.get(str(change.item))
            item = f"{member} ({change.item})" if member else str(change.item)
            before, after = (ABSENT, item) if change.before is None else (item, ABSENT)
        found.append(DriftLine(change.field, before, after, author, is_managed=change.is_managed))
    return [*found, *(DriftLine("due", "", note, difference.author, "gone") for note in difference.notes)]


def _document(difference: Compared) -> dict[str, Any]:
    return {
        "urn": difference.resource.urn,
        "resource": difference.resource.kind,
        "name": difference.resource.name,
        "id": difference.resource.id,
        "project_id": _place(difference) or None,
        "status": "gone" if difference.gone else "changed",
        "reason": difference.gone or None,
        "changes": [
            {
                "field": change.field,
                "before": change.before,
                "after": change.after,
                "member": difference.people.get(str(change.item)) if change.is_item else None,
                "is_managed": change.is_managed,
                **_by(author),
            }
            for change, author in zip_longest(difference.changes, difference.authors)
        ],
        "notes": list(difference.notes),
        **_by(difference.author),
    }


def _by(author: Author | None) -> dict[str, Any]:
    if author is None:
        return {"changed_by": None, "changed_at": None, "event": None, "event_id": None}
    return {"changed_by": author.name, "changed_at": author.at, "event": author.event, "event_id": author.event_id}


def say(found: DriftReport) -> None:
    """Say what was compared, and what was not, on stderr."""
    terminal.warn([*_skipped(found), *_with_project_key(found)])
    if found.with_secrets:
        terminal.say(f"Resources with secret inputs, which are not compared: {found.with_secrets:,}.")
    terminal.warn(_secret(found))
    for line in found.unknown:
        terminal.say(line)
    terminal.warn(found.announcements)
    for line in _not_read(found):
        terminal.say(f"error: {line}", "red")
    terminal.warn(f"Not listed: {text}" for text in found.not_listed)
    compared = f"{counted(found.count, 'resource')} compared{f', {found.left_out:,} not' * bool(found.left_out)}"
    if differing := len(found.rows):
        first = [_RESTORE] if any(not difference.is_archived for difference in found.rows) else []
        text = f"{compared}, {counted(differing, 'differs', 'differ')}."
        terminal.say(" ".join([text, *first, *_of_archived(found)]))
    else:
        agreement = found.agreement
        terminal.say(f"{compared}: {agreement[0].lower()}{agreement[1:]}" if found.count else f"{compared}.")
    if found.unmanaged is not None:
        count = len(found.unmanaged)
        advice = " Run `pulumi-openai-admin adopt --into` to import the objects that have a resource." if count else ""
        of_lists = " of the lists that were read" if found.has_unread_lists else ""
        verb = "is" if count == 1 else "are"
        terminal.say(f"{counted(count, 'object')}{of_lists} {verb} managed by no resource.{advice}")


def _of_archived(found: DriftReport) -> list[str]:
    is_archived = any(difference.is_archived for difference in found.rows)
    return [errors.ARCHIVED_ADVICE.in_words(COMMAND_LINE)] if is_archived else []


def _skipped(found: DriftReport) -> list[str]:
    return [
        f"The resources of Provider {printable(name)!r} were not compared: its key is encrypted in the state. "
        "To compare them, use a file of `pulumi stack export --show-secrets`, and delete it afterwards."
        for name in found.skipped
    ]


def _with_project_key(found: DriftReport) -> list[str]:
    names = bounded(", ", (printable(recorded.name_of(urn)) for urn in found.with_project_key))
    text = f"Not compared, because the API key of their project is encrypted in the state: {names}."
    return [f"{text} `pulumi preview --refresh` compares them."] if names else []


def _secret(found: DriftReport) -> list[str]:
    """What was not compared because it is secret, although OpenAI shows it."""
    listed = (f"{printable(recorded.name_of(urn))} ({', '.join(names)})" for urn, names in found.uncompared)
    text = f"Not compared, because these inputs are secret in the state: {bounded(', ', listed)}."
    return [f"{text} `pulumi refresh --diff` compares them, too."] if found.uncompared else []


def _not_read(found: DriftReport) -> list[str]:
    lines = [
        f"{recorded.kind_in(urn)} {printable(recorded.name_of(urn))} could not be read: {reason}"
        for urn, reason in found.not_read[:_MAX_SHOWN]
    ]
    more = len(found.not_read) - len(lines)
    return [*lines, *([f"{more:,} more resources could not be read."] if more else [])]
