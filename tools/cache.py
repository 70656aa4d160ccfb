"""Downloads and builds that are kept in the user's cache."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from filelock import FileLock

from tools import pinned
from tools.commands import StepError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def keep(what: str, folder: Path, make: Callable[[Path, Path], None], advice: str = "") -> Path:
    """Return a folder of the cache, which is complete if it exists. A second run waits for the first.

    Args:
        what: What it contains, for messages.
        folder: Where it is kept.
        make: Fills a folder; the second argument is a log file. It raises StepError.
        advice: What to do if it can't be made.
    """
    part, log, lock = (folder.with_name(f"{folder.name}.{end}") for end in ("part", "log", "lock"))
    if folder.exists():
        return folder
    try:
        pinned.cache().mkdir(parents=True, exist_ok=True)
        with FileLock(lock):
            if not folder.exists():
                shutil.rmtree(part, ignore_errors=True)
                log.unlink(missing_ok=True)
                part.mkdir()
                make(part, log)
                part.replace(folder)
    except StepError as error:
        raise StepError(f"There is no {what}: {error}\n{advice}".strip()) from None
    except OSError as error:
        reason = f"{folder.parent} cannot be written ({error.strerror}); XDG_CACHE_HOME sets another folder"
        raise StepError(f"There is no {what}: {reason}") from None
    return folder


def install(program: Path, content: bytes) -> None:
    """Put a program where others may be running it at this moment."""
    if not program.exists() or program.read_bytes() != content:
        new = program.with_name(f".{program.name}.{os.getpid()}")
        new.write_bytes(content)
        new.chmod(0o755)
        new.replace(program)
