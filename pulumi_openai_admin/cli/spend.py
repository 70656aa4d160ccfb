"""The command `spend`: limits, alerts and the costs of this month, or the costs of any period, in several forms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typing_extensions import override

from pulumi_openai_admin.cli import connection, report, terminal
from pulumi_openai_admin.cli.connection import (
    ORGANIZATION,
    active_and_archived,
    chosen_projects,
    in_order,
    look_up,
    names_of,
    read_each,
    selected_projects,
)
from pulumi_openai_admin.cli.cost_chart import Period, chart, currency_in_words, money
from pulumi_openai_admin.cli.options import READ, AsCsv, AsJson, Html, MaxWait, Parallel, Projects, declare, flag
from pulumi_openai_admin.cli.period_costs import FOCUS_VERSION, By, CostQuery, PeriodReport, print_focus
from pulumi_openai_admin.cli.report import Column, attributes, in_iso
from pulumi_openai_admin.cli.words import ABSENT
from pulumi_openai_admin.handlers.kinds.spending import DAY_SECONDS, DOLLARS, Costs, month_of, read_costs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_openai_admin.http.client import Client

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
        """How much of the limit is spent: 1 is all of it.

        None without a limit, with a limit of 0, and where the costs are in another currency.
        """
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


def _day(name: str, text: str) -> Any:
    return typer.Option(name, metavar="DATE", formats=["%Y-%m-%d"], help=text, show_default=False)


@declare(page="spend.md", scopes=[READ])
def spend(  # noqa: PLR0913 - the options of the command
    projects: Projects = None,
    *,
    by: Annotated[
        By | None,
        typer.Option(help="Show the costs of a period, by project, API key or line item.", show_default=False),
    ] = None,
    first: Annotated[
        datetime | None, _day("--from", "The first day of the period (UTC). Default: the first day of the month.")
    ] = None,
    last: Annotated[datetime | None, _day("--to", "The last day of the period (UTC). Default: today.")] = None,
    html: Html = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    as_focus: Annotated[
        bool, flag("--focus", f"Print the costs of a period as CSV in the columns of FOCUS {FOCUS_VERSION}.")
    ] = False,
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
    """
    if as_focus and (by or html or as_json or as_csv):
        raise typer.BadParameter(
            "FOCUS prescribes the rows and the columns: omit --by, --html, --json and --csv", param_hint="--focus"
        )
    if first and last and first > last:
        raise typer.BadParameter("the first day is after the last day", param_hint="--from")
    report.refuse_unusable(html, as_json=as_json, as_csv=as_csv)
    settings = connection.settings(max_wait, parallel)
    client = connection.read_only_client(settings)
    if not (by or first or last or as_focus):
        names = names_of(in_order(chosen_projects(client, projects or ())))
        source = report.Source(datetime.fromtimestamp(client.clock.now_or_local(), UTC), settings.base_url)
        month = _this_month(client, names, source, is_whole=not projects)
        month.show(html, as_json=as_json, as_csv=as_csv)
        return
    known = [project for part in active_and_archived(client) for project in part]
    chosen = [project.project_id for project in selected_projects(known, projects)] if projects else []
    now = client.clock.now_or_local()
    end = int(last.replace(tzinfo=UTC).timestamp()) if last else int(now) - int(now) % DAY_SECONDS
    since = int(first.replace(tzinfo=UTC).timestamp()) if first else month_of(end)
    asked = CostQuery(client, names_of(known), Period(since, max(since, end) + DAY_SECONDS, now), chosen)
    if as_focus:
        print_focus(asked, settings.organization)
        return
    source = report.Source(datetime.fromtimestamp(now, UTC), settings.base_url)
    PeriodReport(asked, by or By.PROJECT, source).show(html, as_json=as_json, as_csv=as_csv)


def _this_month(client: Client, names: Mapping[str, str], source: report.Source, *, is_whole: bool) -> SpendReport:
    now = source.read_at.timestamp()
    period = Period(month_of(now), int(now) - int(now) % DAY_SECONDS + DAY_SECONDS, now)
    with terminal.waiting("Reading costs"), client.operation():
        by_day = list(read_costs(client, period.since))
    costs = Costs.of(by_day)

    def read(project_id: str) -> Spend:
        place = Spend(names[project_id], project_id, costs.of_project(project_id), costs.currency)
        return _with_limit(client, "Project", place, project_id=project_id)

    # without projects that were archived meanwhile
    found = read_each("Reading limits and alerts", read, names, client.parallel)
    rows = [*found.values()]
    if is_whole:
        others = costs.outside(found.__contains__)
        with terminal.waiting("Reading the limit of the organization"):
            whole = _with_limit(client, "Organization", Spend(ORGANIZATION, "", costs.total, costs.currency))
        rows = [whole, *rows, *[Spend(OTHERS, "", others, costs.currency)] * (others > 0)]
    drawn = [
        (cost.start, found[cost.project_id].name if cost.project_id in found else OTHERS, cost.amount)
        for cost in by_day
        if is_whole or cost.project_id in found
    ]
    return SpendReport(rows, drawn, period, source)


def _with_limit(client: Client, level: str, place: Spend, **parents: str) -> Spend:
    """A project, or the organization, with its limit and alerts."""
    own = connection.with_own_lists(client)
    with client.operation():
        limit = look_up(f"{level}SpendLimit").only(own, **parents)
    with client.operation():
        alerts = look_up(f"{level}SpendAlert").all(own, **parents)
    return replace(
        place,
        limit=limit.threshold_amount,
        is_enforcing=limit.enforcement_status == "enforcing",
        alerts=sorted(alert.threshold_amount for alert in alerts if alert.threshold_amount is not None),
    )


class SpendReport(report.ShownReport[Spend]):
    """What was spent this month, with limits and alerts.

    Args:
        rows: The organization if it is shown, then the projects in order.
        costs: Of each day: its beginning, the project, the amount.
        period: The month until today.
        source: What it was read from.
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
        self.since = datetime.fromtimestamp(period.since, UTC)

    @override
    def head(self) -> Mapping[str, Any]:
        return {"since": in_iso(self.since), "read_at": in_iso(self.source.read_at)}

    @override
    def show_table(self) -> None:
        if not self.print_rows():
            terminal.say("There are no projects to show.")
        spent = f"spent: since {self.since:%Y-%m-%d} (UTC), in {currency_in_words(self._currency)}"
        terminal.say(f"{spent}; limit, alerts: for a month, in US dollars.")

    @override
    def page(self) -> Mapping[str, Any]:
        total = sum((row.spent for row in self.rows if row.project_id or row.name != ORGANIZATION), Decimal(0))
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
