"""The command `adopt`: read, plan, write, and print the next steps."""

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
from pulumi_openai_admin.cli.common_values import common_limits
from pulumi_openai_admin.cli.concurrency import run_concurrently
from pulumi_openai_admin.cli.journal import Journal, List, Source
from pulumi_openai_admin.cli.organization import chosen_projects, read_list
from pulumi_openai_admin.data_sources import project_rate_limit
from pulumi_openai_admin.data_sources.kind import Kind
from pulumi_openai_admin.data_sources.project import KIND as PROJECTS
from pulumi_openai_admin.dynamic.adoption import imported
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

AFTER_INTERRUPT = "Run the same command again to continue."
_MAX_SHOWN = 10
_NO_CHECKPOINTS = "PULUMI_EXPERIMENTAL=true PULUMI_SKIP_CHECKPOINTS=true"
"""For the import only, which changes nothing outside the state: 2,000 entries take 5 s instead of 103."""


@dataclass(frozen=True)
class AdoptOptions:
    """The options of the command."""

    projects: Sequence[str]
    out: Path
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    all_limits: bool = False
    one_by_one: bool = False
    force: bool = False

    @property
    def patterns(self) -> Patterns:
        """Which objects to import."""
        return Patterns(self.include, self.exclude)

    @property
    def title(self) -> str:
        """The name of the program."""
        return slug_of(self.out.resolve().name, "-") or "openai"

    @property
    def commands(self) -> list[str]:
        """The commands that import the resources into a stack; they run in the program's folder."""
        return [
            "pulumi install",
            "pulumi stack init production",
            f"{_NO_CHECKPOINTS} pulumi import --file {program.IMPORT_FILE} --generate-code=false",
            "pulumi preview  # shows no change",
        ]


def adopt(options: AdoptOptions, *, as_json: bool, max_wait: float, parallel: int) -> None:
    """Read the organization and write the program.

    Lists are kept in a file and written project by project, because an organization may be larger than memory.

    Raises:
        errors.AdminError: A list could not be read. Nothing is written; lists that were read are kept for the next run.
    """
    folder = Folder(options.out, force=options.force)
    folder.refuse_to_overwrite()
    settings = connection.settings(max_wait, parallel)
    client = connection.read_only_client(settings)
    projects = _chosen(client, options)
    with Journal(folder.journal, Source(settings.base_url, settings.organization)) as journal:
        organization = _Organization(projects, journal, options.patterns)
        _warn_of_unused(journal)
        organization.read(client)
        organization.warn_of_idle()
        counts, left_out = _write(options, folder, client, organization)
    folder.finish()
    _print_result(options, counts, left_out, as_json=as_json)


def _chosen(client: Client, options: AdoptOptions) -> list[GetProjectResult]:
    existing, patterns = chosen_projects(client, options.projects), options.patterns
    _warn_of_idle(patterns, PROJECT, (name for project in existing for name in (project.project_id, project.name)))
    projects = [project for project in existing if patterns.selects(PROJECT, project.project_id, project.name)]
    if not projects:
        raise errors.ConfigurationError("No project is left to adopt", "Check --include and --exclude.")
    return projects


def _warn_of_idle(patterns: Patterns, thing: str, names: Iterable[str | None]) -> None:
    for pattern in patterns.idle(thing, names):
        terminal.say(f"warning: no {thing} matches {pattern!r}.", "yellow")


def _warn_of_unused(journal: Journal) -> None:
    if journal.unused:
        reasons = ", ".join(f"{count} {reason}" for reason, count in journal.unused.items())
        terminal.say(f"warning: In {journal.path} some entries are not used, and are read again: {reasons}.", "yellow")


