"""The messages in the code, and the quotations of messages in pages.

A template is the text of a message with `HOLE` for each value. A quotation has `…` for a value, or a value.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "pulumi_openai_admin"
HOLE = "\0"
_FILLED_IN = re.compile(r"%(?:\.\d+)?[sdrf]")
_SENTENCES = re.compile(r"(?<=[.?!])\s")
_CLAUSES = re.compile(r"(?<=[.?!;:])\s")
_AROUND = " .,:;'\"()[]{}`$"
_TEXTS = {"Advice", "Message", "Text"}
"""What is called with the parts of a text."""


def template(node: ast.expr) -> str:
    """The text of an expression, with one space where there is any white space."""
    return " ".join(_text(node).split())


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _TEXTS:
        return "".join(map(_text, node.args))
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_text, node.values))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _FILLED_IN.sub(HOLE, node.value)
    return HOLE


def first_sentence(text: str) -> str:
    """The first sentence of a template."""
    return _SENTENCES.split(text)[0]


def constants(text: str) -> list[str]:
    """The parts of a template that are always the same, in order, without the punctuation around them."""
    parts = (re.sub(r"^s(?= )", "", part).strip(_AROUND) for part in text.split(HOLE))  # `model%s of`
    return [part for part in parts if re.search(r"\w", part)]


def pattern_of(text: str) -> re.Pattern[str]:
    """What finds a quotation of a template: all its constant parts, in order."""
    return re.compile(".*?".join(map(re.escape, constants(text))))


class Quotation(NamedTuple):
    """Code of a page, and the line on which it is, from 1."""

    line: int
    text: str


def code_of(page: str, *, with_blocks: bool = False) -> Iterator[Quotation]:
    """The code in the text of a page, and the lines of its blocks in `text`."""
    lines = page.splitlines()
    for token in MarkdownIt("commonmark").enable("table").parse(page):
        first, end = token.map or (0, 0)
        for child in token.children or ():
            if child.type == "code_inline":
                yield Quotation(line_of(lines, first, end, child.content), child.content)
        if with_blocks and token.type == "fence" and token.info == "text":
            for number, line in enumerate(token.content.splitlines(), first + 2):
                yield Quotation(number, " ".join(line.split()))


@cache
def _clauses() -> tuple[re.Pattern[str], ...]:
    """A pattern with a group for each constant part, for each clause of the package: no docstrings, no emulator."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        if path.is_relative_to(PACKAGE / "emulator"):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        skipped |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in skipped:
                found |= {*_CLAUSES.split(template(node))}
    return tuple(_pattern(parts) for clause in found if (parts := constants(clause)))


def _pattern(parts: Sequence[str]) -> re.Pattern[str]:
    pattern = ".*?".join(rf"(?<!\w)({re.escape(part)})(?=s?(?!\w))" for part in parts)  # `model%s`
    return re.compile(pattern, re.IGNORECASE)


def _covered(pattern: re.Pattern[str], text: str) -> set[int]:
    """The places of a text that are constant parts of a clause; none if one is missing."""
    groups = range(1, pattern.groups + 1)
    return {place for match in pattern.finditer(text) for group in groups for place in range(*match.span(group))}


_PLAIN_WORD = re.compile(r"(?<![\w./@'\"#$*-])[A-Za-z]?[a-z]+(?![\w./@'\"*-]\w|[…\w-])")
"""A word that is no value: no id, no email address, no name in quotation marks."""
_MIN_WORDS, _MIN_SHARE = 4, 0.35
"""The words of a clause from which one text must have a share. A smaller share is a coincidence."""


def stale_words(text: str) -> list[str]:
    """The words of a quotation that no message has in this order; empty if there is such a message.

    A message can consist of several texts. One text must have a share of the words of each clause. The other words must
    be in other texts.
    """
    stale = []
    for clause in _CLAUSES.split(text):
        places = [range(*word.span()) for word in _PLAIN_WORD.finditer(clause)]
        covers = [cover for pattern in _clauses() if (cover := _covered(pattern, clause))]
        most = max((sum(not cover.isdisjoint(place) for place in places) for cover in covers), default=0)
        all_covered = set[int]().union(*covers)
        missing = [clause[place.start : place.stop] for place in places if all_covered.isdisjoint(place)]
        if len(places) >= _MIN_WORDS and most < _MIN_SHARE * len(places):
            missing = missing or [clause]
        stale += missing
    return stale


def is_sentence(text: str) -> bool:
    """Whether code is a sentence or a part of one: not a command, a type or a program."""
    return (
        len(re.findall(r"[A-Za-z']{2,}", text)) >= 5
        and re.search(r"\b(the|is|has|have|was|were|be|of|no|not|that|in|may)\b", text) is not None
        and re.search(r"""[="{}\[\]]|\bNone\b""", text) is None
    )


def line_of(lines: list[str], first: int, end: int, target: str) -> int:
    """The line, from 1, of a block that contains a text; its first one if none does."""
    return next((number for number in range(first, end) if target in lines[number]), first) + 1
