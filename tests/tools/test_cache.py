from __future__ import annotations

import fcntl
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tools import cache, pinned
from tools.commands import StepError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.conftest import Machine


def source(name: str, text: str) -> cache.Source:
    """A source that gives a file with this text. `broken` does not run, and an empty text cannot be made."""

    def make(into: Path, _log: Path) -> None:
        (into / "it").write_text(text, encoding="utf-8")
        if not text:
            raise StepError("no way out")

    def check(folder: Path) -> None:
        if (folder / "it").read_text(encoding="utf-8") == "broken":
            raise StepError("it does not run")

    return cache.Source(f"source {name}", pinned.cache() / f"it-{name}", make, check)


def get(*sources: cache.Source) -> str:
    found = cache.find_or_get("it", sources, "Install it.", ["`it` on PATH: there is none"])
    return (found.folder / "it").read_text(encoding="utf-8")


@pytest.mark.usefixtures("machine")
def test_the_first_source_that_works_is_used_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    first, second, third = source("a", ""), source("b", "broken"), source("c", "third")
    assert get(first, second, third) == "third"
    said = capsys.readouterr().err
    assert "Not from source a: no way out" in said
    assert "Not from source b: it does not run" in said
    assert get(source("a", "first"), source("c", "")) == "third", "without a download"
    assert sorted(path.name for path in pinned.cache().iterdir() if path.is_dir()) == ["it-c"], "nothing half done"
    get(source("d", "fourth"))
    assert get(source("d", ""), source("c", "")) == "fourth", "in the order of the sources"


@pytest.mark.usefixtures("machine")
def test_what_is_half_done_or_no_longer_runs_is_made_again() -> None:
    part, folder = pinned.cache() / "it-a.part", pinned.cache() / "it-a"
    for place in (part, folder):
        place.mkdir(parents=True)
        (place / "it").write_text("broken", encoding="utf-8")
    assert get(source("a", "whole")) == "whole"
    assert not part.exists()


@pytest.mark.parametrize(
    ("can_be_written", "why"),
    [(True, "source a: no way out"), (False, r".* cannot be written .*; XDG_CACHE_HOME sets another folder")],
)
def test_without_any_source_the_message_says_what_was_tried_and_what_to_do(
    can_be_written: bool, why: str, machine: Machine
) -> None:
    machine.cache.parent.mkdir()
    if not can_be_written:
        machine.cache.write_text("a file", encoding="utf-8")
    listed = rf"There is no it\. Tried:\n  - `it` on PATH: there is none\n  - {why}\nInstall it\."
    with pytest.raises(StepError, match=listed):
        get(source("a", ""))


def test_a_second_run_waits_for_the_first_and_downloads_nothing(machine: Machine) -> None:
    machine.cache.mkdir(parents=True)
    with (machine.cache / "engine.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "tools.engine"]
        second = subprocess.Popen(command, cwd=pinned.ROOT, stdout=-1, stderr=-1, text=True)
        assert second.stderr is not None
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(2)
        folder = machine.keep("vendor")
    said, errors = second.communicate(timeout=20)
    assert said == f"{folder}\n"
    assert errors == ""
