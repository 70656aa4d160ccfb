"""`make check`: which tests are run, and what is shown when a check fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.resources import ALL
from tools import changed_tests, check, checks, pinned, resource_tests

if TYPE_CHECKING:
    from pathlib import Path

GIT = shutil.which("git") or "git"
FILES = {
    "pulumi_openai_admin/__init__.py": "",
    "pulumi_openai_admin/http/client.py": "",
    "pulumi_openai_admin/schema/paths.py": "from pulumi_openai_admin.http import client",
    "tests/unit/http/test_client.py": "from pulumi_openai_admin.http.client import Client",
    "tests/unit/http/test_paging.py": "import pulumi_openai_admin.schema.paths",
    "tests/unit/fakes.py": "from pulumi_openai_admin.http import paging",
    "tests/unit/test_provider.py": "from tests.unit.fakes import FakeOpenAI",
    "tests/unit/test_registry.py": "",
    "tests/unit/test_identity.py": "",
    "tests/engine/test_project.py": "from pulumi_openai_admin.http import client",
}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        ([], []),
        (["pulumi_openai_admin/http/client.py"], ["tests/unit/http/test_client.py"]),
        (["pulumi_openai_admin/schema/paths.py"], ["tests/unit/http/test_paging.py", "tests/unit/test_provider.py"]),
        (["tests/unit/fakes.py"], ["tests/unit/test_provider.py"]),
        (["tests/engine/test_project.py"], ["tests/engine/test_project.py"]),
        (["tests/engine/test_removed.py"], []),
        (
            ["pulumi_openai_admin/resources/thing.py"],
            ["tests/unit/test_identity.py", "tests/unit/test_registry.py"],
        ),
    ],
)
def test_the_tests_of_a_change_are_those_that_are_about_its_files(
    clone: Path, changed: list[str], tests: list[str]
) -> None:
    assert changed_tests.modules_about(changed, clone) == tests


def test_each_module_that_is_named_for_files_that_it_reads_exists() -> None:
    named = {module for modules in changed_tests.READ.values() for module in modules}
    assert [module for module in named if not (pinned.ROOT / module).exists()] == []


def test_what_changed_is_what_was_committed_since_and_what_was_not_yet(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pinned, "ROOT", clone)

    def git(*arguments: str) -> None:
        person = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        subprocess.run([GIT, *person, *arguments], cwd=clone, check=True, capture_output=True)

    git("init", "-b", "main")
    git("add", ".")
    git("commit", "-m", "first")
    git("checkout", "-b", "mine")
    (clone / "committed.py").touch()
    git("add", ".")
    git("commit", "-m", "second")
    (clone / "new.py").touch()
    (clone / "tests" / "unit" / "fakes.py").write_text("", encoding="utf-8")
    assert changed_tests.changed_since("main") == ["committed.py", "new.py", "tests/unit/fakes.py"]


def test_a_commit_that_does_not_exist_gets_a_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    assert check.main(["--base", "no-such-branch"]) == 1
    said = capfd.readouterr().err
    assert "git knows no commit no-such-branch" in said
    assert "make check BASE=HEAD~1" in said


def test_all_checks_run_and_the_failed_ones_are_named(capfd: pytest.CaptureFixture[str]) -> None:
    shell = ("/bin/sh", "-c")
    failed = checks.run_checks(
        {"One": (*shell, "echo one"), "Two": (*shell, "echo two; exit 1"), "Three": (*shell, "")}
    )
    assert failed == ["Two"]
    assert capfd.readouterr().out == "\n== One\none\n\n== Two\ntwo\n\n== Three\n"


def test_a_line_that_is_too_long_ends_the_command_before_the_tests(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "LINTERS", {"Lint": ("/bin/sh", "-c", "echo file.py:3: E501; exit 1")})
    monkeypatch.setattr(check, "ANALYSES", {"Types": ("/bin/sh", "-c", "echo types")})
    monkeypatch.setattr(check, "run_tests_of", lambda _name: pytest.fail("no test may run"))
    assert check.main(["--resource", "Group"]) == 1
    said = capfd.readouterr()
    assert said.out == "\n== Lint\nfile.py:3: E501\n"
    assert "Failed: Lint" in said.err


def test_the_modules_of_a_resource_are_named(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "_pytest", lambda *_arguments: 0)
    assert check.run_tests_of("Group") == []
    assert "tests/unit/test_registry.py\n" in capfd.readouterr().out


def test_slow_tests_are_named_and_not_run(capfd: pytest.CaptureFixture[str]) -> None:
    assert check.run_changed(["tests/engine/test_project.py"], "main") == []
    assert ".venv/bin/python -m pytest tests/engine/test_project.py\n" in capfd.readouterr().out


def test_without_a_change_that_has_tests_it_says_how_to_run_all(capfd: pytest.CaptureFixture[str]) -> None:
    assert check.run_changed([], "main") == []
    assert "make check ALL=1" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("name", "advice"),
    [("Grup", "Did you mean Group"), ("groups", "Did you mean Group"), ("Qqq", "needs an entry in resources.ALL")],
)
def test_a_resource_that_does_not_exist_gets_one_line(
    name: str, advice: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert check.main(["--resource", name]) == 1
    said = capfd.readouterr()
    (line,) = said.err.splitlines()
    assert line.startswith(f"There is no resource {name}. ")
    assert advice in line
    assert not said.out


def test_no_test_runs_before_a_resource_is_complete(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(ALL, "Thing", "thing")
    assert check.check_resource("Thing") == 1
    said = capfd.readouterr()
    assert "Thing is not complete. No test runs before it has these parts:" in said.err
    assert "- pulumi_openai_admin/resources/thing.py: `class Thing(AdminResource)`" in said.err
    assert "- tests/host/scenarios/thing.py: " in said.err
    assert not said.out


def test_the_tests_of_a_resource_are_those_over_all_resources_and_those_of_its_own_modules() -> None:
    found = resource_tests.modules_about("ExternalKey")
    over_all = {"tests/unit/test_registry.py", "tests/host/test_fault_matrix.py", "tests/engine/test_docs.py"}
    own = {"tests/unit/handlers/kinds/test_external_keys.py", "tests/emulator/test_external_keys.py"}
    assert over_all | own <= {*found}
    assert "tests/unit/http/test_client.py" not in found
    assert not own & {*resource_tests.modules_about("Group")}


def test_of_a_test_over_all_resources_only_the_chosen_one_runs() -> None:
    """Of modules without such a test, all runs."""
    modules = (
        "tests/unit/test_identity.py",
        "tests/host/test_scenarios.py",
        "tests/unit/handlers/kinds/test_invites.py",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", *modules],
        cwd=pinned.ROOT,
        env={**os.environ, **resource_tests.environment("Group")},
        capture_output=True,
        text=True,
        check=True,
    )
    tests = {line.rpartition("::")[2] for line in done.stdout.splitlines() if "::" in line}
    assert "test_the_pickled_reference_never_changes[Group]" in tests
    assert not [test for test in tests if "[GroupUser]" in test]
    assert "test_scenario[dynamic]" in tests
    assert not [test for test in tests if test.startswith("test_an_archived_project")]
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

    def note(tests: list[str], *_: object) -> int:
        ran.append(tests)
        return 0

    modules = ["tests/unit/test_registry.py", "tests/host/test_scenarios.py", "tests/engine/test_docs.py"]
    monkeypatch.setattr(check.resource_tests, "modules_about", lambda _: modules)
    monkeypatch.setattr(check, "_pytest", note)
    monkeypatch.setattr(check, "run_checks", lambda _: [])
    monkeypatch.setattr(check.sys, "platform", system)
    assert check.main(["--resource", "Group"]) == 0
    assert ran == [run]
    said = capfd.readouterr()
    named = "Not run on Windows, because these tests start processes as only Linux does: tests/engine, tests/host.\n"
    assert named in said.out + said.err if system == "win32" else "Not run" not in said.out + said.err
