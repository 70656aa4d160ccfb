"""Creates one object without duplicates, although a repeated POST would create a second object.

OpenAI has no idempotency keys. So the objects are listed before the POST, and again if its response is lost. An object
in the second list is the result of the POST if it is new, has the same properties, was created after the POST was sent
(by OpenAI's clock), and is not the result of another POST of this process. Other clients may create objects in the same
organization at the same time.

A request may act after the client has closed its connection. So another one is sent only when the first one can no
longer act, unless what it creates is of no use without its response. What may still appear after the run is in the
state (`LostCreations`) until it is found, or a list that was requested `VISIBILITY_LAG_SECONDS` later does not show it.
Each later update, refresh and destroy looks for it (`Creations`). Within the run, what is found is used; later
nobody uses it: an update or a destroy removes it, and a refresh names it.

Before every request that changes something, `Requestor.guard` checks that the engine still listens.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Required, TypedDict

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.remedies import Advice, Message
from pulumi_openai_admin.schema import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

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


class LostCreation(TypedDict, total=False):
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


def in_words(request: LostCreation) -> str:
    """What is known of a request, as the beginning of a sentence."""
    return f"A request at {formats.moment_in_words(request['closed_at'])} to {request['action']} got no response"


def acts_for(request: LostCreation, now: float) -> float:
    """For how many seconds the last attempt may still create something, at a time in seconds since 1970.

    If OpenAI's clock was set back since, no time counts as passed.
    """
    return VISIBILITY_LAG_SECONDS - max(0.0, now - request["closed_at"])


def in_run_seconds() -> float:
    """How long an update looks for what a request of the same run may have created."""
    return sum(POLL_DELAYS)


@dataclass(eq=False, repr=False)
class LostCreations(MemoryPart):
    """What creations without a response may have made, and nobody uses."""

    lost_creations: list[LostCreation] = field(default_factory=list)
    """Those whose result is not known."""
    to_revoke: dict[str, Any] = field(default_factory=dict)
    """The keys that have to be revoked: by id, when each was created, or 0 if it may be revoked already."""
    may_be_delivered: list[str] = field(default_factory=list)
    """Those of them that a secret store may have: they work until another key is delivered."""


def is_open(remote: Remote) -> bool:
    """Return whether something has to be looked for that a request of the resource may have created."""
    record = remote.memory[LostCreations]
    return bool(record.lost_creations or record.to_revoke)


class LostInRun(dict[str, list[float]]):
    """The lost creations of a run: by path, until when each may act, by the machine's monotonic clock.

    Objects that other resources create at the same path wait until then, so that a later run does not take them for the
    result of such a request.
    """


@dataclass(eq=False, repr=False)
class Creations:
    """The creations of a resource in one place, and what those without a response may have created.

    Args:
        remote: The resource, which remembers what is open.
        noun: What messages call an object: "API key".
        owner: What has the objects, for messages: "project proj_1".
        listing: The list of all objects.
        is_ours: Whether a listed object has the properties of a body.
        delete: Deletes a listed object, by its id and its row. Returns False if the object stays as it is.
        removal: What a user does to an object that is not needed: "archive".
        is_dated: Whether objects have a time of creation.
        parents: The ids of the objects whose end is the end of these objects.
        own: The ids of the objects that the resource keeps, beside its own id.
    """

    client: Client
    remote: Remote
    noun: str
    owner: str
    listing: Listing
    is_ours: Callable[[Mapping[str, Any], Mapping[str, Any]], bool]
    delete: Callable[[str, Mapping[str, Any]], object]
    removal: str = "delete"
    is_dated: bool = True
    parents: Mapping[str, str] = field(default_factory=dict)
    own: Collection[str] = ()

    def create(self, call: Call, body: Mapping[str, Any], *, discards: bool = False) -> dict[str, Any]:
        """Create an object, even if responses are lost. What they may have created and was not found is remembered.

        Args:
            body: The properties that identify the object.
            discards: Whether an object that is found can't be used without the response. Then it is removed, and
                another one is created at once. Otherwise it is used, and another one is created only when the first
                attempt can no longer create one.

        Returns:
            OpenAI's response, or the object as the list shows it.

        Raises:
            errors.ResponseLostError: The result is unknown, or the object can't be created; the message names the
                objects that may exist.
            errors.AdminError: OpenAI refused, and nothing was created.
        """
        self._await_others(call)
        if not self.is_dated:
            # Every object that is new after a list from right before the POST was created since.
            self.listing.forget()
        before = self.listing.rows()
        request = self._request(call.action, body, known=before)
        may_have_left = True
        try:
            return self._create(call, request, discards=discards)
        except errors.AdminError as error:
            may_have_left = error.may_have_acted
            raise
        finally:
            if may_have_left and request["closed_at"]:
                # An object that shows an earlier time than the request is never taken for its result.
                start = request.get("start", -math.inf)
                known = sorted(id_ for id_ in request["known"] if _created_at(before.get(id_, {}), start) >= start)
                self._remember({**request, "known": known, "attempts": max(1, request["attempts"])})
                left = acts_for(request, self.client.clock.now_or_local())
                until = self.client.requestor.monotonic() + left
                self.client.shared(LostInRun).setdefault(call.path, []).append(until)

    def add(self, action: str, body: Mapping[str, Any], start: int | None = None) -> None:
        """Remember a request that has just ended, and whose result is not known."""
        request = self._request(action, body)
        self._close(request)
        if start is not None:
            request["start"] = start
        self._remember({**request, "attempts": 1})

    def resolve(self, seconds: float = 0, *, removes: bool = True) -> None:
        """Look for what lost creations have made, and remove it.

        Args:
            seconds: How long the list is requested again while a request may still act.
            removes: Whether a found object is removed. If not, the request stays in the record.

        Raises:
            errors.UnknownCreationError: It can't be decided what the requests have created.
            errors.AdminError: The list can't be read, or an object can't be removed.
        """
        if not self.requests:
            return
        try:
            for rows, is_last in self._read_lists(self.requests, seconds):
                if self._remove_results(rows, removes=removes):
                    return
                if is_last:
                    self._keep(())
                if not self.requests:
                    return
        except errors.ParentEndedError:
            self.end()
        for request in self.requests:
            logger.warning(
                "%s, and may still act for %d s. The first update after that looks again for what it created.",
                in_words(request), max(1, acts_for(request, self.client.clock.now_or_local())),
            )  # fmt: skip

    def end(self) -> None:
        """Forget the requests of this place, because nothing in it exists."""
        self._keep(())

    def remove(self, id_: str, row: Mapping[str, Any]) -> None:
        """Remove an object that nobody uses, and name it: another client may have created it in the same seconds."""
        if self.delete(id_, row) is False:
            return
        self.remote.step.has_changed = True
        self.listing.drop(id_)
        logger.warning(
            "%s %s of %s was %sd: it was created %s%s, and the response to a request of this resource at that time was "
            "lost. If another client created it, that client needs a new one.",
            capitalized(self.noun), id_, self.owner, self.removal, time_in_words(row),
            f" with the name {row['name']!r}" if row.get("name") else "",
        )  # fmt: skip

    @property
    def in_state(self) -> set[str]:
        """The ids that the state has: no object with one of them is looked for."""
        return {self.remote.id, *self.own, *self.remote.memory[LostCreations].to_revoke}

    @property
    def requests(self) -> list[LostCreation]:
        """The lost creations in this place."""
        return [request for request in self.remote.memory[LostCreations].lost_creations if request["noun"] == self.noun]

    # One creation

    def _request(self, action: str, body: Mapping[str, Any], known: Iterable[str] = ()) -> LostCreation:
        """Return a request of which no attempt has ended yet."""
        sent = {name: value for name, value in body.items() if value is not None}
        return LostCreation(action=action, noun=self.noun, closed_at=0, attempts=0, known=[*known], body=sent)

    def _close(self, request: LostCreation) -> None:
        request["closed_at"] = math.ceil(self.client.clock.now_or_local())

    def _create(self, call: Call, request: LostCreation, *, discards: bool) -> dict[str, Any]:
        lost: errors.AdminError  # there is at least one attempt
        discarded: list[str] = []
        for _ in range(MAX_TRIES if discards else _MAX_TRIES_WITH_WAITS):
            try:
                return self._post_with_retries(call, request)
            except errors.AdminError as error:
                lost = error
            if not lost.may_have_acted:
                break
            request["attempts"] += 1
            self._close(request)
            try:
                found = self._find(request, in_run_seconds() if discards else math.inf)
            except errors.AdminError as error:
                raise self._may_exist(call, lost) from error
            self._require_attributable(request, found)
            for id_, row in found.items():
                if not discards:
                    request["closed_at"] = 0
                    return self._use(id_, row)
                self.remove(id_, row)
                self.client.acquire(id_)
            discarded += found
            if "start" not in request:
                break  # without OpenAI's clock, no object can be attributed
            request["attempts"] -= len(found) if discards else 1
            if not request["attempts"]:
                request["closed_at"] = 0
        raise self._failure(call, request, lost, discarded)

    def _post_with_retries(self, call: Call, request: LostCreation) -> dict[str, Any]:
        """POST, with retries after a conflict as long as no object has appeared.

        The conflict may be with the same request: if a gateway sends it twice, the second one may be refused.
        """
        for wait in (*CONFLICT_WAITS, None):
            try:
                return self._post(call, request)
            except errors.ConflictError as conflict:
                self._close(request)
                try:
                    conflict.may_have_acted = bool(self._find(request, 0))
                except errors.AdminError:
                    conflict.may_have_acted = True
                if wait is None or conflict.may_have_acted:
                    raise
            self.client.pause(wait, call.action)
        raise AssertionError  # the last wait is None

    def _post(self, call: Call, request: LostCreation) -> dict[str, Any]:
        def note_start() -> None:
            now = self.client.clock.now()
            if now is not None and not request["closed_at"]:
                request["start"] = math.floor(now)

        reply = self.client.send(replace(call, on_send=note_start))
        id_ = reply.get(self.listing.identity)
        if not isinstance(id_, str) or not id_:
            raise errors.InvalidResponseError(
                f"Could not {call.action}: the response does not contain {self.listing.identity}"
            )
        self.client.acquire(id_)
        self.listing.learn(reply)
        return reply

    def _find(self, request: LostCreation, seconds: float) -> dict[str, dict[str, Any]]:
        """What a request of this run has created. An object that only looks like that is named."""
        for rows, _ in self._read_lists([request], seconds):
            found, others = self._results(request, rows)
            if others:
                request["known"] += others
                logger.warning(
                    "%s %s has the same name or owner, but was not created by this request. It is not changed.",
                    capitalized(self.noun), bounded(", ", sorted(others)),
                )  # fmt: skip
            if found:
                return found
        return {}

    def _use(self, id_: str, row: dict[str, Any]) -> dict[str, Any]:
        """Use an object because it fits, and name it. Another client may have created it in the same seconds."""
        self.client.acquire(id_)
        name = row.get("name")
        logger.warning(
            "%s %s was taken as the one that this run created, because the response was lost: it was created %s and "
            "has the same properties. If another client created it, %s%s.",
            capitalized(self.noun), f"{name!r} ({id_})" if name else id_, time_in_words(row),
            remedies.Remedy(remedies.RemedyKind.REMOVE_FROM_STATE, urn="<urn>"),
            " and set another name" if name else "",
        )  # fmt: skip
        return row

    def _await_others(self, call: Call) -> None:
        until = max(self.client.shared(LostInRun).get(call.path, ()), default=-math.inf)
        left = until - self.client.requestor.monotonic()
        if left > 0:
            self.client.log_wait(
                "Waiting %.0f s to %s: a request of another resource of this run got no response, and may still act.",
                left, call.action,
            )  # fmt: skip
            self.client.pause(left, call.action)

    def _failure(
        self, call: Call, request: LostCreation, lost: errors.AdminError, discarded: Sequence[str]
    ) -> errors.AdminError:
        """The error after the last attempt, which was refused or got no response."""
        if request["attempts"]:
            return self._may_exist(call, lost)
        if discarded:
            verb = f"s {bounded(', ', discarded)} were" if len(discarded) > 1 else f" {discarded[0]} was"
            what = f"The {self.noun}{verb} created, and revoked because no response arrived"
        elif lost.may_have_acted:
            what = f"No new {self.noun} appeared, so nothing was created"
        else:
            return lost
        failure = errors.ResponseLostError(Message(lost.happened, f". {what}"), Advice(remedies.RUN_AGAIN, "."))
        failure.may_have_acted = False
        failure.__cause__ = lost
        return failure

    def _may_exist(self, call: Call, lost: errors.AdminError) -> errors.ResponseLostError:
        of = "project" if call.path.startswith("/organization/projects/") else "organization"
        advice = (
            f"Look in OpenAI's dashboard, in the {of}'s list of {self.noun}s, and {self.removal} the new one there if "
            "it is not needed. Then "
        )
        what = Message(lost.happened, f". The {self.noun} may have been created")
        unknown = errors.ResponseLostError(what, Advice(advice, remedies.RUN_AGAIN, "."))
        unknown.__cause__ = lost
        return unknown

    # All lost creations

    def _remember(self, request: LostCreation) -> None:
        self.remote.memory[LostCreations].lost_creations.append(request)
        self.remote.step.has_changed = True

    def _keep(self, requests: Iterable[LostCreation]) -> None:
        record = self.remote.memory[LostCreations]
        elsewhere = [request for request in record.lost_creations if request["noun"] != self.noun]
        record.lost_creations = [*elsewhere, *requests]

    def _read_lists(
        self, requests: Sequence[LostCreation], seconds: float
    ) -> Iterator[tuple[Mapping[str, dict[str, Any]], bool]]:
        """Request the list while requests may act, and a few times after that, because a list may lag behind.

        Args:
            seconds: How long the list is requested while a request may still act.

        Yields:
            The list, and whether everything that the requests have created is in it.
        """
        closes_in, waited, is_over = math.inf, 0.0, False
        last_looks = [*POLL_DELAYS[1:]]
        for delay in chain(POLL_DELAYS, repeat(LATER_DELAY)):
            wait = last_looks.pop(0) if is_over else max(0.0, min(delay, min(seconds, closes_in) - waited))
            if waited and wait >= LATER_DELAY:
                self.client.log_wait(
                    "Waiting up to %.0f s to look for %ss of %s: a request got no response, and may still act.",
                    min(seconds, closes_in) - waited, self.noun, self.owner,
                )  # fmt: skip
            self.client.pause(wait, f"look for {self.noun}s of {self.owner}")
            waited += wait
            asked = self.client.requestor.monotonic()
            self.listing.forget()
            with self.client.inside(self.parents):
                rows = self.listing.rows()
            if closes_in == math.inf:
                asked_at = self.client.clock.now_or_local() - (self.client.requestor.monotonic() - asked)
                closes_in = max(acts_for(request, asked_at) for request in requests)
            yield rows, not last_looks
            is_over = waited >= closes_in
            if not last_looks or (waited >= seconds and not is_over):
                return

    def _remove_results(self, rows: Mapping[str, dict[str, Any]], *, removes: bool) -> bool:
        """Remove what lost creations have made. Return whether something was found that is not removed."""
        is_left = False
        for request, found in self._attributed(rows):
            try:
                self._require_attributable(request, found)
            except errors.UnknownCreationError:
                request["known"] = sorted({*request["known"], *found})
                self.remote.step.has_learned = True
                raise
            if found and not removes:
                is_left = True
                logger.warning(
                    "%s. It may have created %s %s of %s. The next update %ss it.",
                    in_words(request), self.noun, bounded(", ", found), self.owner, self.removal,
                )  # fmt: skip
                continue
            for id_, row in found.items():
                self.remove(id_, row)
                request["attempts"] -= 1
        self._keep(request for request in self.requests if request["attempts"] > 0)
        return is_left

    def _attributed(
        self, rows: Mapping[str, dict[str, Any]]
    ) -> Iterator[tuple[LostCreation, dict[str, dict[str, Any]]]]:
        """Return the lost creations, each with what it may have made. An object is the result of one request only.

        Of several that may have created it, that is the one with the most properties, if it can have created more.
        """
        requests = sorted(self.requests, key=lambda request: -len(request["body"]))
        results = [self._results(request, rows)[0] for request in requests]
        found: list[dict[str, dict[str, Any]]] = [{} for _ in requests]
        for id_, row in rows.items():
            fitting = [number for number, result in enumerate(results) if id_ in result]
            free = (number for number in fitting if len(found[number]) < requests[number]["attempts"])
            if fitting:
                found[next(free, fitting[0])][id_] = row
        return zip(requests, found, strict=True)

    def _results(
        self, request: LostCreation, rows: Mapping[str, dict[str, Any]]
    ) -> tuple[dict[str, dict[str, Any]], Collection[str]]:
        """The objects that may be the result of a request, and those that only look like it. No resource uses them."""
        used = {*self.in_state, *request["known"]}
        fitting = {
            id_: row
            for id_, row in rows.items()
            if id_ not in used
            and not self.client.is_owned(id_)
            and not self.remote.step.is_in_state(id_)
            and self.is_ours(row, request["body"])
        }
        start, end = request.get("start", 0), request["closed_at"] + VISIBILITY_LAG_SECONDS + _CLOCK_RESOLUTION
        # One that shows no time is new since the list before. Objects of a kind that is declared undated may show one.
        undated = math.inf if self.is_dated else start
        found = {id_: row for id_, row in fitting.items() if start <= _created_at(row, undated) <= end}
        return found, fitting.keys() - found.keys()

    def _require_attributable(self, request: LostCreation, found: Mapping[str, Any]) -> None:
        """Make sure that a request can have created all that was found.

        Raises:
            errors.UnknownCreationError: It can't, or OpenAI's clock was not known, so that no object can be attributed.
        """
        if len(found) <= (request["attempts"] if "start" in request else 0):
            return
        noun, ids = self.noun, bounded(", ", found)
        what = f"{in_words(request)}, and several new {noun}s of {self.owner} match: {ids}. None was changed"
        advice = f"{capitalized(self.removal)} those that are not needed, then "
        raise errors.UnknownCreationError(what, Advice(advice, remedies.RUN_AGAIN, "."))


def _created_at(row: Mapping[str, Any], default: float) -> float:
    created_at = row.get("created_at")
    return created_at if isinstance(created_at, int | float) else default


def time_in_words(row: Mapping[str, Any]) -> str:
    """When an object was created, for messages."""
    created_at = row.get("created_at")
    is_dated = isinstance(created_at, int | float)
    return f"at {formats.moment_in_words(created_at)}" if is_dated else "since the request"
