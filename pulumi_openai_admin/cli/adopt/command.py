"""`adopt`: read, plan, write, and say what to do next."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from rich.table import Table

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, terminal
from pulumi_openai_admin.cli.adopt import import_file, program
from pulumi_openai_admin.cli.adopt.journal import Journal, List
from pulumi_openai_admin.cli.adopt.names import slug_of
from pulumi_openai_admin.cli.adopt.patterns import ACCOUNT, MODEL, PROJECT, Patterns
from pulumi_openai_admin.cli.adopt.plan import Plan, ProjectRead, counts
from pulumi_openai_admin.cli.organization import chosen_projects
from pulumi_openai_admin.cli.side_by_side import side_by_side
from pulumi_openai_admin.cli.usual import usual_limits
from pulumi_openai_admin.functions import project_rate_limit, project_service_account
from pulumi_openai_admin.provider.adoption import NotAsFound
from pulumi_openai_admin.provider.adoption import adopt as taken_over

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from pulumi_openai_admin.api.client import Client
    from pulumi_openai_admin.cli.adopt.journal import Rows
    from pulumi_openai_admin.cli.adopt.plan import Declared, Module
    from pulumi_openai_admin.functions.look_up import Kind
    from pulumi_openai_admin.functions.project import GetProjectResult
    from pulumi_openai_admin.provider.adoption import Adopted

LISTS: Mapping[str, Kind[Any]] = {
    "rate_limits": project_rate_limit.KIND,
    "service_accounts": project_service_account.KIND,
}
_THING = {"rate_limits": MODEL, "service_accounts": ACCOUNT}
_NAMED_BY = {"rate_limits": ("model",), "service_accounts": ("name", "id")}

AFTER_INTERRUPT = "Run the same command again: it goes on from here."
_MOST_TOLD = 10
_NO_CHECKPOINTS = "PULUMI_EXPERIMENTAL=true PULUMI_SKIP_CHECKPOINTS=true"
"""For the import alone, which changes nothing outside: 2,000 entries take 5 s instead of 103."""


@dataclass(frozen=True)
class Asked:
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


def adopt(asked: Asked, *, as_json: bool, max_wait: float, parallel: int) -> None:
    """Read what is there and write the program.

    Raises:
        errors.AdminError: Something could not be read; what was, is kept for the next time. Nothing is written.
    """
    _refuse_to_overwrite(asked)
    client = connection.reading(connection.settings(max_wait, parallel))
    asked.out.mkdir(parents=True, exist_ok=True)
    journal = Journal(asked.out / ".adopt" / "read.jsonl")
    patterns = asked.patterns
    there = chosen_projects(client, asked.projects)
    _warn_of_idle(patterns, PROJECT, (name for one in there for name in (one.project_id, one.name)))
    projects = [one for one in there if patterns.take(PROJECT, one.project_id, one.name)]
    if not projects:
        raise errors.ConfigurationError("No project is left to adopt", "Check --include and --exclude.")
    rows = _read_lists(client, journal, [List(one.project_id, kind) for one in projects for kind in _kinds(patterns)])
    for kind in _kinds(patterns):
        listed = (row for one, found in rows.items() if one.kind == kind for row in found)
        _warn_of_idle(patterns, _THING[kind], (row.get(name) for row in listed for name in _NAMED_BY[kind]))
    read = [_read_project(one, rows, patterns) for one in projects]
    usual = {} if asked.all_limits else usual_limits({one.project.project_id: one.limits for one in read})
    planned = Plan(usual, one_by_one=asked.one_by_one).modules(read)
    adopted, odd = _take_over(client, planned)
    modules = [module.without([one for one, _ in odd]) for module in planned]
    _write(asked, modules, import_file.text(adopted))
    journal.remove()
    _tell(asked, modules, left_out=[*_nameless(read), *(told for _, told in odd)], as_json=as_json)


def _refuse_to_overwrite(asked: Asked) -> None:
    there = [name for name in (program.MAIN, "Pulumi.yaml", program.IMPORT_FILE) if (asked.out / name).exists()]
    if there and not asked.force:
        what = f"{asked.out} holds a program already: {', '.join(there)}"
        raise errors.ConfigurationError(what, "Name another folder, or write over it with --force.")


def _warn_of_idle(patterns: Patterns, thing: str, names: Iterable[str | None]) -> None:
    for pattern in patterns.idle(thing, names):
        terminal.say(f"warning: no {thing} matches {pattern!r}.", "yellow")


def _kinds(patterns: Patterns) -> list[str]:
    return [kind for kind in LISTS if patterns.take_any(_THING[kind])]


def _read_lists(client: Client, journal: Journal, lists: Sequence[List]) -> dict[List, Rows]:
    """All lists; those that an interrupted run has read already are not asked for again."""
    rows = {one: found for one, found in journal.read().items() if one in set(lists)}
    if rows:
        read_before = f"{len(rows)} of {len(lists)} lists were read before"
        terminal.say(f"Going on: {read_before} (delete {journal.path} to read anew).")
    failed: dict[List, Exception] = {}
    with terminal.progress("Reading", len(lists)) as bar:
        bar.advance(bar.task_ids[0], len(rows))
        missing = [one for one in lists if one not in rows]
        for one, found in side_by_side(partial(_read_list, client), missing, client.parallel):
            if isinstance(found, Exception):
                failed[one] = _of_one_project(found)
            else:
                rows[one] = found
                journal.add(one, found)
            bar.advance(bar.task_ids[0])
    if failed:
        raise _unread(failed)
    for one, found in rows.items():
        LISTS[one.kind].listing(client, {"project_id": one.project_id}).know(found)
    return rows


def _read_list(client: Client, one: List) -> Rows:
    return LISTS[one.kind].rows(client, project_id=one.project_id)


def _of_one_project(error: Exception) -> Exception:
    """What keeps one project from being read, and says nothing of the others; all else is raised."""
    if isinstance(error, errors.Gone | errors.NotFound | errors.Refused | errors.Forbidden):
        return error
    raise error


def _unread(failed: Mapping[List, Exception]) -> errors.AdminError:
    told = " ".join(str(error) for error in list(failed.values())[:_MOST_TOLD])
    ids = sorted({one.project_id for one in failed})
    what = f"Could not read {', '.join(ids)}, so nothing was written: {told.rstrip('.')}"
    advice = "Run the same command again: what was read is kept. Or leave them out: " + " ".join(
        f"--exclude {id_}" for id_ in ids[:_MOST_TOLD]
    )
    return errors.AdminError(what, advice)


def _read_project(project: GetProjectResult, rows: Mapping[List, Rows], patterns: Patterns) -> ProjectRead:
    def results(kind: str) -> list[Any]:
        found = rows.get(List(project.project_id, kind), [])
        return [LISTS[kind].become(row, project_id=project.project_id) for row in found]

    limits = [row for row in results("rate_limits") if patterns.take(MODEL, row.model)]
    accounts = [row for row in results("service_accounts") if patterns.take(ACCOUNT, row.name, row.service_account_id)]
    accounts.sort(key=lambda one: (one.name or "", one.service_account_id))
    return ProjectRead(project, limits, accounts)


def _take_over(
    client: Client, modules: Sequence[Module]
) -> tuple[list[tuple[str, Adopted]], list[tuple[Declared, str]]]:
    """Each declaration's state by its name; and what no program can say, with the reason: it stops no other."""
    adopted: list[tuple[str, Adopted]] = []
    odd: list[tuple[Declared, str]] = []
    declared = [one for module in modules for one in module.declared]
    with terminal.progress("Writing", len(declared)) as bar:
        for one in declared:
            try:
                adopted.append((one.name, taken_over(client, one.resource, one.endpoint, one.inputs, one.own_id)))
            except NotAsFound as reason:
                odd.append((one, str(reason)))
            bar.advance(bar.task_ids[0])
    return adopted, odd


