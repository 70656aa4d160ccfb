"""Which engine, which Go and which browser, and where they are kept.

Engine and Go are read from go.mod: each version is in one place.
"""

from __future__ import annotations

import hashlib
import platform
import re
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

if TYPE_CHECKING:
    from collections.abc import Iterable

TOOLS = Path(__file__).resolve().parent
ROOT = TOOLS.parent
LANGUAGES = TOOLS / "languages"
"""The Go module of Pulumi's YAML language host and of the generator of SDKs."""
NODE = TOOLS / "node"
"""The packages from npm that TypeScript programs are compiled and run with."""
ACTIONLINT = TOOLS / "actionlint"
"""The Go module of the program that checks workflows."""
PLUGIN = TOOLS / "plugin"
"""What the archive of the native provider is made with."""
PACKAGE = ROOT / "pulumi_openai_admin"

# A headless Chromium with its libraries, for machines that reach package registries only. Playwright is made for
# another version; the tests use only what browsers have had for a long time.
CHROMIUM_PACKAGE = "@sparticuz/chromium"
CHROMIUM_VERSION = "153.0.0"
CHROMIUM_SHA512 = (  # the same bytes, whichever registry or mirror they come from
    "8e2196a92bcf31dbb8f8ff538a562a011ef21063c41c8371fa50af13f36a34ef"
    "c41d8cc5ff1d615222394fa8a8548b7b744cbb9fcf1bcb24f4be4f9d9ec810c0"
)


def pulumi_version(go_mod: Path = TOOLS / "go.mod") -> str:
    """Like `3.274.1`."""
    return _first(r"^\s*github\.com/pulumi/pulumi/pkg/v3 v(\S+)", go_mod)


def go_version(go_mod: Path = TOOLS / "go.mod") -> str:
    """The oldest Go that builds it, like `1.26.6`."""
    return _first(r"^go (\S+)", go_mod)


def package_version(root: Path = ROOT) -> str:
    """The version of the package, such as `1.2.3`."""
    return _first(r'^version = "([^"]+)"', root / "pyproject.toml")


def cache() -> Path:
    """The cache folder, which all clones of this user share."""
    return user_cache_path("pulumi-openai-admin")


def engine_folder(source: str) -> Path:
    """The folder of the pinned engine from one source."""
    return folder("engine", pulumi_version(), source)


def browser_folder(source: str) -> Path:
    """The folder of the pinned browser from one source."""
    return folder("browser", metadata.version("playwright") if source == "playwright" else CHROMIUM_VERSION, source)


def numbers(version: str) -> tuple[int, ...]:
    """`v3.274.1-dev` as (3, 274, 1), to compare."""
    found = re.search(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


def digest(files: Iterable[Path], more: str = "") -> str:
    """A short name for the content of files, and of what else makes a difference."""
    contents = (path.read_bytes() for path in sorted(files))
    return hashlib.sha256(b"".join([*contents, more.encode()])).hexdigest()[:12]


def folder(what: str, version: str, source: str) -> Path:
    """The folder of something in the cache. Each version, source and machine has its own."""
    return cache() / f"{what}-{version}-{source}-{platform.system()}-{platform.machine()}".lower()


def _first(pattern: str, path: Path) -> str:
    found = re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    if not found:
        raise ValueError(f"{path} does not contain {pattern}")
    return found.group(1)
