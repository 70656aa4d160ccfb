"""The command `adopt`: read, plan, write, and print the next steps."""

from __future__ import annotations

import keyword
import shlex
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, recorded, terminal
from pulumi_openai_admin.cli.adopt import kinds, languages, program
from pulumi_openai_admin.cli.adopt.folder import Folder
from pulumi_openai_admin.cli.adopt.kinds import PROJECT, AdoptedKind, Chosen, Patterns, all_kinds, project_kind
from pulumi_openai_admin.cli.adopt.reading import Place, Scope, names_in, preload, read, read_error, read_places
from pulumi_openai_admin.cli.adopt.stack import ProjectFolder, StackState
from pulumi_openai_admin.cli.adopt.terraform import read_file as read_terraform
from pulumi_openai_admin.cli.connection import CachingClient, all_projects, selected_projects
from pulumi_openai_admin.cli.unmanaged import kind_names
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.lifecycle.state import WrongIdError
from pulumi_openai_admin.printable import bounded, printable, slug_of
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pulumi_openai_admin import GetProjectResult
    from pulumi_openai_admin.cli.adopt.reading import Inventory
    from pulumi_openai_admin.cli.adopt.terraform import TerraformState
    from pulumi_openai_admin.http.client import Client

_ABOUT_STACKS = (
    "adopt omits the objects that this stack manages. It does not read other stacks. Before you import an object, make "
    "sure that no other stack manages the object."
)
_ABOUT_TERRAFORM = (
    "After the preview shows no change, remove the objects from the Terraform state: `terraform state rm "
    "ADDRESS` changes nothing at OpenAI. `terraform destroy` would delete them."
)
_MAX_SHOWN = 10


@dataclass(frozen=True)
class AdoptOptions:
    """The options of the command, and of an existing Pulumi project its folder and what its stack manages."""

    words: Sequence[str]
    out: Path
    projects: Sequence[str] = ()
    patterns: Patterns = field(default_factory=Patterns)
    all_limits: bool = False
    one_by_one: bool = False
    force: bool = False
    target: program.Target = program.DYNAMIC
    terraform: Path | None = None
    project: Path | None = None
    stack: StackState | None = None

    @property
    def is_whole(self) -> bool:
        """Return whether the user has named nothing, so that the organization is imported."""
        return not (self.words or self.projects or self.terraform)


def options_into(options: AdoptOptions, folder: Path, stack: str, state: Path | None, provider: str) -> AdoptOptions:
    """The options for a part of the existing program in a folder; see the options of the command.

    Refused if the program is in another language, or of another provider than the stack, or if the folder of the part
    can't be a Python package.
    """
    name = options.out.name
    is_taken = name in program.MODULES_RESERVED or keyword.iskeyword(name)
    if is_taken or not name.isidentifier() or slug_of(name, "_") != name.lower():
        what = f"{name!r} can't be the name of a part of the program"
        raise errors.ConfigurationError(what, "Use letters, digits and `_`, such as `adopted_2`.")
    project = ProjectFolder(folder)
    target = options.target
    if project.runtime not in {"python", "yaml"}:
        what = f"The program in {folder} is in the language {project.runtime!r}, and adopt writes Python and YAML"
        raise errors.ConfigurationError(what, "Use a new program with --out DIR, and import into a separate stack.")
    managed = StackState(recorded.exported_stack(state, stack, folder))
    if target is program.DYNAMIC and (project.runtime == "yaml" or managed.is_native == {True}):
        target = program.NATIVE_YAML if project.runtime == "yaml" else program.NATIVE_PYTHON
    if target.runtime != project.runtime:
        what = f"The program in {folder} is in {project.runtime}, and the option is for {target.runtime}"
        raise errors.ConfigurationError(what, "Remove --native and --native-python.")
    if managed.is_native and target.is_native not in managed.is_native:
        what = "The resources of the stack are of the dynamic provider, and the option is for the native one"
        raise errors.ConfigurationError(what, "Remove the option, or run `pulumi-openai-admin migrate` first.")
    declared = managed.provider(provider)
    path = (project.program / name).as_posix()
    urn, key = managed.providers.get(declared, ""), project.keys.get(declared, declared)
    part = program.ProgramPart(name, path, stack, declared, urn, key, project.names)
    return replace(options, out=folder / path, target=replace(target, part=part), project=folder, stack=managed)


