"""The texts of declarations for programs in every language: names in camelCase, values as JSON has them. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pulumi_openai_admin.hosts.native.names import camel

if TYPE_CHECKING:
    from collections.abc import Collection

_CODE = re.compile(r"`[^`]+`")
_WORD = re.compile(r"\w+")
_VALUES = {"None": "null", "True": "true", "False": "false"}


def native(text: str, names: Collection[str]) -> str:
    """A text in which the code has the names and values of the native provider.

    Args:
        text: A text with code between backticks.
        names: The names of properties and functions in Python. Other words, such as `service_account`, are values.
    """
    return _CODE.sub(lambda code: _WORD.sub(lambda word: _word(word[0], names), code[0]), text)


def _word(word: str, names: Collection[str]) -> str:
    return camel(word) if word in names else _VALUES.get(word, word)
