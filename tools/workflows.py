"""Check `.github` with actionlint and zizmor.

actionlint, for errors, is built from its Go module and kept in the user's cache. zizmor, for vulnerabilities, is a
package of Python.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools import cache, pinned, registries
from tools.progress import StepError, say

PROGRAM = "actionlint"
WORKFLOWS = pinned.ROOT / ".github" / "workflows"
ADVICE = "Make sure that Go modules can be downloaded (GOPROXY), and run the same command again."
AUDIT = (str(Path(sys.executable).with_name("zizmor")), "--offline", "--quiet", "--no-progress")
CONFIGURATION = WORKFLOWS.parent / "zizmor.yml"
WITHOUT = ("-shellcheck=", "-pyflakes=")
"""What runs on one machine and not on another would give different results."""


def find_or_get() -> Path:
    """The program.

    Raises:
        NotAvailableError: It can't be built here.
    """
    source = cache.Source(PROGRAM, "Go modules", pinned.actionlint_folder(), build, kept)
    return cache.find_or_get(PROGRAM, [source], [], ADVICE)


def build(into: Path, log: Path) -> None:
    """Build it into `into`/bin.

    Raises:
        StepError: There is no Go, the modules cannot be reached, or the disk is full.
    """
    package = f"github.com/rhysd/actionlint/cmd/{PROGRAM}"
    work = pinned.cache() / f"work-{PROGRAM}"
    registries.build_programs(registries.Programs(PROGRAM, pinned.ACTIONLINT, (package,), (), work), into, log)


def kept(folder: Path) -> Path:
    """The program in a folder, if it runs.

    Raises:
        StepError: It does not.
    """
    program = folder / "bin" / PROGRAM
    try:
        subprocess.run([str(program), "-version"], capture_output=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise StepError(f"{program} does not run ({error})") from None
    return program


def main(folder: Path = WORKFLOWS) -> int:
    """Print what is wrong in the workflows of a folder; the exit code."""
    try:
        program = find_or_get()
    except cache.NotAvailableError as error:
        say(str(error))
        return 1
    files = [str(path) for path in sorted(folder.glob("*.yml"))]
    errors = subprocess.run([str(program), *WITHOUT, *files], check=False).returncode
    if folder == WORKFLOWS:
        files.append(str(WORKFLOWS.parent / "dependabot.yml"))
    audit = [*AUDIT, "--config", str(CONFIGURATION), *files]
    return errors or subprocess.run(audit, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
