"""The libraries in C that an archive contains: as files of their own, or linked into Python.

`licences/` has the text of each licence. A Python of a distribution uses shared libraries, which the packer finds. A
portable Python has them linked into its modules, or these into itself: no file shows them.
"""

from __future__ import annotations

import importlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

LICENCES = Path(__file__).resolve().parent / "licences"
SHARED = re.compile(r"(lib(?!python).*\.(so[.\d]*|dylib)|(?!python).*\.dll)", re.IGNORECASE)
"""The names of shared libraries. The licence of Python holds for its own."""
_VERSION = re.compile(r"\d+(?:\.\d+)+[a-z]?")


@dataclass(frozen=True)
class Library:
    """A library, and how to see that an archive contains it."""

    name: str
    licence: str
    """By SPDX."""
    files: str = ""
    """The names of its files, as a regular expression without the ends `.so.1`, `.dylib` and `.dll`."""
    modules: tuple[str, ...] = ()
    """The modules of Python that need it."""
    said_by: tuple[str, str] | None = None
    """The module and the constant with its version. Python does not know the versions of the others."""
    product: str = ""
    """The vendor and the product in the CPE, by which scanners find vulnerabilities."""

    @property
    def text(self) -> Path:
        """The text of its licence."""
        return LICENCES / f"{self.name}.txt"

    @property
    def version(self) -> str | None:
        """The version that the Python of the archive has; None if it can't say."""
        if self.said_by is None:
            return None
        module, constant = self.said_by
        found = _VERSION.search(str(getattr(importlib.import_module(module), constant)))
        return found[0] if found else None

    def is_in(self, names: Collection[str]) -> bool:
        """Return whether an archive with files of these names contains it."""
        modules = {name.partition(".")[0] for name in names} | {*sys.builtin_module_names}
        return any(self.has(name) for name in names) or not modules.isdisjoint(self.modules)

    def has(self, name: str) -> bool:
        """Return whether a file of this name is its own."""
        return bool(
            self.files and re.fullmatch(rf"(?:{self.files})(?:\.so[.\d]*|[.\d]*\.dylib|\.dll)", name, re.IGNORECASE)
        )


LIBRARIES = (
    Library("bzip2", "bzip2-1.0.6", "libbz2", ("_bz2",)),
    Library("expat", "MIT", "libexpat", ("pyexpat",), ("pyexpat", "EXPAT_VERSION"), "libexpat_project:libexpat"),
    Library("gcc-runtime", "GPL-3.0-or-later WITH GCC-exception-3.1", r"lib(?:gcc_s|stdc\+\+)"),
    Library("gettext-runtime", "LGPL-2.1-or-later", "libintl"),
    Library("libedit", "BSD-3-Clause", "libedit", ("readline",)),
    Library("libffi", "MIT", r"libffi(?:-\d+)?", ("_ctypes",)),
    Library("libuuid", "BSD-3-Clause", "libuuid", ("_uuid",)),
    Library(
        "microsoft-visual-c-runtime", "LicenseRef-Microsoft", r"vcruntime\d+\w*|msvcp\d+\w*|ucrtbase|api-ms-win-.*"
    ),
    Library("mpdecimal", "BSD-2-Clause", "libmpdec", ("_decimal",), ("_decimal", "__libmpdec_version__")),
    Library("ncurses", "X11-distribute-modifications-variant", "lib(?:ncurses|panel|tinfo)w?", ("_curses",)),
    Library(
        "openssl",
        "Apache-2.0",
        r"lib(?:crypto|ssl)(?:-[\w-]+)?",
        ("_ssl", "_hashlib"),
        ("ssl", "OPENSSL_VERSION"),
        "openssl:openssl",
    ),
    Library("sqlite", "blessing", "(?:lib)?sqlite3", ("_sqlite3",), ("sqlite3", "sqlite_version"), "sqlite:sqlite"),
    Library("xz", "0BSD", "liblzma", ("_lzma",)),
    Library("zlib", "Zlib", r"libz|zlib\d*", ("zlib",), ("zlib", "ZLIB_RUNTIME_VERSION"), "zlib:zlib"),
)
