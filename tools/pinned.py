"""Which engine, which Go, and where they are kept: read from go.mod, the one place that says it."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
ROOT = TOOLS.parent


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
    machine = f"{platform.system()}-{platform.machine()}".lower()
    return cache() / f"engine-{pulumi_version()}-{source}-{machine}"


def numbers(version: str) -> tuple[int, ...]:
    """`v3.274.1-dev` as (3, 274, 1), to compare."""
    found = re.search(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


def _first(pattern: str, path: Path) -> str:
    found = re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    if not found:
        raise ValueError(f"{path} no longer says {pattern}")
    return found.group(1)
