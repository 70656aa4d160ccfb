"""What proves that a key is for the organization of an object that is in no project.

OpenAI never deletes a project. So a project of the organization is remembered while the object is there, and a key that
does not show that project later is another organization's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.http.parents import PARENTS

if TYPE_CHECKING:
    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client

_ANCHOR = "anchor"
"""In `Remote.private`: the id of the project."""


def is_needed(path: str) -> bool:
    """Whether no parent in a path template proves it: there is none, or OpenAI deletes each of them."""
    names = re.findall(r"{(\w+)}", path)
    return all(name not in PARENTS or PARENTS[name].can_be_deleted for name in names)


def remember(client: Client, remote: Remote) -> None:
    """Remember a project of the organization, once for each object."""
    if not remote.private.get(_ANCHOR) and (anchor := client.anchor()):
        remote.private[_ANCHOR] = anchor


def require(client: Client, remote: Remote, name: str) -> None:
    """Make sure that the key is for the object's organization, of an object that OpenAI does not show.

    Raises:
        errors.ParentNotFoundError: Nothing proves that it is.
    """
    client.require_same_organization(remote.private.get(_ANCHOR, ""), name)


def require_if_known(client: Client, remote: Remote, name: str) -> None:
    """Make sure that the key is for the organization of a setting, which every organization has.

    Raises:
        errors.ParentNotFoundError: It is not.
    """
    if remote.private.get(_ANCHOR):
        require(client, remote, name)


def require_remembered(remote: Remote, name: str) -> None:
    """Make sure that later runs can tell whether their key is for the organization of a setting.

    Raises:
        errors.ConfigurationError: They can't, so the setting must not be changed.
    """
    if not remote.private.get(_ANCHOR):
        raise errors.ConfigurationError(
            f"Could not set the {name}: OpenAI lists no project of the organization for this key",
            "Use a key that may list projects: a project shows later that a key is for the same organization.",
        )


def remembered(remote: Remote) -> dict[str, str]:
    """What is remembered, for another object of the same organization."""
    return {_ANCHOR: remote.private[_ANCHOR]} if remote.private.get(_ANCHOR) else {}


class Anchored:
    """A handler of objects whose organization may have to be proved."""

    path: str

    @property
    def needs_anchor(self) -> bool:
        """Whether no parent proves that the key is the right organization's."""
        return is_needed(self.path)

    def remember_organization(self, client: Client, remote: Remote) -> None:
        """Remember what proves the organization later, while the object is there."""
        if self.needs_anchor:
            remember(client, remote)

    def require_organization(self, client: Client, remote: Remote, name: str) -> None:
        """Make sure that the key is for the organization of an object that OpenAI does not show.

        Raises:
            errors.ParentNotFoundError: Nothing proves that it is.
        """
        if self.needs_anchor:
            require(client, remote, name)
