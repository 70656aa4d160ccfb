from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import bootstrap


class Clone:
    """A clone whose virtual environments are real but empty, and which notes what is installed."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.done: list[str] = []
        self.pip_fails = False
        self.pyproject("first")
        monkeypatch.setattr(bootstrap, "run", self._run)

    def pyproject(self, text: str) -> None:
        (self.root / "pyproject.toml").write_text(text, encoding="utf-8")

    def set_up(self, extras: str = "demo") -> list[str]:
        self.done.clear()
        bootstrap.set_up(self.root, extras)
        return list(self.done)

    def _run(self, _root: Path, command: list[str]) -> None:
        if "venv" in command:
            self.done.append("make")
            subprocess.run([*command, "--without-pip"], check=True)
        else:
            self.done.append(command[-1])
            if self.pip_fails:
                raise KeyboardInterrupt


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    return Clone(tmp_path, monkeypatch)


def test_python_3_6_can_parse_it() -> None:
    ast.parse(Path(bootstrap.__file__).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_a_python_that_is_too_old_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST", (9, 1))
    with pytest.raises(SystemExit, match=r"This needs Python 9\.1 or newer, and this is 3\."):
        bootstrap.main([])


def test_only_what_is_missing_is_installed(clone: Clone) -> None:
    assert clone.set_up() == ["make", ".[demo]"]
    assert clone.set_up() == []
    clone.pyproject("second")
    assert clone.set_up() == [".[demo]"], "other dependencies are installed into the same environment"
    assert clone.set_up("docs") == [".[demo,docs]"], "beside the extras that are there"
    assert clone.set_up("demo") == []


def test_an_interrupted_installation_is_mended(clone: Clone) -> None:
    clone.set_up()
    clone.pyproject("second")
    clone.pip_fails = True
    with pytest.raises(KeyboardInterrupt):
        clone.set_up()
    clone.pip_fails = False
    clone.pyproject("first")
    assert clone.set_up() == ["make", ".[demo]"]


def test_an_environment_of_another_python_or_of_a_moved_clone_is_made_again(
    clone: Clone, tmp_path_factory: pytest.TempPathFactory
) -> None:
    clone.set_up()
    python = clone.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(clone.root / "no-such-python")
    assert clone.set_up() == ["make", ".[demo]"]
    stamp = clone.root / ".venv" / ".ready"
    stamp.write_text(stamp.read_text(encoding="utf-8").replace("Python 3", "Python 2", 1), encoding="utf-8")
    assert clone.set_up() == ["make", ".[demo]"]
    clone.root = clone.root.rename(tmp_path_factory.mktemp("elsewhere") / "clone")
    assert clone.set_up() == ["make", ".[demo]"]


def test_a_command_that_fails_ends_it_and_gets_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "hunter2")
    bootstrap.run(tmp_path, [sys.executable, "-c", "import os, sys; sys.exit('OPENAI_ADMIN_KEY' in os.environ)"])
    with pytest.raises(SystemExit, match=r"`-c import sys; sys.exit\(3\)` failed: see above.*PIP_INDEX_URL"):
        bootstrap.run(tmp_path, [sys.executable, "-c", "import sys; sys.exit(3)"])


def test_a_target_is_a_session_with_its_arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its programs are found: those of the environment come first."""
    monkeypatch.setattr(bootstrap, "set_up", lambda _root, extras: f"/{extras}/bin/python")
    monkeypatch.setattr(bootstrap.subprocess, "call", lambda command, env, **_: [command, env["PATH"]])
    for target, options, extras in (("check", ["--all"], "demo,dev,docs"), ("demo", [], "demo")):
        command = [f"/{extras}/bin/python", "-m", "nox", "--session", target, "--", *options]
        path = os.pathsep.join([f"/{extras}/bin", os.environ["PATH"]])
        assert bootstrap.main([target, *options], tmp_path) == [command, path]  # type: ignore[comparison-overlap]
    assert bootstrap.main(["setup"], tmp_path) == 0
