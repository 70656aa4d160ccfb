"""The page of `limits --html`: one file that can be searched, printed and mailed, and that asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
from datetime import timezone
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from pulumi_openai_admin.cli import limits_table as table
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from typing import TextIO

    from jinja2 import Template

    from pulumi_openai_admin import GetProjectRateLimitResult
    from pulumi_openai_admin.cli.limits_table import ProjectLimits

_FOLDER = "cli"
_BAR_STEPS = 100
_SHORT = 20
"""A table of so many rows stays on one sheet of paper; a longer one begins a sheet."""
_MAX_OPEN = 1000
"""With more rows, all projects are closed at first: nobody finds a project by scrolling through thousands of rows."""
_PARTS_AT_A_TIME = 500


class _Cell(NamedTuple):
    """A limit."""

    text: str
    css: str
    usual: str
    """What most projects have, where this one has something else."""


class _Row(NamedTuple):
    """A model."""

    model: str
    css: str
    cells: list[_Cell]


class _Section(NamedTuple):
    """A project."""

    name: str
    project_id: str
    is_archived: bool
    is_short: bool
    rows: Sequence[_Row]
    counts: table.Counts


def write(
    file: TextIO, projects: Iterable[ProjectLimits], read_at: datetime, source: str, usual: table.Usual | None = None
) -> table.Survey:
    """Write the page, project by project: it is larger than what memory should hold of it.

    Args:
        file: Where to.
        projects: What it shows, in its order; looked at twice.
        read_at: When that was read, with its time zone.
        source: Where from, for the reader.
        usual: What most projects have; what differs is marked. Without it, nothing is.

    Returns:
        What it shows, in numbers.
    """
    survey = table.Survey.of(projects, usual)
    rows = sum(one.rows for one in survey.projects)
    style, script = _text("limits_page.css") + _bar_rules(), _text("limits_page.js")
    page = _template().stream(
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        titles=[table.TITLES[field] for field in survey.fields],
        index=[_head(one) for one in survey.projects],
        sections=(_section(one, counts, survey, usual) for one, counts in zip(projects, survey.projects, strict=True)),
        models=len(survey.models),
        rows=rows,
        is_open=rows <= _MAX_OPEN,
        blocked=sum(one.blocked for one in survey.projects),
        different=None if usual is None else sum(one.different for one in survey.projects),
        decades=table.BAR_DECADES,
        read_at=read_at.astimezone(timezone.utc),
        source=printable(source),
    )
    page.enable_buffering(_PARTS_AT_A_TIME)
    file.writelines(page)
    return survey


def _head(counts: table.Counts) -> _Section:
    """A project without its rows."""
    project = counts.project
    return _Section(
        name=printable(project.name or "(no name)"),
        project_id=printable(project.project_id),
        is_archived=project.is_archived,
        is_short=counts.rows <= _SHORT,
        rows=(),
        counts=counts,
    )


def _section(one: ProjectLimits, counts: table.Counts, survey: table.Survey, usual: table.Usual | None) -> _Section:
    return _head(counts)._replace(rows=[_row(limits, survey, usual) for limits in one.limits])


def _row(limits: GetProjectRateLimitResult, survey: table.Survey, usual: table.Usual | None) -> _Row:
    marks = ["blocked"] * table.is_blocked(limits) + ["differs"] * table.differs(limits, usual)
    cells = [_cell(limits, field, survey.greatest[field], usual) for field in survey.fields]
    return _Row(printable(limits.model), " ".join(marks), cells)


def _cell(limits: GetProjectRateLimitResult, field: str, greatest: int, usual: table.Usual | None) -> _Cell:
    value, instead = table.value_of(limits, field), table.usual_instead(limits, field, usual)
    return _Cell(
        text="" if value is None else table.in_words(value),
        css=_css(value, greatest),
        usual="" if instead is None else table.in_words(instead),
    )


def _css(value: int | None, greatest: int) -> str:
    """The class that draws a cell. A class and no style: so the page can forbid every style but its own."""
    if value is None:
        return ""
    if value == table.UNLIMITED:
        return "max"
    if value == table.BLOCKED:
        return "zero"
    return f"b{round(table.share_of_bar(value, greatest) * _BAR_STEPS)}"


def _bar_rules() -> str:
    return "".join(f".b{step}{{--w:{step / _BAR_STEPS}}}" for step in range(1, _BAR_STEPS + 1)) + "\n"


def _hash(text: str) -> str:
    """As a Content-Security-Policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _text(name: str) -> str:
    return (resources.files("pulumi_openai_admin") / _FOLDER / name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("pulumi_openai_admin", _FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("limits_page.html.jinja")
