from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tools import engine, registries

if TYPE_CHECKING:
    from pathlib import Path


GO = """
case "$1 $2" in
"env GOVERSION") echo go{version} ;;
"-C "*) echo {sdk} ;;
"build -trimpath")
    /bin/mkdir -p "$GOCACHE"
    while [ $# -gt 1 ] && [ "$1" != -o ]; do shift; done
    out=$2; [ "$out" ] || exit 0
    shift 2
    for package; do
        printf '#!/bin/sh\\necho v3.0.0\\n' > "$out/${{package##*/}}"
        /bin/chmod +x "$out/${{package##*/}}"
    done ;;
esac
"""


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
        folder = engine.folder_of(source) / "bin"
        self.write(folder / "pulumi", "echo v3.0.0")
        return folder

    def go(self, version: str = "9.9.9", *, name: str = "go") -> None:
        """Put a Go of that version on the PATH, whose programs print the version of an engine."""
        sdk = self.path.parent / "sdk"
        for script in registries.LAUNCHER:
            self.write(sdk / script, "")
        self.program(name, GO.format(version=version, sdk=sdk))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Nothing is installed here, and there is no way out."""
    found = Machine(tmp_path / "bin", tmp_path / "cache" / "pulumi-openai-admin")
    found.path.mkdir()
    monkeypatch.setenv("PATH", str(found.path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return found
