"""What a user can do about an error, independent of the tool that shows it. Pure.

A text consists of parts, and some parts are remedies or names of settings. The tool that shows the text has words for
each of them: the commands of the Pulumi CLI, or the options of `pulumi-openai-admin` (`engine/wording.py`). `str`
of a text is in plain English.
"""

from __future__ import annotations

import copy
import logging
from dataclasses import dataclass
from enum import Enum
from functools import cache

from typing_extensions import override

from pulumi_openai_admin.printable import capitalized, printable

NOTE = 25
"""The level of log records that tell the user something, and warn of nothing: below `logging.WARNING`."""
_PACKAGE = "pulumi-openai-admin"


class RemedyKind(Enum):
    """The kinds of remedies. Each value is a clause in plain English."""

    RUN = "update the resources"
    RUN_AGAIN = "run the command again"
    REFRESH = "refresh the state"
    REFRESH_THEN_RUN = "refresh the state, then update the resources"
    CORRECT_PROGRAM = "correct the program and run it again"
    DECLARE_OLD_NAME = "add an alias with its old name"
    REMOVE_FROM_STATE = "remove it from the state ('{urn}')"
    CONFIGURE = "set {setting} in the stack configuration"
    CONFIGURE_ENCRYPTED = "set {setting} in the stack configuration, encrypted"
    REMOVE_SETTING = "remove {setting} from the stack configuration"
    KEEP_KEY_IN_STACK = (
        "to keep the key in the stack instead, set openai-admin:adminApiKey in the stack configuration, encrypted"
    )
    STOP_AT_ONCE = "to stop at once, press Ctrl-C a second time"
    SET_KEY = (
        "to use another key for this run, set OPENAI_ADMIN_KEY. It takes precedence over the stack configuration. "
        "Refresh and destroy use the configuration that the last update recorded"
    )
    CHANGE_KEY = "to use another key, change OPENAI_ADMIN_KEY"
    CHANGE_OR_UNSET_KEY = (
        f"{CHANGE_KEY}, or unset it to use the key in the stack configuration openai-admin:adminApiKey"
    )


class Name(Enum):
    """The settings and values that tools name differently. Each value is the name in a Pulumi program in Python."""

    MAX_WAIT = "openai-admin:maxWaitSeconds"
    BASE_URL = "OPENAI_BASE_URL (or openai-admin:baseUrl)"
    ORGANIZATION = "OPENAI_ORG_ID (or openai-admin:organization)"
    OF_PROVIDER = "{argument} of Provider {provider}"
    TRUE = "True"
    FALSE = "False"


Words = dict[RemedyKind | Name, str]
"""The words of one tool. For a remedy: a clause that begins with a lower-case word. `{urn}` is the resource's URN,
`{setting}` a setting of the stack, with an example of its value if that helps. For a setting: its name. For a setting
of a `Provider` of the program: `{argument}` is its name in Python, `{setting}` its name in every other language."""

PLAIN: Words = {**{kind: kind.value for kind in RemedyKind}, **{name: name.value for name in Name}}


class Worded:
    """A text that names remedies or settings."""

    def in_words(self, words: Words) -> str:
        """Return the text in the words of one tool."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.in_words(PLAIN)


@dataclass(eq=False, repr=False)
class Remedy(Worded):
    """An action of the user, as a clause: "run the command again"."""

    kind: RemedyKind
    urn: str = ""
    """The URN of the resource, if the clause names it."""
    setting: str = ""
    """The setting of the stack, if the clause names it: `openai-admin:parallel 16`."""

    @override
    def in_words(self, words: Words) -> str:
        return words[self.kind].replace("{urn}", self.urn).replace("{setting}", self.setting)


@dataclass(eq=False, repr=False)
class Term(Worded):
    """A name that tools spell differently."""

    name: Name

    @override
    def in_words(self, words: Words) -> str:
        return words[self.name]


RUN = Remedy(RemedyKind.RUN)
RUN_AGAIN = Remedy(RemedyKind.RUN_AGAIN)
REFRESH = Remedy(RemedyKind.REFRESH)
REFRESH_THEN_RUN = Remedy(RemedyKind.REFRESH_THEN_RUN)
CORRECT_PROGRAM = Remedy(RemedyKind.CORRECT_PROGRAM)
DECLARE_OLD_NAME = Remedy(RemedyKind.DECLARE_OLD_NAME)


@dataclass(eq=False, repr=False)
class OptionalAdvice(Worded):
    """A sentence of advice, with a space before it. Empty for a tool that has no words for its remedy."""

    kind: RemedyKind

    @override
    def in_words(self, words: Words) -> str:
        return f" {capitalized(words[self.kind])}." if words[self.kind] else ""


class Message(Worded):
    """A text in parts, some of which name remedies. A remedy at the beginning of a sentence is capitalized."""

    def __init__(self, *parts: str | Worded) -> None:
        self._parts = parts

    @override
    def in_words(self, words: Words) -> str:
        text = ""
        for part in self._parts:
            piece = part if isinstance(part, str) else part.in_words(words)
            begins = isinstance(part, Remedy) and (not text or text.endswith(". "))
            text += capitalized(piece) if begins else piece
        return printable(text)

    def __repr__(self) -> str:
        return repr(str(self))


class Advice(Message):
    """One or more full sentences on what to do.

    `Advice("Delete the other one, then ", RUN_AGAIN, ".")`
    """


def describe(error: BaseException, words: Words) -> str:
    """What a user is shown of an error, in the words of one tool."""
    return error.in_words(words) if isinstance(error, Worded) else str(error)


class Formatter(logging.Formatter):
    """Formats log lines whose arguments may name remedies, in the words of one tool."""

    def __init__(self, words: Words) -> None:
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


@cache
def project_urls() -> dict[str, str]:
    """The addresses of the project: `Source`, `Documentation`, `Changelog` and `Issues` (`[project.urls]`)."""
    from importlib.metadata import metadata  # noqa: PLC0415 - it loads `csv`, `email` and `zipfile`

    entries = metadata(_PACKAGE).get_all("Project-URL") or ()
    return dict(entry.split(", ", maxsplit=1) for entry in entries)


def page_address(page: str) -> str:
    """The address of a page of docs/ as it is at the tag of the installed version, for a message.

    Args:
        page: Its path in docs/, with an anchor if there is one: `secret-stores.md#kubernetes`.
    """
    from importlib.metadata import version  # noqa: PLC0415 - see `project_urls`

    return f"{project_urls()['Source']}/blob/v{version(_PACKAGE)}/docs/{page}"
