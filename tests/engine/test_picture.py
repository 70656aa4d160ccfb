"""The picture of `pulumi up` in the documentation shows what the engine prints today."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tools import picture

if TYPE_CHECKING:
    from pathlib import Path

    from tools.engine import Engine


def test_it_is_current(pulumi: Engine, tmp_path: Path) -> None:
    kept = picture.PICTURE.read_text(encoding="utf-8")
    new = picture.draw(picture.record(pulumi, tmp_path))
    assert picture.steady(picture.shown(kept)) == picture.steady(picture.shown(new)), "Run `make picture`."
    assert any(re.fullmatch(r"apiKey +: \[secret\]", line) for line in picture.shown(kept))


def test_a_picture_shows_the_text_in_order_and_fetches_nothing() -> None:
    drawn = picture.draw("\x1b[32m+ one\x1b[0m created (0.5s)\n\ntwo & <three>\n")
    assert picture.shown(drawn) == ["$ pulumi up", "+ one created (0.5s)", "", "two & <three>"] or picture.shown(
        drawn
    ) == ["$ pulumi up", "+ one created (0.5s)", "two & <three>"]
    assert picture.steady(picture.shown(drawn)) == ["$ pulumi up", "+ one created (…)", "two & <three>"]
    assert "url(http" not in drawn
    assert "//" not in drawn.replace("http://www.w3.org/2000/svg", "").replace("https://www.textualize.io", "")
