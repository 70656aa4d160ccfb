"""A command that gets a key on standard input, for every store with a command line."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from typing_extensions import override

from pulumi_openai_admin.delivery.secret_store import DeliveryError, Destination, Mask, Presence, fingerprint
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.remedies import RUN_AGAIN, Advice

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHANGED_BY_CMD = frozenset('"%&<>^|!\r\n')
"""Windows starts batch files with cmd.exe, which reads the line of arguments once more."""
_SHOWN_LINES = 3
_SHOWN_CHARACTERS = 300
_LEFT_OUT = ("OPENAI_", "PULUMI_")
"""The beginnings of the names of variables that a program does not get: the admin key, and what opens the state."""
_ADMIN_KEY = "OPENAI_ADMIN_KEY"
_ADMIN_KEYS = "sk-admin-"
"""How Admin API keys begin."""
_KEPT_BYTES = 64 * 1024
"""So much of the end of the standard error is kept."""
_LAST_ERRORS_SECONDS = 1.0
"""How long the end of the standard error is waited for, after the end of the program: another process may have it."""
_WINDOWS_GROUP = 0x200
"""`subprocess.CREATE_NEW_PROCESS_GROUP`, which only Python for Windows has."""


@dataclass(frozen=True)
class Command(Destination):
    """Runs a program for each key, without a shell.

    The standard error of a program that got a key is shown only if the Pulumi program asks for it: it may have the key
    in a form that no mask finds. That of a check is shown if the check fails, because the check gets no key.

    Programs get the variables of the provider, except those whose names begin with `OPENAI_` or `PULUMI_`, and those
    that have an Admin API key as their value.

    Args:
        arguments: The program and its arguments.
        check_arguments: A program that succeeds if a key can be delivered; by default the first one only has to exist.
        timeout_seconds: The time limit of each program, in seconds.
        show_errors: Whether the end of the standard error of a delivery that failed is shown.
        environment: The names of variables that the programs get, too, although they do not get them otherwise.
    """

    arguments: Sequence[str]
    check_arguments: Sequence[str] = ()
    timeout_seconds: float = 60
    show_errors: bool = False
    environment: Sequence[str] = ()

    @property
    def place(self) -> str:
        """The program, without its arguments: they may contain a password."""
        return f"the command {os.path.basename(self.arguments[0])!r}"  # noqa: PTH119 - a text, maybe of another system

    @override
    def check(self) -> None:
        program = self.arguments[0]
        if shutil.which(program) is None:
            what = f"There is no program {program!r}, to which the key would be delivered"
            raise DeliveryError(what, Advice("Install it, or correct deliver_to; then ", RUN_AGAIN, "."))
        self._found(self.arguments)
        self._variables()
        if self.check_arguments:
            self._run(self.check_arguments, "", "the check of ", shows_errors=True)

    def deliver(self, key: str) -> str:
        """Run the program with the key on standard input. The version is a fingerprint of the key.

        A program that fails may have stored the key before, if it has read it.
        """
        self._run(self.arguments, key, "", shows_errors=self.show_errors)
        return fingerprint(key)

    def presence(self, version: str) -> Presence:  # noqa: ARG002
        """Unknown: nothing can be read from a command."""
        return Presence.UNKNOWN

    def remove(self, version: str) -> None:
        """Nothing: what the program did with the key is not known."""

    def _found(self, arguments: Sequence[str]) -> list[str]:
        """The path of a program, and its arguments. On Windows, this finds a .cmd, too.

        Refused if it is a batch file, and cmd.exe would change or run a part of its arguments.
        """
        program = shutil.which(arguments[0]) or arguments[0]
        changed = _CHANGED_BY_CMD.intersection("".join(arguments[1:]))
        if os.name == "nt" and program.lower().endswith((".bat", ".cmd")) and changed:
            shown = " ".join(repr(character) for character in sorted(changed))
            what = (
                f"{capitalized(self.place)} is a batch file, and cmd.exe would change these characters of its arguments"
            )
            advice = "Name the program that it starts, or remove the characters from deliver_to; then "
            raise DeliveryError(f"{what}: {shown}", Advice(advice, RUN_AGAIN, "."))
        return [program, *arguments[1:]]

    def _variables(self) -> dict[str, str]:
        """The environment of the programs. Refused if a variable that `environment` names is not set."""
        missing = [name for name in self.environment if name not in os.environ]
        if missing:
            what = f"environment of {self.place} names a variable that is not set: {', '.join(missing)}"
            raise DeliveryError(what, Advice("Set it where Pulumi runs, or correct deliver_to; then ", RUN_AGAIN, "."))
        admin_keys = {_ADMIN_KEYS, os.environ.get(_ADMIN_KEY, "").strip() or _ADMIN_KEYS}
        return {
            name: value
            for name, value in os.environ.items()
            if name in self.environment
            or not (name.upper().startswith(_LEFT_OUT) or any(key in value for key in admin_keys))
        }

    def _run(self, arguments: Sequence[str], given: str, which: str, *, shows_errors: bool) -> None:
        """Run a program, and wait for its end. What it has started may go on.

        Messages say `which` before the name of the command.
        """
        name, found, variables = f"{which}{self.place}", self._found(arguments), self._variables()
        standard_input = _holding(given)
        try:
            # A separate group: Ctrl-C in the terminal does not end it between a new key and its delivery.
            process = subprocess.Popen(  # noqa: S603 - the program's own command
                found,
                bufsize=0,
                stdin=standard_input,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE if shows_errors else subprocess.DEVNULL,
                env=variables,
                **own_group(),
            )
            errors = _End(process.stderr)
            what = self._ended(process, name)
            # Nobody writes to the pipe any more, so this does not wait. What is read here, no other process has read.
            unread = os.read(standard_input, len(given.encode()) + 1)
        except OSError as error:
            what = f"{capitalized(name)} could not be started: {error.strerror or type(error).__name__}"
            raise DeliveryError(what, Advice("Correct deliver_to, then ", RUN_AGAIN, ".")) from None
        finally:
            os.close(standard_input)
        advice = Advice("Find out why, then ", RUN_AGAIN, ".")
        if not what and process.returncode:
            text = Mask(given)(errors.text())
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            shown = " / ".join(lines[-_SHOWN_LINES:])[-_SHOWN_CHARACTERS:]
            what = f"{capitalized(name)} failed with exit code {process.returncode}{shown and f': {shown}'}"
            how_to_show = "" if shows_errors else " To see what it prints, set show_errors in deliver_to."
            advice = Advice("Correct the reason, then ", RUN_AGAIN, ".", how_to_show)
        elif not what and unread:
            what = f"{capitalized(name)} ended with exit code 0, but did not read the key from standard input"
            advice = Advice("Name a program that reads all of it, then ", RUN_AGAIN, ".")
        if what:
            failure = DeliveryError(what, advice)
            failure.may_have_acted = len(unread) < len(given.encode())
            raise failure

    def _ended(self, process: subprocess.Popen[bytes], name: str) -> str:
        """Wait for the end of a program. Returns what happened if it had to be stopped, otherwise nothing."""
        try:
            process.wait(self.timeout_seconds)
        except subprocess.TimeoutExpired:
            end_with_children(process)
            process.wait()
            return f"{capitalized(name)} did not finish within {self.timeout_seconds:g} s, and was stopped"
        return ""


def _holding(given: str) -> int:
    """The end of a pipe from which a program reads a key. A pipe holds 4 KiB on each system; a key is shorter."""
    reading, writing = os.pipe()
    try:
        os.write(writing, given.encode())
    finally:
        os.close(writing)
    return reading


class _End:
    """The end of what a program writes, read while it runs. A program may write as much as it likes."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._kept = bytearray()
        self._reader = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._reader.start()

    def text(self) -> str:
        """What is kept, after the end of the program. A process that it has left behind may go on writing."""
        self._reader.join(_LAST_ERRORS_SECONDS)
        return bytes(self._kept).decode(errors="replace")

    def _read(self, stream: IO[bytes] | None) -> None:
        if stream is None:
            return
        with stream:
            while part := stream.read(_KEPT_BYTES):
                self._kept += part
                del self._kept[:-_KEPT_BYTES]


def own_group() -> dict[str, Any]:
    """The arguments of `subprocess.Popen` that put a program and its children into a separate group."""
    return {"creationflags": _WINDOWS_GROUP} if os.name == "nt" else {"start_new_session": True}


def end_with_children(process: subprocess.Popen[Any], *, by_force: bool = True) -> None:
    """End a program of `own_group`, and all that it started: a child could keep a pipe open. The end is not awaited.

    Without `by_force`, it may clean up, except on Windows, where a group can't be asked to end.
    """
    if os.name == "nt":
        # Each Windows has it, but its folder may be missing in PATH. `kill` ends no children.
        taskkill = Path(os.environ.get("SystemRoot") or r"C:\Windows", "System32", "taskkill.exe")  # noqa: SIM112 - its name
        command = [str(taskkill), "/PID", str(process.pid), "/T", "/F"]
        try:
            subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603 - no shell
        except OSError:
            process.kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL if by_force else signal.SIGTERM)
