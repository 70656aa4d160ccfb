"""What the command prints in the end: what was written, what was omitted, and the next steps."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.printable import bounded

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from pulumi_openai_admin.cli.adopt.options import AdoptOptions

ABOUT_STACKS = (
    "adopt omits the objects that this stack manages. It does not read other stacks. Before you import an object, make "
    "sure that no other stack manages the object."
)
ABOUT_TERRAFORM = (
    "After the preview shows no change, remove the objects from the Terraform state: `terraform state rm "
    "ADDRESS` changes nothing at OpenAI. `terraform destroy` would delete them."
)
_MAX_SHOWN = 10


@dataclass(frozen=True)
class Written:
    """What was written."""

    counts: Counter[str]
    """The number of resources of each type."""
    left_out: Sequence[str]
    """The objects that are omitted, with the reasons."""
    managed: Sequence[str]
    """The objects that the stack manages, with the names of the resources."""
    differences: Sequence[str]
    """Where OpenAI shows another value than the Terraform state."""
    with_keys: Sequence[str]
    """What contains API keys in the Terraform state."""


def print_result(options: AdoptOptions, written: Written, *, as_json: bool) -> None:
    """Print it.

    Args:
        options: The options of the command.
        written: What was written.
        as_json: Whether a program reads it.
    """
    if as_json:
        terminal.show_json(_document(options, written))
        return
    table = Table("resource", "count", box=None, pad_edge=False)
    for name, count in written.counts.items():
        table.add_row(name, str(count))
    terminal.show(table)
    _say_some("Omitted", written.left_out, f"{options.out / 'README.md'} lists all.")
    _say_some("Already in the stack", written.managed, "--json shows all.")
    _say_some("Different", written.differences, "--json shows all.")
    _say_about_values(options, written)
    _say_steps(options)


def _document(options: AdoptOptions, written: Written) -> dict[str, Any]:
    target = options.target
    document = {
        "out": str(options.out),
        "resources": dict(written.counts),
        "left_out": written.left_out,
        "commands": target.commands,
    }
    if target.part:
        document |= {"managed": written.managed, "statement": target.statement(target.part)}
    if options.terraform:
        document |= {"differences": written.differences, "with_keys": written.with_keys}
    return document


def _say_about_values(options: AdoptOptions, written: Written) -> None:
    if written.differences:
        terminal.say("The program has the values that OpenAI shows.")
    if written.counts["ProjectServiceAccount"]:
        terminal.say(
            "The accounts' API keys continue to work. Pulumi does not have them, because OpenAI shows a key only once. "
            f"{options.out / 'README.md'} says how to create a key that Pulumi manages."
        )
    if written.with_keys:
        terminal.say(
            f"warning: {options.terraform} contains secrets in plain text ({bounded(', ', written.with_keys)}). "
            "None was copied. Create new keys, revoke the old ones, and delete the file and its backups.",
            "yellow",
        )


def _say_steps(options: AdoptOptions) -> None:
    target = options.target
    if target.part:
        terminal.say(ABOUT_STACKS)
        terminal.say()
        _say_markdown(target.statement(target.part))
    terminal.say()
    terminal.say("Import the resources into a stack with these commands. They change nothing at OpenAI:")
    terminal.say()
    is_elsewhere = options.where.resolve() != Path.cwd()
    folder = [f"cd {shlex.quote(str(options.where))}"] if is_elsewhere else []
    for command in (*folder, *target.commands):
        terminal.show_line(f"  {command}")
    if options.terraform:
        terminal.say()
        terminal.say(ABOUT_TERRAFORM)


def _say_markdown(text: str) -> None:
    """Print Markdown on a terminal: code is indented."""
    is_code = False
    for line in text.splitlines():
        if line.startswith("```"):
            is_code = not is_code
        else:
            terminal.say(f"  {line}" if is_code and line else line)


def _say_some(label: str, texts: Sequence[str], more: str) -> None:
    for text in texts[:_MAX_SHOWN]:
        terminal.say(f"{label}: {text}.", "yellow")
    if len(texts) > _MAX_SHOWN:
        terminal.say(f"{label}: {len(texts) - _MAX_SHOWN} more. {more}", "yellow")
