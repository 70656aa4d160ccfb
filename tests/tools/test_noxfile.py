"""What make and the CI start: the sessions of `noxfile.py`, on all systems and with the lowest versions."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

import noxfile
from tools import bootstrap, pinned

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


def test_each_dependency_of_users_has_a_lower_bound() -> None:
    pinned = noxfile.lowest_declared()
    assert {"requests==2.32.2", "google-auth==2.35"} <= {*pinned}
    assert [text for text in pinned if not re.fullmatch(r"[\w-]+==[\d.]+", text)] == []


def test_all_extras_of_users_are_resolved() -> None:
    of_developers = {"demo", "docs", "dev", "mutants", "bench", "sdks"}
    extras = noxfile.PROJECT["optional-dependencies"].keys()
    assert {*noxfile.USERS} == extras - of_developers - {"policies", "native"}


def test_the_tests_of_other_systems_import_nothing_that_windows_does_not_have() -> None:
    plugin, quiet = ("-p", "tests.as_windows"), ("-q", "--collect-only", "-p", "no:cacheprovider", "-W", "default")
    folders = (f"tests/{folder}" for folder in noxfile.FOLDERS["win32"])
    command = [sys.executable, "-m", "pytest", *plugin, *quiet, *folders]
    done = subprocess.run(command, cwd=pinned.ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_the_scripts_that_run_them_import_nothing_that_windows_does_not_have() -> None:
    program = "from tests import as_windows; as_windows.pytest_sessionstart(); import noxfile, tools.check"
    subprocess.run([sys.executable, "-c", program], cwd=pinned.ROOT, check=True)
