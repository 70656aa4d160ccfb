"""The command `limits`: rate limits as a table, a page, JSON or CSV."""

from __future__ import annotations

import csv
import fnmatch
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, limits_page, limits_terminal, terminal
from pulumi_openai_admin.cli.common_values import common_limits
from pulumi_openai_admin.cli.journal import KeptLists, List, Source
from pulumi_openai_admin.cli.limits_columns import COLUMNS
from pulumi_openai_admin.cli.limits_table import LimitFigures, ProjectLimits, differs, in_order, models_in_order
from pulumi_openai_admin.cli.organization import chosen_projects, read_each, read_list, refuse_unwritable
from pulumi_openai_admin.cli.whole_file import named, whole_file
from pulumi_openai_admin.cli.words import counted
from pulumi_openai_admin.data_sources.project_rate_limit import KIND
from pulumi_openai_admin.printable import bounded, printable
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pulumi_openai_admin import GetProjectRateLimitResult, GetProjectResult
    from pulumi_openai_admin.cli.journal import Rows
    from pulumi_openai_admin.cli.limits_columns import Value
    from pulumi_openai_admin.cli.limits_table import CommonLimits
    from pulumi_openai_admin.http.client import Client

_LIST = "rate_limits"


@dataclass(frozen=True)
class LimitsOptions:
    """The options of the command."""

    projects: Sequence[str] = ()
    model: str | None = None
    """A glob."""
    differing: bool = False
    html: Path | None = None
    as_json: bool = False
    as_csv: bool = False


def limits(options: LimitsOptions, *, max_wait: float, parallel: int) -> None:
    """Read the rate limits of the projects, and show them.

    They are kept in a file and shown project by project, because an organization may be larger than memory.

    Raises:
        errors.AdminError: A project could not be read: a table without it would be wrong.
    """
    if options.html is not None:
        refuse_unwritable(options.html)
    settings = connection.settings(max_wait, parallel)
    client = connection.read_only_client(settings)
    chosen = in_order(chosen_projects(client, options.projects))
    compared = chosen_projects(client, ()) if options.differing else chosen
    read_at = datetime.now(UTC)
    with KeptLists(Source(settings.base_url, settings.organization)) as kept:
        _read(client, kept, compared)
        is_compared = options.differing or (options.html is not None and len(compared) > 1)
        common = common_limits(LimitRows(kept, compared).of_each()) if is_compared else None
        rows = LimitRows(kept, chosen, options.model, common if options.differing else None)
        if options.model is not None:
            _refuse_unknown(LimitRows(kept, chosen), options.model)
        _show(options, rows, common, read_at, settings.base_url)
        if options.differing and not any(rows):
            terminal.say(_why_none_differs(LimitFigures.of(LimitRows(kept, compared), common)))


@dataclass(frozen=True)
class LimitRows:
    """Rate limits on disk, project by project. Each iteration reads them again."""

    kept: KeptLists
    projects: Sequence[GetProjectResult]
    model: str | None = None
    """A glob: only matching models."""
    common: CommonLimits | None = None
    """Only those that differ from what most projects have."""

    def __iter__(self) -> Iterator[ProjectLimits]:
        """The projects that were read; if rate limits are filtered, only those that have any."""
        is_narrowed = self.model is not None or self.common is not None
        for project in self.projects:
            kept = List(project.project_id, _LIST)
            if kept in self.kept:
                rows = (KIND.to_result(row, project_id=project.project_id) for row in self.kept.rows(kept))
                limits = models_in_order(row for row in rows if self._is_selected(row))
                if limits or not is_narrowed:
                    yield ProjectLimits(project, limits)

    def of_each(self) -> Iterator[Sequence[GetProjectRateLimitResult]]:
        """The limits of each project."""
        return (project.limits for project in self)

    def _is_selected(self, row: GetProjectRateLimitResult) -> bool:
        is_model = self.model is None or fnmatch.fnmatchcase(row.model, self.model)
        return is_model and (self.common is None or differs(row, self.common))


def _refuse_unknown(rows: LimitRows, model: str) -> None:
    """Refuse a glob that matches no model of the projects.

    Raises:
        errors.NoMatchError: The message suggests the nearest names.
    """
    models: set[str] = set()
    for project in rows:
        if any(fnmatch.fnmatchcase(row.model, model) for row in project.limits):
            return
        models.update(row.model for row in project.limits)
    raise errors.NoMatchError(f"No model matches {model!r}", suggestion(model, models, "Limits"))


def _why_none_differs(survey: LimitFigures) -> str:
    if len(survey.projects) <= 1:
        return "No limit differs: the organization has one project, so there is no comparison."
    nothing = "No limit differs from most projects."
    if not survey.without_common:
        return nothing
    models = bounded(", ", sorted(survey.without_common))
    return f"{nothing} Most projects have no common value for {counted(len(survey.without_common), 'model')}: {models}."


def _read(client: Client, kept: KeptLists, projects: Sequence[GetProjectResult]) -> None:
    def read(project_id: str) -> Rows:
        return read_list(client, KIND, project_id=project_id)

    ids = [project.project_id for project in projects]
    for project_id, rows in read_each("Reading limits", read, ids, client.parallel):
        kept.add(List(project_id, _LIST), rows)


def _show(options: LimitsOptions, rows: LimitRows, common: CommonLimits | None, read_at: datetime, source: str) -> None:
    if options.as_json:
        terminal.show_json_list(
            {**asdict(project.project), "limits": [{**asdict(row), **_values(row)} for row in project.limits]}
            for project in rows
        )
    elif options.as_csv:
        _show_csv(rows)
    if options.html is not None:
        with whole_file(options.html) as file:
            survey = limits_page.write(file, rows, read_at, source, common)
        shown = f"projects: {len(survey.projects):,}, rows: {sum(project.rows for project in survey.projects):,}"
        terminal.say(f"Wrote {named(options.html)} ({shown}).")
    elif not (options.as_json or options.as_csv):
        limits_terminal.show(rows, common)


_BEGINS_A_FORMULA = ("=", "+", "-", "@")


def _show_csv(rows: LimitRows) -> None:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["project_id", "project", "model", "rate_limit_id", *(column.name for column in COLUMNS)])
    for project in rows:
        for row in project.limits:
            texts = (project.project.project_id, project.project.name or "", row.model, row.rate_limit_id)
            out.writerow(map(_in_csv, (*texts, *_values(row).values())))


def _values(row: GetProjectRateLimitResult) -> dict[str, Value]:
    return {column.name: column.of(row) for column in COLUMNS}


def _in_csv(value: Value) -> Value:
    """A text that a spreadsheet does not run as a formula: anybody who can name a project could write one."""
    if not isinstance(value, str):
        return value
    text = value
    return printable(f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text)
