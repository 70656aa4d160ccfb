"""The checks of `make dist`, which is a step of `make test` (noxfile.py), and of the version that all files name."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING

import pytest

from tools import commands, dist, pinned
from tools.commands import StepError

if TYPE_CHECKING:
    from pathlib import Path


def test_the_sdist_contains_what_git_tracks(tmp_path: Path) -> None:
    path = tmp_path / "pulumi_openai_admin-0.1.0.tar.gz"
    (tmp_path / "file").touch()
    with tarfile.open(path, "w:gz") as archive:
        for name in ("PKG-INFO", "LICENSE", "scratch.py"):
            archive.add(tmp_path / "file", f"pulumi_openai_admin-0.1.0/{name}")
    dist.check_sdist(path, {"LICENSE", "scratch.py"})
    with pytest.raises(StepError, match=r"differ in 2 files, such as .*0\.1\.0/Makefile.*0\.1\.0/scratch\.py"):
        dist.check_sdist(path, {"LICENSE", "Makefile"})


def test_git_tracks_no_file_that_it_ignores() -> None:
    if (pinned.ROOT / ".git").exists():
        assert commands.git("ls-files", "--cached", "--ignored", "--exclude-standard") == ""


def test_the_build_backend_is_the_one_whose_files_are_pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an isolated environment, the newest backend would build, and name itself in the wheel."""
    commands: list[list[str]] = []
    monkeypatch.setattr(dist, "run", lambda command, **_: commands.append(command))
    for name in ("a.tar.gz", "a.whl"):
        (tmp_path / name).touch()
    dist.build("packer", pinned.ROOT, tmp_path, tmp_path / "log")
    ((python, *options),) = commands
    assert python == "packer"
    assert "--no-isolation" in options


# The files that name the version: `[tool.bumpversion]` in pyproject.toml lists them

VERSION = re.escape(pinned.package_version())
NAMED = re.compile(
    rf"(?:openai[-_]admin(?:\[[\w,-]+\])?(?:-v|-|\s+|==|>=)|^ *version: ){VERSION}(?![\w.]*\d)", re.MULTILINE
)
"""The name of a package, a plugin or an archive, and its version."""
UNLIKE = ("CHANGELOG.md", "tests/")
"""Files that name versions of the past, or any version."""


def test_each_file_that_a_release_changes_names_the_version_and_no_other_file_does() -> None:
    """A file that is not listed would name an old version after a release."""
    bump = [sys.executable, "-m", "bumpversion", "bump", "patch", "--dry-run", "--verbose"]
    done = subprocess.run(bump, cwd=pinned.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    changed = {*re.findall(r"([\w./-]+\.(?:md|txt|yaml|toml))", done.stdout + done.stderr)}
    others = [
        path for path in commands.git("ls-files").splitlines() if not path.startswith(UNLIKE) and path not in changed
    ]
    files = [path for path in map(pinned.ROOT.joinpath, others) if path.is_file()]
    assert [path for path in files if NAMED.search(path.read_text("utf-8", "ignore"))] == []
