"""The policies of a pack: what each finds in a resource of either provider, as a text that says what to do."""

from __future__ import annotations

import fnmatch
import re
import string
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pulumi_policy import EnforcementLevel, PolicyConfigSchema, ResourceValidationPolicy, StackValidationPolicy
from pulumi_policy.proxy import UnknownValueError

from pulumi_openai_admin import resources
from pulumi_openai_admin.handlers.shapes.rate_limit import Policy as Limits
from pulumi_openai_admin.handlers.shapes.rate_limit import is_pattern, specificity
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.resources.base import type_token
from pulumi_openai_admin.resources.project_rate_limits import LIMITS
from pulumi_openai_admin.schema.formats import format_dollars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_policy import Policy, PolicyResource, ReportViolation, ResourceValidationArgs, StackValidationArgs

    _Known = tuple[PolicyResource, "DeclaredResource"]
    Rule = Callable[["DeclaredResource", Mapping[str, Any]], Iterator[str]]

_TEXTS = {"type": "array", "items": {"type": "string"}, "default": []}
_MAXIMA = {
    "type": "object",
    "properties": {name: {"type": "integer", "minimum": 0} for name in LIMITS},
    "additionalProperties": False,
}
_SPEND_LIMIT = {"maximum": {"type": "integer", "minimum": 1}}
_PROJECT_ID = ("project_id", "projectId")
"""The property of a spend limit that has its project, as each provider spells it."""
_DAY_IN_SECONDS = 86_400
_ROW_PREFIX = "rl-"
_OWNER = "owner"
_PREDEFINED_OWNERS = ("role-api-organization-owner", "role-api-project-owner")
_UNTIL = "until"
_KEYLESS = "create_service_account_only"
_TOKEN = re.compile(r"\*|\?|\[!?]?[^]]*]|.", re.DOTALL)
_LETTERS = f"{string.ascii_letters}{string.digits}-._:/ "
"""Letters of names, beside those of the patterns."""
_MAX_STATES = 1_000
"""After so many, a name is taken for possible: a policy must not let a limit pass that it could not check."""


def policies() -> list[Policy]:
    """All policies: six for each resource, and one for the stack. Their configuration is in `docs/policies.md`."""
    what, level, schema = "A project has a spend limit.", EnforcementLevel.MANDATORY, PolicyConfigSchema(_SPEND_LIMIT)
    return [*_OF_RESOURCES, StackValidationPolicy("openai-spend-limits", what, _spend_limits, level, schema)]


_OF_RESOURCES: list[Policy] = []


def _policy(
    name: str,
    description: str,
    enforcement_level: EnforcementLevel = EnforcementLevel.MANDATORY,
    **config: dict[str, Any],
) -> Callable[[Rule], Rule]:
    """Declare the policy of a rule, with the JSON schema of each property of its configuration, with its default."""

    def declare(rule: Rule) -> Rule:
        def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
            resource = declared_resource(args.resource_type, args.props)
            if resource is None:
                return
            # without a configuration file, the engine gives no defaults
            configured = {name: property_.get("default") for name, property_ in config.items()} | {**args.get_config()}
            for violation in rule(resource, configured):
                report(violation, None)

        schema = PolicyConfigSchema(config) if config else None
        _OF_RESOURCES.append(ResourceValidationPolicy(name, description, validate, enforcement_level, schema))
        return rule

    return declare


def _spend_limits(args: StackValidationArgs, report: ReportViolation) -> None:
    most = args.get_config().get("maximum")
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


@_policy(
    "openai-limits",
    "A rate limit has a maximum.",
    maximum={**_MAXIMA, "default": {"max_requests_per_1_minute": 10_000}},
    models={"type": "object", "additionalProperties": _MAXIMA, "default": {}},
)
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
                if is_above and _can_meet(entries, key, models, maximum):
                    model = declared.inputs.get("rate_limit_id") or key or "others"
                    what = f"{declared.spelled(name)} of {model} is {value:g}, and the maximum"
                    found.append(_above(what, key, most, maximum if name in own else None))
        yield from dict.fromkeys(found)


def _limits_of(declared: DeclaredResource) -> tuple[dict[str, Any], dict[str, Any]]:
    """The limits that a resource sets by model or pattern, and for all other models."""
    inputs, unknown = declared.inputs, declared.unknown
    if declared.kind == "ProjectRateLimit":
        if unknown & {"model", "rate_limit_id"}:
            return {}, {}
        id_ = str(inputs.get("rate_limit_id"))
        # an id has the model behind a prefix, and any other id can be of any model
        of_id = id_.removeprefix(_ROW_PREFIX) if id_.startswith(_ROW_PREFIX) else "*"
        return {str(inputs.get("model") or of_id): inputs}, {}
    if declared.kind != "ProjectRateLimits":
        return {}, {}
    entries, others = inputs.get("limits") or {}, inputs.get("others") or {}
    if "limits" in unknown:  # an entry that is not known yet may be more specific than a pattern
        return {key: row for key, row in entries.items() if not is_pattern(key)}, {}
    return entries, others


