"""What has to hold for the documentation beyond what its generator checks."""

from __future__ import annotations

import re
from dataclasses import fields
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import tomli

from pulumi_openai_admin.config import NAMESPACE, Settings
from tools import docs_messages
from tools.docs_declarations import DocsError
from tools.docs_pages import SOURCES
from tools.pinned import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

CONFIG = ROOT / "zensical.toml"

_SETTING = re.compile(r'(?:_seconds|configured|environ\.get)\(\s*"(\w+)"')
_FETCHED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "video": "src"}
"""What a browser fetches by itself when it shows a page."""
_INCLUDE = "--8<--"
_STYLE_URL = re.compile(r"(?:url\(|@import)\s*['\"]?\s*((?:https?:)?//[^'\")\s]+)")


def check_sources(pages: Path) -> None:
    """Look over the pages before they are built.

    Raises:
        DocsError: A page is not in the navigation, or there is none for an entry; a setting or a message is not told.
    """
    check_navigation(set(navigation()), {page.relative_to(pages).as_posix() for page in pages.rglob("*.md")})
    check_settings((SOURCES / "configuration.md").read_text(encoding="utf-8"))
    if untold := docs_messages.untold((SOURCES / "troubleshooting.md").read_text(encoding="utf-8")):
        told = "\n".join(f"  {where}: {words}" for words, where in untold.items())
        raise DocsError(f"docs/troubleshooting.md does not tell of these messages:\n{told}")


def navigation() -> Iterator[str]:
    """The pages that the navigation leads to."""
    yield from _leaves(tomli.loads(CONFIG.read_text(encoding="utf-8"))["project"]["nav"])


def _leaves(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    else:
        for one in entry.values() if isinstance(entry, dict) else entry:
            yield from _leaves(one)


def check_navigation(led_to: set[str], there: set[str]) -> None:
    """Hold the navigation against the pages."""
    if lost := sorted(there - led_to):
        raise DocsError(f"zensical.toml: `nav` does not lead to {', '.join(lost)}")
    if missing := sorted(led_to - there):
        raise DocsError(f"zensical.toml: `nav` leads to {', '.join(missing)}, which is no page")


def check_settings(page: str) -> None:
    """Hold the page of the configuration against the code: every name, every default."""
    source = (ROOT / "pulumi_openai_admin" / "config.py").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")]
    for name in _SETTING.findall(source):
        if not any(re.search(rf"`(--secret )?({NAMESPACE}:)?{name}`", row) for row in rows):
            raise DocsError(f"docs/configuration.md does not tell of {name}")
    for field in fields(Settings):
        setting = re.sub(r"_(\w)", lambda letter: letter[1].upper(), field.name)
        default = str(field.default) if isinstance(field.default, int | float | str) else ""
        row = next((row for row in rows if f"{NAMESPACE}:{setting}`" in row), "")
        if row and default and f"`{default}`" not in row:
            raise DocsError(f"docs/configuration.md: the default of {setting} is {default}")


def check_site(site: Path) -> None:
    """Look over the built pages.

    Raises:
        DocsError: A page fetches something from another host, a link leads nowhere, or a file was not included.
    """
    pages = {page: Page(page.read_text(encoding="utf-8")) for page in sorted(site.rglob("*.html"))}
    faults = []
    for page, read in pages.items():
        faults += [f"{page.relative_to(site)} fetches {url}" for url in read.fetched_elsewhere]
        if _INCLUDE in re.sub(r"\s", "", read.text):  # a formatter may have changed it, too
            faults.append(f"{page.relative_to(site)} shows {_INCLUDE} in place of a file")
        if page.name != "404.html":  # its links are the server's
            faults += [f"{page.relative_to(site)}: {link} leads nowhere" for link in _dead(page, read.links, pages)]
    for style in site.rglob("*.css"):
        faults += [f"{style.name} fetches {url}" for url in _STYLE_URL.findall(style.read_text(encoding="utf-8"))]
    if faults:
        raise DocsError("\n".join(["The built pages:", *(f"  {fault}" for fault in faults)]))


def _dead(page: Path, links: Iterable[str], pages: dict[Path, Page]) -> Iterator[str]:
    for link in links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page.resolve()
        target = target / "index.html" if target.is_dir() else target
        found = next((read for path, read in pages.items() if path.resolve() == target), None)
        if not target.exists() or (found and parts.fragment and unquote(parts.fragment) not in found.anchors):
            yield link


class Page(HTMLParser):
    """What a built page fetches, links to and can be linked to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fetched_elsewhere: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_data(self, data: str) -> None:
        """Take what a reader sees."""
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element's addresses."""
        values = {name: value or "" for name, value in attrs}
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        fetched = values.get(_FETCHED.get(tag, ""), "")
        is_named_only = tag == "link" and values.get("rel") in {"canonical", "prev", "next", "alternate"}
        if urlsplit(fetched).netloc and not is_named_only:
            self.fetched_elsewhere.append(fetched)