def read_existing(
    options: AdoptOptions, max_wait: float, parallel: int, folder: Folder | None = None
) -> tuple[Inventory, CachingClient]:
    """Read what the options select, if a program can be written to a folder; with the client that has read it."""
    terraform = read_terraform(options.terraform) if options.terraform else None
    if terraform:
        _say_of_terraform(terraform)
    project_words, words = split(options.words)
    if folder:
        folder.refuse_to_overwrite(languages.names_of_files(options.target))
    client = CachingClient(connection.settings(max_wait, parallel))
    known = all_projects(client)
    active = [project for project in known if not project.is_archived]
    projects = selected_projects(active, (*project_words, *options.projects))
    preload(projects, client)
    managed = options.stack.project_ids if options.stack else set[str]()
    if managed and managed.isdisjoint(project.project_id for project in active):
        ids = bounded(", ", sorted(managed))
        what = f"The organization of the admin key has no project of the stack, or all are archived: {ids}"
        raise errors.ConfigurationError(what, "Set OPENAI_ADMIN_KEY to a key of the stack's organization.")
    options.patterns.warn_of_unused(kinds.KIND, kind_names())
    if words and project_words:
        what = f"{project_words[0]!r} is a whole project, and {_called(*words[0])} a single object"
        advice = f"Write project:{project_words[0]} for the project alone, or --project to look in it."
        raise errors.ConfigurationError(what, advice)
    if terraform or words:
        objects = terraform.objects if terraform else find(words, projects, client)
        named = {project.project_id: project.name for project in known}
        chosen = [object_ for object_ in objects if options.patterns.selects_object(object_, named)]
        scope = _of_objects(chosen, projects, options)
    else:
        scope = _of_projects(projects, options)
    found = read(scope, client)
    if found.failed:
        raise read_error(found.failed)
    for thing, names in found.listed.items() if scope.chosen is None else ():
        options.patterns.warn_of_unused(thing, names)
    for kind, reason in found.without_access.items():
        terminal.say(f"Skipped {kind}: {reason}.")
    if terraform:
        found.left_out[:0], found.with_keys = terraform.left_out, terraform.with_keys
    found.left_out += _not_active(scope, projects, known if options.is_whole else ())
    return found, client


def _of_projects(existing: Sequence[GetProjectResult], options: AdoptOptions) -> Scope:
    """Projects, with all that is inside; if the user names none, the organization, too."""
    patterns = options.patterns
    patterns.warn_of_unused(PROJECT, (name for project in existing for name in (project.project_id, project.name)))
    projects = [project for project in existing if patterns.selects(PROJECT, project.project_id, project.name)]
    if not projects:
        raise errors.ConfigurationError("No project is left to adopt", "Check --include and --exclude.")
    wanted = kinds.selected(patterns, one_by_one=options.one_by_one, only_projects=not options.is_whole)
    if not wanted:
        raise errors.ConfigurationError("No kind of object is left to adopt", "Check --include and --exclude.")
    require = options.target.require
    return Scope(projects, wanted, patterns, stack=options.stack, all_limits=options.all_limits, require=require)


def _of_objects(chosen: Sequence[Chosen], existing: Sequence[GetProjectResult], options: AdoptOptions) -> Scope:
    named, ids = {object_.kind for object_ in chosen}, {object_.project_id for object_ in chosen}
    wanted = [kind for kind in all_kinds() if kind in named]
    projects = [project for project in existing if project.project_id in ids]
    return Scope(projects, wanted, options.patterns, chosen, options.stack, require=options.target.require)


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


def _not_active(scope: Scope, projects: Iterable[GetProjectResult], known: Iterable[GetProjectResult]) -> Iterator[str]:
    """What is in no active project: objects that somebody names, and projects that are archived."""
    ids = {"", *(project.project_id for project in projects)}
    for chosen in scope.chosen or ():
        if chosen.project_id not in ids:
            what = f"project {chosen.project_id} is not in the organization, or it is archived"
            named = f"{chosen.origin} is not moved" if chosen.origin else f"{chosen.kind.name} {chosen.id!r}"
            yield f"{named}: {what}"
    for project in known if project_kind() in scope.kinds else ():
        if project.is_archived and scope.patterns.selects(PROJECT, project.project_id, project.name):
            yield f"Project {project.name!r} ({project.project_id}) is archived"


