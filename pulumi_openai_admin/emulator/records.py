"""What the organization consists of, as it is kept. A key's value is never part of it."""

from __future__ import annotations

import hashlib
import secrets
import string
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

KeyState = Literal["live", "expired", "revoked"]

_LETTERS = string.ascii_letters + string.digits


def new_id(prefix: str) -> str:
    """Make an id as OpenAI does: a prefix and letters that mean nothing."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(24))


def new_value() -> str:
    """Make the value of a service account's key: it is shown once, and kept nowhere."""
    return "sk-svcacct-" + secrets.token_urlsafe(48)


def redacted(value: str) -> str:
    """Show what OpenAI shows of a key."""
    prefix = "-".join(value.split("-")[:2]) if value.startswith("sk-") else value[:3]
    return f"{prefix}-...{value[-4:]}"


def digest(value: str) -> str:
    """Give what a key is known by, without its value."""
    return hashlib.sha256(value.encode()).hexdigest()


@dataclass
class Project:
    """Schema Project, and whether it is the organization's default."""

    kind: ClassVar[str] = "project"

    id: str
    name: str | None
    created_at: int
    is_default: bool = False
    external_key_id: str | None = None
    residency: str | None = None
    archived_at: int | None = None


@dataclass
class ServiceAccount:
    """Schema ProjectServiceAccount. A deleted one is remembered, so that tests can count what was ever made."""

    kind: ClassVar[str] = "service_account"

    id: str
    project_id: str
    name: str
    role: str
    created_at: int
    deleted_at: int | None = None


@dataclass
class ApiKey:
    """Schema ProjectApiKey: of a service account, or of a user as the seed says. A revoked one is remembered."""

    kind: ClassVar[str] = "api_key"

    id: str
    project_id: str
    name: str
    redacted_value: str
    digest: str
    created_at: int
    service_account_id: str | None = None
    user: dict[str, Any] | None = None
    scopes: list[str] = field(default_factory=list)
    expires_at: int | None = None
    revoked_at: int | None = None

    def state(self, now: int) -> KeyState:
        """Say whether the key lives."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "live"


@dataclass
class ChangedRow:
    """The fields of a rate limit row that somebody wrote."""

    kind: ClassVar[str] = "changed_row"

    id: str
    project_id: str
    rate_limit_id: str
    limits: dict[str, int]

    @staticmethod
    def key(project_id: str, rate_limit_id: str) -> str:
        """Name the row of one project."""
        return f"{project_id}/{rate_limit_id}"


Record = Project | ServiceAccount | ApiKey | ChangedRow

KINDS: dict[str, type[Record]] = {kind.kind: kind for kind in (Project, ServiceAccount, ApiKey, ChangedRow)}
