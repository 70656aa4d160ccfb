"""`make docs`: the documentation, from docs/ and from the code, into build/site. A warning is an error.

Next to each HTML page is its Markdown, and `llms.txt` lists the pages for programs that read Markdown (llmstxt.org).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.config import NAMESPACE, SETTINGS, VARIABLES, Settings
from pulumi_openai_admin.data_sources.kind import first_sentence, flat
from tools import docs_pages
from tools.docs_declarations import DocsError
from tools.pinned import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
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
    """Build the site in a folder; where it is."""
    pages, site = place / "build" / "docs", place / "build" / "site"
    texts = docs_pages.assemble(pages)
    check_navigation(texts.keys())
    check_settings((docs_pages.SOURCES / "configuration.md").read_text(encoding="utf-8"))
    if place != ROOT:
        shutil.copy(CONFIG, place)
    generate(place / CONFIG.name)
    for path, text in {**texts, "llms.txt": llms(texts)}.items():
        (site / path).write_text(text, encoding="utf-8")
    return site


def generate(config: Path) -> None:
    """Run the generator, which checks links and anchors. What its settings name is relative to the repository."""
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "--config-file", str(config)]
    run = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False
    )
    # What an extension logs as a warning is not counted by `--strict`.
    if run.returncode or "WARNING" in run.stdout:
        raise DocsError(f"zensical:\n{_COLOUR.sub('', run.stdout)}")


def llms(texts: Mapping[str, str]) -> str:
    """The pages, given by path, in the order of the navigation, each with its title and first sentence."""
    project = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["project"]
    parts, last = [f"# {project['site_name']}\n\n> {project['site_description']}\n"], ""
    for section, title, entry in _entries(project["nav"]):
        parts += [f"\n## {section}\n\n"] if section != last else []
        last = section
        for path in [path for path in sorted(texts) if path.startswith(entry)] if entry.endswith("/") else [entry]:
            shown = texts[path].partition("\n")[0].removeprefix("# ") if path != entry else title
            parts.append(f"- [{shown}]({path}): {_about(texts[path])}\n")
    return "".join(parts)


def _about(text: str) -> str:
    """The first sentence of a page, without links and bold type."""
    paragraphs = (paragraph for paragraph in text.split("\n\n") if not re.match(r"[#<|!]|\[!|- |```", paragraph))
    plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|\*\*", r"\1", next(paragraphs, ""))
    return flat(first_sentence(plain))


def check_navigation(pages: AbstractSet[str]) -> None:
    """Compare the navigation with the pages. An entry that ends in a slash leads to all pages of a folder."""
    navigation = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["project"]["nav"]
    entries = {entry for _, _, entry in _entries(navigation)}
    folders = {page: f"{page.rpartition('/')[0]}/" for page in pages}
    if different := sorted(entries ^ {folders[page] if folders[page] in entries else page for page in pages}):
        raise DocsError(f"`nav` in {CONFIG.name} and the pages differ in {', '.join(different)}")


def _entries(navigation: list[dict[str, Any]], section: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield the section, the title and the page or folder of each entry, in order."""
    for title, entry in [item for group in navigation for item in group.items()]:
        if isinstance(entry, str):
            yield section or title, title, entry
        else:
            yield from _entries(entry, section or title)


def check_settings(page: str) -> None:
    """Compare the page of the configuration with the code: every name, every default."""
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
