"""API keys of a project: of users, and of service accounts."""

from __future__ import annotations

from pulumi_openai_admin.data_sources.kind import LookUpKind
from pulumi_openai_admin.data_sources.read_only import ReadOnly, ReadOnlyList
from pulumi_openai_admin.handlers.audit_events import KEY_EVENTS
from pulumi_openai_admin.schema.fields import Field, output, path


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


class _ProjectApiKeyKind(LookUpKind):
    about = "An API key of a project, as OpenAI shows it, without the key itself."
    about_list = "All API keys of a project, of users and of service accounts, with and without access to the project."


KIND = _ProjectApiKeyKind(ProjectApiKey)
