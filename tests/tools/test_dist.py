"""The rules of `make dist`, on made-up archives. The whole of it is a step of `make test` (tools/run_tests.py)."""

from __future__ import annotations

import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from tools import archives, clean_install, dist, pinned, run_tests
from tools.progress import StepError

if TYPE_CHECKING:
    from pathlib import Path

README = "# A package\n"
SOURCES = ["LICENSE", "Makefile", "pulumi_openai_admin/__init__.py", "pulumi_openai_admin/py.typed", "tests/test_it.py"]
ABOUT = "pulumi_openai_admin-0.1.0.dist-info"
METADATA = f"""\
Metadata-Version: 2.4
Name: pulumi-openai-admin
Version: 0.1.0
Project-URL: Documentation, https://example.com/
License-Expression: Apache-2.0
License-File: LICENSE
Requires-Python: >=3.10
Provides-Extra: emulator
Provides-Extra: cli
Description-Content-Type: text/markdown

{README}"""
COMMAND = "[console_scripts]\npulumi-openai-admin = pulumi_openai_admin.cli.__main__:run\n"
WHEEL = {
    "pulumi_openai_admin/__init__.py": "",
    "pulumi_openai_admin/py.typed": "",
    f"{ABOUT}/METADATA": METADATA,
    f"{ABOUT}/RECORD": "",
    f"{ABOUT}/WHEEL": "",
    f"{ABOUT}/entry_points.txt": COMMAND,
    f"{ABOUT}/licenses/LICENSE": "",
}
SDIST = {"PKG-INFO": METADATA, **dict.fromkeys(SOURCES, "")}


def faults_of_wheel(folder: Path, files: dict[str, str]) -> list[str]:
    path = folder / "pulumi_openai_admin-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return archives.faults_of_wheel(archives.read_wheel(path), SOURCES, README)


def faults_of_sdist(folder: Path, files: dict[str, str], *, within: str = "pulumi_openai_admin-0.1.0/") -> list[str]:
    path = folder / "pulumi_openai_admin-0.1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(within + name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return archives.faults_of_sdist(archives.read_sdist(path), SOURCES, README)


def without(files: dict[str, str], name: str) -> dict[str, str]:
    return {other: text for other, text in files.items() if other != name}


def test_what_is_whole_has_no_faults(tmp_path: Path) -> None:
    assert faults_of_wheel(tmp_path, WHEEL) == []
    assert faults_of_sdist(tmp_path, SDIST) == []


@pytest.mark.parametrize("name", ["pulumi_openai_admin/py.typed", f"{ABOUT}/licenses/LICENSE", f"{ABOUT}/RECORD"])
def test_a_file_that_the_wheel_lacks_is_told(name: str, tmp_path: Path) -> None:
    assert faults_of_wheel(tmp_path, without(WHEEL, name)) == [f"The wheel lacks what git tracks: {name}."]


@pytest.mark.parametrize("name", ["tests/test_it.py", "pulumi_openai_admin/scratch.py", "benchmarks/__init__.py"])
def test_a_file_too_many_in_the_wheel_is_told(name: str, tmp_path: Path) -> None:
    assert faults_of_wheel(tmp_path, {**WHEEL, name: ""}) == [f"The wheel has what git does not track: {name}."]


def test_a_file_that_the_sdist_lacks_is_told(tmp_path: Path) -> None:
    assert faults_of_sdist(tmp_path, without(SDIST, "Makefile")) == ["The sdist lacks what git tracks: Makefile."]


def test_a_file_too_many_in_the_sdist_is_told(tmp_path: Path) -> None:
    assert faults_of_sdist(tmp_path, {**SDIST, "a": ""}) == ["The sdist has what git does not track: a."]


def test_what_lies_beside_the_sdists_folder_is_told(tmp_path: Path) -> None:
    lacks, has = faults_of_sdist(tmp_path, {"PKG-INFO": METADATA}, within="elsewhere/")[:2]
    assert "Makefile" in lacks
    assert has == "The sdist has what git does not track: elsewhere/PKG-INFO."


@pytest.mark.parametrize(
    "name",
    [".git/config", ".demo/env", ".venv/bin/python", ".env", "a/__pycache__/a.pyc", ".mypy_cache/a", ".coverage.1"],
)
def test_what_is_for_no_user_is_told_even_if_git_tracks_it(name: str, tmp_path: Path) -> None:
    found = archives.Archive(
        tmp_path / "pulumi_openai_admin-0.1.0.tar.gz", "sdist", {"PKG-INFO": METADATA.encode(), name: b""}
    )
    assert archives.faults_of_sdist(found, [name], README) == [f"The sdist has what is for no user: {name}."]


def test_git_tracks_nothing_of_the_kind() -> None:
    if (pinned.ROOT / ".git").exists():
        assert [name for name in archives.tracked() if archives.NEVER.search(name)] == []


