"""The one way to OpenAI: retries, pace, the time that is left, the log."""

from __future__ import annotations

import json
import logging
import random
import threading
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.http import replies
from pulumi_openai_admin.http.clock import Clock
from pulumi_openai_admin.http.rate_limiter import RateLimiter
from pulumi_openai_admin.http.transport import Wire
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import tenacity

    from pulumi_openai_admin.config import Settings, Wording
    from pulumi_openai_admin.http.call import Call

logger = logging.getLogger(__name__)
request_logger = logging.getLogger("pulumi_openai_admin.requests")

MAX_ATTEMPTS = 6
"""For what is neither a throttle nor final: 5xx, 408, a lost connection, a broken reply."""
MAX_CONFLICTS = 3
"""For a 409, which says that something else was under way, or that it never will do."""
MAX_PAGES = 1000
UNREACHED_SECONDS = 5.0
"""How long is tried where nothing has answered yet: then the address or the network is wrong, most likely."""

_LONG_WAIT = 10.0
_QUIET_BETWEEN_NOTICES = 15.0


@dataclass
class _Deadline:
    """When an operation has to be over; one for all threads that work on it."""

    at: float
    seconds: float
    """How much time there was."""
    is_extended: bool
    """Whether each step that is done (`Requestor.progress`) gives the next one the same time."""


_deadline: ContextVar[_Deadline | None] = ContextVar("deadline", default=None)


