"""The command `spend`: limits, alerts and the costs of this month, as a table, a page or JSON."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, cast

from rich.table import Table

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, page, terminal
from pulumi_openai_admin.cli.concurrency import run_concurrently
from pulumi_openai_admin.cli.organization import chosen_projects, refuse_unwritable
from pulumi_openai_admin.cli.spend_table import ORGANIZATION, Spend, by_project, dollars, month_of, rest
from pulumi_openai_admin.cli.whole_file import whole_file
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.data_sources.costs import COSTS
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import TextIO

    from pulumi_openai_admin import GetProjectResult
    from pulumi_openai_admin.data_sources.kind import Kind
    from pulumi_openai_admin.http.client import Client

_HEADS = ("project", "spent", "limit", "used", "alerts")
_STYLE = "limits_page.css"
"""The style of all pages."""


@dataclass(frozen=True)
class SpendOptions:
    """The options of the command."""

    projects: Sequence[str] = ()
    html: Path | None = None
    as_json: bool = False


@dataclass(frozen=True)
class _Report:
    """What is shown."""

    since: datetime
    read_at: datetime
    rows: Sequence[Spend]


def spend(options: SpendOptions, *, max_wait: float, parallel: int) -> None:
    """Read limits, alerts and costs, and show them.

    Raises:
        errors.AdminError: Something could not be read: a table without it would be wrong.
    """
    if options.html is not None:
        refuse_unwritable(options.html)
    settings = connection.settings(max_wait, parallel)
    client = connection.read_only_client(settings)
    chosen = chosen_projects(client, options.projects)
    now = client.clock.now() or time.time()
    since = month_of(now)
    with terminal.waiting("Reading costs"), client.operation():
        query: dict[str, str | int | list[str]] = {
            "start_time": since, "bucket_width": "1d", "group_by[]": ["project_id"],
        }  # fmt: skip
        spent = by_project(COSTS.buckets(client, query))
    rows = _read(client, chosen, spent)
    if not options.projects:
        whole = _of_organization(client, sum(spent.values()))
        others = rest(spent, rows)
        rows = [whole, *rows, *([others] if others else [])]
    report = _Report(_time(since), _time(now), rows)
    _show(options, report, settings.base_url)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)


def _kind(name: str) -> Kind:
    return cast("Kind", kinds.kind(name))


def _read(client: Client, projects: Sequence[GetProjectResult], spent: Mapping[str | None, float]) -> list[Spend]:
    """What is set in each project, in the order of the projects; those that were archived meanwhile are left out."""

    def read(project: GetProjectResult) -> Spend:
        parents = {"project_id": project.project_id}
        name = project.name or f"Without a name ({project.project_id})"
        return _of_place(client, "Project", name, spent.get(project.project_id, 0.0), parents)

    found: dict[str, Spend] = {}
    with terminal.progress("Reading limits and alerts", len(projects)) as bar:
        for project, result in run_concurrently(read, projects, client.parallel):
            bar.advance(bar.task_ids[0])
            if isinstance(result, Spend):
                found[project.project_id] = result
            elif isinstance(result, errors.ResourceGoneError):  # archived since the projects were listed
                terminal.say(f"warning: {result.event}, so it is left out.", "yellow")
            else:
                raise result
    return [found[project.project_id] for project in projects if project.project_id in found]


def _of_organization(client: Client, spent: float) -> Spend:
    with terminal.waiting("Reading the limit of the organization"):
        return _of_place(client, "Organization", ORGANIZATION, spent, {})


def _of_place(client: Client, level: str, name: str, spent: float, parents: Mapping[str, str]) -> Spend:
    """Limit and alerts of a project, or of the organization."""
    own = connection.with_own_lists(client)
    with client.operation():
        limit = _kind(f"{level}SpendLimit").only(own, **parents)
    with client.operation():
        alerts = _kind(f"{level}SpendAlert").all(own, **parents)
    return Spend(
        name,
        parents.get("project_id", ""),
        spent,
        limit.threshold_amount,
        limit.enforcement_status == "enforcing",
        tuple(sorted(alert.threshold_amount for alert in alerts if alert.threshold_amount is not None)),
    )


def _show(options: SpendOptions, report: _Report, source: str) -> None:
    if options.as_json:
        terminal.show_json(
            {
                "since": _in_iso(report.since),
                "read_at": _in_iso(report.read_at),
                "spend": [row.document() for row in report.rows],
            }
        )
    if options.html is not None:
        with whole_file(options.html) as file:
            _write(file, report, source)
        terminal.say(f"Wrote {options.html} (rows: {len(report.rows):,}).")
    elif not options.as_json:
        terminal.show(_table(report.rows))
        terminal.say(f"spent: since {report.since:%Y-%m-%d} (UTC); limit, alerts: for a month. All are in US dollars.")


def _table(rows: Iterable[Spend]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for head in _HEADS:
        is_text = head in ("project", "alerts")
        table.add_column(head, justify="left" if is_text else "right", overflow="fold", no_wrap=not is_text)
    for row in rows:
        name, *others = row.texts()
        style = "red" if row.is_enforcing else ""
        first = terminal.cell(name, "" if row.project_id else "bold")
        table.add_row(first, *(terminal.cell(text, style) for text in others))
    return table


def _write(file: TextIO, report: _Report, source: str) -> None:
    """Write the page."""
    style = page.text_of(_STYLE)
    lines = [(row, [printable(text) for text in row.texts()]) for row in report.rows]
    total = sum(row.dollars for row in report.rows if row.project_id or row.name != ORGANIZATION)
    file.writelines(
        page.template("spend_page.html.jinja").generate(
            style=style,
            style_hash=page.hash_of(style),
            heads=_HEADS[1:],
            lines=lines,
            total=dollars(total),
            blocked=sum(row.is_enforcing for row in report.rows),
            since=report.since,
            read_at=report.read_at,
            source=printable(source),
        )
    )


def _in_iso(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
