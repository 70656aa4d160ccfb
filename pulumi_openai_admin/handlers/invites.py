"""Invites: sent once, never changed, and over when somebody accepts them or when they expire.

OpenAI keeps invites that are over. One that was accepted did what it was for, so it is there. One that has expired lets
nobody in, so it counts as gone.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.collection import Collection
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client, Listing

logger = logging.getLogger(__name__)

_PROJECTS = "projects"


@dataclass(frozen=True)
class Invites(Collection):
    """The handler."""

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Send the invite."""
        if _PROJECTS in wanted.settings:
            remote.attributes[_PROJECTS] = wanted.settings[_PROJECTS]  # in the program's order: see `_learn`
        super().create(client, remote, wanted)

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Take over an invite as it is listed.

        Raises:
            errors.ResourceGoneError: It has expired.
        """
        super().adopt(client, remote, wanted)
        self._refuse_expired(remote)

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """See `Collection.is_own`: only one that is pending."""
        return row.get("status") == "pending"

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The invite as it is listed.

        Raises:
            errors.ResourceGoneError: It has expired.
        """
        invite = super().declared(client, remote)
        self._refuse_expired(remote)
        return invite

    def read(self, client: Client, remote: Remote) -> None:
        """Notice that somebody has accepted the invite, or that it has expired.

        Raises:
            errors.ResourceGoneError: It has expired, or is not there.
        """
        super().read(client, remote)
        self._refuse_expired(remote)

    def delete(self, client: Client, remote: Remote) -> None:
        """DELETE, so that nobody can accept it; OpenAI refuses that of one that is over, which is done."""
        try:
            super().delete(client, remote)
        except errors.BadRequestError:
            status = client.send(Call("GET", self._object_path(remote), f"read {self._name(remote)}")).get("status")
            if status not in ("accepted", "expired"):
                raise
            if status == "accepted":
                logger.warning(
                    "%s was left as it is, since it was accepted. The person stays in the organization.",
                    self._name(remote),
                )

    def _warn_of_namesakes(self, client: Client, listing: Listing, remote: Remote, body: Mapping[str, Any]) -> None:
        """Say nothing: another invite of the same person is what a replacement replaces, or one that is over."""

    def _learn(self, remote: Remote, reply: Mapping[str, Any]) -> None:
        """The order of the projects means nothing: the known one stays, so that another one is no difference."""
        known = remote.get(_PROJECTS)
        super()._learn(remote, reply)
        shown = remote.get(_PROJECTS)
        if known and shown and len(known) == len(shown) and all(project in shown for project in known):
            remote.attributes[_PROJECTS] = known

    def _name(self, remote: Remote) -> str:
        email = remote.get("email")
        return f"{self.noun} {remote.id} for {email!r}" if email else f"{self.noun} {remote.id}"

    def _refuse_expired(self, remote: Remote) -> None:
        if remote.get("status") == "expired":
            raise errors.ResourceGoneError(
                f"{self._name(remote)} has expired and lets nobody in any more",
                Advice(remedies.REFRESH_THEN_RUN, ". That sends another."),
            )
