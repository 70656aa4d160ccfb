"""`pulumi-openai-admin`, and `python -m pulumi_openai_admin.cli`."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from io import TextIOWrapper


def run() -> int:
    """Run a command, or say which extra is missing; returns the exit code."""
    if any(find_spec(name) is None for name in ("typer", "rich", "jinja2")):
        sys.stderr.write("error: the command line needs its extra: pip install 'pulumi-openai-admin[cli]'\n")
        return 1
    _open_closed_streams()
    from pulumi_openai_admin.cli import terminal  # noqa: PLC0415 - only where the extra is installed
    from pulumi_openai_admin.cli.options import app  # noqa: PLC0415

    _write_any_name()
    try:
        with terminal.defused_streams():
            app()
    except OSError as error:  # a full disk, while the help or the version is printed
        sys.stderr.write(f"error: {error.strerror or error} (standard output).\n")
        return 1
    finally:
        try:
            sys.stdout.flush()
        except OSError:  # an error said so: Python would report it again at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _open_closed_streams() -> None:
    """Open the null device for each closed standard stream (`>&-`): the next file would be that stream otherwise."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_RDWR)  # it gets the lowest number that is free, which is this one
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8"))


def _write_any_name() -> None:
    """Write characters that the terminal's encoding lacks as escape sequences.

    On Windows, a file or a pipe gets UTF-8, as on other systems: the encoding there, such as cp1252, lacks most names.
    """
    encoding = "utf-8" if os.name == "nt" and "PYTHONIOENCODING" not in os.environ else None
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(run())
