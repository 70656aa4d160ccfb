"""The resources, one module each."""

ALL = {
    "AdminApiKey": "admin_api_key",
    "Group": "group",
    "Project": "project",
    "ProjectRateLimit": "project_rate_limit",
    "ProjectRateLimits": "project_rate_limits",
    "ProjectServiceAccount": "project_service_account",
    "ProjectServiceAccountApiKey": "project_service_account_api_key",
    "ProjectSpendLimit": "project_spend_limit",
    "WorkloadIdentityFederationRule": "workload_identity_federation_rule",
    "WorkloadIdentityProvider": "workload_identity_provider",
}
"""The registry: each class, and its module. A test names what is missing for a resource that is in it."""
