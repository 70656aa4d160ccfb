"""A variable is named after what it holds."""

from __future__ import annotations

import tokenize
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "pulumi_openai_admin"
NAMELESS = "one"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_name_says_nothing(path: Path) -> None:
    with tokenize.open(path) as file:
        tokens = [*tokenize.generate_tokens(file.readline)]
    lines = [token.start[0] for token in tokens if token.string.strip("_") == NAMELESS]
    assert not lines, f"{path}: name what `{NAMELESS}` holds, in line {', '.join(map(str, lines))}"
