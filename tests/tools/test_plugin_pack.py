"""The archive that `tools/plugin/pack.py` writes. tests/native/test_plugin.py installs a real one."""

from __future__ import annotations

import importlib
import json
import platform
import pyexpat
import re
import shutil
import ssl
import sys
import tarfile
import tomllib
import zlib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import pinned

PLUGIN = pinned.TOOLS / "plugin"


@pytest.fixture
def pack(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(PLUGIN)
    return importlib.import_module("pack")


@pytest.fixture
def contents(pack: Any) -> Any:
    return pack.contents


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
    monkeypatch.setattr(pack.platform, "system", lambda: "Windows")
    monkeypatch.setattr(pack.platform, "machine", lambda: "AMD64")
    named = f"pulumi-resource-openai-admin-v{pinned.package_version()}-windows-amd64.tar.gz"
    assert pack.archive_name() == named


LINKED = ("_ssl.cpython-313-x86_64-linux-gnu.so", "pyexpat.pyd", "zlib.so")
"""Modules of Python that need a library."""


def bill_of(contents: Any, folder: Path, image: str = "", **others: metadata.Distribution) -> Any:
    folder.mkdir(exist_ok=True)
    contents.write(folder, metadata.distribution("pulumi-openai-admin"), others, 315532800, image)
    return json.loads((folder / "sbom.cdx.json").read_text(encoding="utf-8"))


def test_the_bill_and_the_licences_name_all_that_the_package_needs(pack: Any, contents: Any, tmp_path: Path) -> None:
    for name in LINKED:
        (tmp_path / name).touch()
    found = contents.distributions(metadata.distribution("pulumi-openai-admin"), pack.NOT_USED, ())
    bill = bill_of(contents, tmp_path, **found)
    assert bill == bill_of(contents, tmp_path, **found), "the same archive gets the same bytes"
    assert bill["metadata"]["timestamp"].startswith("1980-01-01")
    named = {item["name"]: item for item in bill["components"]}
    direct = {canonicalize_name(Requirement(text).name) for text in _dependencies()}
    assert direct | {"python", "grpcio", "protobuf", "idna", "openssl", "expat", "zlib"} <= set(named)
    assert "debugpy" not in named
    assert named["requests"]["purl"].startswith("pkg:pypi/requests@")
    folders = {
        path.name if path.name in named else path.name.rpartition("-")[0].lower().replace("_", "-")
        for path in (tmp_path / "THIRD_PARTY").iterdir()
    }
    assert folders == set(named)


def test_a_library_has_its_version_and_the_names_that_scanners_know(contents: Any, tmp_path: Path) -> None:
    """Also one that is linked into a module, or into Python itself: no file shows it."""
    for name in LINKED:
        (tmp_path / name).touch()
    named = {item["name"]: item for item in bill_of(contents, tmp_path)["components"]}
    versions = {
        "openssl": ssl.OPENSSL_VERSION.split()[1],
        "expat": pyexpat.EXPAT_VERSION.removeprefix("expat_"),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }
    for name, version in versions.items():
        assert named[name]["version"] == version
        assert named[name]["purl"] == f"pkg:generic/{name}@{version}"
        assert f":{name if name != 'expat' else 'libexpat'}:{version}:" in named[name]["cpe"]
        assert named[name]["licenses"]


@pytest.mark.parametrize(
    ("file", "library"),
    [
        ("libcrypto.so.3", "openssl"),
        ("libstdc++.so.6", "gcc-runtime"),
        ("libffi.so.8", "libffi"),
        ("libbz2.so.1.0", "bzip2"),
        ("zlib1.dll", "zlib"),
        ("libintl.8.dylib", "gettext-runtime"),
        ("VCRUNTIME140_1.dll", "microsoft-visual-c-runtime"),
        ("api-ms-win-crt-heap-l1-1-0.dll", "microsoft-visual-c-runtime"),
    ],
)
def test_a_file_is_part_of_its_library(
    contents: Any, file: str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "builtin_module_names", ("sys",))
    (tmp_path / file).write_bytes(b"library")
    (found,) = [item for item in bill_of(contents, tmp_path)["components"] if item["name"] != "python"]
    assert found["name"] == library
    assert [(item["name"], item["hashes"][0]["alg"]) for item in found["components"]] == [(file, "SHA-256")]
    assert (tmp_path / "THIRD_PARTY" / library / "LICENSE.txt").is_file()


def test_what_has_no_licence_is_refused(contents: Any, tmp_path: Path) -> None:
    about = tmp_path / "thing-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n", encoding="utf-8")
    (about / "RECORD").write_text("thing-1.0.dist-info/METADATA,,\n", encoding="utf-8")
    (thing,) = metadata.distributions(name="thing", path=[str(tmp_path)])
    with pytest.raises(contents.ContentsError, match=r"thing-1\.0 has no file with its licence"):
        bill_of(contents, tmp_path, thing=thing)
    (tmp_path / "libreadline.so.8").touch()
    (tmp_path / "libpython3.13.so.1.0").touch()
    with pytest.raises(contents.ContentsError, match=r"libreadline\.so\.8 is a library whose licence is not known"):
        bill_of(contents, tmp_path)


