"""Pulumi from its vendor: the CLI, the Python language host and the launcher of dynamic providers.

The vendor publishes checksums of its releases, but not of its installer script. So this downloads the release, compares
it and unpacks it. Nothing of it runs before.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests

from tools import pinned
from tools.progress import StepError, progress

if TYPE_CHECKING:
    from pathlib import Path

RELEASES = "https://get.pulumi.com/releases/sdk"
SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
WANTED = ("pulumi", "pulumi-language-python", "pulumi-resource-pulumi-python")
TIMEOUT_SECONDS = (5, 60)
"""To connect, and between two pieces of a reply."""


def install(into: Path, _log: Path) -> None:
    """Fill `into`/bin.

    Raises:
        StepError: The vendor cannot be reached, has nothing for this machine, or the checksum differs.
    """
    version = pinned.pulumi_version()
    archive = into / archive_name(version)
    into.mkdir(parents=True)
    with progress(f"Downloading Pulumi {version} from its vendor"):
        checksums = fetch(f"pulumi-{version}-checksums.txt").decode()
        content = fetch(archive.name)
    verify(archive.name, content, checksums)
    archive.write_bytes(content)
    shutil.unpack_archive(archive, into)  # one folder, `pulumi`
    archive.unlink()
    (into / "pulumi").rename(into / "bin")
    missing = [name for name in WANTED if not (into / "bin" / name).exists()]
    if missing:
        raise StepError(f"{archive.name} contains no {' and no '.join(missing)}")


def archive_name(version: str) -> str:
    """The vendor's name of the archive for this machine."""
    system, machine = SYSTEMS.get(platform.system()), MACHINES.get(platform.machine().lower())
    if not system or not machine:
        raise StepError(f"it has nothing for {platform.system()} on {platform.machine()}")
    return f"pulumi-v{version}-{system}-{machine}.tar.gz"


def fetch(name: str) -> bytes:
    """One file of the release."""
    try:
        reply = requests.get(f"{RELEASES}/{name}", timeout=TIMEOUT_SECONDS)
        reply.raise_for_status()
    except requests.ConnectionError:
        raise StepError(f"{urlsplit(RELEASES).netloc} cannot be reached") from None
    except requests.RequestException as error:
        raise StepError(str(error)) from None
    return reply.content


def verify(name: str, content: bytes, checksums: str) -> None:
    """Compare an archive with the vendor's checksum, which has the form of `sha256sum`."""
    digest = hashlib.sha256(content).hexdigest()
    if [digest, name] not in [line.split() for line in checksums.splitlines()]:
        raise StepError(f"{name} is not what its vendor published: its SHA-256 is {digest}")
