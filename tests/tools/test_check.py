"""`make check`: which tests are run, and what is shown when a check fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tools import check, pinned

if TYPE_CHECKING:
    from pathlib import Path

GIT = shutil.which("git") or "git"


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        ("pulumi_openai_admin/http/client.py", {"tests/unit/http", "tests/unit/http/test_client.py"}),
        ("pulumi_openai_admin/delivery/new.py", {"tests/unit/delivery", "tests/delivery"}),
        ("tests/engine/test_inputs.py", {"tests/engine/test_inputs.py"}),
        ("tests/engine/test_removed.py", set()),
        ("pulumi_openai_admin/new.py", set()),
    ],
)
def test_the_tests_of_a_file_are_those_of_its_name_and_of_its_folder(changed: str, tests: set[str]) -> None:
    assert check.tests_of(changed) == tests


def test_the_map_names_tests_that_exist() -> None:
    named = {test for tests in check.TESTS.values() for test in tests if "*" not in test}
    assert [test for test in sorted({*named, *check.ALWAYS}) if not (pinned.ROOT / test).exists()] == []


def test_each_module_has_tests() -> None:
    folders = ("pulumi_openai_admin", "tools", "benchmarks", "policies", "plugin")
    modules = [path for folder in folders for path in (pinned.ROOT / folder).rglob("*.py")]
    files = [path.relative_to(pinned.ROOT).as_posix() for path in modules if path.stat().st_size]
    assert [file for file in files if not check.tests_of(file)] == []


def test_a_changed_module_without_a_test_or_a_line_in_the_changelog_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Also one that git does not track yet."""
    monkeypatch.setattr(pinned, "ROOT", tmp_path)
    monkeypatch.setattr(check, "pytest", lambda *_, **__: 0)
    (tmp_path / "pulumi_openai_admin").mkdir()
    (tmp_path / "README.md").touch()
    for command in ("init", "commit --allow-empty -m first", "add .", "commit -m second"):
        person = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        subprocess.run([GIT, *person, *command.split()], cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "pulumi_openai_admin" / "new.py").touch()
    assert check.changed_since("HEAD~1") == ["README.md", "pulumi_openai_admin/new.py"]
    assert check.main(["--base", "HEAD~1"]) == 1
    said = capfd.readouterr().out
    assert "Not tested: no test is about pulumi_openai_admin/new.py." in said
    assert "CHANGELOG.md has no line about the change of pulumi_openai_admin/new.py. Add" in said
    assert "passed" not in said
    monkeypatch.setattr(check, "tests_of", lambda *_: {"tests/unit"})
    assert check.main(["--base", "HEAD~1", "--changelog", "none"]) == 0


def test_a_commit_that_does_not_exist_gets_a_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    assert check.main(["--base", "no-such-branch"]) == 1
    said = capfd.readouterr().err
    assert "git knows no commit no-such-branch" in said
    assert "make check BASE=HEAD~1" in said


def test_slow_tests_are_named_and_not_run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    ran: list[str] = []
    monkeypatch.setattr(check, "changed_since", lambda _: ["tests/engine/test_drift.py"])
    monkeypatch.setattr(check, "pytest", lambda tests, *_, **__: ran.extend(tests))
    assert check.main([]) == 0
    assert sorted(ran) == sorted(check.ALWAYS)
    assert ".venv/bin/python -m pytest tests/engine/test_drift.py\n" in capfd.readouterr().out


UNIT, HOST = "tests/unit/test_registry.py", "tests/host/test_scenarios.py"


@pytest.mark.parametrize(
    ("system", "tests", "expected"),
    [
        ("linux", [UNIT], [["pytest", UNIT]]),
        ("linux", [UNIT, HOST], [["tools.engine"], ["pytest", UNIT, HOST]]),
        ("win32", [UNIT, HOST], [["pytest", UNIT]]),
    ],
)
def test_the_engine_is_there_before_tests_that_need_it_and_windows_runs_none(
    system: str,
    tests: list[str],
    expected: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    ran: list[list[str]] = []

    def note(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append([command[2], *(part for part in command if part.startswith("tests/"))])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(check.subprocess, "run", note)
    monkeypatch.setattr(check.sys, "platform", system)
    assert check.pytest(tests, {}, workers=2) == 0
    assert ran == expected
    assert (f"as only Linux does: {HOST}" in capfd.readouterr().err) is (system == "win32")


def test_the_tests_of_a_resource_are_those_over_all_resources_and_those_of_its_own_modules() -> None:
    found = [*check.tests_of_resource("ExternalKey")]
    own = {"tests/unit/handlers/kinds/test_organization_objects.py"}
    assert own | {"tests/host/test_fault_matrix.py"} <= {*found}
    assert "tests/unit/http/test_client.py" not in found
    assert not own & {*check.tests_of_resource("Group")}


def test_of_a_test_over_all_resources_only_the_chosen_one_runs() -> None:
    """All other tests of its module, and of modules without such a test, run, too."""

    def collect(name: str) -> subprocess.CompletedProcess[str]:
        modules = ("tests/unit/test_identity.py", "tests/unit/handlers/kinds/test_organization_members.py")
        command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *modules]
        env = {**os.environ, "TEST_RESOURCE": name}
        return subprocess.run(command, cwd=pinned.ROOT, env=env, capture_output=True, text=True, check=False)

    assert "There is no resource groups. Did you mean Group" in collect("groups").stderr
    done = collect("Group")
    tests = {line.rpartition("::")[2] for line in done.stdout.splitlines() if "::" in line}
    assert "test_the_pickled_reference_never_changes[Group]" in tests
    assert not [test for test in tests if "[GroupUser]" in test]
    assert "test_recorded_names_are_declared_and_declared_names_are_recorded" in tests
    assert [test for test in tests if "invite" in test]
