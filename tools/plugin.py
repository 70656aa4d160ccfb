"""`make plugin`: the native provider as an archive for `pulumi plugin install`, in dist/. It contains a Python.

`plugin/pack.py` makes it, in an environment that has only what `plugin/requirements.txt` pins. The environment is kept
in the user's cache until a pinned version changes, the archive in build/ until a file of the package does.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from tools import bootstrap, cache, pinned
from tools.progress import StepError, progress, reduced_environment, run, say

DIST = pinned.ROOT / "dist"
SECONDS = 1200
ADVICE = "Make sure that packages from PyPI can be downloaded, and run the same command again."


def find_or_get() -> Path:
    """The archive for this system and processor.

    Raises:
        NotAvailableError: It can't be made here.
    """
    folder = pinned.plugin_folder()
    archive = cache.find_or_get(
        "plugin archive", [cache.Source("plugin", "its sources", folder, make, kept)], [], ADVICE
    )
    for old in folder.parent.glob("plugin-*"):  # an archive for each change of a file would fill the disk
        if old != folder and old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
    return archive


def make(into: Path, log: Path) -> None:
    """Write the archive into a folder.

    Raises:
        StepError: The packages cannot be downloaded, or a program cannot be packed.
    """
    command = [str(packer()), str(pinned.PLUGIN / "pack.py"), str(into)]
    with progress("Packing the native provider with its Python"):
        run(command, log=log, env=reduced_environment("PIP_"), timeout=SECONDS)


def packer() -> Path:
    """The Python of the environment that has the packer.

    Raises:
        NotAvailableError: It can't be made here.
    """
    source = cache.Source("packer", "PyPI", pinned.packer_folder(), environment, python)
    return cache.find_or_get("environment of the packer", [source], [], ADVICE)


def environment(into: Path, log: Path) -> None:
    """Make a virtual environment with the packer, and with what it packs.

    Raises:
        StepError: The packages cannot be downloaded.
    """
    with progress("Downloading the packer from PyPI"):
        run([sys.executable, "-m", "venv", str(into)], log=log, env=reduced_environment(), timeout=SECONDS)
        options = ("--quiet", "--disable-pip-version-check", "--no-input")
        requirements = str(pinned.PLUGIN / "requirements.txt")
        command = [
            str(bootstrap.python_of(into)),
            "-m",
            "pip",
            "install",
            *options,
            "--require-hashes",
            "-r",
            requirements,
        ]
        run(command, log=log, env=reduced_environment("PIP_"), timeout=SECONDS)


def python(folder: Path) -> Path:
    """The Python of the packer, if it runs.

    Raises:
        StepError: It does not.
    """
    program = bootstrap.python_of(folder)
    try:
        subprocess.run([str(program), "-m", "PyInstaller", "--version"], capture_output=True, check=True, timeout=120)
    except (OSError, subprocess.SubprocessError) as error:
        raise StepError(f"the packer does not run ({error})") from None
    return program


def kept(folder: Path) -> Path:
    """The archive in a folder.

    Raises:
        StepError: There is none.
    """
    found = [*folder.glob("*.tar.gz")]
    if len(found) != 1:
        raise StepError(f"{folder} contains no archive")
    return found[0]


def main(arguments: list[str]) -> int:
    """Put the archive into dist/, and print its sizes; the exit code."""
    parser = argparse.ArgumentParser(prog="make plugin")
    parser.add_argument("--try-out", action="store_true", help="start the provider of the archive, as Pulumi does")
    options = parser.parse_args(arguments)
    try:
        archive = find_or_get()
    except cache.NotAvailableError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    DIST.mkdir(exist_ok=True)
    for old in DIST.glob("pulumi-resource-*"):
        old.unlink()
    copy = Path(shutil.copy(archive, DIST))
    with tarfile.open(copy) as members:
        unpacked = sum(member.size for member in members)
    sizes = f"{copy.stat().st_size / 2**20:.1f} MiB, {unpacked / 2**20:.1f} MiB unpacked"
    print(f"{copy.relative_to(pinned.ROOT)}  {sizes}", flush=True)
    if not options.try_out:
        return 0
    return subprocess.run([str(packer()), str(pinned.PLUGIN / "try_out.py"), str(copy)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
