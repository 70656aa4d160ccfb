"""Groups of the organization. OpenAI refuses to change or delete one that an identity provider manages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.handlers import people
from pulumi_openai_admin.handlers.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client

_SCIM_ADVICE = "Change the group at the identity provider, and take the resource out of the program and the state."


@dataclass(frozen=True)
class Groups(Collection):
    """The handler; see `Collection` for its arguments."""

    def delete(self, client: Client, remote: Remote) -> None:
        """See `Collection.delete`."""
        with people.explained_group(client, remote.id, _SCIM_ADVICE):
            super().delete(client, remote)

    def _set(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
        with people.explained_group(client, remote.id, _SCIM_ADVICE):
            super()._set(client, remote, body)
