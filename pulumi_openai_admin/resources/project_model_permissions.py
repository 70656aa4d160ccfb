"""Which models a project may use."""

from __future__ import annotations

from typing import Any, Literal, final

from pulumi_openai_admin.handlers.kinds.organization_objects import ModelPermissions
from pulumi_openai_admin.program.fields import Field, argument, output, path
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.constraints import Enumeration


@final
class ProjectModelPermissions(AdminResource):
    """The models that a project may use, or the models that it may not use.

    A project without model permissions may use all models of the organization. Destroying the resource restores the
    permissions from before the first change. If there were none, it deletes the permissions. Only one resource can
    manage the model permissions of a project.

    The resource ID is `<project_id>`.

    Raises:
        ProjectArchivedError: The project is archived, and an archived project cannot be changed.
        UpdateNotAppliedError: OpenAI accepted the permissions but did not apply them.

    Also sends: GET /organization/projects/{project_id}/rate_limits.
    """

    handler = ModelPermissions("/organization/projects/{project_id}/model_permissions", noun="model permissions")

    project_id: Field[str] = path()
    """The project (`proj_…`)."""
    mode: Field[str, Literal["allow_list", "deny_list"]] = argument(
        choices=Enumeration(
            "ModelPermissionsMode",
            "The meaning of a list of models.",
            {"allow_list": "Only these models may be used.", "deny_list": "These models may not be used."},
        )
    )
    """Whether `model_ids` lists the allowed models or the denied models."""
    model_ids: Field[list[str]] = argument(unordered=True, may_be_empty=True)
    """The ids of the models. Their order has no effect. OpenAI accepts unknown models: a name that resembles the one of
    a model with a rate limit gets a warning. With `"allow_list"`, an empty list allows no model."""
    baseline: Field[dict[str, Any]] = output()
    """The `"mode"` and `"model_ids"` from before the first change, which destroy restores. Empty if there were none."""
