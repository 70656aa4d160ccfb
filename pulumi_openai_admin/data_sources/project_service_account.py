"""Looking up a project's service accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_openai_admin.data_sources.look_up import Kind, check_id, connection, exactly_one, lifted, look_up, wire
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount

if TYPE_CHECKING:
    import pulumi


@dataclass(frozen=True, kw_only=True)
class GetProjectServiceAccountResult:
    """A service account, as OpenAI shows it: without its keys."""

    project_id: str
    """The project (`proj_…`)."""
    service_account_id: str = field(metadata=wire("id"))
    """The account's id (`svc_acct_…`, `user-…`)."""
    name: str | None
    """What the dashboard calls it. Names need not be unique; `None` where OpenAI shows none."""
    role: str | None
    """`owner`, `member`, or `none` of an account without access."""
    created_at: int
    """When it was made, in seconds since 1970 (UTC)."""


KIND = Kind(
    GetProjectServiceAccountResult,
    ProjectServiceAccount.handler.noun,
    "Settings > Project > Service accounts",
    lambda client, parents: ProjectServiceAccount.handler.listing(client, Remote(parents)),
)


@look_up
def list_project_service_accounts(
    *, project_id: str, opts: pulumi.InvokeOptions | None = None
) -> list[GetProjectServiceAccountResult]:
    """All service accounts of a project.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: The project is missing or archived, the id will not do, there is no admin key, or OpenAI could
            not be asked or said no. It is an `AdminError`, and ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/service_accounts (operation `list-project-service-accounts`).
    """
    check_id(project_id=project_id)
    with connection(opts) as client:
        return KIND.all(client, project_id=project_id)


def list_project_service_accounts_output(
    *, project_id: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[GetProjectServiceAccountResult]]:
    """`list_project_service_accounts` for Outputs: unknown in a preview where an argument is."""
    return lifted(list_project_service_accounts, opts, project_id=project_id)


@look_up
def get_project_service_account(
    *,
    project_id: str,
    name: str | None = None,
    service_account_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectServiceAccountResult:
    """One service account of a project, by its name or its id.

    Args:
        project_id: The project (`proj_…`).
        name: What the dashboard calls it, letter for letter. Set this or `service_account_id`.
        service_account_id: Its id. Set this or `name`.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpError: There is no such account (the message names those with the nearest names), several have the name
            (it names all), or as for `list_project_service_accounts`.

    Source: GET /organization/projects/{project_id}/service_accounts and …/service_accounts/{service_account_id}
    (operations `list-project-service-accounts`, `retrieve-project-service-account`).
    """
    check_id(project_id=project_id)
    key, value = exactly_one(name=name, service_account_id=service_account_id)
    if key == "name":
        with connection(opts) as client:
            return KIND.find(client, key, value, project_id=project_id)
    check_id(service_account_id=value)
    with connection(opts) as client:
        path = fill(ProjectServiceAccount.handler.path + "/{id}", project_id=project_id, id=value)
        action = f"look up service account {value} of project {project_id}"
        with client.inside({"project_id": project_id}):
            return KIND.become(client.send(Call("GET", path, action)), project_id=project_id)


def get_project_service_account_output(
    *,
    project_id: pulumi.Input[str],
    name: pulumi.Input[str | None] = None,
    service_account_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectServiceAccountResult]:
    """`get_project_service_account` for Outputs: unknown in a preview where an argument is."""
    return lifted(
        get_project_service_account, opts, project_id=project_id, name=name, service_account_id=service_account_id
    )
