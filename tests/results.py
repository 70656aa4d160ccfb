"""What commands show, for tests: a test names the values that it is about, and all others have a default."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from pulumi_openai_admin import GetProjectRateLimitResult, GetProjectResult
from pulumi_openai_admin.cli.limits import ProjectLimits
from pulumi_openai_admin.cli.memberships import Member

ResultT = TypeVar("ResultT")


def result(class_: type[ResultT], **values: Any) -> ResultT:
    """The result of a look-up. Values that a test does not name are None."""
    names: Any = class_
    return class_(**(dict.fromkeys(field.name for field in fields(names)) | values))


def limits(model: str, **values: int) -> GetProjectRateLimitResult:
    return result(GetProjectRateLimitResult, project_id="proj_1", rate_limit_id=f"rl-{model}", model=model, **values)


def project_result(**values: Any) -> GetProjectResult:
    """A project that is active."""
    return result(GetProjectResult, **({"project_id": "proj_1", "status": "active", "created_at": 1} | values))


def project_limits(name: str | None, *rows: GetProjectRateLimitResult, **values: Any) -> ProjectLimits:
    project = project_result(name=name, **values)
    return ProjectLimits(project, [replace(row, project_id=project.project_id) for row in rows])


def member(id_: str = "user-1", **values: Any) -> Member:
    """A person in the organization, without a role."""
    defaults: dict[str, Any] = {"name": None, "email": None, "is_in_organization": True, "role": None}
    return Member(id_, **(defaults | values))


def invite(email: str = "lin@example.com", **values: Any) -> Member:
    """A pending invite without a role."""
    return member("invite-1", email=email, is_invite=True, **values)
