"""Checks `.github` with actionlint, for errors, and with zizmor, for vulnerabilities.

actionlint is built from its Go module and kept in the user's cache: its package on PyPI downloads it from elsewhere.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools import pinned, registries

WORKFLOWS = pinned.ROOT / ".github" / "workflows"
AUDIT = (str(Path(sys.executable).with_name("zizmor")), "--offline", "--quiet", "--no-progress")
WITHOUT = ("-shellcheck=", "-pyflakes=")
"""What runs on one machine and not on another would give different results."""


def main(folder: Path = WORKFLOWS) -> int:
    """Print what is wrong in the workflows of a folder; the exit code."""
    package = "github.com/rhysd/actionlint/cmd/actionlint"
    programs = registries.programs("actionlint", pinned.TOOLS / "actionlint", (package,))
    files = [str(path) for path in sorted(folder.glob("*.yml"))]
    errors = subprocess.run([str(programs / "actionlint"), *WITHOUT, *files], check=False).returncode
    if folder == WORKFLOWS:
        files.append(str(WORKFLOWS.parent / "dependabot.yml"))
    audit = [*AUDIT, "--config", str(WORKFLOWS.parent / "zizmor.yml"), *files]
    return errors or subprocess.run(audit, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
