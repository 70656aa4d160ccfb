"""Find a Pulumi engine on this machine, or get one.

    python -m tools.engine      # prints the folders for PATH; progress goes to stderr

There are three sources, in this order: a `pulumi` on PATH, the vendor's release, Go modules. What is downloaded is
kept in the user's cache. The vendor publishes checksums of its releases, but not of its installer script: so the
release is downloaded, compared and unpacked, and nothing of it runs before.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests

from pulumi_openai_admin import backend
from tools import cache, pinned, registries
from tools.commands import StepError, progress, say

OLDEST = (3, 272)
"""The version of the SDK in pyproject.toml: an older engine does not know all of its requests."""
LANGUAGE_HOST = "pulumi-language-python"
LAUNCHER = "pulumi-resource-pulumi-python"
RELEASES = "https://get.pulumi.com/releases/sdk"
SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
TIMEOUT_SECONDS = (5, 60)
"""To connect to the vendor, and between two pieces of a reply."""
BUILD_NOTICE = (
    "It is built there: three to seven minutes, once.\nTo start at once instead: press Ctrl-C, install Pulumi "
    "(https://www.pulumi.com/docs/install/),\nand run the same command again."
)
ADVICE = (
    "Install Pulumi 3 with its Python language host (https://www.pulumi.com/docs/install/) so that "
    "`pulumi version` runs, and run the same command again."
)


@dataclass(frozen=True)
class Engine:
    """An engine that runs, with its Python language host and the launcher of dynamic providers."""

    folders: tuple[Path, ...]
    """The folders for PATH."""
    source: str
    """`path`, `vendor` or `go`."""
    version: str

    @property
    def pulumi(self) -> Path:
        """The command."""
        return self.folders[0] / "pulumi"

    def settings(self, home: Path) -> dict[str, str]:
        """The environment variables for stacks on this machine only, with all state below `home`, which is created."""
        state, stacks = home.resolve() / "pulumi", home.resolve() / "stacks"
        for folder in (state, stacks):
            folder.mkdir(parents=True, exist_ok=True)
        return {
            "PATH": os.pathsep.join([*map(str, self.folders), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PULUMI_BACKEND_URL": backend.url_of(stacks),
            "PULUMI_CONFIG_PASSPHRASE": "on this machine alone",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(state),
            "PULUMI_PYTHON_CMD": sys.executable,  # for `language_host.py`
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }

    def environment(self, home: Path) -> dict[str, str]:
        """The user's environment and these settings, without the user's own Pulumi and OpenAI settings."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "OPENAI_"))}
        return own | self.settings(home)


def find_or_get() -> Engine:
    """Return an engine from the first source that has one.

    Raises:
        StepError: No source has one.
    """
    try:
        return from_path()
    except StepError as error:
        tried = [f"`pulumi` on PATH: {error}"]
        if shutil.which("pulumi", path=search_path()):
            say(f"The `pulumi` on PATH is not used: {error}.")
    sources = [
        cache.Source("the vendor", pinned.engine_folder("vendor"), install_release, kept_vendor),
        cache.Source("Go modules", pinned.engine_folder("go"), registries.build_engine, kept_go, BUILD_NOTICE),
    ]
    return cache.find_or_get("Pulumi engine", sources, ADVICE, tried)


def kept_vendor(folder: Path) -> Engine:
    """The vendor's engine in a folder."""
    version_of(str(folder / "bin" / "pulumi"))
    return Engine((folder / "bin",), "vendor", pinned.pulumi_version())


def kept_go(folder: Path) -> Engine:
    """The engine that was built from Go modules, with this clone's language host."""
    version_of(str(folder / "bin" / "pulumi"))
    install_language_host(folder / "bin")
    return Engine((folder / "bin",), "go", pinned.pulumi_version())


