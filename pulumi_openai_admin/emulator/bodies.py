"""What a call may carry: the specification's request bodies, each field checked as OpenAI checks it.

Types are strict (no `1.0`, no `true`, no `"1"` for an integer), unknown fields are refused, and a null is refused
where the specification does not allow one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from typing_extensions import Self

from pulumi_openai_admin.emulator.world import LONGEST_LIFETIME

if TYPE_CHECKING:
    from collections.abc import Mapping

Limit = Annotated[int, Field(ge=0)]
Lifetime = Annotated[int, Field(ge=1, le=LONGEST_LIFETIME)]
Name = Annotated[str, Field(min_length=1)]

Residency = Literal[
    "GLOBAL",
    "US_STORAGE_PROCESSING",
    "EU_STORAGE_PROCESSING",
    "JP_STORAGE",
    "JP_STORAGE_PROCESSING",
    "KR_STORAGE",
    "CA_STORAGE",
    "SG_STORAGE",
    "IN_STORAGE",
    "IN_STORAGE_PROCESSING",
    "AU_STORAGE",
    "AU_STORAGE_PROCESSING",
    "GB_STORAGE",
    "AE_STORAGE",
    "AE_STORAGE_PROCESSING",
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    def given(self) -> dict[str, Any]:
        """Give only what the caller sent: absent is not null, and neither is 0."""
        return self.model_dump(exclude_unset=True)

    def _need_one(self) -> None:
        if not self.model_fields_set:
            raise ValueError("Invalid body: at least one parameter must be given.")


class ProjectCreate(_Body):
    """ProjectCreateRequest; `geography` is deprecated, and "do not provide both"."""

    name: Name
    external_key_id: str | None = None
    geography: str | None = None
    residency: Residency | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.geography is not None and self.residency is not None:
            raise ValueError("Provide only one of 'geography' and 'residency'.")
        return self


class ProjectUpdate(_Body):
    """ProjectUpdateRequest: no `residency`."""

    name: Name | None = None
    external_key_id: str | None = None
    geography: str | None = None


class RateLimitUpdate(_Body):
    """ProjectRateLimitUpdateRequest. The zeros below are never read: `given` tells what was sent."""

    max_requests_per_1_minute: Limit = 0
    max_tokens_per_1_minute: Limit = 0
    max_images_per_1_minute: Limit = 0
    max_audio_megabytes_per_1_minute: Limit = 0
    max_requests_per_1_day: Limit = 0
    batch_1_day_max_input_tokens: Limit = 0

    @model_validator(mode="after")
    def _some_limit(self) -> Self:
        self._need_one()
        return self

    def limits(self) -> Mapping[str, int]:
        """Give the limits to write."""
        return self.given()


class ServiceAccountCreate(_Body):
    """ProjectServiceAccountCreateRequest, with the SDK's `expires_in_seconds`."""

    name: Name
    create_service_account_only: bool | None = None
    expires_in_seconds: Lifetime | None = None

    @model_validator(mode="after")
    def _no_life_without_a_key(self) -> Self:
        if self.create_service_account_only and self.expires_in_seconds is not None:
            raise ValueError("'expires_in_seconds' cannot be used when 'create_service_account_only' is true.")
        return self


class ServiceAccountUpdate(_Body):
    """UpdateProjectServiceAccountBody: the role `none` cannot be set."""

    name: Name = ""
    role: Literal["member", "owner"] = "member"

    @model_validator(mode="after")
    def _some_change(self) -> Self:
        self._need_one()
        return self


class KeyCreate(_Body):
    """CreateProjectServiceAccountApiKeyBody: all of it optional; no scopes are all permissions."""

    name: Name = ""
    scopes: list[str] = Field(default_factory=list)
    expires_in_seconds: Lifetime | None = None


class KeyUpdate(_Body):
    """UpdateProjectApiKeyBody: at least one, and no null."""

    scopes: list[str] = Field(default_factory=list)
    expires_in_seconds: Lifetime = 1

    @model_validator(mode="after")
    def _some_change(self) -> Self:
        self._need_one()
        return self
