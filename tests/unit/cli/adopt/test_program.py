"""The names in a program, and the folder that it is written to."""

from __future__ import annotations

from pathlib import Path

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.kinds import kind_of
from pulumi_openai_admin.cli.adopt.languages import names_of_files
from pulumi_openai_admin.cli.adopt.program import (
    DYNAMIC,
    MODULES_RESERVED,
    VARIABLES_RESERVED,
    Declared,
    Folder,
    Module,
    Names,
)
from pulumi_openai_admin.cli.adopt.reading import Existing
from pulumi_openai_admin.lifecycle.read import Adopted
from pulumi_openai_admin.lifecycle.state import MANAGED, Outputs
from pulumi_openai_admin.printable import slug_of
from tests.systems import needs_links

FILES = names_of_files(DYNAMIC)
PROGRAM = {"Pulumi.yaml": "name", "README.md": "read", "projects/__init__.py": "keep", "projects/web.py": "web"}


def there(path: Path) -> dict[str, str]:
    return {
        file.relative_to(path).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }


def test_the_import_file_does_not_depend_on_the_order_in_which_objects_were_recorded() -> None:
    def written(*ids: str) -> str:
        outputs = Outputs({MANAGED: {"objects": {id_: {} for id_ in ids}}})
        existing = Existing(kind_of("GroupMembers"), {}, "", names=(), adopted=Adopted("group_1", {}, outputs))
        return DYNAMIC.import_file([Module("organization", "", [Declared(existing, "team", {})])])

    assert written("user-b", "user-a") == written("user-a", "user-b")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "org"


def test_it_comes_beside_other_files_and_what_a_killed_run_left(out: Path) -> None:
    for name in (".git/config", "notes.txt", ".adopt/new/README.md"):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("mine")
    (out / "projects").mkdir()
    folder = Folder(out, force=False)
    folder.refuse_to_overwrite(FILES)
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
@pytest.mark.parametrize("name", ["README.md", "projects", ".adopt", "projects/web.py"])
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
        Folder(out, force=bool(before)).write(PROGRAM)
    except _Ended:
        assert there(out) == before
        assert out.exists() == bool(before)
    else:
        assert there(out) == PROGRAM
    assert not (out / ".adopt").exists()


def test_a_file_is_no_folder(out: Path) -> None:
    out.write_text("mine")
    with pytest.raises(errors.ConfigurationError, match="is not a folder"):
        Folder(out, force=True).refuse_to_overwrite(FILES)


# Names


@pytest.mark.parametrize(
    ("text", "slug"),
    [("  Crème  brûlée!! ", "creme-brulee"), ("東京", ""), ("a/b::c", "a-b-c"), ("x" * 99, "x" * 60)],
)
def test_slug(text: str, slug: str) -> None:
    assert slug_of(text, "-") == slug


def test_no_two_are_the_same() -> None:
    names = Names("_", frozenset({"project"}))
    found = [names.give("id", name) for name in ("CI", "ci", "ci 2", "CI", "project", "the project")]
    assert found == ["ci", "ci_2", "ci_2_2", "ci_3", "the_project", "the_project_2"]


@pytest.mark.parametrize(
    ("reserved", "name"),
    [(MODULES_RESERVED, name) for name in ("pulumi-openai-admin", "Projects", "JSON", "Con", "COM1")]
    + [(VARIABLES_RESERVED, name) for name in ("project", "Pulumi", "print", "class", "4o")],
)
def test_no_name_means_something_else_in_its_place(reserved: frozenset[str], name: str) -> None:
    assert Names("_", reserved).give("proj_1", name) == f"the_{slug_of(name, '_')}"


def test_a_name_without_letters_gives_way_to_the_id() -> None:
    assert Names("-").give("proj_1", "東京") == "proj-1"
    assert Names("-").give("", "東京") == "unnamed"
