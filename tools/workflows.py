"""Checks `.github` with actionlint, for errors, and with zizmor, for vulnerabilities.

actionlint is built from its Go module and kept in the user's cache: its package on PyPI downloads it from elsewhere.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools import cache, pinned, registries
from tools.commands import StepError, say
from tools.languages import GO_ADVICE

PROGRAM = "actionlint"
WORKFLOWS = pinned.ROOT / ".github" / "workflows"
AUDIT = (str(Path(sys.executable).with_name("zizmor")), "--offline", "--quiet", "--no-progress")
WITHOUT = ("-shellcheck=", "-pyflakes=")
"""What runs on one machine and not on another would give different results."""


def actionlint() -> Path:
    """The program.

    Raises:
        StepError: It can't be built here.
    """

    def build(into: Path, log: Path) -> None:
        registries.build_programs(pinned.ACTIONLINT, (f"github.com/rhysd/actionlint/cmd/{PROGRAM}",), into, log)

    def kept(folder: Path) -> Path:
        program = folder / "bin" / PROGRAM
        try:
            subprocess.run([str(program), "-version"], capture_output=True, timeout=30, check=True)
        except (OSError, subprocess.SubprocessError) as error:
            raise StepError(f"{program} does not run ({error})") from None
        return program

    folder = pinned.folder(PROGRAM, pinned.digest([pinned.ACTIONLINT / "go.sum"]), "go")
    return cache.find_or_get(PROGRAM, [cache.Source("Go modules", folder, build, kept)], GO_ADVICE)


def main(folder: Path = WORKFLOWS) -> int:
    """Print what is wrong in the workflows of a folder; the exit code."""
    try:
        program = actionlint()
    except StepError as error:
        say(str(error))
        return 1
    files = [str(path) for path in sorted(folder.glob("*.yml"))]
    errors = subprocess.run([str(program), *WITHOUT, *files], check=False).returncode
    if folder == WORKFLOWS:
        files.append(str(WORKFLOWS.parent / "dependabot.yml"))
    audit = [*AUDIT, "--config", str(WORKFLOWS.parent / "zizmor.yml"), *files]
    return errors or subprocess.run(audit, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
