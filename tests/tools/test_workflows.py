from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tools import pinned, workflows

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted(workflows.WORKFLOWS.glob("*.yml"))
pytestmark = pytest.mark.timeout(600)  # the first run builds actionlint


def text(name: str) -> str:
    return (workflows.WORKFLOWS / name).read_text(encoding="utf-8")


def test_the_workflows_have_no_errors(capfd: pytest.CaptureFixture[str]) -> None:
    assert workflows.main() == 0, capfd.readouterr().out


def test_an_error_in_a_workflow_is_found(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    broken = text("docs.yml").replace("runs-on: ubuntu-24.04", "runs-on: ubuntu-1.04")
    (tmp_path / "docs.yml").write_text(broken, encoding="utf-8")
    assert workflows.main(tmp_path) == 1
    assert 'label "ubuntu-1.04" is unknown' in capfd.readouterr().out


def test_each_version_of_python_is_tested() -> None:
    supported = re.findall(r"Python :: (3\.\d+)", (pinned.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert re.findall(r'"(3\.\d+)"', text("test.yml")) == supported


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_workflow_can_only_read_unless_a_job_says_more(path: Path) -> None:
    top = path.read_text(encoding="utf-8").partition("\njobs:")[0]
    assert "\npermissions:\n  contents: read\n" in top


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_targets_exist(path: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (pinned.ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"run: make (\S+)", path.read_text(encoding="utf-8"))) <= set(targets)
