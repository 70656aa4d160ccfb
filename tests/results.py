"""Results of look-ups, of which a test gives only the properties that it is about."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from pulumi_openai_admin import GetProjectResult


def project_result(project_id: str, name: str | None, **properties: Any) -> GetProjectResult:
    """A project that is active, unless the properties say otherwise; all others are None."""
    absent = dict.fromkeys(field.name for field in fields(GetProjectResult))
    about = {"project_id": project_id, "name": name, "status": "active", "created_at": 1}
    return GetProjectResult(**{**absent, **about, **properties})
