"""What the commands read of an organization: its projects, and lists within them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, terminal
from pulumi_openai_admin.data_sources.project import KIND as PROJECTS
from pulumi_openai_admin.handlers.restoration import bounded
from pulumi_openai_admin.handlers.row import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_openai_admin import GetProjectResult
    from pulumi_openai_admin.cli.journal import Rows
    from pulumi_openai_admin.data_sources.kind import Kind
    from pulumi_openai_admin.http.client import Client


def chosen_projects(client: Client, wanted: Sequence[str]) -> list[GetProjectResult]:
    """The projects that are meant, by name and id; all that are not archived where none is named.

    Args:
        client: Asks for the list of projects, and for nothing else.
        wanted: Ids or names. Names are matched letter for letter.

    Raises:
        errors.NoMatchError: There is no such project; the message names the nearest.
        errors.ConfigurationError: Several have the name; the message names their ids.
    """
    with terminal.waiting("Listing the projects"), client.operation():
        there = sorted(PROJECTS.all(client), key=lambda one: (one.name or "", one.project_id))
    if not wanted:
        return there
    chosen = _Named(there)
    found = {chosen.one(word).project_id for word in wanted}
    return [project for project in there if project.project_id in found]


class _Named:
    """Projects by their ids and names."""

    def __init__(self, there: Sequence[GetProjectResult]) -> None:
        self._by_id = {one.project_id: one for one in there}
        self._by_name: dict[str, list[GetProjectResult]] = defaultdict(list)
        for one in there:
            if one.name:
                self._by_name[one.name].append(one)

    def one(self, word: str) -> GetProjectResult:
        fits = [self._by_id[word]] if word in self._by_id else self._by_name.get(word, [])
        if len(fits) == 1:
            return fits[0]
        if fits:
            ids = bounded(", ", (one.project_id for one in fits))
            raise errors.ConfigurationError(
                f"{len(fits)} projects have the name {word!r}: {ids}", "Name one by its id."
            )
        advice = nearest(word, [*self._by_name, *self._by_id], PROJECTS.place)
        raise errors.NoMatchError(f"The organization has no project {word!r}, or it is archived", advice)


def read_list(client: Client, kind: Kind, project_id: str) -> Rows:
    """A list of a project, all pages of it within the time that one operation may take; the client does not keep it."""
    with client.operation():
        return kind.rows(connection.apart(client), project_id=project_id)
