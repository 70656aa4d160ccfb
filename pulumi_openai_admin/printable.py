"""Text from names that people gave: safe to show on a terminal and in a log, lists, counts, and slugs. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""The Unicode categories of characters that move the cursor, change colors, reorder the line, are invisible, or cannot
be encoded."""
_IGNORABLE = (
    *((0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2060, 0x206F), (0x3164, 0x3164)),
    *((0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF)),
)
"""The characters with the Unicode property Default_Ignorable_Code_Point whose category is none of these: fonts show
nothing for them."""
_BLANK = ((0x2800, 0x2800), (0x13441, 0x13442), (0x16FE4, 0x16FE4), (0x1D159, 0x1D159))
"""Letters and symbols without ink: a braille pattern without dots, Egyptian blanks, a Khitan filler, a note without a
head. Spaces are no such characters: a name may have an ideographic space."""
_INVISIBLE = frozenset(code for first, last in (*_IGNORABLE, *_BLANK) for code in range(first, last + 1))

_COMMANDS = re.compile(r"^((?:[^\S\n]|\x1b\[[\d;]*m)*):(?=:)|#(?=#\w*\[)", re.MULTILINE)
"""What runners of CI read as commands in a log: `::set-output …::` at the beginning of a line (GitHub), and in any
place `##[command]` (GitHub, Azure), `##vso[…]` (Azure) and `##teamcity[…]`."""

MAX_NAMED = 12
"""The maximum number of objects or fields that one message names."""
_MAX_SLUG = 60


def printable(text: str) -> str:
    r"""The text with every invisible character as an escape sequence: `\u202e`, `\u001b`.

    Names and ids come from OpenAI, where many people can set them. Without this, a name could clear the screen or look
    like another name. Line ends are escaped too, so that a name cannot start a new line.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        _escape(char) if unicodedata.category(char) in _ESCAPED or ord(char) in _INVISIBLE else char for char in text
    )


def without_commands(text: str) -> str:
    r"""The output of a program, of which a runner of CI executes nothing: `::` begins as `\u003a`, `##[` as `\u0023`.

    A string in JSON keeps its value.
    """
    return _COMMANDS.sub(lambda found: f"{found[1] or ''}{_escape(found[0][-1])}", text)


def capitalized(text: str) -> str:
    """The text with a capital first letter, to begin a sentence with: names in it stay as they are."""
    return text[:1].upper() + text[1:]


def bounded(separator: str, items: Iterable[str]) -> str:
    """The first `MAX_NAMED` items, and the number of the others, in one line."""
    listed = list(items)
    more = [f"and {len(listed) - MAX_NAMED} more"] if len(listed) > MAX_NAMED else []
    return separator.join([*listed[:MAX_NAMED], *more])


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - the largest number with four hexadecimal digits


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: `1 resource`, `2,000 resources`. The default plural ends in `s`."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def slug_of(text: str, joint: str) -> str:
    """The text in lower case letters and digits, with `joint` between the words; empty if it has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return joint.join(re.findall(r"[a-z0-9]+", plain))[:_MAX_SLUG].strip(joint)
