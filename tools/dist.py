"""`make dist`: the sdist and the wheel, built, looked into, installed as a user would and tried.

The wheel is built from the sdist, and both a second time from the unpacked sdist alone: that gives the same bytes, so
the sdist is whole and anyone can build again what was published. `dist/` gets them when everything holds.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pulumi_openai_admin.emulator.process import EmulatorError
from tools import archives, clean_install, engine, foreign, pinned
from tools.progress import StepError, progress, run, say

DIST = pinned.ROOT / "dist"
BUILD_SECONDS = 600


@dataclass(frozen=True)
class Built:
    """What one build gave."""

    sdist: Path
    wheel: Path

    @property
    def both(self) -> tuple[Path, Path]:
        """The wheel first."""
        return self.wheel, self.sdist


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
    except (StepError, engine.NoEngineError, EmulatorError, OSError, subprocess.SubprocessError) as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped. `dist/` is as it was.")
        return 130
    for path in kept:
        print(f"{path.relative_to(pinned.ROOT)}  {path.stat().st_size / 1024:,.0f} KiB")
    return 0


def make(work: Path, log: Path) -> Built:
    """Build both, twice, and look into them.

    Raises:
        StepError: They could not be built, or are not what they should be; with all reasons.
    """
    sources, readme = archives.tracked(), (pinned.ROOT / "README.md").read_text(encoding="utf-8")
    with progress("Building the sdist, and the wheel from it"):
        built = build(pinned.ROOT, work / "first", log)
    with progress("Building both again, from the sdist alone"):
        again = build(unpacked(built.sdist, work / "unpacked"), work / "second", log)
    faults = [
        *archives.faults_of_sdist(archives.read_sdist(built.sdist), sources, readme),
        *archives.faults_of_wheel(archives.read_wheel(built.wheel), sources, readme),
        *(
            f"{one.name} has other bytes when it is built again from the sdist."
            for one, other in zip(built.both, again.both, strict=True)
            if one.read_bytes() != other.read_bytes()
        ),
    ]
    if faults:
        raise StepError("\n".join(faults))
    return built


def build(source: Path, into: Path, log: Path) -> Built:
    """Have `build` make both from one folder, with the build backend in an environment of its own."""
    command = [sys.executable, "-m", "build", "--outdir", str(into), str(source)]
    run(
        command,
        log=log,
        env=foreign.environment("PIP_") | {"SOURCE_DATE_EPOCH": source_date()},
        cwd=into.parent,
        timeout=BUILD_SECONDS,
    )
    (sdist,), (wheel,) = into.glob("*.tar.gz"), into.glob("*.whl")
    return Built(sdist, wheel)


def source_date() -> str:
    """The time that all files in the archives carry: the last commit's, so that the clock does not matter."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return given
    command = ["git", "-C", str(pinned.ROOT), "log", "-1", "--format=%ct"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def unpacked(sdist: Path, into: Path) -> Path:
    """The folder that it holds."""
    shutil.unpack_archive(sdist, into)
    return into / sdist.name.removesuffix(".tar.gz")


def keep(built: Built) -> list[Path]:
    """Put them into `dist/`, in place of those of an earlier version."""
    DIST.mkdir(exist_ok=True)
    for old in DIST.glob(f"{archives.PACKAGE}-*"):
        old.unlink()
    return [Path(shutil.copy(path, DIST)) for path in built.both]


if __name__ == "__main__":
    sys.exit(main())
