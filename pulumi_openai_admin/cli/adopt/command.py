"""The command `adopt`: read, plan, write, and print the next steps."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, terminal
from pulumi_openai_admin.cli.adopt import dry_run
from pulumi_openai_admin.cli.adopt.chosen import Candidate, Choice, Chosen, NothingChosenError, by_id, find, split
from pulumi_openai_admin.cli.adopt.chosen import selected as selected_objects
from pulumi_openai_admin.cli.adopt.folder import Folder
from pulumi_openai_admin.cli.adopt.import_file import ImportFile
from pulumi_openai_admin.cli.adopt.kinds import all_kinds, never_imported, not_selected, only_by_id, selected
from pulumi_openai_admin.cli.adopt.limits import Limits
from pulumi_openai_admin.cli.adopt.objects import Reader
from pulumi_openai_admin.cli.adopt.organization import AdoptedOrganization
from pulumi_openai_admin.cli.adopt.patterns import KIND, MODEL, PROJECT, Unmatched, thing_of
from pulumi_openai_admin.cli.adopt.plan import Plan
from pulumi_openai_admin.cli.adopt.readme import IMPORT_FILE, About
from pulumi_openai_admin.cli.adopt.replies import JournaledReplies
from pulumi_openai_admin.cli.adopt.result import ABOUT_STACKS, ABOUT_TERRAFORM, Written, print_result
from pulumi_openai_admin.cli.adopt.terraform import read as read_terraform
from pulumi_openai_admin.cli.journal import Journal, Source, last_project
from pulumi_openai_admin.cli.organization import active_and_archived, selected_projects
from pulumi_openai_admin.printable import bounded, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pulumi_openai_admin import GetProjectResult
    from pulumi_openai_admin.cli.adopt.chosen import Word
    from pulumi_openai_admin.cli.adopt.kinds import AdoptedKind
    from pulumi_openai_admin.cli.adopt.options import AdoptOptions
    from pulumi_openai_admin.cli.adopt.patterns import Patterns
    from pulumi_openai_admin.cli.adopt.plan import Module
    from pulumi_openai_admin.cli.adopt.stack import StackState
    from pulumi_openai_admin.cli.adopt.terraform import TerraformState
    from pulumi_openai_admin.config import Settings
    from pulumi_openai_admin.http.client import Client

AFTER_INTERRUPT = "Run the same command again to continue."


def adopt(options: AdoptOptions, *, as_json: bool, max_wait: float, parallel: int) -> None:
    """Read the organization and write the program.

    Lists are kept in a file and written project by project, because an organization may be larger than memory.

    Raises:
        errors.AdminError: A list could not be read. Nothing is written; lists that were read are kept for the next run.
    """
    terraform = read_terraform(read_json(options.terraform)) if options.terraform else None
    if terraform:
        _say_of_terraform(terraform)
    project_words, words = split(options.words)
    folder = Folder(options.out, options.target.files, force=options.force)
    if not options.dry_run:
        folder.refuse_to_overwrite()
    settings = connection.settings(max_wait, parallel)
    named = (*project_words, *options.projects)
    is_whole = not (named or words or terraform)
    client = connection.read_only_client(settings)
    active, archived = active_and_archived(client)
    existing = selected_projects(active, named)
    if options.into:
        _require_organization(options.into.state, active)
    _warn_of_unused_patterns(options.patterns, KIND, (kind.name for kind in all_kinds()))
    try:
        with Journal(folder.journal, _source(settings, client, existing, folder.journal)) as journal:
            _say_of_journal(journal)
            replies = JournaledReplies(settings, journal)
            reading = _Reading(options, existing, replies, settings.parallel)
            if terraform:
                organization = reading.of_choice(terraform.objects)
            elif words:
                organization = reading.of_choice(reading.found(words, project_words))
            else:
                organization = reading.of_projects(is_whole=is_whole)
            organization.read()
            for kind, reason in organization.without_access.items():
                terminal.say(f"Skipped {kind}: {reason}.")
            if options.dry_run:
                dry_run.show(options, organization, _reader(options, organization), client, settings, as_json=as_json)
                written = None
            else:
                left_out = reading.left_out(archived) if is_whole else []
                written = _write(options, folder, organization, terraform, left_out)
    except (errors.NoMatchError, NothingChosenError):
        folder.finish()  # what was read is of no use: the next run is another one
        raise
    folder.finish()  # after the journal is closed: Windows deletes no file that is open
    if written is not None:
        print_result(options, written, as_json=as_json)


def _require_organization(stack: StackState, projects: Sequence[GetProjectResult]) -> None:
    """Check that the admin key is of the organization that the stack manages, as far as the stack shows it.

    Raises:
        errors.ConfigurationError: The organization has none of the stack's projects.
    """
    if stack.project_ids and not stack.project_ids & {project.project_id for project in projects}:
        ids = bounded(", ", sorted(stack.project_ids))
        what = f"The organization of the admin key has no project of the stack, or all are archived: {ids}"
        raise errors.ConfigurationError(what, "Set OPENAI_ADMIN_KEY to a key of the stack's organization.")


def _say_of_terraform(terraform: TerraformState) -> None:
    if terraform.others:
        count = terraform.others
        terminal.say(f"Not looked at: {count} data source{'s' * (count != 1)} and resources of other providers.")
    if len(terraform.aliases) > 1:
        aliases = ", ".join(printable(alias or "default") for alias in sorted(terraform.aliases))
        terminal.say(
            f"warning: The state uses several configurations of the provider ({aliases}). Only the objects of one "
            "organization are moved, that of the admin key: run adopt with each key.",
            "yellow",
        )


def _source(settings: Settings, client: Client, existing: Sequence[GetProjectResult], path: Path) -> Source:
    """Where this run reads from. It has the project of the last run if the key is for the organization of that run."""
    project = last_project(path)
    with client.operation():
        if project not in {known.project_id for known in existing} and not (project and client.shows_project(project)):
            project = existing[0].project_id if existing else client.anchor()
    return Source(settings.base_url, settings.organization, project)


def _say_of_journal(journal: Journal) -> None:
    _warn_of_unused(journal)
    if len(journal):
        age = f"the oldest {journal.oldest_seconds / 60:.0f} min ago"
        again = f"delete {journal.path} to read them again"
        terminal.say(f"Continuing: {len(journal)} responses were read before, {age} ({again}).")


@dataclass(frozen=True)
class _Reading:
    """Decides what is read.

    Args:
        options: The options of the command.
        existing: The projects that the user names; without any, all.
        replies: Reads, and keeps what it has read.
        parallel: How many requests are sent at a time.
    """

    options: AdoptOptions
    existing: list[GetProjectResult]
    replies: JournaledReplies
    parallel: int

    def of_projects(self, *, is_whole: bool) -> AdoptedOrganization:
        """The projects, with all that is inside; with `is_whole`, the organization, too."""
        patterns = self.options.patterns
        names = (name for project in self.existing for name in (project.project_id, project.name))
        _warn_of_unused_patterns(patterns, PROJECT, names)
        projects = [project for project in self.existing if patterns.selects(PROJECT, project.project_id, project.name)]
        if not projects:
            raise errors.ConfigurationError("No project is left to adopt", "Check --include and --exclude.")
        kinds = selected(patterns, one_by_one=self.options.one_by_one, only_projects=not is_whole)
        return AdoptedOrganization(projects, kinds, self.replies, self.parallel)

    def left_out(self, archived: Sequence[GetProjectResult]) -> list[GetProjectResult]:
        """The projects that would be imported if they were not archived."""
        patterns = self.options.patterns
        if not any(kind.is_project for kind in selected(patterns, one_by_one=self.options.one_by_one)):
            return []
        return [project for project in archived if patterns.selects(PROJECT, project.project_id, project.name)]

    def of_choice(self, objects: Sequence[Chosen]) -> AdoptedOrganization:
        """Single objects."""
        choice = Choice(selected_objects(objects, self.options.patterns))
        projects = [project for project in self.existing if project.project_id in choice.project_ids]
        return AdoptedOrganization(projects, choice.kinds, self.replies, self.parallel, choice)

    def found(self, words: Sequence[Word], project_words: Sequence[str]) -> list[Chosen]:
        """The objects that the user names.

        Raises:
            errors.NoMatchError: There is no such object; the message suggests the nearest names.
            errors.ConfigurationError: Several objects have the name, or the user names whole projects, too.
        """
        if project_words:
            what = f"{project_words[0]!r} is a whole project, and {words[0].thing}:{words[0].text} a single object"
            raise errors.ConfigurationError(
                what, f"Write project:{project_words[0]} for the project alone, or --project to look in it."
            )
        ids = {project.project_id for project in self.existing}
        found = {word: by_id(word, ids.__contains__) for word in words}
        unknown = {word.kind for word, chosen in found.items() if chosen is None and not word.kind.is_project}
        candidates: dict[AdoptedKind, list[Candidate]] = defaultdict(list)
        if unknown:
            kinds = [kind for kind in all_kinds() if kind in unknown]
            organization = AdoptedOrganization(self.existing, kinds, self.replies, self.parallel)
            organization.read()
            for candidate in organization.candidates():
                candidates[candidate.chosen.kind].append(candidate)
        for project in self.existing:
            kind = next(kind for kind in all_kinds() if kind.is_project)
            candidates[kind].append(Candidate(Chosen(kind, {}, project.project_id), (project.name or "",)))
        objects = [chosen or find(word, candidates[word.kind]) for word, chosen in found.items()]
        return list({(chosen.kind.name, chosen.id): chosen for chosen in objects}.values())


def read_json(path: Path) -> Any:
    """A Terraform state.

    Raises:
        errors.ConfigurationError: It is not JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except ValueError:
        what = f"{path} is not a Terraform state"
        raise errors.ConfigurationError(what, "Write it with `terraform state pull > terraform.tfstate`.") from None


