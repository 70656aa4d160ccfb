"""Each link of each page leads somewhere, and one file has the address of the repository.

The generator of the documentation checks the links between pages of the site, and `nav`: test_docs_site.py.
"""

from __future__ import annotations

import ast
import posixpath
import re
import shutil
import tomllib
from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache, cached_property
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from build.util import project_wheel_metadata
from markdown_it import MarkdownIt

from pulumi_openai_admin.hosts.native.schema import LANGUAGES
from pulumi_openai_admin.project_urls import page_address, project_urls
from tools import dist, docs_pages, pinned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from markdown_it.token import Token

PYPROJECT = tomllib.loads((pinned.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
URLS: dict[str, str] = PYPROJECT["project"]["urls"]
SOURCE = URLS["Source"]
OF_FILES = f"{SOURCE}/blob/v{pinned.package_version()}/"
OF_PICTURES = OF_FILES.replace("https://github.com", "https://raw.githubusercontent.com").replace("/blob/", "/")
REPEATED = {
    "pyproject.toml": "it is the place",
    "pulumi_openai_admin/hosts/native/schema.json": "`make generate` writes it",
    "templates/*/Pulumi.yaml": "`pulumi new` copies it: tests/engine/test_templates.py compares the address",
    "templates/*/sdks/*.yaml": "the same",
}
"""The files that have the address of the repository, and why."""
in_a_clone = pytest.mark.skipif(not (pinned.ROOT / ".git").exists(), reason="git names the files of the repository")


class Link(NamedTuple):
    """A link or a picture of a page."""

    line: int
    """The first line of its block, from 1."""
    target: str
    is_picture: bool


class Page(NamedTuple):
    """What a page links to, and what other pages can link to."""

    links: list[Link]
    anchors: set[str]
    """Those of its headings, as GitHub makes them, and those in HTML."""
    undefined: list[int]
    """The lines with `[text][name]` where no line defines `[name]: …`."""


@dataclass(frozen=True)
class Repository:
    """What pages can link to. Other sites are not fetched: only the form of their addresses is checked."""

    urls: Mapping[str, str]
    pages: Mapping[str, str]
    files: frozenset[str]

    @cached_property
    def _places(self) -> set[str]:
        """The paths of all files and folders."""
        return {*self.files, *(parent.as_posix() for file in self.files for parent in PurePosixPath(file).parents)}

    def faults(self) -> list[str]:
        """The links that lead nowhere: `docs/drift.md:12: … leads to no file`."""
        return [fault for path, text in self.pages.items() for fault in self.faults_of(path, text)]

    def faults_of(self, path: str, text: str) -> Iterator[str]:
        page = page_of(text)
        for line in page.undefined:
            yield f"{path}:{line}: the name of a link in [text][name] is not defined"
        for link in page.links:
            if reason := self._fault(path, link):
                yield f"{path}:{link.line}: {link.target} {reason}"

    def _fault(self, path: str, link: Link) -> str:
        # The site shows a picture with #only-dark when it is dark.
        target = link.target.partition("#")[0] if link.is_picture else link.target
        if not re.match(r"[a-z][a-z+.-]*:", target):
            return self._fault_of_path(path, target)
        if not re.match(rf"{re.escape(self.urls['Source'])}(?![\w.-])", target):
            return fault_of_form(target)
        if target in self.urls.values():
            return ""
        file = re.fullmatch(r"/(?:blob|tree)/[^/]+/(.+)", target.removeprefix(self.urls["Source"]))
        return (
            self._fault_of_path("", file[1])
            if file
            else "is neither a file of the repository nor one of [project.urls]"
        )

    def _fault_of_path(self, page: str, target: str) -> str:
        path, _, anchor = unquote(target).partition("#")
        there = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
        template = "/".join(page.split("/")[:2]) if page.startswith("templates/") else ""
        if there not in self._places:
            return "leads to no file of the repository"
        if template and not f"{there}/".startswith(f"{template}/"):
            return f"leads out of {template}, which `pulumi new` copies"
        if anchor and anchor not in (page_of(self.pages[there]).anchors if there in self.pages else ()):
            return f"leads to no heading: {there} has none with the anchor #{anchor}"
        return ""


def fault_of_form(target: str) -> str:
    """What is wrong with the address of another site; empty if nothing is."""
    parts = urlsplit(target)
    is_loopback = parts.hostname in {"127.0.0.1", "localhost"}
    if parts.scheme == "mailto" or is_loopback:
        return ""
    if parts.scheme != "https":
        return "is not https"
    if "." not in (parts.hostname or ""):
        return "has no host"
    return "ends in punctuation" if re.search(r"[.,;:!?'\")\]]$", target) else ""


@cache
def page_of(text: str) -> Page:
    env: dict[str, Any] = {}
    tokens = MarkdownIt("commonmark").enable("table").parse(text, env)
    links = [Link(each["map"][0] + 1, each["href"], is_picture=False) for each in env.get("references", {}).values()]
    defined, anchors, undefined = {link.target for link in links}, set(headings(tokens)), []
    for block in tokens:
        line = (block.map or (0, 0))[0] + 1
        for token in (block, *(block.children or ())):
            if token.type in {"link_open", "image"}:
                is_picture = token.type == "image"
                target = str(token.attrs["src" if is_picture else "href"])
                links += [] if target in defined else [Link(line, target, is_picture)]
            elif token.type in {"html_block", "html_inline"}:
                found = re.findall(r"\b(href|src|srcset)=\"([^\"]*)\"", token.content)
                links += [Link(line, target, attribute != "href") for attribute, target in found]
                anchors |= {*re.findall(r"\b(?:id|name)=\"([^\"]+)\"", token.content)}
            elif token.type == "text" and "][" in token.content:
                undefined.append(line)
    return Page(links, anchors, undefined)


def headings(tokens: list[Token]) -> Iterator[str]:
    """The anchors of all headings."""
    seen: Counter[str] = Counter()
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            text = "".join(child.content for child in token.children or () if child.type in {"text", "code_inline"})
            anchor = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            yield f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor
            seen[anchor] += 1


def files() -> list[str]:
    """The files of the repository, with those that are not committed yet."""
    listed = dist.git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    return [path for path in listed if path and (pinned.ROOT / path).is_file()]


def text_of(path: str) -> str:
    return (pinned.ROOT / path).read_bytes().decode("utf-8", errors="replace")


@in_a_clone
def test_each_link_leads_somewhere() -> None:
    pages = {path: text_of(path) for path in files() if path.endswith(".md")}
    assert {"README.md", "CONTRIBUTING.md", "docs/index.md", "examples/team/README.md"} <= pages.keys()
    found = Repository(URLS, pages, frozenset(files())).faults()
    assert not found, "\n".join(found)


@in_a_clone
def test_no_other_file_has_the_address_of_the_repository() -> None:
    go_package = LANGUAGES["go"]["importBasePath"]  # a Go program imports the SDK from there
    assert go_package.startswith(SOURCE.removeprefix("https://"))
    found = [
        (path, f"{path}:{number}: {line.strip()}")
        for path in files()
        for number, line in enumerate(written(text_of(path)).replace(go_package, "").splitlines(), 1)
        if SOURCE.removeprefix("https://github.com/") in line
    ]
    others = [place for path, place in found if not any(fnmatch(path, pattern) for pattern in REPEATED)]
    remedy = "Write a relative link, or take the address from [project.urls] in pyproject.toml:"
    assert not others, "\n".join([remedy, *others])
    needless = [pattern for pattern in REPEATED if not any(fnmatch(path, pattern) for path, _ in found)]
    assert not needless, f"no file with the address is needed for these entries: {needless}"


def written(text: str) -> str:
    """A page with its generated parts empty."""
    return docs_pages.GENERATED.sub(lambda part: "\n" * part[0].count("\n"), text)


def test_the_metadata_has_the_addresses() -> None:
    assert {"Source", "Documentation", "Changelog", "Issues"} == URLS.keys()
    assert project_urls() == URLS


@in_a_clone
def test_the_addresses_of_pages_lead_to_pages() -> None:
    text = "\n".join(f"[{label}]: {url}" for label, url in URLS.items())
    known = {label: URLS[label] for label in ("Source", "Issues")}
    found = Repository(known, {"pyproject.toml": text}, frozenset(files())).faults()
    assert not found, "\n".join(found)


@in_a_clone
def test_the_pages_that_messages_name_are_there() -> None:
    listed, found = files(), list[str]()
    repository = Repository(
        URLS, {path: text_of(path) for path in listed if path.startswith("docs/")}, frozenset(listed)
    )
    for path in listed:
        if path.startswith("pulumi_openai_admin/") and path.endswith(".py"):
            addresses, local = named_pages(text_of(path))
            found += [f"{path}:{line}: {page}: write page_address(…): a user has no docs/" for line, page in local]
            found += repository.faults_of(path, addresses)
    assert not found, "\n".join(found)


def named_pages(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The addresses of the pages that the strings of a module name, each on its line; and paths, with their lines."""
    tree = ast.parse(text)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    lines, local = [""] * len(text.splitlines()), list[tuple[int, str]]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            local += [(node.lineno, path) for path in re.findall(r"\bdocs/[\w-]+\.md", node.value)]
            if re.fullmatch(r"[\w-]+\.md#[\w-]+", node.value):
                lines[node.lineno - 1] = f"<{page_address(node.value)}>"
    return "\n".join(lines), local


def test_a_message_that_names_a_path_of_the_repository_is_found() -> None:
    text = '"""See docs/a.md."""\n\nPAGE = "a.md#b"\nraise ValueError(f"{1} (docs/a.md)")\n'
    assert named_pages(text) == (f"\n\n<{OF_FILES}docs/a.md#b>\n", [(4, "docs/a.md")])


FORMS = """# Read me

[a](docs/a.md#x) and [`b`](#read-me) [![c](docs/c.png)](docs/c.md) <https://example.com> [d](https://example.com)
![e](https://example.com/e.png) [f][g] [h][i]

<picture><source srcset="docs/dark.png"><img alt="j" src="docs/light.png"></picture> <a href="docs/j.md">j</a>

| k |
|---|
| [l](mailto:l@example.com) [m](LICENSE) |

[g]: docs/g.md
[i]: #top
"""
"""A README with each form of a link."""


@pytest.mark.parametrize("readme", [text_of("README.md"), FORMS], ids=["README.md", "each form"])
def test_the_readme_of_the_package_leads_to_the_files_of_its_version(readme: str, tmp_path: Path) -> None:
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(pinned.ROOT / name, tmp_path)
    (tmp_path / "README.md").write_text(readme, encoding="utf-8")
    metadata = project_wheel_metadata(tmp_path, isolated=False)
    assert metadata.get_all("Project-URL") == [f"{label}, {url}" for label, url in URLS.items()]
    built = str(metadata.get_payload())
    before, after = page_of(readme).links, page_of(built).links
    assert sorted(link.target for link in after) == sorted(absolute(link) for link in before)
    changed = sum(absolute(link) != link.target for link in before)
    assert built.count(OF_FILES) + built.count(OF_PICTURES) == changed > 0  # none is in a program


def absolute(link: Link) -> str:
    if re.match(r"[a-z]+:", link.target):
        return link.target
    path = f"README.md{link.target}" if link.target.startswith("#") else link.target
    return f"{OF_PICTURES if link.is_picture else OF_FILES}{path}"


PAGES = {
    "README.md": '# Read me\n\n## `up`, and more\n\n## Twice\n\n## Twice\n\n<a id="here"></a>\n',
    "docs/a.md": "# A\n",
    "templates/go/README.md": "# T\n",
}


def faults(text: str, path: str = "docs/b.md") -> list[str]:
    pages = PAGES | {path: text}
    urls = {"Source": "https://github.com/acme/it", "Issues": "https://github.com/acme/it/issues"}
    return Repository(urls, pages, frozenset({*pages, "docs/assets/up.svg", "templates/go/main.go"})).faults()


@pytest.mark.parametrize(
    "target",
    [
        *("a.md", "a.md#a", "../README.md#up-and-more", "../README.md#twice-1", "../README.md#here", "assets/up.svg"),
        *("assets", "assets/", "..", "#b", "https://example.com/x#y", "http://127.0.0.1:8080/", "mailto:a@example.com"),
        *("https://github.com/acme/it", "https://github.com/acme/it/issues", "https://github.com/acme/it-2/x"),
        "https://github.com/acme/it/blob/v0.1.0/README.md#twice",
    ],
)
def test_a_link_that_leads_somewhere(target: str) -> None:
    assert faults(f"# B\n\n[there]({target})\n") == []


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("c.md", "leads to no file of the repository"),
        ("/docs/a.md", "leads to no file of the repository"),
        ("#c", "leads to no heading: docs/b.md has none with the anchor #c"),
        ("../README.md#twice-2", "leads to no heading: README.md has none with the anchor #twice-2"),
        ("http://example.com", "is not https"),
        ("https://example", "has no host"),
        ("https://example.com/a.", "ends in punctuation"),
        ("https://github.com/acme/it/blob/main/c.md", "leads to no file of the repository"),
        ("https://github.com/acme/it/wiki", "is neither a file of the repository nor one of [project.urls]"),
    ],
)
@pytest.mark.parametrize(
    "form", ["[there]({})", "| a |\n|---|\n| [`it`]({}) |", "[x][y]\n\n[y]: {}", '<a href="{}">x</a>']
)
def test_a_link_that_leads_nowhere(target: str, reason: str, form: str) -> None:
    (fault,) = faults(f"# B\n\n```md\n[no](link)\n```\n\n{form.format(target)}\n")
    assert re.fullmatch(rf"docs/b\.md:\d+: {re.escape(f'{target} {reason}')}", fault)


def test_a_picture_a_definition_or_a_file_beside_a_template_that_is_not_there() -> None:
    assert faults('![A](assets/up.svg#only-dark)\n\n<img src="c.svg">\n\n[`two`][three]\n') == [
        "docs/b.md:5: the name of a link in [text][name] is not defined",
        "docs/b.md:3: c.svg leads to no file of the repository",
    ]
    text = "# T\n\n[program](main.go) [folder](.) [docs](../../docs/a.md)\n"
    reason = "leads out of templates/go, which `pulumi new` copies"
    assert faults(text, "templates/go/README.md") == [f"templates/go/README.md:3: ../../docs/a.md {reason}"]
