"""`make dist`: builds the sdist and the wheel, checks them, and installs the wheel as a user does.

Both are built a second time from the unpacked sdist. The bytes have to be the same: so the sdist is complete, and
anyone can repeat the build. `dist/` gets both when everything holds.
"""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

from tools import pinned
from tools.commands import StepError, git, print_result, progress, reduced_environment, run

DIST = pinned.ROOT / "dist"
SECONDS = 600
TEMPLATE = pinned.ROOT / "templates" / "openai-admin-python"
IMPORT_ALL = "import sys, pulumi_openai_admin as it; assert it.__file__.startswith(sys.prefix), it.__file__; it.__all__"


def main(packer: str) -> str:
    """Do all of it, with the Python that has the pinned backend; the names of the files."""
    log = pinned.cache() / "dist.log"
    log.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="dist-") as folder:
        work = Path(folder)
        with progress("Building the sdist, and the wheel from it"):
            sdist, wheel = build(packer, pinned.ROOT, work / "first", log)
        with progress("Building both again, from the sdist alone"):
            shutil.unpack_archive(sdist, work / "unpacked")
            again = build(packer, work / "unpacked" / sdist.name.removesuffix(".tar.gz"), work / "second", log)
        if [path.read_bytes() for path in again] != [sdist.read_bytes(), wheel.read_bytes()]:
            raise StepError("The sdist or the wheel differs when it is built again from the sdist.")
        check_sdist(sdist, set(git("ls-files", "-z").split("\0")) - {""})
        for arguments in (
            ("check_wheel_contents", "--package", str(pinned.PACKAGE), str(wheel)),
            ("twine", "check", "--strict", str(sdist), str(wheel)),
        ):
            run([sys.executable, "-m", *arguments], log=log, env=reduced_environment(), timeout=SECONDS)
        with progress("Installing the wheel into a clean environment"):
            install(wheel, work, log)
        DIST.mkdir(exist_ok=True)
        for old in DIST.glob("pulumi_openai_admin-*"):
            old.unlink()
        return "\n".join(str(Path(shutil.copy(path, DIST)).relative_to(pinned.ROOT)) for path in (wheel, sdist))


def build(packer: str, source: Path, into: Path, log: Path) -> tuple[Path, Path]:
    """Build the sdist and the wheel from a folder, with the pinned backend: another version would write other bytes."""
    command = [packer, "-m", "build", "--no-isolation", "--outdir", str(into), str(source)]
    # All files have the time of the last commit, so that a build can be repeated.
    date = os.environ.get("SOURCE_DATE_EPOCH") or git("log", "-1", "--format=%ct").strip()
    env = reduced_environment("PIP_") | {"SOURCE_DATE_EPOCH": date}
    run(command, log=log, env=env, cwd=into.parent, timeout=SECONDS)
    (sdist,), (wheel,) = into.glob("*.tar.gz"), into.glob("*.whl")
    return sdist, wheel


def check_sdist(sdist: Path, sources: set[str]) -> None:
    """Compare the sdist with what git tracks."""
    folder = sdist.name.removesuffix(".tar.gz")
    with tarfile.open(sdist) as archive:
        found = {member.name for member in archive.getmembers() if not member.isdir()}
    if different := sorted(found ^ {f"{folder}/{name}" for name in ("PKG-INFO", *sources)}):
        raise StepError(f"The sdist and git differ in {len(different)} files, such as {different[:5]}.")


def install(wheel: Path, work: Path, log: Path) -> None:
    """Install the wheel with what the template requires, outside of the sources, and then with the extra `cli`."""
    venv = work / "venv"
    run([sys.executable, "-m", "venv", str(venv)], log=log, env=reduced_environment(), timeout=SECONDS)
    python = [str(venv / "bin" / "python"), "-I"]  # neither the folder nor the environment adds to what it imports
    pip = [*python, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
    requirements = ("--find-links", str(wheel.parent), "--requirement", str(TEMPLATE / "requirements.txt"))
    for command in (
        [*pip, "install", *requirements],
        [*pip, "check"],
        [*python, "-c", IMPORT_ALL],
        [*pip, "install", f"{wheel}[cli]"],
        [str(venv / "bin" / "pulumi-openai-admin"), "--help"],
        [*python, "-m", "pulumi_openai_admin.emulator", "--help"],
    ):
        run(command, log=log, env=reduced_environment("PIP_"), cwd=work, timeout=SECONDS)


if __name__ == "__main__":
    sys.exit(print_result(lambda: main(sys.argv[1])))
