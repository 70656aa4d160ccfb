"""What `make` runs, as sessions of nox. `tools/bootstrap.py` makes `.venv` and starts a session with its Python.

All sessions run in `.venv`, but those with a `venv_backend`, for which nox makes an environment in `.nox`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nox

from tools.commands import reduced_environment

ROOT = Path(__file__).parent
SCRIPTS = {
    "bench": "benchmarks",
    "demo": "tools.demo",
    "docs": "tools.docs_site",
    "emulator": "tools.demo emulator",
    "generate": "tools.generate",
    "picture": "tools.pictures",
    "record": "tests.engine.record_state",
    "sdks": "tools.languages sdks",
    "workflows": "tools.workflows",
}
"""The sessions that run one module, with its arguments."""
PYTEST = ("pytest", "-n", "6", "--dist", "worksteal", "--durations=10", "--durations-min=1")
"""For two cores: many tests wait for an injected fault to pass."""
FOLDERS = {"darwin": ("unit", "cli", "emulator", "delivery", "typing"), "win32": ("unit", "cli", "emulator")}
"""The folders of tests that run on other systems. The other folders start processes as only Linux does."""
ENVIRON = {"PYTHONDONTWRITEBYTECODE": None}
"""Thousands of processes import the same modules."""
PROJECT = nox.project.load_toml(ROOT / "pyproject.toml")["project"]
USERS = [
    name for name in PROJECT["optional-dependencies"] if name in {"emulator", "cli"} or name.startswith("deliver-")
]
"""The extras of users. `policies` requires newer versions of what the rest of the package needs."""
LOWEST = ("tests/unit", "tests/emulator", "tests/cli", "tests/host/test_steps_at_a_time.py")
"""They import all of the package. Real engines are tested with the newest versions."""

nox.options.default_venv_backend = "none"
nox.options.sessions = ["check"]


def python(session: nox.Session, *arguments: str, **environ: str | None) -> None:
    """Run a module with the Python of this environment. Ctrl-C reaches it, and it may take its time to end."""
    command = (sys.executable, "-m", *arguments)
    session.run(*command, env={**ENVIRON, **environ}, interrupt_timeout=None, external=True)


def script(session: nox.Session) -> None:
    """Run the module that `SCRIPTS` names."""
    python(session, *SCRIPTS[session.name].split(), *session.posargs)


for name in SCRIPTS:
    nox.session(name=name)(script)


@nox.session
def lint(session: nox.Session) -> None:
    """Run the linters. To format what is not formatted: `.venv/bin/ruff format .`"""
    python(session, "ruff", "check", ".")
    python(session, "ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check types and the direction of imports."""
    python(session, "mypy")
    session.run(str(Path(sys.executable).with_name("lint-imports")))


@nox.session
def check(session: nox.Session) -> None:
    """Run the checks, and the tests of what changed. The first failure ends it: it must not follow minutes of tests."""
    if "--resource" in session.posargs:  # what is missing explains all that fails without it
        name = session.posargs[session.posargs.index("--resource") + 1]
        python(session, "pytest", "-q", "tests/unit/test_registry.py", TEST_RESOURCE=name)
    lint(session)
    python(session, "tools.generate", "--check")
    types(session)
    python(session, "tools.check", *session.posargs)


@nox.session
def test(session: nox.Session) -> None:
    """Run all checks and tests, as in CI. A failure does not keep the others from running."""
    if sys.platform not in FOLDERS:
        for each in ("lint", "types", "workflows", *(["dist"] if (ROOT / ".git").exists() else [])):
            session.notify(each, [])
    session.notify("tests", session.posargs)


