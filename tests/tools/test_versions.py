"""The files that name the version of the package: `[tool.bumpversion]` in pyproject.toml lists them."""

from __future__ import annotations

import re
import subprocess
import sys

from tools import pinned
from tools.commands import git

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
    others = [path for path in git("ls-files").splitlines() if not path.startswith(UNLIKE) and path not in changed]
    files = [path for path in map(pinned.ROOT.joinpath, others) if path.is_file()]
    assert [path for path in files if NAMED.search(path.read_text("utf-8", "ignore"))] == []
