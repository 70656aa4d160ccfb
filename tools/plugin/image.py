"""Prints the image in which the archives for Linux are built. `Dockerfile` is the one place that names it.

    python3 tools/plugin/image.py

A tag can name another image tomorrow, so the image must be named by its digest, too.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

DOCKERFILE = Path(__file__).resolve().parent / "Dockerfile"
_IMAGE = re.compile(r"^FROM (\S+)$", re.MULTILINE)
_BY_DIGEST = re.compile(r"[\w./:-]+@sha256:[0-9a-f]{64}")


def image(text: str) -> str:
    """The image of a Dockerfile, by its digest. Ends the program if there is none."""
    (name,) = _IMAGE.findall(text)
    if not _BY_DIGEST.fullmatch(name):
        sys.exit(f"{DOCKERFILE.name} names {name} without a digest: write {name}@sha256:…")
    return str(name)


if __name__ == "__main__":
    print(image(DOCKERFILE.read_text(encoding="utf-8")))
