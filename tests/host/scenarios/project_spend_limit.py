"""The scenario of a `ProjectSpendLimit`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectSpendLimit
from tests.host.scenario import PROJECT
from tests.host.spending import scenario_of_limit

SCENARIO = scenario_of_limit(
    ProjectSpendLimit,
    kind="project_spend_limit",
    path="/organization/projects/{project_id}/spend_limit",
    parents=PROJECT,
)