class Requestor:
    """Sends calls for one key and address; shared by all threads of a process.

    Args:
        settings: Key, address and patience.
        guard: Called right before a request that changes something; it may end the process.
        sleep: Replaced in tests.
    """

    def __init__(
        self,
        settings: Settings,
        guard: Callable[[], None] = lambda: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self.clock = Clock(time.monotonic)
        """OpenAI's clock, as the last reply showed it."""
        self._wire = Wire(settings, self.clock)
        self._guard = guard
        self.sleep = sleep
        self._paces: dict[tuple[str, ...], RateLimiter] = {}
        self._paces_lock = threading.Lock()
        self._notice_lock = threading.Lock()
        self._last_notice = float("-inf")

    @contextmanager
    def operation(self, at_most: float = 0) -> Iterator[None]:
        """Bound everything sent inside, waits included, by `max_wait_seconds` together.

        Or what comes after the last `progress`, where an operation is made of many steps.

        Args:
            at_most: The seconds that bound all of it together instead (`custom_timeouts`); 0 where nothing says so.
        """
        if _deadline.get() is not None:
            yield
            return
        seconds = at_most or self._settings.max_wait_seconds
        token = _deadline.set(_Deadline(time.monotonic() + seconds, seconds, is_extended=not at_most))
        try:
            yield
        finally:
            _deadline.reset(token)

    def progress(self) -> None:
        """A step of the operation is done, for good: the next one may take as long as an operation."""
        deadline = _deadline.get()
        if deadline is not None and deadline.is_extended:
            deadline.at = time.monotonic() + deadline.seconds

    @property
    def _wording(self) -> Wording:
        """What messages call the things that a user can set, for the operation that goes on."""
        deadline, wording = _deadline.get(), self._settings.wording
        return wording if deadline is None or deadline.is_extended else replace(wording, max_wait="custom_timeouts")

    def send(self, call: Call) -> dict[str, Any]:
        """Send a call and give its reply.

        Raises:
            errors.TransportError: No usable reply, after the repetitions that are safe.
            errors.StatusError: OpenAI said no.
        """
        with self.operation():
            reply: dict[str, Any] = self._retrying(call)(self._attempt, call)
            return reply

    def pages(self, call: Call) -> Iterator[dict[str, Any]]:
        """All objects of a list, page after page; see `Paging`."""
        cursors: set[str] = set()
        query = dict(call.query)
        while True:
            page = self.send(replace(call, query=query))
            rows = page.get("data")
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise self._wire.broken(call, "a list without its objects")
            yield from rows
            if not isinstance(page.get("has_more"), bool):
                raise self._wire.broken(call, "a list that does not say whether it is whole")
            if not page["has_more"]:
                return
            # A list that goes on without saying where, or where it was before, would never end.
            cursor = call.paging.cursor(page, rows, call.identity)
            if not isinstance(cursor, str) or cursor in cursors or len(cursors) >= MAX_PAGES:
                raise self._wire.broken(call, "a list that says it goes on, and not where")
            cursors.add(cursor)
            query["after"] = cursor

    def _retrying(self, call: Call) -> tenacity.Retrying:
        import tenacity  # noqa: PLC0415 - a preview sends nothing, and should not pay for it

        tries, pause = 0, 0.0
        may_have_acted = False
        began = time.monotonic()

        def goes_on(exception: BaseException) -> bool:
            nonlocal tries, pause, may_have_acted
            if not isinstance(exception, errors.AdminError):
                return False
            # A refusal after a lost reply does not mean that the first one did nothing.
            may_have_acted = may_have_acted or (call.method != "GET" and exception.may_have_acted)
            exception.may_have_acted = may_have_acted
            if not _may_repeat(call, exception):
                return False
            if isinstance(exception, errors.RateLimitError):
                self.limiter_of(call).refused(time.monotonic(), exception.facts.wait)
                pause = 0  # the shared pace waits, for all threads alike
                return not self._too_late(exception.facts.wait or 0)
            tries += 1
            advised = exception.facts.wait if isinstance(exception, errors.StatusError) else None
            backoff = min(8.0, 0.5 * 2 ** (tries - 1)) * random.uniform(0.75, 1)  # noqa: S311 - jitter
            pause = backoff if advised is None else advised
            if isinstance(exception, errors.RequestNotSentError) and not self._wire.has_answered:
                return time.monotonic() + pause <= began + UNREACHED_SECONDS
            most = MAX_CONFLICTS if isinstance(exception, errors.ConflictError) else MAX_ATTEMPTS
            return tries < most and not self._too_late(pause)

        return tenacity.Retrying(
            retry=tenacity.retry_if_exception(goes_on), wait=lambda _: pause, sleep=self.sleep, reraise=True
        )

    def _left(self) -> float:
        deadline = _deadline.get()
        return float("inf") if deadline is None else deadline.at - time.monotonic()

    def _too_late(self, wait: float) -> bool:
        return wait >= self._left()

    def pause(self, seconds: float, action: str) -> None:
        """Wait, if the operation has so much time left.

        Raises:
            errors.OperationTimeoutError: It has not.
        """
        if seconds and self._too_late(seconds):
            wording = self._wording
            raise errors.OperationTimeoutError(
                f"Could not {action}: {wording.max_wait} went by", Advice(remedies.RUN_AGAIN, ".")
            )
        self.sleep(seconds)

    @contextmanager
    def hold(self, lock: threading.Lock, action: str) -> Iterator[None]:
        """Hold a lock; the wait for it takes no longer than the operation may.

        Args:
            lock: What another thread may hold.
            action: What is done with it: it completes "Could not …".

        Raises:
            errors.OperationTimeoutError: Another thread has held it until the operation's time was over.
        """
        while not lock.acquire(blocking=False):
            left = self._left()
            if left <= 0:
                wording = self._wording
                what = f"Could not {action}: {wording.max_wait} went by while another resource of this run had its turn"
                raise errors.OperationTimeoutError(what, Advice(remedies.RUN_AGAIN, "."))
            # A step that is done meanwhile may give the operation more time.
            if lock.acquire(timeout=min(left, threading.TIMEOUT_MAX)):
                break
        try:
            yield
        finally:
            lock.release()

    def limiter_of(self, call: Call) -> RateLimiter:
        """The pace of the call's endpoint, by which OpenAI counts; a limit on all of them is met by each by itself."""
        with self._paces_lock:
            return self._paces.setdefault(call.endpoint, RateLimiter())

    def is_throttled(self) -> bool:
        """Whether requests to any endpoint leave one by one, since some were refused."""
        with self._paces_lock:
            return any(pace.is_slowed for pace in self._paces.values())

    def _await_turn(self, call: Call) -> None:
        """Wait for a slot of the endpoint's pace, saying so where it takes long."""
        pace = self.limiter_of(call)
        while True:
            slot = pace.reserve(time.monotonic())
            wait = slot - time.monotonic()
            if wait > 0:
                if self._too_late(wait):
                    wording = self._wording
                    what = f"Could not {call.action}: the requests before it used up {wording.max_wait}"
                    advice = Advice(
                        remedies.RUN_AGAIN, f": it goes on from here. Raise {wording.max_wait} to wait longer."
                    )
                    raise errors.OperationTimeoutError(what, advice)
                self._tell_wait(call, wait)
                self.sleep(wait)
            if pace.is_still_good(slot):
                return

    def _tell_wait(self, call: Call, wait: float) -> None:
        now = time.monotonic()
        with self._notice_lock:
            if wait < _LONG_WAIT or now - self._last_notice < _QUIET_BETWEEN_NOTICES:
                return
            self._last_notice = now
        deadline = _deadline.get()
        most = deadline.seconds if deadline else self._settings.max_wait_seconds
        spent = max(0.0, most - self._left())
        logger.warning(
            "Waiting %.0f s for OpenAI's request limit, to %s (%.0f of at most %.0f s used).%s",
            wait,
            call.action,
            spent,
            most,
            self._wording.give_up,
        )

    def _attempt(self, call: Call) -> dict[str, Any]:
        self._await_turn(call)
        if call.method != "GET":
            self._guard()
        if call.on_send:
            call.on_send()
        started = time.monotonic()
        try:
            status, headers, body = self._wire.exchange(call, self._left, self._wording)
        except errors.TransportError as error:
            request_logger.info("%s %s: %s", call.method, call.path, type(error).__name__)
            raise
        took = time.monotonic() - started
        request_id = printable(headers.get("x-request-id", "-"))[:100]
        request_logger.info("%s %s: %d in %.3f s, request %s", call.method, call.path, status, took, request_id)
        if status < 500 and status != 429:  # noqa: PLR2004 - statuses are best known by their numbers
            self.limiter_of(call).passed()
        if 200 <= status < 300:  # noqa: PLR2004
            return self._parsed(call, body)
        facts = replies.parse_facts(status, headers, body)
        raise replies.status_error(facts, call.action, self._settings.key_source, self._wording)

    def _parsed(self, call: Call, body: bytes) -> dict[str, Any]:
        try:
            parsed: Any = json.loads(body)
        except (ValueError, RecursionError):
            raise self._wire.broken(call, "something that is not JSON") from None
        if not isinstance(parsed, dict):
            raise self._wire.broken(call, "JSON that is no object")
        return parsed


def _may_repeat(call: Call, error: errors.AdminError) -> bool:
    """Whether sending the call once more can help, and can do no harm."""
    if isinstance(error, errors.SpendLimitError):
        return False
    if not call.idempotent and error.may_have_acted:
        return False
    if isinstance(error, errors.StatusError):
        if error.facts.should_retry is not None:
            return error.facts.should_retry
        # Refused or not, a creation that met another one is not sent blindly again: `once.Creation` looks first.
        is_passing = isinstance(error, errors.ConflictError) and call.idempotent
        return is_passing or isinstance(error, errors.RateLimitError | errors.InternalServerError)
    return isinstance(error, errors.TransportError)
