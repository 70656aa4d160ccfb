"""Creates one object without duplicates, although a repeated POST would create a second object.

OpenAI has no idempotency keys. So the objects are listed before the POST, and again if its response is lost. An object
in the second list is the result of the POST if it is new, has the same properties, was created after the POST was sent
(by OpenAI's clock), and is not the result of another POST of this process. Other clients may create objects in the same
organization at the same time.

A request may act after the client has closed its connection. So another one is sent only when the first one can no
longer act, unless what it creates is of no use without its response. What may exist after a run: see `lost_requests`.

Before every request that changes something, `Requestor.guard` checks that the engine still listens.
"""

from __future__ import annotations

import logging
import math
import threading
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Required, TypedDict

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.remedies import Advice, Message
from pulumi_openai_admin.schema import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pulumi_openai_admin.http.call import Call
    from pulumi_openai_admin.http.client import Client, Listing

logger = logging.getLogger(__name__)

VISIBILITY_LAG_SECONDS = 60
"""How long OpenAI may take to show a new object, and to act on a request whose connection was closed."""
POLL_DELAYS = (0.0, 1.0, 2.0, 5.0)
"""The waits before each of the first requests of the list, in seconds. A list may lag behind."""
LATER_DELAY = 15.0
"""The wait before each later request of the list, in seconds."""
MAX_TRIES = 5
"""How often a key is created whose value was lost."""
_MAX_TRIES_WITH_WAITS = 2
"""How often another object is created. Before the second attempt it is known that the first one created nothing."""
CONFLICT_WAITS = (0.5, 1.0)
"""The waits before each retry after a conflict, in seconds. The official SDK has as many retries."""
_CLOCK_RESOLUTION = 1
"""In seconds: `Date` and `created_at` are truncated to whole seconds."""


class LostRequest(TypedDict, total=False):
    """Attempts of one POST without a usable response, which may have created objects or may still do so."""

    action: Required[str]
    """What the POST does, for messages: "create service account 'ci' in project proj_1"."""
    noun: Required[str]
    """What messages call an object; it distinguishes the objects that one resource creates."""
    start: int
    """When the first attempt was sent, in seconds since 1970 by OpenAI's clock; absent if that is not known."""
    closed_at: Required[int]
    """When the client closed the connection of the last attempt."""
    attempts: Required[int]
    """How many objects may exist."""
    known: Required[list[str]]
    """The ids of the objects that existed before, without those whose time of creation says so."""
    body: Required[dict[str, Any]]
    """The properties by which an object is recognized."""


def in_words(request: LostRequest) -> str:
    """What is known of a request, as the beginning of a sentence."""
    return f"A request at {formats.moment_in_words(request['closed_at'])} to {request['action']} got no response"


def acts_until(request: LostRequest) -> int:
    """When the last attempt can no longer create anything, in seconds since 1970 by OpenAI's clock."""
    return request["closed_at"] + VISIBILITY_LAG_SECONDS


def lost_now(client: Client, action: str, noun: str) -> LostRequest:
    """One attempt that has just ended without a usable response.

    Args:
        action: See `LostRequest`.
        noun: See `LostRequest`.
    """
    closed_at = math.ceil(client.clock.now_or_local())
    return LostRequest(action=action, noun=noun, closed_at=closed_at, attempts=1, known=[], body={})


@dataclass(frozen=True)
class Made:
    """The result of a creation."""

    reply: dict[str, Any]
    """OpenAI's response to the POST, or the object from the list."""
    is_found: bool = False
    """Whether the object is from the list: then the values that only the response shows are lost."""
    lost: LostRequest | None = None
    """The attempts without a response: the one that created the object if it is from the list, and otherwise earlier
    ones, which may have created others. None if each attempt got a response."""


@dataclass
class InRun:
    """The open requests of a run: by path, until when they may act, by the machine's monotonic clock.

    Objects that other resources create at the same path wait until then, so that a later run does not take them for the
    result of such a request.
    """

    until: dict[str, float] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, path: str, until: float) -> None:
        """Record an open request."""
        with self.lock:
            self.until[path] = max(until, self.until.get(path, until))


