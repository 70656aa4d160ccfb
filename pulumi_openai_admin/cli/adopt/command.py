"""`adopt`: read, plan, write, and say what to do next."""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from rich.table import Table

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, terminal, words
from pulumi_openai_admin.cli.adopt import program
from pulumi_openai_admin.cli.adopt.folder import Folder
from pulumi_openai_admin.cli.adopt.import_file import ImportFile, entry
from pulumi_openai_admin.cli.adopt.names import slug_of
from pulumi_openai_admin.cli.adopt.patterns import ACCOUNT, MODEL, PROJECT, Patterns
from pulumi_openai_admin.cli.adopt.plan import Plan, ProjectRead
from pulumi_openai_admin.cli.common_values import usual_limits
from pulumi_openai_admin.cli.concurrency import run_concurrently
from pulumi_openai_admin.cli.journal import Journal, List, Source
from pulumi_openai_admin.cli.organization import chosen_projects, read_list
from pulumi_openai_admin.data_sources import project_rate_limit
from pulumi_openai_admin.data_sources.kind import Kind
from pulumi_openai_admin.data_sources.project import KIND as PROJECTS
from pulumi_openai_admin.dynamic.adoption import NotAdoptableError
from pulumi_openai_admin.dynamic.adoption import adopt as taken_over
from pulumi_openai_admin.handlers.restoration import bounded
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from pulumi_openai_admin import GetProjectRateLimitResult, GetProjectResult, GetProjectServiceAccountResult
    from pulumi_openai_admin.cli.adopt.plan import Declared, Module
    from pulumi_openai_admin.http.client import Client

_LIMITS, _ACCOUNTS = "rate_limits", "service_accounts"
LISTS: Mapping[str, Kind] = {_LIMITS: project_rate_limit.KIND, _ACCOUNTS: Kind(ProjectServiceAccount)}
_THING = {_LIMITS: MODEL, _ACCOUNTS: ACCOUNT}
_NAMED_BY = {_LIMITS: ("model",), _ACCOUNTS: ("name", "id")}

AFTER_INTERRUPT = "Run the same command again: it goes on from here."
_MAX_TOLD = 10
_NO_CHECKPOINTS = "PULUMI_EXPERIMENTAL=true PULUMI_SKIP_CHECKPOINTS=true"
"""For the import alone, which changes nothing outside: 2,000 entries take 5 s instead of 103."""


@dataclass(frozen=True)
class AdoptOptions:
    """What the command was asked for."""

    projects: Sequence[str]
    out: Path
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    all_limits: bool = False
    one_by_one: bool = False
    force: bool = False

    @property
    def patterns(self) -> Patterns:
        """What is meant."""
        return Patterns(self.include, self.exclude)

    @property
    def title(self) -> str:
        """What the program is called."""
        return slug_of(self.out.resolve().name, "-") or "openai"

    @property
    def commands(self) -> list[str]:
        """What brings the program's resources into a stack, in its folder."""
        return [
            "pulumi install",
            "pulumi stack init production",
            f"{_NO_CHECKPOINTS} pulumi import --file {program.IMPORT_FILE} --generate-code=false",
            "pulumi preview  # shows no change",
        ]


def adopt(asked: AdoptOptions, *, as_json: bool, max_wait: float, parallel: int) -> None:
    """Read what is there and write the program.

    What is read goes to a file, and from there into the program, project by project: an organization may be larger
    than memory.

    Raises:
        errors.AdminError: Something could not be read; what was, is kept for the next time. Nothing is written.
    """
    folder = Folder(asked.out, force=asked.force)
    folder.refuse_to_overwrite()
    settings = connection.settings(max_wait, parallel)
    client = connection.reading(settings)
    projects = _chosen(client, asked)
    with Journal(folder.journal, Source(settings.base_url, settings.organization)) as journal:
        organization = _Organization(projects, journal, asked.patterns)
        _tell_what_is_known(journal)
        organization.read(client)
        organization.warn_of_idle()
        counts, left_out = _write(asked, folder, client, organization)
    folder.finish()
    _tell(asked, counts, left_out, as_json=as_json)


def _chosen(client: Client, asked: AdoptOptions) -> list[GetProjectResult]:
    there, patterns = chosen_projects(client, asked.projects), asked.patterns
    _warn_of_idle(patterns, PROJECT, (name for one in there for name in (one.project_id, one.name)))
    projects = [one for one in there if patterns.take(PROJECT, one.project_id, one.name)]
    if not projects:
        raise errors.ConfigurationError("No project is left to adopt", "Check --include and --exclude.")
    return projects


