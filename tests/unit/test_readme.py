"""The README tells of everything, and its program is the one that runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pulumi_openai_admin
from pulumi_openai_admin.provider.resource import AdminResource

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


PUBLIC = [getattr(pulumi_openai_admin, name) for name in pulumi_openai_admin.__all__]
RESOURCES = [one for one in PUBLIC if isinstance(one, type) and issubclass(one, AdminResource)]


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_property_is_told(resource: type[AdminResource]) -> None:
    section = README.partition(f"## `{resource.__name__}`")[2].partition("\n## ")[0]
    for name in resource.declaration.fields:
        assert f"`{name}`" in section


def test_every_setting_is_told() -> None:
    source = (ROOT / "pulumi_openai_admin" / "config.py").read_text(encoding="utf-8")
    names = set(re.findall(r'(?:_seconds|configured|environ\.get)\(\s*"(\w+)"', source))
    assert len(names) >= 8
    for name in names:
        assert re.search(rf"`(--secret )?(openai-admin:)?{name}`", README), name


def test_its_program_is_the_quickstart() -> None:
    program = (ROOT / "examples" / "quickstart" / "__main__.py").read_text(encoding="utf-8")
    shown = README.partition("```python\n")[2].partition("```")[0]
    code = re.sub(r'^""".*?"""\n+', "", program, flags=re.DOTALL)
    assert shown.strip() == code.strip()
