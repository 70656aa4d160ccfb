"""Creates one object without duplicates, although a repeated POST would create a second object.

OpenAI has no idempotency keys. So the objects are listed before the POST, and again if its response is lost. An object
in the second list is the result of the POST if it is new, has the same properties, was created after the POST was sent
(by OpenAI's clock), and is not the result of another POST of this process. Other clients may create objects in the same
organization at the same time.

A request may act after the client has closed its connection. So another one is sent only when the first one can no
longer act, unless what it creates is of no use without its response. What may still appear after the run is in the
state (`OpenRequests`) until it is found, or a list that was requested `VISIBILITY_LAG_SECONDS` later does not show it.
Each later update, refresh and destroy looks for it (`LostRequests`). Nobody uses what is found: it is removed.

A lost request may also change what exists. The state has when the last one ended (`LostWrite`), and a removal waits
until none can act.

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
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.remedies import Advice, Message
from pulumi_openai_admin.schema import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from pulumi_openai_admin.handlers.handler import Remote
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
class LostWrite(MemoryPart):
    """When the last request without a response ended, in seconds since 1970 by OpenAI's clock."""

    lost_at: int | None = None


def note_lost(client: Client, remote: Remote) -> None:
    """Record the last request of the operation whose response was lost."""
    lost_at = client.requestor.lost_at
    if lost_at is not None:
        remote.memory.put(LostWrite(int(lost_at) + 1))


def wait_for_lost(client: Client, remote: Remote, action: str) -> None:
    """Wait until OpenAI no longer acts on requests whose responses were lost.

    Args:
        client: Waits.
        action: What waits: it completes "Could not …".

    Raises:
        errors.OperationTimeoutError: The operation's time is over, or the user cancelled it.
    """
    note_lost(client, remote)
    lost_at = remote.memory[LostWrite].lost_at
    if lost_at is None:
        return
    now = client.clock.now()
    # The clock of your machine may be wrong: before OpenAI's first response, all of the time is waited for.
    passed = 0.0 if now is None else max(0.0, now - lost_at)
    left = VISIBILITY_LAG_SECONDS - passed
    if left > 0:
        client.log_wait(
            "Waiting %.0f s to %s: the response to an earlier request was lost, and OpenAI may still act on it.",
            left, action,
        )  # fmt: skip
        client.pause(left, action)
    remote.memory.put(LostWrite())


IN_RUN_SECONDS = sum(POLL_DELAYS)
"""How long an update looks for what a request of the same run may have created."""


@dataclass
class OpenRequests(MemoryPart):
    """What requests of this resource may have created, and nobody uses."""

    open_requests: list[LostRequest] = field(default_factory=list)
    """The requests whose result is not known."""
    to_revoke: dict[str, Any] = field(default_factory=dict)
    """The keys that have to be revoked: by id, when each was created, or 0 if it may be revoked already."""


def is_open(remote: Remote) -> bool:
    """Return whether something has to be looked for that a request of the resource may have created."""
    record = remote.memory[OpenRequests]
    return bool(record.open_requests or record.to_revoke)


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


@dataclass(frozen=True)
class CreationPlace:
    """Where a resource creates objects of one kind, and how they are recognized and removed.

    Args:
        noun: What messages call an object: "API key".
        owner: What has the objects, for messages: "project proj_1".
        listing: The list of all objects.
        is_ours: Whether a listed object has the properties of a body.
        remove: Removes a listed object, by its id and its row.
        removal: What a user does to an object that is not needed: "archive".
        is_dated: Whether objects have a time of creation.
        parents: The ids of the objects whose end is the end of these objects.
        own: The ids of the objects that the resource keeps, beside its own id.
    """

    noun: str
    owner: str
    listing: Listing
    is_ours: Callable[[Mapping[str, Any], Mapping[str, Any]], bool]
    remove: Callable[[str, Mapping[str, Any]], None]
    removal: str = "delete"
    is_dated: bool = True
    parents: Mapping[str, str] = field(default_factory=dict)
    own: Collection[str] = ()


