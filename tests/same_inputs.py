"""Tests that look at generated files only do not run again where they have passed with the same inputs.

    pytestmark = pytest.mark.inputs("pulumi_openai_admin/hosts/native/schema.json", "tools/languages")

names all files and folders, relative to the repository, that the result of a test depends on. A test that has passed
is recorded in the user's cache with a digest of them, of its own module, of the dependencies and of the Python. A later
run skips it while the digest is the same. `make test-full` skips none, and so does a machine without a record.
"""

from __future__ import annotations

import hashlib
import json
import sys
from functools import cache
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from tests.full import IS_FULL
from tools import pinned

if TYPE_CHECKING:
    from pathlib import Path

ALWAYS = ("pyproject.toml",)
_DIGEST = "digest of inputs"
REASON = "passed before with the same inputs (`make test-full` runs it)"


def record() -> Path:
    """The file with the digest of each test that has passed."""
    return pinned.cache() / "passed-tests.json"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "inputs(*paths): all files and folders that the result of the test depends on")
    if not hasattr(
        config, "workerinput"
    ):  # the reports of all workers of xdist arrive in the process that started them
        config.pluginmanager.register(Recorder())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    passed = read(record())
    for item in items:
        if paths := sorted({path for mark in item.iter_markers("inputs") for path in mark.args}):
            found = digest(item.path, tuple(paths))
            item.user_properties.append((_DIGEST, found))
            if passed.get(item.nodeid) == found and not IS_FULL:
                item.add_marker(pytest.mark.skip(reason=REASON))


class Recorder:
    def __init__(self) -> None:
        self.passed: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        found = dict(report.user_properties).get(_DIGEST)
        if found and report.when == "call" and report.passed:
            self.passed[report.nodeid] = str(found)
        elif report.failed:
            self.passed.pop(report.nodeid, None)

    def pytest_sessionfinish(self) -> None:
        if self.passed:
            add(record(), self.passed)


@cache
def digest(module: Path, paths: tuple[str, ...]) -> str:
    """A digest of a test's module, of all files at the paths, of the dependencies and of this Python."""
    found = hashlib.sha256(f"{sys.version} {sys.platform}".encode())
    for path in (module, *(pinned.ROOT / name for name in (*ALWAYS, *paths))):
        assert path.exists(), f"{path} is named as an input, and does not exist"
        for file in sorted(_files(path)):
            found.update(f"{file.relative_to(path.parent)}\n".encode())
            found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def _files(path: Path) -> list[Path]:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return [file for file in files if "__pycache__" not in file.parts]


def read(place: Path) -> dict[str, str]:
    """The record; empty if there is none, or if it can't be read."""
    try:
        return dict(json.loads(place.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def add(place: Path, passed: dict[str, str]) -> None:
    """Add to the record. Where the cache can't be written, the tests run again next time."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(place.with_suffix(".lock")):
            text = json.dumps({**read(place), **passed}, indent=0, sort_keys=True)
            new = place.with_suffix(".new")
            new.write_text(text, encoding="utf-8")
            new.replace(place)
    except OSError:
        return
