"""The table of rate limits on a terminal: readable in 80 columns, and written project by project."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.table import Table

from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.limits_table import BLOCKED, NOTHING, in_short, usual_instead, value_of
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.resources.project_rate_limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.text import Text

    from pulumi_openai_admin import GetProjectRateLimitResult, GetProjectResult
    from pulumi_openai_admin.cli.limits_table import ProjectLimits, Usual

HEADS = {
    "max_requests_per_1_minute": ("RPM", "requests a minute"),
    "max_tokens_per_1_minute": ("TPM", "tokens a minute"),
    "max_images_per_1_minute": ("IPM", "images a minute"),
    "max_audio_megabytes_per_1_minute": ("audio", "megabytes of audio a minute"),
    "max_requests_per_1_day": ("RPD", "requests a day"),
    "batch_1_day_max_input_tokens": ("batch", "batch input tokens a day"),
}
"""The head of each field's column, as OpenAI abbreviates it, and what it says."""
_INFINITE = "\N{INFINITY}"
_PROJECT, _MODEL = "project", "model"
_GAPS = (2, 1)
"""Between columns, the first with which everything fits."""
_NARROWEST = 12
"""So wide a name's column stays: what is longer goes on in the next line."""


def show(projects: Iterable[ProjectLimits], usual: Usual | None) -> None:
    """One table of all; with a column for the project where there are several.

    Args:
        projects: In their order; looked at twice.
        usual: What most projects have: where a limit differs, it stands behind it in parentheses.
    """
    words = _Words(usual)
    names, widths = _widths(projects, words)
    if len(names) == 1:
        terminal.show(terminal.cell(next(iter(names.values())), "bold"))
        del widths[_PROJECT]
    gap = _fitted(widths)
    for number, one in enumerate(projects):
        if one.limits:
            terminal.show(_table(one, names[one.project.project_id], widths, gap, words, has_heads=number == 0))
    if fields := [name for name in LIMITS if name in widths]:
        terminal.say(words.legend(fields))


class _Words:
    """What stands in the cells."""

    def __init__(self, usual: Usual | None) -> None:
        self._usual = usual
        self._unlimited = _INFINITE if terminal.can_show(_INFINITE) else "none"

    def of(self, row: GetProjectRateLimitResult, field: str) -> str:
        value, most = value_of(row, field), usual_instead(row, field, self._usual)
        if value is None:
            return NOTHING
        here = in_short(value, self._unlimited)
        return here if most is None else f"{here} ({in_short(most, self._unlimited)})"

    def legend(self, fields: Iterable[str]) -> str:
        told = "; ".join(f"{head}: {words}" for head, words in (HEADS[field] for field in fields))
        most = " In parentheses: what most projects have." if self._usual is not None else ""
        return f"{told}; {self._unlimited}: no limit is set.{most}"


def _widths(projects: Iterable[ProjectLimits], words: _Words) -> tuple[dict[str, str], dict[str, int]]:
    """What each project is called, by its id, and how wide each column would have to be; an empty column is none."""
    found: list[GetProjectResult] = []
    widths = {_PROJECT: len(_PROJECT), _MODEL: len(_MODEL)}
    for one in projects:
        found.append(one.project)
        for row in one.limits:
            widths[_MODEL] = max(widths[_MODEL], cell_len(printable(row.model)))
            for field in LIMITS:
                if value_of(row, field) is not None:
                    widths[field] = max(widths.get(field, len(HEADS[field][0])), cell_len(words.of(row, field)))
    names = _names(found)
    widths[_PROJECT] = max([widths[_PROJECT], *(cell_len(printable(name)) for name in names.values())])
    return names, {name: widths[name] for name in (_PROJECT, _MODEL, *LIMITS) if name in widths}


def _names(projects: Sequence[GetProjectResult]) -> dict[str, str]:
    """By its name, where no other has it; a single project with its id, too, for there is room."""
    count = Counter(one.name for one in projects)
    return {
        one.project_id: one.name
        if one.name and count[one.name] == 1 and len(projects) > 1
        else f"{one.name or 'Without a name'} ({one.project_id})"
        for one in projects
    }


def _fitted(widths: dict[str, int]) -> int:
    """Narrow the names' columns until the table fits, since numbers stay whole; the gap between columns."""
    names = [name for name in (_PROJECT, _MODEL) if name in widths]
    room = {gap: terminal.columns() - gap * (len(widths) - 1) for gap in _GAPS}
    gap = next((gap for gap in _GAPS if sum(widths.values()) <= room[gap]), _GAPS[-1])
    left = room[gap] - sum(width for name, width in widths.items() if name not in names)
    for name in names:
        others = sum(widths[other] for other in names if other != name)
        widths[name] = max(_NARROWEST, min(widths[name], max(left - others, left // 2)))
    return gap


def _table(  # noqa: PLR0913 - all of it the same for every project but the first two
    one: ProjectLimits, project: str, widths: Mapping[str, int], gap: int, words: _Words, *, has_heads: bool
) -> Table:
    table = Table(box=None, show_header=has_heads, padding=(0, gap, 0, 0), pad_edge=False)
    for name, width in widths.items():
        is_number = name in HEADS
        head = HEADS[name][0] if is_number else name
        table.add_column(head, width=width, justify="right" if is_number else "left", overflow="fold")
    for row in one.limits:
        names = {_PROJECT: terminal.cell(project), _MODEL: terminal.cell(row.model)}
        table.add_row(*(names[name] if name in names else _number(row, name, words) for name in widths))
    return table


def _number(row: GetProjectRateLimitResult, field: str, words: _Words) -> Text:
    """A limit; 0, which blocks the model, stands out."""
    return terminal.cell(words.of(row, field), "red" if value_of(row, field) == BLOCKED else "")
