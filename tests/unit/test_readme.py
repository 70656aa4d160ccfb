"""The README names every command, and its program is the one that runs. No page needs what only a release provides.

Each property and each setting is told in the documentation: tests/tools/test_docs_site.py. Its links, and those of all
other pages: tests/tools/test_links.py.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pulumi_openai_admin.resources import ALL
from tools import docs_pages

pytestmark = pytest.mark.every_resource

ROOT = Path(__file__).parents[2]
ROOMS = ("docs", "examples", "templates", "benchmarks", "pulumi_openai_admin")
README = (ROOT / "README.md").read_text(encoding="utf-8")
OF_REGISTRY = {ROOT / "docs" / page for page in docs_pages.OF_REGISTRY}
"""The Pulumi Registry shows the pages of a release only. tests/tools/test_docs_registry.py looks at them."""
PAGES = sorted({*ROOT.glob("*.md"), *(page for room in ROOMS for page in (ROOT / room).rglob("*.md"))})


def test_a_terminal_of_120_columns_shows_it() -> None:
    assert [line for line in README.splitlines() if len(line) > 120] == []


def test_the_picture_of_the_first_page_names_resources_that_exist() -> None:
    picture = ET.parse(ROOT / "docs" / "assets" / "organization.svg")  # noqa: S314 - our own file
    texts = [
        text.text or "" for text in picture.iter("{http://www.w3.org/2000/svg}text") if text.get("class") == "kind"
    ]
    named = re.findall(r"\w+", " ".join(texts).replace("- ", ""))
    assert named
    assert set(named) <= set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_every_resource_is_on_the_page_of_all(name: str) -> None:
    assert f"\n| [{name}]({name}.md) | " in (ROOT / "docs" / "resources" / "index.md").read_text(encoding="utf-8")


def test_its_program_is_the_quickstart() -> None:
    program = (ROOT / "templates" / "openai-admin-python" / "__main__.py").read_text(encoding="utf-8")
    shown = README.partition("```python\n")[2].partition("```")[0]
    code = re.sub(r'^""".*?"""\n+', "", program, flags=re.DOTALL)
    assert shown.strip() == code.strip()


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page not in OF_REGISTRY],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_no_command_needs_what_only_a_release_provides(page: Path) -> None:
    """The package is on no index, and the repository has no public address yet."""
    blocks = re.findall(
        r"^ *```(?:bash|sh|powershell)\n(.*?)^ *```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    wrong = r"git clone|github\.com/pulumi-openai-admin|install '?pulumi-openai-admin|plugin install .*--server"
    assert [line for block in blocks for line in block.splitlines() if re.search(wrong, line)] == []
