"""The API keys of a project.

Source: GET /organization/projects/{project_id}/api_keys and GET, POST, DELETE …/api_keys/{api_key_id}.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.creation import CreationPlace
from pulumi_openai_admin.handlers.shapes.collection import delete_if_exists, show
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.schema.paths import fill

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pulumi_openai_admin.http.client import Client, Listing

EXPIRY = "expires_in_seconds"
KEY_SHOWN_ONCE = "OpenAI shows a key only when it is created"
_REDACTED = re.compile(r"(?P<first>[^.*…]*)[.*…]+(?P<last>[^.*…]+)")


def is_shown_as(value: str, redacted: str) -> bool:
    """Whether the beginning and the end of a key, which is all that OpenAI shows, are those of a value.

    Args:
        value: The value. Secret.
        redacted: What OpenAI shows, such as `sk-abc...wxyz`.
    """
    shown = _REDACTED.fullmatch(redacted)
    if shown is None or len(value) <= len(shown["first"]) + len(shown["last"]):
        return False
    return value.startswith(shown["first"]) and value.endswith(shown["last"])


@dataclass(frozen=True)
class ProjectKeys:
    """The keys of one project, through one client.

    Args:
        client: Sends the requests.
        path: The path of the list; one key is at `{path}/{id}`.
        parents: The ids in the path.
    """

    client: Client
    path: str
    parents: Mapping[str, str]

    def listing(self) -> Listing:
        """The list of the keys of all owners. All accounts of the project share it."""
        # Without `any`, the list lacks keys of accounts without access to the project, and they would appear revoked.
        query: dict[str, str | int] = {"limit": 100, "owner_project_access": "any"}
        action = f"list the API keys of project {self.parents['project_id']}"
        return self.client.listing(fill(self.path, **self.parents), action, query)

    def find(self, key_id: str, created_at: object, name: str) -> dict[str, Any] | None:
        """A key as OpenAI shows it; empty if it is too new to be shown, None if it does not exist.

        A key that is not in the list is requested by its id.
        """
        row = self.listing().rows().get(key_id)
        if row:
            return row
        call = Call("GET", self._path_of(key_id), f"read API key {key_id}")
        try:
            return show(self.client, call, created_at, self.parents, name)
        except errors.NotFoundError:
            return None

    def why_ended(self, key: Mapping[str, Any], created_at: object, name: str) -> str | None:
        """Why a key is no longer valid, in words; None if it is valid or that is unknown."""
        try:
            shown = self.find(key["id"], created_at, name)
        except errors.AdminError:
            return None  # a key that can't be checked counts as valid
        if self.has_expired(key) or self.has_expired(shown or {}):
            return "has expired"
        return "was revoked" if shown is None else None

    def has_expired(self, key: Mapping[str, Any]) -> bool:
        """Whether a key has expired, by OpenAI's clock; False if no response has shown the clock yet."""
        expires_at, now = key.get("expires_at"), self.client.clock.now()
        return isinstance(expires_at, int | float) and now is not None and expires_at <= now

    def revoke(self, key_id: str, name: str, created_at: object) -> None:
        """Delete a key. If OpenAI refuses to delete it, let it expire in one second.

        Raises:
            errors.ProjectNotFoundError: The admin key does not show the project.
        """
        call = Call("DELETE", self._path_of(key_id), f"revoke {name}")
        try:
            delete_if_exists(self.client, call, created_at, self.parents)
        except errors.BadRequestError:
            self._expire(key_id, name)

    def _expire(self, key_id: str, name: str) -> None:
        try:
            self.change(key_id, name, {EXPIRY: 1})
        except errors.BadRequestError:
            key = self.client.send(Call("GET", self._path_of(key_id), f"read {name}"))
            if not self.has_expired(key):  # an expired key can't be changed, and needs no change
                raise

    def change(self, key_id: str, name: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Set the scopes, or the expiry in seconds from now."""
        action = f"set {' and '.join(settings)} of {name}"
        return self.client.send(Call("POST", self._path_of(key_id), action, body=settings))

    def _path_of(self, key_id: str) -> str:
        return fill(self.path + "/{key_id}", **self.parents, key_id=key_id)


@dataclass(frozen=True)
class AccountKeys:
    """The keys of one service account.

    Args:
        of_project: The keys of its project.
        account_id: Its id.
        owner: What messages call it.
    """

    of_project: ProjectKeys
    account_id: str
    owner: str

    def place(self, own: Collection[str] = ()) -> CreationPlace:
        """Where they are created. Without a name, any valid key of the account may be the one.

        Args:
            own: The ids of the keys that the resource keeps.
        """
        return CreationPlace(
            "API key",
            self.owner,
            self.of_project.listing(),
            lambda row, body: self._is_valid(row) and body.get("name") in (None, row.get("name")),
            lambda key_id, row: self.revoke(key_id, row.get("created_at")),
            "revoke",
            parents=self.of_project.parents,
            own=own,
        )

    def _is_valid(self, row: Mapping[str, Any]) -> bool:
        return owner(row) == self.account_id and not self.of_project.has_expired(row)

    def name(self, key_id: str) -> str:
        """What messages call a key."""
        return f"API key {key_id} of {self.owner}"

    def revoke(self, key_id: str, created_at: object) -> None:
        """See `ProjectKeys.revoke`."""
        self.of_project.revoke(key_id, self.name(key_id), created_at)


def owner(key: Mapping[str, Any]) -> object:
    """The id of the service account that owns a listed key."""
    account = (key.get("owner") or {}).get("service_account")
    return account.get("id") if isinstance(account, dict) else None
