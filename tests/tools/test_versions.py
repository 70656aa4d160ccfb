"""The files that name the version of the package: `[tool.bumpversion]` in pyproject.toml lists them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

from tools import pinned

VERSION = re.escape(pinned.package_version())
NAMED = re.compile(
    rf"(?:openai[-_]admin(?:\[[\w,-]+\])?(?:-v|-|\s+|==|>=)|^ *version: ){VERSION}(?![\w.]*\d)", re.MULTILINE
)
"""The name of a package, a plugin or an archive, and its version."""
UNLIKE = ("CHANGELOG.md", "tests/")
"""Files that name versions of the past, or any version."""


def test_each_file_that_a_release_changes_names_the_version_and_no_other_file_does() -> None:
    """A file that is not listed would name an old version after a release."""
    bump = [sys.executable, "-m", "bumpversion", "bump", "patch", "--dry-run", "--verbose"]
    done = subprocess.run(bump, cwd=pinned.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    changed = {*re.findall(r"([\w./-]+\.(?:md|txt|yaml|toml))", done.stdout + done.stderr)}
    listed = subprocess.run(
        [shutil.which("git") or "git", "ls-files", "-z"], cwd=pinned.ROOT, capture_output=True, text=True, check=True
    )
    files = {path for path in listed.stdout.split("\0") if path and not path.startswith(UNLIKE)} - changed
    texts = {
        path: (pinned.ROOT / path).read_text("utf-8", "ignore") for path in files if (pinned.ROOT / path).is_file()
    }
    assert sorted(path for path, text in texts.items() if NAMED.search(text)) == []
