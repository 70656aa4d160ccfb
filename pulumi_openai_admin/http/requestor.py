"""Sends requests to OpenAI: retries, rate limiter, time limit, log."""

from __future__ import annotations

import json
import logging
import random
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.http import replies
from pulumi_openai_admin.http.clock import Clock, ServerClock, WaitLimits, nothing_sent
from pulumi_openai_admin.http.transport import Transport, Wire
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.remedies import Advice, Message, OptionalAdvice, RemedyKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import tenacity

    from pulumi_openai_admin.config import SettingName, Settings
    from pulumi_openai_admin.http.call import Call

logger = logging.getLogger(__name__)
request_logger = logging.getLogger("pulumi_openai_admin.requests")

MAX_ATTEMPTS = 6
"""For temporary failures: 5xx, 408, a lost connection, an invalid response. 429 has no such limit."""
MAX_CONFLICTS = 3
"""For a 409: another change was in progress, or the request conflicts with an object."""
MAX_PAGES = 1000
UNREACHED_SECONDS = 5.0
"""How long to retry before the first response: the base URL or the network is probably wrong."""

_STOP_AT_ONCE = OptionalAdvice(RemedyKind.STOP_AT_ONCE)
_LONG_WAIT = 10.0
_QUIET_BETWEEN_NOTICES = 15.0

_FIRST_BACKOFF = 0.5
_MAX_BACKOFF = 60.0
_FIRST_INTERVAL = 0.05
_MAX_INTERVAL = 60.0
_SLOWER = 1.5
_FASTER = 0.95


@dataclass
class RateLimiter:
    """Requests are sent at once until one is refused, and then one by one, faster while none is refused.

    Time comes in as an argument. A refusal stops all threads until its wait is over, and increases the interval
    between requests. Each accepted request decreases it. So waiting threads do not all send at once when the wait
    ends, to be refused again.
    """

    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _resume_at: float = 0.0
    _next_slot: float = 0.0
    _interval: float = 0.0
    _refusals_in_a_row: int = 0

    @property
    def is_slowed(self) -> bool:
        """Return whether requests are sent one by one, because some were refused."""
        with self._lock:
            return self._interval > 0

    def reserve(self, now: float) -> float:
        """Reserve the next free slot; returns the time (same clock as `now`) at which the request may be sent."""
        with self._lock:
            slot = max(now, self._resume_at, self._next_slot)
            self._next_slot = slot + self._interval
            return slot

    def is_still_good(self, slot: float) -> bool:
        """Return whether no request was refused since the slot was reserved, or the slot is after that wait."""
        with self._lock:
            return slot >= self._resume_at

    def refused(self, now: float, advised: float | None) -> None:
        """Record a 429.

        Args:
            now: The time of the refusal.
            advised: The wait that OpenAI advised in seconds. None if it gave no advice: then the wait doubles with each
                consecutive refusal.
        """
        with self._lock:
            is_repeated = now < self._resume_at  # several requests in flight that are refused together count once
            if is_repeated and advised is None:
                return
            backoff = min(_MAX_BACKOFF, _FIRST_BACKOFF * 2**self._refusals_in_a_row)
            self._refusals_in_a_row = min(self._refusals_in_a_row + 1, 10)
            self._resume_at = max(self._resume_at, now + (backoff if advised is None else advised))
            self._next_slot = max(self._next_slot, self._resume_at)
            # If the advised wait is shorter than the interval, the interval is long enough.
            if not is_repeated and (advised is None or advised > self._interval / 2):
                self._interval = min(_MAX_INTERVAL, max(_FIRST_INTERVAL, self._interval * _SLOWER))

    def passed(self) -> None:
        """Record a request that was not refused."""
        with self._lock:
            self._refusals_in_a_row = 0
            self._interval = self._interval * _FASTER if self._interval * _FASTER >= _FIRST_INTERVAL / 4 else 0.0


@dataclass
class _Deadline:
    """The end of an operation's time; shared by all its threads."""

    at: float
    seconds: float
    """The time limit of the operation."""
    is_extended: bool
    """Whether `Requestor.progress` restarts the time."""
    lost_at: float | None = None
    """See `Requestor.lost_at`."""


_deadline: ContextVar[_Deadline | None] = ContextVar("deadline", default=None)
_only_reads: ContextVar[bool] = ContextVar("only_reads", default=False)


