"""The scenario of an `OrganizationSpendAlert`."""

from __future__ import annotations

from pulumi_openai_admin import OrganizationSpendAlert
from tests.host.spending import scenario_of_alert

SCENARIO = scenario_of_alert(
    OrganizationSpendAlert,
    kind="spend_alert",
    path="/organization/spend_alerts",
    parents={},
)
