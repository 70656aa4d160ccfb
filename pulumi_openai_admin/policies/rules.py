"""What a policy finds in a resource, each finding as a text that says what to do. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.handlers.shapes.rate_limit_policy import is_pattern
from pulumi_openai_admin.policies import reach

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_openai_admin.policies.declared import DeclaredResource

_DAY_IN_SECONDS = 86_400
_ROW_PREFIX = "rl-"
_OWNER = "owner"
_PREDEFINED_OWNERS = ("role-api-organization-owner", "role-api-project-owner")
_UNTIL = "until"
_KEYLESS = "create_service_account_only"


def limits(declared: DeclaredResource, config: Mapping[str, Any]) -> Iterator[str]:
    """Rate limits above the maximum of a model that they apply to."""
    entries, others = _entries(declared)
    models: Mapping[str, Mapping[str, float]] = config["models"]
    for key, row in [*entries.items(), (None, others)]:
        found: list[str] = []
        for maximum in (None, *models):
            own = models.get(maximum, {}) if maximum else {}
            for name, most in {**config["maximum"], **own}.items():
                value = row.get(name)
                is_above = isinstance(value, int | float) and value > most
                if is_above and reach.can_meet(entries, key, models, maximum):
                    model = declared.inputs.get("rate_limit_id") or key or "others"
                    what = f"{declared.spelled(name)} of {model} is {value:g}, and the maximum"
                    found.append(_above(what, key, most, maximum if name in own else None))
        yield from dict.fromkeys(found)


def _entries(declared: DeclaredResource) -> tuple[dict[str, Any], dict[str, Any]]:
    """The limits that a resource sets by model or pattern, and for all other models."""
    inputs, unknown = declared.inputs, declared.unknown
    if declared.kind == "ProjectRateLimit":
        return ({}, {}) if unknown & {"model", "rate_limit_id"} else ({_model(inputs): inputs}, {})
    if declared.kind != "ProjectRateLimits":
        return {}, {}
    entries, others = inputs.get("limits") or {}, inputs.get("others") or {}
    if "limits" in unknown:  # an entry that is not known yet may be more specific than a pattern
        return {key: row for key, row in entries.items() if not is_pattern(key)}, {}
    return entries, others


def _model(inputs: Mapping[str, Any]) -> str:
    """The model of one rate limit, or a pattern: an id has it behind a prefix, and any other id can be of any model."""
    if inputs.get("model"):
        return str(inputs["model"])
    id_ = str(inputs.get("rate_limit_id"))
    return id_.removeprefix(_ROW_PREFIX) if id_.startswith(_ROW_PREFIX) else "*"


def _above(what: str, key: str | None, most: float, maximum: str | None) -> str:
    """A violation; it names the maximum if that is of a part of the models that the limit applies to."""
    if maximum in (None, key) or (key is not None and not is_pattern(key)):
        return f"{what} is {most:g}. Lower it in the program, or have the maximum raised."
    return f"{what} of {maximum} is {most:g}. Lower it, set lower limits for {maximum}, or have the maximum raised."


def expiry(declared: DeclaredResource, config: Mapping[str, Any]) -> Iterator[str]:
    """Keys that do not expire, or too late."""
    inputs, name = declared.inputs, "expires_in_seconds"
    is_key = declared.has(name) and not inputs.get(_KEYLESS) and _KEYLESS not in declared.unknown
    if not is_key or name in declared.unknown:
        return
    days = config["maximum_days"]
    seconds, most = inputs.get(name), int(days * _DAY_IN_SECONDS)
    if seconds is None:
        yield f"The key does not expire. Set {declared.spelled(name)} to at most {most} ({days:g} days)."
    elif seconds > most:
        lifetime = f"{seconds / _DAY_IN_SECONDS:g} days"
        yield f"The key expires after {lifetime}. Set {declared.spelled(name)} to at most {most} ({days:g} days)."


def scopes(declared: DeclaredResource, config: Mapping[str, Any]) -> Iterator[str]:  # noqa: ARG001 - the signature of all rules
    """Keys of service accounts with all permissions of their account."""
    if declared.kind != "ProjectServiceAccountApiKey" or "scopes" in declared.unknown or declared.inputs.get("scopes"):
        return
    yield "The key has all permissions of its account. Set scopes, such as ['api.responses.write']."


def admin_keys(declared: DeclaredResource, config: Mapping[str, Any]) -> Iterator[str]:
    """Admin API keys that are not in the list."""
    name = declared.inputs.get("name")
    if declared.kind != "AdminApiKey" or "name" in declared.unknown or name in config["allowed"]:
        return
    yield (
        f"OpenAI gives an admin key all permissions of the organization, and {name!r} is not in the list of allowed "
        "admin keys. Use a key of a service account with scopes, or have it added to the list."
    )


def owners(declared: DeclaredResource, config: Mapping[str, Any]) -> Iterator[str]:
    """Owners that are not in the list: that of people and groups, or that of service accounts."""
    is_account = declared.kind == "ProjectServiceAccount"
    allowed = {_comparable(name) for name in config["service_accounts" if is_account else "owners"]}
    found = [who for who, role in _roles(declared.inputs) if _is_owner(role)]
    for who in dict.fromkeys(found):
        if _comparable(who) not in allowed:
            shown, listed = (f"Service account {who}", "service_accounts") if is_account else (who, "owners")
            yield (
                f"{shown} becomes an owner, and is not in the list of owners. "
                f"Give another role, or have it added to {listed!r}."
            )


def temporary_owners(declared: DeclaredResource, config: Mapping[str, Any]) -> Iterator[str]:
    """Owners for an unlimited time that are not in the list. Service accounts have no end."""
    if declared.kind == "ProjectServiceAccount" or _UNTIL in declared.unknown:
        return
    permanent, until = {_comparable(name) for name in config["permanent"]}, declared.inputs.get(_UNTIL)
    ends = {_comparable(_named(entry)) for entry in until} if isinstance(until, list) else None
    found = [
        who
        for who, role in _roles(declared.inputs)
        if _is_owner(role) and (until is None if ends is None else ends.isdisjoint((_comparable(who), role)))
    ]
    for who in dict.fromkeys(found):
        if _comparable(who) not in permanent:
            how = f"Set {_UNTIL}" if declared.has(_UNTIL) else f"Declare the role with a resource that has {_UNTIL}"
            yield f"{who} becomes an owner for an unlimited time. {how}, or have it added to 'permanent'."


def _comparable(who: object) -> str:
    """An address without regard to case; ids and names as they are."""
    return str(who).lower() if "@" in str(who) else str(who)


def _is_owner(role: object) -> bool:
    """OpenAI shows the alias of a predefined role with the project behind it."""
    return isinstance(role, str) and (role == _OWNER or role.partition("__")[0] in _PREDEFINED_OWNERS)


def _roles(inputs: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Who gets which role. Nobody if it is not known yet who it is."""
    who = next((inputs[name] for name in ("email", "user_id", "group_id", "name") if inputs.get(name)), None)
    if who is not None:
        in_projects = [project.get("role") for project in inputs.get("projects") or ()]
        for role in (inputs.get("role"), inputs.get("role_id"), *(inputs.get("role_ids") or ()), *in_projects):
            yield who, role
    for member in inputs.get("members") or ():
        if named := _named(member):
            yield named, member.get("role")


def _named(entry: Mapping[str, Any]) -> Any:
    """Whom or what an entry of a list names; None if it is not known yet."""
    return next((entry[name] for name in ("email", "user_id", "role_id") if entry.get(name)), None)