@dataclass
class Creation:
    """Creates one object.

    Args:
        client: Sends the requests.
        call: The POST; not idempotent.
        listing: The list of all objects of the kind. All creations in the same place share it.
        noun: The name of an object in messages.
        is_ours: Whether an object has the properties that the POST sets.
        is_dated: Whether objects have a time of creation. If not, the list is fetched right before the POST, and every
            object that is new after that was created since.
        removal: What a user does to an object that is not needed: "archive".
    """

    client: Client
    call: Call
    listing: Listing
    noun: str
    is_ours: Callable[[Mapping[str, Any]], bool]
    is_dated: bool = True
    removal: str = "delete"
    _before: Mapping[str, dict[str, Any]] = field(default_factory=dict, init=False)
    _first_sent: float | None = field(default=None, init=False)
    """When the first attempt was sent that may have created an object without a response."""
    _sent: float | None = field(default=None, init=False)
    _closed_at: float | None = field(default=None, init=False)
    """When the last attempt without a response ended; None if each attempt got one."""
    _attempts: int = field(default=0, init=False)
    """How many attempts may have created an object that was not found."""
    _warned_of: set[str] = field(default_factory=set, init=False)

    def run(self, discard: Callable[[str, Mapping[str, Any]], None] | None = None) -> Made:
        """Create the object, even if responses are lost.

        Args:
            discard: Deletes an object (its id, and its row in the list) that can't be used without its response, so
                that another one is created at once. Without this argument, a found object is used, and another one is
                created only when the first attempt can no longer create one.

        Raises:
            errors.ResponseLostError: The result is unknown, or the object can't be created; the message names the
                objects that may exist. `lost` has the attempts that may have created one.
            errors.AdminError: OpenAI refused, and nothing was created.
        """
        self._await_others()
        if not self.is_dated:
            self.listing.forget()
        self._before = self.listing.rows()
        lost: errors.AdminError | None = None
        discarded: list[str] = []
        for _ in range(MAX_TRIES if discard else _MAX_TRIES_WITH_WAITS):
            try:
                return Made(self._post_with_retries(), lost=self.lost)
            except errors.AdminError as error:
                lost = error
            if not lost.may_have_acted:
                break
            self._note_lost()
            # The request can't act after the period. A list that lags can show the object later: look three times more.
            found = self._find_repeatedly(
                lost, POLL_DELAYS if discard else (*waits(VISIBILITY_LAG_SECONDS), *POLL_DELAYS[1:])
            )
            if len(found) > self._attempts:
                raise self._several(found)
            for id_, row in found.items():
                if discard is None:
                    return self._taken(id_, row)
                discard(id_, row)
                self.client.acquire(id_)
            discarded += found
            if self._first_sent is None:
                break  # without OpenAI's clock, no object can be attributed
            self._attempts -= len(found) if discard else 1
            if not self._attempts:
                self._first_sent = self._closed_at = None
        raise self._failure(lost, discarded)

    @property
    def lost(self) -> LostRequest | None:
        """The attempts without a response whose objects were not found; None if there are none."""
        if self._closed_at is None:
            return None
        start = None if self._first_sent is None else math.floor(self._first_sent)
        known = [id_ for id_, row in self._before.items() if not _is_before(row, start)]
        lost = LostRequest(
            action=self.call.action,
            noun=self.noun,
            closed_at=math.ceil(self._closed_at),
            attempts=max(1, self._attempts),
            known=sorted(known),
            body={},
        )
        return lost if start is None else {**lost, "start": start}

    def _failure(self, lost: errors.AdminError | None, discarded: list[str]) -> errors.AdminError:
        if self._attempts:
            return self._may_exist(lost)
        if discarded:
            return self._revoked(discarded, lost)
        return lost if lost and not lost.may_have_acted else self._nothing(lost)

    def _await_others(self) -> None:
        until = self.client.shared(InRun).until.get(self.call.path, float("-inf"))
        left = until - self.client.requestor.monotonic()
        if left > 0:
            self.client.log_wait(
                "Waiting %.0f s to %s: a request of another resource of this run got no response, and may still act.",
                left, self.call.action,
            )  # fmt: skip
            self.client.pause(left, self.call.action)

    def _post_with_retries(self) -> dict[str, Any]:
        """POST, with retries after a conflict as long as no object has appeared.

        The conflict may be with the same request: if a gateway sends it twice, the second one may be refused.
        """
        for wait in (*CONFLICT_WAITS, None):
            try:
                return self._post()
            except errors.ConflictError as conflict:
                self._note_end()
                try:
                    conflict.may_have_acted = bool(self._look((0,)))
                except errors.AdminError:
                    conflict.may_have_acted = True
                if wait is None or conflict.may_have_acted:
                    raise
            self.client.pause(wait, self.call.action)
        raise AssertionError  # the last wait is None

    def _post(self) -> dict[str, Any]:
        reply = self.client.send(replace(self.call, on_send=self._note_sent))
        id_ = reply.get(self.listing.identity)
        if not isinstance(id_, str) or not id_:
            raise errors.InvalidResponseError(
                f"Could not {self.call.action}: the response does not contain {self.listing.identity}"
            )
        self.client.acquire(id_)
        self.listing.learn(reply)
        return reply

    def _note_sent(self) -> None:
        self._sent = self.client.clock.now()

    def _note_end(self) -> None:
        self._first_sent = self._sent if self._first_sent is None else self._first_sent
        self._closed_at = self.client.clock.now_or_local()

    def _note_lost(self) -> None:
        self._attempts += 1
        self._note_end()

    def _find_repeatedly(self, lost: errors.AdminError, delays: tuple[float, ...]) -> dict[str, dict[str, Any]]:
        try:
            return self._look(delays)
        except errors.AdminError as error:
            raise self._may_exist(lost) from error

    def _look(self, delays: tuple[float, ...]) -> dict[str, dict[str, Any]]:
        """The objects that are new, have the same properties, were created since, and are not from another POST."""
        found: dict[str, dict[str, Any]] = {}
        start = self._first_sent
        for place, wait in enumerate(delays):
            if place == len(POLL_DELAYS):
                self.client.log_wait(
                    "Waiting up to %.0f s to %s: the response was lost, and the request may still act.",
                    sum(delays[place:]), self.call.action,
                )  # fmt: skip
            self.client.pause(wait, self.call.action)
            self.listing.forget()
            new = {id_: row for id_, row in self.listing.rows().items() if id_ not in self._before}
            fitting = {id_: row for id_, row in new.items() if self.is_ours(row) and not self.client.is_owned(id_)}
            now = self.client.clock.now_or_local()
            found = {id_: row for id_, row in fitting.items() if is_made_in(row, start, now, is_dated=self.is_dated)}
            self._warn_of_others(set(fitting) - set(found))
            if found:
                break
        return found

    def _warn_of_others(self, ids: set[str]) -> None:
        others = sorted(ids - self._warned_of)
        self._warned_of.update(others)
        if others:
            logger.warning(
                "%s %s has the same name or owner, but was not created by this request. It is not changed.",
                capitalized(self.noun), bounded(", ", others),
            )  # fmt: skip

    def _taken(self, id_: str, row: dict[str, Any]) -> Made:
        """Use an object because it fits, and name it. Another client may have created it in the same seconds."""
        self.client.acquire(id_)
        name = row.get("name")
        logger.warning(
            "%s %s was taken as the one that this run created, because the response was lost: it was created %s and "
            "has the same properties. If another client created it, %s%s.",
            capitalized(self.noun),
            f"{name!r} ({id_})" if name else id_,
            time_in_words(row),
            remedies.Remedy(remedies.RemedyKind.REMOVE_FROM_STATE, urn="<urn>"),
            " and set another name" if name else "",
        )
        return Made(row, is_found=True, lost=self.lost)

    @property
    def _place(self) -> str:
        return "project" if self.call.path.startswith("/organization/projects/") else "organization"

    def _several(self, found: Mapping[str, Any]) -> errors.ResponseLostError:
        ids = bounded(", ", found)
        what = f"Could not {self.call.action}: the response was lost, and several new {self.noun}s match: {ids}"
        return errors.ResponseLostError(
            what, Advice(f"{capitalized(self.removal)} those that are not needed, then ", remedies.RUN_AGAIN, ".")
        )

    def _revoked(self, ids: list[str], error: errors.AdminError | None) -> errors.ResponseLostError:
        verb = "s {} were" if len(ids) > 1 else " {} was"
        created = f"The {self.noun}{verb.format(bounded(', ', ids))} created, and revoked because no response arrived"
        return self._without_result(error, created)

    def _nothing(self, error: errors.AdminError | None) -> errors.ResponseLostError:
        return self._without_result(error, f"No new {self.noun} appeared, so nothing was created")

    def _without_result(self, error: errors.AdminError | None, what: str) -> errors.ResponseLostError:
        lost = errors.ResponseLostError(self._message(error, what), Advice(remedies.RUN_AGAIN, "."))
        lost.may_have_acted = False
        lost.__cause__ = error
        return lost

    def _may_exist(self, error: errors.AdminError | None) -> errors.ResponseLostError:
        lost = errors.ResponseLostError(
            self._message(error, f"The {self.noun} may have been created"),
            Advice(
                f"Look in OpenAI's dashboard, in the {self._place}'s list of {self.noun}s, and {self.removal} the new "
                "one there if it is not needed. Then ",
                remedies.RUN_AGAIN,
                ".",
            ),
        )
        lost.__cause__ = error
        return lost

    def _message(self, error: errors.AdminError | None, what: str) -> Message:
        return Message(error.happened if error else f"Could not {self.call.action}", f". {what}")


