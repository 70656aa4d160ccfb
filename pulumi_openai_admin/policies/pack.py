"""The policies of a pack: what each finds in a resource of either provider, as a text that says what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

from pulumi_openai_admin import public_names, resources
from pulumi_openai_admin.handlers.shapes.rate_limit import is_pattern
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.policies import reach
from pulumi_openai_admin.resources.base import type_token
from pulumi_openai_admin.resources.project_rate_limits import LIMITS
from pulumi_openai_admin.schema.formats import format_dollars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_policy import Policy, PolicyResource, ReportViolation

    from pulumi_openai_admin.resources.base import AdminResource

    _Known = tuple[PolicyResource, "DeclaredResource"]
    Rule = Callable[["DeclaredResource", Mapping[str, Any]], Iterator[str]]

_TEXTS = {"type": "array", "items": {"type": "string"}}
_MAXIMA = {
    "type": "object",
    "properties": {name: {"type": "integer", "minimum": 0} for name in LIMITS},
    "additionalProperties": False,
}
_PROJECT_ID = ("project_id", "projectId")
"""The property of a spend limit that has its project, as each provider spells it."""
_DAY_IN_SECONDS = 86_400
_ROW_PREFIX = "rl-"
_OWNER = "owner"
_PREDEFINED_OWNERS = ("role-api-organization-owner", "role-api-project-owner")
_UNTIL = "until"
_KEYLESS = "create_service_account_only"


def policies() -> list[Policy]:
    """All policies: six for each resource, and one for the stack. Their configuration is in `docs/policies.md`."""
    return [
        _policy(
            "openai-limits",
            "A rate limit has a maximum.",
            limits_below_maximum,
            maximum={**_MAXIMA, "default": {"max_requests_per_1_minute": 10_000}},
            models={"type": "object", "additionalProperties": _MAXIMA, "default": {}},
        ),
        _policy(
            "openai-key-expiry",
            "An API key expires.",
            expiry,
            maximum_days={"type": "number", "exclusiveMinimum": 0, "default": 90},
        ),
        _policy(
            "openai-key-scopes",
            "A key of a service account has only the permissions that it needs.",
            scopes,
            EnforcementLevel.ADVISORY,
        ),
        _policy(
            "openai-admin-keys",
            "Admin API keys have all permissions, so each of them is in a list.",
            admin_keys,
            allowed={**_TEXTS, "default": []},
        ),
        _policy(
            "openai-owners",
            "Owners are in a list.",
            owners,
            owners={**_TEXTS, "default": []},
            service_accounts={**_TEXTS, "default": []},
        ),
        _policy(
            "openai-temporary-owners",
            "Owners are owners for a limited time.",
            temporary_owners,
            EnforcementLevel.DISABLED,
            permanent={**_TEXTS, "default": []},
        ),
        _spend_limit(),
    ]


def _policy(
    name: str,
    description: str,
    rule: Rule,
    enforcement_level: EnforcementLevel = EnforcementLevel.MANDATORY,
    **config: dict[str, Any],
) -> ResourceValidationPolicy:
    """A policy for each resource.

    Args:
        name: Its name.
        description: What it requires.
        rule: Finds violations.
        enforcement_level: What a violation means, if the configuration does not say it.
        config: The JSON schema of each property of its configuration, with its default.
    """

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        resource = declared_resource(args.resource_type, args.props)
        for violation in rule(resource, _configured(config, args.get_config())) if resource else ():
            report(violation, None)

    schema = PolicyConfigSchema(config) if config else None
    return ResourceValidationPolicy(name, description, validate, enforcement_level, schema)


def _configured(schema: Mapping[str, dict[str, Any]], config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration with defaults: without a configuration file, the engine gives none."""
    return {name: config.get(name, property_.get("default")) for name, property_ in schema.items()}


def _spend_limit() -> StackValidationPolicy:
    config: dict[str, dict[str, Any]] = {"maximum": {"type": "integer", "minimum": 1}}

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        most = _configured(config, args.get_config())["maximum"]
        found = ((resource, declared_resource(resource.resource_type, resource.props)) for resource in args.resources)
        known = [(resource, state) for resource, state in found if state]
        limits = [(resource, state) for resource, state in known if state.kind == "ProjectSpendLimit"]
        for resource, state in limits:
            amount = state.inputs.get("threshold_amount")
            if most is not None and amount is not None and amount > most:
                amounts = f"{format_dollars(int(amount))}, and the maximum is {format_dollars(int(most))}"
                what = f"{state.spelled('threshold_amount')} is {amounts}."
                report(f"{what} Lower it in the program, or have the maximum raised.", resource.urn)
        projects = [pair for pair in known if pair[1].kind == "Project"]
        limited = _limited(projects, limits)
        for resource, _ in projects:
            if resource.urn not in limited:
                report("The project has no spend limit. Declare a ProjectSpendLimit for it.", resource.urn)

    return StackValidationPolicy(
        "openai-spend-limits",
        "A project has a spend limit.",
        validate,
        EnforcementLevel.MANDATORY,
        PolicyConfigSchema(config),
    )


