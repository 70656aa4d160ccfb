"""What a policy finds in a resource, each finding as a text that says what to do. Pure."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_openai_admin.policies.declared import Declared

_DAY_IN_SECONDS = 86_400
_OWNER = "owner"
_PREDEFINED_OWNERS = ("role-api-organization-owner", "role-api-project-owner")
_KEYS = ("AdminApiKey", "ProjectServiceAccountApiKey")


def limits(declared: Declared, config: Mapping[str, Any]) -> Iterator[str]:
    """Rate limits above the maximum."""
    inputs = declared.inputs
    rows: dict[str, Any] = {}
    if declared.kind == "ProjectRateLimit":
        rows = {str(inputs.get("model") or inputs.get("rate_limit_id") or "the model"): inputs}
    elif declared.kind == "ProjectRateLimits":
        rows = {**inputs.get("limits", {}), **({"others": inputs["others"]} if inputs.get("others") else {})}
    for model, row in rows.items():
        for name, maximum in _maxima(model, config).items():
            value = row.get(name)
            if isinstance(value, int | float) and value > maximum:
                yield (
                    f"{declared.spelled(name)} of {model} is {value:g}, and the maximum is {maximum:g}. "
                    "Lower it in the program, or have the maximum raised."
                )


def _maxima(model: str, config: Mapping[str, Any]) -> dict[str, float]:
    """The maximum of each limit of a model: that of the longest pattern that names it, else that of all models."""
    models = config["models"]
    patterns = [pattern for pattern in models if fnmatch.fnmatchcase(model, pattern)]
    return {**config["maximum"], **(models[max(patterns, key=len)] if patterns else {})}


def expiry(declared: Declared, config: Mapping[str, Any]) -> Iterator[str]:
    """Keys that do not expire, or too late."""
    inputs, name = declared.inputs, "expires_in_seconds"
    is_key = declared.kind in _KEYS or (
        declared.kind == "ProjectServiceAccount"
        and not inputs.get("create_service_account_only")
        and "create_service_account_only" not in declared.unknown
    )
    if not is_key or name in declared.unknown:
        return
    days = config["maximum_days"]
    seconds, most = inputs.get(name), int(days * _DAY_IN_SECONDS)
    if seconds is None:
        yield f"The key does not expire. Set {declared.spelled(name)} to at most {most} ({days:g} days)."
    elif seconds > most:
        lifetime = f"{seconds / _DAY_IN_SECONDS:g} days"
        yield f"The key expires after {lifetime}. Set {declared.spelled(name)} to at most {most} ({days:g} days)."


def scopes(declared: Declared, config: Mapping[str, Any]) -> Iterator[str]:  # noqa: ARG001 - the signature of all rules
    """Keys of service accounts with all permissions of their account."""
    if declared.kind != "ProjectServiceAccountApiKey" or "scopes" in declared.unknown or declared.inputs.get("scopes"):
        return
    yield "The key has all permissions of its account. Set scopes, such as ['api.responses.write']."


def admin_keys(declared: Declared, config: Mapping[str, Any]) -> Iterator[str]:
    """Admin API keys that are not in the list."""
    name = declared.inputs.get("name")
    if declared.kind != "AdminApiKey" or "name" in declared.unknown or name in config["allowed"]:
        return
    yield (
        f"OpenAI gives an admin key all permissions of the organization, and {name!r} is not in the list of allowed "
        "admin keys. Use a key of a service account with scopes, or have it added to the list."
    )


def owners(declared: Declared, config: Mapping[str, Any]) -> Iterator[str]:
    """Owners that are not in the list."""
    allowed = {str(one).lower() for one in config["owners"]}
    found = [who for who, role in _roles(declared.inputs) if _is_owner(role)]
    for who in dict.fromkeys(found):
        if str(who).lower() not in allowed:
            yield (
                f"{who} becomes an owner, and is not in the list of owners. "
                "Give another role, or have the owner added to the list."
            )


def _is_owner(role: object) -> bool:
    """OpenAI shows the alias of a predefined role with the project behind it."""
    return isinstance(role, str) and (role == _OWNER or role.partition("__")[0] in _PREDEFINED_OWNERS)


def _roles(inputs: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Who gets which role. Nobody if it is not known yet who it is."""
    who = next((inputs[name] for name in ("email", "user_id", "group_id", "name") if inputs.get(name)), None)
    if who is not None:
        projects = inputs.get("projects") or {}
        in_projects = projects.values() if isinstance(projects, dict) else [one.get("role") for one in projects]
        for role in (inputs.get("role"), inputs.get("role_id"), *(inputs.get("role_ids") or ()), *in_projects):
            yield who, role
    members = inputs.get("members")
    yield from members.items() if isinstance(members, dict) else ()
