"""Which provider processes of one engine use the same admin key.

Each provider of a program is a separate process, and the engine passes no messages between them. So each process
creates a file in the folder for temporary files. Its name is a digest of the engine's address, the base URL and the
key, and it contains the name of the provider. It is removed when the process ends, or a day later by another one if
the process was killed.
"""

from __future__ import annotations

import atexit
import logging
import os
import tempfile
import time
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_openai_admin import config, errors
from pulumi_openai_admin.printable import capitalized, printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.engine.process import Engine

logger = logging.getLogger(__name__)
_PREFIX = "pulumi-openai-admin-"
_SECONDS = 24 * 60 * 60
"""An older file is from a process that was killed: another engine may have the address now."""


def warn_of_same_key(engine: Engine | None, setting: Callable[[str], object]) -> None:
    """Warn once if another provider of the program uses the same key: neither knows what the other one does."""
    try:
        settings = config.resolve(os.environ, setting)
    except errors.ConfigurationError:  # a preview needs no key; what sends a request reports the error
        return
    if engine is not None:
        _warn(engine.address, settings)


@cache
def _warn(address: str, settings: config.Settings) -> None:
    identity = f"{address}\n{settings.base_url}\n{settings.admin_api_key}"
    path = Path(tempfile.gettempdir()) / f"{_PREFIX}{sha256(identity.encode()).hexdigest()}"
    try:
        _remove_old(path.parent)
        other = _first_user(path, settings.provider)
    except (OSError, UnicodeDecodeError):  # then nobody is warned
        return
    if other == settings.provider:
        return
    both = " and ".join(f"Provider {name!r}" if name else "the default provider" for name in (other, settings.provider))
    logger.warning(
        "%s use the same admin key, so they manage the same organization. Use one provider for each organization, "
        "or give each its own key.",
        capitalized(printable(both)),
    )


def _remove_old(folder: Path) -> None:
    with os.scandir(folder) as entries:  # many files may be there, and `Path.glob` takes ten times as long
        files = [entry for entry in entries if entry.name.startswith(_PREFIX)]
    for file in files:
        with suppress(OSError):  # it is removed already, or it is another user's
            if time.time() - file.stat().st_mtime > _SECONDS:
                os.unlink(file)  # noqa: PTH108 - an entry is not a `Path`


def _first_user(path: Path, provider: str) -> str:
    """Return the name of the provider that has created the file; create it, with its content, if there is none."""
    own = path.with_name(f"{path.name}-{os.getpid()}")
    with os.fdopen(os.open(own, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(provider)
    try:
        path.hardlink_to(own)
    except FileExistsError:
        return path.read_text(encoding="utf-8")
    finally:
        own.unlink()
    atexit.register(path.unlink, missing_ok=True)
    return provider