def _above(what: str, key: str | None, most: float, maximum: str | None) -> str:
    """A violation; it names the maximum if that is of a part of the models that the limit applies to."""
    if maximum in (None, key) or (key is not None and not is_pattern(key)):
        return f"{what} is {most:g}. Lower it in the program, or have the maximum raised."
    return f"{what} of {maximum} is {most:g}. Lower it, set lower limits for {maximum}, or have the maximum raised."


def _can_meet(entries: Mapping[str, Any], entry: str | None, maxima: Mapping[str, Any], maximum: str | None) -> bool:
    """Whether the entry with a key and the maximum with a key apply to the same model, for some name of a model.

    Of both there is one by model or pattern; None: what no key matches.
    """
    for name in (entry, maximum):
        if name is not None and not is_pattern(name):
            return Limits(entries).key_of(name) == entry and Limits(maxima).key_of(name) == maximum
    required = tuple(key for key in (entry, maximum) if key is not None)
    more_specific = [  # patterns that apply in the place of the entry or the maximum where they match
        pattern
        for keys, key in ((entries, entry), (maxima, maximum))
        for pattern in filter(is_pattern, keys)
        if key is None or specificity(pattern) > specificity(key)
    ]
    return _is_possible(required, tuple(more_specific))


@cache
def _is_possible(required: tuple[str, ...], excluded: tuple[str, ...]) -> bool:
    """Return whether there can be a name that all required patterns match, and no excluded one.

    It searches through the places in all patterns at once that the beginnings of names lead to.
    """
    tokens = [tuple(_TOKEN.findall(pattern)) for pattern in (*required, *excluded)]
    in_patterns = {token for pattern in tokens for token in pattern}
    # One letter for each set of tokens that letters match.
    letters = {
        tuple(fnmatch.fnmatchcase(letter, token) for token in in_patterns): letter
        for letter in (*_LETTERS, *"".join(in_patterns))
    }
    start = tuple(_after_stars(pattern, {0}) for pattern in tokens)
    seen, waiting = {start}, deque([start])
    while waiting and len(seen) < _MAX_STATES:
        places = waiting.popleft()
        for letter in letters.values():
            reached = tuple(_step(*state, letter) for state in zip(tokens, places, strict=True))
            if reached in seen or not all(reached[: len(required)]):
                continue
            matches = [len(pattern) in ends for pattern, ends in zip(tokens, reached, strict=True)]
            if all(matches[: len(required)]) and not any(matches[len(required) :]):
                return True
            seen.add(reached)
            waiting.append(reached)
    return bool(waiting)


@cache
def _step(tokens: tuple[str, ...], places: frozenset[int], letter: str) -> frozenset[int]:
    """The places in a pattern after one more letter; none if it no longer matches."""
    matched = [place for place in places if place < len(tokens) and fnmatch.fnmatchcase(letter, tokens[place])]
    return _after_stars(tokens, {place + (tokens[place] != "*") for place in matched})


def _after_stars(tokens: Sequence[str], places: set[int]) -> frozenset[int]:
    """The places, and those behind stars, which match nothing, too."""
    for place in range(len(tokens)):
        if place in places and tokens[place] == "*":
            places.add(place + 1)
    return frozenset(places)


@_policy(
    "openai-key-expiry", "An API key expires.", maximum_days={"type": "number", "exclusiveMinimum": 0, "default": 90}
)
def expiry(declared: DeclaredResource, config: Mapping[str, Any]) -> Iterator[str]:
    """Keys that do not expire, or too late."""
    inputs, name = declared.inputs, "expires_in_seconds"
    is_key = declared.has(name) and not inputs.get(_KEYLESS) and _KEYLESS not in declared.unknown
    if not is_key or name in declared.unknown:
        return
    days = config["maximum_days"]
    seconds, most = inputs.get(name), int(days * _DAY_IN_SECONDS)
    if seconds is None or seconds > most:
        expires = "does not expire" if seconds is None else f"expires after {seconds / _DAY_IN_SECONDS:g} days"
        yield f"The key {expires}. Set {declared.spelled(name)} to at most {most} ({days:g} days)."


@_policy(
    "openai-key-scopes", "A key of a service account has only the permissions that it needs.", EnforcementLevel.ADVISORY
)
def scopes(declared: DeclaredResource, config: Mapping[str, Any]) -> Iterator[str]:  # noqa: ARG001 - the signature of all rules
    """Keys of service accounts with all permissions of their account."""
    if declared.kind != "ProjectServiceAccountApiKey" or "scopes" in declared.unknown or declared.inputs.get("scopes"):
        return
    yield "The key has all permissions of its account. Set scopes, such as ['api.responses.write']."


@_policy(
    "openai-admin-keys",
    "An Admin API key of a program can't be restricted, so each of them is in a list.",
    allowed=_TEXTS,
)
def admin_keys(declared: DeclaredResource, config: Mapping[str, Any]) -> Iterator[str]:
    """Admin API keys that are not in the list."""
    name = declared.inputs.get("name")
    if declared.kind != "AdminApiKey" or "name" in declared.unknown or name in config["allowed"]:
        return
    yield (
        f"An admin key of a program can't be restricted, and {name!r} is not in the list of allowed admin keys. "
        "Use a key of a service account with scopes, or have it added to the list."
    )


