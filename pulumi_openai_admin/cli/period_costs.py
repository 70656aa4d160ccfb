"""The costs of any period, by project, API key or line item: a table, a page, JSON, CSV, or the columns of FOCUS."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import focus, report, terminal
from pulumi_openai_admin.cli.cost_chart import chart, currency_in_words, money
from pulumi_openai_admin.cli.focus import Charge
from pulumi_openai_admin.cli.organization import read_list
from pulumi_openai_admin.cli.report import Column
from pulumi_openai_admin.cli.words import ABSENT
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.data_sources.special_kinds import PROJECT_API_KEY
from pulumi_openai_admin.handlers.kinds.spending import DAY_SECONDS, DOLLARS, read_costs, the_currency
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.cli.cost_chart import Period
    from pulumi_openai_admin.data_sources.kind import LookUpKind
    from pulumi_openai_admin.http.client import Client

_FORMAT = "%Y-%m-%d"


class By(StrEnum):
    """What the costs of a period are grouped by."""

    PROJECT = "project"
    API_KEY = "api-key"
    LINE_ITEM = "line-item"


_GROUPS = {By.PROJECT: ("project_id",), By.API_KEY: ("project_id", "api_key_id"), By.LINE_ITEM: ("line_item",)}


@dataclass(frozen=True)
class CostQuery:
    """What is asked of OpenAI: the costs of a period."""

    client: Client
    names: Mapping[str, str]
    period: Period
    project_ids: Sequence[str]
    """Only these projects; empty: the whole organization."""

    def charges(self, group_by: Sequence[str]) -> Iterator[Charge]:
        """The costs by day, with names. They are read page by page."""
        keys: dict[str, Mapping[str, str]] = {}
        until = self.period.until if self.period.until <= self.period.now else None
        costs = read_costs(self.client, self.period.since, until=until, group_by=group_by, project_ids=self.project_ids)
        for cost in costs:
            place = cost.project_id
            if place and cost.api_key_id and place not in keys:
                keys[place] = _key_names(self.client, place)
            key = keys.get(place or "", {}).get(cost.api_key_id or "")
            yield Charge(cost, self.names.get(place or "", place), key)

    def limit(self) -> Decimal | None:
        """The spend limit in dollars, of the organization or of a single project."""
        if len(self.project_ids) > 1 or not self.period.is_month:
            return None
        parents = {"project_id": self.project_ids[0]} if self.project_ids else {}
        kind = cast("LookUpKind", kinds.kind("ProjectSpendLimit" if parents else "OrganizationSpendLimit"))
        with self.client.operation():
            limit = kind.only(self.client, **parents)
        return None if limit.threshold_amount is None else Decimal(limit.threshold_amount) / 100


def print_focus(asked: CostQuery, organization_id: str) -> None:
    """Print the costs as CSV, in the columns of FOCUS; see `focus.columns`."""
    report.print_csv(focus.columns(organization_id), asked.charges(("project_id", "api_key_id", "line_item")))


def _key_names(client: Client, project_id: str) -> Mapping[str, str]:
    """The names of the API keys of a project, by id. Keys of the past, and of archived projects, may have none."""
    try:
        return {
            str(key.get("id")): str(key.get("name") or "")
            for key in read_list(client, PROJECT_API_KEY, project_id=project_id)
        }
    except errors.ResourceGoneError:
        return {}


_OF_GROUPS: Mapping[str, Column[Charge]] = {
    "project_id": Column(
        "project",
        lambda charge: charge.project or "No project",
        {"project_id": lambda charge: charge.cost.project_id, "project": lambda charge: charge.project},
    ),
    "api_key_id": Column(
        "API key",
        lambda charge: charge.api_key or charge.cost.api_key_id or "No key",
        {"api_key_id": lambda charge: charge.cost.api_key_id, "api_key": lambda charge: charge.api_key},
    ),
    "line_item": Column(
        "line item",
        lambda charge: charge.cost.line_item or "Without a line item",
        {
            "line_item": lambda charge: charge.cost.line_item,
            "quantity": lambda charge: charge.cost.quantity,
            "quantity_unit": lambda charge: charge.cost.quantity_unit,
        },
    ),
}
"""The columns of what costs are grouped by."""
_DATE = Column[Charge](
    "date", lambda _: None, {"date": lambda charge: f"{datetime.fromtimestamp(charge.cost.start, UTC):{_FORMAT}}"}
)
_COSTS = Column[Charge](
    "costs",
    lambda charge: money(charge.cost.amount, charge.cost.currency),
    {"amount": lambda charge: charge.cost.amount, "currency": lambda charge: charge.cost.currency},
    is_number=True,
)


class PeriodReport(report.ShownReport[Charge]):
    """What a period cost: a row a day for programs, added up for people.

    Args:
        asked: What is asked of OpenAI.
        by: What the costs are grouped by.
        read_at: When they were read, with a time zone.
        source: The base URL that they were read from.
    """

    template = "costs_page.html.jinja"

    def __init__(self, asked: CostQuery, by: By, read_at: datetime, source: str) -> None:
        groups = [_OF_GROUPS[name] for name in _GROUPS[by]]
        super().__init__([_DATE, *groups, _COSTS], (), read_at, source)
        self._groups = groups
        self._asked = asked
        self._by = by
        days = (asked.period.since, asked.period.until - DAY_SECONDS)
        self._since, self._last = (f"{datetime.fromtimestamp(day, UTC):{_FORMAT}}" for day in days)

    @override
    def show_json(self) -> None:
        head = {
            "from": self._since,
            "to": self._last,
            "by": self._by.value,
            "read_at": f"{self.read_at:%Y-%m-%dT%H:%M:%SZ}",
        }
        rows = (report.values_of(self.columns, charge) for charge in self._charges())
        terminal.show_json_lists(head, {"costs": rows})

    @override
    def show_csv(self) -> None:
        report.print_csv(self.columns, self._charges())

    @override
    def show_table(self) -> None:
        currency = self._add_up(self._read())
        if not self.print_rows():
            terminal.say("There are no costs to show.")
        total = money(self._total, currency)
        terminal.say(f"{self._since} to {self._last} (UTC), in {currency_in_words(currency)}. In all: {total}.")

    @override
    def size(self) -> str:
        return f"rows: {len(self.rows):,}"

    @override
    def page(self) -> Mapping[str, Any]:
        charges = self._read()
        currency = self._add_up(charges)
        drawn = ((charge.cost.start, self._name(charge), charge.cost.amount) for charge in charges)
        limit = self._asked.limit() if currency == DOLLARS else None
        return {
            "title": "OpenAI costs",
            "placeholder": "name",
            "group": "",
            "groups": "",
            "first": self._since,
            "last": self._last,
            "by": self._by.value.replace("-", " "),
            "total": money(self._total, currency),
            "currency": currency_in_words(currency),
            "chart": chart(drawn, self._asked.period, limit, currency),
            "heads": [column.head[:1].upper() + column.head[1:] for column in self.columns],
            "rows": ([printable(column.text(row) or "") for column in self.columns] for row in self.rows),
        }

    def _charges(self) -> Iterator[Charge]:
        return self._asked.charges(_GROUPS[self._by])

    def _read(self) -> Sequence[Charge]:
        with terminal.waiting("Reading costs"):
            return list(self._charges())

    def _name(self, charge: Charge) -> str:
        return ": ".join(column.text(charge) or "" for column in self._groups)

    def _add_up(self, charges: Iterable[Charge]) -> str:
        """Make the rows of the table, the highest costs first; returns the currency."""
        found: dict[tuple[str | None, ...], Charge] = {}
        for charge in charges:
            cost = charge.cost
            key = (cost.project_id, cost.api_key_id, cost.line_item)
            amount = cost.amount + (found[key].cost.amount if key in found else 0)
            currency = cost.currency if cost.amount or key not in found else found[key].cost.currency
            found[key] = replace(charge, cost=replace(cost, amount=amount, currency=currency))
        self._total = total = sum((charge.cost.amount for charge in found.values()), Decimal(0))
        share = Column[Charge]("share", lambda charge: _share(charge.cost.amount, total), is_number=True)
        self.rows = sorted(found.values(), key=lambda charge: (-charge.cost.amount, self._name(charge)))
        self.columns = [*self._groups, _COSTS, share]
        return the_currency({charge.cost.currency for charge in charges if charge.cost.amount})


def _share(amount: Decimal, total: Decimal) -> str:
    return f"{amount / total:.0%}" if total else ABSENT
