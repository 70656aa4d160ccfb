"""The folder that a program is written to."""

from __future__ import annotations

from pathlib import Path

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.folder import Folder
from pulumi_openai_admin.cli.adopt.languages import names_of_files
from pulumi_openai_admin.cli.adopt.program import DYNAMIC
from tests.systems import needs_links

FILES = names_of_files(DYNAMIC)
PROGRAM = {"Pulumi.yaml": "name", "README.md": "read", "projects/__init__.py": "keep", "projects/web.py": "web"}


def there(path: Path) -> dict[str, str]:
    return {
        file.relative_to(path).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "org"


def test_it_comes_beside_other_files(out: Path) -> None:
    others = dict.fromkeys((".git/config", "notes.txt", ".adopt/new/README.md", ".adopt-mine/old/README.md"), "mine")
    others[".adopt-other/adopt.json"] = '{"digests": {"../notes.txt": ""}, "made": []}'
    for name, text in others.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text)
    (out / "projects").mkdir()
    folder = Folder(out, force=False)
    folder.refuse_to_overwrite(FILES)
    folder.write(PROGRAM)
    assert there(out) == {**PROGRAM, **others}


@pytest.mark.parametrize("name", [*FILES, "projects/web.py"])
@pytest.mark.parametrize("is_broken_link", [False, pytest.param(True, marks=needs_links)])
def test_existing_files_are_not_replaced(out: Path, name: str, is_broken_link: bool) -> None:
    place = out / name
    place.parent.mkdir(parents=True)
    if is_broken_link:
        place.symlink_to(out / "nowhere")
    else:
        place.write_text("mine")
    with pytest.raises(errors.ConfigurationError, match="already has files that the program would overwrite:") as told:
        Folder(out, force=False).refuse_to_overwrite(FILES)
    assert name.partition("/")[0] in str(told.value)
    assert "--force" in str(told.value)


def test_a_file_that_came_there_meanwhile_is_not_replaced_either(out: Path) -> None:
    folder = Folder(out, force=False)
    folder.refuse_to_overwrite(FILES)
    out.mkdir()
    (out / "README.md").write_text("mine")
    with pytest.raises(errors.ConfigurationError, match=r"would overwrite: README\.md"):
        folder.write(PROGRAM)
    assert there(out) == {"README.md": "mine"}


@needs_links
@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("name", ["README.md", "projects", "projects/web.py"])
def test_no_link_leads_out_of_the_folder(out: Path, tmp_path: Path, name: str, force: bool) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("theirs")
    (out / name).parent.mkdir(parents=True)
    (out / name).symlink_to(outside / "file" if name.endswith((".md", ".py")) else outside)
    with pytest.raises(errors.ConfigurationError):
        Folder(out, force=force).write(PROGRAM)
    assert there(outside) == {"file": "theirs"}
    assert (out / name).is_symlink()


class _Ended(BaseException):
    pass


@pytest.mark.parametrize("before", [{}, {**PROGRAM, "README.md": "mine", "projects/web.py": "mine"}], ids=len)
@pytest.mark.parametrize("step", range(14))
def test_an_error_leaves_all_files_as_they_were(
    out: Path, before: dict[str, str], step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last steps are after the end of a new program; the first five write the record and the drafts."""
    for name, text in before.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text)
    left, replace, write = step, Path.replace, Path.write_text

    def count() -> None:
        nonlocal left
        left -= 1
        if left == -1:
            raise _Ended

    def counted_replace(source: Path, target: Path) -> Path:
        count()
        return replace(source, target)

    def counted_write(path: Path, text: str, **options: str) -> int:
        count()
        return write(path, text, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "replace", counted_replace)
    monkeypatch.setattr(Path, "write_text", counted_write)
    try:
        Folder(out, force=bool(before)).write(PROGRAM)
    except _Ended:
        assert there(out) == before
        assert out.exists() == bool(before)
    else:
        assert there(out) == PROGRAM
    assert not [*out.glob(".adopt*")]


@pytest.mark.parametrize("step", range(4))
def test_what_the_user_writes_after_a_kill_is_kept(out: Path, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    out.mkdir()
    (out / "README.md").write_text("first")
    replace, left = Path.replace, step

    def killed(source: Path, target: Path) -> Path:
        nonlocal left
        left -= 1
        if left < 0:
            raise _Ended
        return replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        patch.setattr(Folder, "_undo", lambda *_: None)
        with pytest.raises(_Ended):
            Folder(out, force=True).write(PROGRAM)
    (out / "README.md").write_text("second")
    Folder(out, force=True).refuse_to_overwrite(FILES)
    texts = {text for name, text in there(out).items() if name.endswith("README.md")}
    assert texts >= ({"second"} if step < 2 else {"first", "second"})


def test_a_folder_in_the_place_of_a_file_is_kept(out: Path) -> None:
    (out / "README.md").mkdir(parents=True)
    (out / "README.md" / "notes.txt").write_text("mine")
    with pytest.raises(errors.ConfigurationError, match="is a folder, and the program has a file with this name"):
        Folder(out, force=True).write(PROGRAM)
    assert there(out) == {"README.md/notes.txt": "mine"}


def test_a_file_is_no_folder(out: Path) -> None:
    out.write_text("mine")
    with pytest.raises(errors.ConfigurationError, match="is not a folder"):
        Folder(out, force=True).refuse_to_overwrite(FILES)
