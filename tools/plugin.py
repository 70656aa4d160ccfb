"""`make plugin`: the native provider as an archive for `pulumi plugin install`, in dist/. It contains a Python.

`plugin/pack.py` makes it, in an environment that has only what `plugin/requirements.txt` pins. The environment is kept
in the user's cache until a pinned version changes, the archive in build/ until a file of the package does.
"""

from __future__ import annotations

import shutil
import sys
import tarfile
from pathlib import Path

from tools import cache, pinned
from tools.commands import output, progress, reduced_environment, run

DIST = pinned.ROOT / "dist"
SECONDS = 1200
ADVICE = "Make sure that packages from PyPI can be downloaded, and run the same command again."


def find_or_get() -> Path:
    """The archive for this system and processor."""

    def make(into: Path, log: Path) -> None:
        with progress("Packing the native provider with its Python"):
            command = [str(packer()), str(pinned.PLUGIN / "pack.py"), str(into)]
            run(command, log=log, env=reduced_environment("PIP_"), timeout=SECONDS)

    files = [path for path in pinned.PACKAGE.rglob("*") if path.suffix in {".py", ".json"}]
    files += [path for path in pinned.PLUGIN.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    files += [pinned.ROOT / "pyproject.toml", pinned.ROOT / "plugin" / "__main__.py"]
    folder = pinned.ROOT / "build" / f"plugin-{pinned.digest(files, sys.version)}"
    source = cache.Source("its sources", folder, make)
    (archive,) = cache.find_or_get("plugin archive", [source], ADVICE).folder.glob("*.tar.gz")
    for old in folder.parent.glob("plugin-*"):  # an archive for each change of a file would fill the disk
        if old != folder and old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
    return archive


def packer() -> Path:
    """The Python of the environment that has the packer, and what it packs."""

    def make(into: Path, log: Path) -> None:
        options = ("--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes")
        install = [python(into), "-m", "pip", "install", *options, "-r", str(pinned.PLUGIN / "requirements.txt")]
        with progress("Downloading the packer from PyPI"):
            run([sys.executable, "-m", "venv", str(into)], log=log, env=reduced_environment(), timeout=SECONDS)
            run(install, log=log, env=reduced_environment("PIP_"), timeout=SECONDS)

    def runs(folder: Path) -> None:
        output([python(folder), "-m", "PyInstaller", "--version"])

    digest = pinned.digest([pinned.PLUGIN / "requirements.txt"], sys.version)
    source = cache.Source("PyPI", pinned.folder("packer", digest, "pypi"), make, runs)
    return Path(python(cache.find_or_get("environment of the packer", [source], ADVICE).folder))


def python(venv: Path) -> str:
    """The Python of a virtual environment."""
    return str(venv / "Scripts" / "python.exe" if sys.platform == "win32" else venv / "bin" / "python")


def main(arguments: list[str]) -> str:
    """Put the archive into dist/; where it is, and its sizes. With `--try-out`, start its provider, too."""
    archive = find_or_get()
    DIST.mkdir(exist_ok=True)
    for old in DIST.glob("pulumi-resource-*"):
        old.unlink()
    copy = Path(shutil.copy(archive, DIST))
    with tarfile.open(copy) as members:
        unpacked = sum(member.size for member in members)
    sizes = f"{copy.stat().st_size / 2**20:.1f} MiB, {unpacked / 2**20:.1f} MiB unpacked"
    tried = output([packer(), pinned.PLUGIN / "try_out.py", copy]) if "--try-out" in arguments else ""
    return f"{copy.relative_to(pinned.ROOT)}  {sizes}\n{tried}".rstrip()


if __name__ == "__main__":
    sys.exit(cache.print_found(lambda: main(sys.argv[1:])))
