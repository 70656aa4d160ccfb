from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import copied
from tools import engine, language_host
from tools.stacks import Run, Stack

PROJECT = "name: stand-in\nruntime: python\nmain: a program\n"


@pytest.fixture(scope="module")
def with_stand_in(tmp_path_factory: pytest.TempPathFactory) -> engine.Engine:
    """The engine of this machine, wherever it came from, with the stand-in beside it in place of its language host."""
    folder = tmp_path_factory.mktemp("engine")
    engine.install_language_host(folder)
    return copied(engine.find_or_get(), folder)


@pytest.fixture
def stack(with_stand_in: engine.Engine, tmp_path: Path) -> Stack:
    """The real engine, on a program that is a few lines."""
    (tmp_path / "a program").mkdir()
    (tmp_path / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
    stack = Stack(with_stand_in, tmp_path, {})
    stack.ok("stack", "init", "dev")
    return stack


def preview(stack: Stack, program: str) -> Run:
    (stack.folder / "a program" / "__main__.py").write_text(program, encoding="utf-8")
    return stack.run("preview", "--diff")


def test_a_program_runs_in_its_folder(stack: Stack) -> None:
    (stack.folder / "a program" / "beside.py").write_text("what = 'imported'", encoding="utf-8")
    run = preview(
        stack,
        "import os, sys, beside, pulumi\n"
        "print('file', __file__)\n"
        "print('to stderr', file=sys.stderr)\n"
        "pulumi.export('folder', os.path.basename(os.getcwd()))\n"
        "pulumi.export('module', beside.what)\n",
    )
    file = f"file {stack.folder}/a program/__main__.py\n"
    for part in (file, "to stderr", 'folder: "a program"', 'module: "imported"'):
        assert part in run.text
    assert run.code == 0
    assert "warning" not in run.text


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("def broken():\n    raise ValueError('no good')\nbroken()\n", "ValueError: no good"),
        ("import sys; sys.exit(1)", "Program exited with non-zero exit code: 1"),
        ("def (", "SyntaxError: invalid syntax"),
        ("import pulumi; raise pulumi.RunError('this sentence')", "error: this sentence"),
    ],
)
def test_why_a_program_ends_is_shown_once(program: str, shown: str, stack: Stack) -> None:
    run = preview(stack, program)
    assert run.code
    assert run.text.count(shown) == 1
    assert "runpy" not in run.text, "the traceback begins in the program"


def test_an_installation_links_the_environment_of_this_clone(stack: Stack) -> None:
    project = PROJECT.replace("python\n", "{ name: python, options: { virtualenv: .venv } }\n")
    (stack.folder / "Pulumi.yaml").write_text(project, encoding="utf-8")
    for _ in range(2):
        said = stack.ok("install").text
        assert f"Nothing is installed: the program runs with the packages in {sys.prefix}." in said
    assert (stack.folder / "a program" / ".venv").resolve() == Path(sys.prefix).resolve()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_it_leaves_quietly(name: str) -> None:
    command = [sys.executable, "-u", language_host.__file__, "127.0.0.1:1"]
    host = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert host.stdout is not None
    assert int(host.stdout.readline()) > 0
    host.send_signal(getattr(signal, name))
    said, errors = host.communicate(timeout=10)
    assert (host.returncode, said, errors) == (0, "", "")


def test_without_the_sdk_it_says_so(tmp_path: Path) -> None:
    bare = [sys.executable, "-S", "-E", language_host.__file__, "127.0.0.1:1"]
    done = subprocess.run(bare, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 1
    assert "has no Pulumi SDK" in done.stderr
    assert "Traceback" not in done.stderr
