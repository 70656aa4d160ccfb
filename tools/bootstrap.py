"""What `make` does, without make: `python tools/bootstrap.py demo` is `make demo`.

It creates or repairs this clone's `.venv`, with the extras of `pyproject.toml` that the target needs, and runs the
target's modules with it.

`make` runs this with any `python3`, so it uses the standard library and the syntax of Python 3.6 only: a Python that is
too old gets a sentence, not a SyntaxError.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Dict, Iterator, List, Set, Tuple  # noqa: UP035 -- for Python 3.6

OLDEST = (3, 10)
SUGGESTED = "python3.13"
ROOT = Path(__file__).resolve().parent.parent
USUAL_SECONDS = {"demo": 20, "docs": 10, "dev": 50, "bench": 10, "mutants": 10}
"""What each extra usually adds to the installation, on two cores with nothing in pip's cache."""
DEMO_SECONDS = 10
ENGINE_DOCS = "https://www.pulumi.com/docs/install/"
INSTALLED_TABLES = ("build-system", "project", "tool.hatch")
"""The tables of pyproject.toml that pip and the build backend read."""
DEV = ("demo", "docs", "dev")
TARGETS: "Dict[str, Tuple[Tuple[str, ...], Tuple[str, ...]]]" = {  # noqa: UP006 -- for Python 3.6
    "setup": (DEV, ()),
    "demo": (("demo",), ("tools.demo",)),
    "emulator": (("demo",), ("tools.demo emulator",)),
    "check": (DEV, ("tools.check",)),
    "test": (DEV, ("tools.run_tests",)),
    "test-full": (DEV, ("tools.run_tests --full",)),
    "test-lowest": (DEV, ("tools.lowest",)),
    "coverage": (DEV, ("tools.run_tests --coverage",)),
    "docs": (("demo", "docs"), ("tools.docs_site",)),
    "generate": (
        DEV,
        ("tools.versions", "tools.type_stub", "tools.program_conversion", "tools.docs_pages", "tools.native_schema"),
    ),
    "picture": (DEV, ("tools.picture",)),
    "logo": (DEV, ("tools.logo",)),
    "sdks": (("demo",), ("tools.sdks",)),
    "dist": (DEV, ("tools.dist",)),
    "plugin": (("demo",), ("tools.plugin",)),
    "record": (DEV, ("tests.engine.record_state",)),
    "release-check": (DEV, ("tools.release_check",)),
    "audit": (DEV, ("tools.audit",)),
    "bench": (("demo", "bench"), ("benchmarks",)),
    "mutants": ((*DEV, "mutants"), ("tools.mutants",)),
}
"""The extras that a target needs, and the modules that it runs with their arguments; more arguments go to the last."""
NOT_ON_WINDOWS = {
    "test-full": "it runs the tests of the engine, which start and end programs as Windows can't",
    "coverage": "it runs the tests of the engine, which start and end programs as Windows can't",
    "mutants": "mutmut forks, and Windows can't",
}
"""Why a target is for other systems only."""
REPEAT_SECONDS = 5
TAIL_LINES = 12
TAIL_WIDTH = 200


class SetUpError(Exception):
    """Why there is no `.venv`, and what to do, for the reader of the terminal."""


def main(arguments: List[str], root: Path = ROOT) -> int:  # noqa: UP006
    """Set the clone up for a target, and run it; the exit code."""
    try:
        check_version(sys.version_info[:2])
        target = named_target(arguments)
        leave_own_venv(root)
        if target == "demo":
            announce_demo(root)
        extras, modules = TARGETS[target]
        with lock(root):
            set_up(root, set(extras))
        return run(root, modules, arguments[1:])
    except SetUpError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("\nStopped. The next run repairs what is incomplete.")
        return 130


def named_target(arguments: List[str]) -> str:  # noqa: UP006
    """The target that the command line names, if it can run here."""
    target = arguments[0] if arguments else ""
    if target not in TARGETS:
        known = ", ".join(sorted(TARGETS))
        raise SetUpError(f"Name a target: python tools/bootstrap.py TARGET, with one of {known}.")
    if os.name == "nt" and target in NOT_ON_WINDOWS:
        raise SetUpError(f"`{target}` does not run on Windows: {NOT_ON_WINDOWS[target]}. Use WSL.")
    return target


def run(root: Path, modules: Tuple[str, ...], more: List[str]) -> int:  # noqa: UP006
    """Run modules with the clone's own Python, one after the other; the exit code of the first that fails, or 0."""
    for number, module in enumerate(modules, 1):
        words = module.split() + (more if number == len(modules) else [])
        command = [str(python_of(root / ".venv")), "-m"] + words  # noqa: RUF005 -- for Python 3.6
        if number == len(modules) and os.name != "nt":
            os.chdir(str(root))
            os.execv(command[0], command)  # noqa: S606 -- signals reach it; on Windows, execv starts another process
        try:
            status = subprocess.call(command, cwd=str(root))
        except KeyboardInterrupt:
            return 130
        if status:
            return status
    return 0


