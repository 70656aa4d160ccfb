"""Tests on other systems than Linux: which run there, and that nothing they import is missing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tools import pinned, run_tests


@pytest.mark.parametrize("system", ["darwin", "win32"])
@pytest.mark.parametrize("status", [0, 1])
def test_only_some_folders_run_there_and_a_sentence_says_so(
    system: str, status: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    commands: list[tuple[str, ...]] = []

    def show(command: tuple[str, ...], _environ: dict[str, str]) -> tuple[int, str]:
        commands.append(command)
        return status, "7 passed"

    monkeypatch.setattr(run_tests.sys, "platform", system)
    monkeypatch.setattr(run_tests, "show", show)
    assert run_tests.main([]) == status
    name, folders = run_tests.FOLDERS[system]
    assert [part for part in commands[0] if part.startswith("tests/")] == [f"tests/{folder}" for folder in folders]
    assert len(commands) == 1
    shown = capfd.readouterr()
    assert shown.out.endswith("7 passed\n")
    assert shown.err.startswith(f"On {name}, only tests/unit, tests/cli")
    assert shown.err.count("\n") == 1


def test_each_folder_is_there() -> None:
    for _, folders in run_tests.FOLDERS.values():
        assert [folder for folder in folders if not (pinned.ROOT / "tests" / folder).is_dir()] == []


def test_these_tests_import_nothing_that_windows_does_not_have() -> None:
    _, folders = run_tests.FOLDERS["win32"]
    plugin, quiet = ("-p", "tests.as_windows"), ("-q", "--collect-only", "-p", "no:cacheprovider", "-W", "default")
    command = [sys.executable, "-m", "pytest", *plugin, *quiet, *(f"tests/{folder}" for folder in folders)]
    done = subprocess.run(command, cwd=pinned.ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_the_scripts_that_run_them_import_nothing_that_windows_does_not_have() -> None:
    program = "from tests import as_windows; as_windows.pytest_sessionstart(); import tools.run_tests, tools.plugin"
    subprocess.run([sys.executable, "-c", program], cwd=pinned.ROOT, check=True)
