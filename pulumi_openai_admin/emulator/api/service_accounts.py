"""Service accounts of a project, and the keys that are created for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator
from typing_extensions import Self

from pulumi_openai_admin.emulator.api import key_policy
from pulumi_openai_admin.emulator.api.api_keys import API_KEYS
from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.body import OMITTED, Body, Lifetime, Name
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.operation import Operation

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Request
    from pulumi_openai_admin.emulator.store.record import Record


class ServiceAccountCreate(Body):
    """ProjectServiceAccountCreateRequest, with the SDK's `expires_in_seconds`."""

    name: Name
    create_service_account_only: bool | None = None
    expires_in_seconds: Lifetime | None = None

    @model_validator(mode="after")
    def _no_lifetime_without_a_key(self) -> Self:
        if self.create_service_account_only and self.expires_in_seconds is not None:
            raise ValueError("'expires_in_seconds' cannot be used when 'create_service_account_only' is true.")
        return self


class ServiceAccountUpdate(Body):
    """UpdateProjectServiceAccountBody: the role `none` cannot be set."""

    name: Name = OMITTED
    role: Literal["member", "owner"] = OMITTED

    @model_validator(mode="after")
    def _some_change(self) -> Self:
        self.need_one()
        return self


class KeyCreate(Body):
    """CreateProjectServiceAccountApiKeyBody: all of it optional; no scopes are all permissions."""

    name: Name = ""
    scopes: list[str] = Field(default_factory=list)
    expires_in_seconds: Lifetime | None = None


class ServiceAccounts(Collection):
    """Accounts of programs. Their names are not unique."""

    name = "service_account"
    path = "/organization/projects/{project_id}/service_accounts"
    id_name = "service_account_id"
    id_prefix = "svc_acct_"
    parent = PROJECTS
    object = "organization.project.service_account"
    create_body = ServiceAccountCreate
    update_body = ServiceAccountUpdate
    event_types = {
        "create": "service_account.created",
        "update": "service_account.updated",
        "delete": "service_account.deleted",
    }
    event_fields = {"role": "role"}

    def operations(self) -> list[Operation]:
        """Add the creation of a further key."""
        path = f"{self.path}/{{service_account_id}}/api_keys"
        create_key = Operation("POST", path, "create_key", self, self.create_key, body=KeyCreate, creates=True)
        return [*super().operations(), create_key]

    def create(self, request: Request) -> dict[str, Any]:
        """Create an account, and a key where the body does not exclude it: only this response shows the key's value."""
        project, body = self.require_parent(request), request.body
        if project and project["is_default"] and request.organization.world.default_project_refuses_accounts:
            raise Refused(400, "Service accounts cannot be created in the default project.", code="default_project")
        if not body.create_service_account_only:
            key_policy.check_creation(request, body.expires_in_seconds)
        account = self.make(request, self.new_id(request))
        self.log_event(request, "create", account)
        made = (
            None
            if body.create_service_account_only
            else self._make_key(request, account, lifetime=body.expires_in_seconds)
        )
        return {**self.show(request, account), "api_key": made}

    def content(self, request: Request) -> dict[str, Any]:
        """Give a new account's content: without a key its role is `none`."""
        body = request.body
        role = "none" if body.create_service_account_only else "member"
        return {"name": body.name, "role": role, "created_at": request.now}

    def create_key(self, request: Request) -> dict[str, Any]:
        """Create a further key; the account's role stays as it is."""
        account, body = self.require(request), request.body
        key_policy.check_creation(request, body.expires_in_seconds)
        return self._make_key(request, account, body.name, body.scopes, body.expires_in_seconds)

    @staticmethod
    def _make_key(
        request: Request,
        account: Record,
        name: str = "",
        scopes: list[str] | None = None,
        lifetime: int | None = None,
    ) -> dict[str, Any]:
        """Keep a new key, and give schema ProjectServiceAccountApiKey: the only response with a value."""
        key, value = API_KEYS.new(request, account, name, scopes or [], lifetime)
        return {
            "object": "organization.project.service_account.api_key",
            "value": value,
            "name": key["name"],
            "created_at": key["created_at"],
            "id": key.id,
            "expires_at": key["expires_at"],
        }

    def lag(self, request: Request) -> tuple[float, int]:
        """Hide a new account for as long as the switches say."""
        return request.organization.world.account_lag_seconds, request.organization.world.account_lag_reads


SERVICE_ACCOUNTS = ServiceAccounts()
