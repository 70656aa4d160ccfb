"""Results of look-ups for tests, which say only the fields that a test is about."""

from __future__ import annotations

import dataclasses
from typing import Any

from pulumi_openai_admin import GetProjectResult


def project_result(**values: Any) -> GetProjectResult:
    """An active project; fields that are left out are None."""
    fields: dict[str, Any] = dict.fromkeys(field.name for field in dataclasses.fields(GetProjectResult))
    return GetProjectResult(**{**fields, "status": "active", "created_at": 1, **values})
