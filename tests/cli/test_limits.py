"""`limits` shows what is set: as a table, as JSON, as a page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

BLOCKED = {"id": "proj_web", "name": "Web [red]shop", "rate_limits": {"rl-gpt-4o": {"max_requests_per_1_minute": 0}}}


def test_a_table_a_project(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.seed({"projects": [BLOCKED]})
    done = command.ok("limits", "Demo", "proj_web", "--model", "gpt-4o")
    assert done.out.index("Demo (proj_demo)") < done.out.index("Web [red]shop (proj_web)")
    heads = next(line for line in done.out.splitlines() if "model" in line)
    assert heads.split() == ["model", "Requests/min", "Tokens/min", "Batch", "tokens/day"]
    rows = [line.split() for line in done.out.splitlines() if line.strip().startswith("gpt-4o")]
    assert rows == [["gpt-4o", "10,000", "30,000,000", "5,000,000,000"], ["gpt-4o", "0", "30,000,000", "5,000,000,000"]]


def test_json_says_all(command: Command) -> None:
    (project,) = json.loads(command.ok("limits", "Demo", "--json").out)
    assert (project["project_id"], project["name"]) == ("proj_demo", "Demo")
    assert len(project["limits"]) > 100
    row = next(one for one in project["limits"] if one["model"] == "gpt-4o")
    assert row["rate_limit_id"] == "rl-gpt-4o"
    assert row["max_images_per_1_minute"] is None


def test_all_projects_are_one_list_each(command: Command, emulator: EmulatorServer) -> None:
    found = json.loads(command.ok("limits", "--json").out)
    assert [one["project_id"] for one in found] == ["proj_default", "proj_demo", "proj_production", "proj_staging"]
    paths = [one["path"] for one in emulator.control.requests()]
    assert len(paths) == len(set(paths)) == 5


def test_a_page(command: Command, emulator: EmulatorServer, tmp_path: Path) -> None:
    emulator.control.seed({"projects": [BLOCKED]})
    page = tmp_path / "limits.html"
    done = command.ok("limits", "--html", str(page), "--model", "gpt-4o*")
    assert done.out == ""
    assert "Wrote" in done.err
    text = page.read_text(encoding="utf-8")
    assert "Web [red]shop" in text
    assert emulator.base_url in text
    assert emulator.admin_key not in text


@pytest.mark.parametrize("place", ["no/limits.html", ""])
def test_a_page_that_cannot_be_written_is_told_before_the_reading(
    command: Command, emulator: EmulatorServer, tmp_path: Path, place: str
) -> None:
    done = command("limits", "Demo", "--html", str(tmp_path / place))
    assert done.code == 1
    assert done.err.endswith("can't be written. Name a file in a folder that is there.\n")
    assert emulator.control.requests() == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_full_disk_is_a_sentence(command: Command) -> None:
    done = command("limits", "Demo", "--html", "/dev/full")
    assert done.code == 1
    assert done.err.splitlines()[-1] == "error: No space left on device."


@pytest.mark.parametrize("option", ["--json", "--html"])
def test_projects_without_a_model_that_matches_are_left_out(
    command: Command, emulator: EmulatorServer, tmp_path: Path, option: str
) -> None:
    own = {"model": "house-model", "max_requests_per_1_minute": 1}
    row = {"object": "list", "data": [{"id": "rl-house", **own}], "has_more": False}
    emulator.control.fault(kind="status", status=200, body=row, path="*/proj_demo/rate_limits", times=None)
    page = tmp_path / "limits.html"
    done = command.ok("limits", "--model", "house*", option, *([str(page)] if option == "--html" else []))
    shown = done.out if option == "--json" else page.read_text(encoding="utf-8")
    assert "proj_demo" in shown
    assert "proj_staging" not in shown


def test_a_misspelt_model(command: Command) -> None:
    done = command("limits", "--model", "gpt-4oo")
    assert done.code == 1
    assert done.out == ""
    assert "error: No model matches 'gpt-4oo'. Did you mean gpt-4o" in done.err


def test_a_misspelt_project(command: Command) -> None:
    done = command("limits", "Demmo")
    assert done.code == 1
    assert done.out == ""
    assert done.err == "error: The organization has no project 'Demmo', or it is archived. Did you mean Demo?\n"


def test_two_projects_of_one_name(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.seed({"projects": [{"id": "proj_1", "name": "Twin"}, {"id": "proj_2", "name": "Twin"}]})
    done = command("limits", "Twin")
    assert done.code == 1
    assert "proj_1, proj_2. Name one by its id." in done.err


def test_a_refused_key_is_told_in_the_command_lines_own_words(command: Command) -> None:
    done = command("limits", OPENAI_ADMIN_KEY="sk-proj-of-a-project")
    assert done.code == 1
    assert "pulumi" not in done.err
    assert "Settings > Organization > Admin keys." in done.err


def test_a_throttled_list_is_waited_for(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="throttle", seconds=0.3, path="*/rate_limits", times=3)
    assert len(json.loads(command.ok("limits", "--json").out)) == 4


def test_one_unreadable_project_fails_the_whole(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="status", status=403, path="*/proj_demo/rate_limits", times=None)
    done = command("limits", "--json")
    assert done.code == 1
    assert done.out == ""
    assert "project proj_demo" in done.err


def test_a_reader_who_has_seen_enough(command: Command) -> None:
    program = [sys.executable, "-m", "pulumi_openai_admin.cli", "limits"]
    with subprocess.Popen(
        program, env={**os.environ, **command.environ}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert "error" not in process.stderr.read().lower()


def test_a_project_that_was_archived_meanwhile_is_left_out(command: Command, emulator: EmulatorServer) -> None:
    page = json.loads(command.ok("limits", "--json").out)
    emulator.control.fault(kind="status", status=400, path="*/proj_demo/rate_limits", times=None)
    archived = {"id": "proj_demo", "object": "organization.project", "name": "Demo", "status": "archived"}
    emulator.control.fault(kind="status", status=200, body=archived, path="*/proj_demo", times=None)
    done = command.ok("limits", "--json")
    assert [one["name"] for one in json.loads(done.out)] == [one["name"] for one in page if one["name"] != "Demo"]
    assert "Project proj_demo is archived" in done.err
