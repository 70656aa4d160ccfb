"""The command `spend`: limits, alerts and the costs of this month, as a table, a page or JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from pulumi_openai_admin.cli import connection, spend_page, terminal
from pulumi_openai_admin.cli.journal import KeptLists, List, Source
from pulumi_openai_admin.cli.limits_table import in_order
from pulumi_openai_admin.cli.organization import chosen_projects, names_of, read_each, refuse_unwritable
from pulumi_openai_admin.cli.spend_table import COLUMNS, ORGANIZATION, OTHERS, PROJECT, Spend
from pulumi_openai_admin.cli.streamed_table import StreamedTable
from pulumi_openai_admin.cli.whole_file import named, whole_file
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.data_sources.report import COSTS
from pulumi_openai_admin.handlers.kinds.costs import DOLLARS, Costs, month_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from rich.text import Text

    from pulumi_openai_admin.data_sources.kind import LookUpKind
    from pulumi_openai_admin.http.client import Client

_LIST = "spend"


@dataclass(frozen=True)
class SpendOptions:
    """The options of the command."""

    projects: Sequence[str] = ()
    html: Path | None = None
    as_json: bool = False


@dataclass(frozen=True)
class _Rows:
    """The rows, project by project, from disk. Each iteration reads them again."""

    kept: KeptLists
    projects: Sequence[str]
    """Ids, in the order in which they are shown."""
    before: Sequence[Spend] = ()
    after: Sequence[Spend] = ()

    def __iter__(self) -> Iterator[Spend]:
        yield from self.before
        for project_id in self.projects:
            kept = List(project_id, _LIST)
            if kept in self.kept:
                yield from (Spend(**row) for row in self.kept.rows(kept))
        yield from self.after


@dataclass(frozen=True)
class _Report:
    """What is shown."""

    since: datetime
    read_at: datetime
    source: str
    costs: Costs
    rows: _Rows


def spend(options: SpendOptions, *, max_wait: float, parallel: int) -> None:
    """Read limits, alerts and costs, and show them.

    They are kept in a file and shown project by project, because an organization may be larger than memory.

    Raises:
        errors.AdminError: Something could not be read: a table without it would be wrong.
    """
    if options.html is not None:
        refuse_unwritable(options.html)
    settings = connection.settings(max_wait, parallel)
    client = connection.read_only_client(settings)
    names = names_of(in_order(chosen_projects(client, options.projects)))
    now = client.clock.now_or_local()
    since = month_of(now)
    with terminal.waiting("Reading costs"), client.operation():
        query: dict[str, str | int | list[str]] = {
            "start_time": since, "bucket_width": "1d", "group_by[]": ["project_id"],
        }  # fmt: skip
        results = (result for bucket in COSTS.buckets(client, query) for result in bucket.results)
        costs = Costs.of((result.project_id, result.amount, result.currency) for result in results)
    with KeptLists(Source(settings.base_url, settings.organization)) as kept:
        _read(client, kept, names, costs)
        rows = _Rows(kept, list(names))
        if not options.projects:
            rows = replace(rows, before=[_of_organization(client, costs)], after=_others(kept, costs))
        _show(options, _Report(_time(since), _time(now), settings.base_url, costs, rows))


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _kind(name: str) -> LookUpKind:
    return cast("LookUpKind", kinds.kind(name))


def _others(kept: KeptLists, costs: Costs) -> list[Spend]:
    """The costs of what is not shown; empty where there are none."""
    amount = costs.outside(lambda project_id: List(project_id, _LIST) in kept)
    return [Spend(OTHERS, "", amount, costs.currency)] if amount > 0 else []


def _read(client: Client, kept: KeptLists, names: Mapping[str, str], costs: Costs) -> None:
    """Read what is set in each project; those that were archived meanwhile are omitted."""

    def read(project_id: str) -> Spend:
        place = Spend(names[project_id], project_id, costs.of_project(project_id), costs.currency)
        return _of_place(client, "Project", place, {"project_id": project_id})

    for project_id, found in read_each("Reading limits and alerts", read, list(names), client.parallel):
        kept.add(List(project_id, _LIST), [asdict(found)])


def _of_organization(client: Client, costs: Costs) -> Spend:
    with terminal.waiting("Reading the limit of the organization"):
        return _of_place(client, "Organization", Spend(ORGANIZATION, "", costs.total, costs.currency), {})


def _of_place(client: Client, level: str, place: Spend, parents: Mapping[str, str]) -> Spend:
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


def _show(options: SpendOptions, report: _Report) -> None:
    if options.as_json:
        terminal.show_json_lists(
            {"since": _in_iso(report.since), "read_at": _in_iso(report.read_at)},
            {"spend": (row.document() for row in report.rows)},
        )
    if options.html is not None:
        with whole_file(options.html) as file:
            count = spend_page.write(file, report.rows, report.since, report.read_at, report.source)
        terminal.say(f"Wrote {named(options.html)} (rows: {count:,}).")
    elif not options.as_json:
        _show_table(report.rows)
        currency = "US dollars" if report.costs.currency == DOLLARS else report.costs.currency.upper()
        terminal.say(
            f"spent: since {report.since:%Y-%m-%d} (UTC), in {currency}; limit, alerts: for a month, in US dollars."
        )


def _show_table(rows: Iterable[Spend]) -> None:
    table = StreamedTable({column.head: not column.is_text for column in COLUMNS}, gaps=(2, 1))
    for row in rows:
        for column in COLUMNS:
            table.measure(column.head, column.text(row))
    if not table.show(map(_cells, rows)):
        terminal.say("There are no projects to show.")


def _cells(row: Spend) -> dict[str, Text]:
    style = {"over": "red", "near": "yellow"}.get(row.mark, "")
    cells = {column.head: terminal.cell(column.text(row), style) for column in COLUMNS}
    return cells | {PROJECT: terminal.cell(row.name, "" if row.project_id else "bold")}


def _in_iso(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
