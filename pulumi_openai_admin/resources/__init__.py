"""The resources, one module each."""

ALL = {
    "Group": "group",
    "GroupRole": "group_role",
    "GroupUser": "group_user",
    "Project": "project",
    "ProjectGroup": "project_group",
    "ProjectGroupRole": "project_group_role",
    "ProjectRateLimit": "project_rate_limit",
    "ProjectRateLimits": "project_rate_limits",
    "ProjectRole": "project_role",
    "ProjectServiceAccount": "project_service_account",
    "ProjectServiceAccountApiKey": "project_service_account_api_key",
    "ProjectSpendLimit": "project_spend_limit",
    "ProjectUserRole": "project_user_role",
    "Role": "role",
    "UserRole": "user_role",
}
"""The registry: each class, and its module. A test names what is missing for a resource that is in it."""
