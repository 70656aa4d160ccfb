"""The page of `plan`: one file that can be searched, printed and mailed, and loads nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pulumi_openai_admin.cli import limits_table, page
from pulumi_openai_admin.cli.limits_page import css_of
from pulumi_openai_admin.cli.plan.preview import CREATE, DELETE, LEAVE, REPLACE, UPDATE
from pulumi_openai_admin.cli.plan.review import Part
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import TextIO

    from pulumi_openai_admin.cli.plan.review import Line, Review, Section

_OPERATIONS = (
    (CREATE, "to create"),
    ("import", "to import"),
    (UPDATE, "to update"),
    (REPLACE, "to replace"),
    (LEAVE, "to leave unchanged"),
)


class _PlanRow(NamedTuple):
    what: str
    word: str
    before: str
    after: str
    resource: str
    css: str
    bars: tuple[str, str]
    """The CSS classes of the bars of both values; empty without bars."""


class _Part(NamedTuple):
    name: str
    has_bars: bool
    rows: Sequence[_PlanRow]


class _PlanSection(NamedTuple):
    key: str
    name: str
    id: str
    is_new: bool
    rows: int
    lost: int
    parts: Sequence[_Part]


def write(file: TextIO, review: Review, read_at: datetime, source: str) -> int:
    """Write the page.

    Args:
        file: The file.
        review: What it shows.
        read_at: When the preview was read, with a time zone.
        source: The name of the preview's file.

    Returns:
        The number of changes.
    """
    greatest = review.greatest
    sections = [_section(section, greatest) for section in review.sections]
    rows = sum(section.rows for section in sections)
    figures = [(review.operations[name], words) for name, words in _OPERATIONS if review.operations[name]]
    page.write(
        file,
        "plan_page.html.jinja",
        read_at=read_at,
        source=source,
        title="OpenAI plan",
        placeholder="project, person, model or resource",
        group="project",
        groups="projects",
        searched="row",
        figures=figures,
        deleted=review.operations[DELETE],
        people=review.people,
        keys=review.keys,
        lost=[printable(text) for text in review.lost],
        diagnostics=[f"{severity}: {printable(text)}" for severity, text in review.diagnostics],
        others=review.others,
        decades=limits_table.BAR_DECADES,
        is_open=rows <= page.MAX_OPEN,
        sections=sections,
    )
    return rows


def _section(section: Section, greatest: Mapping[str, int]) -> _PlanSection:
    parts = [_Part(part.value, part is Part.LIMITS, [*_rows(section, part, greatest)]) for part in Part]
    filled = [part for part in parts if part.rows]
    rows = [row for part in filled for row in part.rows]
    return _PlanSection(
        printable(section.key),
        printable(section.name),
        printable(section.id),
        section.key.startswith("urn:"),
        len(rows),
        sum("lost" in row.css.split() for row in rows),
        filled,
    )


def _rows(section: Section, part: Part, greatest: Mapping[str, int]) -> Iterator[_PlanRow]:
    for line in section.parts.get(part, ()):
        shown = [printable(text) for text in (line.what, line.before, line.after, line.resource)]
        css = f"{line.mark.css}{' lost' if line.mark.css in ('removed', 'replaced') else ''}"
        yield _PlanRow(shown[0], line.word(part), shown[1], shown[2], shown[3], css, _bars(line, greatest))


def _bars(line: Line, greatest: Mapping[str, int]) -> tuple[str, str]:
    if line.limits is None:
        return "", ""
    name, *values = line.limits
    before, after = (css_of(value, greatest.get(name, 0)) or page.PLAIN for value in values)
    return before, after
