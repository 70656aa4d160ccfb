"""What a seed may say, and how it becomes an organization.

A seed is JSON: `projects` (each with its service accounts, their keys, users' keys, and changed rate limits),
`admin_keys` with their scopes, rows for the catalogue, switches of the world, and faults.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from pulumi_openai_admin.emulator.bodies import Residency  # noqa: TC001 - pydantic reads it
from pulumi_openai_admin.emulator.catalogue import REQUESTS, TOKENS, Catalogue, Refusal, Row
from pulumi_openai_admin.emulator.faults import Faults
from pulumi_openai_admin.emulator.keyring import READ, WRITE
from pulumi_openai_admin.emulator.records import (
    ApiKey,
    ChangedRow,
    Project,
    Record,
    ServiceAccount,
    digest,
    new_id,
    new_value,
    redacted,
)
from pulumi_openai_admin.emulator.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.emulator.organization import Organization


class _Seed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SeedKey(_Seed):
    """A key; without a value, one that nobody knows."""

    id: str | None = None
    name: str = "Secret Key"
    value: str | None = None
    scopes: list[str] = Field(default_factory=list)
    expires_in_seconds: int | None = None
    """From now; zero or less for a key that has expired."""

    def record(self, project_id: str, account_id: str | None, user: dict[str, Any] | None, now: int) -> ApiKey:
        """Make the key's record."""
        value = self.value or new_value()
        return ApiKey(
            id=self.id or new_id("key_"),
            project_id=project_id,
            name=self.name,
            redacted_value=redacted(value),
            digest=digest(value),
            created_at=now,
            service_account_id=account_id,
            user=user,
            scopes=self.scopes,
            expires_at=None if self.expires_in_seconds is None else now + self.expires_in_seconds,
        )


class SeedUser(_Seed):
    """The user that owns a key."""

    id: str = "user-emulator"
    name: str = "Ada Emulated"
    email: str = "ada@example.com"
    role: str = "owner"
    created_at: int = 1_711_471_533


class SeedUserKey(SeedKey):
    """A user's key."""

    user: SeedUser = SeedUser()


class SeedAccount(_Seed):
    """A service account and its keys."""

    id: str | None = None
    name: str
    role: Literal["owner", "member", "none"] = "member"
    keys: list[SeedKey] = Field(default_factory=list)


class SeedProject(_Seed):
    """A project and what is in it."""

    id: str | None = None
    name: str
    default: bool = False
    status: Literal["active", "archived"] = "active"
    external_key_id: str | None = None
    residency: Residency | None = None
    service_accounts: list[SeedAccount] = Field(default_factory=list)
    user_keys: list[SeedUserKey] = Field(default_factory=list)
    rate_limits: dict[str, dict[str, int]] = Field(default_factory=dict)

    def records(self, now: int) -> Iterator[Record]:
        """Make all records of the project."""
        project = Project(
            id=self.id or new_id("proj_"),
            name=self.name,
            created_at=now,
            is_default=self.default,
            external_key_id=self.external_key_id,
            residency=self.residency,
            archived_at=now if self.status == "archived" else None,
        )
        yield project
        for seed in self.service_accounts:
            account = ServiceAccount(seed.id or new_id("svc_acct_"), project.id, seed.name, seed.role, now)
            yield account
            yield from (key.record(project.id, account.id, None, now) for key in seed.keys)
        for key in self.user_keys:
            yield key.record(project.id, None, key.user.model_dump(), now)
        for row_id, limits in self.rate_limits.items():
            yield ChangedRow(ChangedRow.key(project.id, row_id), project.id, row_id, limits)


class SeedAdminKey(_Seed):
    """An Admin API key that is accepted, and for what."""

    value: str
    scopes: list[str] = Field(default_factory=lambda: [READ, WRITE])


class SeedRow(_Seed):
    """A row for the catalogue; one of a known model takes its place."""

    model: str
    limits: dict[str, int] = Field(default_factory=lambda: {REQUESTS: 500, TOKENS: 200_000})
    ceilings: dict[str, int] | None = None
    refusal: Refusal | None = None
    refused_fields: list[str] = Field(default_factory=list)

    def row(self) -> Row:
        """Make the row."""
        ceilings = self.limits if self.ceilings is None else self.ceilings
        return Row(self.model, self.limits, ceilings, self.refusal, frozenset(self.refused_fields))


class Seed(_Seed):
    """A whole seed file."""

    projects: list[SeedProject] | None = None
    admin_keys: list[SeedAdminKey] = Field(default_factory=list)
    rate_limit_rows: list[SeedRow] = Field(default_factory=list)
    world: dict[str, Any] = Field(default_factory=dict)
    faults: list[dict[str, Any]] = Field(default_factory=list)

    @field_validator("world")
    @classmethod
    def _switches_exist(cls, world: dict[str, Any]) -> dict[str, Any]:
        """Refuse a wrong switch before anything is planted."""
        World.model_validate(world)
        return world

    @field_validator("faults")
    @classmethod
    def _faults_exist(cls, faults: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Refuse a wrong fault before anything is planted."""
        Faults().add(faults)
        return faults


def built_in() -> list[SeedProject]:
    """Give the projects of an organization that no seed describes."""
    return [
        SeedProject(id="proj_default", name="Default project", default=True),
        SeedProject(id="proj_demo", name="Demo"),
        SeedProject(id="proj_staging", name="Staging"),
        SeedProject(id="proj_production", name="Production"),
        SeedProject(id="proj_retired", name="Retired", status="archived"),
    ]


def grow(organization: Organization, projects: list[SeedProject]) -> list[str]:
    """Add projects to an organization; give their ids."""
    now = organization.world.now()
    records = [record for project in projects for record in project.records(now)]
    if not any(project.is_default for project in organization.projects.values()):
        records = _with_a_default(records, now)
    organization.add(*records)
    return [record.id for record in records if isinstance(record, Project)]


def _with_a_default(records: list[Record], now: int) -> list[Record]:
    """Every organization has a default project."""
    if any(isinstance(record, Project) and record.is_default for record in records):
        return records
    name = "Default project"
    return [Project(f"proj_default_{secrets.token_hex(4)}", name, now, is_default=True), *records]


def catalogue(rows: list[SeedRow]) -> Catalogue:
    """Give the catalogue with a seed's rows."""
    return Catalogue([row.row() for row in rows])
