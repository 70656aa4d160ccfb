"""Output of all commands: data to stdout or a file, messages to stderr, errors as a message and an exit code."""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import signal
import stat
import sys
import threading
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import typer
from rich.cells import cell_len
from rich.console import Console, Group
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from pulumi_openai_admin.cli import words
from pulumi_openai_admin.engine.process import log_requests
from pulumi_openai_admin.engine.wording import COMMAND_LINE
from pulumi_openai_admin.errors import AdminError
from pulumi_openai_admin.printable import printable, without_commands
from pulumi_openai_admin.remedies import Formatter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TextIO

    from rich.console import RenderableType
    from rich.status import Status

DONE, FAILED, USAGE, FOUND, NOT_READ = range(5)
"""The exit codes of all commands."""
STOPPED = 128
EXIT_CODES = {
    DONE: ("done", "The command did what it was asked to do, and read all of it."),
    FAILED: ("failed", "An error, or something that the command was asked to do was not done. A message says what."),
    USAGE: ("wrong usage", "An option or an argument is wrong. The command did nothing."),
    FOUND: (
        "found",
        "`drift` found differences or unmanaged objects, `keys find` a key, `keys --fail` keys to show.",
    ),
    NOT_READ: ("not all was read", "Some lists or resources could not be read: messages name them. The rest is shown."),
    STOPPED + 1: ("hung up", "SIGHUP: the terminal was closed."),
    STOPPED + 2: ("interrupted", "SIGINT: Ctrl-C."),
    STOPPED + 15: ("terminated", "SIGTERM: `kill`, `timeout`, or a job of CI that was cancelled."),
}
"""What each means, in short and in a sentence, for the help and the documentation."""

_WIDTH_IN_A_PIPE = 160
_CHUNKS_AT_A_TIME = 1000
_BEYOND_ASCII = re.compile(r"[^\n -~]")
"""In JSON these are only inside strings, so each can be escaped."""


class _MessageStream(Console):
    """Stderr. If nobody reads it any longer, the command goes on: it may be in the middle of a change."""

    def on_broken_pipe(self) -> None:
        """Write nothing more."""
        self.quiet = True


class _DataStream(Console):
    """Stdout. If nobody reads it any longer, the command decides."""

    def on_broken_pipe(self) -> None:
        """Raise the error, in place of the end of the process."""
        raise  # noqa: PLE0704 - Rich calls this while it handles the error


# Names of projects and accounts come from OpenAI and must not be read as markup.
_err = _MessageStream(stderr=True, markup=False, emoji=False, highlight=False)


@dataclass
class _Output:
    """What became of the output of the command that runs."""

    has_json: bool = False
    """Whether it has begun to print JSON."""
    error: OSError | None = None
    """Why standard output could not be written, while a message was printed."""

    def begin(self) -> None:
        """Another command begins."""
        self.has_json, self.error = False, None


output = _Output()


class _Defused:
    """A stream of text without commands of runners of CI, which read all that a job prints."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text that begins in a new line, or in which the line goes on."""
        return self._stream.write(without_commands(text))

    def writelines(self, texts: Iterable[str]) -> None:
        """Write strings."""
        for text in texts:
            self.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _defused(stream: TextIO) -> TextIO:
    return cast("TextIO", _Defused(stream))


@contextmanager
def defused_streams() -> Iterator[None]:
    """Let nothing that is printed be a command of a runner of CI: anybody who can name a key could write one."""
    with redirect_stdout(_defused(sys.stdout)), redirect_stderr(_defused(sys.stderr)):
        yield


def can_show(text: str) -> bool:
    """Return whether the encoding of stdout has all characters of a text."""
    try:
        text.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return False
    return True


def cell(text: str, style: str = "") -> Text:
    """Return a text from OpenAI, for a table."""
    return Text(printable(text), style)