def from_path() -> Engine:
    """The user's own engine.

    Raises:
        StepError: There is none, or it is too old, or a part is missing.
    """
    found = shutil.which("pulumi", path=search_path())
    if not found:
        raise StepError("there is none")
    version = version_of(found)
    if pinned.numbers(version)[:1] != (3,) or pinned.numbers(version) < OLDEST:
        raise StepError(f"{found} is {version}; 3.{OLDEST[1]} or a newer 3.x is needed")
    folders = [Path(found).parent]
    for part in (LANGUAGE_HOST, LAUNCHER):
        beside = os.pathsep.join([str(folders[0]), str(Path(found).resolve().parent), search_path()])
        place = shutil.which(part, path=beside)
        if not place:
            raise StepError(f"{found} comes without `{part}`, which runs Python programs")
        folders.append(Path(place).parent)
    return Engine(tuple(dict.fromkeys(folders)), "path", version)


def search_path() -> str:
    """PATH without the folders that this module adds to it (`source .demo/env`)."""
    own = (pinned.cache(), Path(sys.prefix))
    folders = [entry for entry in os.get_exec_path() if not any(Path(entry).is_relative_to(place) for place in own)]
    return os.pathsep.join(folders)


def version_of(pulumi: str) -> str:
    """Like `3.274.1`.

    Raises:
        StepError: It does not run.
    """
    env = dict(os.environ) | {"PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        done = subprocess.run(
            [pulumi, "version"], env=env, capture_output=True, encoding="utf-8", timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StepError(f"{pulumi} does not run ({error})") from None
    if done.returncode or not pinned.numbers(done.stdout):
        raise StepError(f"`{pulumi} version` said: {(done.stderr or done.stdout).strip()[-200:] or done.returncode}")
    return done.stdout.strip().removeprefix("v")


def install_release(into: Path, _log: Path) -> None:
    """Fill `into`/bin with the vendor's release.

    Raises:
        StepError: The vendor cannot be reached, has nothing for this machine, or the checksum differs.
    """
    version = pinned.pulumi_version()
    archive = into / archive_name(version)
    into.mkdir(parents=True)
    with progress(f"Downloading Pulumi {version} from its vendor"):
        checksums = fetch(f"pulumi-{version}-checksums.txt").decode()
        content = fetch(archive.name)
    digest = hashlib.sha256(content).hexdigest()
    if [digest, archive.name] not in [line.split() for line in checksums.splitlines()]:
        raise StepError(f"{archive.name} is not what its vendor published: its SHA-256 is {digest}")
    archive.write_bytes(content)
    shutil.unpack_archive(archive, into)  # one folder, `pulumi`
    archive.unlink()
    (into / "pulumi").rename(into / "bin")
    if missing := [name for name in ("pulumi", LANGUAGE_HOST, LAUNCHER) if not (into / "bin" / name).exists()]:
        raise StepError(f"{archive.name} contains no {' and no '.join(missing)}")


def archive_name(version: str) -> str:
    """The vendor's name of the archive for this machine."""
    system, machine = SYSTEMS.get(platform.system()), MACHINES.get(platform.machine().lower())
    if not system or not machine:
        raise StepError(f"it has nothing for {platform.system()} on {platform.machine()}")
    return f"pulumi-v{version}-{system}-{machine}.tar.gz"


def fetch(name: str) -> bytes:
    """One file of the vendor's release."""
    try:
        reply = requests.get(f"{RELEASES}/{name}", timeout=TIMEOUT_SECONDS)
        reply.raise_for_status()
    except requests.ConnectionError:
        raise StepError(f"{urlsplit(RELEASES).netloc} cannot be reached") from None
    except requests.RequestException as error:
        raise StepError(str(error)) from None
    return reply.content


def install_language_host(folder: Path) -> None:
    """Put this clone's language host beside `pulumi`, where the engine looks for it."""
    program = "language_host.py"
    texts = {
        program: (pinned.TOOLS / program).read_text(encoding="utf-8"),
        LANGUAGE_HOST: f'#!/bin/sh\nexec "${{PULUMI_PYTHON_CMD:-python3}}" -u "$(dirname "$0")/{program}" "$@"\n',
    }
    for name, text in texts.items():
        place = folder / name
        if not place.exists() or place.read_text(encoding="utf-8") != text:
            new = folder / f".{name}.{os.getpid()}"
            new.write_text(text, encoding="utf-8")
            new.chmod(0o755)
            new.replace(place)


if __name__ == "__main__":
    sys.exit(cache.print_found(lambda: os.pathsep.join(map(str, find_or_get().folders))))
