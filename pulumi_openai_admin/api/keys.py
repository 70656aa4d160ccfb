"""The API keys of a project, of which its service accounts own some.

Source: GET /organization/projects/{project_id}/api_keys and GET, POST, DELETE …/api_keys/{api_key_id}.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.api import once
from pulumi_openai_admin.api.call import Call
from pulumi_openai_admin.api.collection import is_young
from pulumi_openai_admin.api.paths import fill

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pulumi_openai_admin.api.client import Client, Listing

EXPIRY = "expires_in_seconds"


@dataclass(frozen=True)
class ProjectKeys:
    """The keys of one project, through one client.

    Args:
        client: Sends and lists.
        path: Where the keys are listed; one is at `{path}/{id}`.
        parents: The ids in the path.
    """

    client: Client
    path: str
    parents: Mapping[str, str]

    def listing(self) -> Listing:
        """All keys, whoever owns them: one list tells for all accounts of the project."""
        # Without `any`, keys of accounts that have no access at the moment would look revoked.
        query: dict[str, str | int] = {"limit": 100, "owner_project_access": "any"}
        purpose = f"list the API keys of project {self.parents['project_id']}"
        return self.client.listing(fill(self.path, **self.parents), purpose, query)

    def of_account(self, account_id: str) -> list[str]:
        """The ids of an account's keys that have not expired, as the list has them."""
        rows = self.listing().rows().items()
        return [id_ for id_, row in rows if owner(row) == account_id and not has_expired(row)]

    def look_for_others(self, account_id: str, known: Collection[str]) -> list[str]:
        """The ids of an account's keys that are not among the known; looked for well, since a list lags behind.

        None is said only after the last look, and some only when a further look shows no more.
        """
        others: list[str] = []
        for wait in once.LOOKS:
            self.client.pause(wait, f"find the API keys of {account_id}")
            self.listing().forget()
            before, others = others, [id_ for id_ in self.of_account(account_id) if id_ not in known]
            if others and others == before:
                break
        return others

    def find(self, key_id: str, made_at: object) -> dict[str, Any] | None:
        """A key as OpenAI shows it; empty if it is too young to be shown, None if there is none.

        Only what the list lacks is asked for by itself.
        """
        row = self.listing().rows().get(key_id)
        if row:
            return row
        try:
            return self.client.send(Call("GET", self._path_of(key_id), f"look at API key {key_id}"))
        except errors.NotFound as missing:
            return {} if is_young(made_at, missing) else None

    def fate(self, key: Mapping[str, Any], made_at: object) -> str | None:
        """What became of a key, in words; None while it lives, and where that can't be told."""
        if has_expired(key):
            return "has expired"
        try:
            shown = self.find(key["id"], made_at)
        except errors.AdminError:
            return None  # a key that can't be checked is left alone
        if shown is None:
            return "was revoked"
        return "has expired" if has_expired(shown) else None

    def revoke(self, key_id: str, name: str) -> None:
        """DELETE a key; where OpenAI does not delete an account's key, let it expire in one second."""
        try:
            self.client.send(Call("DELETE", self._path_of(key_id), f"revoke {name}"))
        except errors.NotFound as missing:
            # Nobody can use it any more, which is what was wanted; unless it is out of this key's reach.
            self.client.went_with_its_project(self.parents["project_id"], missing)
        except errors.Refused:
            self._expire(key_id, name)

    def _expire(self, key_id: str, name: str) -> None:
        try:
            self.change(key_id, name, {EXPIRY: 1})
        except errors.Refused:
            key = self.client.send(Call("GET", self._path_of(key_id), f"look at {name}"))
            if not has_expired(key):  # one that has expired can't be changed, and needs not be
                raise

    def change(self, key_id: str, name: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Set scopes, or the expiry, which counts from now."""
        purpose = f"set {' and '.join(settings)} of {name}"
        return self.client.send(Call("POST", self._path_of(key_id), purpose, body=settings))

    def _path_of(self, key_id: str) -> str:
        return fill(self.path + "/{key_id}", **self.parents, key_id=key_id)


def owner(key: Mapping[str, Any]) -> object:
    """The id of the service account that a listed key belongs to."""
    account = (key.get("owner") or {}).get("service_account")
    return account.get("id") if isinstance(account, dict) else None


def has_expired(key: Mapping[str, Any]) -> bool:
    """Whether a key's time is over, by this machine's clock."""
    expires_at = key.get("expires_at")
    return isinstance(expires_at, int | float) and expires_at <= time.time()