def _warn_of_unused_patterns(patterns: Patterns, thing: str, names: Iterable[str | None]) -> None:
    for pattern in patterns.unused(thing, names):
        _warn_of_pattern(thing, pattern)


def _warn_of_pattern(thing: str, pattern: str) -> None:
    terminal.say(f"warning: no {thing} matches {pattern!r}.", "yellow")


def _warn_of_unused(journal: Journal) -> None:
    if journal.unused:
        reasons = ", ".join(f"{count} {reason}" for reason, count in journal.unused.items())
        terminal.say(f"warning: In {journal.path} some entries are not used, and are read again: {reasons}.", "yellow")


def _write(
    options: AdoptOptions,
    folder: Folder,
    organization: AdoptedOrganization,
    terraform: TerraformState | None,
    archived: Sequence[GetProjectResult],
) -> Written:
    """Write the program, one project after the other."""
    stack = options.into.state if options.into else None
    reader = _reader(options, organization)
    target, plan, counts = options.target, Plan(stack.names if stack else None), Counter[str]()
    reader.left_out += terraform.left_out if terraform else []
    part = target.part
    provider = (part.provider.name, part.provider.urn) if part and part.provider else None
    with (
        folder.drafting() as draft,
        (draft / IMPORT_FILE).open("wb") as file,
        terminal.progress("Writing", len(organization.projects)) as bar,
    ):
        imports, program = ImportFile(file, provider), target.program(draft, _about(options, organization))

        def add(module: Module) -> None:
            imports.add(
                target.entry(declared.name, declared.imported)
                for declared in module.declared
                if declared.imported is not None
            )
            program.add(module)
            counts.update(declared.resource.__name__ for declared in module.declared)

        shared = organization.objects(reader)
        own = plan.organization(shared.of_organization)
        if own.declared:
            add(own)
        for project in organization.projects:
            objects = list(organization.objects_in(project, reader, shared))
            if objects or not (organization.choice or stack):
                add(plan.project(project.project_id, project.name or "", objects))
            bar.advance(bar.task_ids[0])
        if shared.across:
            add(plan.across(shared.across))
        reader.left_out += [_absent(chosen) for chosen in organization.absent]
        reader.left_out += [f"Project {project.name!r} ({project.project_id}) is archived" for project in archived]
        _require_any(counts, reader, options)
        imports.finish()
        program.finish(reader.left_out)
    for thing, pattern in reader.unmatched.remaining():
        _warn_of_pattern(thing, pattern)
    with_keys = terraform.with_keys if terraform else ()
    return Written(counts, reader.left_out, reader.managed, reader.differences, with_keys)


