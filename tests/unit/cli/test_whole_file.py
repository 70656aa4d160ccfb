from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.cli.whole_file import whole_file
from tests.systems import is_private, needs_devices

if TYPE_CHECKING:
    from pathlib import Path

TO_STANDARD_OUTPUT = (
    "import pathlib, sys; from pulumi_openai_admin.cli.whole_file import whole_file\n"
    "with whole_file(pathlib.Path('/dev/stdout')) as file: file.write('page')\n"
    "print('done', file=sys.stderr)"
)


def test_two_commands_may_write_the_same_file_and_each_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    with whole_file(path, mode=0o600) as first, whole_file(path) as second:
        first.write("first")
        second.write("second")
        assert not path.exists()
    assert path.read_text(encoding="utf-8") == "first", "the one that ended last"
    assert is_private(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(TypeError), whole_file(path) as file:
        file.writelines(["half", 1])  # type: ignore[list-item] # that is the failure
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@needs_devices
def test_standard_output_can_be_a_pipe_or_a_file(tmp_path: Path) -> None:
    command = [sys.executable, "-c", TO_STANDARD_OUTPUT]
    assert subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout == "page"
    with (tmp_path / "out").open("w", encoding="utf-8") as out:
        subprocess.run(command, stdout=out, check=True)
    assert (tmp_path / "out").read_text(encoding="utf-8") == "page"
