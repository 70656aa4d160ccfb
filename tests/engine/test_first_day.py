"""The example of a team's first day: each step of its script on the real engine, and what it leaves."""

from __future__ import annotations

import re
import runpy
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.emulator.process import EmulatorServer
from tests.commands import bash
from tests.full import IS_FULL
from tests.warm.start import virtual_environment
from tools.stacks import Run, environ_of

if TYPE_CHECKING:
    from tools.engine import Engine

EXAMPLES = Path(__file__).parents[2] / "examples"
SIZE = 50 if IS_FULL else 12
"""How many of the company's projects are there. Each step does the same with all, and has a few that it names."""
TIMES = ("created_at", "added_at", "assigned_at")
Census = dict[str, dict[str, Any]]


def company(size: int) -> dict[str, Any]:
    """The example's organization with its first projects."""
    example = runpy.run_path(str(EXAMPLES / "first-day" / "company.py"))
    assert len(example["NAMES"]) == 50, "as its README says"
    del example["NAMES"][size:]
    return dict(example["organization"]())


COMPANY = company(SIZE)


@dataclass
class Day:
    """The folder in which the script runs, with all that it writes."""

    emulator: EmulatorServer
    folder: Path
    environ: dict[str, str]

    def step(self, name: str) -> Run:
        """Run one step of the script; it has to succeed. What it prints is in a file."""
        script = str(self.folder / "examples" / "first-day" / "first_day.sh")
        done = bash(script, name, folder=self.folder / "day", env=self.environ, timeout=400)
        (self.folder / f"{name}.log").write_text(done.stdout, encoding="utf-8")
        assert done.returncode == 0, done.stdout[-6000:]
        return Run(done.returncode, done.stdout)

    def census(self) -> Census:
        """What exists, without the times of what was added again."""
        return {
            kind: {
                path: {name: value for name, value in content.items() if name not in TIMES}
                for path, content in all_.items()
            }
            for kind, all_ in self.emulator.control.live().items()
        }

    def keys(self, version: int) -> dict[Path, str]:
        """The keys that the store got for the two teams."""
        files = [self.folder / "day" / "store" / team / str(version) for team in ("shop-ci", "search-ci")]
        return {file: file.read_text(encoding="utf-8") for file in files}

    def states(self, version: int) -> list[str]:
        found = [self.emulator.control.key(key) for key in self.keys(version).values()]
        return [dict(key or {"state": "unknown"})["state"] for key in found]


@pytest.fixture
def day(pulumi: Engine, tmp_path: Path) -> Any:
    shutil.copytree(EXAMPLES, tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__", ".venv"))
    (tmp_path / "day" / "organization").mkdir(parents=True)
    (tmp_path / "day" / "organization" / ".venv").symlink_to(virtual_environment())  # in place of `pulumi install`
    with EmulatorServer(seed=COMPANY, admin_key="sk-admin-of-the-first-day") as emulator:
        environ = {
            **pulumi.environment(tmp_path / "home"),
            **environ_of(emulator),
            "COLUMNS": "200",  # no text of a table continues on the next line
            "TMPDIR": str(tmp_path),  # what a process leaves there is searched, too
        }
        yield Day(emulator, tmp_path, environ)


@pytest.mark.timeout(600)
def test_each_step_shows_what_the_example_says(day: Day) -> None:
    start = day.census()
    for step in ("adopt", "take_over"):
        day.step(step)
    for step, count in (("team_projects", 2), ("people", len(COMPANY["users"]))):
        done = day.step(step)
        assert done.summary["created"] == count
        assert set(done.summary) == {"created", "unchanged"}, done.text
    assert day.census() == start
    assert {request["method"] for request in day.emulator.control.requests()} == {"GET"}

    assert day.step("keys").summary["created"] == 2
    assert day.states(1) == ["live", "live"]
    with_keys = day.census()
    day.step("changes")
    text = re.sub(r"\s+", " ", day.step("drift").text)
    for told in (
        'limits["gpt-4o"].max_requests_per_1_minute 101 → 999 ada@example.com',
        "name Search → Search 2 ada@example.com",
        'members["donald@example.com"] - member ada@example.com',
        'members["frances@example.com"] member → owner ada@example.com',
        "4 differ",
        "exit code 3",
    ):
        assert told in text, text
    day.step("restore")
    assert day.census() == with_keys

    done = day.step("offboard")
    assert done.summary["deleted"] == 1
    assert "Nobody in the organization" in done.text
    without_grace = {
        kind: {path: content for path, content in all_.items() if "user-grace" not in path.split("/")}
        for kind, all_ in with_keys.items()
    }
    assert day.census() == without_grace, "she is in nothing any more, and nothing else differs"
    assert "+-2 replaced" in day.step("rotate").text
    assert [day.states(version) for version in (1, 2)] == [["revoked", "revoked"], ["live", "live"]]
    assert "No file has one of the 4 keys" in day.step("search").text
    files = [path for path in day.folder.rglob("*") if path.is_file() and not path.is_symlink()]
    for file, key in {**day.keys(1), **day.keys(2), None: day.emulator.admin_key}.items():
        assert [path for path in files if key.encode() in path.read_bytes()] == ([file] if file else [])
