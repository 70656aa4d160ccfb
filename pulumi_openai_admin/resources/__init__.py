"""The resources, one module each."""

ALL = {
    "Group": "group",
    "GroupMembers": "group_members",
    "GroupRole": "group_role",
    "GroupUser": "group_user",
    "OrganizationDataRetention": "organization_data_retention",
    "OrganizationSpendAlert": "organization_spend_alert",
    "OrganizationSpendLimit": "organization_spend_limit",
    "Project": "project",
    "ProjectDataRetention": "project_data_retention",
    "ProjectGroup": "project_group",
    "ProjectGroupRole": "project_group_role",
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
    "ProjectUserRole": "project_user_role",
    "Role": "role",
    "UserRole": "user_role",
}
"""The registry: each class, and its module. A test names what is missing for a resource that is in it."""
