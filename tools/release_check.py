"""`make release-check`: what has to be true before a release is tagged, and what to do where it is not.

python -m tools.release_check
python -m tools.release_check --quick   # builds nothing

`CONTRIBUTING.md` has the steps of a release.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from tests.engine.recorded_states import PROVIDERS, Recording
from tools import pinned, versions
from tools.progress import duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

BUILD_SECONDS = 3600
GIT_SECONDS = 60
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
_TAIL_LINES = 5


class NotDoneError(Exception):
    """Why an item fails, as a sentence."""


@dataclass(frozen=True)
class Item:
    """A line of the checklist."""

    title: str
    """What has to be true."""
    check: Callable[[Path], None]
    """Raises `NotDoneError` if it is not true of a clone."""
    remedy: str
    """What to do then. `VERSION` stands for the version."""
    is_build: bool = False


def check_versions(root: Path) -> None:
    """All files name the version of `pyproject.toml`."""
    try:
        wrong = [place for place in versions.places(root) if not place.is_right]
    except versions.VersionError as error:
        raise NotDoneError(str(error)) from None
    if wrong:
        named = ", ".join(
            f"{place.path.relative_to(root).as_posix()} ({', '.join({*place.versions})})" for place in wrong
        )
        raise NotDoneError(f"These files name another version: {named}.")


def check_changelog(root: Path) -> None:
    """The changes of the version have a section with its date, which is the first, below an empty [Unreleased]."""
    version = pinned.package_version(root)
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    unreleased, *released = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    title, _, entries = unreleased.partition("\n")
    if title.strip() != "[Unreleased]":
        raise NotDoneError("The first section is not [Unreleased].")
    if entries.strip():
        raise NotDoneError("[Unreleased] has entries.")
    newest, _, entries = (released or [""])[0].partition("\n")
    if not re.fullmatch(rf"\[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d", newest.strip()):
        raise NotDoneError(f"The section below [Unreleased] is not `## [{version}] - YYYY-MM-DD`.")
    if not entries.strip():
        raise NotDoneError(f"The section [{version}] is empty.")


def check_recordings(root: Path) -> None:
    """The version recorded states with every kind and each of its outputs, in files that git tracks."""
    version = pinned.package_version(root)
    tracked = _tracked(root)
    for provider in PROVIDERS:
        recording = Recording(version, provider, root / "tests" / "engine" / "recorded")
        for path in recording.files:
            if path not in tracked or not path.exists() or not path.stat().st_size:
                raise NotDoneError(f"{path.relative_to(root).as_posix()} is missing, empty or not committed.")
        if missing := recording.missing_kinds():
            raise NotDoneError(f"The state of the {provider} provider has no {', '.join(sorted(missing))}.")
        if others := recording.other_properties():
            raise NotDoneError(
                f"The outputs of the {provider} provider differ from the schema: {_some(sorted(others))}."
            )


def check_released(root: Path) -> None:
    """No file that users read says that there is no release."""
    found = []
    for path in _tracked(root):
        name = path.relative_to(root)
        if name.parts[0] in READ_BY_USERS and path.is_file():
            text = path.read_text(encoding="utf-8", errors="ignore")
            for match in NOT_RELEASED.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                found.append(f"{name.as_posix()}:{line} ({' '.join(match[0].split())})")
    if found:
        raise NotDoneError(f"After the release, this will be false: {', '.join(found)}.")


def check_merged(root: Path) -> None:
    """HEAD is the newest commit of main at `origin`."""
    if "origin" not in _git(root, "remote").split():
        raise NotDoneError("This clone has no remote `origin`.")
    main = _git(root, "ls-remote", "origin", "refs/heads/main").partition("\t")[0]
    if _git(root, "rev-parse", "HEAD").strip() != main:
        raise NotDoneError("HEAD is not the newest commit of main at `origin`.")


def check_committed(root: Path) -> None:
    """All changes are committed."""
    if changed := _git(root, "status", "--porcelain"):
        raise NotDoneError(f"There are uncommitted changes: {_some(line[3:] for line in changed.splitlines())}.")


def check_tag(root: Path) -> None:
    """The version has no tag."""
    tag = f"v{pinned.package_version(root)}"
    if _git(root, "tag", "--list", tag):
        raise NotDoneError(f"The tag {tag} exists.")


def check_requirements(root: Path) -> None:
    """`requirements.txt` of the plugin archive has the versions of `requirements.in`."""
    folder = root / "tools" / "plugin"
    wanted, found = (
        {canonicalize_name(name): version for name, version in _PINNED.findall((folder / name).read_text("utf-8"))}
        for name in ("requirements.in", "requirements.txt")
    )
    if wrong := [f"{name} {version}" for name, version in wanted.items() if found.get(name) != version]:
        raise NotDoneError(f"tools/plugin/requirements.txt does not have {_some(wrong)}.")


def check_image(root: Path) -> None:
    """The image in which the archives for Linux are built has a digest."""
    command = [sys.executable, str(root / "tools" / "plugin" / "image.py")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise NotDoneError(f"{done.stderr.strip()}.")


def check_generated(root: Path) -> None:
    """`make generate` changes no file."""
    before = _changes(root)
    _make(root, "generate")
    if before != (after := _changes(root)):
        files = [path for path in {**before, **after} if before.get(path) != after.get(path)]
        raise NotDoneError(f"`make generate` changed {_some(sorted(files))}.")


def check_dist(root: Path) -> None:
    """`make dist` succeeds."""
    _make(root, "dist")


def check_plugin(root: Path) -> None:
    """`make plugin` succeeds."""
    _make(root, "plugin")


GENERATE = "Set the version in pyproject.toml, run `make generate`, and commit what it changes."
BUILD = "Run `make {}`, which prints all of it, and correct the cause."
CHECKLIST = (
    Item("All files name the version of pyproject.toml", check_versions, GENERATE),
    Item(
        "CHANGELOG.md has a dated section for the version, and nothing in [Unreleased]",
        check_changelog,
        "Move the entries of [Unreleased] to a section `## [VERSION] - YYYY-MM-DD` below it.",
    ),
    Item(
        "States of the version are recorded, with every kind", check_recordings, "Run `make record`, and commit them."
    ),
    Item(
        "tools/plugin/requirements.txt has the versions of requirements.in",
        check_requirements,
        "Write it anew: CONTRIBUTING.md has the command.",
    ),
    Item(
        "The image of the archives for Linux has a digest",
        check_image,
        "tools/plugin/Dockerfile says how to get it.",
    ),
    Item(
        "No file that users read says that there is no release",
        check_released,
        "Write how to install the release instead.",
    ),
    Item("No tag of the version exists", check_tag, "Set the next version in pyproject.toml."),
    Item("All changes are committed", check_committed, "Commit them, or discard them."),
    Item("All commits are merged to main", check_merged, "Merge them, and check main out from `origin`."),
    Item("`make generate` changes nothing", check_generated, "Commit what it changed."),
    Item("`make dist` builds the package", check_dist, BUILD.format("dist"), is_build=True),
    Item("`make plugin` builds the archive", check_plugin, BUILD.format("plugin"), is_build=True),
)


def main(arguments: list[str], root: Path = pinned.ROOT) -> int:
    """Check each item, and print a line about it; the exit code: 1 if one fails."""
    parser = argparse.ArgumentParser(prog="python -m tools.release_check")
    parser.add_argument("--quick", action="store_true", help="do not build the package and the plugin")
    is_quick = parser.parse_args(arguments).quick
    try:
        failed = [item.title for item in CHECKLIST if not _passes(item, root, is_quick=is_quick)]
    except KeyboardInterrupt:
        return 130
    version = pinned.package_version(root)
    if failed:
        print(f"\n{len(failed)} of {len(CHECKLIST)} items are to be done before the release of {version}.")
        return 1
    skipped = " Nothing was built: run it without --quick." if is_quick else ""
    print(f"\n{version} can be released: git tag v{version}.{skipped}")
    print("The workflow of the release runs `make test-full` before it publishes.")
    return 0


def _passes(item: Item, root: Path, *, is_quick: bool) -> bool:
    """Check an item, and print a line about it."""
    if item.is_build and is_quick:
        print(f"skipped  {item.title}", flush=True)
        return True
    try:
        item.check(root)
    except NotDoneError as error:
        remedy = item.remedy.replace("VERSION", pinned.package_version(root))
        print(f"FAILED   {item.title}. {error} {remedy}", flush=True)
        return False
    print(f"ok       {item.title}", flush=True)
    return True


def _make(root: Path, target: str) -> None:
    """Run a target of this clone.

    Raises:
        NotDoneError: It failed, with the end of what it printed, or it took too long.
    """
    command = [sys.executable, str(root / "tools" / "bootstrap.py"), target]
    try:
        done = subprocess.run(
            command,
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=BUILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotDoneError(f"It was ended after {duration(BUILD_SECONDS)}.") from None
    if done.returncode:
        tail = " ".join(" ".join(done.stdout.splitlines()[-_TAIL_LINES:]).split())
        raise NotDoneError(f"It failed: {tail}")


def _changes(root: Path) -> dict[str, bytes]:
    """The files that differ from the last commit, and those that git does not track, with their contents."""
    paths = _git(root, "ls-files", "--modified", "--others", "--exclude-standard", "-z").split("\0")
    return {path: (root / path).read_bytes() if (root / path).is_file() else b"" for path in paths if path}


def _git(root: Path, *arguments: str) -> str:
    """The output of a git command.

    Raises:
        NotDoneError: This is no clone, there is no git, or a remote cannot be reached.
    """
    command = ["git", "-C", str(root), *arguments]
    try:
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", timeout=GIT_SECONDS, check=True, stdin=subprocess.DEVNULL
        ).stdout
    except subprocess.CalledProcessError as error:
        raise NotDoneError(f"git cannot tell: {' '.join(error.stderr.split())}.") from None
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        raise NotDoneError(f"git cannot tell: {error}.") from None


def _tracked(root: Path) -> list[Path]:
    """The files that git tracks, in order."""
    return [root / path for path in sorted(_git(root, "ls-files", "-z").split("\0")) if path]


def _some(names: Iterable[str]) -> str:
    """The first of many names."""
    first, *others = names
    return f"{first} and {len(others)} more" if others else first


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
