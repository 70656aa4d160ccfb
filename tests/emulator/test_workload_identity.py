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


def test_a_provider_and_its_rule_are_created_changed_and_deleted(organization: Organization, control: Control) -> None:
    service_account = account(organization)
    before = control.live()
    providers, rules = (
        organization.workload_identity_providers,
        organization.workload_identity_providers.federation_rules,
    )
    provider = providers.create(**PROVIDER)
    assert (provider.enabled, provider.description, provider.attribute_transformations) == (True, None, [])
    assert provider.verification.model_dump() == {"type": "discovery", "discovery_url": None}
    later = control.advance_clock(60)
    changed = providers.update(
        provider.id,
        description="GitHub",
        attribute_transformations=[{"attribute": "repo", "expression": "assertion.repository"}],
        verification={"type": "uploaded_jwks", "jwks": {"keys": []}},
    )
    assert (changed.name, changed.issuer, changed.description) == ("CI", "https://issuer.example.com", "GitHub")
    assert (changed.created_at, changed.updated_at >= later) == (provider.created_at, True)
    assert changed.verification.jwks == {"keys": []}
    assert providers.retrieve(provider.id) == changed
    assert providers.update(provider.id, description=None, enabled=False).description is None

    matchers = {"repo": "acme/app", "protected": True, "run": 1, "share": 0.5}
    rule = rules.create(
        provider.id, attribute_matchers=matchers, project_id=PROJECT, service_account_id=service_account
    )
    assert (rule.attribute_matchers, rule.name, rule.enabled) == (matchers, None, True)
    assert (rule.permissions.type, rule.workload_identity_provider_id) == ("service_account_default", provider.id)
    restricted = rules.update(
        rule.id,
        workload_identity_provider_id=provider.id,
        name="main",
        permissions={"type": "restricted", "scopes": ["api.responses.write"]},
    )
    assert (restricted.name, restricted.permissions.scopes) == ("main", ["api.responses.write"])
    assert (restricted.attribute_matchers, restricted.service_account_id) == (matchers, service_account)
    with pytest.raises(openai.BadRequestError, match=rf"has the federation rule {rule.id}\. Delete its rules first"):
        providers.delete(provider.id)
    assert rules.delete(rule.id, workload_identity_provider_id=provider.id).deleted
    assert providers.delete(provider.id).deleted
    with pytest.raises(openai.NotFoundError, match=f"The workload identity provider {provider.id} was not found"):
        rules.list(provider.id)
    assert control.live() == before

    events = {event.type: event for event in organization.audit_logs.list()}
    created = events["workload_identity_provider.created"].workload_identity_provider_created
    assert (created.id, created.data["issuer"]) == (provider.id, "https://issuer.example.com")
    assert events["workload_identity_provider.deleted"].workload_identity_provider_deleted.name == "CI"
    mapped = events["workload_identity_provider_mapping.updated"].workload_identity_provider_mapping_updated
    assert (mapped.id, mapped.identity_provider_id, set(mapped.changes_requested)) == (
        rule.id,
        provider.id,
        {"name", "permissions"},
    )
    removed = events["workload_identity_provider_mapping.deleted"].workload_identity_provider_mapping_deleted
    assert (removed.project_id, removed.service_account_id) == (PROJECT, service_account)


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
