"""The kinds whose provider functions have something special, and those without a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.data_sources.kind import LookUpKind, ReadOnly, ReadOnlyList
from pulumi_openai_admin.data_sources.look_up import Parameter
from pulumi_openai_admin.handlers.audit_events import KEY_EVENTS
from pulumi_openai_admin.resources.admin_api_key import AdminApiKey
from pulumi_openai_admin.resources.organization_user import OrganizationUser
from pulumi_openai_admin.resources.project import Project
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount
from pulumi_openai_admin.resources.project_user import ProjectUser
from pulumi_openai_admin.schema.fields import Field, output, path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.http.client import Client, Listing


class People(LookUpKind):
    """Users, as programs look them up."""

    @override
    def find(self, client: Client, key: str, value: str, **arguments: Any) -> Any:
        if key == "email":
            emails = (user.email for user in self.all(client, **arguments) if user.email)
            value = next((email for email in emails if email.casefold() == value.casefold()), value)
        return super().find(client, key, value, **arguments)


_OF_PEOPLE = {"email": "The user's email address, in any case; `None` where OpenAI shows none."}


class _Archivable:
    status: str | None
    archived_at: int | None

    @property
    def is_archived(self) -> bool:
        """Whether the project is archived: its objects can no longer be used."""
        return self.status == "archived" or self.archived_at is not None


class _ProjectKind(LookUpKind):
    options = (Parameter("include_archived", bool, "Whether to include archived projects.", default=False),)
    refusals = "it is archived"
    base = _Archivable

    def listing(self, client: Client, parents: Mapping[str, str], **options: Any) -> Listing:
        if not options.get("include_archived"):
            return super().listing(client, parents)
        query: dict[str, str | int] = {"limit": 100, "include_archived": "true"}
        return client.listing(
            self.handler.path, "list the projects of the organization, including archived projects", query
        )

    @override
    def show(self, client: Client, own_id: str, **arguments: Any) -> Any:
        found = super().show(client, own_id, **arguments)
        if found.is_archived and not arguments.get("include_archived"):
            what = f"Project {found.project_id} is archived"
            raise errors.ProjectArchivedError(what, "Read it with include_archived=True.")
        return found


PROJECT = _ProjectKind(Project, optional=("name", "status"), prose={"status": "`active` or `archived`."})


class ProjectApiKey(ReadOnly):
    """An API key of a project."""

    handler = ReadOnlyList(
        "/organization/projects/{project_id}/api_keys",
        noun="API key",
        query=(("limit", 100), ("owner_project_access", "any")),
        audit_events=KEY_EVENTS,
    )

    project_id: Field[str] = path()
    """The project (`proj_…`)."""
    api_key_id: Field[str] = output(wire="id", identity=True)
    """The key's id (`key_…`)."""
    name: Field[str] = output()
    """The key's name."""
    redacted_value: Field[str] = output()
    """The beginning and the end of the key (`sk-abc...def`)."""
    created_at: Field[int] = output()
    """When it was created, in seconds since 1970 (UTC)."""
    expires_at: Field[int | None] = output()
    """When it expires, in seconds since 1970 (UTC); `None` if it does not expire."""
    last_used_at: Field[int | None] = output()
    """When it was last used, in seconds since 1970 (UTC); `None` if it was never used."""
    owner_type: Field[str | None] = output(wire="owner.type")
    """`"service_account"` or `"user"`."""
    service_account_id: Field[str | None] = output(wire="owner.service_account.id")
    """The service account that owns it; `None` if a user owns it."""
    user_id: Field[str | None] = output(wire="owner.user.id")
    """The user who owns it; `None` if a service account owns it."""
    owner_project_access: Field[str] = output()
    """Whether its owner currently has access to the project: `active` or `inactive`."""


ORGANIZATION_USER = People(OrganizationUser, optional=("role",), prose=_OF_PEOPLE)
PROJECT_API_KEY = LookUpKind(
    ProjectApiKey,
    about="An API key of a project, as OpenAI shows it, without the key itself.",
    about_list="All API keys of a project, of users and of service accounts, with and without access to the project.",
)
PROJECT_RATE_LIMIT = LookUpKind(
    ProjectRateLimit,
    about="The rate limits of one model in one project, as OpenAI shows them.",
    about_list="All rate limits of a project, one object for each model (about 170).",
    dashboard="Limits",
)
_ROLE = "`member` or `owner`. `none` for an account that OpenAI created without a key, unless it got a role."

KINDS = {
    kind.name: kind
    for kind in (
        LookUpKind(AdminApiKey, optional=("name",)),
        ORGANIZATION_USER,
        PROJECT,
        PROJECT_API_KEY,
        PROJECT_RATE_LIMIT,
        LookUpKind(ProjectServiceAccount, prose={"role": _ROLE}),
        People(ProjectUser, prose=_OF_PEOPLE),
    )
}
"""Those that `data_sources.ALL` names."""