# What the user names


_Word = tuple[AdoptedKind, str]
"""An object that a user names: its kind, and its name or an id."""
_Candidate = tuple[Chosen, tuple[str, ...]]
"""An object that OpenAI shows, and what people call it."""


def _called(kind: AdoptedKind, text: str) -> str:
    return f"{kinds.thing_of(kind.name)}:{text}"


def split(words: Iterable[str]) -> tuple[list[str], list[_Word]]:
    """What a user names: projects, and objects with the name of their kind before, such as `Group:Engineering`."""
    projects, objects = list[str](), list[_Word]()
    for word in words:
        prefix, _, text = word.partition(":")
        if text and prefix.isidentifier() and prefix not in {kinds.KIND, kinds.MODEL}:
            objects.append((kinds.kind_of(prefix), text))
        else:
            projects.append(word)
    return projects, objects


def find(words: Sequence[_Word], projects: Sequence[GetProjectResult], client: Client) -> list[Chosen]:
    """The objects that a user names, each once, in some projects. A name of none or of several is refused."""
    ids = {project.project_id for project in projects}
    by_ids = {word: _by_id(*word, ids) for word in words}
    unknown = {kind for (kind, _), chosen in by_ids.items() if chosen is None}
    candidates = _candidates([kind for kind in all_kinds() if kind in unknown], projects, client)
    objects = [chosen or _named(*word, candidates[word[0]]) for word, chosen in by_ids.items()]
    return list({(chosen.kind.name, chosen.id): chosen for chosen in objects}.values())


def _by_id(kind: AdoptedKind, id_: str, project_ids: set[str]) -> Chosen | None:
    """The object, if it is named by its whole id. An object of a kind without a list can be named by nothing else."""
    if kind.is_listed and not (kind.is_in_project or (kind.parents and kind.identity)):
        return None
    try:
        chosen = kinds.with_id(kind, id_)
    except WrongIdError:
        return None
    return chosen if not kind.is_in_project or chosen.project_id in project_ids else None


def _candidates(
    wanted: Sequence[AdoptedKind], projects: Sequence[GetProjectResult], client: Client
) -> dict[AdoptedKind, list[_Candidate]]:
    names_of_projects = {project.project_id: project.name or "" for project in projects}

    def read(place: Place) -> list[_Candidate]:
        kind, parents = place.kind, dict(place.parents)
        of_place = place.above or ((names_of_projects[place.project_id],) if place.project_id else ())
        with client.operation():
            names = names_in(kind, client, parents)
            ids = kind.handler.ids(client, Remote(parents))
        return [(Chosen(kind, parents, id_), names.get(id_, ()) if id_ else of_place) for id_ in ids]

    listed = [kind for kind in wanted if not kind.is_project]
    of_places, failed = read_places(client, Scope(projects, listed, Patterns()).places(), read) if listed else ({}, {})
    if failed:
        raise read_error(failed)
    candidates: dict[AdoptedKind, list[_Candidate]] = defaultdict(list)
    for place, of_place in of_places.items():
        candidates[place.kind] += of_place
    candidates[project_kind()] = [(Chosen(project_kind(), {}, id_), (name,)) for id_, name in names_of_projects.items()]
    return candidates


def _named(kind: AdoptedKind, text: str, candidates: Sequence[_Candidate]) -> Chosen:
    by_ids = [chosen for chosen, _ in candidates if text in {chosen.id, chosen.own_id}]
    named = by_ids or [chosen for chosen, names in candidates if text in names]
    if len(named) == 1:
        return named[0]
    if named:
        ids = bounded(", ", (chosen.id for chosen in named))
        what = f"{len(named)} objects are called {_called(kind, text)}: {ids}"
        raise errors.ConfigurationError(what, f"Use an id instead of the name: {_called(kind, named[0].id)}.")
    names_and_ids = [name for _, names in candidates for name in names]
    names_and_ids += [id_ for chosen, _ in candidates for id_ in (chosen.id, chosen.own_id)]
    advice = suggestion(text, dict.fromkeys(filter(None, names_and_ids)), "Organization")
    raise errors.NoMatchError(f"There is no {kind.name} {text!r} that can be imported", advice)


# What is written and printed


