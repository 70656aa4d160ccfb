"""Which engine and which Go, and where they are kept.

Engine and Go are read from go.mod: each version is in one place.
"""

from __future__ import annotations

import hashlib
import platform
import re
from pathlib import Path

from platformdirs import user_cache_path

TOOLS = Path(__file__).resolve().parent
ROOT = TOOLS.parent
LANGUAGES = TOOLS / "languages"
"""The Go module of Pulumi's YAML language host and of the generator of SDKs."""
NODE = TOOLS / "node"
"""The packages from npm: what TypeScript programs are compiled and run with, and a browser."""
PACKAGE = ROOT / "pulumi_openai_admin"


def pulumi_version() -> str:
    """Like `3.274.1`."""
    return _first(r"^\s*github\.com/pulumi/pulumi/pkg/v3 v(\S+)", TOOLS / "go.mod")


def go_version(go_mod: Path = TOOLS / "go.mod") -> str:
    """The oldest Go that builds it, like `1.26.6`."""
    return _first(r"^go (\S+)", go_mod)


def package_version() -> str:
    """The version of the package, such as `1.2.3`."""
    return _first(r'^version = "([^"]+)"', ROOT / "pyproject.toml")


def cache() -> Path:
    """The cache folder, which all clones of this user share."""
    return user_cache_path("pulumi-openai-admin")


def numbers(version: str) -> tuple[int, ...]:
    """`v3.274.1-dev` as (3, 274, 1), to compare."""
    found = re.search(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


def digest(folder: Path) -> str:
    """A short name for the content of all files of a folder."""
    contents = (path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    return hashlib.sha256(b"".join(contents)).hexdigest()[:12]


def folder(what: str, version: str, source: str) -> Path:
    """The folder of something in the cache. Each version, source and machine has its own."""
    return cache() / f"{what}-{version}-{source}-{platform.system()}-{platform.machine()}".lower()


def _first(pattern: str, path: Path) -> str:
    found = re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    if not found:
        raise ValueError(f"{path} does not contain {pattern}")
    return found.group(1)
