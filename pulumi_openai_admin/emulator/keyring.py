"""Who may call: "Admin endpoints take an Admin API key (`sk-admin-…`) as a bearer token. A project key is refused"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.errors import Refused, missing_scope
from pulumi_openai_admin.emulator.records import digest, redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi_openai_admin.emulator.world import World

READ, WRITE = "api.management.read", "api.management.write"

_PROJECT_KEYS = ("sk-proj-", "sk-svcacct-")


class Keyring:
    """The Admin API keys that are accepted, and for what. Their values are not kept."""

    def __init__(self, world: World) -> None:
        """Accept none."""
        self._world = world
        self._scopes: dict[str, frozenset[str]] = {}

    def add(self, value: str, scopes: Iterable[str] = (READ, WRITE)) -> None:
        """Accept a key for some scopes."""
        self._scopes[digest(value)] = frozenset(scopes)

    def clear(self) -> None:
        """Accept none again."""
        self._scopes.clear()

    def check(self, method: str, headers: Mapping[str, str]) -> None:
        """Refuse a call whose key may not make it."""
        scope = READ if method in ("GET", "HEAD") else WRITE
        if scope not in self._scopes_of(_bearer(headers)):
            raise missing_scope(scope, self._world.missing_scope_shape)
        ours, given = self._world.organization_id, headers.get("openai-organization")
        if ours is not None and given is not None and given != ours:
            message = "OpenAI-Organization header should match organization for API key"
            raise Refused(401, message, code="mismatched_organization")

    def _scopes_of(self, value: str) -> frozenset[str]:
        if value.startswith(_PROJECT_KEYS):
            message = "This endpoint needs an Admin API key; a project API key was given."
            raise Refused(401, message, code="invalid_api_key")
        scopes = self._scopes.get(digest(value))
        if scopes is None:
            raise Refused(401, f"Incorrect API key provided: {redacted(value)}.", code="invalid_api_key")
        return scopes


def _bearer(headers: Mapping[str, str]) -> str:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value.strip():
        message = (
            "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer "
            "auth (i.e. Authorization: Bearer YOUR_KEY)."
        )
        raise Refused(401, message)
    return value.strip()
