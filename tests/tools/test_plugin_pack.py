"""The archive that `tools/plugin/pack.py` writes. tests/native/test_plugin.py installs a real one."""

from __future__ import annotations

import importlib.util
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

from tools import pinned

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def pack() -> Any:
    spec = importlib.util.spec_from_file_location("pack", pinned.PLUGIN / "pack.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_links_are_packed_as_files_and_the_same_bytes_come_out(pack: Any, tmp_path: Path) -> None:
    program = tmp_path / "program"
    (program / "lib").mkdir(parents=True)
    (program / "lib" / "file").write_text("text", encoding="utf-8")
    (program / "link").symlink_to("lib/file")
    (program / "hard").hardlink_to(program / "lib" / "file")
    first = pack.pack(program, tmp_path / "first.tar.gz")
    with tarfile.open(first) as members:
        assert {member.name: member.type for member in members} == {
            "LICENSE": tarfile.REGTYPE,
            "hard": tarfile.REGTYPE,
            "lib": tarfile.DIRTYPE,
            "lib/file": tarfile.REGTYPE,
            "link": tarfile.REGTYPE,
        }
    (program / "lib" / "file").touch()
    assert first.read_bytes() == pack.pack(program, tmp_path / "second.tar.gz").read_bytes()


def test_the_name_says_system_and_processor(pack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for system, machine, named in (("Windows", "AMD64", "windows-amd64"), ("Darwin", "arm64", "darwin-arm64")):
        monkeypatch.setattr(pack.platform, "system", lambda system=system: system)
        monkeypatch.setattr(pack.platform, "machine", lambda machine=machine: machine)
        version = pinned.package_version()
        assert pack.archive_name() == f"pulumi-resource-openai-admin-v{version}-{named}.tar.gz"


def test_emulator_and_command_line_are_left_out(pack: Any) -> None:
    modules = pack.modules(pinned.ROOT)
    assert "pulumi_openai_admin.hosts.native.server" in modules
    assert "pulumi_openai_admin.resources.project" in modules
    assert [name for name in modules if name.split(".")[1:2] in (["emulator"], ["cli"])] == []
