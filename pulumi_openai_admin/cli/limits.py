"""The command `limits`: rate limits as a table, a page, JSON or CSV."""

from __future__ import annotations

import fnmatch
import math
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import connection, report, terminal
from pulumi_openai_admin.cli.options import READ, AsCsv, AsJson, Html, MaxWait, Parallel, Projects, declare
from pulumi_openai_admin.cli.report import Head, Matrix, MatrixCell, MatrixRow
from pulumi_openai_admin.cli.words import ABSENT
from pulumi_openai_admin.data_sources.special_kinds import PROJECT_RATE_LIMIT
from pulumi_openai_admin.printable import bounded, counted
from pulumi_openai_admin.resources.project_rate_limits import LIMITS
from pulumi_openai_admin.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pulumi_openai_admin import GetProjectRateLimitResult, GetProjectResult
    from pulumi_openai_admin.http.client import Client

UNLIMITED = 2**31 - 1
"""The value that OpenAI shows for an unlimited limit."""


@dataclass(frozen=True)
class LimitColumn:
    """A column: a limit."""

    name: str
    """The name in JSON and CSV, which is that in `RateLimit`."""
    head: str
    """The head in the table on a terminal: a few characters, because the table fits 80 columns."""
    title: str
    """The head on the page, of at most 16 characters."""
    meaning: str
    """What the values are, for the legend of the table, help and documentation."""

    def of(self, row: GetProjectRateLimitResult) -> int | None:
        """Return the limit of a model in a project; None if the model has no such limit."""
        value: int | None = getattr(row, self.name)
        return value


def is_blocked(row: GetProjectRateLimitResult) -> bool:
    """Return whether any limit blocks the model for the project: a limit of 0 does."""
    return any(column.of(row) == 0 for column in COLUMNS)


COLUMNS = (
    LimitColumn("max_requests_per_1_minute", "RPM", "Requests/min", "requests a minute"),
    LimitColumn("max_tokens_per_1_minute", "TPM", "Tokens/min", "tokens a minute"),
    LimitColumn("max_images_per_1_minute", "IPM", "Images/min", "images a minute"),
    LimitColumn("max_audio_megabytes_per_1_minute", "audio", "Audio MB/min", "megabytes of audio a minute"),
    LimitColumn("max_requests_per_1_day", "RPD", "Requests/day", "requests a day"),
    LimitColumn("batch_1_day_max_input_tokens", "batch", "Batch tokens/day", "batch input tokens a day"),
)
"""In the order in which they are shown. A column without any value is omitted."""
LIMIT_COLUMNS = {column.name: column for column in COLUMNS}
"""By name."""
_LINES = [f"- `{column.head}`: {column.meaning}; `{column.name}` in JSON and CSV" for column in COLUMNS]


@declare(page="command-line.md#limits", scopes=[READ], epilog="\n".join(["Columns of the table:", "", *_LINES]))
def limits(  # noqa: PLR0913 - the options of the command
    projects: Projects = None,
    *,
    differing: bool = False,
    model: str | None = None,
    html: Html = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
    max_wait: MaxWait = 600,
    parallel: Parallel = 16,
) -> None:
    """Show the rate limits of all projects, or of the given projects.

    Examples:
    ```console
    pulumi-openai-admin limits "Web shop" --model 'gpt-4o*'
    pulumi-openai-admin limits --differing
    pulumi-openai-admin limits --html limits.html
    pulumi-openai-admin limits --csv > limits.csv
    ```

    Options:
        differing: Show only limits that differ from the most common value: one shared by at least two projects and by
            more than half of those with the model. Reads all projects.
        model (GLOB): Show only matching models, for example `gpt-4o*`.
    """
    report.refuse_unusable(html, as_json=as_json, as_csv=as_csv)
    settings = connection.settings(max_wait, parallel)
    client = connection.read_only_client(settings)
    chosen = connection.chosen_projects(client, projects or ())
    compared = connection.chosen_projects(client, ()) if differing else chosen
    source = report.Source(time.time(), settings.base_url)
    found = _read(client, compared)
    is_compared = differing or (html is not None and len(compared) > 1)
    common = common_limits(project.limits for project in found.values()) if is_compared else None
    known = [found[project.project_id] for project in chosen if project.project_id in found]
    models = {row.model for project in known for row in project.limits}
    if model is not None and not any(fnmatch.fnmatchcase(name, model) for name in models):
        raise errors.NoMatchError(f"No model matches {model!r}", suggestion(model, models, "Limits"))
    shown = _selected(known, model, common if differing else None)
    LimitsReport(shown, common, source).show(html, as_json=as_json, as_csv=as_csv)
    if differing and len(found) <= 1 and not shown:
        terminal.say("No limit differs: the organization has one project, so there is no comparison.")
    elif differing and not shown:
        models = without_common((project.limits for project in found.values()), common or {})
        named = f"{counted(len(models), 'model')}: {bounded(', ', sorted(models))}"
        others = f" Most projects have no common value for {named}." if models else ""
        terminal.say(f"No limit differs from most projects.{others}")


