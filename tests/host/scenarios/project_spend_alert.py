"""The scenario of a `ProjectSpendAlert`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectSpendAlert
from tests.host.scenario import PROJECT
from tests.host.spending import scenario_of_alert

SCENARIO = scenario_of_alert(
    ProjectSpendAlert,
    kind="project_spend_alert",
    path="/organization/projects/{project_id}/spend_alerts",
    parents=PROJECT,
)
