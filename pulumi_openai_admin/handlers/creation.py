"""Creates one object without duplicates, although a repeated POST would create a second object.

OpenAI has no idempotency keys. So the objects are listed before the POST, and again if its response is lost. An object
in the second list is the result of the POST if it is new, has the same properties, was created after the POST was sent
(by OpenAI's clock), and is not the result of another POST of this process. Other clients may create objects in the same
organization at the same time.

Before every request that changes something, `Requestor.guard` checks that the engine still listens.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.remedies import Advice, Message
from pulumi_openai_admin.schema import moments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_openai_admin.http.call import Call
    from pulumi_openai_admin.http.client import Client, Listing

logger = logging.getLogger(__name__)

POLL_DELAYS = (0.0, 1.0, 2.0, 5.0)
"""The waits before each request of the list, in seconds. A list may lag behind, so only the last one is conclusive."""
MAX_TRIES = 5
CONFLICT_WAITS = (0.5, 1.0)
"""The waits before each retry after a conflict, in seconds. The official SDK has as many retries."""
_CLOCK_RESOLUTION = 1
"""In seconds: `Date` and `created_at` are truncated to whole seconds."""


@dataclass(frozen=True)
class Window:
    """When a POST with a lost response may have had its effect, in seconds since 1970 by OpenAI's clock."""

    start: int
    end: int

    def contains(self, row: Mapping[str, Any]) -> bool:
        """Whether an object was created in the period."""
        created_at = row.get("created_at")
        return isinstance(created_at, int | float) and self.start <= created_at <= self.end


