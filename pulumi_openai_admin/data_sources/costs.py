"""The costs of the organization."""

from __future__ import annotations

from pulumi_openai_admin.data_sources.report import ONE_DAY, Amount, Report

COSTS = Report(
    "Costs",
    "get_costs",
    "/organization/costs",
    "the costs of the organization",
    amounts=(
        Amount("amount", "The amount spent, in units of `currency`.", float, is_optional=True, wire="amount.value"),
        Amount("currency", "The currency, for example `usd`.", str, is_optional=True, wire="amount.currency"),
        Amount(
            "quantity",
            ('The quantity used; `None` unless results are grouped by `"line_item"`.'),
            float,
            is_optional=True,
        ),
        Amount(
            "quantity_unit",
            ("The unit of `quantity`, for example `tokens`; `None` if there is none."),
            str,
            is_optional=True,
        ),
    ),
    groups=("project_id", "user_id", "line_item", "api_key_id", "api_source"),
    filters=("project_ids", "api_key_ids", "line_items"),
    pages={"1d": 180},
    widths=ONE_DAY,
)

QUERIES = {COSTS.kind: COSTS}
