"""The checks of `make dist`. The whole of it is a step of `make test` (noxfile.py)."""

from __future__ import annotations

import tarfile
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from tools import commands, dist, pinned, plugin
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
    with pytest.raises(StepError, match=r"lacks .*0\.1\.0/Makefile.*does not track, such as .*0\.1\.0/scratch\.py"):
        dist.check_sdist(path, {"LICENSE", "Makefile"})


def test_git_tracks_no_file_that_it_ignores() -> None:
    if (pinned.ROOT / ".git").exists():
        assert dist.git("ls-files", "--cached", "--ignored", "--exclude-standard") == ""


def test_the_build_backend_is_the_one_whose_files_are_pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an isolated environment, the newest backend would build, and name itself in the wheel."""
    commands = []

    def run(command: list[str], **_: object) -> None:
        commands.append(command)
        for name in ("a.tar.gz", "a.whl"):
            (tmp_path / name).touch()

    monkeypatch.setattr(dist, "run", run)
    monkeypatch.setattr(plugin, "packer", lambda: tmp_path / "packer")
    dist.build(pinned.ROOT, tmp_path, tmp_path / "log")
    ((python, *options),) = commands
    assert python == str(tmp_path / "packer")
    assert "--no-isolation" in options


def test_other_bytes_at_the_second_build_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(_source: Path, into: Path, _log: Path) -> dist.Built:
        into.mkdir()
        sdist, wheel = into / "a-0.1.0.tar.gz", into / "a-0.1.0.whl"
        (into / "file").write_text("same", encoding="utf-8")
        with tarfile.open(sdist, "w") as archive:
            archive.add(into / "file", "a-0.1.0/file", filter=without_time)
        wheel.write_text(into.name, encoding="utf-8")
        return dist.Built(sdist, wheel)

    monkeypatch.setattr(dist, "build", build)
    with pytest.raises(StepError, match=r"a-0\.1\.0\.whl differs when it is built again from the sdist"):
        dist.make(tmp_path, tmp_path / "log")


def without_time(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mtime = 0
    return member


def test_the_clean_environment_does_not_lead_to_the_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "PULUMI_HOME", "OPENAI_ADMIN_KEY", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, str(pinned.ROOT))
    environ = dist.clean_environment(tmp_path / "venv")
    assert {"PYTHONPATH", "PULUMI_HOME", "OPENAI_ADMIN_KEY"}.isdisjoint(environ)
    assert environ["PATH"].startswith(f"{tmp_path / 'venv' / 'bin'}:")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("echo 'error: pip install pulumi-openai-admin[cli]' >&2; exit 2", ""),
        ("echo 'ImportError: typer' >&2; exit 1", "ImportError: typer"),
        ("echo Usage", "runs without the extra"),
    ],
)
def test_without_its_extra_the_command_has_to_name_it(text: str, why: str, tmp_path: Path) -> None:
    command = tmp_path / "bin" / "pulumi-openai-admin"
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    command.chmod(0o755)

    def run_here(argv: list[str]) -> None:
        commands.run(argv, log=tmp_path / "log", env={})

    with pytest.raises(StepError, match=why) if why else nullcontext():
        dist.expect_refusal(run_here, tmp_path)


def test_what_was_built_takes_the_place_of_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, other = tmp_path / "dist" / "pulumi_openai_admin-0.0.9.tar.gz", tmp_path / "dist" / "notes"
    for path in (old, other, tmp_path / "a.whl", tmp_path / "a.tar.gz"):
        path.parent.mkdir(exist_ok=True)
        path.write_text("", encoding="utf-8")
    monkeypatch.setattr(dist, "DIST", tmp_path / "dist")
    kept = dist.keep(dist.Built(tmp_path / "a.tar.gz", tmp_path / "a.whl"))
    assert sorted((tmp_path / "dist").iterdir()) == sorted([*kept, other])
