"""`make dist`: builds the sdist and the wheel, checks them, installs the wheel as a user does, and tries it.

The wheel is built from the sdist, and both a second time from the unpacked sdist. The bytes have to be the same: so the
sdist is complete, and anyone can repeat the build. `dist/` gets both when everything holds.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pulumi_openai_admin.emulator.process import EmulatorError
from tools import clean_install, engine, pinned, plugin
from tools.cache import NotAvailableError
from tools.progress import StepError, progress, reduced_environment, run, say

DIST = pinned.ROOT / "dist"
PACKAGE = "pulumi_openai_admin"
BUILD_SECONDS = 600


@dataclass(frozen=True)
class Built:
    """The result of one build."""

    sdist: Path
    wheel: Path


def main() -> int:
    """Do all of it; the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    log = pinned.cache() / "dist.log"
    try:
        found = engine.find_or_get()
        log.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(prefix="dist-") as work:
            built = make(Path(work), log)
            clean_install.check(built.wheel, Path(work), found, log)
            kept = keep(built)
    except (StepError, NotAvailableError, EmulatorError, OSError, subprocess.SubprocessError) as error:
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
    for first, second in ((built.sdist, again.sdist), (built.wheel, again.wheel)):
        if first.read_bytes() != second.read_bytes():
            raise StepError(f"{first.name} differs when it is built again from the sdist.")
    check_sdist(built.sdist, tracked())
    tools = {
        "check_wheel_contents": ("--package", str(pinned.ROOT / PACKAGE), str(built.wheel)),
        "twine": ("check", "--strict", str(built.sdist), str(built.wheel)),
    }
    for tool, arguments in tools.items():
        run([sys.executable, "-m", tool, *arguments], log=log, env=reduced_environment(), timeout=BUILD_SECONDS)
    return built


def build(source: Path, into: Path, log: Path) -> Built:
    """Build both from one folder, with the pinned build backend: another version would write other bytes.

    Raises:
        NotAvailableError: The environment of the build backend can't be made here.
        StepError: They could not be built.
    """
    command = [str(plugin.packer()), "-m", "build", "--no-isolation", "--outdir", str(into), str(source)]
    env = reduced_environment("PIP_") | {"SOURCE_DATE_EPOCH": source_date()}
    run(command, log=log, env=env, cwd=into.parent, timeout=BUILD_SECONDS)
    (sdist,), (wheel,) = into.glob("*.tar.gz"), into.glob("*.whl")
    return Built(sdist, wheel)


def source_date() -> str:
    """The time of all files in the archives: that of the last commit, so that a build can be repeated."""
    return os.environ.get("SOURCE_DATE_EPOCH") or git("log", "-1", "--format=%ct").strip()


def tracked() -> set[str]:
    """The files that git tracks here."""
    return set(git("ls-files", "-z").split("\0")) - {""}


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


def keep(built: Built) -> list[Path]:
    """Put them into `dist/`, in place of those of an earlier version."""
    DIST.mkdir(exist_ok=True)
    for old in DIST.glob(f"{PACKAGE}-*"):
        old.unlink()
    return [Path(shutil.copy(path, DIST)) for path in (built.wheel, built.sdist)]


if __name__ == "__main__":
    sys.exit(main())