@dataclass(frozen=True)
class ProjectLimits:
    """A project and the limits of its models, in order."""

    project: GetProjectResult
    limits: Sequence[GetProjectRateLimitResult]


def _read(client: Client, projects: Sequence[GetProjectResult]) -> dict[str, ProjectLimits]:
    """The limits of the projects, by id, without those that were archived meanwhile."""

    def read(project_id: str) -> list[GetProjectRateLimitResult]:
        rows = connection.read_list(client, PROJECT_RATE_LIMIT, project_id=project_id)
        limits = [PROJECT_RATE_LIMIT.to_result(row, project_id=project_id) for row in rows]
        return sorted(limits, key=lambda row: (row.model.casefold(), row.model, row.rate_limit_id))

    by_id = {project.project_id: project for project in projects}
    found = connection.read_each("Reading limits", read, by_id, client.parallel)
    return {id_: ProjectLimits(by_id[id_], rows) for id_, rows in found.items()}


def _selected(known: Iterable[ProjectLimits], model: str | None, common: CommonLimits | None) -> list[ProjectLimits]:
    """The limits of the models that match a glob and, with common limits, that differ; only projects that have any."""
    if model is None and common is None:
        return [*known]

    def is_selected(row: GetProjectRateLimitResult) -> bool:
        is_named = model is None or fnmatch.fnmatchcase(row.model, model)
        return is_named and (common is None or differs(row, common))

    selected = (ProjectLimits(project.project, [*filter(is_selected, project.limits)]) for project in known)
    return [project for project in selected if project.limits]


CommonLimits = Mapping[tuple[str, str], int]
"""By model and field, what most of the compared projects have."""
_MIN_PROJECTS = 2
"""A single project is not a majority."""


def _numbers_of(projects: Iterable[Iterable[GetProjectRateLimitResult]]) -> dict[tuple[str, str], Counter[int | None]]:
    """How many projects have which value, by model and limit; None is counted where a model has no such limit."""
    found: dict[tuple[str, str], Counter[int | None]] = defaultdict(Counter)
    for project in projects:
        for row in project:
            for limit in LIMITS:
                found[row.model, limit][getattr(row, limit)] += 1
    return found


def common_limits(projects: Iterable[Iterable[GetProjectRateLimitResult]]) -> dict[tuple[str, str], int]:
    """Return the common value of each limit of each model.

    A value is common if more than half of the projects with the model have it, and at least two. A limit without such a
    value is omitted: `{("gpt-4o", "max_requests_per_1_minute"): 500}`.
    """
    return {
        key: number
        for key, counts in _numbers_of(projects).items()
        for number, count in counts.most_common(1)
        if number is not None and count >= _MIN_PROJECTS and count * 2 > counts.total()
    }


def low_common_limits(
    projects: Sequence[Sequence[GetProjectRateLimitResult]], common: CommonLimits
) -> dict[str, list[str]]:
    """Return, by model, the common values below the highest of any project, in words: they need not be defaults."""
    found: dict[str, list[str]] = defaultdict(list)
    numbers = _numbers_of(projects)
    for (model, limit), most in sorted(common.items()):
        counts = {number: count for number, count in numbers[model, limit].items() if number is not None}
        if most < max(counts):
            of = f"{counts[most]:,} of {sum(counts.values()):,} projects"
            text = f"{LIMIT_COLUMNS[limit].title} {in_full(most)} in {of}, the highest is {in_full(max(counts))}"
            found[model].append(text)
    return dict(found)


def common_if_different(row: GetProjectRateLimitResult, column: LimitColumn, common: CommonLimits | None) -> int | None:
    """Return the value of most projects if this one differs; None if it is the same, or if no value is common."""
    most, here = (common or {}).get((row.model, column.name)), column.of(row)
    return most if here is not None and most != here else None


def differs(limits: GetProjectRateLimitResult, common: CommonLimits | None) -> bool:
    """Return whether any limit of the model differs from most projects."""
    return any(common_if_different(limits, column, common) is not None for column in COLUMNS)


