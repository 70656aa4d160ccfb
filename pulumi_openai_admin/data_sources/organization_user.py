"""Users of the organization: what is special about looking them up is in `people`."""

from __future__ import annotations

from pulumi_openai_admin.data_sources.people import People
from pulumi_openai_admin.resources.organization_user import OrganizationUser


class _OrganizationUserKind(People):
    optional = ("role",)


KIND = _OrganizationUserKind(OrganizationUser)
