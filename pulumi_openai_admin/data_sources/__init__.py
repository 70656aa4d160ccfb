"""Look-ups. They derive from the declarations of the resources; a kind has a file here where something is special."""

ALL = {
    "ExternalKey": "external_key",
    "ExternalStorage": "external_storage",
    "Project": "project",
    "ProjectApiKey": "project_api_key",
    "ProjectRateLimit": "project_rate_limit",
}
"""The kinds whose look-ups are not what a resource's declaration gives by itself, each with its module, which has it as
`KIND`: kinds without a resource, and resources with something special."""
