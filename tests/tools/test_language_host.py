from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tools import engine, language_host

PROJECT = "name: stand-in\nruntime: python\nmain: a program\n"


@pytest.fixture(scope="module")
def with_stand_in(tmp_path_factory: pytest.TempPathFactory) -> engine.Engine:
    """The engine of this machine, wherever it came from, with the stand-in beside it in place of its language host."""
    found, folder = engine.find_or_get(), tmp_path_factory.mktemp("engine")
    program = Path(shutil.which("pulumi", path=str(found.folders[0])) or found.pulumi).resolve()
    try:
        (folder / "pulumi").hardlink_to(program)
    except OSError:  # on another disk
        shutil.copy(program, folder / "pulumi")
    engine.install_language_host(folder)
    return engine.Engine((folder,), found.source, found.version)


@pytest.fixture
def pulumi(with_stand_in: engine.Engine, tmp_path: Path) -> Pulumi:
    (tmp_path / "a program").mkdir()
    (tmp_path / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
    return Pulumi(with_stand_in, tmp_path)


class Pulumi:
    """The real engine, on a program that is a few lines."""

    def __init__(self, found: engine.Engine, folder: Path) -> None:
        self.command = str(found.pulumi)
        self.folder = folder
        self.env = found.environment(folder / "home")
        self.call("stack", "init", "dev")

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.command, *arguments],
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )

    def preview(self, program: str) -> tuple[int, str]:
        """Preview a program; the exit code and what was printed."""
        (self.folder / "a program" / "__main__.py").write_text(program, encoding="utf-8")
        done = self.call("preview", "--suppress-progress", "--diff")
        return done.returncode, done.stdout


def test_a_program_runs_in_its_folder(pulumi: Pulumi) -> None:
    (pulumi.folder / "a program" / "beside.py").write_text("what = 'imported'", encoding="utf-8")
    status, said = pulumi.preview(
        "import os, sys, beside, pulumi\n"
        "print('file', __file__)\n"
        "print('to stderr', file=sys.stderr)\n"
        "pulumi.export('folder', os.path.basename(os.getcwd()))\n"
        "pulumi.export('module', beside.what)\n"
    )
    program = f"{pulumi.folder}/a program/__main__.py"
    assert status == 0, said
    for part in (f"file {program}\n", "to stderr", 'folder: "a program"', 'module: "imported"'):
        assert part in said
    assert "warning" not in said


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("def broken():\n    raise ValueError('no good')\nbroken()\n", "ValueError: no good"),
        ("import sys; sys.exit(1)", "Program exited with non-zero exit code: 1"),
        ("def (", "SyntaxError: invalid syntax"),
        ("import pulumi; raise pulumi.RunError('this sentence')", "error: this sentence"),
    ],
)
def test_why_a_program_ends_is_shown_once(program: str, shown: str, pulumi: Pulumi) -> None:
    status, said = pulumi.preview(program)
    assert status != 0
    assert said.count(shown) == 1
    assert "runpy" not in said, "the traceback begins in the program"


def test_an_installation_links_the_environment_of_this_clone(pulumi: Pulumi) -> None:
    project = PROJECT.replace("python\n", "{ name: python, options: { virtualenv: .venv } }\n")
    (pulumi.folder / "Pulumi.yaml").write_text(project, encoding="utf-8")
    for _ in range(2):
        done = pulumi.call("install")
        assert done.returncode == 0, done.stdout
        assert f"Nothing is installed: the program runs with the packages in {sys.prefix}." in done.stdout
    assert (pulumi.folder / "a program" / ".venv").resolve() == Path(sys.prefix).resolve()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_it_leaves_quietly(name: str) -> None:
    host = subprocess.Popen(
        [sys.executable, "-u", language_host.__file__, "127.0.0.1:1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
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
