"""The command `adopt`: read, plan, write, and print the next steps."""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from rich.table import Table

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, terminal
from pulumi_openai_admin.cli.adopt.folder import Folder
from pulumi_openai_admin.cli.adopt.import_file import ImportFile
from pulumi_openai_admin.cli.adopt.kinds import all_kinds, selected
from pulumi_openai_admin.cli.adopt.limits import Limits
from pulumi_openai_admin.cli.adopt.objects import Reader
from pulumi_openai_admin.cli.adopt.organization import Organization
from pulumi_openai_admin.cli.adopt.patterns import KIND, MODEL, PROJECT, Patterns, Unmatched, thing_of
from pulumi_openai_admin.cli.adopt.plan import Plan
from pulumi_openai_admin.cli.adopt.readme import IMPORT_FILE, About
from pulumi_openai_admin.cli.adopt.replies import JournaledReplies
from pulumi_openai_admin.cli.adopt.target import DYNAMIC, Target
from pulumi_openai_admin.cli.journal import Journal, Source
from pulumi_openai_admin.cli.organization import chosen_projects
from pulumi_openai_admin.slugs import slug_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pulumi_openai_admin import GetProjectResult
    from pulumi_openai_admin.cli.adopt.plan import Module
    from pulumi_openai_admin.http.client import Client

AFTER_INTERRUPT = "Run the same command again to continue."
_MAX_SHOWN = 10


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
    target: Target = DYNAMIC

    @property
    def patterns(self) -> Patterns:
        """Which objects to import."""
        return Patterns(self.include, self.exclude)

    @property
    def title(self) -> str:
        """The name of the program."""
        return slug_of(self.out.resolve().name, "-") or "openai"


def adopt(options: AdoptOptions, *, as_json: bool, max_wait: float, parallel: int) -> None:
    """Read the organization and write the program.

    Lists are kept in a file and written project by project, because an organization may be larger than memory.

    Raises:
        errors.AdminError: A list could not be read. Nothing is written; lists that were read are kept for the next run.
    """
    folder = Folder(options.out, options.target.files, force=options.force)
    folder.refuse_to_overwrite()
    settings = connection.settings(max_wait, parallel)
    projects = _chosen(connection.read_only_client(settings), options)
    kinds = selected(options.patterns, one_by_one=options.one_by_one, only_projects=bool(options.projects))
    _warn_of_idle(options.patterns, KIND, (kind.name for kind in all_kinds()))
    with Journal(folder.journal, Source(settings.base_url, settings.organization)) as journal:
        _warn_of_unused(journal)
        if len(journal):
            age = f"the oldest {journal.oldest_seconds / 60:.0f} min ago"
            again = f"delete {journal.path} to read them again"
            terminal.say(f"Continuing: {len(journal)} replies were read before, {age} ({again}).")
        replies = JournaledReplies(settings, journal)
        organization = Organization(projects, kinds, replies, settings.parallel)
        organization.read()
        written = _write(options, folder, organization)
    folder.finish()
    _print_result(options, written, as_json=as_json)


def _chosen(client: Client, options: AdoptOptions) -> list[GetProjectResult]:
    existing, patterns = chosen_projects(client, options.projects), options.patterns
    _warn_of_idle(patterns, PROJECT, (name for project in existing for name in (project.project_id, project.name)))
    projects = [project for project in existing if patterns.selects(PROJECT, project.project_id, project.name)]
    if not projects:
        raise errors.ConfigurationError("No project is left to adopt", "Check --include and --exclude.")
    return projects


def _warn_of_idle(patterns: Patterns, thing: str, names: Iterable[str | None]) -> None:
    for pattern in patterns.idle(thing, names):
        _warn_of_pattern(thing, pattern)


def _warn_of_pattern(thing: str, pattern: str) -> None:
    terminal.say(f"warning: no {thing} matches {pattern!r}.", "yellow")


def _warn_of_unused(journal: Journal) -> None:
    if journal.unused:
        reasons = ", ".join(f"{count} {reason}" for reason, count in journal.unused.items())
        terminal.say(f"warning: In {journal.path} some entries are not used, and are read again: {reasons}.", "yellow")


@dataclass(frozen=True)
class _Written:
    """What was written."""

    counts: Counter[str]
    """The number of resources of each type."""
    left_out: Sequence[str]
    """The objects that are left out, with the reasons."""


def _write(options: AdoptOptions, folder: Folder, organization: Organization) -> _Written:
    """Write the program, one project after the other."""
    things = [thing_of(kind.name) for kind in organization.kinds if not kind.is_project]
    unmatched = Unmatched(options.patterns, [MODEL, *things] if organization.has_limits else things)
    common = {} if options.all_limits else organization.common_limits(options.patterns, unmatched)
    target, plan, counts = options.target, Plan(), Counter[str]()
    reader = Reader(options.patterns, Limits(options.patterns, common), unmatched, target.require)
    about = About(options.title, version("pulumi-openai-admin"), target.commands, target.about_import)
    with (
        folder.drafting() as draft,
        (draft / IMPORT_FILE).open("wb") as file,
        terminal.progress("Writing", len(organization.projects)) as bar,
    ):
        imports, program = ImportFile(file), target.program(draft, about)

        def add(module: Module) -> None:
            imports.add(target.entry(one.name, one.imported) for one in module.declared if one.imported is not None)
            program.add(module)
            counts.update(one.resource.__name__ for one in module.declared)

        shared = organization.objects(reader)
        own = plan.organization(shared.of_organization)
        if own.declared:
            add(own)
        for project in organization.projects:
            objects = organization.objects_in(project, reader, shared)
            add(plan.project(project.project_id, project.name or "", objects))
            bar.advance(bar.task_ids[0])
        imports.finish()
        program.finish(reader.left_out)
    for thing, pattern in unmatched.left():
        _warn_of_pattern(thing, pattern)
    return _Written(counts, reader.left_out)


def _print_result(options: AdoptOptions, written: _Written, *, as_json: bool) -> None:
    counts, left_out = written.counts, written.left_out
    if as_json:
        result = {
            "out": str(options.out),
            "resources": dict(counts),
            "left_out": left_out,
            "commands": options.target.commands,
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
    for command in (f"cd {shlex.quote(str(options.out))}", *options.target.commands):
        terminal.show_line(f"  {command}")
