"""Users of the organization and of projects: an address is the same in any case, and not every user has one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.data_sources.kind import LookUpKind

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client


class People(LookUpKind):
    """Users, as programs look them up."""

    prose = {"email": "The user's email address, in any case; `None` where OpenAI shows none."}

    def find(self, client: Client, key: str, value: str, **arguments: Any) -> Any:
        """See `Kind.find`."""
        if key == "email":
            emails = (user.email for user in self.all(client, **arguments) if user.email)
            value = next((email for email in emails if email.casefold() == value.casefold()), value)
        return super().find(client, key, value, **arguments)
