"""The page of `drift --html`: one file that can be searched, printed and mailed, and loads nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pulumi_openai_admin.cli import page
from pulumi_openai_admin.cli.drift import shown
from pulumi_openai_admin.cli.value_words import ABSENT, in_words
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import TextIO

    from pulumi_openai_admin.cli.changes import Change
    from pulumi_openai_admin.cli.drift.report import Author, Difference
    from pulumi_openai_admin.cli.unmanaged import Unmanaged


@dataclass(frozen=True)
class DriftFigures:
    """What the page says beside what differs."""

    read_at: datetime
    source: str
    compared: int
    warnings: Sequence[str] = ()
    is_incomplete: bool = False
    """Whether some resources were not compared."""


class _DriftRow(NamedTuple):
    resource: str
    id: str
    field: str
    before: str
    after: str
    author: str
    css: str
    is_managed: bool


class _DriftSection(NamedTuple):
    """A project, or the organization."""

    id: str
    name: str
    resources: int
    is_short: bool
    rows: Sequence[_DriftRow]


@dataclass
class _Counts:
    resources: int = 0
    gone: int = 0
    rows: int = 0

    @classmethod
    def of(cls, differences: Iterable[Difference]) -> _Counts:
        counts = cls()
        for difference in differences:
            counts.resources += 1
            counts.gone += bool(difference.gone)
            counts.rows += len(shown.lines(difference))
        return counts


def write(
    file: TextIO,
    differences: Callable[[], Iterable[Difference]],
    survey: DriftFigures,
    project_names: Mapping[str, str],
    unmanaged: Sequence[Unmanaged] | None = None,
) -> None:
    """Write the page, project by project, because it may be large.

    Args:
        file: The file.
        differences: Gives what differs, project by project; it is called twice.
        survey: The other parts of the page.
        project_names: The names of the projects in the state.
        unmanaged: What no resource manages; None if that was not asked for.
    """
    counts = _Counts.of(differences())
    page.write(
        file,
        "drift_page.html.jinja",
        read_at=survey.read_at,
        source=survey.source,
        title="OpenAI drift",
        placeholder="project, resource, field or person",
        group="project",
        groups="projects",
        searched="row",
        compared=survey.compared,
        counts=counts,
        warnings=[printable(text) for text in survey.warnings],
        is_incomplete=survey.is_incomplete,
        is_open=counts.rows <= page.MAX_OPEN,
        sections=_sections(differences(), project_names),
        unmanaged=None if unmanaged is None else [_unmanaged(object_, project_names) for object_ in unmanaged],
    )


def _sections(differences: Iterable[Difference], names: Mapping[str, str]) -> Iterator[_DriftSection]:
    for project_id, group in groupby(differences, key=lambda difference: difference.project_id):
        known = list(group)
        rows = [row for difference in known for row in _rows(difference)]
        name = shown.ORGANIZATION if not project_id else names.get(project_id, "Project")
        yield _DriftSection(printable(project_id), printable(name), len(known), len(rows) <= page.MAX_SHORT, rows)


def _unmanaged(object_: Unmanaged, names: Mapping[str, str]) -> tuple[str, ...]:
    """The cells of an object that no resource manages."""
    where = shown.place_name(object_.place, names)
    return tuple(map(printable, (object_.kind, object_.called, where, object_.made)))


def _rows(difference: Difference) -> Iterator[_DriftRow]:
    if difference.gone:
        yield _row(difference, "gone", ("in the state", difference.gone), difference.author, "gone")
        return
    for index, change in enumerate(difference.changes):
        yield _row(
            difference,
            change.field,
            _values(change, difference.member_of(change)),
            difference.author_of(index),
            "",
            is_managed=change.is_managed,
        )
    for note in difference.notes:
        yield _row(difference, "due", ("", note), difference.author, "gone")


def _row(  # noqa: PLR0913 - the cells
    difference: Difference,
    field: str,
    values: tuple[str, str],
    author: Author | None,
    css: str,
    *,
    is_managed: bool = True,
) -> _DriftRow:
    texts = [printable(text) for text in (difference.title, difference.id, field, *values, shown.by(author))]
    marks = " ".join([*[css] * bool(css), *["managed"] * is_managed])
    return _DriftRow(texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], marks, is_managed)


def _values(change: Change, member: str | None) -> tuple[str, str]:
    if change.is_item and change.before is None:
        return ABSENT, shown.named(change.after, member)
    if change.is_item:
        return shown.named(change.before, member), ABSENT
    return in_words(change.path, change.before), in_words(change.path, change.after)
