"""An exported stack: a file of `pulumi stack export`, or what the command gives now."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import json_stream
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ADVICE = "Export it with `pulumi stack export --file FILE`, and give it with --state FILE."


@contextmanager
def opened(path: Path | None, stack: str | None = None, folder: Path | None = None) -> Iterator[IO[bytes]]:
    """The exported stack, as a file that can be read several times, from its beginning with `seek(0)`.

    Args:
        path: A file of `pulumi stack export`; None: the stack is exported now.
        stack: The name of the stack; empty: the selected one.
        folder: The folder of the Pulumi project; None: the current one.

    Raises:
        errors.ConfigurationError: There is no Pulumi CLI, or it refuses to export the stack.
    """
    if path is not None:
        with json_stream.opened(path) as file:
            yield file
        return
    with tempfile.TemporaryFile() as file:
        _export(file, stack, folder)
        yield file


def document(path: Path | None, stack: str | None = None, folder: Path | None = None) -> Any:
    """All of the exported stack; see `opened`.

    Raises:
        errors.ConfigurationError: There is none, or it is not JSON.
    """
    with opened(path, stack, folder) as file:
        file.seek(0)
        try:
            return json.load(file)
        except ValueError:
            raise errors.ConfigurationError(f"{path or 'The exported stack'} is not JSON", ADVICE) from None


def has_mappings(record: Mapping[str, Any]) -> bool:
    """Whether the inputs and the outputs of a resource are mappings, or absent."""
    return all(isinstance(record.get(name) or {}, dict) for name in ("inputs", "outputs"))


def _export(file: IO[bytes], stack: str | None, folder: Path | None) -> None:
    if folder is not None and not folder.is_dir():
        what = f"There is no folder {folder}, so the state of its stack can't be read"
        raise errors.ConfigurationError(what, "Name the folder of a Pulumi project.")
    pulumi = shutil.which("pulumi")  # on Windows, this finds a .cmd, too
    if pulumi is None:
        what = "The Pulumi CLI was not found, so the state of the stack can't be read"
        raise errors.ConfigurationError(what, f"Install it, or use a file. {ADVICE}")
    command = [pulumi, "stack", "export", "--non-interactive", *(["--stack", stack] if stack else [])]
    try:
        done = subprocess.run(  # noqa: S603 - no shell; the name of the stack is the user's
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.PIPE, check=False
        )
    except OSError as error:
        what = f"The Pulumi CLI could not be started ({pulumi}): {error.strerror or type(error).__name__}"
        raise errors.ConfigurationError(what, f"Install it again, or use a file. {ADVICE}") from None
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        reason = printable(lines[-1].removeprefix("error: ").rstrip(".")) if lines else "no message"
        what = f"`pulumi stack export` failed{f' in {folder}' if folder else ''}: {reason}"
        advice = "Run it in the folder of the program, and select a stack with `pulumi stack select` or --stack."
        raise errors.ConfigurationError(what, advice)
