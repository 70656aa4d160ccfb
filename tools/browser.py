"""Find a browser for the tests on this machine, or get one.

    python -m tools.browser      # prints its path; progress goes to stderr

A Chromium or Chrome on PATH is used, or else the one of an npm package (`tools/node/package-lock.json`), which is kept
in the user's cache. The package is made for small Linux machines in a cloud: one program, the libraries that it needs
beyond the C library, and a font. Playwright is made for another version; the tests use only what browsers have had for
a long time.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tools import languages, pinned, registries
from tools.commands import StepError, output, print_result, progress, reduced_environment, run, say

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

OLDEST = (131,)
"""The first whose print styles can open what is closed on the screen (`::details-content`)."""
COMMANDS = ("chrome-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
"""There may be no GPU. Tests talk to this machine only, so no name is looked up."""
ADVICE = "Install Chromium or Chrome (Debian: apt install chromium), and run the same command again."
UNPACK = 'import chromium from "@sparticuz/chromium"; await chromium.executablePath()'
UNPACKED = {"AWS_EXECUTION_ENV": "24.x"}
"""With this variable, the package unpacks its libraries, too."""
FONTS = """<fontconfig>
  <dir prefix="relative">fonts</dir><dir>/usr/share/fonts</dir><cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""
"""Replaces the package's own, which names other folders."""


def environment(program: Path) -> dict[str, str]:
    """The user's environment, and the libraries and fonts of a browser that has its own."""
    libraries, fonts = program.with_name("al2023") / "lib", program.with_name("fonts") / "fonts.conf"
    own = {"LD_LIBRARY_PATH": str(libraries), "FONTCONFIG_FILE": str(fonts)} if fonts.exists() else {}
    return dict(os.environ) | own


def version(program: Path) -> tuple[int, ...]:
    """Return its version. A browser that prints it has all its libraries."""
    return pinned.numbers(output([program, "--version"], environment(program)))


def find_or_get() -> Path:
    """Return the browser on PATH, or the one of the package."""
    for program in map(Path, filter(None, map(shutil.which, COMMANDS))):
        try:
            if version(program) >= OLDEST:
                return program
            say(f"{program} is not used: it is older than {OLDEST[0]}.")
        except StepError as error:
            say(f"{program} is not used: {error}.")
    folder = pinned.folder("browser", pinned.digest(pinned.NODE), "npm")
    return registries.keep("browser", folder, unpack, ADVICE) / "chromium"


def launch(playwright: Playwright) -> Browser:
    """Start it."""
    program = find_or_get()
    return playwright.chromium.launch(executable_path=program, args=ARGUMENTS, env={**environment(program)})


def unpack(into: Path, log: Path) -> None:
    """Fill a folder with the browser, its libraries and fonts."""
    env = reduced_environment("NODE_") | {"TMPDIR": str(into)} | UNPACKED
    with progress("Unpacking Chromium"):
        run([*languages.NODE, "--input-type=module", "--eval", UNPACK], log=log, env=env, cwd=languages.node_packages())
    (into / "fonts" / "fonts.conf").write_text(FONTS, encoding="utf-8")
    version(into / "chromium")


if __name__ == "__main__":
    sys.exit(print_result(find_or_get))
