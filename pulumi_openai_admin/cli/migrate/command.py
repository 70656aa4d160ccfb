"""The command `migrate`: read an exported stack, write the new one, and print the next steps."""

from __future__ import annotations

import json
import re
import shlex
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.migrate.stack import declaration_of
from pulumi_openai_admin.cli.migrate.stack import migrate as migrated
from pulumi_openai_admin.cli.whole_file import whole_file
from pulumi_openai_admin.hosts.native.properties import names_in
from pulumi_openai_admin.hosts.native.schema import LANGUAGES
from pulumi_openai_admin.printable import printable

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import TextIO

    from pulumi_openai_admin.cli.migrate.stack import Migrated

_DIGIT, _JOINED = re.compile(r"_(\d)"), r"\1"
_OF_OWNER_ONLY = 0o600
"""An exported stack may have secrets in plain text."""


def migrate(source: Path | None, target: Path | None, *, force: bool = False) -> None:
    """Write the stack for the native provider.

    Args:
        source: The exported stack; None: stdin.
        target: The file to write; None: stdout.
        force: Whether it may exist already.

    Raises:
        errors.ConfigurationError: It can't be migrated. Nothing is written.
    """
    if source is not None and target is not None and target.exists() and source.samefile(target):
        what = f"{target} is the exported stack. Keep it, to be able to return to the old provider"
        raise errors.ConfigurationError(what, "Write to another file.")
    if target is not None and target.is_file() and not force:
        what = f"{target} already exists and was not overwritten"
        raise errors.ConfigurationError(what, "Write to another file, or add --force.")
    result = migrated(_read(source), lambda: str(uuid4()))
    with _opened(target) as file:
        json.dump(result.document, file, indent=4)
        file.write("\n")
    _print_result(result, target)


def _read(source: Path | None) -> Any:
    document = sys.stdin.buffer.read() if source is None else source.read_bytes()
    try:
        return json.loads(document)
    except ValueError:
        what = f"{source or 'The input'} is not JSON"
        raise errors.ConfigurationError(what, "Export the stack with `pulumi stack export --file FILE`.") from None


def _opened(target: Path | None) -> AbstractContextManager[TextIO]:
    return nullcontext(sys.stdout) if target is None else whole_file(target, mode=_OF_OWNER_ONLY)


def _print_result(result: Migrated, target: Path | None) -> None:
    """Say what was done and what to do, on stderr: the stack may go to stdout."""
    count = sum(result.counts.values())
    terminal.say(
        f"Migrated {count} resource{'s' * (count != 1)} of {len(result.counts)} kinds. Secrets and ids are kept."
    )
    terminal.say()
    terminal.say("Change the program. For Python:")
    terminal.say()
    for line in _changes(result):
        terminal.say(f"  - {line}")
    terminal.say()
    terminal.say("Then import the stack and compare it with the program. This changes nothing at OpenAI:")
    terminal.say()
    name = shlex.quote(str(target)) if target else "FILE"
    terminal.say(f"  pulumi stack import --file {name}")
    terminal.say("  pulumi preview  # shows no change")


def _changes(result: Migrated) -> list[str]:
    """What to change in a program, as items of a list."""
    package = LANGUAGES["python"]["packageName"]
    names = {name for kind in result.counts for name in names_in(declaration_of(kind))}
    respelled = sorted(filter(_DIGIT.search, names), key=len)[:1]
    declared = printable(", ".join(map(repr, result.providers)))
    return [
        f"Import {package} instead of pulumi_openai_admin. The classes have the same names.",
        "Keep the names and parents of all resources.",
        # as Pulumi's generator of SDKs spells them
        *(
            f"Properties have no underscore before a number: {name} is {_DIGIT.sub(_JOINED, name)}."
            for name in respelled
        ),
        *([f"Provider {declared}: use the class of {package}, with the same arguments."] if declared else []),
        "A function that lists objects returns an object: the list of list_projects(…) is its property projects.",
    ]
