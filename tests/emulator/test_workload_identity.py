from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest

if TYPE_CHECKING:
    from conftest import Http
    from openai.resources.admin.organization import Organization

    from pulumi_openai_admin.emulator import Control

PROJECT = "proj_demo"
PROVIDER = {"name": "CI", "type": "oidc", "issuer": "https://issuer.example.com", "audience": "openai"}
PATH = "/organization/workload_identity_providers"


def account(organization: Organization, project: str = PROJECT) -> str:
    made = organization.projects.service_accounts.create(project, name="ci", create_service_account_only=True)
    return str(made.id)


def test_a_rule_goes_with_its_service_account(organization: Organization, control: Control) -> None:
    provider = organization.workload_identity_providers.create(**PROVIDER)
    rules = organization.workload_identity_providers.federation_rules
    first, second = account(organization), account(organization, "proj_staging")
    made = [
        rules.create(provider.id, attribute_matchers={"sub": "x"}, project_id=project, service_account_id=of)
        for project, of in ((PROJECT, first), ("proj_staging", second))
    ]
    organization.projects.service_accounts.delete(first, project_id=PROJECT)
    assert [rule.id for rule in rules.list(provider.id)] == [made[1].id]
    organization.projects.archive("proj_staging")
    assert "federation_rule" not in control.live()
    assert organization.workload_identity_providers.delete(provider.id).deleted


def test_what_is_no_rule_is_refused(organization: Organization, api: Http) -> None:
    provider = organization.workload_identity_providers.create(**PROVIDER)
    here, there = account(organization), account(organization, "proj_staging")
    path = f"{PATH}/{provider.id}/federation_rules"
    rule = {"attribute_matchers": {"sub": "x"}, "project_id": PROJECT, "service_account_id": here}
    for change, param, code in (
        ({"attribute_matchers": {"sub": None}}, "attribute_matchers.sub", "invalid_type"),
        ({"attribute_matchers": {"sub": ["x"]}}, "attribute_matchers.sub", "invalid_type"),
        ({"permissions": {"type": "restricted"}}, "permissions.scopes", "missing_required_parameter"),
        ({"service_account_id": there}, None, "not_found"),
        ({"project_id": "proj_none"}, None, "not_found"),
        ({"project_id": "proj_retired"}, None, "project_archived"),
    ):
        error = api("POST", path, {**rule, **change}).json()["error"]
        assert (error["param"], error["code"]) == (param, code)
    made = api("POST", path, rule).json()["id"]
    for field in ("project_id", "service_account_id"):  # neither can be changed
        assert api.refusal("POST", f"{path}/{made}", {field: rule[field]})[:2] == (400, "unknown_parameter")
    for field in ("type", "secret"):
        assert api.refusal("POST", f"{PATH}/{provider.id}", {field: "oidc"})[:2] == (400, "unknown_parameter")


def test_a_provider_with_a_rule_is_not_deleted(organization: Organization, control: Control) -> None:
    of_rule, before = account(organization), control.live()
    providers = organization.workload_identity_providers
    provider, rules = providers.create(**PROVIDER), providers.federation_rules
    rule = rules.create(provider.id, attribute_matchers={"run": 1}, project_id=PROJECT, service_account_id=of_rule)
    assert (rule.name, rule.enabled, rule.permissions.type) == (None, True, "service_account_default")
    changed = rules.update(rule.id, workload_identity_provider_id=provider.id, name="main")
    assert (changed.name, changed.attribute_matchers) == ("main", {"run": 1})
    with pytest.raises(openai.BadRequestError, match=rf"has the federation rule {rule.id}\. Delete its rules first"):
        providers.delete(provider.id)
    assert rules.delete(rule.id, workload_identity_provider_id=provider.id).deleted
    assert providers.delete(provider.id).deleted
    assert control.live() == before
    events = {event.type: event for event in organization.audit_logs.list()}
    removed = events["workload_identity_provider_mapping.deleted"].workload_identity_provider_mapping_deleted
    assert (removed.project_id, removed.service_account_id) == (PROJECT, of_rule)
