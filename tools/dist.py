"""`make dist`: builds the sdist and the wheel, checks them, installs the wheel as a user does, and runs the quickstart.

The wheel is built from the sdist, and both a second time from the unpacked sdist. The bytes have to be the same: so the
sdist is complete, and anyone can repeat the build. `dist/` gets both when everything holds.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pulumi_openai_admin.emulator.process import EmulatorError, EmulatorServer
from tools import engine, pinned, plugin
from tools.commands import StepError, progress, reduced_environment, run, say
from tools.stacks import Stack

if TYPE_CHECKING:
    from collections.abc import Callable

DIST = pinned.ROOT / "dist"
PACKAGE, NAME = "pulumi_openai_admin", "pulumi-openai-admin"
TEMPLATE = pinned.ROOT / "templates" / "openai-admin-python"
SECONDS = 600
NO_KEY = {"OPENAI_ADMIN_KEY": "", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}
OUTSIDE_OF_THE_SOURCES = """
import sys
import pulumi_openai_admin
assert pulumi_openai_admin.__file__.startswith(sys.prefix), pulumi_openai_admin.__file__
from pulumi_openai_admin import *
"""


class Built(NamedTuple):
    """The result of one build."""

    sdist: Path
    wheel: Path


def main() -> int:
    """Do all of it; the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    log = pinned.cache() / "dist.log"
    try:
        log.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(prefix="dist-") as folder:
            work = Path(folder)
            built = make(work, log)
            try_out(built.wheel, work, log)
            kept = keep(built)
    except (StepError, EmulatorError, OSError, subprocess.SubprocessError) as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped. `dist/` is as it was.")
        return 130
    for path in kept:
        print(f"{path.relative_to(pinned.ROOT)}  {path.stat().st_size / 1024:,.0f} KiB")
    return 0


def make(work: Path, log: Path) -> Built:
    """Build both, twice, and check them.

    Raises:
        StepError: They could not be built, or a check failed.
    """
    with progress("Building the sdist, and the wheel from it"):
        built = build(pinned.ROOT, work / "first", log)
    with progress("Building both again, from the sdist alone"):
        shutil.unpack_archive(built.sdist, work / "unpacked")
        again = build(work / "unpacked" / built.sdist.name.removesuffix(".tar.gz"), work / "second", log)
    for first, second in zip(built, again, strict=True):
        if first.read_bytes() != second.read_bytes():
            raise StepError(f"{first.name} differs when it is built again from the sdist.")
    check_sdist(built.sdist, set(git("ls-files", "-z").split("\0")) - {""})
    for arguments in (
        ("check_wheel_contents", "--package", str(pinned.PACKAGE), str(built.wheel)),
        ("twine", "check", "--strict", str(built.sdist), str(built.wheel)),
    ):
        run([sys.executable, "-m", *arguments], log=log, env=reduced_environment(), timeout=SECONDS)
    return built


def build(source: Path, into: Path, log: Path) -> Built:
    """Build both from one folder, with the pinned build backend: another version would write other bytes.

    Raises:
        StepError: They could not be built.
    """
    command = [str(plugin.packer()), "-m", "build", "--no-isolation", "--outdir", str(into), str(source)]
    # All files have the time of the last commit, so that a build can be repeated.
    date = os.environ.get("SOURCE_DATE_EPOCH") or git("log", "-1", "--format=%ct").strip()
    env = reduced_environment("PIP_") | {"SOURCE_DATE_EPOCH": date}
    run(command, log=log, env=env, cwd=into.parent, timeout=SECONDS)
    (sdist,), (wheel,) = into.glob("*.tar.gz"), into.glob("*.whl")
    return Built(sdist, wheel)


def git(*arguments: str) -> str:
    """The output of a git command.

    Raises:
        StepError: This is no clone, or there is no git.
    """
    command = ["git", "-C", str(pinned.ROOT), *arguments]
    try:
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        raise StepError(f"`make dist` needs git and a clone: {error}") from None


def check_sdist(sdist: Path, sources: set[str]) -> None:
    """Compare the sdist with what git tracks.

    Raises:
        StepError: A file is missing, or one is there that git does not track.
    """
    folder = sdist.name.removesuffix(".tar.gz")
    expected = {f"{folder}/{name}" for name in ("PKG-INFO", *sources)}
    with tarfile.open(sdist) as archive:
        found = {member.name for member in archive.getmembers() if not member.isdir()}
    if found != expected:
        raise StepError(
            f"The sdist lacks {len(expected - found)} files that git tracks, such as {sorted(expected - found)[:5]}, "
            f"and contains {len(found - expected)} that it does not track, such as {sorted(found - expected)[:5]}."
        )


