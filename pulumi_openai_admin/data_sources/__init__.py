"""Look-ups. They derive from the declarations of the resources. A kind with something special has a module here."""

ALL = {
    "Project": "project",
    "ProjectApiKey": "project_api_key",
    "ProjectRateLimit": "project_rate_limit",
}
"""The kinds without a resource, and those whose look-ups have something special. The value is the module, which defines
`KIND`."""