@dataclass
class Creation:
    """Creates one object.

    Args:
        call: The POST; not idempotent.
        place: Where it is created. All creations in the same place share the list. If objects have no time of creation,
            the list is fetched right before the POST, and every object that is new after that was created since.
        body: The properties that the POST sets.
    """

    client: Client
    call: Call
    place: CreationPlace
    body: Mapping[str, Any]
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
        if not self.place.is_dated:
            self.place.listing.forget()
        self._before = self.place.listing.rows()
        lost: errors.AdminError | None = None
        discarded: list[str] = []
        for _ in range(MAX_TRIES if discard else _MAX_TRIES_WITH_WAITS):
            try:
                return Made(self._post_with_retries(), lost=self.lost)
            except errors.AdminError as error:
                lost = error
            if not lost.may_have_acted:
                break
            self._attempts += 1
            self._note_end()
            # The request can't act after the period. A list that lags can show the object later: look three times more.
            found = self._find(lost, POLL_DELAYS if discard else (*waits(VISIBILITY_LAG_SECONDS), *POLL_DELAYS[1:]))
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
            noun=self.place.noun,
            closed_at=math.ceil(self._closed_at),
            attempts=max(1, self._attempts),
            known=sorted(known),
            body={},
        )
        return lost if start is None else {**lost, "start": start}

    def _failure(self, lost: errors.AdminError | None, discarded: list[str]) -> errors.AdminError:
        """The error after the last attempt, which was refused or got no response."""
        if self._attempts:
            return self._may_exist(lost)
        if not discarded:
            if lost and not lost.may_have_acted:
                return lost
            what = f"No new {self.place.noun} appeared, so nothing was created"
        else:
            verb = f"s {bounded(', ', discarded)} were" if len(discarded) > 1 else f" {discarded[0]} was"
            what = f"The {self.place.noun}{verb} created, and revoked because no response arrived"
        failure = errors.ResponseLostError(self._message(lost, what), Advice(remedies.RUN_AGAIN, "."))
        failure.may_have_acted = False
        failure.__cause__ = lost
        return failure

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
        id_ = reply.get(self.place.listing.identity)
        if not isinstance(id_, str) or not id_:
            raise errors.InvalidResponseError(
                f"Could not {self.call.action}: the response does not contain {self.place.listing.identity}"
            )
        self.client.acquire(id_)
        self.place.listing.learn(reply)
        return reply

    def _note_sent(self) -> None:
        self._sent = self.client.clock.now()

    def _note_end(self) -> None:
        self._first_sent = self._sent if self._first_sent is None else self._first_sent
        self._closed_at = self.client.clock.now_or_local()

    def _find(self, lost: errors.AdminError, delays: tuple[float, ...]) -> dict[str, dict[str, Any]]:
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
            self.place.listing.forget()
            new = {id_: row for id_, row in self.place.listing.rows().items() if id_ not in self._before}
            fitting = {
                id_: row
                for id_, row in new.items()
                if self.place.is_ours(row, self.body) and not self.client.is_owned(id_)
            }
            now = self.client.clock.now_or_local()
            found = {
                id_: row for id_, row in fitting.items() if is_made_in(row, start, now, is_dated=self.place.is_dated)
            }
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
                capitalized(self.place.noun), bounded(", ", others),
            )  # fmt: skip

    def _taken(self, id_: str, row: dict[str, Any]) -> Made:
        """Use an object because it fits, and name it. Another client may have created it in the same seconds."""
        self.client.acquire(id_)
        name = row.get("name")
        logger.warning(
            "%s %s was taken as the one that this run created, because the response was lost: it was created %s and "
            "has the same properties. If another client created it, %s%s.",
            capitalized(self.place.noun),
            f"{name!r} ({id_})" if name else id_,
            time_in_words(row),
            remedies.Remedy(remedies.RemedyKind.REMOVE_FROM_STATE, urn="<urn>"),
            " and set another name" if name else "",
        )
        return Made(row, is_found=True, lost=self.lost)

    def _several(self, found: Mapping[str, Any]) -> errors.ResponseLostError:
        ids = bounded(", ", found)
        what = f"Could not {self.call.action}: the response was lost, and several new {self.place.noun}s match: {ids}"
        return errors.ResponseLostError(
            what, Advice(f"{capitalized(self.place.removal)} those that are not needed, then ", remedies.RUN_AGAIN, ".")
        )

    def _may_exist(self, error: errors.AdminError | None) -> errors.ResponseLostError:
        noun = self.place.noun
        of = "project" if self.call.path.startswith("/organization/projects/") else "organization"
        advice = (
            f"Look in OpenAI's dashboard, in the {of}'s list of {noun}s, and {self.place.removal} the new one there if "
            "it is not needed. Then "
        )
        what = self._message(error, f"The {noun} may have been created")
        lost = errors.ResponseLostError(what, Advice(advice, remedies.RUN_AGAIN, "."))
        lost.__cause__ = error
        return lost

    def _message(self, error: errors.AdminError | None, what: str) -> Message:
        return Message(error.happened if error else f"Could not {self.call.action}", f". {what}")


