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


def test_a_picture_shows_the_update_alone() -> None:
    row = " \x1b[32m+\x1b[0m  Project project "
    preview = f"Previewing update (dev):\n{row}create\n"
    printed = f"{preview}\x1b[1mUpdating (dev):\x1b[0m\n{row}creating (0s)\n{row}created (1s)\nX\n"
    shown = pictures.shown(pictures.draw(pictures.of_update(printed)))
    assert [line for line in shown if line] == [
        "$ pulumi up",
        "Updating (dev):",
        "+  Project project created (1s)",
        "X",
    ]
    with pytest.raises(StepError, match="printed no update"):
        pictures.of_update(preview)


def test_a_picture_shows_the_text_in_order_and_fetches_nothing() -> None:
    drawn = pictures.draw("\x1b[32m+ one\x1b[0m created (0.5s)\n\ntwo & <three>\n")
    assert pictures.shown(drawn) == ["$ pulumi up", "+ one created (0.5s)", "", "two & <three>"] or pictures.shown(
        drawn
    ) == ["$ pulumi up", "+ one created (0.5s)", "two & <three>"]
    assert pictures.steady(pictures.shown(drawn)) == ["$ pulumi up", "+ one created (…)", "two & <three>"]
    assert "url(http" not in drawn
    assert "//" not in drawn.replace("http://www.w3.org/2000/svg", "").replace("https://www.textualize.io", "")


def test_the_example_has_all_that_the_picture_of_a_plan_replaces() -> None:
    program = (pictures.TEAM / "__main__.py").read_text(encoding="utf-8")
    changed = pictures.changed(program)
    assert all(new in changed and old not in changed for old, new in pictures.REVIEWED)
    with pytest.raises(StepError, match=r"examples/team/__main__\.py does not have "):
        pictures.changed(changed)
