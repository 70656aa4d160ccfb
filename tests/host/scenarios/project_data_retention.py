"""The scenario of a `ProjectDataRetention`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectDataRetention
from tests.host.rules import Changeable
from tests.host.scenario import PROJECT, Drift, Matrix, Scenario, Step, verbs_of_setting

ZERO = {"retention_type": "zero_data_retention"}
SCENARIO = Scenario(
    ProjectDataRetention,
    path="/organization/projects/proj_demo/data_retention",
    inputs={**PROJECT, **ZERO},
    outputs={**PROJECT, **ZERO, "baseline": {"retention_type": "organization_default"}},
    drift=Drift({"retention_type": "none"}, "retention_type", shows="none"),
    steps=[
        Step(
            {**PROJECT, "retention_type": "modified_abuse_monitoring"},
            {"retention_type": "modified_abuse_monitoring"},
            writes=["POST data_retention"],
            keeps=("baseline", "project_id"),
        ),
    ],
    replaced_by={"project_id": "proj_staging", **ZERO},
    replaces="project_id",
    bad={
        "retention_type must be 'organization_default', 'none', ": {"retention_type": "forever"},
        "retention_type is missing": {"retention_type": None},
        "project_id is not an id": {"project_id": "../admin_api_keys"},
    },
    is_gone_after_delete=False,
    missing="proj_none",
    malformed="a/b",
    matrix=Matrix(
        path="/organization/projects/{project_id}/data_retention",
        rule=Changeable("project_data_retention", {"retention_type": "organization_default"}),
        verbs=verbs_of_setting(ZERO, {"retention_type": "none"}),
    ),
)
