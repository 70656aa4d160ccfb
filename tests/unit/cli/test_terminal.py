from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_openai_admin.cli.terminal import whole_file
from tests.systems import is_private, needs_links, needs_modes

TO_STANDARD_OUTPUT = (
    "import pathlib, sys; from pulumi_openai_admin.cli.terminal import whole_file\n"
    "print('before')\n"
    "with whole_file(pathlib.Path(sys.argv[1])) as file: file.write('page →')\n"
    "print('after')\n"
    "print('done', file=sys.stderr)"
)


def test_two_commands_may_write_the_same_file_and_each_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    with whole_file(path) as first, whole_file(path) as second:
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


@needs_modes
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_file_that_is_replaced_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "page.html"
    path.touch()
    path.chmod(mode)
    with whole_file(path) as file:
        file.write("new")
    assert stat.S_IMODE(path.stat().st_mode) == mode
    with whole_file(path, is_secret=True) as file:
        file.write("secret")
    assert is_private(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files to others")
def test_a_file_that_is_replaced_keeps_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.touch()
    os.chown(path, 1234, 2345)
    with whole_file(path) as file:
        file.write("new")
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 2345)


@needs_modes
def test_a_file_whose_owner_cannot_be_kept_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    path = tmp_path / "page.html"
    path.write_text("old", encoding="utf-8")
    found = os.stat_result((*path.stat()[:4], path.stat().st_uid + 1, *path.stat()[5:]))
    stat_of = Path.stat
    monkeypatch.setattr(Path, "stat", lambda it, **how: found if it == path else stat_of(it, **how))
    monkeypatch.setattr(os, "chown", refuse)
    with pytest.raises(OSError, match="not permitted") as error, whole_file(path) as file:
        file.write("new")
    assert error.value.filename == str(path)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@needs_links
def test_links_stay_and_other_names_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, link, other = (tmp_path / name for name in ("page.html", "link.html", "other.html"))
    path.write_text("old", encoding="utf-8")
    link.symlink_to(path)
    other.hardlink_to(path)
    with whole_file(link) as file:
        file.write("new")
    assert (link.is_symlink(), path.read_text("utf-8"), other.read_text("utf-8")) == (True, "new", "old")
    assert f"warning: {link} has other names (hard links)" in capsys.readouterr().err.replace("\n", " ")
    with whole_file(link) as file:
        file.write("newer")
    assert capsys.readouterr().err == ""


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
