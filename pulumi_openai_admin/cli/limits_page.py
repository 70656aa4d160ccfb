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
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from jinja2 import Template

    from pulumi_openai_admin.cli.limits_table import ProjectLimits
    from pulumi_openai_admin.functions.project_rate_limit import GetProjectRateLimitResult

_FOLDER = "cli"
_BAR_STEPS = 100
_SHORT = 20
"""A table of so many rows stays on one sheet of paper; a longer one begins a sheet."""


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
    rows: list[_Row]
    blocked: int
    different: int


def render(
    projects: Sequence[ProjectLimits],
    read_at: datetime,
    source: str,
    usual: Mapping[tuple[str, str], int] | None = None,
) -> str:
    """Write the page.

    Args:
        projects: What it shows, in any order.
        read_at: When that was read, with its time zone.
        source: Where from, for the reader.
        usual: By model and field, what most projects have; what differs is marked. Without it, nothing is.
    """
    fields = table.shown_fields(projects)
    greatest = table.greatest_of(projects)
    sections = [_section(one, fields, greatest, usual) for one in table.in_order(projects)]
    style, script = _text("limits_page.css") + _bar_rules(), _text("limits_page.js")
    return _template().render(
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        titles=[table.TITLES[field] for field in fields],
        sections=sections,
        models=len({limits.model for one in projects for limits in one.limits}),
        rows=sum(len(section.rows) for section in sections),
        blocked=sum(section.blocked for section in sections),
        different=None if usual is None else sum(section.different for section in sections),
        decades=table.BAR_DECADES,
        read_at=read_at.astimezone(timezone.utc),
        source=printable(source),
    )


def _section(
    one: ProjectLimits,
    fields: Sequence[str],
    greatest: Mapping[str, int],
    usual: Mapping[tuple[str, str], int] | None,
) -> _Section:
    return _Section(
        name=printable(one.project.name or "(no name)"),
        project_id=printable(one.project.project_id),
        is_archived=one.project.is_archived,
        is_short=len(one.limits) <= _SHORT,
        rows=[_row(limits, fields, greatest, usual) for limits in one.limits],
        blocked=sum(table.is_blocked(limits) for limits in one.limits),
        different=sum(table.differs(limits, usual) for limits in one.limits),
    )


def _row(
    limits: GetProjectRateLimitResult,
    fields: Sequence[str],
    greatest: Mapping[str, int],
    usual: Mapping[tuple[str, str], int] | None,
) -> _Row:
    marks = ["blocked"] * table.is_blocked(limits) + ["differs"] * table.differs(limits, usual)
    cells = [_cell(limits, field, greatest[field], usual) for field in fields]
    return _Row(printable(limits.model), " ".join(marks), cells)


def _cell(
    limits: GetProjectRateLimitResult, field: str, greatest: int, usual: Mapping[tuple[str, str], int] | None
) -> _Cell:
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
