from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from tools import pinned, versions

if TYPE_CHECKING:
    from pathlib import Path

VERSION = pinned.package_version()
RELEASED = re.compile(rf"^## \[({versions.NUMBER})\]", re.MULTILINE)
BARE = re.compile(rf"(?<![\w.])v?(?P<version>{versions.NUMBER})(?![\w.]*\d)")
"""A version without a name."""
UNLIKE = ("CHANGELOG.md", "tests/")
"""Files that name versions of the past, or any version."""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files of this clone that name the version, and `pyproject.toml`."""
    for path in ("pyproject.toml", *(place.path.relative_to(pinned.ROOT) for place in versions.places())):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(pinned.ROOT / path, tmp_path / path)
    return tmp_path


def set_version(root: Path, version: str) -> None:
    path = root / "pyproject.toml"
    path.write_text(path.read_text("utf-8").replace(f'version = "{VERSION}"', f'version = "{version}"'), "utf-8")


def test_all_places_name_the_version() -> None:
    wrong = {place.path.as_posix(): place.versions for place in versions.places() if not place.is_right}
    assert not wrong, "run `make generate`"


def test_no_other_file_names_it() -> None:
    """Files of which `PLACES` does not know would name an old version after a release."""
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=pinned.ROOT, capture_output=True, text=True, check=True)
    known = {place.path for place in versions.places()}
    files = {pinned.ROOT / path for path in listed.stdout.split("\0") if path and not path.startswith(UNLIKE)} - known
    named = [re.compile(pattern, re.MULTILINE) for pattern in (versions.NAMED, versions.YAML_VERSION)]
    in_text = [*named, BARE]
    found = [
        f"{path.relative_to(pinned.ROOT).as_posix()}: {match[0].strip()}"
        for path in sorted(files)
        if path.is_file()
        for pattern in (in_text if path.suffix == ".md" else named)
        for match in pattern.finditer(path.read_text(encoding="utf-8", errors="ignore"))
        if match["version"] == VERSION
    ]
    assert not found, "add these files to PLACES in tools/versions.py"


def test_the_newest_section_of_the_changelog_is_of_the_version() -> None:
    released = RELEASED.findall((pinned.ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert released[:1] in ([], [VERSION]), "before the first release there is none"


@pytest.mark.parametrize(("tag", "code"), [(f"v{VERSION}", 0), ("v99.0.0", 1), (f"v{VERSION}.1", 1)])
def test_the_release_workflow_compares_the_tag(tag: str, code: int) -> None:
    workflow = yaml.safe_load((pinned.ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    steps = [step["run"] for step in workflow["jobs"]["package"]["steps"] if "tag" in step.get("name", "")]
    assert len(steps) == 1
    command = ["bash", "-c", steps[0]]
    done = subprocess.run(command, cwd=pinned.ROOT, env={**os.environ, "GITHUB_REF_NAME": tag}, check=False)
    assert done.returncode == code


@pytest.mark.parametrize("version", ["0.12.0", "1.0.0rc1"])
def test_a_new_version_is_written_everywhere(clone: Path, version: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_version(clone, version)
    assert not any(place.is_right for place in versions.places(clone))
    assert versions.main(clone) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(versions.PLACES)
    assert all(place.is_right for place in versions.places(clone))
    assert (clone / "templates/openai-admin-yaml/sdks/openai-admin" / f"openai-admin-{version}.yaml").exists()
    assert (clone / "plugin/requirements.txt").read_text("utf-8") == f"pulumi-openai-admin=={version}\n"
    set_version(clone, version)
    assert versions.main(clone) == 0
    assert not capsys.readouterr().out, "the second run has nothing to write"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("openai-admin 1.2.3 --file", ["1.2.3"]),
        ("pulumi-resource-openai-admin-v1.2.3-linux-amd64.tar.gz", ["1.2.3"]),
        ("openai-admin-1.2.3.yaml", ["1.2.3"]),
        ("pulumi-openai-admin[deliver-aws]==1.2.3rc1", ["1.2.3rc1"]),
        ("pulumi_openai_admin>=1.2.3,<2", ["1.2.3"]),
        ("resource\n  openai-admin\n  1.2.3 --file", ["1.2.3"]),
        ("openai-admin needs Python 3.10", []),
    ],
)
def test_a_version_is_known_by_the_name_before_it(text: str, found: list[str]) -> None:
    assert [match["version"] for match in re.finditer(versions.NAMED, text)] == found


def test_a_place_that_is_missing_or_names_none_is_an_error(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (clone / "policies" / "PulumiPolicy.yaml").write_text("runtime: python\n", encoding="utf-8")
    assert versions.main(clone) == 1
    assert "policies/PulumiPolicy.yaml names no version" in capsys.readouterr().err
    (clone / "docs" / "comparison.md").unlink()
    assert versions.main(clone) == 1
    assert "docs/comparison.md is 0 files in place of one" in capsys.readouterr().err
