"""Pulumi from its vendor: the CLI, the Python language host and the launcher of dynamic providers."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pinned
from progress import StepError, progress, run

if TYPE_CHECKING:
    from pathlib import Path

INSTALLER = "https://get.pulumi.com"
FETCH_SECONDS = 30
INSTALL_SECONDS = 300


def install(into: Path, log: Path) -> None:
    """Fetch the installer whole, then run it, both in bounded time. It fills `into`/bin.

    Raises:
        StepError: There is no curl, or no way to the vendor.
    """
    if not shutil.which("curl"):
        raise StepError("there is no `curl`")
    version = pinned.pulumi_version()
    into.mkdir(parents=True)
    script = into / "install.sh"
    fetch = ["curl", "-fsSL", "--connect-timeout", "5", "--max-time", str(FETCH_SECONDS), "-o", str(script), INSTALLER]
    with progress(f"Asking the vendor for Pulumi {version}"):
        run(fetch, log=log, timeout=FETCH_SECONDS + 5)
    command = ["sh", str(script), "--version", version, "--install-root", str(into), "--no-edit-path"]
    with progress(f"Downloading Pulumi {version} with the vendor's installer"):
        run(command, log=log, timeout=INSTALL_SECONDS)
    script.unlink()