def _out() -> Console:
    """Stdout, as wide as the terminal; wide enough for a table if it goes to a pipe or a file."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDTH_IN_A_PIPE
    return _DataStream(width=width, markup=False, emoji=False, highlight=False)


def columns() -> int:
    """Return the width of stdout in columns."""
    return _out().width


def narrowed(widths: Sequence[int], least: Sequence[int], gap: int) -> list[int]:
    """Return the widths of the columns of a table that fits: the widest is narrowed first, none below its least."""
    fitted, room = list(widths), columns() - gap * (len(widths) - 1)
    while sum(fitted) > room:
        wide = [width if width > low else 0 for width, low in zip(fitted, least, strict=True)]
        if not any(wide):
            break
        fitted[wide.index(max(wide))] -= 1
    return fitted


_GAP = 2
_INDENT = 2
"""The width of an empty first column, and of a level below."""
_MOST = (44, 44, 40)
"""The greatest widths of the columns of a block. Longer strings continue on the next line, between words."""
_STYLES = ("", "yellow", "dim")
"""The styles of the columns of a block: the field, what changed, and who changed it; or what there is, and who made it.
"""


def show_block(rows: Sequence[Sequence[str]]) -> None:
    """Print rows of two or three cells: beside each other where no word has to be broken, else below each other."""
    texts = [list(map(printable, column)) for column in zip(*rows, strict=True)]
    least = [max(cell_len(word) for text in column for word in text.split() or [""]) for column in texts]
    most = [max(limit, width) for limit, width in zip(_MOST[-len(least) :], least, strict=True)]
    _, *widths = narrowed((_INDENT, *most), (_INDENT, *least), _GAP)
    styles = _STYLES[-len(least) :]
    if sum(widths) + _INDENT + _GAP * len(widths) > columns():
        indents = (2 * _INDENT, *[3 * _INDENT] * (len(styles) - 1))
        cells = (item for row in rows for item in zip(row, styles, indents, strict=True) if item[0] != words.ABSENT)
        show(Group(*(Padding(cell(text, style), (0, 0, 0, indent)) for text, style, indent in cells)))
        return
    table = Table(box=None, show_header=False, padding=(0, _GAP, 0, 0), pad_edge=False)
    table.add_column(width=_INDENT)
    for width in widths:
        table.add_column(width=width, overflow="fold")
    for row in rows:
        table.add_row("", *map(cell, row, styles))
    show(table)


def show(content: RenderableType) -> None:
    """Print data for people."""
    _out().print(content)


def show_line(text: str) -> None:
    """Print data for people and programs: one line, which is not wrapped."""
    sys.stdout.write(printable(text) + "\n")


def decoded(content: bytes) -> str:
    """Return the text of a file or of stdin: PowerShell's `>` writes UTF-16."""
    return content.decode(json.detect_encoding(content), errors="replace")


class _Streamed(list[Any]):
    """A list of which the encoder of JSON has only one document in memory."""

    def __init__(self, documents: Iterable[Any]) -> None:
        self._rest = iter(documents)
        super().__init__(islice(self._rest, 1))  # the encoder asks first whether a list is empty

    def __iter__(self) -> Iterator[Any]:
        return chain(super().__iter__(), self._rest)


def _encoder(indent: int | None = None) -> json.JSONEncoder:
    is_unicode = sys.stdout.encoding.lower().startswith("utf")
    return json.JSONEncoder(indent=indent, ensure_ascii=not is_unicode, default=_Streamed)


def show_json(document: Any) -> None:
    """Print data for programs. A generator becomes a list, of which not all is in memory."""
    chunks = _encoder(indent=2).iterencode(document)
    while part := "".join(islice(chunks, _CHUNKS_AT_A_TIME)):
        output.has_json = True
        sys.stdout.write(without_invisible(part))
    sys.stdout.write("\n")


def error_in_json(code: str, message: str, request_id: str = "") -> dict[str, str | None]:
    """Return what JSON has of an error."""
    return {"code": code, "message": message, "request_id": request_id or None}


def admin_error_in_json(error: AdminError) -> dict[str, str | None]:
    """Return what JSON has of an error of this package."""
    facts = error.facts
    code = facts.code or str(facts.status) if facts else _code_of(error)
    return error_in_json(code, words.describe(error), facts.request_id if facts else "")


