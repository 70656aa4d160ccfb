"""The command `spend`: limits, alerts and the costs of this month, or the costs of any period, in several forms.

The columns of FOCUS, which tools for cloud costs read, are those of
https://github.com/FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec, tag v1.2, `specification/columns/columns.mdpp`, in the
order of that file. A column that OpenAI's costs have nothing for is present and empty: no value is guessed.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, report, terminal
from pulumi_openai_admin.cli.connection import ORGANIZATION_NAME, chosen_projects, names_of, read_each, read_list
from pulumi_openai_admin.cli.cost_chart import Period, chart, currency_in_words, money
from pulumi_openai_admin.cli.options import READ, AsCsv, AsJson, Html, MaxWait, Parallel, Projects, declare
from pulumi_openai_admin.cli.report import Column, attributes
from pulumi_openai_admin.cli.words import ABSENT, date_of, in_iso
from pulumi_openai_admin.data_sources.special_kinds import PROJECT_API_KEY
from pulumi_openai_admin.handlers.kinds import spending
from pulumi_openai_admin.handlers.kinds.spending import DAY_SECONDS, DOLLARS, month_of, read_costs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.handlers.kinds.spending import Cost
    from pulumi_openai_admin.http.client import Client

FOCUS_VERSION = "1.2"

OTHERS = "Everything else"
"""The costs of archived projects, and costs outside of projects."""
_NEAR = 0.8
"""From this share on, a limit is nearly reached."""


@dataclass(frozen=True)
class Spend:
    """What is set and what was spent in one place. Limits and alerts are in cents, as at OpenAI."""

    name: str
    project_id: str
    """Empty for the organization, and for everything else."""
    spent: Decimal
    """The costs since the month began (UTC), in units of the currency."""
    currency: str = DOLLARS
    """The currency of the costs."""
    limit: int | None = None
    """The spend limit in cents; None where there is none."""
    is_enforcing: bool = False
    """Whether OpenAI refuses requests because the limit is reached."""
    alerts: Sequence[int] = ()
    """The amounts of the spend alerts in cents, the least first."""

    @property
    def share(self) -> float | None:
        """How much of the limit is spent: 1 is all of it. None without one above 0 in the currency of the costs."""
        return float(self.spent * 100 / self.limit) if self.limit and self.currency == DOLLARS else None

    @property
    def mark(self) -> str:
        """Whether the limit is reached (`over`) or nearly reached (`near`); otherwise empty."""
        if self.is_enforcing or (self.share or 0) >= 1:
            return "over"
        return "near" if (self.share or 0) >= _NEAR else ""


def _style(row: Spend) -> str:
    return {"over": "red", "near": "yellow"}.get(row.mark, "")


COLUMNS = (
    Column[Spend](
        "project",
        lambda row: row.name,
        {"project_id": lambda row: row.project_id or None, "name": lambda row: row.name},
        style=lambda row: "" if row.project_id else "bold",
    ),
    Column[Spend](
        "spent",
        lambda row: money(row.spent, row.currency),
        attributes("spent", "currency"),
        is_number=True,
        style=_style,
    ),
    Column[Spend](
        "limit",
        lambda row: ABSENT if row.limit is None else money(row.limit / 100),
        {"limit_cents": lambda row: row.limit, "is_enforcing": lambda row: row.is_enforcing},
        is_number=True,
        style=_style,
    ),
    Column[Spend](
        "used",
        lambda row: f"{ABSENT if row.share is None else f'{row.share:,.0%}'}{' blocked' * row.is_enforcing}",
        is_number=True,
        style=_style,
        css=lambda row: "" if row.share is None else f"bar {report.bar(row.share)} {row.mark}".rstrip(),
    ),
    Column[Spend](
        "alerts",
        lambda row: ", ".join(money(cents / 100) for cents in row.alerts) or ABSENT,
        {"alerts_cents": lambda row: list(row.alerts)},
        style=_style,
    ),
)
"""In the order in which they are shown. Amounts have the unit in their name, or the currency beside them."""


class By(StrEnum):
    """What the costs of a period are grouped by."""

    PROJECT = "project"
    API_KEY = "api-key"
    LINE_ITEM = "line-item"


def _date(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise typer.BadParameter("It must be a date, such as 2026-11-01.") from None


def _day(name: str, text: str) -> Any:
    return typer.Option(name, metavar="DATE", parser=_date, help=text, show_default=False)


@declare(page="spend.md", scopes=[READ])
def spend(  # noqa: PLR0913 - the options of the command
    projects: Projects = None,
    *,
    by: By | None = None,
    first: Annotated[
        datetime | None, _day("--from", "The first day of the period (UTC). Default: the first day of the month.")
    ] = None,
    last: Annotated[datetime | None, _day("--to", "The last day of the period (UTC). Default: today.")] = None,
    html: Html = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    focus: bool = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> None:
    """Show spend limits, alerts and the costs of this month, or the costs of a period by project, key or line item.

    Without projects, it also shows the organization. Days and months begin at midnight UTC.

    Examples:
    ```console
    pulumi-openai-admin spend
    pulumi-openai-admin spend --html spend.html
    pulumi-openai-admin spend "Web shop" --by api-key
    pulumi-openai-admin spend --from 2026-10-01 --to 2026-10-31 --focus
    ```

    Options:
        by: Show the costs of a period, by project, API key or line item.
        focus: Print the costs of a period as CSV in the columns of FOCUS 1.2.
    """
    if focus and (by or html or as_json or as_csv):
        text = "FOCUS prescribes the rows and the columns: omit --by, --html, --json and --csv"
        raise typer.BadParameter(text, param_hint="--focus")
    if first and last and first > last:
        raise typer.BadParameter("the first day is after the last day", param_hint="--from")
    report.refuse_unusable(html, as_json=as_json, as_csv=as_csv)
    settings = connection.settings(max_wait, parallel)
    client = connection.read_only_client(settings)
    if not (by or first or last or focus):
        names = names_of(chosen_projects(client, projects or ()))
        source = report.Source(client.clock.now_or_local(), settings.base_url)
        _this_month(client, names, source, is_whole=not projects).show(html, as_json=as_json, as_csv=as_csv)
        return
    known = connection.all_projects(client)
    chosen = [project.project_id for project in connection.selected_projects(known, projects)] if projects else []
    now = client.clock.now_or_local()
    end = int(last.timestamp()) if last else int(now) - int(now) % DAY_SECONDS
    since = int(first.timestamp()) if first else month_of(end)
    asked = CostQuery(client, names_of(known), Period(since, max(since, end) + DAY_SECONDS, now), chosen)
    if focus:
        print_focus(asked, settings.organization)
        return
    source = report.Source(now, settings.base_url)
    PeriodReport(asked, by or By.PROJECT, source).show(html, as_json=as_json, as_csv=as_csv)


def _this_month(client: Client, names: Mapping[str, str], source: report.Source, *, is_whole: bool) -> SpendReport:
    now = source.read_at
    period = Period(month_of(now), int(now) - int(now) % DAY_SECONDS + DAY_SECONDS, now)
    with terminal.waiting("Reading costs"), client.operation():
        by_day = list(read_costs(client, period.since))
    spent, currency = spending.spent_by_project(by_day)

    def read(project_id: str) -> Spend:
        return _with_limit(client, Spend(names[project_id], project_id, spent.get(project_id, Decimal(0)), currency))

    # without projects that were archived meanwhile
    found = read_each("Reading limits and alerts", read, names, client.parallel)
    rows = [*found.values()]
    if is_whole:
        others = sum((spent[project] for project in spent if project not in found), Decimal(0))
        with terminal.waiting("Reading the limit of the organization"):
            whole = _with_limit(client, Spend(ORGANIZATION_NAME, "", sum(spent.values(), Decimal(0)), currency))
        rows = [whole, *rows, *[Spend(OTHERS, "", others, currency)] * bool(others)]
    drawn = [
        (cost.start, found[cost.project_id].name if cost.project_id in found else OTHERS, cost.amount)
        for cost in by_day
        if is_whole or cost.project_id in found
    ]
    return SpendReport(rows, drawn, period, source)


def _with_limit(client: Client, place: Spend) -> Spend:
    own, parents = connection.with_own_lists(client), {"project_id": place.project_id} if place.project_id else {}
    level = "Project" if parents else "Organization"
    with client.operation():
        limit = connection.look_up(f"{level}SpendLimit").only(own, **parents)
    with client.operation():
        alerts = connection.look_up(f"{level}SpendAlert").all(own, **parents)
    return replace(
        place,
        limit=limit.threshold_amount,
        is_enforcing=limit.enforcement_status == "enforcing",
        alerts=sorted(alert.threshold_amount for alert in alerts if alert.threshold_amount is not None),
    )


class SpendReport(report.ShownReport[Spend]):
    """What was spent this month until today, with limits and alerts: the organization if it is shown, then projects.

    The costs are of each day: its beginning, the project, the amount.
    """

    template, listed = "spend_page.html.jinja", "spend"
    gaps = (2, 1)

    def __init__(
        self, rows: Sequence[Spend], costs: Iterable[tuple[int, str, Decimal]], period: Period, source: report.Source
    ) -> None:
        super().__init__(COLUMNS, rows, source)
        self._costs = costs
        self._period = period
        self._currency = rows[0].currency if rows else DOLLARS
        self.first = date_of(period.since)

    @override
    def head(self) -> Mapping[str, Any]:
        return {"since": in_iso(self._period.since), "read_at": in_iso(self.source.read_at)}

    @override
    def show_table(self) -> None:
        if not self.print_rows():
            terminal.say("There are no projects to show.")
        spent = f"spent: since {self.first} (UTC), in {currency_in_words(self._currency)}"
        terminal.say(f"{spent}; limit, alerts: for a month, in US dollars.")

    @override
    def page(self) -> Mapping[str, Any]:
        total = sum((row.spent for row in self.rows if row.project_id or row.name != ORGANIZATION_NAME), Decimal(0))
        # The costs are compared with the limit of the organization, or of a single project.
        has_one_limit = len(self.rows) == 1 or any(not row.project_id for row in self.rows[:1])
        cents = self.rows[0].limit if has_one_limit and self._currency == DOLLARS else None
        limit = None if cents is None else Decimal(cents) / 100
        return {
            "total": money(total, self._currency),
            "currency": currency_in_words(self._currency),
            "blocked": sum(row.is_enforcing for row in self.rows),
            "near": sum(row.mark == "near" for row in self.rows),
            "chart": chart(self._costs, self._period, limit, self._currency),
        }


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
                keys[place] = {}
                with suppress(errors.ResourceGoneError):  # keys of the past, and of archived projects, have no names
                    rows = read_list(self.client, PROJECT_API_KEY, project_id=place)
                    keys[place] = {str(key.get("id")): str(key.get("name") or "") for key in rows}
            key = keys.get(place or "", {}).get(cost.api_key_id or "")
            yield Charge(cost, self.names.get(place or "", place), key)

    def limit(self) -> Decimal | None:
        """The spend limit in dollars, of the organization or of a single project."""
        if len(self.project_ids) > 1 or not self.period.is_month:
            return None
        parents = {"project_id": self.project_ids[0]} if self.project_ids else {}
        kind = connection.look_up("ProjectSpendLimit" if parents else "OrganizationSpendLimit")
        with self.client.operation():
            limit = kind.only(self.client, **parents)
        return None if limit.threshold_amount is None else Decimal(limit.threshold_amount) / 100


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
        currency = spending.the_currency({charge.cost.currency for charge in charges if charge.cost.amount})
        return charges, money(total, currency), currency


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
    filled = {**dict.fromkeys(_COLUMNS.split(), _always(None)), **_FILLED}
    if organization_id:
        filled |= {"BillingAccountId": _always(organization_id), "BillingAccountType": _always("Organization")}
    report.print_csv(filled, asked.charges(("project_id", "api_key_id", "line_item")))


def _always(value: str | None) -> Callable[[Charge], str | None]:
    return lambda _: value


def _if_measured(charge: Charge, value: object) -> object:
    """A quantity only with its unit, and a unit only with its quantity."""
    return value if charge.cost.quantity is not None and charge.cost.quantity_unit else None


_FILLED: Mapping[str, Callable[[Charge], Any]] = {
    "BilledCost": lambda charge: charge.cost.amount,
    "BillingCurrency": lambda charge: charge.cost.currency.upper(),
    "BillingPeriodEnd": lambda charge: in_iso(spending.next_month_of(charge.cost.start)),
    "BillingPeriodStart": lambda charge: in_iso(month_of(charge.cost.start)),
    "ChargeCategory": _always("Usage"),
    "ChargeDescription": lambda charge: charge.cost.line_item,
    "ChargeFrequency": _always("Usage-Based"),
    "ChargePeriodEnd": lambda charge: in_iso(charge.cost.start + DAY_SECONDS),
    "ChargePeriodStart": lambda charge: in_iso(charge.cost.start),
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
