"""The command `spend`: limits, alerts and the costs of this month, as a table, a page or JSON."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from typing_extensions import override

from pulumi_openai_admin.cli import connection, report, terminal
from pulumi_openai_admin.cli.options import READ, AsJson, Html, MaxWait, Parallel, Projects, declare
from pulumi_openai_admin.cli.organization import ORGANIZATION, chosen_projects, in_order, names_of, read_each
from pulumi_openai_admin.cli.report import Column
from pulumi_openai_admin.cli.words import ABSENT
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.data_sources.report import COSTS
from pulumi_openai_admin.handlers.kinds.spending import DOLLARS, Costs, month_of
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_openai_admin.data_sources.kind import LookUpKind
    from pulumi_openai_admin.http.client import Client

OTHERS = "Everything else"
"""The costs of archived projects, and costs outside of projects."""
_USED = "used"
"""The column with a bar on the page."""
_NEAR = 0.8
"""From this share on, a limit is nearly reached."""


@dataclass(frozen=True)
class Spend:
    """What is set and what was spent in one place. Limits and alerts are in cents, as at OpenAI."""

    name: str
    project_id: str
    """Empty for the organization, and for everything else."""
    spent: float
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
        return self.spent * 100 / self.limit if self.limit and self.currency == DOLLARS else None

    @property
    def mark(self) -> str:
        """Whether the limit is reached (`over`) or nearly reached (`near`); otherwise empty."""
        if self.is_enforcing or (self.share or 0) >= 1:
            return "over"
        return "near" if (self.share or 0) >= _NEAR else ""


def money(amount: float, currency: str = DOLLARS) -> str:
    """Return an amount as people write it: `$1,234.50`; in other currencies `1,234.50 EUR`."""
    return f"${amount:,.2f}" if currency == DOLLARS else f"{amount:,.2f} {currency.upper()}"


def _used(row: Spend) -> str:
    used = ABSENT if row.share is None else f"{row.share:,.0%}"
    return f"{used} blocked" if row.is_enforcing else used


def _alerts(row: Spend) -> str:
    return ", ".join(money(cents / 100) for cents in row.alerts) or ABSENT


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
        {"spent": lambda row: round(row.spent, 6), "currency": lambda row: row.currency},
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
    Column[Spend](_USED, _used, is_number=True, style=_style),
    Column[Spend]("alerts", _alerts, {"alerts_cents": lambda row: list(row.alerts)}, style=_style),
)
"""In the order in which they are shown. Amounts have the unit in their name, or the currency beside them."""


@declare(page="command-line.md#spend", scopes=[READ])
def spend(
    projects: Projects = None,
    *,
    html: Html = None,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> None:
    """Show spend limits, spend alerts and the costs of this month, by project.

    Without projects, it also shows the organization. Months begin at midnight UTC.

    Examples:
    ```console
    pulumi-openai-admin spend
    pulumi-openai-admin spend "Web shop"
    pulumi-openai-admin spend --html spend.html
    ```
    """
    report.refuse_unwritable(html)
    settings = connection.settings(max_wait, parallel)
    client = connection.read_only_client(settings)
    names = names_of(in_order(chosen_projects(client, projects or ())))
    now = client.clock.now_or_local()
    since = month_of(now)
    costs = _costs(client, since)
    found = _of_projects(client, names, costs)
    rows = [found[project_id] for project_id in names if project_id in found]
    if not projects:
        others = costs.outside(found.__contains__)
        rows = [_of_organization(client, costs), *rows]
        if others > 0:
            rows.append(Spend(OTHERS, "", others, costs.currency))
    SpendReport(rows, _time(since), _time(now), settings.base_url, costs.currency).show(html, as_json=as_json)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _costs(client: Client, since: int) -> Costs:
    query: dict[str, str | int | list[str]] = {
        "start_time": since, "bucket_width": "1d", "group_by[]": ["project_id"],
    }  # fmt: skip
    with terminal.waiting("Reading costs"), client.operation():
        results = (result for bucket in COSTS.buckets(client, query) for result in bucket.results)
        return Costs.of((result.project_id, result.amount, result.currency) for result in results)


def _of_projects(client: Client, names: Mapping[str, str], costs: Costs) -> dict[str, Spend]:
    """What is set in each project, by id, without those that were archived meanwhile."""

    def read(project_id: str) -> Spend:
        place = Spend(names[project_id], project_id, costs.of_project(project_id), costs.currency)
        return _with_limit(client, "Project", place, {"project_id": project_id})

    return dict(read_each("Reading limits and alerts", read, list(names), client.parallel))


def _of_organization(client: Client, costs: Costs) -> Spend:
    with terminal.waiting("Reading the limit of the organization"):
        return _with_limit(client, "Organization", Spend(ORGANIZATION, "", costs.total, costs.currency), {})


def _with_limit(client: Client, level: str, place: Spend, parents: Mapping[str, str]) -> Spend:
    """A project, or the organization, with its limit and alerts."""
    own = connection.with_own_lists(client)
    with client.operation():
        limit = _kind(f"{level}SpendLimit").only(own, **parents)
    with client.operation():
        alerts = _kind(f"{level}SpendAlert").all(own, **parents)
    return replace(
        place,
        limit=limit.threshold_amount,
        is_enforcing=limit.enforcement_status == "enforcing",
        alerts=sorted(alert.threshold_amount for alert in alerts if alert.threshold_amount is not None),
    )


def _kind(name: str) -> LookUpKind:
    return cast("LookUpKind", kinds.kind(name))


class SpendReport(report.ShownReport[Spend]):
    """What was spent.

    Args:
        rows: The organization if it is shown, then the projects in order.
        since: When the month began.
        read_at: When they were read, with a time zone.
        source: The base URL that they were read from.
        currency: The currency of the costs.
    """

    template = "spend_page.html.jinja"
    gaps = (2, 1)

    def __init__(
        self, rows: Sequence[Spend], since: datetime, read_at: datetime, source: str, currency: str = DOLLARS
    ) -> None:
        super().__init__(COLUMNS, rows, read_at, source)
        self.since = since
        self._currency = currency
        self._in_words = "US dollars" if currency == DOLLARS else currency.upper()

    @override
    def show_json(self) -> None:
        rows = (report.values_of(COLUMNS, row) for row in self.rows)
        terminal.show_json_lists({"since": _in_iso(self.since), "read_at": _in_iso(self.read_at)}, {"spend": rows})

    @override
    def show_table(self) -> None:
        if not self.print_rows():
            terminal.say("There are no projects to show.")
        terminal.say(
            f"spent: since {self.since:%Y-%m-%d} (UTC), in {self._in_words}; limit, alerts: for a month, in US dollars."
        )

    @override
    def size(self) -> str:
        return f"rows: {len(self.rows):,}"

    @override
    def page(self) -> Mapping[str, Any]:
        total = sum(row.spent for row in self.rows if row.project_id or row.name != ORGANIZATION)
        return {
            "title": "OpenAI spend",
            "placeholder": "project or id",
            "group": "",
            "groups": "",
            "total": money(total, self._currency),
            "currency": self._in_words,
            "blocked": sum(row.is_enforcing for row in self.rows),
            "near": sum(row.mark == "near" for row in self.rows),
            "since": self.since,
            "heads": [column.head.capitalize() for column in COLUMNS],
            "rows": map(_SpendRow.of, self.rows),
        }


class _SpendCell(NamedTuple):
    text: str
    bar: str
    """The CSS class of the bar of spent / limit; empty without a bar."""


class _SpendRow(NamedTuple):
    """A row on the page."""

    cells: Sequence[_SpendCell]
    project_id: str
    is_enforcing: bool
    spent: float
    share: float | None

    @classmethod
    def of(cls, row: Spend) -> _SpendRow:
        bar = "" if row.share is None else f"bar {report.bar(row.share)} {row.mark}".rstrip()
        cells = [
            _SpendCell(printable(column.text(row) or ""), bar if column.head == _USED else "") for column in COLUMNS
        ]
        return cls(cells, printable(row.project_id), row.is_enforcing, round(row.spent, 6), row.share)


def _in_iso(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
