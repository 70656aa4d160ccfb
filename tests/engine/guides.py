"""The commands of a guide, as a test runs them.

Each block of a page in `bash` is a command that runs, in the order of the page and in one shell, unless the line before
it says why it cannot: `<!-- not run here: WHY -->`. A block in `text` that follows a command is what it prints: its
lines, in this order, perhaps with others between them; `…` stands for anything. The engine lists resources in the order
in which it processes them, so the resources of a block can be in any order. `<!-- meanwhile: COMMAND -->` is what
others do at that moment, and `<!-- organization: FILE -->` is the seed of the emulator.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field

_PIECES = re.compile(
    r"^<!-- (?P<kind>not run here|meanwhile|organization): (?P<told>.*?) -->$"
    r"|^(?P<indent> *)```(?P<language>\w+)\n(?P<block>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_MARK = "\x1e"
_RESOURCE = re.compile(r"\W{1,3} \S+:\S+: \(\w+\)")
"""The line of `--diff` that a resource begins with."""


@dataclass
class Command:
    """What is typed at one place of a page, and what it prints there."""

    text: str
    shown: list[str] = field(default_factory=list)


@dataclass
class Guide:
    """The commands of a page."""

    organization: str = ""
    """The file with the seed; empty for the emulator's own."""
    commands: list[Command] = field(default_factory=list)
    not_run: dict[str, str] = field(default_factory=dict)
    """Commands that cannot run here, and why."""


def read(page: str) -> Guide:
    """What a page says."""
    guide, excuse, runs = Guide(), "", False
    for piece in _PIECES.finditer(page):
        kind, told, language, block = piece.group("kind", "told", "language", "block")
        block = textwrap.dedent(block or "")
        if kind == "not run here":
            excuse = told
            continue
        if kind == "organization":
            guide.organization = told
        elif kind == "meanwhile":
            guide.commands.append(Command(told))
        elif language == "bash" and excuse:
            guide.not_run[block] = excuse
        elif language == "bash":
            guide.commands.append(Command(block))
        elif language == "text" and runs:
            guide.commands[-1].shown = block.splitlines()
        runs, excuse = language == "bash" and not excuse, ""
    return guide


def script(guide: Guide) -> str:
    """All commands as one script, which prints a mark before each."""
    parts = [f"printf '{_MARK}'\n{command.text}" for command in guide.commands]
    return "\n".join(["set -eo pipefail", *parts])


def differences(guide: Guide, output: str) -> list[str]:
    """The lines of a page that the commands did not print."""
    printed = output.split(_MARK)[1:]
    missing = []
    for command, text in zip(guide.commands, printed, strict=False):
        lines = iter(_without_columns(text))
        for line in filter(None, _without_columns("\n".join(command.shown))):
            if _RESOURCE.fullmatch(line):
                lines = iter(_without_columns(text))
            wanted = re.compile(".*".join(map(re.escape, line.split("…"))))
            if line != "…" and not any(wanted.fullmatch(each_line) for each_line in lines):
                missing.append(f"{line!r} of `{command.text.strip()}`, which printed:\n{text}")
                break
    return missing


def _without_columns(text: str) -> list[str]:
    """The lines of a text, with one space where there are several: how wide a column is depends on ids and times."""
    return [" ".join(line.split()) for line in text.splitlines()]