def _limited(projects: Sequence[_Known], limits: Sequence[_Known]) -> set[str]:
    """The URNs of the projects with a spend limit.

    A limit is of one project. If its `project_id` is made of the ids of several new projects, it is not known of which
    before the update: then it counts for one that has no other limit.
    """
    by_id = {state.inputs["project_id"]: resource.urn for resource, state in projects if state.inputs.get("project_id")}
    urns = {resource.urn for resource, _ in projects}
    possible = []
    for resource, state in limits:
        project_id = state.inputs.get("project_id")
        depends_on = {urn.urn for name in _PROJECT_ID for urn in resource.property_dependencies.get(name, ())} & urns
        if project_id in by_id:
            depends_on = {by_id[project_id]}
        possible.append(depends_on)
    found: set[str] = set()
    for depends_on in sorted(possible, key=len):
        found |= set(sorted(depends_on - found)[:1])
    return found


# What a policy finds


def limits_below_maximum(declared: DeclaredResource, config: Mapping[str, Any]) -> Iterator[str]:
    """Rate limits above the maximum of a model that they apply to."""
    entries, others = _limits_of(declared)
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


def _limits_of(declared: DeclaredResource) -> tuple[dict[str, Any], dict[str, Any]]:
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


# A resource by the names of its declaration


@dataclass(frozen=True)
class DeclaredResource:
    """A resource of this package, of either provider.

    Args:
        kind: The name of its class.
        inputs: Its properties as far as they are known, by the names of the declaration.
        is_native: Whether it is of the native provider.
        unknown: The names of properties that are not known before the update, or of which a part is not.
    """

    kind: str
    inputs: Mapping[str, Any]
    is_native: bool = False
    unknown: frozenset[str] = field(default=frozenset())

    def has(self, name: str) -> bool:
        """Return whether the kind has a property."""
        return name in _resource(self.kind).declaration.fields

    def spelled(self, name: str) -> str:
        """A property as the program spells it."""
        return properties.camel(name) if self.is_native else name


def declared_resource(token: str, values: Mapping[str, Any]) -> DeclaredResource | None:
    """The resource of a type; None if it is of another package.

    Args:
        token: The type: `pulumi-python:dynamic/openai-admin:Project` or `openai-admin:index:Project`.
        values: Its properties, from the engine. Reading one that is unknown raises `UnknownValueError`.
    """
    name = token.rpartition(":")[2]
    if name not in resources.ALL:
        return None
    resource = _resource(name)
    is_native = token == properties.token(name)
    if not is_native and token != type_token(resource):
        return None
    unknown: set[str] = set()
    known = {key: value for key, value in _known(values, unknown).items() if not key.startswith("__")}
    if not is_native:
        return DeclaredResource(name, known, unknown=frozenset(unknown))
    fields = {properties.camel(field): field for field in resource.declaration.fields}
    inputs = properties.to_inputs(resource.declaration, known)
    outputs = {fields[key]: value for key, value in known.items() if key in fields and fields[key] not in inputs}
    return DeclaredResource(
        name, {**outputs, **inputs}, is_native=True, unknown=frozenset(fields.get(name_, name_) for name_ in unknown)
    )


def _resource(kind: str) -> type[AdminResource]:
    found: Any = public_names.load(kind)
    return found  # type: ignore[no-any-return] # a class, by its public name


def _known(values: Mapping[str, Any], unknown: set[str]) -> dict[str, Any]:
    """The properties without what is unknown; adds the names of those properties."""
    found: dict[str, Any] = {}
    for name in values:
        inner: list[bool] = []
        value = _read(values, name, inner)
        if inner:
            unknown.add(name)
        if value is not UnknownValueError:
            found[name] = value
    return found


def _read(container: Any, key: Any, unknown: list[bool]) -> Any:
    """An entry as plain data, without its unknown parts; `UnknownValueError` in place of an unknown one."""
    try:
        value = container[key]
    except UnknownValueError:
        unknown.append(True)
        return UnknownValueError
    if isinstance(value, Mapping):
        return dict(_entries(value, value, unknown))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [item for _, item in _entries(value, range(len(value)), unknown)]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _entries(container: Any, keys: Iterable[Any], unknown: list[bool]) -> Iterable[tuple[Any, Any]]:
    found = ((key, _read(container, key, unknown)) for key in keys)
    return [(key, value) for key, value in found if value is not UnknownValueError]
