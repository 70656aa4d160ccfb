"""`make check`: which tests are run, and what is shown when a check fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.resources import ALL
from tools import check, missing_parts, pinned

if TYPE_CHECKING:
    from pathlib import Path

GIT = shutil.which("git") or "git"


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        ("pulumi_openai_admin/http/client.py", {"tests/unit/http", "tests/unit/http/test_client.py"}),
        ("pulumi_openai_admin/delivery/new.py", {"tests/unit/delivery", "tests/delivery"}),
        (
            "pulumi_openai_admin/resources/new.py",
            {"tests/unit/resources", *(f"tests/unit/test_{name}.py" for name in ("registry", "identity"))},
        ),
        ("pulumi_openai_admin/backend.py", {"tests/unit/test_backend.py"}),
        ("tests/engine/test_naming.py", {"tests/engine/test_naming.py"}),
        ("tests/engine/test_removed.py", set()),
        ("pulumi_openai_admin/new.py", set()),
    ],
)
def test_the_tests_of_a_file_are_those_of_its_name_and_of_its_folder(changed: str, tests: set[str]) -> None:
    assert check.tests_of(changed, pinned.ROOT) == tests


def test_the_map_names_tests_that_exist() -> None:
    named = {test for tests in check.TESTS.values() for test in tests if "*" not in test}
    assert [test for test in sorted({*named, *check.ALWAYS}) if not (pinned.ROOT / test).exists()] == []


def test_each_module_has_tests() -> None:
    folders = ("pulumi_openai_admin", "tools", "benchmarks", "policies", "plugin")
    modules = [path for folder in folders for path in (pinned.ROOT / folder).rglob("*.py")]
    files = [path.relative_to(pinned.ROOT).as_posix() for path in modules if path.stat().st_size]
    assert [file for file in files if not check.tests_of(file, pinned.ROOT)] == []


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with a commit on a branch, and a file that git does not track."""
    monkeypatch.setattr(pinned, "ROOT", tmp_path)
    monkeypatch.setattr(check, "pytest", lambda *_, **__: 0)
    new = tmp_path / "pulumi_openai_admin" / "new.py"
    new.parent.mkdir()
    for commands in (
        ["init -b main", "commit --allow-empty -m first", "checkout -b mine"],
        ["add .", "commit -m second"],
    ):
        for command in commands:
            person = ("-c", "user.name=a", "-c", "user.email=a@example.com")
            subprocess.run([GIT, *person, *command.split()], cwd=tmp_path, check=True, capture_output=True)
        (tmp_path / "CHANGELOG.md").touch()
    new.touch()
    return tmp_path


@pytest.mark.usefixtures("clone")
def test_a_changed_module_without_a_test_is_named_and_fails(capfd: pytest.CaptureFixture[str]) -> None:
    assert check.changed_since("main") == ["CHANGELOG.md", "pulumi_openai_admin/new.py"]
    assert check.main([]) == 1
    said = capfd.readouterr().out
    assert "Not tested: no test is about pulumi_openai_admin/new.py." in said
    assert "passed" not in said


def test_a_change_of_the_package_needs_a_line_in_the_changelog(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "pytest", lambda *_, **__: 0)
    monkeypatch.setattr(check, "changed_since", lambda _: ["pulumi_openai_admin/http/client.py"])
    assert check.main([]) == 1
    assert (
        "CHANGELOG.md has no line about the change of pulumi_openai_admin/http/client.py. Add" in capfd.readouterr().out
    )
    assert check.main(["--changelog", "none"]) == 0


def test_a_commit_that_does_not_exist_gets_a_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    assert check.main(["--base", "no-such-branch"]) == 1
    said = capfd.readouterr().err
    assert "git knows no commit no-such-branch" in said
    assert "make check BASE=HEAD~1" in said


