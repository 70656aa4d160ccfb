"""The checks of `make dist`. The whole of it is a step of `make test` (tools/run_tests.py)."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

import pytest

from tools import clean_install, dist, pinned, plugin, run_tests
from tools.checks import CHECKS
from tools.progress import StepError

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
    environ = clean_install.CleanInstall(tmp_path, tmp_path / "log").environ
    assert {"PYTHONPATH", "PULUMI_HOME", "OPENAI_ADMIN_KEY"}.isdisjoint(environ)
    assert environ["PATH"].startswith(f"{tmp_path / 'venv' / 'bin'}:")


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("echo 'error: pip install pulumi-openai-admin[cli]' >&2; exit 2", True),
        ("echo 'error: pip install pulumi-openai-admin[cli]' >&2; exit 1", False),
        ("printf 'Traceback\npulumi-openai-admin[cli]\n' >&2; exit 2", False),
        ("echo Usage", False),
    ],
)
def test_without_its_extra_the_command_has_to_name_it(text: str, *, accepted: bool, tmp_path: Path) -> None:
    place = clean_install.CleanInstall(tmp_path, tmp_path / "log")
    command = place.venv / "bin" / "pulumi-openai-admin"
    command.parent.mkdir(parents=True)
    command.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    command.chmod(0o755)
    if accepted:
        place.expect_help(code=2, text="pulumi-openai-admin[cli]", lines=1)
    else:
        with pytest.raises(StepError, match="should end with 2"):
            place.expect_help(code=2, text="pulumi-openai-admin[cli]", lines=1)


def test_what_was_built_takes_the_place_of_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, other = tmp_path / "dist" / "pulumi_openai_admin-0.0.9.tar.gz", tmp_path / "dist" / "notes"
    for path in (old, other, tmp_path / "a.whl", tmp_path / "a.tar.gz"):
        path.parent.mkdir(exist_ok=True)
        path.write_text("", encoding="utf-8")
    monkeypatch.setattr(dist, "DIST", tmp_path / "dist")
    kept = dist.keep(dist.Built(tmp_path / "a.tar.gz", tmp_path / "a.whl"))
    assert sorted((tmp_path / "dist").iterdir()) == sorted([*kept, other])


def test_make_test_builds_packages_in_a_clone_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinned, "ROOT", tmp_path)
    assert list(run_tests.all_checks()) == [*CHECKS, "Workflows"]
    (tmp_path / ".git").mkdir()
    assert list(run_tests.all_checks()) == [*CHECKS, "Workflows", "Wheel and sdist"]
