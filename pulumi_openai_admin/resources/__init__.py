"""The resources, one module each."""

ALL = {
    "Group": "group",
    "Invite": "invite",
    "Project": "project",
    "ProjectRateLimit": "project_rate_limit",
    "ProjectRateLimits": "project_rate_limits",
    "ProjectRole": "project_role",
    "ProjectServiceAccount": "project_service_account",
    "ProjectServiceAccountApiKey": "project_service_account_api_key",
    "ProjectSpendLimit": "project_spend_limit",
    "Role": "role",
}
"""The registry: each class, and its module. A test names what is missing for a resource that is in it."""
