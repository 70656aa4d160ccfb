"""A variable is named after what it holds."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "pulumi_openai_admin"
NAMELESS = "one"


def test_no_name_says_nothing() -> None:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (getattr(node, key, None) for key in ("id", "attr", "arg", "name"))
            if NAMELESS in {str(name).strip("_") for name in names}:
                found.append(f"{path.relative_to(PACKAGE)}:{getattr(node, 'lineno', 0)}")
    assert not found, f"name what `{NAMELESS}` holds: {', '.join(found)}"
