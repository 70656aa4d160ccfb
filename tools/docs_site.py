"""`make docs`: the documentation, from docs/ and from the code, into build/site. A warning is an error."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import fields
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

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

_FETCHED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "video": "src"}
"""The attribute with the address, of each element that a browser fetches by itself."""
_STYLE_URL = re.compile(r"(?:url\(|@import)\s*['\"]?\s*((?:https?:)?//[^'\")\s]+)")


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
    check_sources(pages)
    if place != ROOT:
        shutil.copy(CONFIG, place)
    generate(place / CONFIG.name)
    check_site(site)
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


def check_sources(pages: Path) -> None:
    """Look over the pages before they are built.

    Raises:
        DocsError: A page is not in the navigation, or there is none for an entry; a setting is missing.
    """
    check_navigation(set(navigation()), {page.relative_to(pages).as_posix() for page in pages.rglob("*.md")})
    check_settings((docs_pages.SOURCES / "configuration.md").read_text(encoding="utf-8"))


def navigation() -> Iterator[str]:
    """The pages that the navigation leads to."""
    yield from _leaves(tomllib.loads(CONFIG.read_text(encoding="utf-8"))["project"]["nav"])


def _leaves(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    else:
        for child in entry.values() if isinstance(entry, dict) else entry:
            yield from _leaves(child)


def check_navigation(led_to: set[str], there: set[str]) -> None:
    """Hold the navigation against the pages. An entry that ends in a slash leads to all pages of a folder."""
    folders = {entry for entry in led_to if entry.endswith("/")}
    in_folders = {page for page in there if f"{page.rpartition('/')[0]}/" in folders}
    led_to = led_to - {folder for folder in folders if f"{folder}index.md" in there} | in_folders
    faults = [f"{_line('nav = [')}: `nav` does not lead to {page}" for page in sorted(there - led_to)]
    faults += [f"{_line(repr(page))}: `nav` leads to {page}, which is no page" for page in sorted(led_to - there)]
    if faults:
        raise DocsError("\n".join(faults))


def _line(text: str) -> str:
    """The first line of the configuration that contains a text, such as `zensical.toml:13`."""
    lines = CONFIG.read_text(encoding="utf-8").replace('"', "'").splitlines()
    return f"{CONFIG.name}:{next((number for number, line in enumerate(lines, 1) if text in line), 1)}"


def check_settings(page: str) -> None:
    """Hold the page of the configuration against the code: every name, every default."""
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


def check_site(site: Path) -> None:
    """Check that the built pages fetch nothing from another host. The generator itself checks links and anchors.

    Raises:
        DocsError: A page or a style does.
    """
    fetched = [
        (page, url) for page in sorted(site.rglob("*.html")) for url in _fetched(page.read_text(encoding="utf-8"))
    ]
    for style in sorted(site.rglob("*.css")):
        fetched += [(style, url) for url in _STYLE_URL.findall(style.read_text(encoding="utf-8"))]
    if elsewhere := [f"{page.relative_to(site)} fetches {url}" for page, url in fetched if urlsplit(url).netloc]:
        raise DocsError("\n".join(["The built pages:", *(f"  {fault}" for fault in elsewhere)]))


def _fetched(html: str) -> list[str]:
    """What a browser fetches by itself when it shows a page."""
    page = _Page()
    page.feed(html)
    return page.fetched


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _FETCHED and values.get("rel") not in {"canonical", "prev", "next", "alternate"}:
            self.fetched.append(values.get(_FETCHED[tag], ""))


if __name__ == "__main__":
    sys.exit(main())