def test_many_files_are_a_short_list() -> None:
    assert archives.listed({"c", "a", "b"}, at_most=2) == "a, b and 1 more"


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        ("Name: pulumi-openai-admin", "Name: another", "wrong in name: 'another'"),
        ("Version: 0.1.0", "Version: 0.2.0", "wrong in version"),
        ("Version: 0.1.0", "Version: soon", "refused: 'soon' is invalid"),
        ("Version: 0.1.0\n", "", "refused: 'version' is a required field"),
        ("Requires-Python: >=3.10", "Requires-Python: >=3.9", "wrong in requires-python"),
        ("License-File: LICENSE\n", "", "wrong in license-file"),
        ("Provides-Extra: cli\n", "", "wrong in extras emulator and cli: {'cli'} where set() belongs"),
        ("https://example.com/", "http://example.com/", "wrong in project-urls"),
        ("text/markdown", "text/plain", "wrong in description's type"),
        ("# A package", "# Another", "wrong in description, which is the README"),
        ("Metadata-Version: 2.4", "Metadata-Version: 2.4\nNonsense: 1", "refused: unrecognized field"),
    ],
)
def test_wrong_metadata_are_told(line: str, instead: str, told: str, tmp_path: Path) -> None:
    metadata = METADATA.replace(line, instead)
    (fault,) = faults_of_wheel(tmp_path, {**WHEEL, f"{ABOUT}/METADATA": metadata})
    assert told in fault
    assert len(faults_of_sdist(tmp_path, {**SDIST, "PKG-INFO": metadata})) == 1


@pytest.mark.parametrize("entries", ["", COMMAND.replace(":run", ":main")])
def test_another_command_is_told(entries: str, tmp_path: Path) -> None:
    (fault,) = faults_of_wheel(tmp_path, {**WHEEL, f"{ABOUT}/entry_points.txt": entries})
    assert fault.startswith("The command `pulumi-openai-admin` runs ")


INSTALLED = {
    "pulumi-openai-admin": ["Requests>=2", 'fastapi; extra == "emulator"', 'tomli; python_version < "3"'],
    "requests": ["urllib3[fast]>=1"],
    "urllib3": ['brotli; extra == "fast"'],
    "brotli": [],
    "pip": [],
}


def test_what_the_declared_lead_to_may_be_there() -> None:
    clean_install.assert_only_declared(INSTALLED)


@pytest.mark.parametrize("stray", ["fastapi", "tomli", "rich"])
def test_what_came_undeclared_is_told(stray: str) -> None:
    with pytest.raises(StepError, match=f"has {stray}, which the package does not declare"):
        clean_install.assert_only_declared({**INSTALLED, stray: []})


def test_the_clean_environment_knows_no_way_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "PULUMI_HOME", "OPENAI_ADMIN_KEY", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, str(pinned.ROOT))
    environ = clean_install.CleanInstall(tmp_path, tmp_path / "log").environ
    assert {"PYTHONPATH", "PULUMI_HOME", "OPENAI_ADMIN_KEY"}.isdisjoint(environ)
    assert environ["PATH"].startswith(f"{tmp_path / 'venv' / 'bin'}:")


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("echo 'error: pip install pulumi-openai-admin[cli]' >&2; exit 2", True),
        ("echo 'error: pip install pulumi-openai-admin[cli]' >&2; exit 1", False),
        ("printf 'Traceback\npulumi-openai-admin[cli]\n' >&2; exit 2", False),
        ("echo Usage", False),
    ],
)
def test_without_its_extra_the_command_has_to_name_it(text: str, *, accepted: bool, tmp_path: Path) -> None:
    place = clean_install.CleanInstall(tmp_path, tmp_path / "log")
    command = place.venv / "bin" / "pulumi-openai-admin"
    command.parent.mkdir(parents=True)
    command.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    command.chmod(0o755)
    if accepted:
        place.assert_command_names_its_extra()
    else:
        with pytest.raises(StepError, match="should end with 2"):
            place.assert_command_names_its_extra()


def test_other_bytes_at_the_second_build_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(_source: Path, into: Path, _log: Path) -> dist.Built:
        into.mkdir()
        faults_of_wheel(into, {**WHEEL, f"{ABOUT}/WHEEL": into.name})
        faults_of_sdist(into, SDIST)
        (sdist,), (wheel,) = into.glob("*.gz"), into.glob("*.whl")
        return dist.Built(sdist, wheel)

    readme = (pinned.ROOT / "README.md").read_text(encoding="utf-8")
    monkeypatch.setattr(dist, "build", build)
    monkeypatch.setattr(archives, "tracked", lambda: SOURCES)
    monkeypatch.setitem(WHEEL, f"{ABOUT}/METADATA", METADATA.replace(README, readme))
    monkeypatch.setitem(SDIST, "PKG-INFO", METADATA.replace(README, readme))
    with pytest.raises(StepError) as told:
        dist.make(tmp_path, tmp_path / "log")
    assert "any.whl has other bytes when it is built again from the sdist." in str(told.value)


def test_what_was_built_takes_the_place_of_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, other = tmp_path / "dist" / "pulumi_openai_admin-0.0.9.tar.gz", tmp_path / "dist" / "notes"
    for path in (old, other, tmp_path / "a.whl", tmp_path / "a.tar.gz"):
        path.parent.mkdir(exist_ok=True)
        path.write_text("", encoding="utf-8")
    monkeypatch.setattr(dist, "DIST", tmp_path / "dist")
    kept = dist.keep(dist.Built(tmp_path / "a.tar.gz", tmp_path / "a.whl"))
    assert sorted((tmp_path / "dist").iterdir()) == sorted([*kept, other])


def test_make_test_does_it_in_a_clone_and_not_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pinned, "ROOT", tmp_path)
    monkeypatch.setattr(run_tests, "CHECKS", (("One", ("/bin/sh", "-c", "echo one")), ("Two", ("/bin/false",))))
    monkeypatch.setattr(run_tests, "DIST", ("Dist", ("/bin/sh", "-c", "echo dist; exit 1")))
    assert run_tests.run_checks() == ["Two"]
    assert capfd.readouterr().out == "\n== One\none\n\n== Two\n"
    (tmp_path / ".git").mkdir()
    assert run_tests.run_checks() == ["Two", "Dist"]
    assert capfd.readouterr().out.endswith("\n== Dist\ndist\n")
