"""Which models a project may use. Without a policy it may use all that the organization has."""

from __future__ import annotations

from typing import Literal

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.body import Body
from pulumi_openai_admin.emulator.handlers.setting import OptionalSetting


class ModelPermissionsUpdate(Body):
    """ProjectModelPermissionsUpdateRequest."""

    mode: Literal["allow_list", "deny_list"]
    model_ids: list[str]


class ModelPermissions(OptionalSetting):
    """A list of models that are allowed, or of models that are not."""

    name = "model_permission"
    noun = "model permissions of project"
    path = "/organization/projects/{project_id}/model_permissions"
    parent = PROJECTS
    object = "project.model_permissions"
    update_body = seed_body = ModelPermissionsUpdate


MODEL_PERMISSIONS = ModelPermissions()
