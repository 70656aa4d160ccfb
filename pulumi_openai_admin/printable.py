"""Text from OpenAI, made safe to show on a terminal and in a log. Pure."""

from __future__ import annotations

import unicodedata

_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""The Unicode categories of characters that move the cursor, change colors, reorder the line, are invisible, or cannot
be encoded."""


def printable(text: str) -> str:
    r"""The text with every invisible character as an escape sequence: `\u202e`, `\u001b`.

    Names and ids come from OpenAI, where many people can set them. Without this, a name could clear the screen or look
    like another name. Line ends are escaped too, so that a name cannot start a new line.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(char) if unicodedata.category(char) in _ESCAPED else char for char in text)


def capitalized(text: str) -> str:
    """The text with a capital first letter, to begin a sentence with: names in it stay as they are."""
    return text[:1].upper() + text[1:]


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - the largest number with four hexadecimal digits
