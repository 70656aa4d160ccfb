from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.folder import Folder
from pulumi_openai_admin.cli.adopt.program import FILES
from pulumi_openai_admin.cli.adopt.project_folder import ProjectFolder
from tests.encodings import of_windows
from tests.systems import needs_links

PROGRAM = {"Pulumi.yaml": "name", "README.md": "read", "projects/__init__.py": "keep", "projects/web.py": "web"}


def write(folder: Folder, texts: dict[str, str] = PROGRAM) -> None:
    with folder.drafting() as draft:
        for name, text in texts.items():
            (draft / name).parent.mkdir(exist_ok=True)
            (draft / name).write_text(text)
    folder.finish()


def refuse_or_write(folder: Folder) -> None:
    folder.refuse_to_overwrite()
    write(folder)


def write_half(folder: Folder, error: BaseException) -> None:
    with folder.drafting() as draft:
        (draft / "Pulumi.yaml").write_text("half")
        raise error


def there(path: Path) -> dict[str, str]:
    return {
        file.relative_to(path).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "org"


def test_a_program_comes_into_a_new_folder(out: Path) -> None:
    folder = Folder(out, FILES, force=False)
    folder.refuse_to_overwrite()
    assert not out.exists()
    write(folder)
    assert there(out) == PROGRAM


def test_it_comes_beside_what_is_there(out: Path) -> None:
    for name in (".git/config", "notes.txt", "projects"):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("mine") if name != "projects" else (out / name).mkdir()
    folder = Folder(out, FILES, force=False)
    folder.refuse_to_overwrite()
    write(folder)
    assert there(out) == {**PROGRAM, ".git/config": "mine", "notes.txt": "mine"}


@pytest.mark.parametrize("name", [*FILES, "projects/web.py"])
@pytest.mark.parametrize("is_broken_link", [False, pytest.param(True, marks=needs_links)])
def test_what_is_there_is_not_replaced(out: Path, name: str, is_broken_link: bool) -> None:
    place = out / name
    place.parent.mkdir(parents=True)
    if is_broken_link:
        place.symlink_to(out / "nowhere")
    else:
        place.write_text("mine")
    with pytest.raises(
        errors.ConfigurationError, match="already has files that the program would overwrite: "
    ) as refused:
        Folder(out, FILES, force=False).refuse_to_overwrite()
    assert name.partition("/")[0] in str(refused.value)
    assert "--force" in str(refused.value)


def test_what_came_there_meanwhile_is_not_replaced_either(out: Path) -> None:
    folder = Folder(out, FILES, force=False)
    folder.refuse_to_overwrite()
    out.mkdir()
    (out / "README.md").write_text("mine")
    with pytest.raises(errors.ConfigurationError, match=r"would overwrite: README\.md"):
        write(folder)
    assert there(out) == {"README.md": "mine"}


def test_with_force_it_is_replaced_and_the_rest_is_left(out: Path) -> None:
    write(Folder(out, FILES, force=False), {**PROGRAM, "projects/old.py": "old"})
    folder = Folder(out, FILES, force=True)
    folder.refuse_to_overwrite()
    write(folder, {**PROGRAM, "README.md": "new"})
    assert there(out) == {**PROGRAM, "README.md": "new", "projects/old.py": "old"}


@needs_links
@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("name", ["README.md", "projects", ".adopt", "projects/web.py"])
def test_no_link_leads_out_of_the_folder(out: Path, tmp_path: Path, name: str, force: bool) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("theirs")
    (out / name).parent.mkdir(parents=True)
    (out / name).symlink_to(outside / "file" if name.endswith((".md", ".py")) else outside)
    with pytest.raises(errors.ConfigurationError):
        refuse_or_write(Folder(out, FILES, force=force))
    assert there(outside) == {"file": "theirs"}
    assert (out / name).is_symlink()


@needs_links
def test_the_folder_itself_may_be_a_link(out: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    out.symlink_to(tmp_path / "real")
    folder = Folder(out, FILES, force=False)
    folder.refuse_to_overwrite()
    write(folder)
    assert there(tmp_path / "real") == PROGRAM


def test_a_file_is_no_folder(out: Path) -> None:
    out.write_text("mine")
    with pytest.raises(errors.ConfigurationError, match="is not a folder"):
        Folder(out, FILES, force=True).refuse_to_overwrite()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_what_ends_the_writing_leaves_nothing(out: Path, error: BaseException) -> None:
    folder = Folder(out, FILES, force=False)
    with pytest.raises(type(error)):
        write_half(folder, error)
    folder.finish()
    assert there(out) == {}


class _Ended(BaseException):
    pass


@pytest.mark.parametrize("before", [{}, {**PROGRAM, "README.md": "mine", "projects/web.py": "mine"}])
@pytest.mark.parametrize("renames", range(12))
def test_what_ends_the_placing_leaves_all_as_it_was(
    out: Path, before: dict[str, str], renames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in before.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text)
    left, replace = renames, Path.replace

    def counted(source: Path, target: Path) -> Path:
        nonlocal left
        left -= 1
        if left == -1:
            raise _Ended
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", counted)
    try:
        write(Folder(out, FILES, force=bool(before)))
    except _Ended:
        Folder(out, FILES, force=bool(before)).finish()
        assert there(out) == before
    else:
        assert there(out) == PROGRAM
    assert not (out / ".adopt").exists()


KILLED = """
import os, sys
from pathlib import Path
from pulumi_openai_admin.cli.adopt.folder import Folder

left, replace = int(sys.argv[2]), Path.replace

def counted(source, target):
    global left
    left -= 1
    if left == -1:
        os._exit(9)
    return replace(source, target)

Path.replace = counted
folder = Folder(Path(sys.argv[1]), ["Pulumi.yaml", "README.md", "projects"], force=False)
with folder.drafting() as draft:
    for name in sys.argv[3:]:
        (draft / name).parent.mkdir(exist_ok=True)
        (draft / name).write_text("of the killed run")
"""


@pytest.mark.parametrize("renames", range(3))
def test_a_run_that_was_killed_while_placing_does_not_stop_the_next(out: Path, renames: int) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(out), str(renames), *PROGRAM], check=False)
    assert killed.returncode == 9
    again = Folder(out, FILES, force=False)
    again.refuse_to_overwrite()
    write(again)
    assert there(out) == PROGRAM


def test_what_somebody_put_there_after_the_kill_is_not_replaced(out: Path) -> None:
    (out / ".adopt").mkdir(parents=True)
    (out / ".adopt" / "placing.txt").write_text("Pulumi.yaml")
    (out / "Pulumi.yaml").write_text("ours")
    (out / "README.md").write_text("mine")
    with pytest.raises(errors.ConfigurationError, match=r"would overwrite: README\.md\."):
        Folder(out, FILES, force=False).refuse_to_overwrite()


@of_windows
def test_project_settings_that_powershell_wrote(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding=encoding)
    assert ProjectFolder.read(tmp_path).runtime == "python"
