"""OpenAI's error codes: what to do about each, and what each says of the request. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_openai_admin.remedies import Worded

ADVICE: dict[str, str | tuple[str | Worded, ...]] = {
    "organization_rate_limit_exceeded": (
        "Set {field} to {most}, or ask OpenAI to raise the organization's limit first."
    ),
    "rate_limit_does_not_exist_for_org_and_model": (
        "The model is listed, but not enabled for the organization. Remove it from the program, or ask OpenAI to "
        "enable the model first."
    ),
    "rate_limit_not_updatable": (
        "OpenAI does not allow changes to this rate limit. Fine-tuned and shared models use the limits of their base "
        "model; set those instead."
    ),
    "invalid_rate_limit_type": (
        "This limit does not apply to the model, although OpenAI lists a value. Remove the field from the program."
    ),
}
"""By code, for messages only: an entry changes no behavior. One or two full sentences, in parts if they name a remedy:
`("Wait, then ", RUN_AGAIN, ".")`. `{field}` and `{most}` are the limit and the maximum that the error message names."""

NOT_FOR_MODEL = frozenset({"rate_limit_does_not_exist_for_org_and_model", "rate_limit_not_updatable"})
"""Codes that say: no limit of the model can be changed, whatever the value."""

NOT_FOR_FIELD = frozenset({"invalid_rate_limit_type"})
"""Codes that say: this limit of the model can't be changed, whatever the value."""

_ABOUT_RATE_LIMITS = NOT_FOR_MODEL | NOT_FOR_FIELD | {"organization_rate_limit_exceeded"}

NO_CONFLICT = _ABOUT_RATE_LIMITS
"""Codes of a 409 that say why OpenAI refuses the value, so the same request can't succeed later. Their reason is not
that a project is archived."""

NO_KEY_POLICY = _ABOUT_RATE_LIMITS
"""Codes whose reason is not the organization's policy for API keys."""

NEVER_CLEARS = frozenset({"project_spend_limit_exceeded", "organization_spend_limit_exceeded", "insufficient_quota"})
"""Codes of a 429 for which waiting does not help."""

_CEILING = re.compile(r"organization rate limit of (\d+(?:\.\d+)?)")

_SCOPES = re.compile(r"[Mm]issing scopes?:\s*([A-Za-z0-9_.,\s]+?)(?:\.\s|\.?$)")


def field_in(message: str) -> str | None:
    """The limit that an error message names."""
    found = re.search(r"\b((?:max|batch)_[a-z0-9_]+)", message)
    return found.group(1) if found else None


def ceiling_in(message: str) -> int | None:
    """The limit of the organization in an error message, which OpenAI prints as a float."""
    found = _CEILING.search(message)
    return int(float(found.group(1))) if found else None


def scopes_in(message: str) -> list[str] | None:
    """The scopes that an error message names as missing."""
    found = _SCOPES.search(message)
    return found.group(1).replace(",", " ").split() if found else None
