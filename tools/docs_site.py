"""`make docs`: the documentation, from docs/ and from the code, into build/site. A warning is an error."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.config import NAMESPACE, SETTINGS, VARIABLES, Settings
from tools import docs_pages
from tools.docs_declarations import DocsError
from tools.pinned import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
"""Zensical colours each character, whether or not there is a terminal."""
CONFIG = ROOT / "zensical.toml"


def main() -> int:
    """Build it here; the exit code."""
    try:
        shown = make(ROOT).relative_to(ROOT)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{shown}/index.html; the search wants a server: python3 -m http.server --directory {shown}")
    return 0


def make(place: Path) -> Path:
    """Build the site in a folder; where it is.

    Raises:
        DocsError: Something is missing or wrong, or the generator warns.
    """
    pages, site = place / "build" / "docs", place / "build" / "site"
    docs_pages.assemble(pages)
    check_navigation({page.relative_to(pages).as_posix() for page in pages.rglob("*.md")})
    check_settings((docs_pages.SOURCES / "configuration.md").read_text(encoding="utf-8"))
    if place != ROOT:
        shutil.copy(CONFIG, place)
    generate(place / CONFIG.name)
    return site


def generate(config: Path) -> None:
    """Run the generator, which checks links and anchors. What its settings name is relative to the repository.

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


def check_navigation(pages: set[str]) -> None:
    """Compare the navigation with the pages. An entry that ends in a slash leads to all pages of a folder.

    Raises:
        DocsError: A page is not in the navigation, or there is none for an entry.
    """
    entries = {*_leaves(tomllib.loads(CONFIG.read_text(encoding="utf-8"))["project"]["nav"])}
    folders = {page: f"{page.rpartition('/')[0]}/" for page in pages}
    if different := sorted(entries ^ {folders[page] if folders[page] in entries else page for page in pages}):
        raise DocsError(f"`nav` in {CONFIG.name} and the pages differ in {', '.join(different)}")


def _leaves(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    else:
        for child in entry.values() if isinstance(entry, dict) else entry:
            yield from _leaves(child)


def check_settings(page: str) -> None:
    """Compare the page of the configuration with the code: every name, every default.

    Raises:
        DocsError: A setting or its default is missing.
    """
    rows = [line for line in page.splitlines() if line.startswith("|")]
    for name in (*SETTINGS, *VARIABLES.values()):
        if not any(re.search(rf"`(--secret )?({NAMESPACE}:)?{name}`", row) for row in rows):
            raise DocsError(f"docs/configuration.md does not tell of {name}")
    for field in fields(Settings):
        setting = re.sub(r"_(\w)", lambda letter: letter[1].upper(), field.name)
        default = str(field.default) if isinstance(field.default, int | float | str) else ""
        default = default.lower() if isinstance(field.default, bool) else default  # as YAML has it
        row = next((row for row in rows if f"{NAMESPACE}:{setting}`" in row), "")
        if row and default and f"`{default}`" not in row:
            raise DocsError(f"docs/configuration.md: the default of {setting} is {default}")


if __name__ == "__main__":
    sys.exit(main())
