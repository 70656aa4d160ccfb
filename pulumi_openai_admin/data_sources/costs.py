"""The costs of the organization."""

from __future__ import annotations

from pulumi_openai_admin.data_sources.report import Amount, Report

COSTS = Report(
    "Costs",
    "get_costs",
    "/organization/costs",
    "the costs of the organization",
    amounts=(
        Amount("amount", "What was spent, in units of `currency`.", float, is_optional=True, wire="amount.value"),
        Amount("currency", "The currency, for example `usd`.", str, is_optional=True, wire="amount.currency"),
        Amount(
            "quantity", 'How much of it was used; `None` without grouping by `"line_item"`.', float, is_optional=True
        ),
        Amount(
            "quantity_unit", "The unit of `quantity`, for example `tokens`; `None` without one.", str, is_optional=True
        ),
    ),
    groups=("project_id", "user_id", "line_item", "api_key_id", "api_source"),
    filters=("project_ids", "api_key_ids", "line_items"),
    pages={"1d": 180},
)

QUERIES = {COSTS.kind: COSTS}
