"""The scenario of an `OrganizationSpendLimit`."""

from __future__ import annotations

from pulumi_openai_admin import OrganizationSpendLimit
from tests.host.spending import scenario_of_limit

SCENARIO = scenario_of_limit(
    OrganizationSpendLimit,
    kind="spend_limit",
    path="/organization/spend_limit",
    parents={},
)
