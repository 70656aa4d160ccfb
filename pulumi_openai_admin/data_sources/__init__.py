"""Provider functions. They derive from the declarations of the resources, and from those in this package."""

ALL = (
    "AdminApiKey",
    "OrganizationUser",
    "Project",
    "ProjectApiKey",
    "ProjectRateLimit",
    "ProjectServiceAccount",
    "ProjectUser",
)
"""The kinds without a resource, and those whose provider functions have something special: see `special_kinds`."""

QUERIES = {
    "AuditLog": ("list_audit_logs", "audit_log"),
    "Costs": ("get_costs", "report"),
    "UsageAudioSpeeches": ("get_usage_audio_speeches", "report"),
    "UsageAudioTranscriptions": ("get_usage_audio_transcriptions", "report"),
    "UsageCodeInterpreterSessions": ("get_usage_code_interpreter_sessions", "report"),
    "UsageCompletions": ("get_usage_completions", "report"),
    "UsageDecisions": ("get_usage_decisions", "report"),
    "UsageEmbeddings": ("get_usage_embeddings", "report"),
    "UsageFileSearchCalls": ("get_usage_file_search_calls", "report"),
    "UsageImages": ("get_usage_images", "report"),
    "UsageModerations": ("get_usage_moderations", "report"),
    "UsageVectorStores": ("get_usage_vector_stores", "report"),
    "UsageWebSearchCalls": ("get_usage_web_search_calls", "report"),
    "WebhookEventTypes": ("get_webhook_event_types", "webhook_event_types"),
}
"""Provider functions that only ever read a part of a list. The value is the name of the function and the module, which
has the provider function in `QUERIES`."""