class _Organization:
    """The projects to import, and their lists in the journal."""

    def __init__(self, projects: Sequence[GetProjectResult], journal: Journal, patterns: Patterns) -> None:
        self.projects = projects
        self._journal = journal
        self._patterns = patterns
        self._kinds = [kind for kind in LISTS if patterns.selects_any(_THING[kind])]

    def read(self, client: Client) -> None:
        """Read all lists into the journal, except those that an interrupted run has read."""
        journal = self._journal
        lists = [List(project.project_id, kind) for project in self.projects for kind in self._kinds]
        missing = [key for key in lists if key not in journal]
        if known := len(lists) - len(missing):
            age = f"the oldest {journal.oldest_seconds / 60:.0f} min ago"
            read_before = f"{known} of {len(lists)} lists were read before, {age}"
            terminal.say(f"Continuing: {read_before} (delete {journal.path} to read them again).")
        failed: dict[List, Exception] = {}
        with terminal.progress("Reading", len(lists)) as bar:
            bar.advance(bar.task_ids[0], known)
            for key, error in run_concurrently(partial(self._read, client), missing, client.parallel):
                if error is not None:
                    failed[key] = _of_one_project(error)
                bar.advance(bar.task_ids[0])
        if failed:
            raise _read_error(failed)

    def _read(self, client: Client, key: List) -> None:
        self._journal.add(key, read_list(client, LISTS[key.kind], project_id=key.project_id))

    def warn_of_idle(self) -> None:
        """Warn about patterns that match nothing."""
        for kind in self._kinds:
            if self._patterns.any_of(_THING[kind]):
                rows = (row for project in self.projects for row in self._rows(project, kind))
                _warn_of_idle(self._patterns, _THING[kind], (row.get(name) for row in rows for name in _NAMED_BY[kind]))

    def common_limits(self) -> dict[tuple[str, str], int]:
        """The limits that most projects have."""
        return common_limits(self._limits(project) for project in self.projects)

    def project(self, project: GetProjectResult) -> ProjectRead:
        """The selected objects of a project."""
        return ProjectRead(project, self._limits(project), self._accounts(project))

    def client_of(self, client: Client, project: GetProjectResult) -> Client:
        """A client that has the project and its lists already, so that no requests are sent for them."""
        with_lists = connection.with_own_lists(client)
        shown = PROJECTS.listing(client, {}).row(project.project_id)
        PROJECTS.listing(with_lists, {}).know([] if shown is None else [shown])
        for kind in self._kinds:
            LISTS[kind].listing(with_lists, {"project_id": project.project_id}).know(self._rows(project, kind))
        return with_lists

    def _limits(self, project: GetProjectResult) -> list[GetProjectRateLimitResult]:
        return [row for row in self._results(project, _LIMITS) if self._patterns.selects(MODEL, row.model)]

    def _accounts(self, project: GetProjectResult) -> list[GetProjectServiceAccountResult]:
        existing = self._results(project, _ACCOUNTS)
        accounts = [row for row in existing if self._patterns.selects(ACCOUNT, row.name, row.service_account_id)]
        return sorted(accounts, key=lambda account: (account.name or "", account.service_account_id))

    def _results(self, project: GetProjectResult, kind: str) -> list[Any]:
        return [LISTS[kind].become(row, project_id=project.project_id) for row in self._rows(project, kind)]

    def _rows(self, project: GetProjectResult, kind: str) -> list[dict[str, Any]]:
        return self._journal.rows(List(project.project_id, kind)) if kind in self._kinds else []


def _of_one_project(error: Exception) -> Exception:
    """The error if it concerns one project only; all other errors are raised."""
    if isinstance(
        error, errors.ResourceGoneError | errors.NotFoundError | errors.BadRequestError | errors.PermissionDeniedError
    ):
        return error
    raise error


def _read_error(failed: Mapping[List, Exception]) -> errors.AdminError:
    reasons = " ".join(words.describe(error) for error in list(failed.values())[:_MAX_SHOWN])
    ids = sorted({key.project_id for key in failed})
    what = f"Could not read {bounded(', ', ids)}, so nothing was written: {reasons.rstrip('.')}"
    advice = "Run the same command again: completed reads are kept. Or leave out these projects: " + " ".join(
        f"--exclude {id_}" for id_ in ids[:_MAX_SHOWN]
    )
    return errors.AdminError(what, advice)


