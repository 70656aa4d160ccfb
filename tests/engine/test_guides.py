"""The commands of the guides run, and print what the guides show.

Each block of a page in `bash` is a command that runs, in the order of the page and in one shell, unless the line before
it says why it cannot: `<!-- not run here: WHY -->`. A block in `text` that follows a command is what it prints: its
lines, in this order, perhaps with others between them; `…` stands for anything. The engine lists resources in the order
in which it processes them, so the resources of a block can be in any order. `<!-- meanwhile: COMMAND -->` is what
others do at that moment, and `<!-- organization: FILE -->` is the seed of the emulator.
"""

from __future__ import annotations

import re
import shutil
import textwrap
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.emulator.process import EmulatorServer
from tests.commands import bash
from tests.warm.start import virtual_environment
from tools import languages
from tools.stacks import environ_of

if TYPE_CHECKING:
    from tools.engine import Engine

ROOT = Path(__file__).parents[2]
GUIDES = sorted(page for page in (ROOT / "docs" / "guides").glob("*.md") if page.stem != "index")
OTHERS = [ROOT / "docs" / f"{name}.md" for name in ("quickstart", "adoption", "providers")]
PAGES = [ROOT / "README.md", *OTHERS, *GUIDES]
pytestmark = pytest.mark.timeout(600)  # a dozen runs of the engine


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
    line: int
    """The line of the page, from 1, on which the text begins."""
    shown: list[str] = field(default_factory=list)
    shown_from: int = 0
    """The line of the page on which the printed lines begin."""


@dataclass
class Guide:
    """The commands of a page."""

    page: str
    """Its path, for messages."""
    organization: str = ""
    """The file with the seed; empty for the emulator's own."""
    commands: list[Command] = field(default_factory=list)
    not_run: dict[str, str] = field(default_factory=dict)
    """Commands that cannot run here, and why."""


def read(text: str, page: str = "page.md") -> Guide:
    guide, excuse, runs = Guide(page), "", False
    for piece in _PIECES.finditer(text):
        kind, told, language, block = piece.group("kind", "told", "language", "block")
        line = text.count("\n", 0, piece.start("told" if kind else "block")) + 1
        block = textwrap.dedent(block or "")
        if kind == "not run here":
            excuse = told
            continue
        if kind == "organization":
            guide.organization = told
        elif kind == "meanwhile":
            guide.commands.append(Command(told, line))
        elif language == "bash" and excuse:
            guide.not_run[block] = excuse
        elif language == "bash":
            guide.commands.append(Command(block, line))
        elif language == "text" and runs:
            guide.commands[-1].shown, guide.commands[-1].shown_from = block.splitlines(), line
        runs, excuse = language == "bash" and not excuse, ""
    return guide


def script(guide: Guide) -> str:
    """All commands as one script. It prints a mark before each, and names the one that fails."""
    parts = [f"printf '{_MARK}'\n{command.text}" for command in guide.commands]
    return "\n".join(["set -eo pipefail", "trap 'echo \"Failed: $BASH_COMMAND\"' ERR", *parts])


def failure(guide: Guide, exit_code: int, output: str) -> str:
    """The place in the page of the block with the command that failed, and what it printed; empty if none failed."""
    if exit_code == 0:
        return ""
    command, (*_, told) = guide.commands[output.count(_MARK) - 1], output.split(_MARK)
    return f"{guide.page}:{command.line}: exit code {exit_code}: `{command.text.strip()}` printed:\n{told}"


def differences(guide: Guide, output: str) -> list[str]:
    """The lines of a page that the commands did not print."""
    printed = output.split(_MARK)[1:]
    missing = []
    for command, text in zip(guide.commands, printed, strict=False):
        lines = iter(_without_columns(text))
        for number, line in enumerate(_without_columns("\n".join(command.shown)), command.shown_from):
            if _RESOURCE.fullmatch(line):
                lines = iter(_without_columns(text))
            wanted = re.compile(".*".join(map(re.escape, line.split("…"))))
            if line not in {"", "…"} and not any(wanted.fullmatch(each_line) for each_line in lines):
                missing.append(
                    f"{guide.page}:{number}: {line!r} is not in this output of `{command.text.strip()}`:\n{text}"
                )
                break
    return missing


def _without_columns(text: str) -> list[str]:
    """The lines of a text, with one space where there are several: how wide a column is depends on ids and times."""
    return [" ".join(line.split()) for line in text.splitlines()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_commands_run_and_print_what_it_shows(page: Path, pulumi: Engine, tmp_path: Path) -> None:
    guide = read(page.read_text(encoding="utf-8"), page.relative_to(ROOT).as_posix())
    for folder in ("examples", "policies", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", ".venv"))
    seed = ROOT / guide.organization if guide.organization else None
    with EmulatorServer(seed=seed) as emulator:
        environ = {
            **languages.with_yaml(pulumi).environment(tmp_path / "home"),
            **environ_of(emulator),
            "COLUMNS": "120",  # no text of a table continues on the next line
            "EMULATOR": emulator.base_url.removesuffix("/v1"),
            "PULUMI_SKIP_CONFIRMATIONS": "true",  # nobody is there who could answer
            "VENV": str(virtual_environment()),
        }
        done = bash("-c", script(guide), folder=tmp_path, env=environ, timeout=590)
    failed = failure(guide, done.returncode, done.stdout)
    assert not failed, failed[:200] + failed[200:][-6000:]
    found = differences(guide, done.stdout)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_it_says_why_a_command_does_not_run(page: Path) -> None:
    guide = read(page.read_text(encoding="utf-8"))
    assert guide.commands or guide.not_run
    assert all(len(why) > 10 for why in guide.not_run.values())
    excuses = re.findall(r"<!-- not run here:", page.read_text(encoding="utf-8"))
    assert len(excuses) == len(guide.not_run), "each is before a command"
    silent = differences(guide, _MARK * len(guide.commands))
    assert len(silent) == sum(any(command.shown) for command in guide.commands), "what is not printed is found"
