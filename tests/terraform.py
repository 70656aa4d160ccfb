"""Terraform states as Terraform 1.x writes them (version 4), of the documented schemas of providers for OpenAI."""

from __future__ import annotations

from typing import Any


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
    """The organization of `tests.company`, as the official provider has it in its state.

    The project's name is an old one: somebody has changed it at OpenAI.

    Args:
        alert_id: The id of the alert of the project.
    """
    shop, shared = {"project_id": "proj_shop"}, 'module.team["shop"]'
    permissions = ["api.groups.read", "api.model.read"]
    limit = {"max_requests_per_1_minute": 5, "max_tokens_per_1_minute": None, "max_images_per_1_minute": None}
    return state(
        resource("openai_group", "this", instance("eng", group_id="group_eng", id="group_eng", name="Engineering")),
        resource("openai_group_user", "eng", instance(0, group_id="group_eng", user_id="user-grace")),
        resource("openai_group_role", "audit", instance(group_id="group_eng", role_id="role_audit")),
        resource(
            "openai_role",
            "audit",
            instance(role_id="role_audit", id="role_audit", role_name="Auditor", permissions=permissions),
        ),
        resource("openai_user_role", "twin", instance(user_id="user-twin", role_id="role_audit")),
        resource("openai_organization_user", "edsger", instance(user_id="user-edsger", id="user-edsger", role="owner")),
        resource("openai_invite", "new", instance(invite_id="invite-1", email="new@example.com", role="reader")),
        resource(
            "openai_organization_spend_limit",
            "this",
            instance(singleton_id="organization", threshold_amount=500_000, currency="USD", interval="month"),
        ),
        resource(
            "openai_organization_data_retention",
            "this",
            instance(singleton_id="organization", type="zero_data_retention"),
        ),
        resource(
            "openai_mcp_tunnel",
            "office",
            instance(id="tunnel_office", name="office", description="MCP servers of the office"),
        ),
        resource(
            "openai_certificate",
            "mtls",
            instance(secret="certificate", certificate_id="cert_1", certificate="(pem)", name="mtls"),
        ),
        resource("openai_external_key", "data", instance(external_key_id="extkey_a", name="data", purpose="ekm")),
        resource("openai_project", "this", instance(**shop, id="proj_shop", name="Shopp"), module=shared),
        resource(
            "openai_project_service_account",
            "this",
            instance("web", **shop, service_account_id="svc_acct_web", id="svc_acct_web", name="web"),
            module=shared,
        ),
        resource("openai_project_rate_limit", "o1", instance(**shop, rate_limit_id="rl-o1", **limit), module=shared),
        resource(
            "openai_project_spend_alert",
            "this",
            instance(
                **shop,
                alert_id=alert_id,
                threshold_amount=80_000,
                notification_channel_recipients=["finance@example.com", "zoe@example.com"],
            ),
            module=shared,
        ),
        resource("openai_project_spend_limit", "this", instance(**shop, threshold_amount=100_000), module=shared),
        resource("openai_project_data_retention", "this", instance(**shop, type="zero_data_retention"), module=shared),
        resource(
            "openai_project_model_permissions",
            "this",
            instance(**shop, mode="allow_list", model_ids=["gpt-4o", "o1"]),
            module=shared,
        ),
        resource("openai_project_hosted_tool_permissions", "this", instance(**shop, mcp_enabled=False), module=shared),
        resource(
            "openai_project_role",
            "deploy",
            instance(**shop, role_id="role_deploy", role_name="Deployer", permissions=permissions),
            module=shared,
        ),
        resource("openai_project_group", "eng", instance(**shop, group_id="group_eng", role="member"), module=shared),
        resource(
            "openai_project_group_role",
            "eng",
            instance(0, **shop, group_id="group_eng", role_id="role-api-project-member"),
            instance(1, **shop, group_id="group_eng", role_id="role_deploy"),
            module=shared,
        ),
        resource(
            "openai_project_user", "edsger", instance(**shop, user_id="user-edsger", role="member"), module=shared
        ),
        resource(
            "openai_project_user_role",
            "edsger",
            instance(**shop, user_id="user-edsger", role_id="role_view"),
            module=shared,
        ),
    )


KINDS = (
    "Certificate",
    "ExternalKey",
    "Group",
    "GroupRole",
    "GroupUser",
    "Invite",
    "McpTunnel",
    "OrganizationDataRetention",
    "OrganizationSpendLimit",
    "OrganizationUser",
    "Project",
    "ProjectDataRetention",
    "ProjectGroup",
    "ProjectGroupRole",
    "ProjectHostedToolPermissions",
    "ProjectModelPermissions",
    "ProjectRateLimit",
    "ProjectRole",
    "ProjectServiceAccount",
    "ProjectSpendAlert",
    "ProjectSpendLimit",
    "ProjectUser",
    "ProjectUserRole",
    "Role",
    "UserRole",
)
"""The kinds of which the program of `company` has one resource each."""
