from __future__ import annotations

import fcntl
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools import engine, pinned, registries
from tools.commands import StepError

if TYPE_CHECKING:
    from tests.tools.conftest import Machine


def keep(text: str) -> str:
    """Keep a folder with a file of this text. An empty text cannot be made."""

    def make(into: Path, _log: Path) -> None:
        with (into / "it").open("x", encoding="utf-8") as file:
            file.write(text)
        if not text:
            raise StepError("no way out")

    return (registries.keep("it", pinned.cache() / "it", make) / "it").read_text(encoding="utf-8")


@pytest.mark.usefixtures("machine")
def test_what_is_whole_is_kept_and_what_is_half_done_is_made_again() -> None:
    for _ in range(2):
        with pytest.raises(StepError, match=r"There is no it: no way out"):
            keep("")
    assert keep("first") == "first"
    assert keep("second") == "first"
    assert [path.name for path in pinned.cache().iterdir() if path.is_dir()] == ["it"]


def test_a_folder_that_cannot_be_written_gets_a_sentence(machine: Machine) -> None:
    machine.cache.parent.mkdir()
    machine.cache.write_text("a file", encoding="utf-8")
    with pytest.raises(StepError, match=r"There is no it: .* cannot be written .*; XDG_CACHE_HOME sets another folder"):
        keep("first")


def test_a_second_run_waits_for_the_first_and_downloads_nothing(machine: Machine) -> None:
    machine.cache.mkdir(parents=True)
    with Path(f"{engine.folder_of('vendor')}.lock").open("w", encoding="utf-8") as held:
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
