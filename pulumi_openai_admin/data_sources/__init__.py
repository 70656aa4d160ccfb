"""Look-ups. They derive from the declarations of the resources; a kind has a file here where something is special."""

ALL = {
    "ExternalKey": "external_key",
    "OrganizationUser": "organization_user",
    "Project": "project",
    "ProjectApiKey": "project_api_key",
    "ProjectRateLimit": "project_rate_limit",
    "ProjectUser": "project_user",
}
"""The kinds whose look-ups are not what a resource's declaration gives by itself, each with its module, which has it as
`KIND`: kinds without a resource, and resources with something special."""

QUERIES = {
    "AuditLog": ("list_audit_logs", "audit_log"),
    "Costs": ("get_costs", "costs"),
    "UsageAudioSpeeches": ("get_usage_audio_speeches", "usage"),
    "UsageAudioTranscriptions": ("get_usage_audio_transcriptions", "usage"),
    "UsageCodeInterpreterSessions": ("get_usage_code_interpreter_sessions", "usage"),
    "UsageCompletions": ("get_usage_completions", "usage"),
    "UsageDecisions": ("get_usage_decisions", "usage"),
    "UsageEmbeddings": ("get_usage_embeddings", "usage"),
    "UsageFileSearchCalls": ("get_usage_file_search_calls", "usage"),
    "UsageImages": ("get_usage_images", "usage"),
    "UsageModerations": ("get_usage_moderations", "usage"),
    "UsageVectorStores": ("get_usage_vector_stores", "usage"),
    "UsageWebSearchCalls": ("get_usage_web_search_calls", "usage"),
}
"""Look-ups that ask for a part of what there is, and for all of it never: each with its function and its module, which
has it in `QUERIES`."""
