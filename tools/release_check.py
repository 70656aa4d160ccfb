"""`make release-check`: what has to be true before a release is tagged, and what to do where it is not.

python -m tools.release_check
python -m tools.release_check --quick   # builds nothing

`CONTRIBUTING.md` has the steps of a release.
"""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from tests.engine.recorded_states import PROVIDERS, Recording
from tools import pinned

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

READ_BY_USERS = (
    *("CHANGELOG.md", "README.md", "SECURITY.md"),
    *("docs", "examples", "plugin", "policies", "pulumi_openai_admin", "templates"),
)
"""The files and folders that users read."""
NOT_RELEASED = re.compile(
    r"(?:before|after|until)\s+the\s+first\s+release|not\s+released\s+yet|on\s+(?:no|a)\s+package\s+index(?:\s+yet)?",
    re.IGNORECASE,
)
"""What is true only before the first release."""
_PINNED = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)
_IMAGE = re.compile(r"^FROM [\w./:-]+@sha256:[0-9a-f]{64}$", re.MULTILINE)


def changelog(root: Path) -> str:
    """CHANGELOG.md has a dated section for the version, below an empty [Unreleased]."""
    version = re.escape(pinned.package_version(root))
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = rf"\A[^#]*# .*\n(?:(?!## ).*\n)*## \[Unreleased\]\s+## \[{version}\] - \d{{4}}-\d\d-\d\d\s+(?:### |- )"
    return (
        "" if re.match(sections, text) else "Move the entries of [Unreleased] to `## [VERSION] - YYYY-MM-DD` below it."
    )


def recordings(root: Path) -> str:
    """States of the version are recorded, with every kind and each of its outputs."""
    tracked = _tracked(root)
    for provider in PROVIDERS:
        recording = Recording(pinned.package_version(root), provider, root / "tests" / "engine" / "recorded")
        faults = [
            path.name for path in recording.files if path not in tracked or not path.exists() or not path.stat().st_size
        ] or [*sorted(recording.missing_kinds()), *sorted(recording.other_properties())]
        if faults:
            return f"Those of the {provider} provider lack {', '.join(faults)}. Run `make record`, and commit them."
    return ""


def requirements(root: Path) -> str:
    """tools/plugin/requirements.txt has the versions of requirements.in."""
    wanted, found = (
        {canonicalize_name(name): version for name, version in _PINNED.findall(path.read_text(encoding="utf-8"))}
        for path in (root / "tools" / "plugin" / name for name in ("requirements.in", "requirements.txt"))
    )
    wrong = [f"{name} {version}" for name, version in wanted.items() if found.get(name) != version]
    return f"It lacks {', '.join(wrong)}. CONTRIBUTING.md has the command that writes it." if wrong else ""


def image(root: Path) -> str:
    """The image of the archives for Linux has a digest."""
    dockerfile = root / "tools" / "plugin" / "Dockerfile"
    return "" if _IMAGE.search(dockerfile.read_text(encoding="utf-8")) else f"{dockerfile.name} says how to get it."


def released(root: Path) -> str:
    """No file that users read says that there is no release."""
    found = []
    for path in _tracked(root):
        name = path.relative_to(root)
        if name.parts[0] in READ_BY_USERS and path.is_file():
            text = path.read_text(encoding="utf-8", errors="ignore")
            lines = [text.count("\n", 0, match.start()) + 1 for match in NOT_RELEASED.finditer(text)]
            found += [f"{name.as_posix()}:{line}" for line in lines]
    return f"Write how to install the release in {', '.join(found)}." if found else ""


def tag(root: Path) -> str:
    """No tag of the version exists."""
    exists = _git(root, "tag", "--list", f"v{pinned.package_version(root)}")
    return "Set the next version with `bump-my-version`." if exists else ""


def committed(root: Path) -> str:
    """All changes are committed, and merged to main at `origin`."""
    if changed := _git(root, "status", "--porcelain"):
        return f"Commit or discard {changed.splitlines()[0][3:]} and all else that `git status` names."
    main = _git(root, "ls-remote", "origin", "refs/heads/main").partition("\t")[0]
    return "" if _git(root, "rev-parse", "HEAD").strip() == main else "Merge it, and check main out from `origin`."


def _succeeds(*command: str) -> Callable[[Path], str]:
    """A command of this clone succeeds; else the end of what it printed."""

    def check(root: Path) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return " ".join(done.stdout.split()[-60:]) or f"Exit code {done.returncode}." if done.returncode else ""

    check.__doc__ = f"`{' '.join(command)}` succeeds."
    return check


BUILDS = (_succeeds("tools.dist"), _succeeds("tools.plugin"))
CHECKLIST = (
    _succeeds("bumpversion", "bump", "patch", "--dry-run"),  # each file that names the version names this one
    *(changelog, recordings, requirements, image, released, tag, committed),
    _succeeds("tools.generate", "--check"),
    *BUILDS,
)
"""What has to be true of a clone: each returns what to do if it is not, or an empty text."""


def main(arguments: list[str], root: Path = pinned.ROOT) -> int:
    """Check each item, and print a line about it; the exit code: 1 if one fails."""
    is_quick, failed, version = "--quick" in arguments, 0, pinned.package_version(root)
    for item in CHECKLIST:
        title = (item.__doc__ or "").partition("\n")[0]
        if is_quick and item in BUILDS:
            print(f"skipped  {title}", flush=True)
            continue
        try:
            remedy = item(root)
        except (OSError, subprocess.SubprocessError) as error:
            remedy = f"{error}."
        failed += bool(remedy)
        print(f"FAILED   {title} {remedy.replace('VERSION', version)}" if remedy else f"ok       {title}", flush=True)
    if failed:
        print(f"\n{failed} of {len(CHECKLIST)} items are to be done before the release of {version}.")
        return 1
    print(f"\n{version} can be released: git tag v{version}.{' Nothing was built.' if is_quick else ''}")
    print("The workflow of the release runs `make test-full` before it publishes.")
    return 0


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=True).stdout


def _tracked(root: Path) -> list[Path]:
    """The files that git tracks, in order."""
    return [root / path for path in sorted(_git(root, "ls-files", "-z").split("\0")) if path]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