def in_full(value: Any) -> str:
    """Return a limit for people: `1,234,567`, `unlimited`, `0`, or a dash if there is none; as it is, if no number."""
    if value is None or value == UNLIMITED:
        return ABSENT if value is None else "unlimited"
    return f"{value:,}" if isinstance(value, int) else str(value)


_UNITS = ((10**9, "B"), (10**6, "M"), (10**3, "k"))


def in_short(value: Any, unlimited: str) -> str:
    """Return a limit in few characters, never rounded: `150M`, `1.5k`, `1,234,567`; as it is, if it is no number."""
    if value is None or value == UNLIMITED:
        return ABSENT if value is None else unlimited
    if not isinstance(value, int):
        return str(value)
    for unit, letter in _UNITS:
        if unit <= value < unit * 1000 and value * 1000 % unit == 0:
            return min(f"{value / unit:.3f}".rstrip("0").rstrip(".") + letter, f"{value:,}", key=len)
    return f"{value:,}"


def without_common(projects: Iterable[Iterable[GetProjectRateLimitResult]], common: CommonLimits) -> set[str]:
    """Return the models of several projects that have a limit for which most projects have no common value."""
    counts = _numbers_of(projects)
    return {key[0] for key in counts.keys() - common.keys() if counts[key].total() - counts[key][None] > 1}


def shown_columns(rows: Sequence[GetProjectRateLimitResult]) -> dict[LimitColumn, int]:
    """Return the columns with any value, each with its greatest number, not `UNLIMITED`: that is a whole bar."""
    found: dict[LimitColumn, int] = {}
    for column in COLUMNS:
        values = {value for row in rows if (value := column.of(row)) is not None}
        if values:
            found[column] = max(values - {UNLIMITED}, default=0)
    return found


BAR_DECADES = 5
"""The number of powers of ten that a bar covers. Limits go from 1 to 10^10, so a linear scale would be useless."""
MIN_BAR = 0.02
"""The shortest bar of a limit that is not 0."""


def css_of(value: object, greatest: int) -> str:
    """Return the CSS class of a limit, or of a text in its place. The greatest has a whole bar, a tenth 1/5 less."""
    if value is None:
        return ""
    if not isinstance(value, int):
        return report.PLAIN
    if value == UNLIMITED:
        return "max"
    if not value:
        return "zero"
    return report.bar(max(1 - math.log10(max(greatest, value) / value) / BAR_DECADES, MIN_BAR))


_INFINITE = "\N{INFINITY}"


