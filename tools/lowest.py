"""`make test-lowest`: tests with the lowest version of each dependency that `pyproject.toml` allows.

The environment is in the user's cache until `pyproject.toml` or this file changes. uv resolves it: pip has no such
resolution.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import tomli
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tools import bootstrap, cache, pinned
from tools.progress import StepError, progress, reduced_environment, run, say

SECONDS = 900
ADVICE = "Make sure that packages from PyPI can be downloaded, and run the same command again."
OF_DEVELOPERS = ("demo", "dev", "docs", "bench", "mutants")
"""Extras with exact versions, for tests and tools."""
OF_POLICIES = "policies"
"""An extra whose package requires newer versions of what the rest of the package needs: its tests have the newest."""
NOT_NEEDED = {
    *("build", "check-wheel-contents", "flask", "flask-cors", "moto", "mypy", "playwright", "pyright", "twine"),
    *("pulumi-policy", "types-boto3", "types-boto3-secretsmanager", "types-hvac", "types-protobuf", "types-requests"),
}
"""Type checkers, and what only other tests use."""
PINNED = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)
TESTS = (
    *("tests/unit", "tests/emulator", "tests/cli", "tests/host/test_steps_at_a_time.py"),
    "--ignore=tests/unit/policies",
)
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
    own, tools, lowest, listed = (into.parent / f"{into.name}.{end}" for end in ("own", "tools", "lowest", "txt"))
    own.write_text("\n".join(declared(project)) + "\n", encoding="utf-8")
    tools.write_text("\n".join(of_tests(project)) + "\n", encoding="utf-8")
    for written in (lowest, listed):  # uv keeps the versions of a file that exists
        written.unlink(missing_ok=True)
    made = str(bootstrap.python_of(into))
    uv = [sys.executable, "-m", "uv"]
    resolve = [*uv, "pip", "compile", "--quiet", "--python-version", f"{sys.version_info[0]}.{sys.version_info[1]}"]

    def run_uv(command: list[str]) -> None:
        run(command, log=log, env=reduced_environment("UV_", "PIP_"), timeout=SECONDS)

    with progress("Installing the lowest version of each dependency"):
        run_uv([*resolve, "--resolution", "lowest-direct", "--output-file", str(lowest), str(own)])
        require_bounds(declared(project), lowest.read_text(encoding="utf-8"))
        # Tools require newer versions of some of them. What users can install comes first.
        run_uv([*resolve, "--override", str(lowest), "--output-file", str(listed), str(own), str(tools)])
        run_uv(
            [*uv, "venv", "--quiet", "--relocatable", "--python", sys.executable, str(into)]
        )  # it is moved into place
        run_uv([*uv, "pip", "install", "--quiet", "--python", made, "--no-deps", "--requirements", str(listed)])
        run_uv([*uv, "pip", "install", "--quiet", "--python", made, "--no-deps", "-e", str(pinned.ROOT)])


def declared(project: dict[str, dict[str, list[str]]]) -> list[str]:
    """What users install: the package with all its extras but the policies."""
    extras = project["optional-dependencies"]
    texts = [*project["dependencies"]]
    texts += [text for name, of in extras.items() if name not in {*OF_DEVELOPERS, OF_POLICIES} for text in of]
    return [text for text in texts if not text.startswith("pulumi-openai-admin")]


def of_tests(project: dict[str, dict[str, list[str]]]) -> list[str]:
    """What the tests need beside that, in exact versions."""
    extras = project["optional-dependencies"]
    named = {*map(name_of, declared(project)), *NOT_NEEDED, "pulumi-openai-admin"}
    return [text for extra in ("demo", "dev", "docs") for text in extras[extra] if name_of(text) not in named]


def require_bounds(texts: list[str], resolved: str) -> None:
    """Check that each package has the version that is declared as the lowest one.

    Args:
        texts: The requirements.
        resolved: The lines of `uv pip compile`.

    Raises:
        StepError: A version is higher: nobody can install the declared one, or not with the others.
    """
    versions = {canonicalize_name(name): Version(found) for name, found in PINNED.findall(resolved)}
    higher = []
    for requirement in map(Requirement, texts):
        (bound,) = (Version(each.version) for each in requirement.specifier if each.operator == ">=")
        found = versions[canonicalize_name(requirement.name)]
        if found > bound:
            higher.append(f"{requirement} (the lowest possible version is {found})")
    if higher:
        what = f"pyproject.toml declares lower bounds that can't be installed with this Python: {'; '.join(higher)}"
        raise StepError(f"{what}. Raise them, or use the oldest Python that is supported.")


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
