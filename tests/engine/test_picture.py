"""The picture of `pulumi up` in the documentation shows what the engine prints today; that of `plan` can be drawn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tools import pictures
from tools.commands import StepError

if TYPE_CHECKING:
    from pathlib import Path

    from tools.engine import Engine


def test_it_is_current(pulumi: Engine, tmp_path: Path) -> None:
    kept = pictures.PICTURE.read_text(encoding="utf-8")
    new = pictures.draw(pictures.record(pulumi, tmp_path))
    assert pictures.steady(pictures.shown(kept)) == pictures.steady(pictures.shown(new)), "Run `make picture`."
    assert any(re.fullmatch(r"apiKey +: \[secret\]", line) for line in pictures.shown(kept))


def test_the_example_has_all_that_the_picture_of_a_plan_replaces() -> None:
    program = (pictures.TEAM / "__main__.py").read_text(encoding="utf-8")
    changed = pictures.changed(program)
    assert all(new in changed and old not in changed for old, new in pictures.REVIEWED)
    with pytest.raises(StepError, match=r"examples/team/__main__\.py does not have "):
        pictures.changed(changed)