def show_error(error: dict[str, str | None]) -> None:
    """Print an error as JSON, unless a part of other JSON was printed."""
    if not output.has_json:
        show_json({"error": error})


def show_json_lines(documents: Iterable[Any]) -> None:
    """Print data for programs: a document a line. All of it is handed on before this returns."""
    sys.stdout.write(without_invisible("".join(f"{line}\n" for line in map(_encoder().encode, documents))))
    flush()


def without_invisible(text: str) -> str:
    """Return a text in JSON, with an escape sequence for each character that is invisible or reorders a line."""
    return _BEYOND_ASCII.sub(
        lambda found: found[0] if printable(found[0]) == found[0] else json.dumps(found[0])[1:-1], text
    )


def say(text: str = "", style: str = "") -> None:
    """Print a message for people, after the data before it. It is not wrapped in a file: logs are searched by line."""
    _flush_quietly()
    with suppress(OSError):  # a full disk: the command may be in the middle of a change
        _err.print(cell(text, style), soft_wrap=not _err.is_terminal)


def warn(lines: Iterable[str]) -> int:
    """Print warnings, such as what could not be read, each in a line; returns the exit code."""
    code = DONE
    for line in lines:
        say(f"warning: {line}", "yellow")
        code = NOT_READ
    return code


def is_standard_output(path: Path) -> bool:
    """Return whether a path means standard output. Windows has no `/dev/stdout`."""
    return path in {Path("-"), Path("/dev/stdout")}


def named(path: Path) -> str:
    """Return the path, for a message that says what was written."""
    return "standard output" if is_standard_output(path) else str(path)


@contextmanager
def whole_file(path: Path, *, is_secret: bool = False) -> Iterator[TextIO]:
    """Give a text file that replaces the file at the path after all of it is written.

    Standard output (`-`), and a path that is not a regular file, such as a pipe, is written directly. Only its owner
    can read a new file. One that replaces another has its owner, its group and, if it is not secret, its mode. An error
    names the path.
    """
    try:
        if is_standard_output(path):  # opened by its name, a file that it appends to would lose what it has
            sys.stdout.flush()
            wrapper = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n")
            try:
                yield _defused(wrapper)
                wrapper.flush()
            finally:
                wrapper.detach()  # stdout stays open
            return
        if (path.exists() and not path.is_file()) or path.parent == Path("/dev"):
            with path.open("w", encoding="utf-8", newline="\n") as file:
                yield file
            return
        place = path.resolve()  # a link stays a link
        draft = place.with_name(f".{place.name}.{secrets.token_hex(4)}.draft")  # two commands may write the same file
        try:
            draft.touch(mode=0o600, exist_ok=False)
            names = _keep_access(draft, place, is_secret=is_secret) if place.exists() else 1
            with draft.open("w", encoding="utf-8", newline="\n") as file:
                yield file
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise OSError(error.errno, error.strerror, named(path)) from None
    if names > 1:
        say(f"warning: {path} has other names (hard links): they keep the old content.", "yellow")


def _keep_access(draft: Path, place: Path, *, is_secret: bool) -> int:
    """Give a draft the owner, the group and the mode of the file that it replaces; returns how many names that has."""
    old = place.stat()
    if os.name == "posix":  # Windows has neither
        made = draft.stat()
        if (made.st_uid, made.st_gid) != (old.st_uid, old.st_gid):
            os.chown(draft, old.st_uid, old.st_gid)  # refused to a user who does not own the file: it stays as it is
        if not is_secret:
            draft.chmod(stat.S_IMODE(old.st_mode))
    return old.st_nlink


