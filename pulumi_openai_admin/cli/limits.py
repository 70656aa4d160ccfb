"""The rate limits that are set: as a table, as a page, as JSON."""

from __future__ import annotations

import fnmatch
import os
from dataclasses import asdict
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

from pulumi_openai_admin import errors
from pulumi_openai_admin.api.row import nearest
from pulumi_openai_admin.cli import connection, limits_page, terminal
from pulumi_openai_admin.cli.limits_table import (
    BLOCKED,
    TITLES,
    ProjectLimits,
    in_order,
    in_words,
    shown_fields,
    value_of,
)
from pulumi_openai_admin.cli.organization import chosen_projects
from pulumi_openai_admin.cli.side_by_side import side_by_side
from pulumi_openai_admin.cli.usual import usual_limits
from pulumi_openai_admin.functions.project_rate_limit import KIND

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pulumi_openai_admin.api.client import Client
    from pulumi_openai_admin.functions.project import GetProjectResult


def limits(  # noqa: PLR0913 - as many as the command has options
    wanted: Sequence[str], model: str | None, *, html: Path | None, as_json: bool, max_wait: float, parallel: int
) -> None:
    """Read the limits of the projects, and show them.

    Raises:
        errors.AdminError: A project could not be read: a table that lacks it would say something wrong.
    """
    if html is not None:
        _refuse_unwritable(html)
    settings = connection.settings(max_wait, parallel)
    client = connection.reading(settings)
    projects = chosen_projects(client, wanted)
    read_at = datetime.now(timezone.utc)
    read = _read(client, projects)
    shown = read if model is None else _matching(read, model)
    if as_json:
        terminal.show_json([{**asdict(one.project), "limits": [asdict(row) for row in one.limits]} for one in shown])
    if html is not None:
        usual = usual_limits(one.limits for one in read)
        page = limits_page.render(shown, read_at, settings.base_url, usual)
        html.write_text(page, encoding="utf-8")
        terminal.say(f"Wrote {html} (projects: {len(shown)}, rows: {sum(len(one.limits) for one in shown)}).")
    if html is None and not as_json:
        for one in in_order(shown):
            terminal.show(_table(one))


def _refuse_unwritable(page: Path) -> None:
    """Before an organization is read, which may take its time."""
    folder = page.parent
    if page.is_dir() or not folder.is_dir() or not os.access(page if page.exists() else folder, os.W_OK):
        raise errors.ConfigurationError(f"The page {page} can't be written", "Name a file in a folder that is there.")


def _matching(read: Sequence[ProjectLimits], model: str) -> list[ProjectLimits]:
    """The rows of models that match, and the projects that have any.

    Raises:
        errors.NotFoundInList: None has; the message names the nearest.
    """
    found = [
        ProjectLimits(one.project, [row for row in one.limits if fnmatch.fnmatchcase(row.model, model)]) for one in read
    ]
    if not any(one.limits for one in found):
        models = {row.model for one in read for row in one.limits}
        raise errors.NotFoundInList(f"No model matches {model!r}", nearest(model, models))
    return [one for one in found if one.limits]


def _read(client: Client, projects: Sequence[GetProjectResult]) -> list[ProjectLimits]:
    found = {}

    def read(project: GetProjectResult) -> ProjectLimits:
        rows = KIND.all(client, project_id=project.project_id)
        return ProjectLimits(project, rows)

    with terminal.progress("Reading limits", len(projects)) as bar:
        for project, result in side_by_side(read, projects, client.parallel):
            bar.advance(bar.task_ids[0])
            if isinstance(result, errors.Gone):  # archived since the projects were listed
                terminal.say(f"warning: {result.event}, so it is left out.", "yellow")
            elif isinstance(result, Exception):
                raise result
            else:
                found[project.project_id] = result
    return [found[project.project_id] for project in projects if project.project_id in found]


def _table(one: ProjectLimits) -> Table:
    """Models by kinds of limit; a limit of 0, which blocks a model, stands out."""
    fields = shown_fields([one])
    title = f"{one.project.name or 'Without a name'} ({one.project.project_id})"
    table = Table("model", title=terminal.cell(title), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for field in fields:
        table.add_column(TITLES[field], justify="right")
    for row in one.limits:
        values = [value_of(row, field) for field in fields]
        cells = [terminal.cell(in_words(value), "red" if value == BLOCKED else "") for value in values]
        table.add_row(terminal.cell(row.model), *cells)
    return table
