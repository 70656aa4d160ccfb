"""The life of an `OrganizationSpendAlert`."""

from __future__ import annotations

from pulumi_openai_admin import OrganizationSpendAlert
from tests.host.spending import life_of_alert

LIFE = life_of_alert(
    OrganizationSpendAlert,
    kind="spend_alert",
    path="/organization/spend_alerts",
    parents={},
)