def _write(asked: Asked, modules: Sequence[Module], imports: str) -> None:
    package = version("pulumi-openai-admin")
    texts = program.files(modules, title=asked.title, version=package, commands=asked.commands)
    for path, text in {**texts, program.IMPORT_FILE: imports}.items():
        file = asked.out / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _nameless(read: Sequence[ProjectRead]) -> list[str]:
    """What can't be declared, since a resource has to have a name."""
    projects = [one.project.project_id for one in read if not one.project.name]
    accounts = [account.service_account_id for one in read for account in one.accounts if not account.name]
    return [f"{id_}: OpenAI shows no name" for id_ in projects + accounts]


def _tell(asked: Asked, modules: Sequence[Module], *, left_out: Sequence[str], as_json: bool) -> None:
    found = counts(modules)
    if as_json:
        told = {"out": str(asked.out), "resources": dict(found), "left_out": left_out, "commands": asked.commands}
        terminal.show_json(told)
        return
    table = Table("resource", "how many", box=None, pad_edge=False)
    for name, count in found.items():
        table.add_row(name, str(count))
    terminal.show(table)
    for one in left_out:
        terminal.say(f"Left out: {one}.", "yellow")
    if found["ProjectServiceAccount"]:
        terminal.say(
            "The accounts' keys work on and are unknown to Pulumi, since OpenAI shows a key once. "
            f"{asked.out / 'README.md'} says how to get one that Pulumi keeps."
        )
    terminal.say()
    terminal.say("Now bring all of it into a stack. The import changes nothing at OpenAI:")
    terminal.say()
    for command in (f"cd {shlex.quote(str(asked.out))}", *asked.commands):
        terminal.show_line(f"  {command}")
