from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_openai_admin.cli.terminal import whole_file
from tests.systems import is_private

TO_STANDARD_OUTPUT = (
    "import pathlib, sys; from pulumi_openai_admin.cli.terminal import whole_file\n"
    "print('before')\n"
    "with whole_file(pathlib.Path(sys.argv[1])) as file: file.write('page →')\n"
    "print('after')\n"
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


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_standard_output_is_written_after_what_it_has(tmp_path: Path, name: str) -> None:
    command, environ = [sys.executable, "-c", TO_STANDARD_OUTPUT, name], {**os.environ, "PYTHONIOENCODING": "ascii"}
    written = f"before{os.linesep}page →after{os.linesep}".encode()
    assert subprocess.run(command, capture_output=True, env=environ, check=True).stdout == written
    path = tmp_path / "page.html"
    path.write_bytes(b"head ")
    with path.open("ab") as out:
        subprocess.run(command, stdout=out, env=environ, check=True, cwd=tmp_path)
    assert path.read_bytes() == b"head " + written
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")  # noqa: PTH110
def test_a_full_disk_is_an_error_that_names_the_path() -> None:
    with pytest.raises(OSError, match="No space left on device") as error, whole_file(Path("/dev/full")) as file:
        file.write("page")
    assert error.value.filename == "/dev/full"
