"""Which models a project may use."""

from __future__ import annotations

from typing import Any, Literal, final

from pulumi_openai_admin.handlers.shapes.optional_setting import OptionalSetting
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.fields import Field, argument, output, path


@final
class ProjectModelPermissions(AdminResource):
    """The models that a project may use, or those that it may not use.

    A project may have no model permissions: then it may use all models of the organization. Destroying the resource
    restores what was found before the first change, or deletes the permissions if there were none. Only one resource
    can manage the model permissions of a project.

    Its id is `<project_id>`.

    Raises:
        ProjectArchivedError: Nothing can be changed in an archived project.
        UpdateNotAppliedError: OpenAI accepted the permissions, and answered with other ones.

    Source: GET, POST and DELETE /organization/projects/{project_id}/model_permissions (operations
    `retrieve-project-model-permissions`, `update-project-model-permissions`, `delete-project-model-permissions`).
    """

    handler = OptionalSetting(
        "/organization/projects/{project_id}/model_permissions",
        noun="model permissions",
    )

    project_id: Field[str] = path()
    """The project (`proj_…`). Another project replaces the resource."""
    mode: Field[str, Literal["allow_list", "deny_list"]] = argument()
    """Whether `model_ids` are the models that may be used, or those that may not. Changed in place."""
    model_ids: Field[list[str]] = argument(unordered=True, may_be_empty=True)
    """The ids of the models. Their order means nothing. With `"allow_list"`, an empty list allows no model. Changed in
    place."""
    baseline: Field[dict[str, Any]] = output()
    """The `"mode"` and `"model_ids"` that were found before the first change: what destroy restores. Empty if there
    were none."""
