from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

import progress

if TYPE_CHECKING:
    from pathlib import Path


def test_it_says_how_far_it_is_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "SAY_AGAIN_AFTER", 0.05)
    with progress.progress("Building") as shown:
        shown.note = "812 of 1729 packages"
        time.sleep(0.2)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Building"
    assert lines[1] == "Building: 812 of 1729 packages, 0 s"
    assert len(lines) > 2


def test_lines_are_logged_and_handed_on(tmp_path: Path) -> None:
    seen: list[str] = []
    progress.run(["/bin/sh", "-c", "echo one; echo two >&2"], log=tmp_path / "log", on_line=seen.append)
    assert seen == ["one", "two"]
    assert (tmp_path / "log").read_text(encoding="utf-8") == "one\ntwo\n"


def test_a_failure_shows_the_end_of_what_was_said(tmp_path: Path) -> None:
    with pytest.raises(progress.StepError, match=r"`/bin/sh` said: b; c; d \(all of it in .*log\)"):
        progress.run(["/bin/sh", "-c", "echo a; echo b; echo c; echo d; exit 3"], log=tmp_path / "log")


def test_what_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(progress.StepError, match="was ended after"):
        progress.run(["/bin/sh", "-c", "sleep 60; :"], log=tmp_path / "log", timeout=0.3)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(("count", "text"), [(0.4, "0 s"), (59.9, "59 s"), (80, "1 min 20 s")])
def test_seconds(count: float, text: str) -> None:
    assert progress.seconds(count) == text
