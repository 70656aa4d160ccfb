"""Responses of OpenAI that are kept in the journal: each is read once, and an interrupted run continues."""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.connection import ReadOnlyRequestor
from pulumi_openai_admin.cli.journal import List
from pulumi_openai_admin.errors import ResponseFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_openai_admin.cli.journal import KeptLists, Rows
    from pulumi_openai_admin.config import Settings
    from pulumi_openai_admin.http.call import Call

_ABSENT = 404


class JournaledReplies(ReadOnlyRequestor):
    """Reads each list, and each object outside of lists, once. The journal keeps the responses, not the memory.

    Args:
        settings: Key, address and time limits.
        journal: Keeps the responses, for later runs if it is a `Journal`.
    """

    def __init__(self, settings: Settings, journal: KeptLists) -> None:
        super().__init__(settings)
        self._journal = journal
        self._lock = threading.Lock()
        self._reading: dict[List, threading.Lock] = {}
        self._in_pages = threading.local()
        self.known: Callable[[str], dict[str, Any] | None] = lambda _path: None
        """By path, an object that was read before; None if it was not."""

    def pages(self, call: Call) -> Iterator[dict[str, Any]]:
        """See `Requestor.pages`."""
        yield from self._kept(call, self._all_pages)

    def send(self, call: Call) -> dict[str, Any]:
        """See `Requestor.send`.

        Raises:
            errors.NotFoundError: OpenAI shows no such object, now or when the journal was written.
        """
        if getattr(self._in_pages, "active", False) or call.method != "GET":
            return super().send(call)
        known = self.known(str(call.path))
        if known is not None:
            return known
        rows = self._kept(call, self._single)
        if not rows:
            raise errors.NotFoundError(
                f"Could not {call.action}: OpenAI has no such object", "", ResponseFacts(_ABSENT)
            )
        return rows[0]

    def _kept(self, call: Call, read: Callable[[Call], Rows]) -> Rows:
        key = _key(call)
        with self._turn(key):
            if key not in self._journal:
                self._journal.add(key, read(call))
        return self._journal.rows(key)

    def _all_pages(self, call: Call) -> Rows:
        self._in_pages.active = True
        try:
            return list(super().pages(call))
        finally:
            self._in_pages.active = False

    def _single(self, call: Call) -> Rows:
        try:
            return [super().send(call)]
        except errors.NotFoundError:
            return []

    @contextmanager
    def _turn(self, key: List) -> Iterator[None]:
        """Two threads that need the same response: the second waits for the first."""
        with self._lock:
            lock = self._reading.setdefault(key, threading.Lock())
        with lock:
            yield
        with self._lock:
            self._reading.pop(key, None)


def _key(call: Call) -> List:
    """The project in the path, and the request."""
    found = re.search(r"/projects/([^/]+)", str(call.path))
    query = "&".join(f"{name}={value}" for name, value in sorted(call.query.items()))
    return List(found[1] if found else "", f"{call.path}?{query}")
