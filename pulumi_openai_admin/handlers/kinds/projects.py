"""Projects: a collection whose objects can only be archived.

Source: POST /organization/projects/{project_id}/archive. GET still shows an archived project, so `status` is checked.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.removals import Removal
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.http.call import Call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Traits, Wanted
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Projects(Collection):
    """The handler of projects."""

    audit_events: ClassVar[AuditEvents] = AuditEvents(
        ("project.created",), ("project.updated", "project.archived", "project.deleted")
    )

    removal_verb: ClassVar[str] = "archive"
    traits: ClassVar[Traits] = replace(Collection.traits, proves_organization=True)
    """No project is ever deleted, so one that is not shown belongs to another organization."""

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """See `Collection.is_own`: not one that is archived."""
        return not (row.get("status") == "archived" or row.get("archived_at"))

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The project as it is listed; an archived project is treated as deleted."""
        project = super().declared(client, remote)
        self._refuse_archived(remote)
        return project

    def read(self, client: Client, remote: Remote) -> None:
        """Read the project; an archived project is treated as deleted."""
        super().read(client, remote)
        self._refuse_archived(remote)

    def _refuse_archived(self, remote: Remote) -> None:
        if remote.attributes.get("status") == "archived":
            raise errors.ResourceGoneError(f"{self._name(remote)} is archived", errors.ARCHIVED_ADVICE)

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Update the project; an archived project can't be updated."""
        try:
            super().update(client, remote, wanted)
        except errors.BadRequestError:
            self.read(client, remote)  # raises an error if it is archived
            raise

    def delete(self, client: Client, remote: Remote) -> None:
        """Archive the project; nothing is done if it is archived.

        Raises:
            errors.ProjectNotFoundError: OpenAI does not show the project, so it may belong to another organization.
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
        logger.warning(
            "%s is archived, not deleted, because OpenAI does not delete %ss. This cannot be undone.",
            self._name(remote),
            self.noun,
        )

    @override
    def removal(self, remote: Remote, now: float) -> Removal:
        return Removal("archived, which cannot be undone")

    def _gone(self, remote: Remote) -> errors.ResourceGoneError:
        return errors.ProjectNotFoundError.named(self._name(remote))

    def creation_note(self, wanted: Wanted) -> str:  # noqa: ARG002 - the same for all projects
        """How the project ends. The engine asks no provider when it previews a deletion, so this is said before."""
        return f"OpenAI does not delete {self.noun}s. Destroying one archives it, which cannot be undone."

    def replacement_note(self, remote: Remote) -> str:
        """The warning that the old project will be archived."""
        return (
            f"The old {self.noun} {remote.get('name')!r} will be archived after the new one is created. That "
            "cannot be undone, and its keys stop working."
        )
