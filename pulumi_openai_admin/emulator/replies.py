"""The replies: one method for each operation, in the specification's shapes.

Nothing is decided here. A method hands what was asked to the organization, and spells what comes back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from fastapi import Query
from fastapi.responses import JSONResponse

from pulumi_openai_admin.emulator import bodies
from pulumi_openai_admin.emulator.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pulumi_openai_admin.emulator.catalogue import Row
    from pulumi_openai_admin.emulator.organization import Organization
    from pulumi_openai_admin.emulator.records import ApiKey, Project, ServiceAccount

_T = TypeVar("_T")

PageSize = Annotated[int, Query(ge=1, le=100)]
RowPageSize = Annotated[int, Query(ge=1, le=1000)]
OwnerAccess = Literal["active", "inactive", "any"]


class Replies:
    """What the Administration API answers about projects."""

    def __init__(self, organization: Organization) -> None:
        """Answer from one organization."""
        self._organization = organization

    def _created(self, content: Mapping[str, Any]) -> JSONResponse:
        return JSONResponse(content, status_code=self._organization.world.created_status)

    # --- projects ---

    async def list_projects(
        self,
        limit: PageSize = 20,
        after: str | None = None,
        include_archived: bool = False,  # noqa: FBT001, FBT002
    ) -> JSONResponse:
        """Answer operation `list-projects`."""
        projects = self._organization.list_projects(include_archived=include_archived)
        return _page(projects, _id, _project, limit, after)

    async def create_project(self, body: bodies.ProjectCreate) -> JSONResponse:
        """Answer operation `create-project`; no reply shows `geography`."""
        project = self._organization.create_project(body.name, body.external_key_id, body.residency)
        return self._created(_project(project))

    async def retrieve_project(self, project_id: str) -> JSONResponse:
        """Answer operation `retrieve-project`."""
        return JSONResponse(_project(self._organization.project(project_id)))

    async def update_project(self, project_id: str, body: bodies.ProjectUpdate) -> JSONResponse:
        """Answer operation `modify-project`."""
        return JSONResponse(_project(self._organization.update_project(project_id, body.given())))

    async def archive_project(self, project_id: str) -> JSONResponse:
        """Answer operation `archive-project`."""
        return JSONResponse(_project(self._organization.archive_project(project_id)))

    # --- rate limits ---

    async def list_rate_limits(
        self, project_id: str, limit: RowPageSize = 100, after: str | None = None, before: str | None = None
    ) -> JSONResponse:
        """Answer operation `list-project-rate-limits`."""
        rows = self._organization.rate_limits(project_id)
        return _page(rows, _row_id, _rate_limit, limit, after, before)

    async def update_rate_limit(
        self, project_id: str, rate_limit_id: str, body: bodies.RateLimitUpdate
    ) -> JSONResponse:
        """Answer operation `update-project-rate-limits`."""
        row = self._organization.update_rate_limit(project_id, rate_limit_id, body.limits())
        return JSONResponse(_rate_limit(row))

    # --- service accounts ---

    async def list_accounts(self, project_id: str, limit: PageSize = 20, after: str | None = None) -> JSONResponse:
        """Answer operation `list-project-service-accounts`."""
        return _page(self._organization.list_accounts(project_id), _id, _account, limit, after)

    async def create_account(self, project_id: str, body: bodies.ServiceAccountCreate) -> JSONResponse:
        """Answer operation `create-project-service-account`."""
        account, minted = self._organization.create_account(
            project_id,
            body.name,
            with_key=not body.create_service_account_only,
            lifetime=body.expires_in_seconds,
        )
        return self._created({**_account(account), "api_key": None if minted is None else _minted(*minted)})

    async def retrieve_account(self, project_id: str, service_account_id: str) -> JSONResponse:
        """Answer operation `retrieve-project-service-account`."""
        return JSONResponse(_account(self._organization.account(project_id, service_account_id)))

    async def update_account(
        self, project_id: str, service_account_id: str, body: bodies.ServiceAccountUpdate
    ) -> JSONResponse:
        """Answer operation `update-project-service-account`."""
        given = body.given()
        account = self._organization.update_account(
            project_id, service_account_id, name=given.get("name"), role=given.get("role")
        )
        return JSONResponse(_account(account))

    async def delete_account(self, project_id: str, service_account_id: str) -> JSONResponse:
        """Answer operation `delete-project-service-account`."""
        account = self._organization.delete_account(project_id, service_account_id)
        return _deleted("organization.project.service_account.deleted", account.id)

    # --- keys ---

    async def create_key(
        self, project_id: str, service_account_id: str, body: bodies.KeyCreate | None = None
    ) -> JSONResponse:
        """Answer operation `CreateanAPIkeyforaserviceaccount`."""
        wanted = body or bodies.KeyCreate()
        minted = self._organization.create_key(
            project_id, service_account_id, wanted.name, wanted.scopes, wanted.expires_in_seconds
        )
        return self._created(_minted(*minted))

    async def list_keys(
        self,
        project_id: str,
        limit: PageSize = 20,
        after: str | None = None,
        owner_project_access: OwnerAccess | None = None,
    ) -> JSONResponse:
        """Answer operation `list-project-api-keys`."""
        return _page(self._organization.list_keys(project_id, owner_project_access), _id, self._key, limit, after)

    async def retrieve_key(self, project_id: str, api_key_id: str) -> JSONResponse:
        """Answer operation `retrieve-project-api-key`."""
        return JSONResponse(self._key(self._organization.key(project_id, api_key_id)))

    async def update_key(self, project_id: str, api_key_id: str, body: bodies.KeyUpdate) -> JSONResponse:
        """Answer operation `update-project-api-key` (the SDK's; the specification lacks it)."""
        given = body.given()
        key = self._organization.update_key(
            project_id, api_key_id, scopes=given.get("scopes"), lifetime=given.get("expires_in_seconds")
        )
        return JSONResponse(self._key(key))

    async def delete_key(self, project_id: str, api_key_id: str) -> JSONResponse:
        """Answer operation `delete-project-api-key`."""
        key = self._organization.delete_key(project_id, api_key_id)
        return _deleted("organization.project.api_key.deleted", key.id)

    def _key(self, key: ApiKey) -> dict[str, Any]:
        """Schema ProjectApiKey: no reply shows a key's scopes."""
        return {
            "object": "organization.project.api_key",
            "redacted_value": key.redacted_value,
            "name": key.name,
            "created_at": key.created_at,
            "last_used_at": None,
            "id": key.id,
            "owner_project_access": self._organization.owner_access(key),
            "owner": self._owner(key),
            "expires_at": key.expires_at,
        }

    def _owner(self, key: ApiKey) -> dict[str, Any]:
        account = self._organization.owner(key)
        if account is None:
            return {"type": "user", "user": key.user}
        shown = {"id": account.id, "name": account.name, "created_at": account.created_at, "role": account.role}
        return {"type": "service_account", "service_account": shown}


def _id(record: Project | ServiceAccount | ApiKey) -> str:
    return record.id


def _row_id(row: tuple[Row, Mapping[str, int]]) -> str:
    return row[0].id


def _project(project: Project) -> dict[str, Any]:
    """Schema Project."""
    return {
        "id": project.id,
        "object": "organization.project",
        "name": project.name,
        "created_at": project.created_at,
        "archived_at": project.archived_at,
        "status": "active" if project.archived_at is None else "archived",
        "external_key_id": project.external_key_id,
        "residency": project.residency,
    }


def _rate_limit(row: tuple[Row, Mapping[str, int]]) -> dict[str, Any]:
    """Schema ProjectRateLimit: the four fields beyond requests and tokens only where they mean something."""
    known, limits = row
    return {"object": "project.rate_limit", "id": known.id, "model": known.model, **limits}


def _account(account: ServiceAccount) -> dict[str, Any]:
    """Schema ProjectServiceAccount."""
    return {
        "object": "organization.project.service_account",
        "id": account.id,
        "name": account.name,
        "role": account.role,
        "created_at": account.created_at,
    }


def _minted(key: ApiKey, value: str) -> dict[str, Any]:
    """Schema ProjectServiceAccountApiKey: the only reply with a value."""
    return {
        "object": "organization.project.service_account.api_key",
        "value": value,
        "name": key.name,
        "created_at": key.created_at,
        "id": key.id,
        "expires_at": key.expires_at,
    }


def _deleted(what: str, identifier: str) -> JSONResponse:
    return JSONResponse({"object": what, "id": identifier, "deleted": True})


def _page(  # noqa: PLR0913, PLR0917 - a page is all of this
    items: Sequence[_T],
    identify: Callable[[_T], str],
    spell: Callable[[_T], dict[str, Any]],
    limit: int,
    after: str | None = None,
    before: str | None = None,
) -> JSONResponse:
    """Cut a page: forwards from `after`, or the page that ends at `before`."""
    ids = [identify(item) for item in items]
    first = 0 if after is None else _place(ids, "after", after) + 1
    end = len(ids) if before is None else _place(ids, "before", before)
    backwards = before is not None and after is None
    chosen = range(max(first, end - limit), end) if backwards else range(first, min(first + limit, end))
    has_more = bool(chosen) and (chosen.start > first if backwards else chosen.stop < end)
    content = {
        "object": "list",
        "data": [spell(items[index]) for index in chosen],
        "first_id": ids[chosen.start] if chosen else None,
        "last_id": ids[chosen.stop - 1] if chosen else None,
        "has_more": has_more,
    }
    return JSONResponse(content)


def _place(ids: Sequence[str], param: str, cursor: str) -> int:
    try:
        return ids.index(cursor)
    except ValueError:
        raise Refused(400, f"Invalid '{param}': no object {cursor}.", code="invalid_cursor", param=param) from None