@contextmanager
def progress(description: str, total: int) -> Iterator[Progress]:
    """Show a progress bar with a count and the remaining time; its task has the id 0. A log gets its last state."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("left:"), TimeRemainingColumn(), console=_err) as bar:
        bar.add_task(description, total=total)
        yield bar


def waiting(description: str) -> Status:
    """Show that something is in progress, without a duration; a log gets nothing."""
    return _err.status(description)


_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
"""The signals that stop a command. Windows has no SIGHUP."""


class Stopped(KeyboardInterrupt):
    """A signal stopped the command."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"Stopped by {signal.Signals(number).name}.")


@dataclass
class _Stops:
    """What the next signal does."""

    is_changing: bool = False
    """Whether the command changes something, so that a list of what it did is due."""
    is_ignored: bool = False
    """Whether the list is being printed: then a signal does nothing."""


_stops = _Stops()


def _stop(number: int, _frame: object) -> None:
    if not _stops.is_ignored:
        _stops.is_ignored = _stops.is_changing
        raise Stopped(number)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Raise `Stopped` at a signal that would end the process. What is ignored stays ignored (`nohup`)."""
    previous = {}
    for name in _SIGNALS if threading.current_thread() is threading.main_thread() else ():
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            previous[number] = signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextmanager
def one_stop() -> Iterator[Callable[[], None]]:
    """Ignore signals after the first one, or after a call of the result: the list of changes is then printed."""
    _stops.is_changing = True

    def ignore() -> None:
        _stops.is_ignored = True

    try:
        yield ignore
    finally:
        _stops.is_changing = _stops.is_ignored = False


@contextmanager
def command(*, as_json: bool = False) -> Iterator[None]:
    """Run the body of a command: print its warnings, and turn its errors into a message and an exit code.

    A command that prints JSON also prints its error as JSON.
    """
    logger = logging.getLogger("pulumi_openai_admin")  # the parent of those of all modules
    handler = _Lines()
    logger.addHandler(handler)
    propagates, level = logger.propagate, logger.level
    logger.propagate = False
    log_requests()
    try:
        with _stoppable():
            yield
        flush()
    except AdminError as error:
        say(f"error: {words.describe(error)}", "red")
        if as_json:
            show_error(admin_error_in_json(error))
            _flush_quietly()
        raise typer.Exit(FAILED) from None
    except BrokenPipeError:  # after `… | head`: Click exits without a message
        raise
    except OSError as error:
        where = f" ({os.fsdecode(error.filename)})" if error.filename else ""
        message = f"{error.strerror or error}{where}."
        say(f"error: {message}", "red")
        if as_json:
            show_error(error_in_json(_code_of(error), message))
            _flush_quietly()
        raise typer.Exit(FAILED) from None
    except KeyboardInterrupt as stopped:
        number = stopped.number if isinstance(stopped, Stopped) else signal.SIGINT
        say(str(Stopped(number)))
        if as_json:
            show_error(error_in_json("stopped", str(Stopped(number))))
            _flush_quietly()
        raise typer.Exit(STOPPED + number) from None
    finally:
        logger.propagate = propagates
        logger.setLevel(level)
        logger.removeHandler(handler)


def _code_of(error: Exception) -> str:
    """The class of an error, as a code: `configuration`, `permission`, `os`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__.removesuffix("Error")).lower()


def _flush_quietly() -> None:
    """Write what is buffered. An error is reported at the end of the command: what could not be written is lost."""
    try:
        sys.stdout.flush()
    except OSError as error:
        output.error = error


def abandon_output() -> None:
    """Write to the null device from now on, because stdout can't be written: what is buffered is lost."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    output.error = None


def flush() -> None:
    """Write what is buffered, so that an error is reported like any other."""
    try:
        sys.stdout.flush()
        if output.error:
            raise output.error
    except OSError as error:
        raise OSError(error.errno, error.strerror, "standard output") from None


class _Lines(logging.Handler):
    """Print warnings, and requests if OPENAI_LOG is set, above the progress bar."""

    def emit(self, record: logging.LogRecord) -> None:
        style = "yellow" if record.levelno >= logging.WARNING else "dim"
        say(f"{record.levelname.lower()}: {Formatter(COMMAND_LINE).format(record)}", style)
