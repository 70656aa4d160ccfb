"""The costs of any period, by project, API key or line item: a table, a page, JSON, CSV, or the columns of FOCUS.

The columns of FOCUS, which tools for cloud costs read, are those of
https://github.com/FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec, tag v1.2, `specification/columns/columns.mdpp`, in the
order of that file. A column that OpenAI's costs have nothing for is present and empty: no value is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import report, terminal
from pulumi_openai_admin.cli.connection import look_up, read_list
from pulumi_openai_admin.cli.cost_chart import chart, currency_in_words, money
from pulumi_openai_admin.cli.report import Column, in_iso
from pulumi_openai_admin.cli.words import ABSENT, date_of
from pulumi_openai_admin.data_sources.special_kinds import PROJECT_API_KEY
from pulumi_openai_admin.handlers.kinds.spending import (
    DAY_SECONDS,
    DOLLARS,
    month_of,
    next_month_of,
    read_costs,
    the_currency,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.cli.cost_chart import Period
    from pulumi_openai_admin.handlers.kinds.spending import Cost
    from pulumi_openai_admin.http.client import Client


class By(StrEnum):
    """What the costs of a period are grouped by."""

    PROJECT = "project"
    API_KEY = "api-key"
    LINE_ITEM = "line-item"


_GROUPS = {By.PROJECT: ("project_id",), By.API_KEY: ("project_id", "api_key_id"), By.LINE_ITEM: ("line_item",)}


@dataclass(frozen=True)
class Charge:
    """A cost with the names of what it is for."""

    cost: Cost
    project: str | None = None
    """The name of the project; None outside of projects."""
    api_key: str | None = None
    """The name of the API key; None if it is not known."""


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
        with self.client.operation():
            limit = look_up("ProjectSpendLimit" if parents else "OrganizationSpendLimit").only(self.client, **parents)
        return None if limit.threshold_amount is None else Decimal(limit.threshold_amount) / 100


def _key_names(client: Client, project_id: str) -> Mapping[str, str]:
    """The names of the API keys of a project, by id. Keys of the past, and of archived projects, may have none."""
    try:
        rows = read_list(client, PROJECT_API_KEY, project_id=project_id)
    except errors.ResourceGoneError:
        return {}
    return {str(key.get("id")): str(key.get("name") or "") for key in rows}


_OF_GROUPS: Mapping[str, Column[Charge]] = {
    "project_id": Column(
        "project",
        lambda charge: charge.project or "No project",
        {"project_id": attrgetter("cost.project_id"), "project": attrgetter("project")},
    ),
    "api_key_id": Column(
        "API key",
        lambda charge: charge.api_key or charge.cost.api_key_id or "No key",
        {"api_key_id": attrgetter("cost.api_key_id"), "api_key": attrgetter("api_key")},
    ),
    "line_item": Column(
        "line item",
        lambda charge: charge.cost.line_item or "Without a line item",
        {name: attrgetter(f"cost.{name}") for name in ("line_item", "quantity", "quantity_unit")},
    ),
}
"""The columns of what costs are grouped by."""
_DATE = Column[Charge]("date", lambda _: None, {"date": lambda charge: date_of(charge.cost.start)})
_COSTS = Column[Charge](
    "costs",
    lambda charge: money(charge.cost.amount, charge.cost.currency),
    {name: attrgetter(f"cost.{name}") for name in ("amount", "currency")},
    is_number=True,
)


class PeriodReport(report.ShownReport[Charge]):
    """What a period cost: a row a day for programs, added up for people."""

    template, listed = "costs_page.html.jinja", "costs"

    def __init__(self, asked: CostQuery, by: By, source: report.Source) -> None:
        self._groups = [_OF_GROUPS[name] for name in _GROUPS[by]]
        super().__init__([_DATE, *self._groups, _COSTS], (), source)
        self._asked = asked
        self._by = by
        self.first, self.last = date_of(asked.period.since), date_of(asked.period.until - DAY_SECONDS)

    @override
    def head(self) -> Mapping[str, Any]:
        return {"from": self.first, "to": self.last, "by": self._by.value, "read_at": in_iso(self.source.read_at)}

    @override
    def records(self) -> Iterator[Charge]:
        return self._asked.charges(_GROUPS[self._by])

    @override
    def show_table(self) -> None:
        _, total, currency = self._add_up()
        if not self.print_rows():
            terminal.say("There are no costs to show.")
        terminal.say(f"{self.first} to {self.last} (UTC), in {currency_in_words(currency)}. In all: {total}.")

    @override
    def page(self) -> Mapping[str, Any]:
        charges, total, currency = self._add_up()
        drawn = ((charge.cost.start, self._name(charge), charge.cost.amount) for charge in charges)
        limit = self._asked.limit() if currency == DOLLARS else None
        return {
            "by": self._by.value.replace("-", " "),
            "total": total,
            "currency": currency_in_words(currency),
            "chart": chart(drawn, self._asked.period, limit, currency),
        }

    def _name(self, charge: Charge) -> str:
        return ": ".join(column.text(charge) or "" for column in self._groups)

    def _add_up(self) -> tuple[Sequence[Charge], str, str]:
        """Make the rows of the table, the highest costs first; returns what was read, the total and the currency."""
        with terminal.waiting("Reading costs"):
            charges = list(self.records())
        found: dict[tuple[str | None, ...], Charge] = {}
        for charge in charges:
            cost = charge.cost
            key = (cost.project_id, cost.api_key_id, cost.line_item)
            amount = cost.amount + (found[key].cost.amount if key in found else 0)
            currency = cost.currency if cost.amount or key not in found else found[key].cost.currency
            found[key] = replace(charge, cost=replace(cost, amount=amount, currency=currency))
        total = sum((charge.cost.amount for charge in found.values()), Decimal(0))
        share = Column[Charge](
            "share", lambda charge: f"{charge.cost.amount / total:.0%}" if total else ABSENT, is_number=True
        )
        self.rows = sorted(found.values(), key=lambda charge: (-charge.cost.amount, self._name(charge)))
        self.columns = [*self._groups, _COSTS, share]
        currency = the_currency({charge.cost.currency for charge in charges if charge.cost.amount})
        return charges, money(total, currency), currency


FOCUS_VERSION = "1.2"
_COLUMNS = """
    AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingAccountType BillingCurrency BillingPeriodEnd
    BillingPeriodStart CapacityReservationId CapacityReservationStatus ChargeCategory ChargeClass ChargeDescription
    ChargeFrequency ChargePeriodEnd ChargePeriodStart CommitmentDiscountCategory CommitmentDiscountId
    CommitmentDiscountName CommitmentDiscountQuantity CommitmentDiscountStatus CommitmentDiscountType
    CommitmentDiscountUnit ConsumedQuantity ConsumedUnit ContractedCost ContractedUnitPrice EffectiveCost InvoiceId
    InvoiceIssuerName ListCost ListUnitPrice PricingCategory PricingCurrency PricingCurrencyContractedUnitPrice
    PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice PricingQuantity PricingUnit ProviderName PublisherName
    RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory ServiceName ServiceSubcategory SkuId
    SkuMeter SkuPriceDetails SkuPriceId SubAccountId SubAccountName SubAccountType Tags
