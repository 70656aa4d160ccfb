"""The archive that `tools/plugin/pack.py` writes. tests/native/test_plugin.py installs a real one."""

from __future__ import annotations

import importlib
import importlib.util
import json
import platform
import re
import shutil
import sys
import sysconfig
import tarfile
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import tomli
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import pinned


@pytest.fixture
def pack(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(pinned.PLUGIN)
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


@pytest.fixture
def contents(pack: Any) -> Any:
    return pack.contents


def test_the_bill_and_the_licences_name_all_that_the_package_needs(pack: Any, contents: Any, tmp_path: Path) -> None:
    (tmp_path / "libz.so.1").write_bytes(b"library")
    found = contents.distributions("pulumi-openai-admin", Path(_site_packages()), pack.NOT_USED, ())
    contents.write(tmp_path, contents.component(metadata.distribution("pulumi-openai-admin")), found, 0)
    bill = json.loads((tmp_path / "sbom.cdx.json").read_text(encoding="utf-8"))
    named = {item["name"]: item for item in bill["components"]}
    direct = {canonicalize_name(Requirement(text).name) for text in _dependencies()}
    assert direct | {"python", "grpcio", "protobuf", "urllib3", "libz.so.1"} <= set(named)
    assert "debugpy" not in named
    assert named["requests"]["purl"].startswith("pkg:pypi/requests@")
    assert named["libz.so.1"]["hashes"][0]["alg"] == "SHA-256"
    folders = {path.name.rpartition("-")[0].lower().replace("_", "-") for path in (tmp_path / "THIRD_PARTY").iterdir()}
    assert folders == set(named) - {"libz.so.1"}


def test_the_bill_has_the_same_bytes_each_time(contents: Any, tmp_path: Path) -> None:
    bills = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        package = contents.component(metadata.distribution("requests"))
        contents.write(tmp_path / name, package, [metadata.distribution("idna")], 315532800)
        bills.append((tmp_path / name / "sbom.cdx.json").read_bytes())
    assert bills[0] == bills[1]
    assert b"1980-01-01" in bills[0]


def test_a_distribution_without_a_licence_is_refused(contents: Any, tmp_path: Path) -> None:
    about = tmp_path / "thing-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n", encoding="utf-8")
    (about / "RECORD").write_text("thing-1.0.dist-info/METADATA,,\n", encoding="utf-8")
    (thing,) = metadata.distributions(name="thing", path=[str(tmp_path)])
    with pytest.raises(contents.ContentsError, match=r"thing-1\.0 has no file with its licence"):
        contents.write(tmp_path, contents.component(metadata.distribution("requests")), [thing], 0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has glibc")
def test_the_glibc_that_a_program_needs_is_read_from_it(pack: Any, tmp_path: Path) -> None:  # noqa: ARG001
    elf = importlib.import_module("elf")
    (tmp_path / "text").write_text("text", encoding="utf-8")
    assert elf.newest_glibc(tmp_path) is None
    shutil.copy(Path(sys.executable).resolve(), tmp_path / "python")
    needed = elf.newest_glibc(tmp_path)
    system = tuple(map(int, platform.libc_ver()[1].split(".")))
    assert (2, 2) < needed.version <= system
    assert str(needed) == f"glibc {elf.dotted(needed.version)} (python)"


def test_the_documentation_promises_the_glibc_that_is_checked(pack: Any) -> None:  # noqa: ARG001 - it sets the path
    promised = importlib.import_module("elf").PROMISED
    page = (pinned.ROOT / "docs" / "native-provider.md").read_text(encoding="utf-8")
    assert re.findall(r"glibc ([\d.]+) or newer", page) == [".".join(map(str, promised))]


def test_the_requirements_are_those_of_the_package_each_with_its_hashes() -> None:
    lines = (pinned.PLUGIN / "requirements.txt").read_text(encoding="utf-8")
    named = dict(re.findall(r"^([\w.-]+)==([^ ;\\]+)", lines, re.MULTILINE))
    built_with = tomli.loads((pinned.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    # The wheel, the sdist and the archive are built without isolation, with the tools of this file.
    for requirement in map(Requirement, [*_dependencies(), *built_with, "build"]):
        assert requirement.specifier.contains(named[canonicalize_name(requirement.name)])
    for block in re.split(r"\n(?=\w)", lines)[1:]:
        assert "--hash=sha256:" in block
    wanted = re.findall(r"^([\w.-]+)==(\S+)", (pinned.PLUGIN / "requirements.in").read_text("utf-8"), re.MULTILINE)
    assert {canonicalize_name(name): version for name, version in wanted}.items() <= named.items()
    page = (pinned.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    command = re.search(r"^uv pip compile [^`]+", page, re.MULTILINE)
    assert command
    words = command[0].replace("\\\n", "").split()
    assert f"#    {' '.join(words)}\n" in lines, "Dependabot reads the options from here"


def _dependencies() -> list[str]:
    return [text for text in metadata.requires("pulumi-openai-admin") or () if "extra ==" not in text]


def _site_packages() -> str:
    return sysconfig.get_path("purelib")
