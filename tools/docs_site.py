"""`make docs`: the documentation, from docs/ and from the code, into build/site. A warning is an error."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from tools import docs_checks, docs_pages
from tools.docs_declarations import DocsError
from tools.pinned import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
"""Zensical colours each character, whether or not there is a terminal."""


def main() -> int:
    """Build it here; the exit code."""
    try:
        site = make(ROOT)
    except DocsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    shown = site.relative_to(ROOT)
    print(f"{shown}/index.html; the search wants a server: python3 -m http.server --directory {shown}")
    return 0


def make(place: Path) -> Path:
    """Build the site in a folder, and look it over; where it is.

    Raises:
        DocsError: Something is missing or wrong, or the generator warns.
    """
    pages, site = place / "build" / "docs", place / "build" / "site"
    docs_pages.assemble(pages)
    docs_checks.check_sources(pages)
    if place != ROOT:
        shutil.copy(docs_checks.CONFIG, place)
    generate(place / docs_checks.CONFIG.name)
    docs_checks.check_site(site)
    return site


def generate(config: Path) -> None:
    """Run the generator; what its settings name beside pages and site is relative to the repository.

    Raises:
        DocsError: It failed, or had something to say.
    """
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "--config-file", str(config)]
    run = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False
    )
    # What an extension logs as a warning is not counted by `--strict`.
    if run.returncode or "WARNING" in run.stdout:
        raise DocsError(f"zensical:\n{_COLOUR.sub('', run.stdout)}")


if __name__ == "__main__":
    sys.exit(main())
