"""Downloads and builds that are kept in the user's cache. The first source that works is used."""

from __future__ import annotations

import shutil
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock

from tools import pinned
from tools.commands import StepError, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Source:
    """One way to get something into the cache."""

    title: str
    folder: Path
    """Where it is kept. The folder is complete if it exists."""
    make: Callable[[Path, Path], None]
    """Fills a folder; the second argument is a log file. Raises StepError."""
    check: Callable[[Path], object] = lambda _: None
    """Raises StepError if what is in a folder does not run."""

    def is_kept(self) -> bool:
        """Return whether an earlier run has put it there, and it runs."""
        if not self.folder.exists():
            return False
        try:
            self.check(self.folder)
        except StepError as error:
            say(f"The one in the cache is not used: {error}.")
            return False
        return True

    def get(self) -> None:
        """Make it in a temporary folder, check that it runs, and move the folder into place."""
        part, log = self.folder.with_name(f"{self.folder.name}.part"), self.folder.with_name(f"{self.folder.name}.log")
        shutil.rmtree(part, ignore_errors=True)
        log.unlink(missing_ok=True)
        try:
            part.mkdir()
            self.make(part, log)
            self.check(part)
            shutil.rmtree(self.folder, ignore_errors=True)
            part.replace(self.folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def find_or_get(what: str, sources: Sequence[Source], advice: str, tried: Sequence[str] = ()) -> Source:
    """Return the source that is kept, or get it from the first that works.

    A second run waits for the first, and finds it in the cache. If no source works, the error says what was tried,
    also before, and what to install.
    """

    def kept() -> Source | None:
        return next((source for source in sources if source.is_kept()), None)

    if found := kept():
        return found
    reasons = [*tried]
    try:
        pinned.cache().mkdir(parents=True, exist_ok=True)
        with FileLock(pinned.cache() / f"{what.rsplit(maxsplit=1)[-1]}.lock"):
            if found := kept():
                return found
            for source in sources:
                source.folder.parent.mkdir(parents=True, exist_ok=True)
                say(f"Getting the {what} from {source.title}.")
                try:
                    source.get()
                except StepError as error:
                    reasons.append(f"{source.title}: {error}")
                    say(f"Not from {source.title}: {error}")
                else:
                    return source
    except OSError as error:
        reasons.append(f"{pinned.cache()} cannot be written ({error.strerror}); XDG_CACHE_HOME sets another folder")
    listed = "\n".join(f"  - {reason}" for reason in reasons)
    raise StepError(f"There is no {what}. Tried:\n{listed}\n{advice}")


def print_found(find: Callable[[], object]) -> int:
    """Print what is found to stdout; the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        print(find())
    except StepError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped. The next run continues.")
        return 130
    return 0
