"""`make docs`: the documentation, from docs/ and from the code, into build/site. A warning is an error.

Next to each HTML page is its Markdown, and `llms.txt` lists the pages for programs that read Markdown (llmstxt.org).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.data_sources.kind import first_sentence, flat
from tools import docs_pages
from tools.commands import StepError, print_result
from tools.pinned import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
"""Zensical colours each character, whether or not there is a terminal."""
CONFIG = ROOT / "zensical.toml"


def main() -> str:
    """Build it here; where it is."""
    shown = make(ROOT).relative_to(ROOT)
    return f"{shown}/index.html; the search wants a server: python3 -m http.server --directory {shown}"


def make(place: Path) -> Path:
    """Build the site in a folder; where it is."""
    site = place / "build" / "site"
    texts = docs_pages.assemble(place / "build" / "docs")
    listed = llms(texts)
    if place != ROOT:
        shutil.copy(CONFIG, place)
    generate(place / CONFIG.name)
    for path, text in {**texts, "llms.txt": listed}.items():
        (site / path).write_text(text, encoding="utf-8")
    return site


def generate(config: Path) -> None:
    """Run the generator, which checks links and anchors. What its settings name is relative to the repository."""
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "--config-file", str(config)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    printed = _COLOUR.sub("", run.stdout + run.stderr)
    # What an extension logs as a warning is not counted by `--strict`.
    if run.returncode or "WARNING" in printed:
        raise StepError(f"zensical:\n{printed}")


def llms(texts: Mapping[str, str]) -> str:
    """The pages, given by path, in the order of the navigation, each with its title and plain first sentence."""
    project = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["project"]
    parts, listed, last = [f"# {project['site_name']}\n\n> {project['site_description']}\n"], set(), ""
    for section, title, entry in _entries(project["nav"]):
        parts += [f"\n## {section}\n\n"] if section != last else []
        last = section
        # An entry that ends in a slash leads to all pages of a folder.
        for path in [path for path in sorted(texts) if path.startswith(entry)] if entry.endswith("/") else [entry]:
            text = texts.get(path, "")
            shown = text.partition("\n")[0].removeprefix("# ") if path != entry else title
            paragraphs = [part for part in text.split("\n\n") if not re.match(r"[#<|!]|\[!|- |```", part)]
            plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|\*\*", r"\1", paragraphs[0] if paragraphs else "")
            parts.append(f"- [{shown}]({path}): {flat(first_sentence(plain))}\n")
            listed.add(path)
    if different := sorted(listed ^ texts.keys()):
        raise StepError(f"`nav` in {CONFIG.name} and the pages differ in {', '.join(different)}")
    return "".join(parts)


def _entries(navigation: list[dict[str, Any]], section: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield the section, the title and the page or folder of each entry, in order."""
    for title, entry in [item for group in navigation for item in group.items()]:
        if isinstance(entry, str):
            yield section or title, title, entry
        else:
            yield from _entries(entry, section or title)


if __name__ == "__main__":
    sys.exit(print_result(main))