def _warn_of_idle(patterns: Patterns, thing: str, names: Iterable[str | None]) -> None:
    for pattern in patterns.idle(thing, names):
        terminal.say(f"warning: no {thing} matches {pattern!r}.", "yellow")


def _tell_what_is_known(journal: Journal) -> None:
    if journal.unused:
        reasons = ", ".join(f"{count} {reason}" for reason, count in journal.unused.items())
        terminal.say(f"warning: In {journal.path} some entries are not used, and are read again: {reasons}.", "yellow")


class _Organization:
    """What is adopted: projects, and their lists in the journal."""

    def __init__(self, projects: Sequence[GetProjectResult], journal: Journal, patterns: Patterns) -> None:
        self.projects = projects
        self._journal = journal
        self._patterns = patterns
        self._kinds = [kind for kind in LISTS if patterns.take_any(_THING[kind])]

    def read(self, client: Client) -> None:
        """Read all lists into the journal, but not those that an interrupted run has read already."""
        journal = self._journal
        lists = [List(one.project_id, kind) for one in self.projects for kind in self._kinds]
        missing = [one for one in lists if one not in journal]
        if known := len(lists) - len(missing):
            age = f"the oldest {journal.oldest_seconds / 60:.0f} min ago"
            read_before = f"{known} of {len(lists)} lists were read before, {age}"
            terminal.say(f"Going on: {read_before} (delete {journal.path} to read anew).")
        failed: dict[List, Exception] = {}
        with terminal.progress("Reading", len(lists)) as bar:
            bar.advance(bar.task_ids[0], known)
            for one, error in run_concurrently(partial(self._read, client), missing, client.parallel):
                if error is not None:
                    failed[one] = _of_one_project(error)
                bar.advance(bar.task_ids[0])
        if failed:
            raise _unread(failed)

    def _read(self, client: Client, one: List) -> None:
        self._journal.add(one, read_list(client, LISTS[one.kind], one.project_id))

    def warn_of_idle(self) -> None:
        """Tell of patterns that match nothing of what was read."""
        for kind in self._kinds:
            if self._patterns.any_of(_THING[kind]):
                rows = (row for one in self.projects for row in self._rows(one, kind))
                _warn_of_idle(self._patterns, _THING[kind], (row.get(name) for row in rows for name in _NAMED_BY[kind]))

    def usual_limits(self) -> dict[tuple[str, str], int]:
        """What most of the projects have."""
        return usual_limits(self._limits(one) for one in self.projects)

    def project(self, project: GetProjectResult) -> ProjectRead:
        """What is meant to be taken of a project."""
        return ProjectRead(project, self._limits(project), self._accounts(project))

    def known_to(self, client: Client, project: GetProjectResult) -> Client:
        """A client that knows the project and its lists, and nothing else: what it is asked, it asks nobody."""
        knowing = connection.apart(client)
        shown = PROJECTS.listing(client, {}).row(project.project_id)
        PROJECTS.listing(knowing, {}).know([] if shown is None else [shown])
        for kind in self._kinds:
            LISTS[kind].listing(knowing, {"project_id": project.project_id}).know(self._rows(project, kind))
        return knowing

    def _limits(self, project: GetProjectResult) -> list[GetProjectRateLimitResult]:
        return [row for row in self._results(project, _LIMITS) if self._patterns.take(MODEL, row.model)]

    def _accounts(self, project: GetProjectResult) -> list[GetProjectServiceAccountResult]:
        there = self._results(project, _ACCOUNTS)
        accounts = [row for row in there if self._patterns.take(ACCOUNT, row.name, row.service_account_id)]
        return sorted(accounts, key=lambda one: (one.name or "", one.service_account_id))

    def _results(self, project: GetProjectResult, kind: str) -> list[Any]:
        return [LISTS[kind].become(row, project_id=project.project_id) for row in self._rows(project, kind)]

    def _rows(self, project: GetProjectResult, kind: str) -> list[dict[str, Any]]:
        return self._journal.rows(List(project.project_id, kind)) if kind in self._kinds else []


def _of_one_project(error: Exception) -> Exception:
    """What keeps one project from being read, and says nothing of the others; all else is raised."""
    if isinstance(
        error, errors.ResourceGoneError | errors.NotFoundError | errors.BadRequestError | errors.PermissionDeniedError
    ):
        return error
    raise error