def waits(seconds: float) -> Iterator[float]:
    """The waits before each request of a list that is requested for a time."""
    waited = 0.0
    for delay in chain(POLL_DELAYS, repeat(LATER_DELAY)):
        wait = min(delay, seconds - waited)
        yield wait
        waited += wait
        if waited >= seconds:
            return


def _created_at(row: Mapping[str, Any]) -> float | None:
    created_at = row.get("created_at")
    return created_at if isinstance(created_at, int | float) else None


def _is_before(row: Mapping[str, Any], start: float | None) -> bool:
    created_at = _created_at(row)
    return created_at is not None and start is not None and created_at < start


def is_made_in(row: Mapping[str, Any], start: float | None, end: float, *, is_dated: bool) -> bool:
    """Return whether an object may have been created in a period. One that shows no time is new since the list before.

    Objects of a kind that is declared without a time may show one. Without OpenAI's clock none is.
    """
    created_at = _created_at(row)
    if created_at is None:
        return not is_dated
    return start is not None and math.floor(start) <= created_at <= math.ceil(end) + _CLOCK_RESOLUTION


def time_in_words(row: Mapping[str, Any]) -> str:
    """When an object was created, for messages."""
    created_at = _created_at(row)
    return "since the request" if created_at is None else f"at {formats.moment_in_words(created_at)}"
