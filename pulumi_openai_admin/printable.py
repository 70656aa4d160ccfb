"""Text from outside, made safe to show on a terminal and in a log. Pure."""

from __future__ import annotations

import unicodedata

_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""The Unicode categories of characters that move the cursor, colour the line, reorder it, hide, or have no encoding."""


def printable(text: str) -> str:
    r"""The text with every character that is not visible written as its escape sequence: `\u202e`, `\u001b`.

    Names and ids come from OpenAI, where many people can choose them: without this, a name could clear the screen, or
    show another name than it has. Line ends are escaped too, so that a name can't begin a line of its own.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(char) if unicodedata.category(char) in _ESCAPED else char for char in text)


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - what four digits can say
