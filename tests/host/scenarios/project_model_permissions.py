"""The scenario of a `ProjectModelPermissions`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectModelPermissions
from tests.host.rules import Deletable
from tests.host.scenario import PROJECT, Drift, Matrix, Scenario, Step, verbs_of_setting

ALLOWED = {"mode": "allow_list", "model_ids": ["gpt-4o", "gpt-4o-mini"]}
DENIED = {"mode": "deny_list", "model_ids": ["o3"]}
SCENARIO = Scenario(
    ProjectModelPermissions,
    path="/organization/projects/proj_demo/model_permissions",
    inputs={**PROJECT, **ALLOWED},
    outputs={**PROJECT, **ALLOWED, "baseline": {}},
    drift=Drift({"mode": "allow_list", "model_ids": ["o3"]}, "model_ids", shows=["o3"]),
    steps=[
        Step(
            {**PROJECT, **ALLOWED, "model_ids": ["o3", "gpt-4o"]},
            {"model_ids": ["gpt-4o", "o3"]},
            ["POST model_permissions"],
        ),
        Step({**PROJECT, **DENIED}, DENIED, ["POST model_permissions"], keeps=("baseline", "project_id")),
        Step({**PROJECT, **DENIED, "model_ids": []}, {"model_ids": []}, ["POST model_permissions"]),
    ],
    replaced_by={"project_id": "proj_staging", **ALLOWED},
    replaces="project_id",
    bad={
        "mode must be 'allow_list' or 'deny_list', not 'allow'": {"mode": "allow"},
        "model_ids must be a list, not a string": {"model_ids": "gpt-4o"},
        "model_ids is missing": {"model_ids": None},
        "project_id is not an id": {"project_id": "../admin_api_keys"},
    },
    missing="proj_none",
    malformed="a/b",
    matrix=Matrix(
        path="/organization/projects/{project_id}/model_permissions",
        rule=Deletable("model_permission", "model_ids"),
        verbs=verbs_of_setting(ALLOWED, DENIED, end="DELETE"),
    ),
)
