"""What `make` does, without make: `python tools/bootstrap.py demo` is `make demo`.

It creates or repairs this clone's `.venv`, with the extras of `pyproject.toml` that the target needs, and runs the
session of that name in `noxfile.py`.

`make` runs this with any `python3`, so it uses the standard library and the syntax of Python 3.6 only: a Python that is
too old gets a sentence, not a SyntaxError.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
EXTRAS = {
    "bench": "bench,demo",
    "demo": "demo",
    "emulator": "demo",
    "mutants": "demo,dev,docs,mutants",
    "plugin": "demo",
    "sdks": "demo,sdks",
}
"""The extras that a target needs. All others need those of a developer."""
OF_DEVELOPERS = "demo,dev,docs"


def main(arguments: "list[str]", root: Path = ROOT) -> int:
    """Set the clone up for a target, and run it; the exit code."""
    target = arguments[0] if arguments else "setup"
    if sys.version_info[:2] < OLDEST:  # Debian's venv itself says what to install where it is not whole
        told = "This needs Python {}.{} or newer, and this is {}.{}. Name another Python: make PYTHON=python3.13 …"
        sys.exit(told.format(*OLDEST, *sys.version_info[:2]))
    try:
        python = set_up(root, EXTRAS.get(target, OF_DEVELOPERS))
        if target == "setup":
            return 0
        command = [python, "-m", "nox", "--session", target, "--", *arguments[1:]]
        path = os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])
        return subprocess.call(command, cwd=str(root), env=dict(os.environ, PATH=path))
    except KeyboardInterrupt:
        return 130


def set_up(root: Path, extras: str) -> str:
    """Install the package with extras beside those that are installed; the Python of `.venv`.

    The stamp `.ready` has the Python, a digest of `pyproject.toml`, and the extras. It is removed first, written last.
    """
    venv = root / ".venv"
    python = venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"
    base = getattr(sys, "_base_executable", None) or sys.executable  # if `.venv` is activated, `python3` is its own
    digest = hashlib.sha256((root / "pyproject.toml").read_bytes()).hexdigest()
    home = "Python {}.{} of {} in {}".format(*sys.version_info[:2], sys.base_prefix, root)
    stamp = venv / ".ready"
    found = stamp.read_text(encoding="utf-8").splitlines() if stamp.exists() else []
    is_ours = found[:1] == [home] and python.exists()
    wanted = set(extras.split(",")) | (set(found[2].split(",")) if is_ours else set())
    lines = [home, digest, ",".join(sorted(wanted))]
    if is_ours and found == lines:
        return str(python)
    if is_ours:
        stamp.unlink()
    else:
        run(root, [base, "-m", "venv", "--clear", str(venv)])
    sys.stderr.write(f"Installing the package with [{lines[2]}] into .venv, once: one to two minutes\n")
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-compile"]
    run(root, [str(python), "-m", "pip", "install", *options, "--editable", f".[{lines[2]}]"])
    stamp.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(python)


def run(root: Path, command: "list[str]") -> None:
    """Run a command, or exit with what to do. Builds of other projects get none of the user's keys and tokens."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "PULUMI_"))}
    if subprocess.call(command, cwd=str(root), env=environ, stdin=subprocess.DEVNULL):
        sys.exit(
            "`{}` failed: see above. If PyPI cannot be reached, name a mirror (PIP_INDEX_URL=…) or a proxy "
            "(HTTPS_PROXY=…). Then run the same command again.".format(" ".join(command[1:4]))
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
