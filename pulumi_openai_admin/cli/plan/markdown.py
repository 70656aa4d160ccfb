"""The comment on a pull request: a preview in Markdown, short enough for GitHub and GitLab. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pulumi_openai_admin.cli.plan.preview import CREATE, DELETE, LEAVE, REPLACE, UPDATE
from pulumi_openai_admin.cli.plan.review import Part
from pulumi_openai_admin.cli.value_words import ABSENT
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.cli.plan.review import Line, Review, Section

MAX_CHARACTERS = 60_000
"""GitHub takes comments of up to 65,536 characters."""
_MAX_LOST = 20
_WORDS = (
    (CREATE, "create"),
    ("import", "import"),
    (UPDATE, "update"),
    (REPLACE, "replace"),
    (DELETE, "delete"),
    (LEAVE, "leave unchanged"),
)


def in_markdown(review: Review) -> str:
    """The preview as a comment. What does not fit is counted."""
    blocks = [*_head(review)]
    size, omitted = sum(map(len, blocks)), 0
    for section in review.sections:
        block = _block(section)
        if size + len(block) > MAX_CHARACTERS:
            omitted += 1
            continue
        blocks.append(block)
        size += len(block)
    if omitted:
        what = "project is" if omitted == 1 else "projects are"
        blocks.append(f"{omitted:,} more {what} not shown: the comment would be too long.\n")
    return "\n".join(blocks)


def _head(review: Review) -> Iterator[str]:
    counts = [f"{review.operations[name]:,} to {word}" for name, word in _WORDS if review.operations[name]]
    yield f"### OpenAI plan\n\n{', '.join(counts) or 'Nothing changes'}.\n"
    if review.lost:
        lost = [f"- {in_code(text)}" for text in review.lost[:_MAX_LOST]]
        more = len(review.lost) - len(lost)
        yield "\n".join(
            ["Deleted, replaced or no longer managed:\n", *lost, *([f"- {more:,} more"] if more else []), ""]
        )
    if review.diagnostics:
        messages = [f"- {severity}: {in_code(text)}" for severity, text in review.diagnostics[:_MAX_LOST]]
        yield "\n".join(["Messages of the preview:\n", *messages, ""])


def _block(section: Section) -> str:
    new = " (new)" if section.key.startswith("urn:") else ""
    rows = "\n".join(_row(part, line) for part, line in section.lines)
    head = "| | what | change | resource |\n|---|---|---|---|"
    return f"#### {in_code(section.title)}{new}\n\n{head}\n{rows}\n"


def _row(part: Part, line: Line) -> str:
    if line.before == ABSENT and line.after == ABSENT:
        change = ""
    elif line.before == ABSENT:
        change = line.after
    elif line.after == ABSENT:
        change = line.before if part is Part.ACCESS else f"was {line.before}"
    else:
        change = f"{line.before} → {line.after}"
    word = f"**{line.word(part)}**" if line.mark.css in ("removed", "replaced") else line.word(part)
    cells = [in_code(text, is_cell=True) for text in (line.what, change, line.resource)]
    return f"| {word} | {' | '.join(cells)} |"


def in_code(text: str, *, is_cell: bool = False) -> str:
    """A text as code, so that nothing in it is markup, a link, or a mention of a person.

    Args:
        text: The text.
        is_cell: Whether it is in a table, where a bar has to be escaped in code, too.
    """
    shown = printable(text).replace("|", r"\|") if is_cell else printable(text)
    if not shown.strip():
        return ""
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    gap = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{fence}{gap}{shown}{gap}{fence}"