def test_each_library_has_the_text_of_its_licence(contents: Any) -> None:
    assert {library.name for library in contents.LIBRARIES} == {path.stem for path in contents.TEXTS.iterdir()}


def test_dependencies_are_those_of_the_part_that_needs_them(contents: Any, tmp_path: Path) -> None:
    (tmp_path / "_ssl.pyd").touch()
    (tmp_path / "libstdc++.so.6").touch()
    found = {name: metadata.distribution(name) for name in ("requests", "urllib3", "idna")}
    bill = json.dumps(bill_of(contents, tmp_path, **found)["dependencies"])
    named = json.loads(re.sub(r'"pkg:(\w+/[\w-]+)[^"]*"', r'"\1"', bill))
    links = {item["ref"]: {*item.get("dependsOn", ())} for item in named}
    libraries = {"generic/python", "generic/gcc-runtime"}
    assert links["pypi/pulumi-openai-admin"] == {"pypi/requests", "pypi/urllib3", *libraries}
    assert links["pypi/requests"] == {"pypi/urllib3", "pypi/idna"}
    assert "generic/openssl" in links["generic/python"]


def test_the_bill_names_what_the_archive_was_built_with(
    contents: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = f"sha256:{'0a' * 32}"
    image = f"quay.io/pypa/image:1@{digest}"
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(contents.ContentsError, match="has no rpm, which lists the packages of its system"):
        bill_of(contents, tmp_path, image=image)
    (tmp_path / "rpm").write_text("#!/bin/sh\necho glibc 2.28-251.el8 x86_64\n", encoding="utf-8")
    (tmp_path / "rpm").chmod(0o755)
    for name, purl in ((image, "pkg:rpm/almalinux/glibc@2.28-251.el8?arch=x86_64"), ("", None)):
        built_with = bill_of(contents, tmp_path / "bill", image=name)["metadata"]["tools"]["components"]
        tools = {item["name"]: item for item in built_with}
        assert tools["cyclonedx-python-lib"]["version"] == metadata.version("cyclonedx-python-lib")
        assert tools.get("glibc", {}).get("purl") == purl
        assert tools.get("quay.io/pypa/image:1", {}).get("version") == (digest if name else None)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has glibc")
def test_the_newest_glibc_that_a_program_names_is_read_from_it(pack: Any, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("GLIBC_2.99", encoding="utf-8")
    assert pack.newest_glibc(tmp_path) == ()
    shutil.copy(Path(sys.executable).resolve(), tmp_path / "python")
    system = tuple(map(int, platform.libc_ver()[1].split(".")))
    assert (2, 2) < pack.newest_glibc(tmp_path) <= system
    page = (pinned.ROOT / "docs" / "native-provider.md").read_text(encoding="utf-8")
    assert re.findall(r"glibc ([\d.]+) or newer", page) == [".".join(map(str, pack.PROMISED))]


def test_the_requirements_are_those_of_the_package_each_with_its_hashes() -> None:
    lines = (PLUGIN / "requirements.txt").read_text(encoding="utf-8")
    named = dict(re.findall(r"^([\w.-]+)==([^ ;\\]+)", lines, re.MULTILINE))
    built_with = tomllib.loads((pinned.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    # The wheel, the sdist and the archive are built without isolation, with the tools of this file.
    for requirement in map(Requirement, [*_dependencies(), *built_with, "build"]):
        assert requirement.specifier.contains(named[canonicalize_name(requirement.name)])
    for block in re.split(r"\n(?=\w)", lines)[1:]:
        assert "--hash=sha256:" in block
    wanted = re.findall(r"^([\w.-]+)==(\S+)", (PLUGIN / "requirements.in").read_text("utf-8"), re.MULTILINE)
    assert {canonicalize_name(name): version for name, version in wanted}.items() <= named.items()
    page = (pinned.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    command = re.search(r"^uv pip compile [^`]+", page, re.MULTILINE)
    assert command
    words = command[0].replace("\\\n", "").split()
    assert f"#    {' '.join(words)}\n" in lines, "Dependabot reads the options from here"


def _dependencies() -> list[str]:
    return [text for text in metadata.requires("pulumi-openai-admin") or () if "extra ==" not in text]
