"""The life of a `ProjectSpendAlert`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectSpendAlert
from tests.host.scripted_life import PROJECT
from tests.host.spending import life_of_alert

LIFE = life_of_alert(
    ProjectSpendAlert,
    kind="project_spend_alert",
    path="/organization/projects/{project_id}/spend_alerts",
    parents=PROJECT,
)
