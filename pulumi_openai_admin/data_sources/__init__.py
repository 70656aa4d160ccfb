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
    "AuditLog": "audit_log",
    "Costs": "report",
    "UsageAudioSpeeches": "report",
    "UsageAudioTranscriptions": "report",
    "UsageCodeInterpreterSessions": "report",
    "UsageCompletions": "report",
    "UsageDecisions": "report",
    "UsageEmbeddings": "report",
    "UsageFileSearchCalls": "report",
    "UsageImages": "report",
    "UsageModerations": "report",
    "UsageVectorStores": "report",
    "UsageWebSearchCalls": "report",
    "WebhookEventTypes": "webhook_event_types",
}
"""Provider functions that only ever read a part of a list, each with the module that has it in its `QUERIES`."""
