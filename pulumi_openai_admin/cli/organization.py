"""What the commands read from an organization: its projects, and their lists."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, TypeVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, terminal
from pulumi_openai_admin.cli.concurrency import run_with_progress
from pulumi_openai_admin.cli.whole_file import is_standard_output
from pulumi_openai_admin.data_sources.project import KIND as PROJECTS
from pulumi_openai_admin.printable import bounded
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pulumi_openai_admin import GetProjectResult
    from pulumi_openai_admin.cli.journal import Rows
    from pulumi_openai_admin.data_sources.kind import LookUpKind
    from pulumi_openai_admin.http.client import Client

Result = TypeVar("Result")
ORGANIZATION = "The organization"
"""In the place of the name of a project."""


def chosen_projects(client: Client, wanted: Sequence[str]) -> list[GetProjectResult]:
    """The projects with the given names or ids; without any, all that are not archived.

    Args:
        client: Sends the request for the list of projects.
        wanted: Ids or exact names.

    Raises:
        errors.NoMatchError: There is no such project; the message suggests the nearest names.
        errors.ConfigurationError: Several projects have the name; the message lists their ids.
    """
    with terminal.waiting("Listing the projects"), client.operation():
        projects = _in_order(PROJECTS.all(client))
    return selected_projects(projects, wanted)


def selected_projects(projects: list[GetProjectResult], wanted: Sequence[str]) -> list[GetProjectResult]:
    """Those of some projects that have one of the given names or ids; without any, all. See `chosen_projects`."""
    if not wanted:
        return projects
    index = _Index(projects)
    found = {index.find(word).project_id for word in wanted}
    return [project for project in projects if project.project_id in found]


def active_and_archived(client: Client) -> tuple[list[GetProjectResult], list[GetProjectResult]]:
    """All projects of the organization, from one list: those that are active, and those that are archived."""
    with terminal.waiting("Listing the projects"), client.operation():
        projects = _in_order(PROJECTS.all(client, include_archived=True))
    return [project for project in projects if not project.is_archived], [
        project for project in projects if project.is_archived
    ]


def _in_order(projects: Iterable[GetProjectResult]) -> list[GetProjectResult]:
    return sorted(projects, key=lambda project: (project.name or "", project.project_id))


class _Index:
    """Projects by id and name."""

    def __init__(self, projects: Sequence[GetProjectResult]) -> None:
        self._by_id = {project.project_id: project for project in projects}
        self._by_name: dict[str, list[GetProjectResult]] = defaultdict(list)
        for project in projects:
            if project.name:
                self._by_name[project.name].append(project)

    def find(self, word: str) -> GetProjectResult:
        found = [self._by_id[word]] if word in self._by_id else self._by_name.get(word, [])
        if len(found) == 1:
            return found[0]
        if found:
            ids = bounded(", ", (project.project_id for project in found))
            raise errors.ConfigurationError(
                f"{len(found)} projects have the name {word!r}: {ids}", "Use an id instead of the name."
            )
        advice = suggestion(word, [*self._by_name, *self._by_id], PROJECTS.place)
        raise errors.NoMatchError(f"The organization has no project {word!r}, or it is archived", advice)


def names_of(projects: Iterable[GetProjectResult]) -> dict[str, str]:
    """The name of each project by id, in the same order; with the id where the name is not unique."""
    known = list(projects)
    count = Counter(project.name for project in known)
    return {
        project.project_id: project.name
        if project.name and count[project.name] == 1
        else f"{project.name or 'Without a name'} ({project.project_id})"
        for project in known
    }


def place_name(project_id: str, names: Mapping[str, str]) -> str:
    """A project in a headline: its name and its id."""
    if not project_id:
        return ORGANIZATION
    return f"{names[project_id]} ({project_id})" if project_id in names else f"Project {project_id}"


def read_list(client: Client, kind: LookUpKind, **parents: str) -> Rows:
    """A list, with all its pages within the time limit of one operation. The client does not cache it.

    Args:
        client: Sends the requests.
        kind: What it is a list of.
        parents: The ids of what it is inside, such as `project_id`.
    """
    with client.operation():
        return kind.rows(connection.with_own_lists(client), **parents)


def read_each(
    description: str, read: Callable[[str], Result], ids: Sequence[str], threads: int
) -> Iterator[tuple[str, Result]]:
    """What is read for each id, with a progress bar, in the order in which it arrives.

    An object that no longer exists, such as a project that was archived since it was listed, is omitted with a warning.

    Raises:
        errors.AdminError: Something else could not be read.
    """
    for id_, result in run_with_progress(description, read, ids, threads) if ids else ():
        if isinstance(result, errors.ResourceGoneError):
            terminal.say(f"warning: {result.event}, so it is omitted.", "yellow")
        elif isinstance(result, Exception):
            raise result
        else:
            yield id_, result


def refuse_unwritable(page: Path) -> None:
    """Check the file before the organization is read, which may take long."""
    if is_standard_output(page):
        return
    folder = page.parent
    if page.is_dir() or not folder.is_dir() or not os.access(page if page.exists() else folder, os.W_OK):
        raise errors.ConfigurationError(f"The page {page} can't be written", "Name a file in an existing folder.")
