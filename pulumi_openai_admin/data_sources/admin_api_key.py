"""Provider functions of the Admin API keys, which may have no name if they were created in the dashboard."""

from __future__ import annotations

from pulumi_openai_admin.data_sources.kind import LookUpKind
from pulumi_openai_admin.resources.admin_api_key import AdminApiKey


class _AdminApiKeyKind(LookUpKind):
    optional = ("name",)


KIND = _AdminApiKeyKind(AdminApiKey)
