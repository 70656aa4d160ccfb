from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tools import pinned

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Machine:
    """A PATH and a cache of one's own."""

    path: Path
    cache: Path

    def program(self, name: str, text: str) -> None:
        """Put a shell script on the PATH."""
        self.write(self.path / name, text)

    @staticmethod
    def write(place: Path, text: str) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        place.chmod(0o755)

    def keep(self, source: str) -> Path:
        """Put an engine of that source into the cache; the folder for PATH."""
        folder = pinned.engine_folder(source) / "bin"
        for name in ("pulumi", "pulumi-language-python", "pulumi-resource-pulumi-python"):
            self.write(folder / name, "echo v3.0.0")
        return folder

    def engine_of(self, version: str) -> None:
        """Put a whole engine on the PATH."""
        self.program("pulumi", f"echo v{version}")
        self.program("pulumi-language-python", "exit 1")
        self.program("pulumi-resource-pulumi-python", "exit 1")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Nothing is installed here, and there is no way out."""
    found = Machine(tmp_path / "bin", tmp_path / "cache" / "pulumi-openai-admin")
    found.path.mkdir()
    monkeypatch.setenv("PATH", str(found.path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return found
