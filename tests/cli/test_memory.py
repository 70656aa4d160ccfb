"""A larger organization takes no more memory: what is read waits on disk, and comes from there project by project."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests import terraform
from tests.cli import exported_stack
from tests.systems import needs_linux

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

MEASURED = """
import pathlib, re, runpy, sys
try:
    runpy.run_module("pulumi_openai_admin.cli", run_name="__main__", alter_sys=True)
finally:
    print(re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1], file=sys.stderr)
"""
"""The program, and then the most memory it had: `ru_maxrss` would begin with that of the process that started it."""
THROTTLED_CONCURRENCY, MANY = 10, 60
MAX_GROWTH = 14_000
"""In KiB; 4,000 to 13,000 were measured. Kept in memory, 50 more projects take at least 15,000 on top of that."""


def peak(command: Command, folder: Path, arguments: tuple[str, ...]) -> int:
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *arguments],
        env={**os.environ, **command.environ},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=arguments[0] != "drift",  # whose exit code says whether something differs
    )
    return int(done.stderr.split()[-1])


def organization(first: int, last: int) -> dict[str, object]:
    return {"projects": [{"id": f"proj_{number}", "name": f"Team {number}"} for number in range(first, last)]}


@needs_linux
@pytest.mark.parametrize(
    "arguments",
    [("adopt", "--all", "--all-limits", "--out", "org"), ("limits", "--html", "limits.html"), ("limits", "--json")],
    ids=" ".join,
)
def test_memory_does_not_grow_with_the_organization(
    command: Command, emulator: EmulatorServer, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    emulator.control.seed(organization(0, THROTTLED_CONCURRENCY))
    few = peak(command, tmp_path / "few", arguments)
    emulator.control.seed(organization(THROTTLED_CONCURRENCY, MANY))
    many = peak(command, tmp_path / "many", arguments)
    assert many - few < MAX_GROWTH


def write_state(path: Path, emulator: EmulatorServer, projects: int, *, differing: bool) -> Path:
    """A stack with the limits of many projects, which all have the same."""
    exported_stack.write(path, emulator, [("ProjectRateLimits", "proj_0")])
    text, tail = path.read_text("utf-8"), "]}}"
    head = text.partition('{"urn"')[0]
    row = text.removeprefix(head).removesuffix(tail)
    if differing:
        row = row.replace('"max_requests_per_1_minute": ', '"max_requests_per_1_minute": 1')
    with path.open("w", encoding="utf-8") as file:
        file.write(head + row)
        for number in range(1, projects):
            file.write(", " + row.replace("proj_0", f"proj_{number}"))
        file.write(tail)
    return path


@needs_linux
@pytest.mark.parametrize("differing", [False, True])
def test_memory_of_drift_does_not_grow_with_the_stack(
    command: Command, emulator: EmulatorServer, tmp_path: Path, *, differing: bool
) -> None:
    """Kept in memory, what waits on disk for 50 more projects with all their limits takes 15,000 and more."""
    peaks = []
    for first, last in ((0, THROTTLED_CONCURRENCY), (THROTTLED_CONCURRENCY, MANY)):
        emulator.control.seed(organization(first, last))
        path = write_state(tmp_path / f"{last}.json", emulator, last, differing=differing)
        peaks.append(peak(command, tmp_path / str(last), ("drift", "--state", str(path), "--json")))
    assert peaks[1] - peaks[0] < MAX_GROWTH


@needs_linux
def test_memory_does_not_grow_with_the_objects_of_a_terraform_state(
    command: Command, emulator: EmulatorServer, tmp_path: Path
) -> None:
    def of(first: int, last: int) -> int:
        emulator.control.seed(organization(first, last))
        ids = [f"proj_{number}" for number in range(first, last)]
        document = terraform.state(
            terraform.resource("openai_project", "this", *(terraform.instance(id_, project_id=id_) for id_ in ids)),
            terraform.resource(
                "openai_project_rate_limit",
                "o1",
                *(terraform.instance(id_, project_id=id_, rate_limit_id="rl-o1") for id_ in ids),
            ),
        )
        file = tmp_path / f"{last}.tfstate"
        file.write_text(json.dumps(document), encoding="utf-8")
        return peak(command, tmp_path / str(last), ("adopt", "--from-terraform", str(file), "--out", "org"))

    few = of(0, THROTTLED_CONCURRENCY)
    assert of(THROTTLED_CONCURRENCY, MANY) - few < MAX_GROWTH