def _write(
    options: AdoptOptions, folder: Folder, client: Client, organization: _Organization
) -> tuple[Counter[str], Sequence[str]]:
    """Write the program, one project after the other.

    Returns:
        The number of resources of each type; the objects that are left out, with the reasons.
    """
    counts, contents = Counter[str](), program.Contents()
    common = {} if options.all_limits else organization.common_limits()
    plan = Plan(common, one_by_one=options.one_by_one)
    with (
        folder.drafting() as draft,
        (draft / program.IMPORT_FILE).open("wb") as file,
        terminal.progress("Writing", len(organization.projects)) as bar,
    ):
        imports = ImportFile(file)
        (draft / program.MODULES).mkdir()
        for project in organization.projects:
            read = organization.project(project)
            module, entries, skipped = _import(organization.client_of(client, project), plan.module(read))
            imports.add(entries)
            _write_file(draft / program.module_path(module.name), program.module_text(module))
            counts.update(declared.resource.__name__ for declared in module.declared)
            contents.modules.append(module.name)
            contents.account = contents.account or next(iter(module.of(ProjectServiceAccount)), None)
            contents.left_out += [*_nameless(read), *skipped]
            bar.advance(bar.task_ids[0])
        imports.finish()
        package = version("pulumi-openai-admin")
        for path, text in program.frame(
            contents, title=options.title, version=package, commands=options.commands
        ).items():
            _write_file(draft / path, text)
    return counts, contents.left_out


def _import(client: Client, planned: Module) -> tuple[Module, list[bytes], list[str]]:
    """The module with the objects that can be imported, their entries, and why others can't be imported."""
    entries: list[bytes] = []
    skipped: list[tuple[Declared, str]] = []
    for declared in planned.declared:
        try:
            adopted = imported(client, declared.resource, declared.inputs, declared.id)
            entries.append(entry(declared.name, adopted))
        except errors.NotAdoptableError as reason:
            skipped.append((declared, f"{declared.resource.__name__} {reason.event}"))
        except errors.ConfigurationError as error:  # an id that is not valid in a request
            skipped.append((declared, f"{declared.resource.__name__} {declared.name}: {error.event}"))
    return planned.without([declared for declared, _ in skipped]), entries, [reason for _, reason in skipped]


def _write_file(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _nameless(read: ProjectRead) -> Iterator[str]:
    """Objects that can't be declared, because a resource needs a name."""
    if not read.project.name:
        yield f"{read.project.project_id}: OpenAI shows no name"
    for account in read.accounts:
        if not account.name:
            yield f"{account.service_account_id}: OpenAI shows no name"


def _print_result(options: AdoptOptions, counts: Counter[str], left_out: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        result = {
            "out": str(options.out),
            "resources": dict(counts),
            "left_out": left_out,
            "commands": options.commands,
        }
        terminal.show_json(result)
        return
    table = Table("resource", "count", box=None, pad_edge=False)
    for name, count in counts.items():
        table.add_row(name, str(count))
    terminal.show(table)
    for reason in left_out[:_MAX_SHOWN]:
        terminal.say(f"Left out: {reason}.", "yellow")
    if len(left_out) > _MAX_SHOWN:
        more = len(left_out) - _MAX_SHOWN
        terminal.say(f"Left out: {more} more. {options.out / 'README.md'} lists all.", "yellow")
    if counts["ProjectServiceAccount"]:
        terminal.say(
            "The accounts' API keys continue to work. Pulumi does not have them, because OpenAI shows a key only once. "
            f"{options.out / 'README.md'} says how to create a key that Pulumi manages."
        )
    terminal.say()
    terminal.say("Import the resources into a stack with these commands. They change nothing at OpenAI:")
    terminal.say()
    for command in (f"cd {shlex.quote(str(options.out))}", *options.commands):
        terminal.show_line(f"  {command}")
