"""The rate limits that are set: as a table, as a page, as JSON or CSV."""

from __future__ import annotations

import csv
import fnmatch
import os
import sys
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, limits_page, limits_terminal, terminal
from pulumi_openai_admin.cli.common_values import usual_limits
from pulumi_openai_admin.cli.concurrency import run_concurrently
from pulumi_openai_admin.cli.journal import KeptLists, List, Source
from pulumi_openai_admin.cli.limits_table import ProjectLimits, differs, in_order, models_in_order, value_of
from pulumi_openai_admin.cli.organization import chosen_projects, read_list
from pulumi_openai_admin.cli.whole_file import whole_file
from pulumi_openai_admin.data_sources.project_rate_limit import KIND
from pulumi_openai_admin.handlers.row import nearest
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.resources.project_rate_limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pulumi_openai_admin import GetProjectRateLimitResult, GetProjectResult
    from pulumi_openai_admin.cli.limits_table import Usual
    from pulumi_openai_admin.http.client import Client

_LIST = "rate_limits"


@dataclass(frozen=True)
class AdoptOptions:
    """What the command was asked for."""

    projects: Sequence[str] = ()
    model: str | None = None
    """A glob."""
    differing: bool = False
    html: Path | None = None
    as_json: bool = False
    as_csv: bool = False


def limits(asked: AdoptOptions, *, max_wait: float, parallel: int) -> None:
    """Read the limits of the projects, and show them.

    What is read goes to a file, and from there to where it is shown, project by project: an organization may be larger
    than memory.

    Raises:
        errors.AdminError: A project could not be read: a table that lacks it would say something wrong.
    """
    if asked.html is not None:
        _refuse_unwritable(asked.html)
    settings = connection.settings(max_wait, parallel)
    client = connection.reading(settings)
    chosen = in_order(chosen_projects(client, asked.projects))
    compared = chosen_projects(client, ()) if asked.differing else chosen
    read_at = datetime.now(timezone.utc)
    with KeptLists(Source(settings.base_url, settings.organization)) as kept:
        _read(client, kept, compared)
        usual = usual_limits(Rows(kept, compared).of_each()) if asked.differing or asked.html else None
        rows = Rows(kept, chosen, asked.model, usual if asked.differing else None)
        if asked.model is not None:
            _refuse_unknown(Rows(kept, chosen), asked.model)
        _show(asked, rows, usual, read_at, settings.base_url)
        if asked.differing and not any(rows):
            terminal.say(_why_none_differs(Rows(kept, compared)))


@dataclass(frozen=True)
class Rows:
    """Limits as they are kept on disk, project by project: each look at them reads them again."""

    kept: KeptLists
    projects: Sequence[GetProjectResult]
    model: str | None = None
    """Only of models that match."""
    usual: Usual | None = None
    """Only those that differ from what most projects have."""

    def __iter__(self) -> Iterator[ProjectLimits]:
        """Projects that were read; where rows are left out, only those that have any."""
        is_narrowed = self.model is not None or self.usual is not None
        for project in self.projects:
            one = List(project.project_id, _LIST)
            if one in self.kept:
                there = (KIND.become(row, project_id=project.project_id) for row in self.kept.rows(one))
                limits = models_in_order(row for row in there if self._is_meant(row))
                if limits or not is_narrowed:
                    yield ProjectLimits(project, limits)

    def of_each(self) -> Iterator[Sequence[GetProjectRateLimitResult]]:
        """The limits of each project."""
        return (one.limits for one in self)

    def _is_meant(self, row: GetProjectRateLimitResult) -> bool:
        is_model = self.model is None or fnmatch.fnmatchcase(row.model, self.model)
        return is_model and (self.usual is None or differs(row, self.usual))


def _refuse_unwritable(page: Path) -> None:
    """Before an organization is read, which may take its time."""
    folder = page.parent
    if page.is_dir() or not folder.is_dir() or not os.access(page if page.exists() else folder, os.W_OK):
        raise errors.ConfigurationError(f"The page {page} can't be written", "Name a file in a folder that is there.")


def _refuse_unknown(rows: Rows, model: str) -> None:
    """Tell a glob that no model of the projects matches.

    Raises:
        errors.NoMatchError: The message names the nearest.
    """
    models: set[str] = set()
    for one in rows:
        if any(fnmatch.fnmatchcase(row.model, model) for row in one.limits):
            return
        models.update(row.model for row in one.limits)
    raise errors.NoMatchError(f"No model matches {model!r}", nearest(model, models))


def _why_none_differs(rows: Rows) -> str:
    if sum(1 for _ in rows) > 1:
        return "No limit differs from what most projects have."
    return "No limit differs: the organization has one project, so there is nothing to compare with."


def _read(client: Client, kept: KeptLists, projects: Sequence[GetProjectResult]) -> None:
    def read(project: GetProjectResult) -> None:
        kept.add(List(project.project_id, _LIST), read_list(client, KIND, project.project_id))

    with terminal.progress("Reading limits", len(projects)) as bar:
        for _, error in run_concurrently(read, projects, client.parallel):
            bar.advance(bar.task_ids[0])
            if isinstance(error, errors.ResourceGoneError):  # archived since the projects were listed
                terminal.say(f"warning: {error.event}, so it is left out.", "yellow")
            elif error is not None:
                raise error


def _show(asked: AdoptOptions, rows: Rows, usual: Usual | None, read_at: datetime, source: str) -> None:
    if asked.as_json:
        terminal.show_json_list({**asdict(one.project), "limits": [asdict(row) for row in one.limits]} for one in rows)
    elif asked.as_csv:
        _show_csv(rows)
    if asked.html is not None:
        with whole_file(asked.html) as file:
            survey = limits_page.write(file, rows, read_at, source, usual)
        shown = f"projects: {len(survey.projects):,}, rows: {sum(one.rows for one in survey.projects):,}"
        terminal.say(f"Wrote {asked.html} ({shown}).")
    elif not (asked.as_json or asked.as_csv):
        limits_terminal.show(rows, usual)


_BEGINS_A_FORMULA = ("=", "+", "-", "@")


def _show_csv(rows: Rows) -> None:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["project_id", "project", "model", "rate_limit_id", *LIMITS])
    for one in rows:
        for row in one.limits:
            texts = (one.project.project_id, one.project.name or "", row.model, row.rate_limit_id)
            out.writerow([*map(_in_csv, texts), *(value_of(row, name) for name in LIMITS)])


def _in_csv(text: str) -> str:
    """A text that a spreadsheet takes for one: anybody who may name a project could write a formula."""
    return printable(f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text)
