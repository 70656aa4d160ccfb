"""Parents of objects: their path, and whether they can be archived or deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.http.paging import Paging
from pulumi_openai_admin.printable import capitalized

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True)
class Parent:
    """A kind of object that contains others.

    Args:
        id_name: The name of its id in path templates.
        noun: Its name in messages, singular: "project".
        path: The path template of its GET.
        can_be_archived: Whether its `status` may be "archived", so that nothing in it can be used.
        can_be_deleted: Whether OpenAI can delete it. If not, an object that is not found belongs to another
            organization.
        ended: The error that says that one was archived or deleted.
        paging: How the list of all of them goes on.
    """

    id_name: str
    noun: str
    path: str
    can_be_archived: bool
    can_be_deleted: bool
    ended: type[errors.ParentEndedError] = errors.ParentEndedError
    paging: Paging = Paging.LAST_ID

    def name_of(self, id_: str) -> str:
        """What one is called at the beginning of a sentence: "Project proj_1"."""
        return f"{capitalized(self.noun)} {id_}"


PROJECT = Parent(
    "project_id",
    "project",
    "/organization/projects/{project_id}",
    can_be_archived=True,
    can_be_deleted=False,
    ended=errors.ProjectArchivedError,
)
GROUP = Parent(
    "group_id",
    "group",
    "/organization/groups/{group_id}",
    can_be_archived=False,
    can_be_deleted=True,
    paging=Paging.NEXT,
)
USER = Parent("user_id", "user", "/organization/users/{user_id}", can_be_archived=False, can_be_deleted=True)
WORKLOAD_IDENTITY_PROVIDER = Parent(
    "workload_identity_provider_id",
    "workload identity provider",
    "/organization/workload_identity_providers/{workload_identity_provider_id}",
    can_be_archived=False,
    can_be_deleted=True,
)
PARENTS = {parent.id_name: parent for parent in (PROJECT, GROUP, USER, WORKLOAD_IDENTITY_PROVIDER)}


PATH = "path"
"""The name of a whole path among the ids of a resource: the path has the ids of its parents."""
_OF_PATHS = {parent.path.split("/")[-2]: parent for parent in PARENTS.values()}
"""By the name that paths have for a kind of parent: `projects`."""


def parents_in(ids: Mapping[str, str]) -> Iterator[tuple[Parent, str]]:
    """The parents among the ids of a path, outermost first."""
    for name, value in ids.items():
        if name == PATH:
            yield from ((PARENTS[id_name], id_) for id_name, id_ in ids_in(value).items())
        elif name in PARENTS:
            yield PARENTS[name], value


def ids_in(path: str) -> dict[str, str]:
    """The ids of the parents in a path, outermost first: `/organization/projects/proj_1/things` is inside proj_1."""
    parts = path.removeprefix("/organization").strip("/").split("/")
    ids: dict[str, str] = {}
    for name, id_ in zip(parts[::2], parts[1:-1:2], strict=False):
        if name not in _OF_PATHS:
            break
        ids[_OF_PATHS[name].id_name] = id_
    return ids


def template_of(path: str) -> str:
    """The template of a path: the names of the ids in place of the ids of its parents."""
    template = path
    for id_name, id_ in ids_in(path).items():
        name = PARENTS[id_name].path.split("/")[-2]
        template = template.replace(f"/{name}/{id_}/", f"/{name}/{{{id_name}}}/", 1)
    return template


def describe(ids: Mapping[str, str]) -> str:
    """The parent of an object, for messages: "project proj_1"."""
    return next((f"{parent.noun} {id_}" for parent, id_ in parents_in(ids)), "the organization")