@dataclass(frozen=True)
class Made:
    """The result of a creation."""

    reply: dict[str, Any]
    """OpenAI's response to the POST, or the object from the list."""
    is_found: bool = False
    """Whether the object is from the list: then the values that only the response shows are lost."""
    late_duplicates: tuple[str, ...] | None = ()
    """The ids of objects that an earlier attempt with a lost response created; None if that is unknown."""
    window: Window | None = None
    """The period in which it was or may have been created."""


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
    _first_sent: float | None = field(default=None, init=False)
    """When the first attempt was sent that may have created an object without a response."""
    _sent: float | None = field(default=None, init=False)
    _warned_of: set[str] = field(default_factory=set, init=False)

    def run(self, discard: Callable[[str, Mapping[str, Any]], None] | None = None) -> Made:
        """Create the object, even if responses are lost.

        Args:
            discard: Deletes an object (its id, and its row in the list) that can't be used without its response, so
                that another one is created. Without this argument, a found object is used.

        Raises:
            errors.ResponseLostError: The result is unknown, or the object can't be created; the message names the
                objects that may exist.
            errors.AdminError: OpenAI refused, and nothing was created.
        """
        before = self._listed_before()
        lost: errors.AdminError | None = None
        discarded: list[str] = []
        not_found = 0
        for lost_tries in range(1, MAX_TRIES + 1):
            try:
                reply = self._post_with_retries(before)
            except errors.AdminError as error:
                if not (error.may_have_acted or lost):
                    raise
                lost = error
                if not error.may_have_acted:
                    break  # refused now, but an earlier attempt may have created it
                not_found += 1
                self._first_sent = self._sent if self._first_sent is None else self._first_sent
            else:
                is_first = lost is None and self._first_sent is None
                return Made(
                    reply, late_duplicates=() if is_first else self._late_duplicates(before), window=self.window
                )
            found = self._find_repeatedly(before, lost)
            if discard is None and len(found) == 1:
                ((id_, row),) = found.items()
                self.client.acquire(id_)
                self._warn_of_taking(id_, row)
                return Made(row, is_found=True, window=self.window)
            if len(found) > (lost_tries if discard else 0):
                raise self._several(found)
            for id_, row in found.items():
                if discard:
                    discard(id_, row)
                self.client.acquire(id_)
            discarded += found
            not_found -= len(found)
        raise self._revoked(discarded, lost) if discarded and not not_found else self._may_exist(lost)

    def _listed_before(self) -> frozenset[str]:
        if not self.is_dated:
            self.listing.forget()
        return frozenset(self.listing.rows())

    @property
    def window(self) -> Window | None:
        """The period from the first attempt without a response, or else from the last one, until now.

        None if OpenAI's clock is not known.
        """
        start, now = self._sent if self._first_sent is None else self._first_sent, self.client.clock.now()
        if start is None or now is None:
            return None
        return Window(math.floor(start), math.ceil(now) + _CLOCK_RESOLUTION)

    def _post_with_retries(self, before: frozenset[str]) -> dict[str, Any]:
        """POST, with retries after a conflict as long as no object has appeared.

        The conflict may be with the same request: if a gateway sends it twice, the second one may be refused.
        """
        for wait in (*CONFLICT_WAITS, None):
            try:
                return self._post()
            except errors.ConflictError as conflict:
                self._first_sent = self._sent if self._first_sent is None else self._first_sent
                try:
                    conflict.may_have_acted = bool(self._look(before, looks=1))
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

    def _find_repeatedly(self, before: frozenset[str], lost: errors.AdminError) -> dict[str, dict[str, Any]]:
        try:
            return self._look(before, looks=len(POLL_DELAYS))
        except errors.AdminError as error:
            raise self._may_exist(lost) from error

    def _look(self, before: frozenset[str], looks: int) -> dict[str, dict[str, Any]]:
        """The objects that are new, have the same properties, were created since, and are not from another POST."""
        found: dict[str, dict[str, Any]] = {}
        for wait in POLL_DELAYS[:looks]:
            self.client.pause(wait, self.call.action)
            self.listing.forget()
            new = {id_: row for id_, row in self.listing.rows().items() if id_ not in before}
            fitting = {id_: row for id_, row in new.items() if self.is_ours(row) and not self.client.is_owned(id_)}
            window = self.window
            found = {id_: row for id_, row in fitting.items() if self._is_of(window, row)}
            self._warn_of_others(set(fitting) - set(found))
            if found:
                break
        return found

    def _is_of(self, window: Window | None, row: Mapping[str, Any]) -> bool:
        """Whether an object may have been created in the window. One that shows no time is new since the list before.

        Objects of a kind that is declared without a time may show one.
        """
        has_time = isinstance(row.get("created_at"), int | float)
        return window is not None and window.contains(row) if has_time else not self.is_dated

    def _warn_of_others(self, ids: set[str]) -> None:
        others = sorted(ids - self._warned_of)
        self._warned_of.update(others)
        if others:
            logger.warning(
                "%s %s has the same name or owner, but was not created by this request. It is not changed.",
                capitalized(self.noun), bounded(", ", others),
            )  # fmt: skip

    def _warn_of_taking(self, id_: str, row: Mapping[str, Any]) -> None:
        """Name an object that is used because it fits. Another client may have created it in the same seconds."""
        name, created_at = row.get("name"), row.get("created_at")
        logger.warning(
            "%s %s was taken as the one that this run created, because the response was lost: it was created %s and "
            "has the same properties. If another client created it, %s%s.",
            capitalized(self.noun),
            f"{name!r} ({id_})" if name else id_,
            f"at {moments.in_words(created_at)}" if isinstance(created_at, int | float) else "since the request",
            remedies.Remedy(remedies.RemedyKind.REMOVE_FROM_STATE, urn="<urn>"),
            " and set another name" if name else "",
        )

    def _late_duplicates(self, before: frozenset[str]) -> tuple[str, ...] | None:
        """The objects of earlier attempts; None if the list fails, which is no error because the creation succeeded."""
        try:
            return tuple(self._look(before, looks=1))
        except errors.AdminError as error:
            logger.warning(
                "An earlier attempt got no response and may have created a second %s. The list could not be read to "
                "check: %s",
                self.noun,
                error,
            )
            return None

    @property
    def _place(self) -> str:
        """What has the list of the objects."""
        return "project" if self.call.path.startswith("/organization/projects/") else "organization"

    def _several(self, found: Mapping[str, Any]) -> errors.ResponseLostError:
        ids = bounded(", ", found)
        what = f"Could not {self.call.action}: the response was lost, and several new {self.noun}s match: {ids}"
        return errors.ResponseLostError(
            what, Advice(f"{capitalized(self.removal)} those that are not needed, then ", remedies.RUN_AGAIN, ".")
        )

    def _revoked(self, ids: list[str], error: errors.AdminError | None) -> errors.ResponseLostError:
        """The error after the last attempt, if the objects of all attempts were found and deleted."""
        verb = "s {} were" if len(ids) > 1 else " {} was"
        lost = errors.ResponseLostError(
            Message(
                error.happened if error else f"Could not {self.call.action}",
                f". The {self.noun}{verb.format(bounded(', ', ids))} created, and revoked because no response arrived",
            ),
            Advice(remedies.RUN_AGAIN, "."),
        )
        lost.__cause__ = error
        return lost

    def _may_exist(self, error: errors.AdminError | None) -> errors.ResponseLostError:
        """The error that names what may exist."""
        lost = errors.ResponseLostError(
            Message(
                error.happened if error else f"Could not {self.call.action}", f". The {self.noun} may have been created"
            ),
            Advice(
                f"Look in OpenAI's dashboard, in the {self._place}'s list of {self.noun}s, and {self.removal} the new "
                "one there if it is not needed. Then ",
                remedies.RUN_AGAIN,
                ".",
            ),
        )
        lost.__cause__ = error
        return lost