def try_out(wheel: Path, work: Path, log: Path) -> None:
    """Install the wheel in an environment of its own outside of the sources, and use it there.

    Raises:
        StepError: Something does not work, in a sentence.
    """
    venv = work / "venv"
    environ = clean_environment(venv)
    run_here = partial(run, log=log, env=environ, cwd=work, timeout=SECONDS)
    python = [str(venv / "bin" / "python"), "-I"]  # neither the folder nor the environment adds to what it imports
    install = [*python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    with progress("Installing the wheel into a clean environment"):
        run_here([sys.executable, "-m", "venv", str(venv)])
        run_here([*install, "--find-links", str(wheel.parent), "--requirement", str(TEMPLATE / "requirements.txt")])
        run_here([*python, "-m", "pip", "check"])
        run_here([*python, "-c", OUTSIDE_OF_THE_SOURCES])
        expect_refusal(run_here, venv)
    with progress("Running the quickstart with it"):
        quickstart(wheel, work, environ)
    with progress("Adding the extra `cli`"):
        run_here([*install, f"{wheel}[cli]"])
        run_here([str(venv / "bin" / NAME), "--help"])
        run_here([*python, "-m", "pulumi_openai_admin.emulator", "--help"])


def clean_environment(venv: Path) -> dict[str, str]:
    """The user's environment without what leads to the sources, with an environment activated."""
    drop = ("PULUMI_", "OPENAI_", "PYTHON", "COVERAGE_", "VIRTUAL_ENV")
    own = {name: value for name, value in os.environ.items() if not name.startswith(drop)}
    return {**own, "PATH": f"{venv / 'bin'}{os.pathsep}{own['PATH']}", "VIRTUAL_ENV": str(venv)}


def expect_refusal(run_here: Callable[[list[str]], None], venv: Path) -> None:
    """Run the command without its extra: it fails, and names the extra.

    Raises:
        StepError: It does not.
    """
    try:
        run_here([str(venv / "bin" / NAME), "--help"])
    except StepError as refused:
        if f"{NAME}[cli]" in str(refused):
            return
        raise
    raise StepError(f"`{NAME}` runs without the extra `cli`.")


def quickstart(wheel: Path, work: Path, environ: dict[str, str]) -> None:
    """Create a project from the template, and run preview, up, a second preview and destroy, with an emulator.

    Raises:
        StepError: One of them did not do what the README says.
    """
    folder, found = work / "quickstart", engine.find_or_get()
    folder.mkdir()
    with EmulatorServer() as emulator:  # of this checkout: the environment under test has no extra yet
        own = {
            **{name: "" for name in os.environ if name not in environ},
            "PATH": os.pathsep.join([str(work / "venv" / "bin"), *map(str, found.folders), os.environ["PATH"]]),
            "PIP_FIND_LINKS": " ".join([str(wheel.parent), os.environ.get("PIP_FIND_LINKS", "")]),
            "VIRTUAL_ENV": environ["VIRTUAL_ENV"],
            "PULUMI_PYTHON_CMD": str(work / "venv" / "bin" / "python"),
            "OPENAI_ADMIN_KEY": emulator.admin_key,
            "OPENAI_BASE_URL": emulator.base_url,
        }
        stack = Stack(found, folder, own, work / "home")
        stack.ok("new", str(TEMPLATE), "--yes", "--stack", "dev", timeout=SECONDS)
        if not (folder / ".venv").exists():  # the stand-in for the language host installs nothing
            (folder / ".venv").symlink_to(work / "venv")
        seen = [
            stack.ok("preview", "--diff", **NO_KEY).summary,
            stack.up().summary,
            keys(emulator),
            json.loads(stack.ok("stack", "output", "apiKey", "--json").text),
            stack.ok("preview", "--expect-no-changes").summary,
            stack.destroy().summary,
            keys(emulator),
        ]
    expected = [{"to create": 4}, {"created": 4}, ["live"], "[secret]", {"unchanged": 4}, {"deleted": 4}, ["revoked"]]
    if seen != expected:
        raise StepError(f"The quickstart gave\n{seen}\nin place of\n{expected}")


def keys(emulator: EmulatorServer) -> list[str]:
    """The states of the keys that were created."""
    projects = emulator.control.state()["projects"].values()
    accounts = [account for project in projects for account in project["service_accounts"].values()]
    return [fate for account in accounts for fate in account["keys"].values()]


def keep(built: Built) -> list[Path]:
    """Put them into `dist/`, in place of those of an earlier version."""
    DIST.mkdir(exist_ok=True)
    for old in DIST.glob(f"{PACKAGE}-*"):
        old.unlink()
    return [Path(shutil.copy(path, DIST)) for path in (built.wheel, built.sdist)]


if __name__ == "__main__":
    sys.exit(main())
