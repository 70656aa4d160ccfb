"""What requests without a response may have created: it stays in the state until it is known.

A request may act after the client has closed its connection. So what it may have created is in the state
(`OpenRequests`) until it is found, or a list that was requested `VISIBILITY_LAG_SECONDS` later does not show it. Each
later update, refresh and destroy looks for it (`LostRequests`). Nobody uses what is found: it is removed.

A lost request may also change what exists. The state has when the last one ended (`LostWrite`), and a removal waits
until none can act.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import creation
from pulumi_openai_admin.handlers.creation import Creation, InRun, LostRequest, in_words
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pulumi_openai_admin.handlers.creation import Made
    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.call import Call
    from pulumi_openai_admin.http.client import Client, Listing

logger = logging.getLogger(__name__)


@dataclass
class LostWrite(MemoryPart):
    """When the last request without a response ended, in seconds since 1970 by OpenAI's clock."""

    lost_at: int | None = None


def note(client: Client, remote: Remote) -> None:
    """Record the last request of the operation whose response was lost."""
    lost_at = client.requestor.lost_at
    if lost_at is not None:
        remote.memory.put(LostWrite(int(lost_at) + 1))


def wait(client: Client, remote: Remote, action: str) -> None:
    """Wait until OpenAI no longer acts on requests whose responses were lost.

    Args:
        client: Waits.
        action: What waits: it completes "Could not …".

    Raises:
        errors.OperationTimeoutError: The operation's time is over, or the user cancelled it.
    """
    note(client, remote)
    lost_at = remote.memory[LostWrite].lost_at
    if lost_at is None:
        return
    now = client.clock.now()
    # The clock of your machine may be wrong: before OpenAI's first response, all of the time is waited for.
    passed = 0.0 if now is None else max(0.0, now - lost_at)
    left = creation.VISIBILITY_LAG_SECONDS - passed
    if left > 0:
        client.log_wait(
            "Waiting %.0f s to %s: the response to an earlier request was lost, and OpenAI may still act on it.",
            left, action,
        )  # fmt: skip
        client.pause(left, action)
    remote.memory.put(LostWrite())


IN_RUN_SECONDS = sum(creation.POLL_DELAYS)
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
        place = self.place
        attempt = Creation(
            self.client,
            call,
            place.listing,
            place.noun,
            lambda row: place.is_ours(row, body),
            place.is_dated,
            place.removal,
        )
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
            left = creation.acts_until(request) - self.client.clock.now_or_local()
            self.client.shared(InRun).add(path, self.client.requestor.monotonic() + left)

    def look(self, seconds: float = 0, *, removes: bool = True) -> None:
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
        last_looks = [*creation.POLL_DELAYS[1:]]  # after the period, because a list may lag behind
        for delay in chain(creation.POLL_DELAYS, repeat(creation.LATER_DELAY)):
            wait = last_looks.pop(0) if is_over else max(0.0, min(delay, min(seconds, closes_in) - waited))
            if waited and wait >= creation.LATER_DELAY:
                self._log_wait(min(seconds, closes_in) - waited)
            self.client.pause(wait, f"look for {self.place.noun}s of {self.place.owner}")
            waited += wait
            try:
                rows, asked_at = self._list()
            except errors.ParentEndedError:
                self.end()
                return
            if closes_in == math.inf:
                closes_in = max(map(creation.acts_until, self.requests)) - asked_at
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
            capitalized(self.place.noun), id_, self.place.owner, self.place.removal, creation.time_in_words(row),
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
            and creation.is_made_in(
                row, request.get("start", 0), creation.acts_until(request), is_dated=self.place.is_dated
            )
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
                in_words(request), max(1, creation.acts_until(request) - self.client.clock.now_or_local()),
            )  # fmt: skip

    def _several(self, request: LostRequest, found: Mapping[str, Any]) -> errors.ResponseLostError:
        noun, ids = self.place.noun, bounded(", ", found)
        what = f"{in_words(request)}, and several new {noun}s of {self.place.owner} match: {ids}. None was changed"
        advice = f"{capitalized(self.place.removal)} those that are not needed, then "
        return errors.ResponseLostError(what, Advice(advice, remedies.RUN_AGAIN, "."))
