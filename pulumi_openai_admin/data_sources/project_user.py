"""Users of a project: what is special about looking them up is in `people`."""

from __future__ import annotations

from pulumi_openai_admin.data_sources.people import People
from pulumi_openai_admin.resources.project_user import ProjectUser

KIND = People(ProjectUser)
