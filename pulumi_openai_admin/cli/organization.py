"""What the commands read of an organization: its projects, and lists within them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.api.row import nearest
from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.functions.project import kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulumi_openai_admin.api.client import Client
    from pulumi_openai_admin.functions.project import GetProjectResult

PROJECTS = kind(include_archived=False)


def chosen_projects(client: Client, wanted: Sequence[str]) -> list[GetProjectResult]:
    """The projects that are meant, by name and id; all that are not archived where none is named.

    Args:
        client: Asks for the list of projects, and for nothing else.
        wanted: Ids or names. Names are matched letter for letter.

    Raises:
        errors.NotFoundInList: There is no such project; the message names the nearest.
        errors.ConfigurationError: Several have the name; the message names their ids.
    """
    with terminal.waiting("Listing the projects"):
        there = sorted(PROJECTS.all(client), key=lambda one: (one.name or "", one.project_id))
    if not wanted:
        return there
    found = [_one(there, word) for word in wanted]
    return [project for project in there if project in found]


def _one(there: Sequence[GetProjectResult], word: str) -> GetProjectResult:
    fits = [one for one in there if word == one.project_id] or [one for one in there if word == one.name]
    if len(fits) == 1:
        return fits[0]
    if fits:
        ids = ", ".join(one.project_id for one in fits)
        raise errors.ConfigurationError(f"{len(fits)} projects have the name {word!r}: {ids}", "Name one by its id.")
    names = [name for one in there for name in (one.name, one.project_id) if name]
    advice = nearest(word, names, PROJECTS.place)
    raise errors.NotFoundInList(f"The organization has no project {word!r}, or it is archived", advice)
