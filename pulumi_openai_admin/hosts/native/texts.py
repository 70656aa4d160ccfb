"""The descriptions in declarations, for every language: names in camelCase, values as JSON has them. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pulumi_openai_admin.hosts.native.names import camel

if TYPE_CHECKING:
    from collections.abc import Collection

_CODE = re.compile(r"`[^`]+`")
_QUOTED_OR_WORD = re.compile(r'"[^"]*"|\w+')
_VALUES = {"None": "null", "True": "true", "False": "false"}


def native(text: str, names: Collection[str]) -> str:
    """A text in which the code has the names and values of the native provider.

    Args:
        text: A text with code between backticks. A value, or the key of a mapping, that has an underscore is in double
            quotes: `"project_id"`. It keeps its spelling, and loses the quotes.
        names: The names of properties and functions in Python.
    """
    return _CODE.sub(lambda code: _QUOTED_OR_WORD.sub(lambda found: _word(found[0], names), code[0]), text)


def _word(word: str, names: Collection[str]) -> str:
    if word.startswith('"'):
        return word.strip('"')
    return camel(word) if word in names else _VALUES.get(word, word)
