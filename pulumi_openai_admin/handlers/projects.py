"""A collection whose objects can't be deleted, only archived: projects.

Source: POST /organization/projects/{project_id}/archive. GET still shows an archived project, so its
`status` says that it is gone.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.collection import Collection
from pulumi_openai_admin.http.call import Call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Projects(Collection):
    """The shape."""

    ends_children: ClassVar[bool] = True

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the object up to date; an archived one is gone."""
        super().read(client, remote)
        if remote.attributes.get("status") == "archived":
            raise errors.ResourceGoneError(
                f"{self._name(remote)} is archived", "Nothing in it can be used or changed any more."
            )

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Send what may be changed in place; an archived object can't be changed."""
        try:
            super().update(client, remote, wanted)
        except errors.BadRequestError:
            self.read(client, remote)  # says so if it is archived
            raise

    def delete(self, client: Client, remote: Remote) -> None:
        """Archive; what is archived already is done.

        Raises:
            errors.ProjectNotFoundError: OpenAI does not show it. It deletes none, so another organization may have it.
        """
        try:
            reply = client.send(Call("POST", self._object_path(remote) + "/archive", f"archive {self._name(remote)}"))
        except errors.NotFoundError as missing:
            raise self._gone(remote) from missing
        except (errors.BadRequestError, errors.PermissionDeniedError):
            try:
                self.read(client, remote)
            except errors.ProjectNotFoundError:
                raise
            except errors.ResourceGoneError:
                return
            raise
        self._learn(remote, reply)
        logger.warning("%s is archived, not deleted: OpenAI deletes no %s.", self._name(remote), self.noun)

    @property
    def _needs_anchor(self) -> bool:
        return False  # OpenAI deletes none, so one that is not shown is another organization's

    def _gone(self, remote: Remote) -> errors.ResourceGoneError:
        return errors.ProjectNotFoundError.named(self._name(remote))

    def replacement_note(self, document: Mapping[str, object]) -> str:
        """What becomes of the old object."""
        return (
            f"The old {self.noun} {document.get('name')!r} will be archived when the new one is made: OpenAI deletes "
            "none, and nothing in it can be used any more then."
        )
