"""The checks of `make dist`. The whole of it is a step of `make test` (noxfile.py)."""

from __future__ import annotations

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
