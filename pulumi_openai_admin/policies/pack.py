"""The policies of a pack, from the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from pulumi_openai_admin.policies import declared, rules
from pulumi_openai_admin.resources.project_rate_limits import LIMITS
from pulumi_openai_admin.schema.formats import format_dollars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pulumi_policy import Policy, PolicyResource, ReportViolation

    from pulumi_openai_admin.policies.declared import DeclaredResource

    _Known = tuple[PolicyResource, DeclaredResource]
    Rule = Callable[[DeclaredResource, Mapping[str, Any]], Iterator[str]]

_TEXTS = {"type": "array", "items": {"type": "string"}}
_MAXIMA = {
    "type": "object",
    "properties": {name: {"type": "integer", "minimum": 0} for name in LIMITS},
    "additionalProperties": False,
}
_PROJECT_ID = ("project_id", "projectId")
"""The property of a spend limit that has its project, as each provider spells it."""


def policies() -> list[Policy]:
    """All policies: six for each resource, and one for the stack. Their configuration is in `docs/policies.md`."""
    return [
        _policy(
            "openai-limits",
            "A rate limit has a maximum.",
            rules.limits,
            maximum={**_MAXIMA, "default": {"max_requests_per_1_minute": 10_000}},
            models={"type": "object", "additionalProperties": _MAXIMA, "default": {}},
        ),
        _policy(
            "openai-key-expiry",
            "An API key expires.",
            rules.expiry,
            maximum_days={"type": "number", "exclusiveMinimum": 0, "default": 90},
        ),
        _policy(
            "openai-key-scopes",
            "A key of a service account has only the permissions that it needs.",
            rules.scopes,
            EnforcementLevel.ADVISORY,
        ),
        _policy(
            "openai-admin-keys",
            "Admin API keys have all permissions, so each of them is in a list.",
            rules.admin_keys,
            allowed={**_TEXTS, "default": []},
        ),
        _policy(
            "openai-owners",
            "Owners are in a list.",
            rules.owners,
            owners={**_TEXTS, "default": []},
            service_accounts={**_TEXTS, "default": []},
        ),
        _policy(
            "openai-temporary-owners",
            "Owners are owners for a limited time.",
            rules.temporary_owners,
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
        resource = declared.of(args.resource_type, args.props)
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
        found = ((resource, declared.of(resource.resource_type, resource.props)) for resource in args.resources)
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
