"""`make release-check`: what has to be true before a release is tagged, and what to do where it is not.

python -m tools.release_check
python -m tools.release_check --quick   # builds nothing

`CONTRIBUTING.md` has the steps of a release.
"""

from __future__ import annotations

import re
import subprocess
import sys

from tests.engine.recorded_states import PROVIDERS, Recording
from tools import pinned
from tools.commands import StepError, git, say

VERSION = pinned.package_version()
_IMAGE = re.compile(r"^FROM [\w./:-]+@sha256:[0-9a-f]{64}$", re.MULTILINE)


def to_do() -> list[str]:
    """What is left to do, from the files and the commits of this clone."""
    found = []
    if not has_section((pinned.ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), VERSION):
        found.append(f"Move the entries of [Unreleased] to `## [{VERSION}] - YYYY-MM-DD` in CHANGELOG.md.")
    tracked = {*git("ls-files").split("\n")}
    for provider in PROVIDERS:
        recording = Recording(VERSION, provider)
        files = {path.relative_to(pinned.ROOT).as_posix() for path in recording.files}
        if files - tracked or recording.missing_kinds() or recording.other_properties():
            found.append(f"Run `make record`, and commit the states of the {provider} provider.")
    if not _IMAGE.search((pinned.PLUGIN / "Dockerfile").read_text(encoding="utf-8")):
        found.append("Name the image of the archives by its digest: tools/plugin/Dockerfile says how to get it.")
    if git("tag", "--list", f"v{VERSION}"):
        found.append(f"v{VERSION} exists: set the next version with `bump-my-version`.")
    if git("status", "--porcelain"):
        found.append("Commit or discard all that `git status` names.")
    elif git("ls-remote", "origin", "refs/heads/main").partition("\t")[0] != git("rev-parse", "HEAD").strip():
        found.append("Merge it to main, and check main out from `origin`.")
    return found


def has_section(changelog: str, version: str) -> bool:
    """Return whether there is a dated section for the version, with entries, below an empty [Unreleased]."""
    section = rf"^## \[Unreleased\]\s+## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d\s+(?:### |- )"
    return bool(re.search(section, changelog, re.MULTILINE))


def main(arguments: list[str]) -> int:
    """Print what is to be done; the exit code: 1 if there is anything."""
    # Each file that names the version names this one; generated files are current; all can be built.
    commands = ["bumpversion bump patch --dry-run", "tools.generate --check"]
    commands += [] if "--quick" in arguments else ["tools.dist", "tools.plugin"]
    try:
        found = to_do()
    except StepError as error:
        say(str(error))
        return 1
    for command in commands:
        if subprocess.run([sys.executable, "-m", *command.split()], cwd=pinned.ROOT, check=False).returncode:
            found.append(f"Correct what keeps `python -m {command}` from succeeding: see above.")
    print("\n".join(found) or f"{VERSION} can be released: git tag v{VERSION}.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
