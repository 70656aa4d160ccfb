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
        return 2
    from pulumi_openai_admin.cli.app import app  # noqa: PLC0415 - only where the extra is installed

    _write_any_name()
    app()
    return 0


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
