"""Provider functions. They derive from the declarations of the resources. A kind with something special has a module
here.
"""

ALL = {
    "AdminApiKey": "admin_api_key",
    "OrganizationUser": "organization_user",
    "Project": "project",
    "ProjectApiKey": "project_api_key",
    "ProjectRateLimit": "project_rate_limit",
    "ProjectServiceAccount": "project_service_account",
    "ProjectUser": "project_user",
}
"""The kinds without a resource, and those whose provider functions have something special. The value is the module,
which defines `KIND`."""

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
    "WebhookEventTypes": ("get_webhook_event_types", "webhook_event_types"),
}
"""Provider functions that only ever read a part of a list. The value is the name of the function and the module, which
has the provider function in `QUERIES`."""
