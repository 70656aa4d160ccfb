"""Pulumi from its vendor: the CLI, the Python language host and the launcher of dynamic providers.

The vendor's installer would be a script that nothing tells from another one. What it installs is published with
checksums, so that is fetched, compared and unpacked here, and nothing of it is run before.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import tarfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tools import foreign, pinned
from tools.progress import StepError, progress, run

if TYPE_CHECKING:
    from pathlib import Path

RELEASES = "https://get.pulumi.com/releases/sdk"
SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
WANTED = ("pulumi", "pulumi-language-python", "pulumi-resource-pulumi-python")
FETCH_SECONDS = 30
DOWNLOAD_SECONDS = 300


def install(into: Path, log: Path) -> None:
    """Fill `into`/bin.

    Raises:
        StepError: There is no curl, no way to the vendor, nothing for this machine, or not what the vendor published.
    """
    if not shutil.which("curl"):
        raise StepError("there is no `curl`")
    version = pinned.pulumi_version()
    archive = into / archive_name(version)
    into.mkdir(parents=True)
    with progress(f"Asking the vendor for the checksums of Pulumi {version}"):
        checksums = fetch(f"pulumi-{version}-checksums.txt", into, log, FETCH_SECONDS).read_text(encoding="utf-8")
    with progress(f"Downloading Pulumi {version} from its vendor"):
        fetch(archive.name, into, log, DOWNLOAD_SECONDS)
    verify(archive, checksums)
    unpack(archive, into / "bin")


def archive_name(version: str) -> str:
    """What the vendor calls the archive for this machine."""
    system, machine = SYSTEMS.get(platform.system()), MACHINES.get(platform.machine().lower())
    if not system or not machine:
        raise StepError(f"it has nothing for {platform.system()} on {platform.machine()}")
    return f"pulumi-v{version}-{system}-{machine}.tar.gz"


def fetch(name: str, into: Path, log: Path, seconds: int) -> Path:
    """One file of the release."""
    place = into / name
    command = ["curl", "-fsSL", "--connect-timeout", "5", "--max-time", str(seconds), "-o", str(place)]
    run([*command, f"{RELEASES}/{name}"], log=log, env=foreign.environment(), timeout=seconds + 5)
    return place


def verify(archive: Path, checksums: str) -> None:
    """Compare the archive with what the vendor published of it, in the form of `sha256sum`."""
    digest = hashlib.sha256()
    with archive.open("rb") as content:
        while piece := content.read(2**20):
            digest.update(piece)
    published = dict(line.split()[1::-1] for line in checksums.splitlines() if len(line.split()) == 2)  # noqa: PLR2004
    if published.get(archive.name) != digest.hexdigest():
        raise StepError(f"{archive.name} is not what its vendor published: its SHA-256 is {digest.hexdigest()}")


def unpack(archive: Path, into: Path) -> None:
    """Take the programs out of the archive's one folder, and remove it."""
    into.mkdir()
    with tarfile.open(archive) as packed:
        for member in packed:
            content = packed.extractfile(member) if member.isfile() else None
            if content:
                program = into / PurePosixPath(member.name).name
                with content, program.open("wb") as file:
                    shutil.copyfileobj(content, file)
                program.chmod(0o755)
    missing = [name for name in WANTED if not (into / name).exists()]
    if missing:
        raise StepError(f"{archive.name} holds no {' and no '.join(missing)}")
    archive.unlink()
