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

_REPORTS = (
    "Costs",
    "UsageAudioSpeeches",
    "UsageAudioTranscriptions",
    "UsageCodeInterpreterSessions",
    "UsageCompletions",
    "UsageDecisions",
    "UsageEmbeddings",
    "UsageFileSearchCalls",
    "UsageImages",
    "UsageModerations",
    "UsageVectorStores",
    "UsageWebSearchCalls",
)
QUERIES = {
    "AuditLog": "audit_log",
    "WebhookEventTypes": "webhook_event_types",
    **dict.fromkeys(_REPORTS, "report"),
}
"""Provider functions that only ever read a part of a list, each with the module that has it in its `QUERIES`."""
