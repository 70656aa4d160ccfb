"""Provider functions of the rate limits of a project."""

from __future__ import annotations

from pulumi_openai_admin.data_sources.kind import LookUpKind
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit


class _ProjectRateLimitKind(LookUpKind):
    about = "The rate limits of one model in one project, as OpenAI shows them."
    about_list = "All rate limits of a project, one object for each model (about 170)."
    dashboard = "Limits"


KIND = _ProjectRateLimitKind(ProjectRateLimit)
