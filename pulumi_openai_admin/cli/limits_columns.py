"""The columns of `limits`. Table, page, JSON, CSV, help and documentation show what is declared here. Pure.

It imports nothing else of this package, because `--help` shows the columns, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin import GetProjectRateLimitResult

    Value = int | float | str | bool | None
    """What a cell contains; None if the model has no such value. A column without any value is omitted."""

UNLIMITED = 2**31 - 1
"""The value that OpenAI shows for an unlimited limit."""


@dataclass(frozen=True)
class LimitColumn:
    """A column: a limit of OpenAI, or a value that is calculated from the limits of a model in a project.

    Args:
        name: The name in JSON and CSV; of a limit, the name in `RateLimit`.
        head: The head in the table on a terminal: a few characters, because the table fits 80 columns.
        title: The head on the page, of at most 16 characters.
        meaning: What the values are, for the legend of the table, help and documentation.
        value: Calculates the value; None for a limit of OpenAI. Only limits have bars, and only they are compared
            between projects. A calculation returns None if a limit in it is absent or `UNLIMITED`.
    """

    name: str
    head: str
    title: str
    meaning: str
    value: Callable[[GetProjectRateLimitResult], Value] | None = None

    @property
    def is_limit(self) -> bool:
        """Whether it is a limit of OpenAI."""
        return self.value is None

    def of(self, row: GetProjectRateLimitResult) -> Value:
        """The value for a model in a project."""
        if self.value is not None:
            return self.value(row)
        value: int | None = getattr(row, self.name)
        return value


def blocks(value: object) -> bool:
    """Whether a limit with this value blocks the model for the project."""
    return value == 0


def is_blocked(row: GetProjectRateLimitResult) -> bool:
    """Whether any limit blocks the model for the project."""
    return any(blocks(column.of(row)) for column in LIMIT_COLUMNS.values())


COLUMNS = (
    LimitColumn("max_requests_per_1_minute", "RPM", "Requests/min", "requests a minute"),
    LimitColumn("max_tokens_per_1_minute", "TPM", "Tokens/min", "tokens a minute"),
    LimitColumn("max_images_per_1_minute", "IPM", "Images/min", "images a minute"),
    LimitColumn("max_audio_megabytes_per_1_minute", "audio", "Audio MB/min", "megabytes of audio a minute"),
    LimitColumn("max_requests_per_1_day", "RPD", "Requests/day", "requests a day"),
    LimitColumn("batch_1_day_max_input_tokens", "batch", "Batch tokens/day", "batch input tokens a day"),
)
"""In the order in which they are shown: limits of OpenAI, then calculated values."""
LIMIT_COLUMNS = {column.name: column for column in COLUMNS if column.is_limit}
"""The limits of OpenAI, by name."""


def explanation() -> str:
    """All columns in Markdown, for help and documentation."""
    lines = [f"- `{column.head}`: {column.meaning}; `{column.name}` in JSON and CSV" for column in COLUMNS]
    return "\n".join(["Columns of the table:", "", *lines])
