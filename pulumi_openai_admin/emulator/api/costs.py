"""The costs: what the usage of all APIs comes to."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.api.usage_apis import APIS, FILTERS
from pulumi_openai_admin.emulator.api.usage_records import USAGE_RECORDS
from pulumi_openai_admin.emulator.handlers.buckets import Report, Series, Width
from pulumi_openai_admin.emulator.handlers.kind import Kind
from pulumi_openai_admin.emulator.handlers.operation import Operation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_openai_admin.emulator.handlers.buckets import Sums
    from pulumi_openai_admin.emulator.handlers.operation import Request
    from pulumi_openai_admin.emulator.handlers.organization import Organization

_GROUPS = ("project_id", "user_id", "line_item", "api_key_id", "api_source")
_REPORT = Report(
    _GROUPS,
    {name: FILTERS[name] for name in ("project_id", "api_key_id", "line_item")},
    {"1d": Width(86_400, 7, 180)},
)
_UNITS = {price.item: price.unit for api in APIS.values() for price in api.prices.values()}


class Costs(Kind):
    """What was spent, by day."""

    name = "cost"
    path = "/organization/costs"

    def operations(self) -> list[Operation]:
        """Give the report: nothing else can be done with it."""
        return [Operation("GET", self.path, "list", self, self.list, query=_REPORT.query("CostsQuery"))]

    def list(self, request: Request) -> dict[str, Any]:
        """Show the costs in buckets of time."""
        return _REPORT.page(request.query, request.now, line_items(request.organization), _show)


def line_items(organization: Organization) -> Iterator[Series]:
    """Give what all usage costs: an item for each price that is more than nothing."""
    for api, used in USAGE_RECORDS.recorded(organization):
        for name, price in api.prices.items():
            quantity = used.amounts[name]
            if quantity:
                item = f"{used.dimensions.get('model') or api.name}, {price.item}"
                amounts = {"dollars": price.dollars * quantity, "quantity": quantity}
                yield Series(used.first, used.every, used.times, {**used.dimensions, "line_item": item}, amounts)


def spent_this_month(organization: Organization, project_id: str | None) -> Decimal:
    """Give what a project, or the whole organization, has spent since the month began (UTC), in dollars."""
    spent = month_by_project(organization)
    return sum(spent.values(), Decimal(0)) if project_id is None else spent.get(project_id, Decimal(0))


def month_by_project(organization: Organization) -> dict[str, Decimal]:
    """Give what each project has spent since the month began (UTC), in dollars."""
    now = organization.world.now()
    today = datetime.fromtimestamp(now, timezone.utc)
    begin = int(datetime(today.year, today.month, 1, tzinfo=timezone.utc).timestamp())
    spent: dict[str, Decimal] = {}
    for item in line_items(organization):
        project_id = item.dimensions["project_id"]
        spent[project_id] = spent.get(project_id, Decimal(0)) + item.amounts["dollars"] * item.count(begin, now + 1)
    return spent


def _show(group: Mapping[str, Any], sums: Sums) -> dict[str, Any]:
    """Give schema CostsResult: a quantity only where the results are grouped by line item."""
    item = group.get("line_item")
    return {
        "object": "organization.costs.result",
        "amount": {"value": float(sums["dollars"]), "currency": "usd"},
        **{name: group.get(name) for name in _GROUPS},
        "quantity": None if item is None else sums["quantity"],
        "quantity_unit": None if item is None else _UNITS[item.rpartition(", ")[2]],
    }


COSTS = Costs()
