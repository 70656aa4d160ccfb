"""What a user can do about an error, independent of the tool that shows it. Pure.

A text consists of parts, and some parts are remedies. The tool that shows the text has words for each remedy: the
commands of the Pulumi CLI, or of `pulumi-openai-admin`. `str` of a text is in plain English.
"""

from __future__ import annotations

import copy
import logging
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping


NOTE = 25
"""The level of log records that tell the user something, and warn of nothing: below `logging.WARNING`."""


class RemedyKind(Enum):
    """The kinds of remedies. Each value is a clause in plain English."""

    RUN = "update the resources"
    RUN_AGAIN = "run the command again"
    REFRESH = "refresh the state"
    REFRESH_THEN_RUN = "refresh the state, then update the resources"
    CORRECT_PROGRAM = "correct the program and run it again"
    DECLARE_OLD_NAME = "declare its old name as an alias, which keeps its state"
    REMOVE_FROM_STATE = "remove it from the state ('{urn}')"
    CONFIGURE = "set {setting} in the stack's configuration"
    CONFIGURE_ENCRYPTED = "set {setting} in the stack's configuration, encrypted"
    REMOVE_SETTING = "remove {setting} from the stack's configuration"


Words = dict[RemedyKind, str]
"""The words of one tool for each remedy: a clause that begins with a lower-case verb. `{urn}` is the resource's URN,
`{setting}` a setting of the stack, with an example of its value if that helps."""

PLAIN: Words = {kind: kind.value for kind in RemedyKind}


@runtime_checkable
class Worded(Protocol):
    """A text that names remedies."""

    def in_words(self, words: Mapping[RemedyKind, str]) -> str:
        """The text in the words of one tool."""
        ...


@dataclass(frozen=True)
class Remedy:
    """An action of the user, as a clause: "run the command again"."""

    kind: RemedyKind
    urn: str = ""
    """The URN of the resource, if the clause names it."""
    setting: str = ""
    """The setting of the stack, if the clause names it: `openai-admin:parallel 16`."""

    def in_words(self, words: Mapping[RemedyKind, str]) -> str:
        """See `Worded`."""
        return words[self.kind].replace("{urn}", self.urn).replace("{setting}", self.setting)

    def __str__(self) -> str:
        return self.in_words(PLAIN)


RUN = Remedy(RemedyKind.RUN)
RUN_AGAIN = Remedy(RemedyKind.RUN_AGAIN)
REFRESH = Remedy(RemedyKind.REFRESH)
REFRESH_THEN_RUN = Remedy(RemedyKind.REFRESH_THEN_RUN)
CORRECT_PROGRAM = Remedy(RemedyKind.CORRECT_PROGRAM)
DECLARE_OLD_NAME = Remedy(RemedyKind.DECLARE_OLD_NAME)


class Advice:
    """One or more full sentences, which may name remedies.

    `Advice("Delete the other one, then ", RUN_AGAIN, ".")`

    Args:
        parts: Parts of the text. A remedy at the beginning of a sentence is capitalized.
    """

    def __init__(self, *parts: str | Worded) -> None:
        self._parts = parts

    @property
    def kind(self) -> RemedyKind | None:
        """The kind of the first remedy; None if the text names none."""
        return next((part.kind for part in self._parts if isinstance(part, Remedy)), None)

    def in_words(self, words: Mapping[RemedyKind, str]) -> str:
        """See `Worded`."""
        text = ""
        for part in self._parts:
            piece = part if isinstance(part, str) else part.in_words(words)
            begins = isinstance(part, Remedy) and (not text or text.endswith(". "))
            text += piece[:1].upper() + piece[1:] if begins else piece
        return printable(text)

    def __str__(self) -> str:
        return self.in_words(PLAIN)

    def __repr__(self) -> str:
        return repr(str(self))


class Formatter(logging.Formatter):
    """Formats log lines whose arguments may name remedies, in the words of one tool."""

    def __init__(self, words: Mapping[RemedyKind, str]) -> None:
        super().__init__()
        self._words = words

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        if isinstance(record.args, tuple):
            # A copy, since other handlers get the same record.
            record = copy.copy(record)
            record.args = tuple(
                argument.in_words(self._words) if isinstance(argument, Worded) else argument
                for argument in record.args or ()
            )
        return super().format(record)
