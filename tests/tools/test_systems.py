"""Tests on other systems than Linux: nothing that they import is missing there."""

from __future__ import annotations

import subprocess
import sys

import noxfile
from tools import pinned


def test_each_folder_is_there() -> None:
    folders = {folder for folders in noxfile.FOLDERS.values() for folder in folders}
    assert [folder for folder in folders if not (pinned.ROOT / "tests" / folder).is_dir()] == []


def test_these_tests_import_nothing_that_windows_does_not_have() -> None:
    plugin, quiet = ("-p", "tests.as_windows"), ("-q", "--collect-only", "-p", "no:cacheprovider", "-W", "default")
    folders = (f"tests/{folder}" for folder in noxfile.FOLDERS["win32"])
    command = [sys.executable, "-m", "pytest", *plugin, *quiet, *folders]
    done = subprocess.run(command, cwd=pinned.ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_the_scripts_that_run_them_import_nothing_that_windows_does_not_have() -> None:
    program = "from tests import as_windows; as_windows.pytest_sessionstart(); import noxfile, tools.check"
    subprocess.run([sys.executable, "-c", program], cwd=pinned.ROOT, check=True)
