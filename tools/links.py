"""Check the links of the repository's Markdown, as a code host shows it. Pure: tests/tools/test_links.py has the pages.

A page can link to a file or a folder of the repository, to a heading of a page, and to other sites. Other sites are not
fetched: only the form of their addresses is checked. What the site of the documentation makes of the pages of docs/ is
checked by its generator.
"""

from __future__ import annotations

import ipaddress
import posixpath
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from markdown_it.token import Token

_HTML_LINK = re.compile(r"\b(href|src|srcset)=\"([^\"]*)\"")
_HTML_ANCHOR = re.compile(r"\b(?:id|name)=\"([^\"]+)\"")
_UNDEFINED = "]["
"""What is left in the text of a page of a link whose definition is missing."""
_FILE = re.compile(r"/(?:blob|tree)/[^/]+/(.+)")
"""The address of a file, after that of the repository: on a branch or at a tag."""


class Link(NamedTuple):
    """A link or a picture of a page.

    Attributes:
        line: The line of the page, from 1.
        target: What the page has as the target, such as `drift.md#who` or `https://example.com`.
        is_picture: Whether the page shows the target.
    """

    line: int
    target: str
    is_picture: bool


class Page(NamedTuple):
    """What a page links to, and what other pages can link to.

    Attributes:
        links: All links and pictures.
        anchors: The anchors of its headings, as GitHub makes them, and those in HTML.
        undefined: The lines with `[text][name]` where no line defines `[name]: …`.
    """

    links: tuple[Link, ...]
    anchors: frozenset[str]
    undefined: tuple[int, ...]


@dataclass(frozen=True)
class Repository:
    """What pages can link to.

    Attributes:
        urls: The addresses of the project, by their labels; `Source` is that of the repository.
        pages: The text of each page, by its path.
        files: The paths of all files, with those of the pages.
        folders: The paths of all folders.
    """

    urls: Mapping[str, str]
    pages: Mapping[str, str]
    files: frozenset[str]
    folders: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        above = {parent.as_posix() for file in self.files for parent in PurePosixPath(file).parents}
        object.__setattr__(self, "folders", frozenset(above))

    def faults(self) -> list[str]:
        """The links that lead nowhere: `docs/drift.md:12: … leads to no file`."""
        return [fault for path, text in self.pages.items() for fault in self.faults_of(path, text)]

    def faults_of(self, path: str, text: str) -> Iterator[str]:
        """Those of one page.

        Args:
            path: The path of the page.
            text: Its text.
        """
        page = page_of(text)
        for line in page.undefined:
            yield f"{path}:{line}: the name of a link in [text][name] is not defined"
        for link in page.links:
            if reason := self._fault(path, link):
                yield f"{path}:{link.line}: {link.target} {reason}"

    def _fault(self, path: str, link: Link) -> str:
        """Why a link of a page leads nowhere; empty if it leads somewhere."""
        target = (
            link.target.partition("#")[0] if link.is_picture else link.target
        )  # the site shows #only-dark when it is dark
        if not re.match(r"[a-z][a-z+.-]*:", target):
            return self._fault_of_path(path, target)
        if not is_below(target, self.urls["Source"]):
            return fault_of_form(target)
        if target in self.urls.values():
            return ""
        file = _FILE.match(target.removeprefix(self.urls["Source"]))
        if not file:
            return "is neither a file of the repository nor one of [project.urls] in pyproject.toml"
        return self._fault_of_path("", file[1])

    def _fault_of_path(self, page: str, target: str) -> str:
        path, _, anchor = unquote(target).partition("#")
        there = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
        if there not in self.files and there not in self.folders:
            return "leads to no file of the repository"
        if template_of(page) and template_of(there) != template_of(page):
            return f"leads out of {template_of(page)}, which `pulumi new` copies"
        if anchor and anchor not in (page_of(self.pages[there]).anchors if there in self.pages else ()):
            return f"leads to no heading: {there} has none with the anchor #{anchor}"
        return ""


def template_of(path: str) -> str:
    """The template that a path is in, such as `templates/openai-admin-go`; empty if it is in none."""
    return "/".join(path.split("/")[:2]) if path.startswith("templates/") else ""


def is_below(target: str, address: str) -> bool:
    """Whether a target is an address, or is below it."""
    return re.match(rf"{re.escape(address)}(?![\w.-])", target) is not None


def fault_of_form(target: str) -> str:
    """What is wrong with the address of another site; empty if nothing is."""
    parts = urlsplit(target)
    if parts.scheme == "mailto":
        return ""
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return "is not https"
    if "." not in (parts.hostname or ""):
        return "has no host"
    if re.search(r"[.,;:!?'\")\]]$", target):
        return "ends in punctuation"
    return ""


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, such as `127.0.0.1`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@cache
def page_of(text: str) -> Page:
    """Read a page."""
    env: dict[str, Any] = {}
    tokens = MarkdownIt("commonmark").enable("table").parse(text, env)
    lines = text.splitlines()
    definitions = env.get("references", {}).values()
    links = [Link(definition["map"][0] + 1, definition["href"], is_picture=False) for definition in definitions]
    defined = {link.target for link in links}
    undefined = []
    for token in tokens:
        first, end = token.map or (0, 0)
        for target, is_picture in _targets(token):
            if target not in defined:
                links.append(Link(line_of(lines, first, end, target), target, is_picture))
        if any(child.type == "text" and _UNDEFINED in child.content for child in token.children or ()):
            undefined.append(line_of(lines, first, end, _UNDEFINED))
    return Page(tuple(sorted(links)), frozenset(_anchors(tokens)), tuple(undefined))


def _targets(token: Token) -> Iterator[tuple[str, bool]]:
    """The targets in a token, and whether each is shown."""
    for child in (token, *(token.children or ())):
        if child.type == "link_open":
            yield str(child.attrs["href"]), False
        elif child.type == "image":
            yield str(child.attrs["src"]), True
        elif child.type in {"html_block", "html_inline"}:
            for attribute, target in _HTML_LINK.findall(child.content):
                yield target, attribute != "href"


def line_of(lines: list[str], first: int, end: int, target: str) -> int:
    """The line, from 1, of a block that contains a target; its first one if none does."""
    return next((number for number in range(first, end) if unquote(target) in unquote(lines[number])), first) + 1


def _anchors(tokens: list[Token]) -> Iterator[str]:
    """The anchors of all headings, and those in HTML."""
    seen: Counter[str] = Counter()
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            text = "".join(child.content for child in token.children or () if child.type in {"text", "code_inline"})
            anchor = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            yield f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor
            seen[anchor] += 1
    for token in tokens:
        for part in (token, *(token.children or ())):
            if part.type in {"html_block", "html_inline"}:
                yield from _HTML_ANCHOR.findall(part.content)
