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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pulumi_policy import Policy, PolicyResource, ReportViolation

    from pulumi_openai_admin.policies.declared import Declared

    Rule = Callable[[Declared, Mapping[str, Any]], Iterator[str]]

_TEXTS = {"type": "array", "items": {"type": "string"}}
_MAXIMA = {
    "type": "object",
    "properties": {name: {"type": "integer", "minimum": 0} for name in LIMITS},
    "additionalProperties": False,
}
_PROJECT_ID = ("project_id", "projectId")
"""The property of a spend limit that has its project, as each provider spells it."""


def policies() -> list[Policy]:
    """All policies: five for each resource, and one for the stack. Their configuration is in `docs/policies.md`."""
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
        one = declared.of(args.resource_type, args.props)
        for violation in rule(one, _configured(config, args.get_config())) if one else ():
            report(violation, None)

    schema = PolicyConfigSchema(config) if config else None
    return ResourceValidationPolicy(name, description, validate, enforcement_level, schema)


def _configured(schema: Mapping[str, dict[str, Any]], config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration with defaults: without a configuration file, the engine gives none."""
    return {name: config.get(name, one.get("default")) for name, one in schema.items()}


def _spend_limit() -> StackValidationPolicy:
    config: dict[str, dict[str, Any]] = {"maximum": {"type": "integer", "minimum": 1}}

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        most = _configured(config, args.get_config())["maximum"]
        found = ((one, declared.of(one.resource_type, one.props)) for one in args.resources)
        known = [(one, its) for one, its in found if its]
        limits = [(one, its) for one, its in known if its.kind == "ProjectSpendLimit"]
        for one, its in limits:
            amount = its.inputs.get("threshold_amount")
            if most is not None and amount is not None and amount > most:
                what = f"{its.spelled('threshold_amount')} is {amount:g} cents, and the maximum is {most:g}."
                report(f"{what} Lower it in the program, or have the maximum raised.", one.urn)
        for one, its in known:
            if its.kind == "Project" and not any(_is_of(*limit, one, its) for limit in limits):
                report("The project has no spend limit. Declare a ProjectSpendLimit for it.", one.urn)

    return StackValidationPolicy(
        "openai-spend-limits",
        "A project has a spend limit.",
        validate,
        EnforcementLevel.MANDATORY,
        PolicyConfigSchema(config),
    )


def _is_of(limit: PolicyResource, known: Declared, project: PolicyResource, its: Declared) -> bool:
    """Whether a spend limit is of a project: in the program, or by id. The id of a new project is not known yet."""
    of = [one.urn for name in _PROJECT_ID for one in limit.property_dependencies.get(name, ())]
    project_id = its.inputs.get("project_id")
    return project.urn in of or (project_id is not None and known.inputs.get("project_id") == project_id)