def test_slow_tests_are_named_and_not_run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    ran: list[str] = []
    monkeypatch.setattr(check, "changed_since", lambda _: ["tests/engine/test_project.py"])
    monkeypatch.setattr(check, "pytest", lambda tests, *_, **__: ran.extend(tests))
    assert check.main([]) == 0
    assert ran == [*check.ALWAYS] or sorted(ran) == sorted(check.ALWAYS)
    assert ".venv/bin/python -m pytest tests/engine/test_project.py\n" in capfd.readouterr().out


def test_the_engine_is_there_before_tests_that_need_it_start(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[str] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        commands.append(command[2])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(check.subprocess, "run", run)
    check.pytest(["tests/unit/test_words.py"], {}, workers=2)
    check.pytest(["tests/host/test_native.py"], {}, workers=2)
    assert commands == ["pytest", "tools.engine", "pytest"]


@pytest.mark.parametrize(
    ("name", "advice"),
    [("Grup", "Did you mean Group"), ("groups", "Did you mean Group"), ("Qqq", "needs an entry in resources.ALL")],
)
def test_a_resource_that_does_not_exist_gets_one_line(
    name: str, advice: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert missing_parts.main(name) == 1
    said = capfd.readouterr()
    (line,) = said.err.splitlines()
    assert line.startswith(f"There is no resource {name}. ")
    assert advice in line
    assert not said.out


def test_no_test_runs_before_a_resource_is_complete(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(ALL, "Thing", "thing")
    assert missing_parts.main("Thing") == 1
    said = capfd.readouterr()
    assert "Thing is not complete. No test runs before it has these parts:" in said.err
    assert "- pulumi_openai_admin/resources/thing.py: `class Thing(AdminResource)`" in said.err
    assert "- tests/host/scenarios/thing.py: " in said.err
    assert not said.out


def test_the_tests_of_a_resource_are_those_over_all_resources_and_those_of_its_own_modules() -> None:
    found = [*check.tests_of_resource("ExternalKey")]
    over_all = {"tests/unit/test_registry.py", "tests/host/test_fault_matrix.py", "tests/engine/test_docs.py"}
    own = {"tests/unit/handlers/kinds/test_organization_objects.py", "tests/emulator/test_external.py"}
    assert over_all | own <= {*found}
    assert "tests/unit/http/test_client.py" not in found
    assert not own & {*check.tests_of_resource("Group")}


def test_of_a_test_over_all_resources_only_the_chosen_one_runs() -> None:
    """All other tests of its module, and of modules without such a test, run, too."""
    modules = (
        "tests/unit/test_identity.py",
        "tests/host/test_scenarios.py",
        "tests/unit/handlers/kinds/test_invites.py",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", *modules],
        cwd=pinned.ROOT,
        env={**os.environ, "TEST_RESOURCE": "Group"},
        capture_output=True,
        text=True,
        check=True,
    )
    tests = {line.rpartition("::")[2] for line in done.stdout.splitlines() if "::" in line}
    assert "test_the_pickled_reference_never_changes[Group]" in tests
    assert not [test for test in tests if "[GroupUser]" in test]
    assert "test_scenario[dynamic]" in tests
    assert [test for test in tests if test.startswith("test_an_archived_project")]
    assert [test for test in tests if "invite" in test]


@pytest.mark.parametrize(
    ("system", "run"),
    [
        ("linux", ["tests/unit/test_registry.py", "tests/host/test_scenarios.py", "tests/engine/test_docs.py"]),
        ("win32", ["tests/unit/test_registry.py"]),
    ],
)
def test_on_windows_tests_that_only_run_on_linux_are_left_out(
    system: str, run: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    ran: list[list[str]] = []

    def note(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append([part for part in command if part.startswith("tests/")])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(check.subprocess, "run", note)
    monkeypatch.setattr(check.sys, "platform", system)
    modules = ["tests/unit/test_registry.py", "tests/host/test_scenarios.py", "tests/engine/test_docs.py"]
    assert check.pytest(modules, {}, workers=2) == 0
    assert ran[-1] == run
    named = "Not run here, because these tests start processes as only Linux does: tests/host/test_scenarios.py"
    said = capfd.readouterr().err
    assert named in said if system == "win32" else "Not run" not in said