def adopt(options: AdoptOptions, *, as_json: bool, max_wait: float, parallel: int) -> None:
    """Read the organization and write the program. After an error, nothing is written."""
    folder = Folder(options.out, force=options.force)
    inventory, _ = read_existing(options, max_wait, parallel, folder)
    scope, target = inventory.scope, options.target
    terminal.warn(scope.stack.not_known() if scope.stack else ())
    plan = program.Plan(scope.stack.names if scope.stack else None)
    modules = plan.modules(scope.projects, inventory.objects, with_empty=scope.chosen is None and scope.stack is None)
    counts = Counter(declared.existing.kind.name for module in modules for declared in module.declared)
    if not counts and (scope.stack or scope.chosen is not None):
        reasons = [*inventory.left_out, *inventory.managed]
        what = f"Nothing is left to import: {bounded('; ', reasons)}" if reasons else "Nothing is left to import"
        raise errors.ConfigurationError(what.rstrip("."), "Nothing was written.")
    files = languages.files(modules, target, slug_of(options.out.resolve().name, "-") or "openai")
    notes = [*([_ABOUT_STACKS] if options.stack else []), *([_ABOUT_TERRAFORM] if options.terraform else [])]
    readme = target.readme(files, notes, kinds.not_imported(scope.kinds) if scope.chosen is None else (), inventory)
    folder.write({**files.contents, program.README: readme, program.IMPORT_FILE: target.import_file(modules)})
    if not as_json:
        _show(options, inventory, counts, files.statement)
        return
    document = {
        "out": str(options.out),
        "resources": dict(counts),
        "left_out": inventory.left_out,
        "low_limits": inventory.low_limits,
        "commands": target.commands,
    }
    if options.stack:
        document |= {"managed": inventory.managed, "statement": files.statement}
    if options.terraform:
        document |= {"differences": inventory.differences, "with_keys": inventory.with_keys}
    terminal.show_json(document)


def _show(options: AdoptOptions, inventory: Inventory, counts: Counter[str], statement: str) -> None:
    readme = options.out / program.README
    table = Table("resource", "count", box=None, pad_edge=False)
    for name, count in counts.items():
        table.add_row(name, str(count))
    terminal.show(table)
    _say_some("Omitted", inventory.left_out, f"{readme} lists all.")
    _say_some("Limit of most projects, not declared", inventory.low_limits, f"{readme} lists all.")
    if inventory.low_limits:
        terminal.say(" ".join(program.ABOUT_LOW_LIMITS.split()), "yellow")
    _say_some("Already in the stack", inventory.managed, "--json shows all.")
    _say_some("Different", inventory.differences, "--json shows all.")
    if inventory.differences:
        terminal.say("The program has the values that OpenAI shows.")
    if counts["ProjectServiceAccount"]:
        terminal.say(
            "The accounts' API keys continue to work. Pulumi does not have them, because OpenAI shows a key only once. "
            f"{readme} says how to create a key that Pulumi manages."
        )
    if inventory.with_keys:
        terminal.say(
            f"warning: {options.terraform} contains secrets in plain text ({bounded(', ', inventory.with_keys)}). "
            "None was copied. Create new keys, revoke the old ones, and delete the file and its backups.",
            "yellow",
        )
    _say_steps(options, statement)


def _say_some(label: str, texts: Sequence[str], more: str) -> None:
    for text in texts[:_MAX_SHOWN]:
        terminal.say(f"{label}: {text}.", "yellow")
    if len(texts) > _MAX_SHOWN:
        terminal.say(f"{label}: {len(texts) - _MAX_SHOWN} more. {more}", "yellow")


def _say_steps(options: AdoptOptions, statement: str) -> None:
    if statement:
        terminal.say(_ABOUT_STACKS)
        terminal.say()
        is_code = False
        for line in statement.splitlines():  # Markdown: code is indented
            if line.startswith("```"):
                is_code = not is_code
            else:
                terminal.say(f"  {line}" if is_code and line else line)
    terminal.say()
    terminal.say("Import the resources into a stack with these commands. They change nothing at OpenAI:")
    terminal.say()
    where = options.project or options.out
    folder = [f"cd {shlex.quote(str(where))}"] if where.resolve() != Path.cwd() else []
    for command in (*folder, *options.target.commands):
        terminal.show_line(f"  {command}")
    if options.terraform:
        terminal.say()
        terminal.say(_ABOUT_TERRAFORM)