@nox.session(name="test-full")
def test_full(session: nox.Session) -> None:
    """Run the same, with nothing left out."""
    session.notify("test", ["--full"])


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests alone."""
    run_tests(session, *PYTEST)


@nox.session
def coverage(session: nox.Session) -> None:
    """Run the tests alone, and measure which lines and branches they run."""
    python(session, "coverage", "erase")
    # From 3.14 on, it knows branches, too, and costs a tenth of a trace function.
    environ = {"COVERAGE_CORE": "sysmon"} if sys.version_info >= (3, 14) else {}
    run_tests(session, "coverage", "run", "-m", *PYTEST, **environ)
    python(session, "coverage", "combine", "--quiet")
    python(session, "coverage", "report")


def run_tests(session: nox.Session, *command: str, **environ: str) -> None:
    """Run the tests of this system. What they start is there before pytest starts."""
    environ["SIMULATION"] = "3000"  # `make check` runs fewer histories
    if "--full" in session.posargs:
        environ["TESTS"] = "full"
    if sys.platform in FOLDERS:
        session.log("Only some tests run on this system. Linters and the other tests run on Linux.")
        python(session, *command, *(f"tests/{folder}" for folder in FOLDERS[sys.platform]), **environ)
        return
    for module in ("tools.engine", "tools.languages", "tools.browser"):
        python(session, module)
    python(session, *command, **environ)


@nox.session
def mutants(session: nox.Session) -> None:
    """Change the code in small ways, one at a time, and list the changes that no unit test finds."""
    mutmut = str(Path(sys.executable).with_name("mutmut"))
    session.run(mutmut, "run", *session.posargs, interrupt_timeout=None)
    listed = session.run(mutmut, "results", silent=True)  # with all that no run has reached yet
    print("\n".join(line for line in str(listed).splitlines() if not line.endswith(": not checked")))


@nox.session(venv_backend="venv", reuse_venv=True)
def plugin(session: nox.Session) -> None:
    """Write the native provider into a folder, as an archive for `pulumi plugin install`; `--try-out` starts it."""
    command = (install_packer(session), "tools/plugin/pack.py", *session.posargs)
    session.run(*command, env=reduced_environment("PIP_"), include_outer_env=False)


@nox.session(venv_backend="venv", reuse_venv=True)
def dist(session: nox.Session) -> None:
    """Build the sdist and the wheel, check them, and install the wheel as a user does."""
    python(session, "tools.dist", install_packer(session))


def install_packer(session: nox.Session) -> str:
    """Install what the files of a release are made with, each by its hash; the Python that has it."""
    options = ("--require-hashes", "--requirement", "tools/plugin/requirements.txt")
    session.install(*options, env=reduced_environment("PIP_"), include_outer_env=False)
    return str(Path(session.bin, "python"))


@nox.session(name="test-lowest", venv_backend="uv")
def lowest(session: nox.Session) -> None:
    """Run tests with the lowest version of each dependency that `pyproject.toml` allows."""
    declared, pinned = (Path(session.create_tmp()) / name for name in ("declared.txt", "lowest.txt"))
    declared.write_text("\n".join(lowest_declared()), encoding="utf-8")
    files = ("pyproject.toml", *(f"--extra={extra}" for extra in USERS), f"--constraint={declared}")
    compiled = ("--quiet", "--resolution=lowest-direct", f"--python={session.virtualenv.location}")
    session.run("uv", "pip", "compile", *files, *compiled, f"--output-file={pinned}", external=True)
    # What developers use requires newer versions of some of them. What users can install comes first.
    session.install("--override", str(pinned), "--editable", ".[demo,dev,docs]")
    options = ("-q", "-n", "2", "--dist", "worksteal", "--ignore=tests/unit/policies")
    session.run("pytest", *options, *LOWEST, *session.posargs)


def lowest_declared() -> list[str]:
    """Each dependency of users at its lower bound, such as `requests==2.32.2`: uv says which can't be installed."""
    texts = [*PROJECT["dependencies"], *(text for extra in USERS for text in PROJECT["optional-dependencies"][extra])]
    return [re.sub(r"(\[.*\])?>=([^,]+).*", r"==\2", text) for text in texts if "[emulator]" not in text]


@nox.session
def audit(session: nox.Session) -> None:
    """Look for known vulnerabilities in the packages of `.venv` and of the plugin archive. It needs PyPI itself."""
    installed = Path(session.create_tmp()) / "installed.txt"
    frozen = session.run(sys.executable, "-m", "pip", "freeze", "--exclude-editable", silent=True)
    installed.write_text(str(frozen), encoding="utf-8")
    options = ("--strict", "--disable-pip", "--progress-spinner", "off", "--requirement")
    python(session, "pip_audit", "--no-deps", *options, str(installed))
    python(session, "pip_audit", "--require-hashes", *options, "tools/plugin/requirements.txt")
