from __future__ import annotations

import ast
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tools import bootstrap

VENV = (sys.executable, "-m", "venv", "--clear", "--without-pip")


class Clone:
    """A clone whose virtual environments are real but empty, and which counts what is done to it."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.done: list[str] = []
        self.pip_fails = False
        self.pyproject("first")
        monkeypatch.setattr(bootstrap, "make_venv", self._make)
        monkeypatch.setattr(bootstrap, "install", self._install)

    def pyproject(self, text: str) -> None:
        """Write it, with a text in a table that an installation reads."""
        (self.root / "pyproject.toml").write_text(f'[project]\nname = "{text}"\n', encoding="utf-8")

    def set_up(self, *extras: str) -> list[str]:
        """Set it up; what was done."""
        self.done.clear()
        with bootstrap.lock(self.root):
            bootstrap.set_up(self.root, set(extras or ("demo",)))
        return list(self.done)

    def _make(self, venv: Path) -> None:
        self.done.append("make")
        subprocess.run([*VENV, str(venv)], check=True)

    def _install(self, _root: Path, _venv: Path, extras: set[str]) -> None:
        self.done.append(f"install {' '.join(sorted(extras))}")
        if self.pip_fails:
            raise KeyboardInterrupt


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    return Clone(tmp_path, monkeypatch)


def test_python_3_6_can_parse_it() -> None:
    ast.parse(Path(bootstrap.__file__).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_gets_a_sentence() -> None:
    pretend = (
        "import sys; from tools import bootstrap; sys.version_info = (3, 9, 18); sys.exit(bootstrap.main(['demo']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", pretend],
        cwd=bootstrap.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "needs Python 3.10 or newer" in done.stderr
    assert "is 3.9" in done.stderr
    assert "make PYTHON=python3" in done.stderr
    assert "Traceback" not in done.stderr


def test_once_set_up_there_is_nothing_to_do(clone: Clone) -> None:
    assert clone.set_up() == ["make", "install demo"]
    assert clone.set_up() == []


def test_other_dependencies_are_installed_into_the_same_environment(clone: Clone) -> None:
    clone.set_up()
    clone.pyproject("second")
    assert clone.set_up() == ["install demo"]
    assert clone.set_up() == []


def test_a_moved_folder_of_the_package_installs_nothing(clone: Clone) -> None:
    """The tables of linters name folders; they say nothing of the package that is installed."""
    clone.set_up()
    with (clone.root / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write('[tool.ruff.lint.per-file-ignores]\n"package/moved/*" = ["D"]\n')
        file.write('[[tool.importlinter.contracts]]\nlayers = ["package.moved"]\n')
    assert clone.set_up() == []
    with (clone.root / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write('[project.optional-dependencies]\ndemo = ["requests"]\n')
    assert clone.set_up() == ["install demo"]


def test_further_extras_are_installed_beside_those_that_are_there(clone: Clone) -> None:
    assert clone.set_up("demo") == ["make", "install demo"]
    assert clone.set_up("demo", "dev") == ["install demo dev"]
    assert clone.set_up("demo") == []
    assert clone.set_up("docs") == ["install demo dev docs"]
    clone.pyproject("second")
    assert clone.set_up("demo") == ["install demo dev docs"], "an update of the dependencies is for all of them"


def test_an_environment_of_an_older_clone_is_completed(clone: Clone) -> None:
    clone.set_up()
    stamp = clone.root / ".venv" / ".ready"
    stamp.write_text("\n".join(stamp.read_text(encoding="utf-8").splitlines()[:2]), encoding="utf-8")
    assert clone.set_up() == ["install demo"]


@pytest.mark.parametrize("pulumi", [True, False], ids=["with an engine", "without one"])
def test_the_demo_says_first_what_it_will_do(
    *, pulumi: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "bin" / "pulumi"
    program.parent.mkdir()
    program.touch(0o755)
    monkeypatch.setenv("PATH", str(program.parent) if pulumi else str(tmp_path))
    bootstrap.announce_demo(tmp_path)
    said = capfd.readouterr().err
    assert "1. The package in .venv   about 20 s, once" in said
    assert (f"2. A Pulumi engine        {program}" if pulumi else "3 to 7\nminutes, once") in said
    assert (bootstrap.ENGINE_DOCS in said) is not pulumi
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / ".ready").touch()
    bootstrap.announce_demo(tmp_path)
    assert "1. The package in .venv   ready" in capfd.readouterr().err


def test_an_installation_says_how_much_of_its_usual_time_is_left(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "REPEAT_SECONDS", 0.05)
    ends = threading.Event()

    class Installing:
        """Ends once the user has read something of it."""

        def wait(self, seconds: float) -> None:
            if not ends.wait(seconds):
                ends.set()
                raise subprocess.TimeoutExpired("pip", seconds)

    bootstrap.wait(Installing(), "Installing", 100)  # type: ignore[arg-type] # all that it needs of a process
    first, second = capfd.readouterr().err.splitlines()
    assert (first, second) == ("Installing: about 100 s", "  0 s, about 100 s left")
    ends.clear()
    bootstrap.wait(Installing(), "Installing", 0)  # type: ignore[arg-type] # the same
    assert capfd.readouterr().err.splitlines()[1] == "  0 s, it takes longer than usual"


def test_an_interrupted_installation_is_mended(clone: Clone) -> None:
    clone.set_up()
    clone.pyproject("second")
    clone.pip_fails = True
    with pytest.raises(KeyboardInterrupt):
        clone.set_up()
    clone.pip_fails = False
    clone.pyproject("first")
    assert clone.set_up() == ["make", "install demo"]


def test_an_environment_whose_python_is_gone_is_made_again(clone: Clone) -> None:
    clone.set_up()
    python = clone.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(clone.root / "no-such-python")
    assert clone.set_up() == ["make", "install demo"]


def test_an_environment_of_another_python_is_made_again(clone: Clone) -> None:
    clone.set_up()
    stamp = clone.root / ".venv" / ".ready"
    stamp.write_text(stamp.read_text(encoding="utf-8").replace("Python 3", "Python 2", 1), encoding="utf-8")
    assert clone.set_up() == ["make", "install demo"]


def test_a_moved_clone_is_set_up_again(clone: Clone, tmp_path_factory: pytest.TempPathFactory) -> None:
    clone.set_up()
    clone.root = clone.root.rename(tmp_path_factory.mktemp("elsewhere") / "clone")
    assert clone.set_up() == ["make", "install demo"]


def test_without_ensurepip_it_names_the_package_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(bootstrap.SetUpError, match=rf"apt install python3\.{sys.version_info[1]}-venv"):
        bootstrap.make_venv(tmp_path / ".venv")


def test_when_pip_fails_its_last_words_are_shown(tmp_path: Path) -> None:
    venv = tmp_path / ".venv"
    subprocess.run([*VENV, str(venv)], check=True)
    with pytest.raises(bootstrap.SetUpError, match=r"No module named pip(.|\n)*PIP_INDEX_URL"):
        bootstrap.install(tmp_path, venv, {"demo"})


def test_a_target_that_is_not_known_is_refused_with_those_that_are(capfd: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(["dmeo"]) == bootstrap.main([]) == 1
    first, _ = capfd.readouterr().err.splitlines()
    assert first.startswith(
        "Name a target: python tools/bootstrap.py TARGET, with one of audit, bench, check, coverage, demo"
    )


def test_on_windows_a_target_that_cannot_run_there_says_why(
    clone: Clone, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.os, "name", "nt")
    assert bootstrap.main(["mutants"], clone.root) == 1
    assert capfd.readouterr().err == "`mutants` does not run on Windows: mutmut forks, and Windows can't. Use WSL.\n"
    assert set(bootstrap.NOT_ON_WINDOWS) < set(bootstrap.TARGETS)


def test_on_windows_it_locks_a_file_and_runs_the_python_of_windows(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[int, int, int]] = []

    class Msvcrt:
        """The module of Windows; another command has the lock at first."""

        LK_LOCK = 1

        def locking(self, *call: int) -> None:
            calls.append(call)  # type: ignore[arg-type] # three numbers
            if len(calls) == 1:
                raise OSError

    monkeypatch.setitem(sys.modules, "msvcrt", Msvcrt())  # type: ignore[arg-type] # all that it needs of a module
    monkeypatch.setattr(bootstrap.os, "name", "nt")
    with bootstrap.lock(clone.root):
        assert len(calls) == 2
    commands: list[list[str]] = []
    monkeypatch.setattr(bootstrap.subprocess, "call", lambda command, cwd: commands.append([*command, cwd]) or 0)
    assert bootstrap.run(clone.root, ("tools.one", "tools.two --full"), ["more"]) == 0
    python = str(clone.root / ".venv" / "Scripts" / "python.exe")
    root = str(clone.root)
    assert commands == [[python, "-m", "tools.one", root], [python, "-m", "tools.two", "--full", "more", root]]


def test_the_modules_of_a_target_run_until_one_fails(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.subprocess, "call", lambda command, cwd: 3 if "tools.two" in command else 0)  # noqa: ARG005
    assert bootstrap.run(clone.root, ("tools.one", "tools.two", "tools.three"), []) == 3
