"""Downloads and builds that are kept in the user's cache. The first source that works is used."""

from __future__ import annotations

import shutil
import signal
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from filelock import FileLock, Timeout

from tools import pinned
from tools.progress import StepError, progress, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

T = TypeVar("T")


class NotAvailableError(Exception):
    """No source has it: what was tried, and what to install."""


@dataclass(frozen=True)
class Source(Generic[T]):
    """One way to get something into the cache."""

    name: str
    """Its name in the environment variable that allows one source only."""
    title: str
    """Its name in messages."""
    folder: Path
    """Where it is kept."""
    make: Callable[[Path, Path], None]
    """Fills a folder; the second argument is a log file. Raises StepError."""
    use: Callable[[Path], T]
    """Returns what is in a folder if it runs. Raises StepError."""
    notice: str = ""
    """How long it takes, and how to avoid it, if it takes minutes."""

    def kept(self) -> T | None:
        """What an earlier run has put there. The folder is complete if it exists."""
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
        part, log = self.folder.with_name(self.folder.name + ".part"), self.folder.with_name(f"{self.name}.log")
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


def allowed(names: Sequence[str], variable: str, wanted: str) -> Sequence[str]:
    """The sources that an environment variable allows.

    Raises:
        NotAvailableError: It names one that does not exist.
    """
    if wanted and wanted not in names:
        raise NotAvailableError(f"{variable} is {wanted!r}; it may be {', '.join(names)}, or not set.")
    return (wanted,) if wanted else names


def find_or_get(what: str, sources: Sequence[Source[T]], tried: list[str], advice: str) -> T:
    """Return what is kept, or get it. A second run waits for the first, and finds it in the cache.

    Args:
        what: `Pulumi engine` or `browser`.
        sources: Where it can come from, best first.
        tried: What was tried before, for the message.
        advice: What to install if no source works.

    Raises:
        NotAvailableError: No source works.
    """
    if found := _kept(sources):
        return found
    try:
        with _lock(what):
            if found := _kept(sources):
                return found
            for source in sources:
                say(" ".join(filter(None, [f"Getting the {what} from {source.title}.", source.notice])))
                try:
                    return source.get()
                except StepError as error:
                    tried.append(f"{source.title}: {error}")
                    say(f"Not from {source.title}: {error}")
    except OSError as error:
        tried.append(f"{pinned.cache()} cannot be written ({error.strerror}); XDG_CACHE_HOME sets another folder")
    reasons = "\n".join(f"  - {reason}" for reason in tried)
    raise NotAvailableError(f"There is no {what}. Tried:\n{reasons}\n{advice}")


def print_found(find: Callable[[], str]) -> int:
    """Print what is found to stdout; the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        print(find())
    except NotAvailableError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped. The next run continues.")
        return 130
    return 0


def _kept(sources: Sequence[Source[T]]) -> T | None:
    return next((found for source in sources if (found := source.kept())), None)


@contextmanager
def _lock(what: str) -> Iterator[None]:
    pinned.cache().mkdir(parents=True, exist_ok=True)
    lock = FileLock(pinned.cache() / f"{what.rsplit(maxsplit=1)[-1]}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        with progress(f"Waiting for another run, which is getting the {what}"):
            lock.acquire()
    try:
        yield
    finally:
        lock.release()
