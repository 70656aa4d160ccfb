"""Which glibc the programs and libraries of a folder need. Imports only what `requirements.txt` installs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROMISED = (2, 28)
"""What docs/native-provider.md promises: that of RHEL 8, in which releases are made."""
_GLIBC = re.compile(r"GLIBC_(\d+(?:\.\d+)*)")


@dataclass(frozen=True, order=True)
class Needed:
    """A version of glibc, and a file that needs it."""

    version: tuple[int, ...]
    file: str

    def __str__(self) -> str:
        """Like `glibc 2.34 (libpython3.13.so.1.0)`."""
        return f"glibc {dotted(self.version)} ({self.file})"


def newest_glibc(folder: Path) -> Needed | None:
    """The newest glibc that a file of the folder needs; None if none needs one, as on other systems."""
    found = (
        Needed(version, path.relative_to(folder).as_posix())
        for path in folder.rglob("*")
        if path.is_file()
        for version in _versions(path)
    )
    return max(found, default=None)


def _versions(path: Path) -> Iterator[tuple[int, ...]]:
    """The versions of glibc whose symbols a file uses; none if it is no ELF file."""
    with path.open("rb") as file:
        try:
            section = ELFFile(file).get_section_by_name(".gnu.version_r")
        except ELFError:
            return
        for _, symbols in section.iter_versions() if isinstance(section, GNUVerNeedSection) else ():
            for symbol in symbols:
                if match := _GLIBC.fullmatch(symbol.name):
                    yield tuple(map(int, match[1].split(".")))


def dotted(version: tuple[int, ...]) -> str:
    """Like `2.17`."""
    return ".".join(map(str, version))
