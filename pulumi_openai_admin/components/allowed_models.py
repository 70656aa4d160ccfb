"""The models that an allow-list of rate limits names, for the model permissions of the project. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_openai_admin.handlers.shapes.rate_limit_policy import is_pattern

_OF_REQUESTS = ("max_requests_per_1_minute", "max_tokens_per_1_minute")


def of_limits(limits: Any, others: Any) -> list[str] | None:
    """The models that `limits` names, if all other models accept no request.

    Args:
        limits: The limits by model, or an Output of them. None means that there are none.
        others: The limits of all other models.

    Returns:
        None if `limits` is not an allow-list, or if its models are not known in the program: it is an Output or has a
        pattern.
    """
    names = {} if limits is None else limits
    if not isinstance(names, Mapping) or not isinstance(others, Mapping):
        return None
    is_allow_list = any(others.get(name) == 0 for name in _OF_REQUESTS)
    return sorted(names) if is_allow_list and not any(map(is_pattern, names)) else None
