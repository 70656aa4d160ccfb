"""The commands of the guides run, and print what the guides show."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.emulator.process import EmulatorServer
from tests.by_hand import environ_of
from tests.commands import BASH, bash
from tests.engine import guides
from tests.warm.start import virtual_environment
from tools import languages

if TYPE_CHECKING:
    from tools.engine import Engine

ROOT = Path(__file__).parents[2]
GUIDES = sorted(page for page in (ROOT / "docs" / "guides").glob("*.md") if page.stem != "index")
PAGES = [
    ROOT / "README.md",
    *(ROOT / "docs" / f"{name}.md" for name in ("quickstart", "adoption", "providers")),
    *GUIDES,
]
pytestmark = pytest.mark.timeout(600)  # a dozen runs of the engine


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_commands_run_and_print_what_it_shows(page: Path, pulumi: Engine, tmp_path: Path) -> None:
    guide = guides.read(page.read_text(encoding="utf-8"), page.relative_to(ROOT).as_posix())
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
        done = bash("-c", guides.script(guide), folder=tmp_path, env=environ, timeout=590)
    failed = guides.failure(guide, done.returncode, done.stdout)
    assert not failed, failed[:200] + failed[200:][-6000:]
    found = guides.differences(guide, done.stdout)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_it_says_why_a_command_does_not_run(page: Path) -> None:
    guide = guides.read(page.read_text(encoding="utf-8"))
    assert guide.commands or guide.not_run
    assert all(len(why) > 10 for why in guide.not_run.values())
    excuses = re.findall(r"<!-- not run here:", page.read_text(encoding="utf-8"))
    assert len(excuses) == len(guide.not_run), "each is before a command"


PAGE = """
<!-- organization: examples/a/emulator.json -->
```bash
echo one
```
```text
one
```
<!-- not run here: there is no cloud here -->
```bash
aws s3 ls
```
```text
nothing
```
<!-- meanwhile: echo two -->
```bash
echo three; echo four; echo five
```
```text
th…
five
```
1. In a list:

    ```bash
    echo six
    ```
"""


def test_a_page_is_read_as_it_is_meant() -> None:
    guide = guides.read(PAGE)
    assert guide.organization == "examples/a/emulator.json"
    assert [command.text.strip() for command in guide.commands] == [
        "echo one",
        "echo two",
        "echo three; echo four; echo five",
        "echo six",
    ]
    assert guide.commands[0].shown == ["one"]
    assert guide.not_run == {"aws s3 ls\n": "there is no cloud here"}
    run = subprocess.run([BASH, "-c", guides.script(guide)], capture_output=True, text=True, check=True)
    assert guides.differences(guide, run.stdout) == []
    wrong = guides.read(PAGE.replace("th…\nfive", "five\nth…"))
    found = guides.differences(wrong, run.stdout)
    assert [line.partition(" is not in this output of `echo three")[0] for line in found] == ["page.md:22: 'th…'"]
