"""Users of the organization: what is special about looking them up. An address is the same in any case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.data_sources.kind import Kind
from pulumi_openai_admin.data_sources.read_only import ReadOnly, ReadOnlyList
from pulumi_openai_admin.schema.fields import Field, output

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client


class User(ReadOnly):
    """A user of the organization."""

    handler = ReadOnlyList("/organization/users", noun="user", recognized_by=("email",))

    user_id: Field[str] = output(wire="id", identity=True)
    """The user's id (`user-…`)."""
    email: Field[str | None] = output()
    """The user's address."""
    name: Field[str | None] = output()
    """The user's name."""
    role: Field[str | None] = output()
    """The role in the organization: `owner` or `reader`."""
    added_at: Field[int] = output()
    """When the user was added to the organization, in seconds since 1970 (UTC)."""
    is_service_account: Field[bool | None] = output()
    """Whether it is a service account, which OpenAI lists among the users."""
    is_scim_managed: Field[bool | None] = output()
    """Whether your identity provider manages the user (SCIM)."""
    developer_persona: Field[str | None] = output()
    """What the user says about the own work."""
    technical_level: Field[str | None] = output()
    """What the user says about the own technical knowledge."""
    api_key_last_used_at: Field[int | None] = output()
    """When the user last used an API key, in seconds since 1970 (UTC)."""


class _Kind(Kind):
    about = "A user of the organization, as OpenAI shows it."
    about_list = "All users of the organization; service accounts are among them."
    prose = {
        "email": "The user's address, in any case; `None` where OpenAI shows none.",
        "name": "The user's name; `None` where OpenAI shows none.",
    }

    def find(self, client: Client, key: str, value: str, **arguments: Any) -> Any:
        if key == "email":
            emails = (one.email for one in self.all(client, **arguments) if one.email)
            value = next((email for email in emails if email.casefold() == value.casefold()), value)
        return super().find(client, key, value, **arguments)


KIND = _Kind(User)