"""


def print_focus(asked: CostQuery, organization_id: str) -> None:
    """Print the costs as CSV, in all columns of the specification. The id of the organization may be empty."""
    filled = {**_FILLED}
    if organization_id:
        filled |= {"BillingAccountId": _always(organization_id), "BillingAccountType": _always("Organization")}
    values = {name: filled.get(name, _always(None)) for name in _COLUMNS.split()}
    report.print_csv(values, asked.charges(("project_id", "api_key_id", "line_item")))


def _always(value: str | None) -> Callable[[Charge], str | None]:
    return lambda _: value


def _focus_time(seconds: int) -> str:
    return in_iso(datetime.fromtimestamp(seconds, UTC))


def _if_measured(charge: Charge, value: object) -> object:
    """A quantity only with its unit, and a unit only with its quantity."""
    return value if charge.cost.quantity is not None and charge.cost.quantity_unit else None


_FILLED: Mapping[str, Callable[[Charge], Any]] = {
    "BilledCost": lambda charge: charge.cost.amount,
    "BillingCurrency": lambda charge: charge.cost.currency.upper(),
    "BillingPeriodEnd": lambda charge: _focus_time(next_month_of(charge.cost.start)),
    "BillingPeriodStart": lambda charge: _focus_time(month_of(charge.cost.start)),
    "ChargeCategory": _always("Usage"),
    "ChargeDescription": lambda charge: charge.cost.line_item,
    "ChargeFrequency": _always("Usage-Based"),
    "ChargePeriodEnd": lambda charge: _focus_time(charge.cost.start + DAY_SECONDS),
    "ChargePeriodStart": lambda charge: _focus_time(charge.cost.start),
    "ConsumedQuantity": lambda charge: _if_measured(charge, charge.cost.quantity),
    "ConsumedUnit": lambda charge: _if_measured(charge, charge.cost.quantity_unit),
    "EffectiveCost": lambda charge: charge.cost.amount,
    "InvoiceIssuerName": _always("OpenAI"),
    "ProviderName": _always("OpenAI"),
    "PublisherName": _always("OpenAI"),
    "ResourceId": lambda charge: charge.cost.api_key_id,
    "ResourceName": lambda charge: charge.api_key,
    "ResourceType": lambda charge: charge.cost.api_key_id and "API key",
    "ServiceCategory": _always("AI and Machine Learning"),
    "ServiceName": _always("OpenAI API"),
    "ServiceSubcategory": _always("Generative AI"),
    "SubAccountId": lambda charge: charge.cost.project_id,
    "SubAccountName": lambda charge: charge.project,
    "SubAccountType": lambda charge: charge.cost.project_id and "Project",
}
"""What OpenAI's costs say. OpenAI shows one amount, without discounts and prices: list and contracted costs, prices and
SKUs are not known."""