def _unread(failed: Mapping[List, Exception]) -> errors.AdminError:
    told = " ".join(words.describe(error) for error in list(failed.values())[:_MAX_TOLD])
    ids = sorted({one.project_id for one in failed})
    what = f"Could not read {bounded(', ', ids)}, so nothing was written: {told.rstrip('.')}"
    advice = "Run the same command again: what was read is kept. Or leave them out: " + " ".join(
        f"--exclude {id_}" for id_ in ids[:_MAX_TOLD]
    )
    return errors.AdminError(what, advice)


def _write(
    asked: AdoptOptions, folder: Folder, client: Client, organization: _Organization
) -> tuple[Counter[str], Sequence[str]]:
    """Write the program, one project after the other.

    Returns:
        How many resources of each kind it declares; what it leaves out, and why.
    """
    counts, contents = Counter[str](), program.Contents()
    usual = {} if asked.all_limits else organization.usual_limits()
    plan = Plan(usual, one_by_one=asked.one_by_one)
    with (
        folder.drafting() as draft,
        (draft / program.IMPORT_FILE).open("wb") as file,
        terminal.progress("Writing", len(organization.projects)) as bar,
    ):
        imports = ImportFile(file)
        (draft / program.MODULES).mkdir()
        for project in organization.projects:
            read = organization.project(project)
            module, entries, odd = _take_over(organization.known_to(client, project), plan.module(read))
            imports.add(entries)
            _write_file(draft / program.module_path(module.name), program.module_text(module))
            counts.update(one.resource.__name__ for one in module.declared)
            contents.modules.append(module.name)
            contents.account = contents.account or next(iter(module.of(ProjectServiceAccount)), None)
            contents.left_out += [*_nameless(read), *odd]
            bar.advance(bar.task_ids[0])
        imports.finish()
        package = version("pulumi-openai-admin")
        for path, text in program.frame(contents, title=asked.title, version=package, commands=asked.commands).items():
            _write_file(draft / path, text)
    return counts, contents.left_out


def _take_over(client: Client, planned: Module) -> tuple[Module, list[bytes], list[str]]:
    """The module with what can be taken over, entries for the import, and why the rest can't: it stops nothing."""
    entries: list[bytes] = []
    odd: list[tuple[Declared, str]] = []
    for one in planned.declared:
        try:
            adopted = taken_over(client, one.resource, one.handler, one.inputs, one.own_id)
            entries.append(entry(one.name, adopted))
        except NotAdoptableError as reason:
            odd.append((one, str(reason)))
        except errors.ConfigurationError as error:  # an id that no request could name
            odd.append((one, f"{one.resource.__name__} {one.name}: {error.event}"))
    return planned.without([one for one, _ in odd]), entries, [told for _, told in odd]


def _write_file(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _nameless(read: ProjectRead) -> Iterator[str]:
    """What can't be declared, since a resource has to have a name."""
    if not read.project.name:
        yield f"{read.project.project_id}: OpenAI shows no name"
    for account in read.accounts:
        if not account.name:
            yield f"{account.service_account_id}: OpenAI shows no name"


def _tell(asked: AdoptOptions, counts: Counter[str], left_out: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        told = {"out": str(asked.out), "resources": dict(counts), "left_out": left_out, "commands": asked.commands}
        terminal.show_json(told)
        return
    table = Table("resource", "how many", box=None, pad_edge=False)
    for name, count in counts.items():
        table.add_row(name, str(count))
    terminal.show(table)
    for one in left_out[:_MAX_TOLD]:
        terminal.say(f"Left out: {one}.", "yellow")
    if len(left_out) > _MAX_TOLD:
        more = len(left_out) - _MAX_TOLD
        terminal.say(f"Left out: {more} more. {asked.out / 'README.md'} names all.", "yellow")
    if counts["ProjectServiceAccount"]:
        terminal.say(
            "The accounts' keys work on and are unknown to Pulumi, since OpenAI shows a key once. "
            f"{asked.out / 'README.md'} says how to get one that Pulumi keeps."
        )
    terminal.say()
    terminal.say("Now bring all of it into a stack. The import changes nothing at OpenAI:")
    terminal.say()
    for command in (f"cd {shlex.quote(str(asked.out))}", *asked.commands):
        terminal.show_line(f"  {command}")
