"""The picture of `pulumi up` in the documentation shows what the engine prints today; that of `plan` can be drawn."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from tools import pictures

if TYPE_CHECKING:
    from pathlib import Path

    from tools.engine import Engine


CHANGES_EACH_TIME = re.compile(r"\d+(\.\d+)?m?s\b|proj_\w+")


def shown(picture: str) -> list[str]:
    """The lines that a picture shows, without what differs from run to run: times, ids, and their order."""
    lines: dict[str, str] = {}
    for number, text in re.findall(r'-line-(\d+)\)">([^<]*)</text>', picture):
        lines[number] = lines.get(number, "") + html.unescape(text).replace("\xa0", " ")
    return sorted(filter(None, (CHANGES_EACH_TIME.sub("…", line.strip()) for line in lines.values())))


def test_it_is_current(pulumi: Engine, tmp_path: Path) -> None:
    kept = shown(pictures.PICTURE.read_text(encoding="utf-8"))
    assert kept == shown(pictures.draw(pictures.record(pulumi, tmp_path))), "Run `make picture`."
    assert any(re.fullmatch(r"apiKey +: \[secret\]", line) for line in kept)


def test_a_picture_shows_the_end_of_an_update_and_fetches_nothing() -> None:
    row = " \x1b[32m+\x1b[0m  Project project "
    drawn = pictures.draw(f"Updating (dev):\n{row}creating (0s)\n{row}created (1.5s)\nwith two & <three>\n")
    assert shown(drawn) == ["$ pulumi up", "+  Project project created (…)", "Updating (dev):", "with two & <three>"]
    assert "//" not in drawn.replace("http://www.w3.org/2000/svg", "").replace("https://www.textualize.io", "")


def test_the_example_has_once_what_the_picture_of_a_plan_replaces() -> None:
    program = (pictures.TEAM / "__main__.py").read_text(encoding="utf-8")
    assert [old for old, _ in pictures.REVIEWED if program.count(old) != 1] == []