def _reader(options: AdoptOptions, organization: AdoptedOrganization) -> Reader:
    """Reads what the options select."""
    choice, patterns = organization.choice, options.patterns
    things = [] if choice else [thing_of(kind.name) for kind in organization.kinds if not kind.is_project]
    unmatched = Unmatched(patterns, [MODEL, *things] if organization.has_limits else things)
    all_limits = options.all_limits or choice is not None
    common = {} if all_limits else organization.common_limits(patterns, unmatched)
    stack = options.into.state if options.into else None
    return Reader(patterns, Limits(patterns, common), unmatched, options.target.require, stack=stack, choice=choice)


def _about(options: AdoptOptions, organization: AdoptedOrganization) -> About:
    target, notes = options.target, []
    if target.part:
        notes.append(ABOUT_STACKS)
    if options.terraform:
        notes.append(ABOUT_TERRAFORM)
    statement = target.statement(target.part) if target.part else ""
    return About(
        options.title,
        version("pulumi-openai-admin"),
        target.commands,
        target.about_import,
        statement,
        tuple(notes),
        () if organization.choice else _not_imported(organization),
    )


def _not_imported(organization: AdoptedOrganization) -> tuple[str, ...]:
    """The kinds of objects that are not imported, each with the reason."""
    never = [f"{name}: {why}" for name, why in never_imported().items()]
    never += [f"{name}: OpenAI lists none, so name each by its id: adopt {name}:ID" for name in only_by_id()]
    return (*never, *(f"{name}: not read by this command" for name in not_selected(organization.kinds)))


def _absent(chosen: Chosen) -> str:
    what = f"project {chosen.project_id} is not in the organization, or it is archived"
    return f"{chosen.origin} is not moved: {what}" if chosen.origin else f"{chosen.kind.name} {chosen.id!r}: {what}"


def _require_any(counts: Counter[str], reader: Reader, options: AdoptOptions) -> None:
    """Refuse to write a program without resources where a user names objects or a stack.

    Raises:
        NothingChosenError: Nothing is left to import.
    """
    if counts or not (options.into or options.terraform or reader.has_choice):
        return
    reasons = [*reader.left_out, *reader.managed]
    what = f"Nothing is left to import: {bounded('; ', reasons)}" if reasons else "Nothing is left to import"
    raise NothingChosenError(what.rstrip("."), "Nothing was written.")
