"""The example of a team's first day: each step of its script on the real engine, and what it leaves."""

from __future__ import annotations

import json
import re
import runpy
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.emulator.process import EmulatorServer
from tests.full import IS_FULL
from tests.warm.start import virtual_environment
from tools.stacks import Run

if TYPE_CHECKING:
    from tools.engine import Engine

EXAMPLES = Path(__file__).parents[2] / "examples"
SIZE = 50 if IS_FULL else 12
"""How many of the company's projects are there. Each step does the same with all, and has a few that it names."""
BASH = shutil.which("bash") or "bash"
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
    texts: dict[str, str] = field(default_factory=dict)
    """What each step printed."""

    def step(self, name: str) -> Run:
        """Run one step of the script; it has to succeed."""
        done = subprocess.run(
            [BASH, str(self.folder / "examples" / "first-day" / "first_day.sh"), name],
            cwd=self.folder / "day",
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=400,
            check=False,
        )
        self.texts[name] = done.stdout
        assert done.returncode == 0, done.stdout[-6000:]
        return Run(done.returncode, done.stdout)

    def methods(self) -> set[str]:
        """The methods of the requests since the last call."""
        sent = {request["method"] for request in self.emulator.control.requests()}
        self.emulator.control.clear_requests()
        return sent

    def census(self) -> Census:
        """What exists, without the times of what was added again."""
        return {
            kind: {
                path: {name: value for name, value in content.items() if name not in TIMES}
                for path, content in all_.items()
            }
            for kind, all_ in self.emulator.control.live().items()
        }

    def versions(self, secret: str) -> list[str]:
        """The keys that the store got for a secret, oldest first."""
        paths = sorted((self.folder / "day" / "store" / secret).iterdir(), key=lambda path: int(path.name))
        return [path.read_text(encoding="utf-8") for path in paths]

    def states(self, keys: list[str]) -> list[str]:
        return [dict(self.emulator.control.key(key) or {"state": "unknown"})["state"] for key in keys]

    def files_with(self, value: str) -> list[Path]:
        """The files that contain a value, as text or in JSON."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and not path.is_symlink()]
        return [path for path in files if value.encode() in path.read_bytes()]


@pytest.fixture
def day(pulumi: Engine, tmp_path: Path) -> Any:
    shutil.copytree(EXAMPLES, tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__", ".venv"))
    for name in ("day", "tmp"):
        (tmp_path / name).mkdir()
    with EmulatorServer(seed=COMPANY, admin_key="sk-admin-of-the-first-day") as emulator:
        environ = {
            **pulumi.environment(tmp_path / "home"),
            "OPENAI_ADMIN_KEY": emulator.admin_key,
            "OPENAI_BASE_URL": emulator.base_url,
            "COLUMNS": "200",  # no text of a table continues on the next line
            "TMPDIR": str(tmp_path / "tmp"),  # what a process leaves there is searched, too
        }
        yield Day(emulator, tmp_path, environ)


@pytest.mark.timeout(600)
def test_each_step_shows_what_the_example_says(day: Day) -> None:
    start = day.census()
    assert len(start["project"]) == SIZE
    (day.folder / "day" / "organization").mkdir()
    (day.folder / "day" / "organization" / ".venv").symlink_to(virtual_environment())  # in place of `pulumi install`
    day.step("adopt")
    day.step("take_over")
    assert (day.methods(), day.census()) == ({"GET"}, start)

    moved = day.step("team_projects")
    assert moved.summary["created"] == 2
    assert set(moved.summary) == {"created", "unchanged"}, moved.text
    planned = json.loads((day.folder / "day" / "preview.json").read_text(encoding="utf-8"))
    assert set(planned["changeSummary"]) == {"create", "same"}
    assert planned["changeSummary"]["create"] == 2
    joined = day.step("people")
    assert joined.summary["created"] == len(COMPANY["users"])
    assert set(joined.summary) == {"created", "unchanged"}, joined.text
    assert (day.methods(), day.census()) == ({"GET"}, start)

    assert day.step("keys").summary["created"] == 2
    first = [*day.versions("shop-ci"), *day.versions("search-ci")]
    assert day.states(first) == ["live", "live"]
    with_keys = day.census()
    assert len(with_keys["api_key"]) == len(start["api_key"]) + 2

    _is_changed_found_and_restored(day, with_keys)
    _leaves(day, with_keys)
    _are_rotated(day, with_keys, first)
    _has_no_key_in_a_file(day)


def _is_changed_found_and_restored(day: Day, before: Census) -> None:
    day.step("changes")
    changed = day.census()
    assert changed != before
    day.methods()
    text = re.sub(r"\s+", " ", day.step("drift").text)
    for told in (
        'limits["gpt-4o"].max_requests_per_1_minute 101 → 999 ada@example.com',
        "name Search → Search 2 ada@example.com",
        'members["donald@example.com"] - member ada@example.com',
        'members["frances@example.com"] member → owner ada@example.com',
        "4 differ",
        "exit code 2",
    ):
        assert told in text, text
    assert (day.methods(), day.census()) == ({"GET"}, changed)
    day.step("restore")
    assert day.census() == before


def _leaves(day: Day, before: Census) -> None:
    done = day.step("offboard")
    assert done.summary["deleted"] == 1
    assert "Nobody in the organization" in done.text
    assert day.census() == _without_grace(before)


def _without_grace(census: Census) -> Census:
    """Grace, who is a member of projects and of a group, is in nothing any more; nothing else differs."""
    kept = {
        kind: {path: content for path, content in all_.items() if "user-grace" not in path.split("/")}
        for kind, all_ in census.items()
    }
    lost = {kind: len(all_) - len(kept[kind]) for kind, all_ in census.items() if len(all_) > len(kept[kind])}
    assert lost["user"] == lost["group_user"] == 1
    assert lost["project_user"] > 2
    return kept


def _are_rotated(day: Day, before: Census, first: list[str]) -> None:
    done = day.step("rotate")
    assert "+-2 replaced" in done.text, done.text
    after = day.census()
    assert len(after.pop("api_key")) == len(before["api_key"])
    assert after == {kind: all_ for kind, all_ in _without_grace(before).items() if kind != "api_key"}
    second = [day.versions(name)[1] for name in ("shop-ci", "search-ci")]
    assert day.states([*first, *second]) == ["revoked", "revoked", "live", "live"]


def _has_no_key_in_a_file(day: Day) -> None:
    assert "No file has one of the 4 keys" in day.step("search").text
    for number, text in enumerate(day.texts.values()):
        (day.folder / f"{number}.log").write_text(text, encoding="utf-8")
    store = day.folder / "day" / "store"
    for secret in store.iterdir():
        for version, key in enumerate(day.versions(secret.name), 1):
            assert day.files_with(key) == [secret / str(version)]
    assert day.files_with(day.environ["OPENAI_ADMIN_KEY"]) == []
