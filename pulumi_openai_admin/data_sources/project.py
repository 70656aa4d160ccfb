"""Provider functions of projects. Archived projects are omitted by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.data_sources.kind import LookUpKind, LookUpOption
from pulumi_openai_admin.resources.project import Project

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.http.client import Client, Listing


class _Archivable:
    status: str | None
    archived_at: int | None

    @property
    def is_archived(self) -> bool:
        """Whether the project is archived: its objects can no longer be used."""
        return self.status == "archived" or self.archived_at is not None


class _ProjectKind(LookUpKind):
    options = {
        "include_archived": LookUpOption(
            "bool",
            default=False,
            of_list="Whether to include archived projects.",
            of_get="Whether to include archived projects.",
        )
    }
    optional = ("name", "status")
    prose = {"status": "`active` or `archived`."}
    refusals = "it is archived"
    base = _Archivable

    def listing(self, client: Client, parents: Mapping[str, str], **options: Any) -> Listing:
        if not options.get("include_archived"):
            return super().listing(client, parents)
        query: dict[str, str | int] = {"limit": 100, "include_archived": "true"}
        return client.listing(
            self.handler.path, "list the projects of the organization, including archived projects", query
        )

    def accept(self, found: Any, **options: Any) -> None:
        if found.is_archived and not options.get("include_archived"):
            what = f"Project {found.project_id} is archived"
            raise errors.ProjectArchivedError(what, "Read it with include_archived=True.")


KIND = _ProjectKind(Project)