@dataclass(frozen=True)
class LostRequests:
    """The creations of a resource in one place, and what those without a response may have created.

    Args:
        client: Sends the requests.
        remote: The resource, which remembers what is open.
        place: Where it creates objects.
    """

    client: Client
    remote: Remote
    place: CreationPlace

    def create(self, call: Call, body: Mapping[str, Any], *, discards: bool = False) -> Made:
        """Create an object; see `Creation.run`. What a lost response may have left is remembered.

        Args:
            call: The POST.
            body: The properties that identify the object.
            discards: Whether an object that is found can't be used without the response, and is removed.

        Raises:
            errors.AdminError: See `Creation.run`.
        """
        attempt = Creation(self.client, call, self.place, body)
        try:
            made = attempt.run(self.remove if discards else None)
        except errors.AdminError as error:
            if error.may_have_acted:
                self.add(attempt.lost, body, call.path)
            raise
        if not made.is_found:
            self.add(made.lost, body, call.path)
        return made

    def add(self, request: LostRequest | None, body: Mapping[str, Any], path: str = "") -> None:
        """Remember a request whose result is not known.

        Args:
            request: The request; nothing is remembered without one.
            body: The properties that identify what it creates.
            path: Where other resources of the run create objects that could be taken for its result.
        """
        if request is None:
            return
        sent = {name: value for name, value in body.items() if value is not None}
        self.remote.memory[OpenRequests].open_requests.append({**request, "noun": self.place.noun, "body": sent})
        self.remote.step.has_changed = True
        if path:
            left = acts_until(request) - self.client.clock.now_or_local()
            self.client.shared(InRun).add(path, self.client.requestor.monotonic() + left)

    def resolve(self, seconds: float = 0, *, removes: bool = True) -> None:
        """Look for what the open requests have created, and remove it.

        Args:
            seconds: How long the list is requested again while a request may still act.
            removes: Whether a found object is removed. If not, the request stays open.

        Raises:
            errors.ResponseLostError: It can't be decided what the requests have created.
            errors.AdminError: The list can't be read, or an object can't be removed.
        """
        if not self.requests:
            return
        closes_in, waited, is_over = math.inf, 0.0, False
        last_looks = [*POLL_DELAYS[1:]]  # after the period, because a list may lag behind
        for delay in chain(POLL_DELAYS, repeat(LATER_DELAY)):
            wait = last_looks.pop(0) if is_over else max(0.0, min(delay, min(seconds, closes_in) - waited))
            if waited and wait >= LATER_DELAY:
                self._log_wait(min(seconds, closes_in) - waited)
            self.client.pause(wait, f"look for {self.place.noun}s of {self.place.owner}")
            waited += wait
            try:
                rows, asked_at = self._list()
            except errors.ParentEndedError:
                self.end()
                return
            if closes_in == math.inf:
                closes_in = max(map(acts_until, self.requests)) - asked_at
            is_found = self._settle(rows, removes=removes)
            if not last_looks and not is_found:
                self.end()
            if is_found or not self.requests:
                return
            is_over = waited >= closes_in
            if waited >= seconds and not is_over:
                break
        self._tell_open()

    def end(self) -> None:
        """Forget the requests of this place, because nothing in it exists."""
        self._keep(lambda _: False)

    def remove(self, id_: str, row: Mapping[str, Any]) -> None:
        """Remove an object that nobody uses, and name it: another client may have created it in the same seconds."""
        self.place.remove(id_, row)
        self.remote.step.has_changed = True
        self.place.listing.drop(id_)
        logger.warning(
            "%s %s of %s was %sd: it was created %s%s, and the response to a request of this resource at that time was "
            "lost. If another client created it, that client needs a new one.",
            capitalized(self.place.noun), id_, self.place.owner, self.place.removal, time_in_words(row),
            f" with the name {row['name']!r}" if row.get("name") else "",
        )  # fmt: skip

    @property
    def requests(self) -> list[LostRequest]:
        """The open requests in this place."""
        return [
            request for request in self.remote.memory[OpenRequests].open_requests if request["noun"] == self.place.noun
        ]

    def _keep(self, is_kept: Callable[[LostRequest], bool]) -> None:
        record = self.remote.memory[OpenRequests]
        record.open_requests = [
            request for request in record.open_requests if request["noun"] != self.place.noun or is_kept(request)
        ]

    def _list(self) -> tuple[Mapping[str, dict[str, Any]], float]:
        """A new list, and when it was requested by OpenAI's clock."""
        asked = self.client.requestor.monotonic()
        self.place.listing.forget()
        with self.client.inside(self.place.parents):
            rows = self.place.listing.rows()
        return rows, self.client.clock.now_or_local() - (self.client.requestor.monotonic() - asked)

    def _settle(self, rows: Mapping[str, dict[str, Any]], *, removes: bool) -> bool:
        """Remove what the requests have created. Returns whether something was found that is not removed."""
        is_left = False
        for request in self.requests:
            found = {id_: row for id_, row in rows.items() if self._is_result(request, id_, row)}
            # Without OpenAI's clock at the time, an object that is new can't be attributed.
            if len(found) > (request["attempts"] if "start" in request else 0):
                request["known"] = sorted({*request["known"], *found})
                self.remote.step.has_learned = True
                raise self._several(request, found)
            if found and not removes:
                is_left = True
                logger.warning(
                    "%s. It may have created %s %s of %s. The next update %ss it.",
                    in_words(request), self.place.noun, bounded(", ", found), self.place.owner, self.place.removal,
                )  # fmt: skip
                continue
            for id_, row in found.items():
                self.remove(id_, row)
                request["attempts"] -= 1
        self._keep(lambda request: request["attempts"] > 0)
        return is_left

    def _is_result(self, request: LostRequest, id_: str, row: Mapping[str, Any]) -> bool:
        """Return whether an object may be the result of a request, and no resource uses it."""
        return (
            id_ not in request["known"]
            and id_ not in {self.remote.id, *self.place.own}
            and not self.client.is_owned(id_)
            and not self.remote.step.is_in_state(id_)
            and is_made_in(row, request.get("start", 0), acts_until(request), is_dated=self.place.is_dated)
            and self.place.is_ours(row, request["body"])
        )

    def _log_wait(self, seconds: float) -> None:
        self.client.log_wait(
            "Waiting up to %.0f s to look for %ss of %s: a request got no response, and may still act.",
            seconds, self.place.noun, self.place.owner,
        )  # fmt: skip

    def _tell_open(self) -> None:
        for request in self.requests:
            logger.warning(
                "%s, and may still act for %d s. The first update after that looks again for what it created.",
                in_words(request), max(1, acts_until(request) - self.client.clock.now_or_local()),
            )  # fmt: skip

    def _several(self, request: LostRequest, found: Mapping[str, Any]) -> errors.ResponseLostError:
        noun, ids = self.place.noun, bounded(", ", found)
        what = f"{in_words(request)}, and several new {noun}s of {self.place.owner} match: {ids}. None was changed"
        advice = f"{capitalized(self.place.removal)} those that are not needed, then "
        return errors.ResponseLostError(what, Advice(advice, remedies.RUN_AGAIN, "."))


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
