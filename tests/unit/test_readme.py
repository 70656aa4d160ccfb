"""The README tells of everything, its program is the one that runs, and its links lead somewhere.

Each property and each setting is told in the documentation: tests/tools/test_docs_site.py.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

import pulumi_openai_admin
from pulumi_openai_admin.cli.app import app
from pulumi_openai_admin.provider.resource import AdminResource

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PUBLIC = [getattr(pulumi_openai_admin, name) for name in pulumi_openai_admin.__all__]
RESOURCES = [one.__name__ for one in PUBLIC if isinstance(one, type) and issubclass(one, AdminResource)]
COMMANDS = sorted(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", [*RESOURCES, *COMMANDS])
def test_every_resource_and_command_is_told(name: str) -> None:
    assert f"`{name}`" in README


def test_its_program_is_the_quickstart() -> None:
    program = (ROOT / "examples" / "quickstart" / "__main__.py").read_text(encoding="utf-8")
    shown = README.partition("```python\n")[2].partition("```")[0]
    code = re.sub(r'^""".*?"""\n+', "", program, flags=re.DOTALL)
    assert shown.strip() == code.strip()


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)|src(?:set)?=\"([^\"]+)", README)
    places = [link or picture for link, picture in links if not link.startswith("https://")]
    assert len(places) > 20
    assert [place for place in places if not (ROOT / place).exists()] == []
