"""Projects. They are never deleted, only archived; one of them is the organization's default."""

from __future__ import annotations

from typing import Any, Literal, Self, TypeVar

from pydantic import model_validator

from pulumi_openai_admin.emulator.handlers.bodies import Body, Name, body, optional
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.errors import Refused, not_found
from pulumi_openai_admin.emulator.handlers.kind import Request, action
from pulumi_openai_admin.emulator.store.store import Record

KindT = TypeVar("KindT", bound=Collection)

_RESIDENCIES = """
    GLOBAL US_STORAGE_PROCESSING EU_STORAGE_PROCESSING JP_STORAGE JP_STORAGE_PROCESSING KR_STORAGE CA_STORAGE SG_STORAGE
    IN_STORAGE IN_STORAGE_PROCESSING AU_STORAGE AU_STORAGE_PROCESSING GB_STORAGE AE_STORAGE AE_STORAGE_PROCESSING
"""
Residency = Literal[tuple(_RESIDENCIES.split())]  # type: ignore[valid-type]


class ProjectCreate(Body):
    """ProjectCreateRequest; `geography` is deprecated, and "do not provide both"."""

    name: Name
    external_key_id: str | None = None
    geography: str | None = None
    residency: Residency | None = None  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.geography is not None and self.residency is not None:
            raise ValueError("Provide only one of 'geography' and 'residency'.")
        return self


def properties(body: ProjectCreate) -> dict[str, Any]:
    """Give the properties of a new project; no response shows `geography`."""
    return body.model_dump(include={*ProjectCreate.model_fields} - {"geography"})


class Projects(Collection):
    """What an organization is divided into."""

    name = "project"
    path = "/organization/projects"
    id_prefix = "proj_"
    object = "organization.project"
    verbs = ("list", "create", "retrieve", "update")
    create_body = ProjectCreate
    update_body = body(
        "ProjectUpdateRequest", name=optional(Name), external_key_id=optional(str), geography=optional(str)
    )
    list_query = {"include_archived": (bool, False)}
    indexed = ("is_default", "external_key_id")
    event = "project"
    event_types = {"archive": "project.archived"}
    event_fields = {"name": "title"}

    def content(self, request: Request) -> dict[str, Any]:
        return {**properties(request.body), "created_at": request.now, "is_default": False, "archived_at": None}

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        """Refuse to change an archived project or the default one; a name can't become null."""
        self._refuse_archived(record)
        if record["is_default"]:
            raise Refused(400, "The default project cannot be updated.", code="default_project_not_updatable")
        given = {name: value for name, value in given.items() if name != "geography"}
        return {**record.content, **given, "name": given.get("name") or record["name"]}

    def requested(self, before: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        """Omit a null name: it changes nothing, and the event's title cannot be null."""
        return {name: value for name, value in given.items() if name != "name" or value is not None}

    @action("POST", "/{project_id}/archive")
    def archive(self, request: Request) -> dict[str, Any]:
        """Archive a project: its service accounts and keys are deleted, the rest stays, out of reach."""
        project = self.require(request)
        self._refuse_archived(project)
        if project["is_default"]:
            raise Refused(400, "The default project cannot be archived.", code="default_project_not_archivable")
        organization = request.organization
        organization.store.change(project, archived_at=request.now)
        for kind in ("service_account", "api_key"):
            for record in list(organization.store.children(kind, project.id)):
                organization.remove(record)
        self.log_event(request, "archive", project)
        return self.show(request, project)

    def admit(self, request: Request, record: Record) -> None:
        """Refuse everything inside an archived project: "archived projects cannot be used or updated"."""
        reads_one = request.operation.verb == "retrieve"
        self._refuse_archived(record, request.behavior.archived_read_status if reads_one else 400)

    def usable(self, request: Request, project_id: str) -> Record:
        """Find the project that a body names, or refuse the call; an archived one cannot be used."""
        project = self.named(request, project_id)
        self.admit(request, project)
        return project

    def missing(self, request: Request, record_id: str) -> Refused:
        """Refuse an unknown project, in the shape that the examples of the addressed operation show."""
        where = request.behavior.bare_not_found
        is_bare = where == "everywhere" or (where == "rate_limits" and request.operation.kind.has_bare_not_found)
        return not_found("project", record_id, "bare" if is_bare else "usual")

    @staticmethod
    def _refuse_archived(project: Record, status: int = 400) -> None:
        if project["archived_at"] is not None:
            raise Refused(status, f"The project {project.id} is archived.", code="project_archived")

    def is_listed(self, request: Request, record: Record) -> bool:
        """Omit archived projects where the query does not ask for them."""
        return request.query.include_archived or record["archived_at"] is None

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema Project: its `residency` can be absent, and not null."""
        shown = super().show(request, record)
        del shown["is_default"]
        if shown["residency"] is None:
            del shown["residency"]
        return {**shown, "status": "active" if record["archived_at"] is None else "archived"}


PROJECTS = Projects()


def of_projects(kind: type[KindT], **differences: Any) -> KindT:
    """Make the kind that each project has, of one that the organization has: `project_spend_alert` of `spend_alert`."""
    below = {
        "name": f"project_{kind.name}",
        "path": kind.path.replace("/organization/", f"{PROJECTS.path}/{{project_id}}/"),
        "object": kind.object.replace("organization.", "project."),
        "parent": PROJECTS,
    }
    made: type[KindT] = type(
        f"Project{kind.__name__}", (kind,), {"__module__": kind.__module__, **below, **differences}
    )
    return made()
