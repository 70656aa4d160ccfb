"""Creates or repairs this clone's `.venv`.

`make` runs this with any `python3`, so it uses the standard library and the syntax of Python 3.6 only: a Python that is
too old gets a sentence, not a SyntaxError.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import List, Tuple  # noqa: UP035 -- for Python 3.6

OLDEST = (3, 10)
SUGGESTED = "python3.13"
ROOT = Path(__file__).resolve().parent.parent
REPEAT_SECONDS = 15
TAIL_LINES = 12
TAIL_WIDTH = 200


class SetUpError(Exception):
    """Why there is no `.venv`, and what to do, for the reader of the terminal."""


def main(root: Path = ROOT) -> int:
    """Set the clone up; the exit code for make."""
    try:
        check_version(sys.version_info[:2])
        leave_own_venv(root)
        with_lock(root)
    except SetUpError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("\nStopped. The next run repairs what is incomplete.")
        return 130
    return 0


def check_version(version: Tuple[int, ...]) -> None:  # noqa: UP006
    """Refuse a Python that is too old."""
    if version < OLDEST:
        raise SetUpError(
            f"This needs Python {dotted(OLDEST)} or newer, and {sys.executable or 'python3'} is {dotted(version)}.\n"
            "Install one (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python), "
            f"or name one you have: make PYTHON={SUGGESTED} …"
        )


def leave_own_venv(root: Path) -> None:
    """If `.venv` is activated, `python3` is its own: continue with the Python that created it."""
    base = getattr(sys, "_base_executable", None)
    if base and Path(sys.prefix).resolve() == (root / ".venv").resolve():
        os.execv(base, [base, str(Path(__file__).resolve())])  # noqa: S606 -- the same script, no shell


def with_lock(root: Path) -> None:
    """Set up one at a time: a second `make` waits for the first."""
    folder = os.open(str(root), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        set_up(root)
    finally:
        os.close(folder)


def set_up(root: Path) -> None:
    """Install what pyproject.toml names. The stamp is removed first and written last."""
    venv, stamp = root / ".venv", root / ".venv" / ".ready"
    home = f"Python {dotted(sys.version_info[:2])} of {sys.base_prefix} in {root.resolve()}"
    wanted = hashlib.sha256((root / "pyproject.toml").read_bytes()).hexdigest()
    runs, found = starts(venv), read_lines(stamp)
    if runs and found == [home, wanted]:
        return
    began = time.time()
    if runs and found[:1] == [home]:
        stamp.unlink()
    else:
        make_venv(venv)
    install(root, venv)
    new = venv / ".ready.new"
    new.write_text(f"{home}\n{wanted}\n", encoding="utf-8")
    new.replace(stamp)
    say(f".venv is ready ({time.time() - began:.0f} s).")


def make_venv(venv: Path) -> None:
    """Create `.venv`, in place of what is there."""
    missing = (
        f"{sys.executable} cannot create virtual environments. Install what is missing (Debian, Ubuntu: "
        f"apt install python{dotted(sys.version_info[:2])}-venv), or name another Python: make PYTHON={SUGGESTED} …"
    )
    try:
        import ensurepip  # noqa: F401, PLC0415 -- Debian has venv without it
    except ImportError:
        raise SetUpError(missing) from None
    say(f"Creating .venv with Python {dotted(sys.version_info[:2])}")
    if venv.is_symlink() or venv.is_file():
        venv.unlink()
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(venv)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        said = done.stdout.decode(errors="replace").strip()
        raise SetUpError(f"No virtual environment could be created in {venv}:\n{said}\n{missing}")


def install(root: Path, venv: Path) -> None:
    """Install the package, editable, with its `dev` extra."""
    log = venv / "install.log"
    # Builds of other projects get none of the user's keys and tokens for these services.
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "PULUMI_"))}
    command = [str(venv / "bin" / "python"), "-m", "pip", "install"]
    command += ["--disable-pip-version-check", "--no-input", "-e", ".[dev]"]
    with log.open("wb") as output:
        pip = subprocess.Popen(
            command, cwd=str(root), env=environ, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            wait(pip, "Installing the package and its tools")
        finally:
            if pip.poll() is None:
                pip.terminate()
                pip.wait()
    if pip.returncode:
        tail = "\n".join("  | " + line[:TAIL_WIDTH] for line in read_lines(log)[-TAIL_LINES:])
        raise SetUpError(
            f"pip could not install the package and its tools. The end of its output ({log}):\n{tail}\n"
            "If PyPI cannot be reached, name a mirror (PIP_INDEX_URL=…) or a proxy (HTTPS_PROXY=…). "
            "Then run the same command again."
        )


def wait(process: "subprocess.Popen[bytes]", what: str) -> None:
    """Wait, and say every 15 seconds that it is still running."""
    began = time.time()
    say(what)
    while True:
        try:
            process.wait(REPEAT_SECONDS)
        except subprocess.TimeoutExpired:
            say(f"{what}: {time.time() - began:.0f} s")
        else:
            return


def starts(venv: Path) -> bool:
    """Whether the environment's Python runs. It does not once the Python that created it is removed."""
    python = str(venv / "bin" / "python")
    if not os.access(python, os.X_OK):
        return False
    return subprocess.call([python, "-I", "-S", "-c", ""], stderr=subprocess.DEVNULL) == 0


def read_lines(path: Path) -> List[str]:  # noqa: UP006
    """The file's lines; none if there is no file."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def dotted(version: Tuple[int, ...]) -> str:  # noqa: UP006
    """Like `3.13`."""
    return ".".join(str(part) for part in version)


def say(text: str) -> None:
    """Print to stderr; stdout is for programs."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
