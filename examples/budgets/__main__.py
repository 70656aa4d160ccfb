"""Spend limits of budgets.json, in dollars for a month, with an email at each percentage of `alerts`."""

import json
from pathlib import Path

from pulumi_openai_admin import (
    OrganizationSpendAlert,
    OrganizationSpendLimit,
    ProjectSpendAlert,
    ProjectSpendLimit,
)

budgets = json.loads(Path(__file__).with_name("budgets.json").read_bytes())
CENTS = 100

OrganizationSpendLimit("organization", threshold_amount=budgets["organization"] * CENTS)
for percent in budgets["alerts"]:
    OrganizationSpendAlert(
        f"organization-{percent}", threshold_amount=budgets["organization"] * percent, recipients=budgets["recipients"]
    )

for project_id, dollars in budgets["projects"].items():
    ProjectSpendLimit(project_id, project_id=project_id, threshold_amount=dollars * CENTS)
    for percent in budgets["alerts"]:
        ProjectSpendAlert(
            f"{project_id}-{percent}",
            project_id=project_id,
            threshold_amount=dollars * percent,  # cents
            recipients=budgets["recipients"],
        )
