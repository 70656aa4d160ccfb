"""The permissions of roles and the scopes of keys that are known, and whether one is misspelled. Pure.

OpenAI documents the areas of permissions (https://developers.openai.com/api/docs/guides/rbac) but no complete list of
their names. So an unknown name is valid, and only a name that resembles a known one is doubtful.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.similar import ratio

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPECIFICATION = "specification"
_SDK = "SDK 3.57.0"
_REFUSALS = "refusals by OpenAI (`Missing scopes: …`) that others published"
_EMULATOR = "only the emulator's predefined roles"

KNOWN: Mapping[str, str] = {
    "api.all.read": f"{_SDK}: read-only access, for the scopes of a key",
    "api.files.read": _SDK,
    "api.groups.read": f"{_SPECIFICATION}: examples of roles",
    "api.groups.write": f"{_SPECIFICATION}: examples of roles",
    "api.management.read": f"{_REFUSALS}: reads of the Administration API",
    "api.management.write": f"{_REFUSALS}: changes by the Administration API",
    "api.model.read": _REFUSALS,
    "api.model.request": f"{_SPECIFICATION} and {_SDK}: scopes in the audit log",
    "api.models.read": _EMULATOR,
    "api.organization.projects.api_keys.read": f"{_SPECIFICATION}: examples of roles of projects",
    "api.organization.projects.api_keys.write": f"{_SPECIFICATION}: examples of roles of projects",
    "api.responses.read": _REFUSALS,
    "api.responses.write": f"{_SPECIFICATION}: scopes of a new key",
    "api.roles.read": _EMULATOR,
    "api.roles.write": _EMULATOR,
    "api.threads.read": _REFUSALS,
    "api.threads.write": _REFUSALS,
    "api.usage.read": _REFUSALS,
    "api.videos.write": _REFUSALS,
    "api.webhooks.read": "others, for a key that manages webhook endpoints",
    "api.webhooks.write": "others, for a key that manages webhook endpoints",
    "model.request": _REFUSALS,
}
"""Each known name, and its source."""

_PREFIX = "api."
_ACTIONS = ("read", "write", "request", "use", "manage")
"""The actions that OpenAI's guide names."""
_ALIKE = 0.75
"""How much two parts of names have in common, from 0 to 1, so that one may be a misspelling of the other. `similar`
accepts less: it suggests a name in place of one that does not exist, and an unknown permission may exist."""


def permission_doubt(name: str) -> str:
    """What may be wrong with a name: a clause with the known name that it resembles; empty if nothing is.

    An unlisted action of a known area, and an area that resembles no known one, are not doubtful.
    """
    if name in KNOWN:
        return ""
    alike = next((known for known in (*KNOWN, *_unlisted_actions()) if _resembles(name, known)), "")
    if not alike or alike == name:
        return ""
    return f"{name!r} may be misspelled. Did you mean {alike!r}?"


def _unlisted_actions() -> list[str]:
    """The names with a known area and another action of OpenAI's guide."""
    areas = dict.fromkeys(known.rpartition(".")[0] for known in KNOWN)
    return [f"{area}.{action}" for area in areas for action in _ACTIONS]


def _resembles(name: str, known: str) -> bool:
    """Whether each part of two names is equal or alike; the prefix may be missing."""
    given, wanted = (text.strip().lower().removeprefix(_PREFIX).split(".") for text in (name, known))
    return len(given) == len(wanted) and all(
        ratio(other, part) >= _ALIKE for part, other in zip(given, wanted, strict=True)
    )
