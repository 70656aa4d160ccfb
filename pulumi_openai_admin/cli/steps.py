"""What a command changes, step by step: the end of each step is known, and every end of the command prints all of them.

A refused step does not end the command. Neither does standard output that can't be written (`| head`): the list then
goes to stderr.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.words import describe
from pulumi_openai_admin.schema.formats import moment_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.cli.authors import Author


class End(StrEnum):
    """How a step ended."""

    THERE = "there"
    """It was not begun."""
    DONE = "done"
    ALREADY = "already"
    """Somebody did it before, as the audit log shows."""
    KEPT = "kept"
    """OpenAI refused it, and a later step includes it."""
    REFUSED = "refused"
    """It was not done."""
    UNKNOWN = "unknown"
    """It may have been done: no response shows it."""


@dataclass(kw_only=True)
class PlannedStep:
    """Something to remove."""

    title: str = ""
    """What messages call it."""
    end: End = End.THERE
    why: str = ""
    """Why it ended so: a full sentence, or empty."""
    author: Author | None = None
    """Who did it before, and when; None if it was not done before."""

    @property
    def is_left(self) -> bool:
        """Whether it may still be there."""
        return self.end not in {End.DONE, End.ALREADY}

    def status(self, done: str) -> str:
        """Return how it ended, for programs; `done` is a participle: `removed`."""
        return {End.DONE: done, End.ALREADY: f"already_{done}"}.get(self.end, self.end.value)

    def line(self, done: str) -> str:
        """Return how it ended, for people."""
        ends = {End.DONE: done, End.ALREADY: f"already {done}", End.THERE: f"not {done}"}
        why = f"{moment_in_words(self.author.at)} by {self.author.name}" if self.author else self.why
        return f"{ends.get(self.end, self.end.value)} {self.title}{f': {why}' if why else ''}"


class Steps:
    """Takes steps, and prints each when it has ended; see `changing`."""

    def __init__(self, done: str, *, as_json: bool) -> None:
        self.is_begun = False
        """Whether the user has agreed: from then on, the list is printed at the end."""
        self.error: dict[str, str | None] | None = None
        """What ended the command early, for JSON."""
        self._done = done
        self._as_json = as_json
        self._printed: list[PlannedStep] = []
        self._can_continue = False
        """Whether the same command may do what was not done."""
        self._is_unreadable = False
        """Whether standard output can't be written."""

    @contextmanager
    def output(self) -> Iterator[None]:
        """Print to standard output. If nobody reads it any longer, or the disk is full, the command goes on."""
        if self._is_unreadable:
            return
        try:
            yield
            terminal.flush()
        except OSError as error:
            terminal.abandon_output()
            terminal.say(f"error: {error.strerror} (standard output). The list is on standard error.", "red")
            for step in () if self._as_json else self._printed:
                terminal.say(step.line(self._done))
            self._is_unreadable = True

    def refuse(self) -> None:
        """The user has not agreed."""
        message = f"Nothing was {self._done}."
        self.error = terminal.error_in_json("not_confirmed", message)
        terminal.say(message)

    def stop(self, message: str) -> None:
        """A signal has ended the command."""
        self.error = terminal.error_in_json("stopped", message)
        self._can_continue = True

    def take(self, step: PlannedStep, work: Callable[[], None]) -> None:
        """Take a step, which work does. Its errors are the end of the step; work may set another one."""
        step.end, step.why = End.UNKNOWN, "The command was stopped before the response came."
        try:
            work()
        except errors.AdminError as error:
            is_unknown = error.may_have_acted or isinstance(error, errors.InternalServerError)
            step.end, step.why = End.UNKNOWN if is_unknown else End.REFUSED, describe(error)
        else:
            if step.end is End.UNKNOWN:
                step.end, step.why = End.DONE, ""
        self._can_continue |= step.is_left
        self.show(step)

    def show(self, step: PlannedStep) -> None:
        """Print how a step has ended: once, unless a later step changes it."""
        self._printed = [*(other for other in self._printed if other is not step), step]
        line = step.line(self._done)
        if self._as_json or self._is_unreadable:
            terminal.say(line)
            return
        with self.output():
            terminal.show_line(line)

    def finish(self, steps: Sequence[PlannedStep], document: Callable[[], Mapping[str, Any]]) -> None:
        """Print the steps that were not printed, or the document with all of them."""
        for step in steps if self.is_begun else ():
            self._can_continue |= step.end is End.THERE
            if not any(step is other for other in self._printed):
                self.show(step)
        if self.is_begun and (left := sum(step.is_left for step in steps)):
            again = " Run the same command again to continue." * self._can_continue
            terminal.say(f"error: {left:,} of {len(steps):,} not {self._done}, as far as is known.{again}", "red")
        if self._as_json:
            with self.output():
                terminal.show_json({**document(), "error": self.error})

    def code(self, steps: Sequence[PlannedStep]) -> int:
        """Return the exit code: whether all was done, and could be said."""
        is_failed = self.error or self._is_unreadable or any(step.is_left for step in steps)
        return terminal.FAILED if is_failed else terminal.DONE


@contextmanager
def changing(
    done: str, steps: Callable[[], Sequence[PlannedStep]], document: Callable[[], Mapping[str, Any]], *, as_json: bool
) -> Iterator[Steps]:
    """Change something, in steps. At the end, whatever it is, all steps are printed.

    Args:
        done: What is done, as a participle: `removed`.
        steps: Returns the steps, in the order of the list.
        document: Returns what `--json` prints.
    """
    taken = Steps(done, as_json=as_json)
    with terminal.one_stop() as ignore_signals:
        try:
            yield taken
        except errors.AdminError as error:
            taken.error = terminal.admin_error_in_json(error)
            terminal.say(f"error: {describe(error)}", "red")
        except KeyboardInterrupt as stopped:
            taken.stop(str(stopped) or "Stopped.")
            raise
        finally:
            ignore_signals()
            taken.finish(steps(), document)