def python_of(venv: Path) -> Path:
    """The Python of a virtual environment."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


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
        arguments = [base, str(Path(__file__).resolve()), *sys.argv[1:]]
        os.execv(base, arguments)  # noqa: S606 -- the same script, no shell


def announce_demo(root: Path) -> None:
    """Say what `make demo` will do, and how long each part takes."""
    ready = (root / ".venv" / ".ready").exists()
    pulumi = shutil.which("pulumi")
    say(
        "This demo changes a rate limit and rotates a key with the real Pulumi engine, on an\n"
        "emulator of OpenAI's API. It needs no OpenAI account and uses this machine only.\n"
        f"  1. The package in .venv   {'ready' if ready else 'about {} s, once'.format(USUAL_SECONDS['demo'])}\n"
        f"  2. A Pulumi engine        {pulumi or 'none on PATH: from the cache, or see below'}\n"
        f"  3. The demo, ten steps    about {DEMO_SECONDS} s"
    )
    if not pulumi:
        say(
            "The engine of an earlier run is used. If there is none, it is downloaded from its vendor\n"
            "(about 30 s) or, where only package registries can be reached, built from source (3 to 7\n"
            f"minutes, once). If you install Pulumi first, there is nothing to build: {ENGINE_DOCS}"
        )


@contextmanager
def lock(root: Path) -> "Iterator[None]":
    """Set up one at a time: a second command waits for the first."""
    if os.name == "nt":
        import msvcrt  # noqa: PLC0415 -- other systems have none

        with (root / ".setup.lock").open("ab") as file:
            while True:
                try:
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined] # of Windows
                except OSError:  # it gives up after ten seconds
                    continue
                break
            yield
        return
    import fcntl  # noqa: PLC0415 -- Windows has none

    folder = os.open(str(root), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def set_up(root: Path, extras: Set[str]) -> None:  # noqa: UP006
    """Install the package with extras of pyproject.toml, beside those that are installed.

    The stamp `.ready` has the Python, the digest of what pyproject.toml says of the package, and the extras. It is
    removed first, written last.
    """
    venv, stamp = root / ".venv", root / ".venv" / ".ready"
    home = f"Python {dotted(sys.version_info[:2])} of {sys.base_prefix} in {root.resolve()}"
    digest = digest_of_package(root / "pyproject.toml")
    runs, found = starts(venv), read_lines(stamp)
    is_ours = runs and found[:1] == [home]
    installed = set(found[2].split()) if is_ours and len(found) > 2 else set()  # noqa: PLR2004 -- the third line
    if is_ours and found[1:2] == [digest] and extras <= installed:
        return
    began = time.time()
    if is_ours:
        stamp.unlink()
    else:
        make_venv(venv)
    wanted = extras | (installed & set(USUAL_SECONDS))
    install(root, venv, wanted)
    new = venv / ".ready.new"
    new.write_text("{}\n{}\n{}\n".format(home, digest, " ".join(sorted(wanted))), encoding="utf-8")
    new.replace(stamp)
    say(f".venv is ready ({time.time() - began:.0f} s).")


def digest_of_package(pyproject: Path) -> str:
    """The digest of the tables of pyproject.toml that an installation reads.

    The tables of ruff, mypy and import-linter name folders of this clone: when a folder is moved, nothing has to be
    installed again.
    """
    digest, is_read = hashlib.sha256(), False
    for line in pyproject.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            is_read = line.lstrip("[").startswith(INSTALLED_TABLES)
        if is_read:
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


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


def install(root: Path, venv: Path, extras: Set[str]) -> None:  # noqa: UP006
    """Install the package, editable, with extras."""
    log = venv / "install.log"
    names = ",".join(sorted(extras))
    # Builds of other projects get none of the user's keys and tokens for these services.
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "PULUMI_"))}
    command = [str(python_of(venv)), "-m", "pip", "install"]
    # Without --no-compile, pip compiles all modules. Python compiles those that are imported, when they first are.
    command += ["--disable-pip-version-check", "--no-input", "--no-compile", "-e", f".[{names}]"]
    with log.open("wb") as output:
        pip = subprocess.Popen(
            command, cwd=str(root), env=environ, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            usual = sum(USUAL_SECONDS.get(extra, 0) for extra in extras)
            wait(pip, f"Installing the package with [{names}] into .venv, once", usual)
        finally:
            if pip.poll() is None:
                pip.terminate()
                pip.wait()
    if pip.returncode:
        tail = "\n".join("  | " + line[:TAIL_WIDTH] for line in read_lines(log)[-TAIL_LINES:])
        raise SetUpError(
            f"pip could not install the package with [{names}]. The end of its output ({log}):\n{tail}\n"
            "If PyPI cannot be reached, name a mirror (PIP_INDEX_URL=…) or a proxy (HTTPS_PROXY=…). "
            "Then run the same command again."
        )


def wait(process: "subprocess.Popen[bytes]", what: str, usual: float) -> None:
    """Wait, and say every five seconds how long it will go on."""
    began = time.time()
    say(f"{what}: about {usual:.0f} s")
    while True:
        try:
            process.wait(REPEAT_SECONDS)
        except subprocess.TimeoutExpired:
            elapsed = time.time() - began
            left = f"about {usual - elapsed:.0f} s left" if elapsed < usual else "it takes longer than usual"
            say(f"  {elapsed:.0f} s, {left}")
        else:
            return


def starts(venv: Path) -> bool:
    """Whether the environment's Python runs. It does not once the Python that created it is removed."""
    python = str(python_of(venv))
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
    sys.exit(main(sys.argv[1:]))