def require_read(call: Call) -> None:
    """Check that a request changes nothing.

    Raises:
        RuntimeError: It could change something, which is an error in this package.
    """
    if call.method != "GET":
        raise RuntimeError(f"{call.method} {call.path}: this operation only reads, so this is a bug")


class Requestor:
    """Sends requests with the settings of one client; shared by all threads of a run.

    Args:
        settings: Key, base URL and time limits.
        guard: Called before each request that changes something; it may end the process.
        clock: The clock of your machine, which knows whether the user has cancelled the operation.
        transport: Makes what sends one request.
    """

    def __init__(
        self,
        settings: Settings,
        guard: Callable[[], None] = lambda: None,
        clock: Clock | None = None,
        transport: Transport = Wire,
    ) -> None:
        self._settings = settings
        self._local = clock or Clock()
        self.monotonic = self._local.monotonic
        self.clock = ServerClock(self._local)
        """OpenAI's clock, from the last response."""
        self._wire = transport(settings, self.clock)
        self.guard = guard
        """Does not return if nothing would record what the next step does."""
        self._limiters: dict[tuple[str, ...], RateLimiter] = {}
        self._limiters_lock = threading.Lock()
        self._notice_lock = threading.Lock()
        self._last_notice = float("-inf")
        self._replies = 0
        """Changes with each response that was not refused. Two threads may count only one: only changes matter."""

    @property
    def admin_api_key(self) -> str:
        """The Admin API key that requests are sent with. Secret."""
        return self._settings.admin_api_key

    @property
    def lost_at(self) -> float | None:
        """When the last POST, PUT or PATCH of the operation ended without a response, at OpenAI; None if none did."""
        deadline = _deadline.get()
        return None if deadline is None else deadline.lost_at

    @contextmanager
    def operation(self, at_most: float = 0) -> Iterator[None]:
        """Limit the time of all requests inside, with their waits, to `max_wait_seconds`.

        In an operation with several steps the time starts again at each `progress`.

        Args:
            at_most: The time limit of the whole operation in seconds (`custom_timeouts`); 0 if there is none.
        """
        if _deadline.get() is not None:
            yield
            return
        seconds = at_most or self._settings.max_wait_seconds
        token = _deadline.set(_Deadline(self._local.monotonic() + seconds, seconds, is_extended=not at_most))
        try:
            yield
        finally:
            _deadline.reset(token)

    @contextmanager
    def only_reads(self) -> Iterator[None]:
        """Refuse all requests inside that could change something, also those of threads that copy the context."""
        token = _only_reads.set(True)
        try:
            yield
        finally:
            _only_reads.reset(token)

    def progress(self) -> None:
        """Restart the time limit, after a step of the operation is done."""
        deadline = _deadline.get()
        if deadline is not None and deadline.is_extended:
            deadline.at = self._local.monotonic() + deadline.seconds

    @property
    def _max_wait(self) -> str | SettingName:
        """The setting with the time limit of the current operation."""
        deadline = _deadline.get()
        is_set = deadline is None or deadline.is_extended
        return self._settings.name("maxWaitSeconds") if is_set else "custom_timeouts"

    def send(self, call: Call) -> dict[str, Any]:
        """Send a request and return its response.

        Raises:
            errors.TransportError: No usable response, after the retries that are safe.
            errors.StatusError: OpenAI responded with an error status.
        """
        if _only_reads.get():
            require_read(call)
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
                raise self._wire.broken(call, "a list that does not say whether it has more pages")
            if not page["has_more"]:
                return
            # A list without a next cursor, or with a repeated one, would never end.
            cursor = call.paging.cursor(page, rows, call.identity)
            if not isinstance(cursor, str) or cursor in cursors:
                raise self._wire.broken(call, "a list with more pages but no cursor")
            if len(cursors) >= MAX_PAGES:
                raise self._wire.broken(call, f"a list with more than {MAX_PAGES} pages")
            cursors.add(cursor)
            query[call.paging.parameter] = cursor

    def _retrying(self, call: Call) -> tenacity.Retrying:
        import tenacity  # noqa: PLC0415 - previews send no requests and need no import

        tries, pause = 0, 0.0
        may_have_acted = False
        start = self._local.monotonic()

        def should_retry(exception: BaseException) -> bool:
            nonlocal tries, pause, may_have_acted
            if not isinstance(exception, errors.AdminError):
                return False
            # After a lost response, a refused retry does not mean that the first attempt had no effect.
            may_have_acted = may_have_acted or (call.method != "GET" and exception.may_have_acted)
            exception.may_have_acted = may_have_acted
            is_lost = exception.may_have_acted and not isinstance(exception, errors.StatusError)
            if call.method not in {"GET", "DELETE"} and is_lost and (deadline := _deadline.get()) is not None:
                deadline.lost_at = self.clock.now_or_local()
            if not _may_repeat(call, exception):
                return False
            if isinstance(exception, errors.RateLimitError):
                self.limiter_of(call).refused(self._local.monotonic(), exception.facts.wait)
                pause = 0  # the rate limiter waits, for all threads
                return not self._too_late(exception.facts.wait or 0)
            tries += 1
            advised = exception.facts.wait if isinstance(exception, errors.StatusError) else None
            backoff = min(8.0, 0.5 * 2 ** (tries - 1)) * random.uniform(0.75, 1)  # noqa: S311 - jitter
            pause = backoff if advised is None else advised
            if isinstance(exception, errors.RequestNotSentError) and not self._wire.has_answered:
                return self._local.monotonic() + pause <= start + UNREACHED_SECONDS
            max_tries = MAX_CONFLICTS if isinstance(exception, errors.ConflictError) else MAX_ATTEMPTS
            return tries < max_tries and not self._too_late(pause)

        return tenacity.Retrying(
            retry=tenacity.retry_if_exception(should_retry),
            wait=lambda _: pause,
            sleep=self._local.sleep,
            reraise=True,
        )

    def _left(self) -> float:
        deadline = _deadline.get()
        return float("inf") if deadline is None else deadline.at - self._local.monotonic()

    def _too_late(self, wait: float) -> bool:
        return self._local.is_cancelled() or wait >= self._left()

    def _time_is_over(self, action: str, why: str | Message, more: str | Message = "") -> errors.OperationTimeoutError:
        """The error of an operation that can't wait any longer.

        Args:
            action: What was to be done: it completes "Could not …".
            why: The reason, if the user has not cancelled the operation.
            more: More advice for that case, after the remedy.
        """
        if self._local.is_cancelled():
            return errors.OperationTimeoutError(f"Could not {action}: you cancelled it", Advice(remedies.RUN, "."))
        advice = Advice(remedies.RUN_AGAIN, more or ".")
        return errors.OperationTimeoutError(Message(f"Could not {action}: ", why), advice)

    def pause(self, seconds: float, action: str, why: Message | None = None, more: str | Message = "") -> None:
        """Wait; see `_time_is_over`.

        Raises:
            errors.OperationTimeoutError: The operation does not have that much time left, or the user cancelled it.
        """
        if seconds and self._too_late(seconds):
            raise self._time_is_over(action, why or Message(self._max_wait, " passed"), more)
        self._local.sleep(seconds)
        if self._local.is_cancelled():
            raise self._time_is_over(action, "")

    @contextmanager
    def hold(self, lock: threading.Lock, action: str) -> Iterator[None]:
        """Hold a lock, and wait for it within the operation's time limit.

        Args:
            action: What it is needed for: it completes "Could not …".

        Raises:
            errors.OperationTimeoutError: Another thread held it until the operation's time was over, or the user
                cancelled the operation.
        """
        if not self._local.wait_until(lambda seconds: lock.acquire(timeout=seconds), self._left):
            why = Message(self._max_wait, " passed while waiting for another resource of this run")
            raise self._time_is_over(action, why)
        try:
            yield
        finally:
            lock.release()

    def await_turn(self, attempt: Callable[[float], bool]) -> None:
        """Wait until other operations of this run let the current one go on.

        The time limit restarts with each response to any of them, because a run under the Administration API
        rate limit may have more to do than fits into the time of one operation.

        Args:
            attempt: Waits for at most so many seconds. Returns whether the operation may go on.

        Raises:
            errors.OperationTimeoutError: The operation's time is over, or the user cancelled it.
        """
        replies_before = self._replies

        def attempt_again(seconds: float) -> bool:
            nonlocal replies_before
            may_go_on = attempt(seconds)
            if replies_before != self._replies:
                replies_before = self._replies
                self.progress()
            return may_go_on

        if not self._local.wait_until(attempt_again, self._left):
            raise nothing_sent(self._max_wait, self._local)

    def limiter_of(self, call: Call) -> RateLimiter:
        """The rate limiter of the call's endpoint: OpenAI counts requests for each endpoint."""
        with self._limiters_lock:
            return self._limiters.setdefault(call.endpoint, RateLimiter())

    def is_throttled(self) -> bool:
        """Return whether requests to any endpoint are sent one by one, because some were refused."""
        with self._limiters_lock:
            return any(limiter.is_slowed for limiter in self._limiters.values())

    def _await_slot(self, call: Call) -> None:
        """Wait for a slot of the endpoint's rate limiter, with a message if it takes long."""
        limiter = self.limiter_of(call)
        while True:
            slot = limiter.reserve(self._local.monotonic())
            wait = slot - self._local.monotonic()
            if wait > 0:
                if wait >= _LONG_WAIT and not self._too_late(wait):
                    self._log_wait_for_slot(call, wait)
                why = Message("the requests before it used up ", self._max_wait)
                more = Message(" to continue. Raise ", self._max_wait, " to wait longer.")
                self.pause(wait, call.action, why, more)
            if limiter.is_still_good(slot):
                return

    def _log_wait_for_slot(self, call: Call, wait: float) -> None:
        deadline = _deadline.get()
        limit = deadline.seconds if deadline else self._settings.max_wait_seconds
        spent = max(0.0, limit - self._left())
        self.log_wait(
            "Waiting %.0f s for the Administration API rate limit, to %s (%.0f of at most %.0f s used).%s",
            wait, call.action, spent, limit, _STOP_AT_ONCE,
        )  # fmt: skip

    def log_wait(self, message: str, *values: object) -> None:
        """Log why an operation waits, unless another one of this run has just logged why it waits."""
        now = self._local.monotonic()
        with self._notice_lock:
            if now - self._last_notice < _QUIET_BETWEEN_NOTICES:
                return
            self._last_notice = now
        logger.warning(message, *values)

    def _attempt(self, call: Call) -> dict[str, Any]:
        self._await_slot(call)
        if call.method != "GET":
            self.guard()
        if call.on_send:
            call.on_send()
        started = self._local.monotonic()
        try:
            limits = WaitLimits(self._left, self._local.is_cancelled, changes_something=call.method != "GET")
            status, headers, body = self._wire.exchange(call, limits, self._max_wait)
        except errors.TransportError as error:
            request_logger.info("%s %s: %s", call.method, call.path, type(error).__name__)
            raise
        seconds = self._local.monotonic() - started
        request_id = printable(headers.get("x-request-id", "-"))[:100]
        request_logger.info("%s %s: %d in %.3f s, request %s", call.method, call.path, status, seconds, request_id)
        if status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.TOO_MANY_REQUESTS:
            self.limiter_of(call).passed()
            self._replies += 1
        if status == HTTPStatus.NO_CONTENT and call.method == "DELETE":
            return {}
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return self._parsed(call, body)
        facts = replies.parse_facts(status, headers, body, call)
        raise replies.status_error(facts, call.action, self._settings, self._max_wait)

    def _parsed(self, call: Call, body: bytes) -> dict[str, Any]:
        try:
            parsed: Any = json.loads(body, parse_float=Decimal if call.is_exact else None)
        except (ValueError, RecursionError):
            raise self._wire.broken(call, "text that is not JSON") from None
        if not isinstance(parsed, dict):
            raise self._wire.broken(call, "JSON that is not an object")
        return parsed


def _may_repeat(call: Call, error: errors.AdminError) -> bool:
    """Return whether a retry can help and is safe."""
    if isinstance(error, errors.SpendLimitError):
        return False
    if not call.idempotent and error.may_have_acted:
        return False
    if isinstance(error, errors.StatusError):
        if error.facts.should_retry is not None:
            return error.facts.should_retry
        # A creation that conflicts is not retried here: `Creations.create` first looks for the object.
        is_passing = isinstance(error, errors.ConflictError) and call.idempotent
        return is_passing or isinstance(error, errors.RateLimitError | errors.InternalServerError)
    return isinstance(error, errors.TransportError)
