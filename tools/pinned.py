"""Which engine, which Go, which browser, and where they are kept.

Engine and Go are read from go.mod, Playwright from pyproject.toml: the one place that says it.
"""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
ROOT = TOOLS.parent

# A whole headless Chromium with its libraries, for machines that reach package registries and nothing else. It is not
# the one that Playwright is made for, but the nearest that a registry has; the tests use what has been there for long.
CHROMIUM_PACKAGE = "@sparticuz/chromium"
CHROMIUM_VERSION = "153.0.0"
CHROMIUM_SHA512 = (  # what is run is what was tried, whichever registry or mirror it comes from
    "8e2196a92bcf31dbb8f8ff538a562a011ef21063c41c8371fa50af13f36a34ef"
    "c41d8cc5ff1d615222394fa8a8548b7b744cbb9fcf1bcb24f4be4f9d9ec810c0"
)


def pulumi_version(go_mod: Path = TOOLS / "go.mod") -> str:
    """Like `3.274.1`."""
    return _first(r"^\s*github\.com/pulumi/pulumi/pkg/v3 v(\S+)", go_mod)


def go_version(go_mod: Path = TOOLS / "go.mod") -> str:
    """The oldest Go that builds it, like `1.26.6`."""
    return _first(r"^go (\S+)", go_mod)


def cache() -> Path:
    """Shared by all clones of this user on this machine."""
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    parent = base if base.is_absolute() else Path.home() / ".cache"  # as the XDG specification has it
    return parent / "pulumi-openai-admin"


def engine_folder(source: str) -> Path:
    """Where the pinned engine of one source goes; another version or machine is another folder."""
    return cache() / f"engine-{pulumi_version()}-{source}-{_machine()}"


def playwright_version(pyproject: Path = ROOT / "pyproject.toml") -> str:
    """Like `1.65.2`."""
    return _first(r'"playwright==([^"]+)"', pyproject)


def browser_folder(source: str) -> Path:
    """Where the pinned browser of one source goes; another version or machine is another folder."""
    version = playwright_version() if source == "playwright" else CHROMIUM_VERSION
    return cache() / f"browser-{version}-{source}-{_machine()}"


def numbers(version: str) -> tuple[int, ...]:
    """`v3.274.1-dev` as (3, 274, 1), to compare."""
    found = re.search(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


def _machine() -> str:
    return f"{platform.system()}-{platform.machine()}".lower()


def _first(pattern: str, path: Path) -> str:
    found = re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    if not found:
        raise ValueError(f"{path} no longer says {pattern}")
    return found.group(1)
