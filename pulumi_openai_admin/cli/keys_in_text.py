"""API keys in a text of any size: a value alone, a `.env`, a log, a diff, a file with other bytes. Pure."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WHOLE_KEY = 40
"""How long a whole key is at least. Those of OpenAI have 51 characters, and new ones more than 130."""
LONGEST_KEY = 500
"""A longer text without an end is none."""
MAX_LINES = 1000
"""How many lines are remembered of a value that repeats."""
_KINDS = "proj|admin|svcacct|service|None"
_START = rf"sk-(?:{_KINDS})-"
_FOUND = re.compile(
    rf"sk-(?:(?!{_START})[\w-]){{0,{LONGEST_KEY}}}(?P<mask>(?:[*•…]|\.\.){{0,{LONGEST_KEY}}}[.]?)(?P<end>[\w-]{{0,20}})",
    re.ASCII,
)
_HAS_KIND = re.compile(_START)
_OF_OPENAI = "T3BlbkFJ"
"""Is in each key of OpenAI."""
_SHORTEST_WITHOUT_KIND = 20
_MASKED_LETTERS = re.compile(rf"(?:{_START}|sk-)[xX]+")
_OVERLAP = 2 * LONGEST_KEY * 2 + 100
"""More characters than a match has."""
_MASKED, _EMPHASIS = re.compile(r"[*•…]|\.\."), re.compile(r"\*{1,3}")


@dataclass
class Candidate:
    """A text that looks like a key, or like the rest of one."""

    value: str
    """Secret; of a masked key, what is before the mask."""
    is_whole: bool
    """Whether it may be a whole key: not if it is too short, or masked."""
    end: str = ""
    """Of a masked key, what is after the mask."""
    lines: list[int] = field(default_factory=list)
    """The numbers of the lines in which it is, up to `MAX_LINES`."""
    count: int = 0
    """How often it was found."""

    @property
    def hint(self) -> str:
        """The beginning and the end, about as OpenAI shows a key: `sk-proj-...wxyz`. The end not of a part of a key."""
        kind = _HAS_KIND.match(self.value)
        return f"{kind[0] if kind else 'sk-'}...{self.value[-4:] if self.is_whole else self.end[-4:]}"

    @property
    def place(self) -> str:
        """Where it is, in words: `line 3`, `lines 3, 7 and 12 more`."""
        shown = ", ".join(f"{line:,}" for line in self.lines[:_MAX_SHOWN])
        more = f" and {self.count - _MAX_SHOWN:,} more" if self.count > _MAX_SHOWN else ""
        return f"line{'s' * (len(self.lines) > 1)} {shown}{more}"


_MAX_SHOWN = 10


def candidates(chunks: Iterable[str]) -> list[Candidate]:
    """Find the keys in a text, which comes in parts; each value once, with its lines, in the order of the text.

    Strings that only begin with `sk-`, such as `sk-learn`, and words that contain it, such as `task-…`, are no keys.
    """
    found: dict[tuple[str, bool, str], Candidate] = {}
    text, position, line = "", 0, 1
    for chunk, is_last in _with_end(chunks):
        text += chunk
        limit = len(text) if is_last else len(text) - _OVERLAP  # a match that begins before it is complete
        counted = position
        while (match := _FOUND.search(text, position)) and match.start() < limit:
            line += text.count("\n", counted, match.start())
            counted = match.start()
            candidate, position = _candidate(text, match)
            if candidate is None:
                continue
            known = found.setdefault((candidate.value, candidate.is_whole, candidate.end), candidate)
            known.count += 1
            if len(known.lines) < MAX_LINES and line not in known.lines[-1:]:
                known.lines.append(line)
        kept = max(position, limit - 1, 0)  # with the character before, which says whether a word begins
        line += text.count("\n", counted, kept) if kept > counted else 0
        text, position = text[max(kept - 1, 0) :], min(kept, 1)
    return [*found.values()]


def _with_end(chunks: Iterable[str]) -> Iterator[tuple[str, bool]]:
    for chunk in chunks:
        yield chunk, False
    yield "", True


def _candidate(text: str, match: re.Match[str]) -> tuple[Candidate | None, int]:
    """What a match is, and where the next one may begin."""
    value, before = text[match.start() : match.start("mask")], text[max(match.start() - 1, 0) : match.start()]
    is_masked = _MASKED.search(match["mask"]) is not None
    end = match.end() if is_masked else match.start("mask") or match.end()
    if is_masked and _EMPHASIS.fullmatch(match["mask"]) and before == "*" and len(value) >= WHOLE_KEY:
        is_masked, end = False, match.start("mask")  # **sk-…** of Markdown
    has_kind = _HAS_KIND.match(value) is not None
    is_of_openai = has_kind or _OF_OPENAI in value
    is_inside_word = before.isalnum() and before.isascii() and not is_of_openai
    is_like_key = is_of_openai or (len(value) >= _SHORTEST_WITHOUT_KIND and _is_mixed(value))
    if len(value) > LONGEST_KEY or is_inside_word or not (is_masked or is_like_key):
        return None, max(end, match.start() + 3)
    is_whole = len(value) >= WHOLE_KEY and not is_masked and not _MASKED_LETTERS.fullmatch(value)
    return Candidate(value, is_whole, match["end"] if is_masked else ""), end


def _is_mixed(value: str) -> bool:
    """Whether a value has digits and capital letters, as keys have, and words have not."""
    return any(map(str.isdigit, value)) and any(map(str.isupper, value))


_FIRST_BYTES = 4
_BY_ZEROS = {b"\0\1\0\1": "utf-16-be", b"\1\0\1\0": "utf-16-le"}
"""The encoding of text whose first bytes are zero (0) or not (1)."""
_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def decoded(blocks: Iterable[bytes]) -> Iterator[str]:
    """Decode a file part by part: UTF-16 by its mark, or by zeros beside the first two characters, and else UTF-8."""
    decoder: codecs.IncrementalDecoder | None = None
    begin = b""
    for block in blocks:
        part, begin = begin + block, b""
        if decoder is None:
            if len(part) < _FIRST_BYTES:
                begin = part
                continue
            by_zero = _BY_ZEROS.get(bytes(map(bool, part[:_FIRST_BYTES])), "utf-8")
            decoder = codecs.getincrementaldecoder(_MARKS.get(part[:2], by_zero))("replace")
        yield decoder.decode(part)
    yield decoder.decode(b"", final=True) if decoder else begin.decode("utf-8", "replace")
