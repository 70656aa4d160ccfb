"""A client for each key, organization and base URL of a run: its requestor, lists, locks and ownership of objects."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.http import replies
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import bounded
from pulumi_openai_admin.remedies import Advice
from pulumi_openai_admin.schema.paths import PROJECT, Paging, Parent, parents_in

if TYPE_CHECKING:
    from pulumi_openai_admin.http.requestor import Requestor

logger = logging.getLogger(__name__)

T = TypeVar("T")

THROTTLED_CONCURRENCY = 4
"""How many operations run while requests are refused. It is enough to use the whole limit. With more, each operation
would wait longer within its own `max_wait_seconds`."""

Executor = Callable[[Sequence[Callable[[], None]], int], None]
"""Makes all calls, at most so many at a time, and returns after the last one."""


def in_threads(calls: Sequence[Callable[[], None]], at_a_time: int) -> None:
    """Make each call in a thread, with the context of this one: the deadline, and the resource for warnings."""
    with ThreadPoolExecutor(min(at_a_time, len(calls))) as pool:
        for call in [pool.submit(copy_context().run, call) for call in calls]:
            call.result()


class Listing:
    """All objects below a path. The list is fetched once in a run and shared by all threads.

    A run is one engine operation, or one run of a program, so a list is never older than that. Responses to POST update
    it. If a response contradicts the list, it is fetched again.
    """

    def __init__(self, requestor: Requestor, call: Call) -> None:
        self._requestor = requestor
        self._call = call
        self.identity = call.identity
        """The field that has the objects' ids."""
        self._lock = threading.Lock()
        """Held briefly, never during a request."""
        self._rows: dict[str, dict[str, Any]] | None = None
        self._former: dict[str, dict[str, Any]] | None = None
        """The list that was fetched before."""
        self._first: dict[str, dict[str, Any]] | None = None
        """What `first_rows` has fetched."""
        self._fetching = threading.Lock()
        self._learned: dict[str, dict[str, Any] | None] = {}
        """By id, what was updated or deleted (None) while the list was fetched, and may be shown as it was before."""
        self._dropped: set[str] = set()
        """The ids of what this run deleted, or found deleted."""
        self._fetch = 0
        """Incremented by `forget`, so that a list that was requested before is not kept."""
        self._settling = threading.Lock()
        self._is_settled = False

    def rows(self) -> Mapping[str, dict[str, Any]]:
        """The objects by id.

        Raises:
            errors.OperationTimeoutError: Another thread fetched them until the operation's time was over.
            errors.InvalidResponseError: No object has an id, so none could be recognized.
        """
        with self._requestor.hold(self._fetching, self._call.action):
            with self._lock:
                if self._rows is not None:
                    return dict(self._rows)
                fetch, self._learned = self._fetch, {}
            shown = list(self._requestor.pages(self._call))
            rows = {str(row[self.identity]): row for row in shown if row.get(self.identity)}
            if shown and not rows:
                what = f"Could not {self._call.action}: the objects in the list have no {self.identity}"
                raise errors.InvalidResponseError(what, f"They have {bounded(', ', sorted(shown[0]))}.")
            with self._lock:
                rows = {id_: row for id_, row in {**rows, **self._learned}.items() if row is not None}
                if fetch == self._fetch:
                    self._rows = rows
                return dict(rows)

    def first_rows(self, most: int) -> Mapping[str, dict[str, Any]]:
        """The objects by id; only the first ones if the list has not been fetched. They are fetched once in a run."""
        with self._requestor.hold(self._fetching, self._call.action):
            with self._lock:
                if self._rows is not None:
                    return dict(self._rows)
            if self._first is None:
                first = islice(self._requestor.pages(self._call), most)
                self._first = {str(row.get(self._call.identity)): row for row in first}
            return self._first

    def find_with_refetch(self, predicate: Callable[[Mapping[str, Any]], bool]) -> dict[str, Any] | None:
        """An object of the list; None only if two lists that were fetched one after the other lack it.

        A list may lag behind. All that look for an object that is missing share the second list.
        """

        def found(rows: Mapping[str, dict[str, Any]]) -> dict[str, Any] | None:
            return next((dict(row) for row in rows.values() if predicate(row)), None)

        rows = self.rows()
        with self._lock:
            fetch, former = self._fetch, self._former
        row = found(rows)
        if row is None and (former is None or found(former) is not None):
            self.forget(fetch)
            row = found(self.rows())
        return row

    def find(self, id_: str) -> dict[str, Any] | None:
        """An object of the list, which is fetched if it has not been; None if the object is not in it."""
        with self._lock:
            if self._rows is not None:  # without a copy of all rows for each of many members
                row = self._rows.get(id_)
                return None if row is None else dict(row)
        return self.rows().get(id_)

    def row(self, id_: str) -> dict[str, Any] | None:
        """An object of the list, without a request; None if it is not in the list."""
        with self._lock:
            row = (self._rows or {}).get(id_)
            return None if row is None else dict(row)

    def settle(self, pause: Callable[[float, str], None], waits: Iterable[float]) -> None:
        """Fetch the list until two fetches in a row have the same objects: a new parent may not show all at once.

        Args:
            pause: Waits, like `Client.pause`.
            waits: The seconds before each further fetch. The last list is used even if it differs.
        """
        with self._requestor.hold(self._settling, self._call.action):
            if self._is_settled:
                return
            shown = set(self.rows())
            for wait in waits:
                pause(wait, self._call.action)
                self.forget()
                before, shown = shown, set(self.rows())
                if shown == before:
                    break
            self._is_settled = True

    def preload(self, rows: Iterable[dict[str, Any]]) -> None:
        """Set the list to objects that were fetched before."""
        with self._lock:
            self._rows = {str(row[self._call.identity]): row for row in rows}

    def learn(self, row: dict[str, Any]) -> None:
        """Update an object of the list from a response."""
        with self._lock:
            self._learned[str(row[self._call.identity])] = row
            if self._rows is not None:
                self._rows[str(row[self._call.identity])] = row

    def drop(self, id_: str) -> None:
        """Remove an object that OpenAI has deleted."""
        with self._lock:
            self._dropped.add(id_)
            self._learned[id_] = None
            for rows in (self._rows, self._former):
                if rows is not None:
                    rows.pop(id_, None)

    def has_dropped(self, id_: str) -> bool:
        """Return whether this run has removed an object, so that nobody has to wait until OpenAI shows it."""
        with self._lock:
            return id_ in self._dropped

    def forget(self, fetch: int | None = None) -> None:
        """Fetch the list again the next time it is used.

        Args:
            fetch: The list that is not enough: it is not fetched again if another one has replaced it since.
        """
        with self._lock:
            if fetch in (None, self._fetch):
                self._former = self._former if self._rows is None else self._rows
                self._rows = None
                self._fetch += 1


