"""Downloads and builds that are kept in the user's cache. The first source that works is used."""

from __future__ import annotations

import shutil
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from filelock import FileLock

from tools import pinned
from tools.commands import StepError, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

T = TypeVar("T")


@dataclass(frozen=True)
class Source(Generic[T]):
    """One way to get something into the cache."""

    title: str
    folder: Path
    """Where it is kept. The folder is complete if it exists."""
    make: Callable[[Path, Path], None]
    """Fills a folder; the second argument is a log file. Raises StepError."""
    use: Callable[[Path], T]
    """Returns what is in a folder if it runs. Raises StepError."""
    notice: str = ""
    """How long it takes, and how to avoid it, if it takes minutes."""

    def kept(self) -> T | None:
        """What an earlier run has put there."""
        if not self.folder.exists():
            return None
        try:
            return self.use(self.folder)
        except StepError as error:
            say(f"The one in the cache is not used: {error}.")
            return None

    def get(self) -> T:
        """Make it in a temporary folder, check that it runs, and move the folder into place.

        Raises:
            StepError: It could not be made, or does not run.
        """
        part, log = self.folder.with_name(f"{self.folder.name}.part"), self.folder.with_name(f"{self.folder.name}.log")
        shutil.rmtree(part, ignore_errors=True)
        log.unlink(missing_ok=True)
        try:
            self.make(part, log)
            self.use(part)
            shutil.rmtree(self.folder, ignore_errors=True)
            part.replace(self.folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return self.use(self.folder)


def find_or_get(what: str, sources: Sequence[Source[T]], advice: str, tried: Sequence[str] = ()) -> T:
    """Return what is kept, or get it. A second run waits for the first, and finds it in the cache.

    Args:
        what: `Pulumi engine` or `browser`.
        sources: Where it can come from, best first.
        advice: What to install if no source works.
        tried: What was tried before, for the message.

    Raises:
        StepError: No source works: what was tried, and what to do.
    """

    def kept() -> T | None:
        return next((found for source in sources if (found := source.kept())), None)

    if found := kept():
        return found
    reasons = [*tried]
    try:
        pinned.cache().mkdir(parents=True, exist_ok=True)
        with FileLock(pinned.cache() / f"{what.rsplit(maxsplit=1)[-1]}.lock"):
            if found := kept():
                return found
            for source in sources:
                say(" ".join(filter(None, [f"Getting the {what} from {source.title}.", source.notice])))
                try:
                    return source.get()
                except StepError as error:
                    reasons.append(f"{source.title}: {error}")
                    say(f"Not from {source.title}: {error}")
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
