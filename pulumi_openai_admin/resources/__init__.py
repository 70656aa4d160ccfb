"""The resources, one module each."""

ALL = {
    "Group": "group",
    "GroupUser": "group_user",
    "OrganizationDataRetention": "organization_data_retention",
    "OrganizationMember": "organization_member",
    "OrganizationSpendAlert": "organization_spend_alert",
    "OrganizationSpendLimit": "organization_spend_limit",
    "OrganizationUser": "organization_user",
    "Project": "project",
    "ProjectDataRetention": "project_data_retention",
    "ProjectGroup": "project_group",
    "ProjectHostedToolPermissions": "project_hosted_tool_permissions",
    "ProjectModelPermissions": "project_model_permissions",
    "ProjectRateLimit": "project_rate_limit",
    "ProjectRateLimits": "project_rate_limits",
    "ProjectRole": "project_role",
    "ProjectServiceAccount": "project_service_account",
    "ProjectServiceAccountApiKey": "project_service_account_api_key",
    "ProjectServiceTierSettings": "project_service_tier_settings",
    "ProjectSpendAlert": "project_spend_alert",
    "ProjectSpendLimit": "project_spend_limit",
    "ProjectUser": "project_user",
    "Role": "role",
}
"""The registry: each class, and its module. A test names what is missing for a resource that is in it."""
