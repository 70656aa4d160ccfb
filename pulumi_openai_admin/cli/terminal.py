"""How all commands talk: data to stdout, everything else to stderr, errors as a sentence and an exit code."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from contextlib import contextmanager
from textwrap import indent
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from pulumi_openai_admin.cli import words
from pulumi_openai_admin.errors import AdminError
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.remedies import Formatter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

FAILED = 1
INTERRUPTED = 130

_WIDTH_IN_A_PIPE = 160
_BEYOND_ASCII = re.compile(r"[^\n -~]")
"""In JSON only inside strings, so each can be escaped."""

# Names of projects and accounts come from OpenAI: nothing in them is markup.
_err = Console(stderr=True, markup=False, emoji=False, highlight=False)


def can_show(text: str) -> bool:
    """Whether the encoding of stdout has all characters of a text."""
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return False
    return True


def cell(text: str, style: str = "") -> Text:
    """A text from outside, for a table."""
    return Text(printable(text), style)


def _out() -> Console:
    """Stdout: as wide as the terminal, or wide enough for a table where it goes into a pipe or a file."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDTH_IN_A_PIPE
    return Console(width=width, markup=False, emoji=False, highlight=False)


def columns() -> int:
    """How wide what is shown may be."""
    return _out().width


def show(what: RenderableType) -> None:
    """Data, for people."""
    _out().print(what)


def show_line(text: str) -> None:
    """Data, for people and programs: one line, whatever its length."""
    sys.stdout.write(printable(text) + "\n")


def show_json(document: Any) -> None:
    """Data, for programs."""
    sys.stdout.write(in_json(document, indent=2) + "\n")


def show_json_list(documents: Iterable[Any]) -> None:
    """Data, for programs: as `show_json` shows a list, one document after the other."""
    before = "[\n"
    for one in documents:
        sys.stdout.write(before + indent(in_json(one, indent=2), "  "))
        before = ",\n"
    sys.stdout.write("[]\n" if before == "[\n" else "\n]\n")


def in_json(document: Any, indent: int | None = None) -> str:
    """A document as JSON in which no character acts on a terminal, and which stdout's encoding can write."""
    is_unicode = sys.stdout.encoding.lower().startswith("utf")
    text = json.dumps(document, indent=indent, ensure_ascii=not is_unicode)
    return _BEYOND_ASCII.sub(_in_json, text)


def _in_json(found: re.Match[str]) -> str:
    char = found.group()
    return char if printable(char) == char else json.dumps(char)[1:-1]


def say(text: str = "", style: str = "") -> None:
    """What goes on, for people, in one line. Not wrapped where it goes into a file: a log is searched by line."""
    _err.print(cell(text, style), soft_wrap=not _err.is_terminal)


@contextmanager
def progress(what: str, total: int) -> Iterator[Progress]:
    """A bar with a count and the time that is left; its only task has the id 0. In a log: how it ended."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("left:"), TimeRemainingColumn(), console=_err) as bar:
        bar.add_task(what, total=total)
        yield bar


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Something of which nobody knows how long it takes; nothing in a log."""
    with _err.status(what):
        yield


@contextmanager
def talking(*, after_interrupt: str = "") -> Iterator[None]:
    """Around each command: its warnings are shown, and whatever ends it becomes a sentence and an exit code.

    Args:
        after_interrupt: What to do after a Ctrl-C.
    """
    logger = logging.getLogger("pulumi_openai_admin")  # the parent of those of all modules
    handler = _Lines()
    logger.addHandler(handler)
    propagates, logger.propagate = logger.propagate, False
    try:
        yield
    except AdminError as error:
        say(f"error: {words.describe(error)}", "red")
        raise typer.Exit(FAILED) from None
    except BrokenPipeError:  # `… | head` has seen enough: Click knows how to end quietly
        raise
    except OSError as error:
        say(f"error: {_told(error)}", "red")
        raise typer.Exit(FAILED) from None
    except KeyboardInterrupt:
        say(f"Stopped. {after_interrupt}".rstrip())
        raise typer.Exit(INTERRUPTED) from None
    finally:
        logger.propagate = propagates
        logger.removeHandler(handler)


def _told(error: OSError) -> str:
    where = f" ({os.fsdecode(error.filename)})" if error.filename else ""
    return f"{error.strerror or error}{where}."


class _Lines(logging.Handler):
    """Warnings, and requests where OPENAI_LOG asks for them, above whatever progress is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(Formatter(words.WORDS))

    def emit(self, record: logging.LogRecord) -> None:
        is_warning = record.levelno >= logging.WARNING
        say(f"{record.levelname.lower()}: {self.format(record)}", "yellow" if is_warning else "dim")
