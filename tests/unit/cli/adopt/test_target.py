from __future__ import annotations

from pathlib import Path

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.program import Folder
from pulumi_openai_admin.cli.adopt.python_program import FILES
from pulumi_openai_admin.cli.adopt.stack import ProjectFolder
from tests.encodings import of_windows
from tests.systems import needs_links

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


def test_it_comes_beside_other_files_and_what_a_killed_run_left(out: Path) -> None:
    for name in (".git/config", "notes.txt", ".adopt/new/README.md"):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("mine")
    (out / "projects").mkdir()
    folder = Folder(out, FILES, force=False)
    folder.refuse_to_overwrite()
    folder.write(PROGRAM)
    assert there(out) == {**PROGRAM, ".git/config": "mine", "notes.txt": "mine"}


@pytest.mark.parametrize("name", [*FILES, "projects/web.py"])
@pytest.mark.parametrize("is_broken_link", [False, pytest.param(True, marks=needs_links)])
def test_existing_files_are_not_replaced(out: Path, name: str, is_broken_link: bool) -> None:
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


def test_a_file_that_came_there_meanwhile_is_not_replaced_either(out: Path) -> None:
    folder = Folder(out, FILES, force=False)
    folder.refuse_to_overwrite()
    out.mkdir()
    (out / "README.md").write_text("mine")
    with pytest.raises(errors.ConfigurationError, match=r"would overwrite: README\.md"):
        folder.write(PROGRAM)
    assert there(out) == {"README.md": "mine"}


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
        Folder(out, FILES, force=force).write(PROGRAM)
    assert there(outside) == {"file": "theirs"}
    assert (out / name).is_symlink()


class _Ended(BaseException):
    pass


@pytest.mark.parametrize("before", [{}, {**PROGRAM, "README.md": "mine", "projects/web.py": "mine"}], ids=len)
@pytest.mark.parametrize("step", range(13))
def test_an_error_leaves_all_files_as_they_were(
    out: Path, before: dict[str, str], step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last steps are after the end of a new program; the first four write the drafts."""
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
        Folder(out, FILES, force=bool(before)).write(PROGRAM)
    except _Ended:
        assert there(out) == before
        assert out.exists() == bool(before)
    else:
        assert there(out) == PROGRAM
    assert not (out / ".adopt").exists()


@of_windows
def test_project_settings_that_powershell_wrote(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding=encoding)
    assert ProjectFolder.read(tmp_path).runtime == "python"


def test_a_file_is_no_folder(out: Path) -> None:
    out.write_text("mine")
    with pytest.raises(errors.ConfigurationError, match="is not a folder"):
        Folder(out, FILES, force=True).refuse_to_overwrite()
