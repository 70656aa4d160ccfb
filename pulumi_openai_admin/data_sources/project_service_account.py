"""Service accounts of a project: a keyless account may have a role that no program can set."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pulumi_openai_admin.data_sources.kind import LookUpKind
from pulumi_openai_admin.resources.project_service_account import ProjectServiceAccount

if TYPE_CHECKING:
    from collections.abc import Mapping


class _ProjectServiceAccountKind(LookUpKind):
    prose: ClassVar[Mapping[str, str]] = {
        "role": "`member` or `owner`. `none` for an account that OpenAI created without a key, unless it got a role."
    }


KIND = _ProjectServiceAccountKind(ProjectServiceAccount)