class LimitsReport(report.ShownReport["GetProjectRateLimitResult"]):
    """The rate limits of projects. Those that differ from common limits, if there are any, are marked."""

    template = "limits_page.html.jinja"
    gaps = (2, 1)

    def __init__(self, projects: Sequence[ProjectLimits], common: CommonLimits | None, source: report.Source) -> None:
        self.projects = projects
        self.common = common
        self._unlimited = _INFINITE if terminal.can_show(_INFINITE) else "none"
        self._names = names = connection.names_of(project.project for project in projects)
        given = {shown.project.project_id: shown.project.name for shown in projects}
        place: report.Column[GetProjectRateLimitResult] = report.Column(
            "project",
            lambda row: names[row.project_id] if len(names) > 1 else None,
            {"project_id": lambda row: row.project_id, "project": lambda row: given[row.project_id] or ""},
        )
        model = report.Column("model", lambda row: row.model, report.attributes("model", "rate_limit_id"))
        rows = [row for project in projects for row in project.limits]
        super().__init__([place, model, *map(self._column, COLUMNS)], rows, source)

    def _column(self, column: LimitColumn) -> report.Column[GetProjectRateLimitResult]:
        """A column; a limit that blocks the model is red, and where it differs, what most have is in parentheses."""

        def text(row: GetProjectRateLimitResult) -> str | None:
            here, most = column.of(row), common_if_different(row, column, self.common)
            if here is None:
                return None
            shown = in_short(here, self._unlimited)
            return shown if most is None else f"{shown} ({in_short(most, self._unlimited)})"

        def style(row: GetProjectRateLimitResult) -> str:
            return "red" if column.of(row) == 0 else ""

        return report.Column(column.head, text, {column.name: column.of}, is_number=True, style=style)

    @override
    def document(self) -> Iterable[Any]:
        for project in self.projects:
            yield {**asdict(project.project), "limits": [*map(asdict, project.limits)]}

    @override
    def show_table(self) -> None:
        if len(self.projects) == 1:
            only = self.projects[0].project
            terminal.show(terminal.cell(f"{only.name or 'Without a name'} ({only.project_id})", "bold"))
        if heads := self.print_rows():
            legend = "; ".join(f"{column.head}: {column.meaning}" for column in COLUMNS if column.head in heads)
            most = " In parentheses: the value of most projects." if self.common is not None else ""
            terminal.say(f"{legend}; {self._unlimited}: no limit is set.{most}")

    @override
    def size(self) -> str:
        return f"projects: {len(self.projects):,}, rows: {len(self.rows):,}"

    @override
    def page(self) -> Mapping[str, Any]:
        columns, common = shown_columns(self.rows), self.common
        sections = [
            {
                "project": shown.project,
                "limits": shown.limits,
                "blocked": sum(map(is_blocked, shown.limits)),
                "different": sum(differs(row, common) for row in shown.limits),
            }
            for shown in self.projects
        ]
        limits = [project.limits for project in self.projects]
        return {
            "matrix": self._matrix(),
            "titles": [column.title for column in columns],
            "sections": sections,
            "row_of": lambda row: self._model_row(row, columns),
            "models": len({row.model for row in self.rows}),
            "blocked": sum(section["blocked"] for section in sections),
            "different": None if common is None else sum(section["different"] for section in sections),
            "without_common": 0 if common is None else len(without_common(limits, common)),
            "decades": BAR_DECADES,
        }

    def _model_row(
        self, limits: GetProjectRateLimitResult, columns: Mapping[LimitColumn, int]
    ) -> tuple[str, Sequence[tuple[str, str, str]]]:
        """The CSS classes of a model, and its cells: the text, the CSS class, and what most have if that differs."""
        marks = ["blocked"] * is_blocked(limits) + ["differs"] * differs(limits, self.common)
        cells = []
        for column, greatest in columns.items():
            value, most = column.of(limits), common_if_different(limits, column, self.common)
            text, common = ("" if it is None else in_full(it) for it in (value, most))
            cells.append((text, css_of(value, greatest), common))
        return " ".join(marks), cells

    def _matrix(self) -> Matrix | None:
        """Models by projects: first those that differ or are blocked somewhere."""
        models: dict[str, dict[str, GetProjectRateLimitResult]] = defaultdict(dict)
        for row in self.rows:
            models[row.model].setdefault(row.project_id, row)
        rows = sorted((self._of_model(*item) for item in models.items()), key=lambda row: (row.is_usual, row.name))
        return Matrix(
            "Models by project",
            "Model",
            {id_: Head(name, report.link_to("project", id_)) for id_, name in self._names.items()},
            rows,
            _LEGEND if self.common is not None else _LEGEND[:-1],
            ["No model differs between the projects, and none is blocked."] * all(row.is_usual for row in rows),
            "All models",
        ).limited(("model", "models"), ("project", "projects"), "those that differ or are blocked")

    def _of_model(self, model: str, by_project: Mapping[str, GetProjectRateLimitResult]) -> MatrixRow:
        """The limit of a model that differs between projects, or else its first limit."""
        values = {column: {value for row in by_project.values() if (value := column.of(row))} for column in COLUMNS}
        shown = next((column for column in values if len(values[column]) > 1), None)
        column = shown or next((column for column in values if values[column]), COLUMNS[0])
        highest = max(values[column] - {UNLIMITED}, default=1)
        cells = {id_: self._matrix_cell(limits, column, highest) for id_, limits in by_project.items()}
        is_usual = shown is None and not any(cell.about for cell in cells.values())
        return MatrixRow(model, model, cells, about=column.meaning, mark=column.head, is_usual=is_usual)

    def _matrix_cell(self, limits: GetProjectRateLimitResult, column: LimitColumn, highest: int) -> MatrixCell:
        """A value; in words whatever blocks the model or differs from most projects."""
        unusual = [
            (other, most)
            for other in COLUMNS
            if (most := common_if_different(limits, other, self.common)) is not None or other.of(limits) == 0
        ]
        about = [
            f"{other.title} {in_full(other.of(limits))}{'' if most is None else f', most: {in_full(most)}'}"
            for other, most in unusual
        ]
        if is_blocked(limits):
            return MatrixCell("0", "zero", "; ".join(["blocked", *about]))
        value = column.of(limits)
        depth = "" if value is None else report.bar(value / highest)
        return MatrixCell(in_short(value, _INFINITE), f"{depth} unusual" if unusual else depth, "; ".join(about))


_LEGEND = (
    MatrixCell("10k", report.bar(1), "the highest value of the model"),
    MatrixCell("500", report.bar(0.05), "the weaker the color, the lower the value"),
    MatrixCell("0", "zero", "blocked"),
    MatrixCell("500", "unusual", "a limit differs from most projects"),
)
"""What the cells of the matrix mean. The last one is shown if projects are compared."""
