"""Make this clone's `.venv`, or mend it, or find that there is nothing to do.

`make` runs this with whatever `python3` there is, so it uses the standard library alone and the
syntax of Python 3.6: a Python that is too old gets a sentence, not a SyntaxError.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import List, Tuple  # noqa: UP035 -- as Python 3.6 has them

OLDEST = (3, 10)
SUGGESTED = "python3.13"
ROOT = Path(__file__).resolve().parent.parent
SAY_AGAIN_AFTER = 15.0
TAIL_LINES = 12
TAIL_WIDTH = 200


class SetUpError(Exception):
    """Why there is no `.venv`, and what to do about it, for the reader of the terminal."""


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
        say("\nStopped. The next run mends what is half done.")
        return 130
    return 0


def check_version(version: Tuple[int, ...]) -> None:  # noqa: UP006
    """Refuse a Python that is too old, in words."""
    if version < OLDEST:
        raise SetUpError(
            f"This needs Python {dotted(OLDEST)} or newer, and {sys.executable or 'python3'} is {dotted(version)}.\n"
            "Install one (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python), "
            f"or name one you have: make PYTHON={SUGGESTED} …"
        )


def leave_own_venv(root: Path) -> None:
    """Where `.venv` is activated, `python3` is its own: go on with the Python it was made from."""
    base = getattr(sys, "_base_executable", None)
    if base and Path(sys.prefix).resolve() == (root / ".venv").resolve():
        os.execv(base, [base, str(Path(__file__).resolve())])  # noqa: S606 -- the same script, no shell


def with_lock(root: Path) -> None:
    """One set-up of a clone at a time: a second `make` waits for the first."""
    folder = os.open(str(root), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        set_up(root)
    finally:
        os.close(folder)


def set_up(root: Path) -> None:
    """Bring `.venv` to what pyproject.toml asks for. The stamp is written last, and removed first."""
    venv, stamp = root / ".venv", root / ".venv" / ".ready"
    home = f"Python {dotted(sys.version_info[:2])} of {sys.base_prefix} in {root.resolve()}"
    wanted = hashlib.sha256((root / "pyproject.toml").read_bytes()).hexdigest()
    found = read_lines(stamp)
    whole = starts(venv)
    if whole and found == [home, wanted]:
        return
    began = time.time()
    if whole and found[:1] == [home]:
        stamp.unlink()
    else:
        make_venv(venv)
    install(root, venv)
    new = venv / ".ready.new"
    new.write_text(f"{home}\n{wanted}\n", encoding="utf-8")
    new.replace(stamp)
    say(f".venv is ready ({seconds(time.time() - began)}).")


def make_venv(venv: Path) -> None:
    """Make `.venv` from nothing, whatever was there."""
    try:
        import ensurepip  # noqa: F401, PLC0415 -- Debian has venv without it
    except ImportError:
        raise SetUpError(no_venv_message()) from None
    again = "a new " if venv.exists() else ""
    say(f"Making {again}.venv with Python {dotted(sys.version_info[:2])}")
    if venv.is_symlink() or venv.is_file():
        venv.unlink()
    shutil.rmtree(str(venv), ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "venv", str(venv)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        said = done.stdout.decode(errors="replace").strip()
        raise SetUpError(f"No virtual environment could be made in {venv}:\n{said}\n{no_venv_message()}")


def install(root: Path, venv: Path) -> None:
    """Install the package, editable, with its `dev` extra."""
    log = venv / "install.log"
    # What builds the packages is the work of others: none of the user's keys and tokens for these services is for it.
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
            f"pip could not install the package and its tools. Its last words ({log}):\n{tail}\n"
            "If there is no way to PyPI from here, name a mirror (PIP_INDEX_URL=…) or a proxy (HTTPS_PROXY=…). "
            "Then run the same command again: it begins anew."
        )


def wait(process: "subprocess.Popen[bytes]", what: str) -> None:
    """Wait, and show that time passes: a counter on a terminal, a line now and then elsewhere."""
    live = sys.stderr.isatty()
    began = said = time.time()
    say(what, end="" if live else "\n")
    while process.poll() is None:
        time.sleep(0.1)
        now = time.time()
        if now - said >= (1 if live else SAY_AGAIN_AFTER):
            line = f"{what}: {seconds(now - began)}"
            say(f"\r{line}" if live else line, end="" if live else "\n")
            said = now
    if live:
        say("")


def starts(venv: Path) -> bool:
    """Whether the environment's Python runs: not so once the Python it came from is gone."""
    python = str(venv / "bin" / "python")
    if not os.access(python, os.X_OK):
        return False
    return subprocess.call([python, "-I", "-S", "-c", ""], stderr=subprocess.DEVNULL) == 0


def no_venv_message() -> str:
    """What to install, by the system's own names."""
    return (
        f"{sys.executable} cannot make virtual environments. Install what is missing (Debian, Ubuntu: "
        f"apt install python{dotted(sys.version_info[:2])}-venv), or name another Python: make PYTHON={SUGGESTED} …"
    )


def read_lines(path: Path) -> List[str]:  # noqa: UP006
    """The file's lines; none where there is no file."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def dotted(version: Tuple[int, ...]) -> str:  # noqa: UP006
    """Like `3.13`."""
    return ".".join(str(part) for part in version)


def seconds(count: float) -> str:
    """Like `1 min 20 s`."""
    minutes, rest = divmod(int(count), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def say(text: str, end: str = "\n") -> None:
    """To the reader; stdout is for programs."""
    sys.stderr.write(text + end)
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
