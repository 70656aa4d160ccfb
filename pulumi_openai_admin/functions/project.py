"""Looking up projects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.api.call import Call
from pulumi_openai_admin.api.paths import fill
from pulumi_openai_admin.api.remote import Remote
from pulumi_openai_admin.functions.look_up import Kind, check_id, connection, exactly_one, lifted, look_up, wire
from pulumi_openai_admin.resources.project import Project

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from pulumi_openai_admin.api.client import Client, Listing


@dataclass(frozen=True, kw_only=True)
class GetProjectResult:
    """A project, as OpenAI shows it."""

    project_id: str = field(metadata=wire("id"))
    """The project's id (`proj_…`)."""
    name: str | None
    """What the dashboard calls it. Names need not be unique; `None` where OpenAI shows none."""
    status: str | None
    """`active` or `archived`."""
    created_at: int
    """When it was made, in seconds since 1970 (UTC)."""
    archived_at: int | None
    """When it was archived, in seconds since 1970 (UTC); `None` if it is not."""
    external_key_id: str | None
    """The external key (`extkey_…`) that encrypts its data; `None` without one."""
    residency: str | None
    """Where its data stay (`GLOBAL`, `EU_STORAGE_PROCESSING`, …); `None` where OpenAI does not tell."""

    @property
    def is_archived(self) -> bool:
        """Whether nothing in it can be used any more."""
        return self.status == "archived" or self.archived_at is not None


def _all(client: Client, _: Mapping[str, str]) -> Listing:
    query: dict[str, str | int] = {"limit": 100, "include_archived": "true"}
    return client.listing(Project.endpoint.path, "list the projects of the organization, archived ones too", query)


def _active(client: Client, parents: Mapping[str, str]) -> Listing:
    return Project.endpoint.listing(client, Remote(parents))


def kind(*, include_archived: bool) -> Kind[GetProjectResult]:
    """How projects are listed."""
    listing = _all if include_archived else _active
    return Kind(GetProjectResult, Project.endpoint.noun, "Settings > Organization > Projects", listing)


@look_up
def list_projects(
    *, include_archived: bool = False, opts: pulumi.InvokeOptions | None = None
) -> list[GetProjectResult]:
    """All projects of the organization.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        include_archived: Whether archived projects are among them.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpFailed: There is no admin key, or OpenAI could not be asked or said no. It is an `AdminError`, and ends
            a program without a traceback.

    Source: GET /organization/projects (operation `list-projects`).
    """
    with connection(opts) as client:
        return kind(include_archived=include_archived).all(client)


def list_projects_output(
    *, include_archived: pulumi.Input[bool] = False, opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[GetProjectResult]]:
    """`list_projects` for Outputs: unknown in a preview where an argument is."""
    return lifted(list_projects, opts, include_archived=include_archived)


@look_up
def get_project(
    *,
    name: str | None = None,
    project_id: str | None = None,
    include_archived: bool = False,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectResult:
    """One project, by its name or its id.

    Args:
        name: What the dashboard calls it, letter for letter. Set this or `project_id`.
        project_id: Its id (`proj_…`). Set this or `name`.
        include_archived: Whether it may be an archived one.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpFailed: There is no such project (the message names those with the nearest names), several have the name
            (it names all), it is archived, an argument will not do, or as for `list_projects`.

    Source: GET /organization/projects and …/projects/{project_id} (operations `list-projects`, `retrieve-project`).
    """
    key, value = exactly_one(name=name, project_id=project_id)
    projects = kind(include_archived=include_archived)
    if key == "name":
        with connection(opts) as client:
            return projects.find(client, key, value)
    check_id(project_id=value)
    with connection(opts) as client:
        path = fill(Project.endpoint.path + "/{project_id}", project_id=value)
        project = projects.become(client.send(Call("GET", path, f"look up project {value}")))
    if project.is_archived and not include_archived:
        raise errors.ProjectArchived(f"Project {value} is archived", "Look it up with include_archived=True.")
    return project


def get_project_output(
    *,
    name: pulumi.Input[str | None] = None,
    project_id: pulumi.Input[str | None] = None,
    include_archived: pulumi.Input[bool] = False,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectResult]:
    """`get_project` for Outputs: unknown in a preview where an argument is."""
    return lifted(get_project, opts, name=name, project_id=project_id, include_archived=include_archived)
