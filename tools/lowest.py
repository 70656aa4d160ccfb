"""`make test-lowest`: tests with the lowest version of each dependency that `pyproject.toml` allows.

The environment is in the user's cache until `pyproject.toml` or this file changes. uv resolves it: pip has no such
resolution.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import tomli
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import bootstrap, cache, pinned
from tools.progress import StepError, progress, reduced_environment, run, say

SECONDS = 900
ADVICE = "Make sure that packages from PyPI can be downloaded, and run the same command again."
OF_TESTS = ("dev", "docs", "bench", "mutants")
"""Extras with exact versions, for tests and tools."""
NOT_NEEDED = (
    *"build",
    "check-wheel-contents",
    "moto",
    "playwright",
    "twine",
)
"""What only other tests use, and what needs newer clients of stores."""
TESTS = ("tests/unit", "tests/emulator", "tests/cli", "tests/host/test_steps_at_a_time.py")
"""They import all of the package. Real engines are tested with the newest versions."""


def main() -> int:
    """Run the tests; the exit code."""
    try:
        python = find_or_get()
    except cache.NotAvailableError as error:
        say(str(error))
        return 1
    command = [str(python), "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", *TESTS, *sys.argv[1:]]
    return subprocess.run(command, cwd=pinned.ROOT, check=False).returncode


def find_or_get() -> Path:
    """The Python of the environment.

    Raises:
        NotAvailableError: It can't be made here.
    """
    made_from = (pinned.ROOT / "pyproject.toml").read_bytes() + Path(__file__).read_bytes() + str(pinned.ROOT).encode()
    digest = hashlib.sha256(made_from).hexdigest()[:12]
    folder = pinned.cache() / f"lowest-{digest}-{sys.version_info[0]}.{sys.version_info[1]}"
    source = cache.Source("lowest", "PyPI", folder, environment, kept)
    return cache.find_or_get("environment with the lowest versions", [source], [], ADVICE)


def environment(into: Path, log: Path) -> None:
    """Make the environment.

    Raises:
        StepError: The packages can't be downloaded, or no versions fit together.
    """
    project = tomli.loads((pinned.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = into.parent / f"{into.name}.in"
    wanted.write_text("\n".join(requirements(project)) + "\n", encoding="utf-8")
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    listed, made = wanted.with_suffix(".txt"), str(bootstrap.python_of(into))
    uv = [sys.executable, "-m", "uv"]
    lowest = ("--resolution", "lowest-direct", "--python-version", version, "--output-file", str(listed))
    commands = (
        [*uv, "pip", "compile", "--quiet", *lowest, str(wanted)],
        [*uv, "venv", "--quiet", "--relocatable", "--python", sys.executable, str(into)],  # it is moved into place
        [*uv, "pip", "install", "--quiet", "--python", made, "--requirements", str(listed)],
        [*uv, "pip", "install", "--quiet", "--python", made, "--no-deps", "-e", str(pinned.ROOT)],
    )
    with progress("Installing the lowest version of each dependency"):
        for command in commands:
            run(command, log=log, env=reduced_environment("UV_", "PIP_"), timeout=SECONDS)


def requirements(project: dict[str, dict[str, list[str]]]) -> list[str]:
    """What is installed: all that users may install, and the tools of the tests in their exact versions."""
    extras = project["optional-dependencies"]
    own = [*project["dependencies"]]
    own += [text for name, texts in extras.items() if name not in OF_TESTS for text in texts]
    own = [text for text in own if not text.startswith("pulumi-openai-admin")]
    named = {name_of(text) for text in own} | set(NOT_NEEDED)
    return own + [text for text in (*extras["dev"], *extras["docs"]) if name_of(text) not in named]


def name_of(requirement: str) -> str:
    """`boto3` of `boto3>=1.34,<2`."""
    return canonicalize_name(Requirement(requirement).name)


def kept(folder: Path) -> Path:
    """The Python in a folder, if it has what the tests need.

    Raises:
        StepError: It does not.
    """
    python = bootstrap.python_of(folder)
    try:
        subprocess.run([str(python), "-c", "import pytest, pulumi"], capture_output=True, check=True, timeout=120)
    except (OSError, subprocess.SubprocessError) as error:
        raise StepError(f"the environment does not run ({error})") from None
    return python


if __name__ == "__main__":
    sys.exit(main())
