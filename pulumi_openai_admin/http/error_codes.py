"""OpenAI's error codes for changes of a rate limit, and what to do about each."""

from __future__ import annotations

import re

ADVICE = {
    "organization_rate_limit_exceeded": (
        "Set {field} to {most}, or have OpenAI raise the organization's own limit first."
    ),
    "rate_limit_does_not_exist_for_org_and_model": (
        "The model is listed, but not enabled for the organization: take it out of the program, "
        "or have OpenAI enable the model first."
    ),
    "rate_limit_not_updatable": (
        "OpenAI lets nobody change this row (fine-tuned and shared rows follow another): take it out of the program, "
        "and limit the base model's row instead."
    ),
    "invalid_rate_limit_type": (
        "This kind of limit does not apply to the model, although OpenAI lists a value: take the field out of the "
        "program."
    ),
}
"""By code. `{field}` and `{most}` are the limit and the maximum that the error message names."""

NOT_FOR_THIS_ROW = frozenset(ADVICE) - {"organization_rate_limit_exceeded"}
"""Codes that do not depend on the value: the model, or one limit of it, can't be changed."""

NOT_FOR_ANY_FIELD = NOT_FOR_THIS_ROW - {"invalid_rate_limit_type"}
"""Codes about all limits of the model."""

_CEILING = re.compile(r"organization rate limit of (\d+(?:\.\d+)?)")


def field_in(message: str) -> str | None:
    """The limit that an error message names."""
    found = re.search(r"\b((?:max|batch)_[a-z0-9_]+)", message)
    return found.group(1) if found else None


def ceiling_in(message: str) -> int | None:
    """The limit of the organization in an error message, which OpenAI prints as a float."""
    found = _CEILING.search(message)
    return int(float(found.group(1))) if found else None
