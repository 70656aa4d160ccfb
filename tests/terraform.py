"""Terraform states as Terraform 1.x writes them (version 4), of the documented schemas of providers for OpenAI."""

from __future__ import annotations

from typing import Any

from pulumi_openai_admin.cli.adopt.terraform import OFFICIAL as OFFICIAL_TABLE
from pulumi_openai_admin.cli.adopt.terraform import Counterpart


def provider_named(source: str, tool: str = "terraform.io") -> str:
    """How a state names a provider: by its address in the registry of the tool."""
    return f'provider["registry.{tool}/{source}"]'


OFFICIAL = provider_named("openai/openai")


def resource(
    type_: str,
    name: str,
    *instances: dict[str, Any],
    module: str = "",
    provider: str = OFFICIAL,
    mode: str = "managed",
) -> dict[str, Any]:
    """A resource with its instances."""
    found = {"mode": mode, "type": type_, "name": name, "provider": provider, "instances": list(instances)}
    return {"module": module, **found} if module else found


def instance(key: str | int | None = None, *, secret: str = "", **attributes: Any) -> dict[str, Any]:
    """An instance of a resource; `secret` is the name of an attribute that Terraform does not display."""
    paths = [[{"type": "get_attr", "value": secret}]] if secret else []
    found = {"schema_version": 0, "attributes": attributes, "sensitive_attributes": paths, "identity_schema_version": 0}
    return {"index_key": key, **found} if key is not None else found


def state(*resources: dict[str, Any], outputs: dict[str, Any] | None = None) -> dict[str, Any]:
    """A state."""
    return {
        "version": 4,
        "terraform_version": "1.13.3",
        "serial": 7,
        "lineage": "9a1f8f0e-6f0e-4d57-93a6-0f0c3ef3c3d4",
        "outputs": outputs or {},
        "resources": list(resources),
        "check_results": None,
    }


def company(alert_id: str) -> dict[str, Any]:
    """The organization of `tests.company`, as the official provider has it in its state: an object of each kind.

    The project's name is an old one: somebody has changed it at OpenAI.

    Args:
        alert_id: The id of the alert of the project.
    """
    permissions = ["api.groups.read", "api.model.read"]
    limit = {"max_requests_per_1_minute": 5, "max_tokens_per_1_minute": None, "max_images_per_1_minute": None}
    recipients = ["finance@example.com", "zoe@example.com"]
    role = {"role_id": "role_audit", "id": "role_audit", "role_name": "Auditor", "permissions": permissions}
    account = {"service_account_id": "svc_acct_web", "id": "svc_acct_web", "name": "web"}
    deployer = {"role_id": "role_deploy", "role_name": "Deployer", "permissions": permissions}
    alert = {"threshold_amount": 80_000, "notification_channel_recipients": recipients}

    def of(type_: str, name: str, /, *keys: str | int, secret: str = "", **attributes: Any) -> dict[str, Any]:
        return resource(f"openai_{type_}", name, instance(*keys, secret=secret, **attributes))

    def inside(type_: str, name: str, /, *keys: str | int, **attributes: Any) -> dict[str, Any]:
        return {**of(type_, name, *keys, project_id="proj_shop", **attributes), "module": 'module.team["shop"]'}

    predefined = instance(0, project_id="proj_shop", group_id="group_eng", role_id="role-api-project-member")
    group_role = inside("project_group_role", "eng", 1, group_id="group_eng", role_id="role_deploy")
    return state(
        of("group", "this", "eng", group_id="group_eng", id="group_eng", name="Engineering"),
        of("group_user", "eng", 0, group_id="group_eng", user_id="user-grace"),
        of("group_role", "audit", group_id="group_eng", role_id="role_audit"),
        of("role", "audit", **role),
        of("user_role", "twin", user_id="user-twin", role_id="role_audit"),
        of("organization_user", "edsger", user_id="user-edsger", id="user-edsger", role="owner"),
        of("invite", "new", invite_id="invite-1", email="new@example.com", role="reader"),
        of("organization_spend_alert", "this", alert_id="alert_finance", threshold_amount=300_000),
        of("organization_spend_limit", "this", singleton_id="organization", threshold_amount=500_000, currency="USD"),
        of("organization_data_retention", "this", singleton_id="organization", type="zero_data_retention"),
        of("mcp_tunnel", "office", id="tunnel_office", name="office", description="MCP servers of the office"),
        of("certificate", "mtls", secret="certificate", certificate_id="cert_1", certificate="(pem)", name="mtls"),
        of("external_key", "data", external_key_id="extkey_a", name="data", purpose="ekm"),
        inside("project", "this", id="proj_shop", name="Shopp"),
        inside("project_service_account", "this", "web", **account),
        inside("project_rate_limit", "o1", rate_limit_id="rl-o1", **limit),
        inside("project_spend_alert", "this", alert_id=alert_id, **alert),
        inside("project_spend_limit", "this", threshold_amount=100_000),
        inside("project_data_retention", "this", type="zero_data_retention"),
        inside("project_model_permissions", "this", mode="allow_list", model_ids=["gpt-4o", "o1"]),
        inside("project_hosted_tool_permissions", "this", mcp_enabled=False),
        inside("project_role", "deploy", **deployer),
        inside("project_group", "eng", group_id="group_eng", role="member"),
        {**group_role, "instances": [predefined, *group_role["instances"]]},
        inside("project_user", "edsger", user_id="user-edsger", role="member"),
        inside("project_user_role", "edsger", user_id="user-edsger", role_id="role_view"),
    )


KINDS = sorted({row.kind for row in OFFICIAL_TABLE.values() if isinstance(row, Counterpart)})
"""The kinds of which the program of `company` has one resource each."""