class Client:
    """The client that handlers send their requests with."""

    def __init__(self, requestor: Requestor, parallel: int = 1, executor: Executor | None = None) -> None:
        self.requestor = requestor
        self.parallel = parallel
        self.executor = executor or in_threads
        """Runs the parallel steps of an operation."""
        self._running, self._ended = 0, threading.Condition()
        self.send = requestor.send
        self.progress = requestor.progress
        self.pause = requestor.pause
        self.log_wait = requestor.log_wait
        self.clock = requestor.clock
        self._lock = threading.Lock()
        self._listings: dict[str, Listing] = {}
        self._owned: Counter[str] = Counter()
        self._shown_parents: set[str] = set()
        self._anchor: str | None = None
        self._no_anchor: errors.PermissionDeniedError | None = None
        self._named_locks: dict[str, threading.Lock] = {}
        self._shared: dict[type, object] = {}
        self._in_flight = threading.BoundedSemaphore(THROTTLED_CONCURRENCY * parallel)

    @contextmanager
    def operation(self, at_most: float = 0) -> Iterator[None]:
        """See `Requestor.operation`; it starts when few run, or no requests wait for the Administration API rate limit.

        Its time limit restarts when it starts, unless the resource limits the time of the whole operation.
        """
        with self.requestor.operation(at_most):
            self.requestor.await_turn(self._starts)
            try:
                self.progress()
                yield
            finally:
                with self._ended:
                    self._running -= 1
                    self._ended.notify_all()

    def _starts(self, seconds: float) -> bool:
        """Wait for at most so many seconds; whether an operation may start, and is counted."""

        def may_start() -> bool:
            return self._running < THROTTLED_CONCURRENCY or not self.requestor.is_throttled()

        with self._ended:
            if not self._ended.wait_for(may_start, seconds):
                return False
            self._running += 1
            return True

    @contextmanager
    def in_flight(self) -> Iterator[None]:
        """Limit the concurrent requests of operations with many, such as those of a `ProjectRateLimits`.

        `THROTTLED_CONCURRENCY` operations can each use `parallel`; further ones share with them. With more, the last
        request would wait for the Administration API rate limit longer than its time limit.
        """
        self.requestor.await_turn(lambda seconds: self._in_flight.acquire(timeout=seconds))
        try:
            yield
        finally:
            self._in_flight.release()

    def shared(self, kind: type[T]) -> T:
        """The one object of a type that all operations of the run share: what its handlers keep for the run.

        Args:
            kind: The type, which is called without arguments when the object is first needed.
        """
        with self._lock:
            if kind not in self._shared:
                self._shared[kind] = kind()
            return cast("T", self._shared[kind])

    def listing(
        self,
        path: str,
        action: str,
        query: Mapping[str, str | int],
        paging: Paging = Paging.LAST_ID,
        identity: str = "id",
    ) -> Listing:
        """The list below a path, shared by all resources of this run that use the same query."""
        key = f"{path}?{sorted(query.items())}"
        with self._lock:
            if key not in self._listings:
                call = Call("GET", path, action, query, paging=paging, identity=identity)
                self._listings[key] = Listing(self.requestor, call)
            return self._listings[key]

    def forget_lists(self) -> None:
        """Fetch each list again the next time it is used."""
        with self._lock:
            lists = [*self._listings.values()]
        for listing in lists:
            listing.forget()

    def acquire(self, name: str) -> None:
        """Record that a resource of this run created an object, or manages one that existed before.

        Args:
            name: The object's id, or its path if ids are not unique.
        """
        with self._lock:
            self._owned[name] += 1

    def release(self, names: Iterable[str]) -> None:
        """Release what a step acquired, after it failed with nothing recorded in the state."""
        with self._lock:
            self._owned.subtract(names)

    def is_owned(self, name: str) -> bool:
        """Return whether a resource of this run has created the object, or manages it."""
        with self._lock:
            return self._owned[name] > 0

    @contextmanager
    def exclusively(self, name: str, action: str) -> Iterator[None]:
        """Hold the lock of a name: for steps that could use each other's objects or values by mistake.

        Args:
            name: What the steps have in common, such as a path.
            action: What the step does, for messages: it completes "Could not …".

        Raises:
            errors.OperationTimeoutError: The lock was not free before the operation's time was over.
        """
        with self._lock:
            lock = self._named_locks.setdefault(name, threading.Lock())
        with self.requestor.hold(lock, action):
            yield

    @contextmanager
    def inside(self, parents: Mapping[str, str]) -> Iterator[None]:
        """If OpenAI refuses a request, raise another error if the reason is an archived or missing parent."""
        try:
            yield
        except (errors.NotFoundError, errors.BadRequestError, errors.PermissionDeniedError) as refusal:
            self.raise_if_parent_is_gone(parents, refusal)
            raise

    def raise_if_parent_is_gone(self, parents: Mapping[str, str], because: errors.AdminError) -> None:
        """Find out whether the reason of a refusal is an archived or missing parent, by reading the parents.

        Without a parent no request is sent.

        GET still shows an archived project, so its `status` decides
        (GET /organization/projects/{project_id}).
        """
        if isinstance(because, errors.StatusError) and because.facts.code in replies.NO_CONFLICT:
            return  # the code names the reason
        for parent, id_ in parents_in(parents):
            call = Call("GET", parent.path_of(id_), f"look at {parent.noun} {id_}")
            try:
                shown = self.send(call)
            except errors.NotFoundError as missing:
                raise _missing(parent, id_, missing) from because
            except errors.AdminError:
                return  # the first error says more
            if parent.can_be_archived and (shown.get("status") == "archived" or shown.get("archived_at")):
                what = f"{parent.name_of(id_)} is archived, and nothing in it can be used or changed"
                advice = errors.ARCHIVED_ADVICE if parent is PROJECT else "Remove its objects from the program."
                ended = parent.ended(what, advice)
                ended.parent = (parent.id_name, id_)
                raise ended from because

    def require_parent(self, parents: Mapping[str, str]) -> None:
        """Check, once in a run, that OpenAI shows the parents of an object.

        Raises:
            errors.ParentNotFoundError: It does not: the key may belong to another organization.
        """
        for parent, id_ in parents_in(parents):
            purpose = f"look at {parent.noun} {id_}"
            with self.exclusively(f"{parent.noun} {id_}", purpose):
                if f"{parent.noun} {id_}" in self._shown_parents:
                    continue
                try:
                    self.send(Call("GET", parent.path_of(id_), purpose))
                except errors.NotFoundError as missing:
                    raise _missing(parent, id_, missing) from missing
                self._shown_parents.add(f"{parent.noun} {id_}")
                if parent is PROJECT and self._anchor is None:
                    self._anchor = id_

    def ended_with_its_parent(self, parents: Mapping[str, str], because: errors.AdminError) -> bool:
        """Return whether an object that can't be deleted no longer exists because its parent has ended.

        Raises:
            errors.ParentNotFoundError: OpenAI does not show the parent, so the object may still exist.
        """
        try:
            self.raise_if_parent_is_gone(parents, because)
        except errors.ParentNotFoundError:
            raise
        except errors.ResourceGoneError:
            return True
        return False

    def anchor(self) -> str:
        """The id of a project, to check later that a key belongs to the same organization: OpenAI deletes no project.

        Empty if the organization has none. Requested once in a run, unless a project was shown before
        (GET /organization/projects?limit=1&include_archived=true).

        Raises:
            errors.PermissionDeniedError: The key can't list projects. The same error each time.
        """
        purpose = "look for a project by which later runs recognize the organization"
        with self.exclusively("anchor", purpose):
            if self._no_anchor is not None:
                raise self._no_anchor
            if self._anchor is None:
                query: dict[str, str | int] = {"limit": 1, "include_archived": "true"}
                try:
                    rows = self.send(Call("GET", "/organization/projects", purpose, query)).get("data")
                except errors.PermissionDeniedError as refusal:
                    self._no_anchor = refusal
                    raise
                first = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
                self._anchor = str(first.get("id") or "")
            return self._anchor


def _missing(parent: Parent, id_: str, refusal: errors.NotFoundError) -> errors.ResourceGoneError:
    """The error for a parent that OpenAI does not show: deleted, or one that never was."""
    name = parent.name_of(id_)
    missing: errors.ResourceGoneError = errors.ProjectNotFoundError.named(name)
    if parent.can_be_deleted:
        advice = Advice(
            f"If the {parent.noun} was deleted outside Pulumi, ",
            remedies.REFRESH_THEN_RUN,
            f". If the program does not manage the {parent.noun}, correct the id, or remove its objects from the "
            "program.",
        )
        missing = parent.ended(f"{name} was not found", advice)
        missing.facts = refusal.facts
        missing.is_absent = True
    missing.parent = (parent.id_name, id_)
    return missing
