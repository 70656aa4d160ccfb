from __future__ import annotations

import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

import noxfile
from tools import bootstrap, demo, pinned
from tools.commands import StepError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.conftest import Machine

MAKE = shutil.which("make") or "make"


@pytest.fixture(autouse=True)
def _not_within_make(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = re.findall(r"\$\(if \$\(([A-Z]+)\)", (pinned.ROOT / "Makefile").read_text(encoding="utf-8"))
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", *variables):  # make exports those of its command line
        monkeypatch.delenv(name, raising=False)


def test_the_ci_does_what_make_test_does(machine: Machine, tmp_path: Path) -> None:
    machine.program("make", f'echo "$PWD: make $*" > {tmp_path}/called; exit 7')
    env = os.environ | {"PATH": f"{machine.path}{os.pathsep}/usr/bin{os.pathsep}/bin"}
    done = subprocess.run([pinned.ROOT / ".ci" / "run"], cwd=tmp_path, env=env, check=False)
    assert done.returncode == 7
    assert (tmp_path / "called").read_text(encoding="utf-8") == f"{pinned.ROOT}: make test\n"


TARGETS = re.findall(r"^make ([\w-]+)", subprocess.check_output([MAKE], cwd=pinned.ROOT, text=True), re.MULTILINE)
"""The targets that `make` lists."""


@pytest.mark.parametrize("target", ["check RESOURCE=Group", *sorted({*TARGETS, "setup"} - {"clean"})])
def test_each_target_is_one_of_the_bootstrap_with_the_python_it_is_given(target: str) -> None:
    command = [MAKE, "--dry-run", "PYTHON=python3.99", *target.split()]
    done = subprocess.run(command, cwd=pinned.ROOT, capture_output=True, text=True, check=True)
    given = target.replace("RESOURCE=", "--resource ").split()
    assert done.stdout.split() == ["python3.99", "tools/bootstrap.py", *given]


def test_each_target_is_a_session_and_each_module_of_one_is_there() -> None:
    command = [sys.executable, "-m", "nox", "--list"]
    listed = subprocess.run(command, cwd=pinned.ROOT, capture_output=True, text=True, check=True).stdout
    sessions = {*re.findall(r"^[*-] ([\w-]+)", listed, re.MULTILINE)}
    assert {"check", "demo", "test"} <= {*TARGETS} - {"clean"} <= sessions
    assert {*bootstrap.EXTRAS} <= sessions
    extras = tomllib.loads((pinned.ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert {name for names in bootstrap.EXTRAS.values() for name in names.split(",")} <= {*extras}
    assert [module for module in noxfile.SCRIPTS.values() if not importlib.util.find_spec(module.split()[0])] == []


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the demo."""
    folder = tmp_path / "a demo"
    folder.mkdir()
    monkeypatch.setattr(demo, "HOME", folder)
    return folder


@pytest.mark.usefixtures("home")
def test_an_emulator_whose_port_is_taken_gets_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken: int = server.getsockname()[1]
        with pytest.raises(StepError, match=f"cannot listen on 127.0.0.1:{taken}"), demo.organization(taken):
            pass


@pytest.mark.timeout(400)  # nine commands of the engine
def test_the_demo_shows_the_drift_and_leaves_lines_that_work(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert demo.main([]) == 0
    said = capfd.readouterr().out
    for part in ("60 => 77", "77 => 60", "[secret]", "+-1 replaced", "- 3 deleted"):
        assert part in said
    assert said.index("9 of 10") < said.index('"max_requests_per_1_minute": 10000'), "the first value is back"
    ours = [line for line in said.splitlines() if not re.match(r"[ @]|The resources in the stack", line)]
    assert [line for line in ours if len(line) > 80] == []
    lines = f'. "{home}/env" && pulumi install && pulumi stack --show-name'
    done = subprocess.run(["/bin/sh", "-c", lines], cwd=pinned.ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("emulator\n"), done.stderr


@pytest.mark.usefixtures("home")
def test_the_demo_changes_the_limit_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with demo.organization(demo.ANY_PORT) as port:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        demo.call(port, "POST", f"/organization/projects/proj_demo/rate_limits/{demo.ROW}", demo.BEHIND)


@pytest.mark.usefixtures("home")
def test_there_is_no_emulator_before_the_demo(capfd: pytest.CaptureFixture[str]) -> None:
    assert demo.main(["emulator"]) == 1
    assert "`make demo` first" in capfd.readouterr().out