@_policy("openai-owners", "Owners are in a list.", owners=_TEXTS, service_accounts=_TEXTS)
def owners(declared: DeclaredResource, config: Mapping[str, Any]) -> Iterator[str]:
    """Owners that are not in the list: that of people and groups, or that of service accounts."""
    is_account = declared.kind == "ProjectServiceAccount"
    allowed = {_comparable(name) for name in config["service_accounts" if is_account else "owners"]}
    for who in dict.fromkeys(who for who, _ in _owners_of(declared.inputs)):
        if _comparable(who) not in allowed:
            shown, listed = (f"Service account {who}", "service_accounts") if is_account else (who, "owners")
            what = f"{shown} becomes an owner, and is not in the list of owners."
            yield f"{what} Give another role, or have it added to {listed!r}."


@_policy(
    "openai-temporary-owners", "Owners are owners for a limited time.", EnforcementLevel.DISABLED, permanent=_TEXTS
)
def temporary_owners(declared: DeclaredResource, config: Mapping[str, Any]) -> Iterator[str]:
    """Owners for an unlimited time that are not in the list. Service accounts have no end."""
    if declared.kind == "ProjectServiceAccount" or _UNTIL in declared.unknown:
        return
    permanent, until = {_comparable(name) for name in config["permanent"]}, declared.inputs.get(_UNTIL)
    ends = {_comparable(_named(entry)) for entry in until} if isinstance(until, list) else None
    found = [
        who
        for who, role in _owners_of(declared.inputs)
        if (until is None if ends is None else ends.isdisjoint((_comparable(who), role)))
    ]
    for who in dict.fromkeys(found):
        if _comparable(who) not in permanent:
            how = f"Set {_UNTIL}" if declared.has(_UNTIL) else f"Declare the role with a resource that has {_UNTIL}"
            yield f"{who} becomes an owner for an unlimited time. {how}, or have it added to 'permanent'."


def _comparable(who: object) -> str:
    """An address without regard to case; ids and names as they are."""
    return str(who).lower() if "@" in str(who) else str(who)


def _owners_of(inputs: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    """Who gets which role of an owner. Nobody if it is not known yet who it is."""
    who = next((inputs[name] for name in ("email", "user_id", "group_id", "name") if inputs.get(name)), None)
    roles = [inputs.get("role"), inputs.get("role_id"), *(inputs.get("role_ids") or ())]
    roles += [project.get("role") for project in inputs.get("projects") or ()]
    found = [(who, role) for role in roles]
    found += [(_named(member), member.get("role")) for member in inputs.get("members") or ()]
    for name, role in found:
        # OpenAI shows the alias of a predefined role with the project behind it
        if name and isinstance(role, str) and (role == _OWNER or role.partition("__")[0] in _PREDEFINED_OWNERS):
            yield name, role


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
    unknown: frozenset[str] = frozenset()

    def has(self, name: str) -> bool:
        """Return whether the kind has a property."""
        return name in resources.class_of(self.kind).declaration.fields

    def spelled(self, name: str) -> str:
        """A property as the program spells it."""
        return properties.camel(name) if self.is_native else name


def declared_resource(token: str, values: Mapping[str, Any]) -> DeclaredResource | None:
    """The resource of a type, such as `openai-admin:index:Project`; None if it is of another package.

    The values are its properties, from the engine. Reading one that is unknown raises `UnknownValueError`.
    """
    name = token.rpartition(":")[2]
    if name not in resources.ALL:
        return None
    resource = resources.class_of(name)
    is_native = token == properties.token(name)
    if not is_native and token != type_token(resource):
        return None
    unknown: set[str] = set()
    known = {key: value for key, value in _known(values, values, unknown.add) if not key.startswith("__")}
    if is_native:
        fields = {properties.camel(field): field for field in resource.declaration.fields}
        inputs = properties.to_inputs(resource.declaration, known)
        outputs = {fields[key]: value for key, value in known.items() if key in fields and fields[key] not in inputs}
        known, unknown = {**outputs, **inputs}, {fields.get(name_, name_) for name_ in unknown}
    return DeclaredResource(name, known, is_native, frozenset(unknown))


def _known(container: Any, keys: Iterable[Any], unknown: Callable[[Any], None]) -> Iterator[tuple[Any, Any]]:
    """The entries of a mapping or a list from the engine, by these keys, as plain data without unknown parts.

    `unknown` gets the key of each entry that is unknown, or has an unknown part.
    """
    for key in keys:
        try:
            value, parts = container[key], list[Any]()
        except UnknownValueError:
            unknown(key)
            continue
        if isinstance(value, Mapping):
            value = dict(_known(value, value, parts.append))
        elif isinstance(value, Sequence) and not isinstance(value, str):
            value = [item for _, item in _known(value, range(len(value)), parts.append)]
        if parts:
            unknown(key)
        yield key, int(value) if isinstance(value, float) and value.is_integer() else value
