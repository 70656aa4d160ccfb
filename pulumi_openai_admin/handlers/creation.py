"""Creating one object where a second POST would create a second: look before acting, and again when a reply is lost.

OpenAI offers no idempotency key. So the objects are listed before the POST, and listed again when nobody knows what
became of it. An object is ours if it is new in the list, fits, was created after the POST was sent (by OpenAI's own
clock, which stamps both), and is not the result of another POST of this process. Others work in the same organization
at the same time: what was created before is theirs, however old the first list is.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.restoration import bounded
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_openai_admin.http.call import Call
    from pulumi_openai_admin.http.client import Client, Listing

logger = logging.getLogger(__name__)

LOOKS = (0.0, 1.0, 2.0, 5.0)
"""The waits before each look, in seconds: a list lags behind for a moment, so "none" is said only after the last."""
MAX_TRIES = 5
CONFLICT_WAITS = (0.5, 1.0)
"""The waits before each further try after a conflict, in seconds: as many as the official SDK makes."""
_CLOCK_RESOLUTION = 1
"""In seconds: `Date` and `created_at` are cut off to whole seconds."""


@dataclass(frozen=True)
class Window:
    """The time in which a POST acted whose reply was lost, in seconds since 1970 by OpenAI's clock."""

    start: int
    end: int

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether an object was created in it."""
        created_at = row.get("created_at")
        return isinstance(created_at, int | float) and self.start <= created_at <= self.end


@dataclass(frozen=True)
class Made:
    """What came of it."""

    reply: dict[str, Any]
    """OpenAI's reply to the POST, or the object as the list shows it."""
    is_found: bool = False
    """Whether it was found in the list: what only a reply shows is lost."""
    late_duplicates: tuple[str, ...] | None = ()
    """The ids of objects that appeared late, and that a lost try must have made; None where that can't be told."""
    window: Window | None = None
    """When it was created, or may have been."""


@dataclass
class Creation:
    """One object to create, and how to recognize it.

    Args:
        client: Sends and lists.
        call: The POST; not idempotent.
        listing: All objects of the kind; shared by all who create some there.
        noun: What one is called, for messages.
        is_ours: Whether an object fits the POST.
        is_dated: Whether objects show when they were created. Where they do not, the list is fetched right before the
            POST, and what is new after it was created since.
    """

    client: Client
    call: Call
    listing: Listing
    noun: str
    is_ours: Callable[[Mapping[str, Any]], bool]
    is_dated: bool = True
    _first_sent: float | None = field(default=None, init=False)
    """When the first try was sent that may have acted without a reply that says so."""
    _sent: float | None = field(default=None, init=False)
    _told: set[str] = field(default_factory=set, init=False)

    def run(self, discard: Callable[[str, Mapping[str, Any]], None] | None = None) -> Made:
        """Create it, whatever happens on the wire.

        Args:
            discard: Ends an object (its id, and as it is listed) that is of no use without its reply, so that another
                is created. Without it, a found object is taken.

        Raises:
            errors.ResponseLostError: Nobody can say what exists, or it can't be created; the message names what may.
            errors.AdminError: OpenAI refused, and nothing was created.
        """
        before = self._listed_before()
        lost: errors.AdminError | None = None
        for lost_tries in range(1, MAX_TRIES + 1):
            try:
                reply = self._post_past_conflicts(before)
            except errors.AdminError as error:
                if not (error.may_have_acted or lost):
                    raise
                lost = error
                if not error.may_have_acted:
                    break  # refused now, but an earlier try may have made it
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
                return Made(row, is_found=True, window=self.window)
            if len(found) > (lost_tries if discard else 0):
                raise self._several(found)
            for id_, row in found.items():
                if discard:
                    discard(id_, row)
                self.client.acquire(id_)
        raise self._may_exist(lost)

    def _listed_before(self) -> frozenset[str]:
        if not self.is_dated:
            self.listing.forget()
        return frozenset(self.listing.rows())

    @property
    def window(self) -> Window | None:
        """When the tries acted of which nobody knows what became, or the last one, up to now.

        None where OpenAI's clock is not known.
        """
        start, now = self._sent if self._first_sent is None else self._first_sent, self.client.clock.now()
        if start is None or now is None:
            return None
        return Window(math.floor(start), math.ceil(now) + _CLOCK_RESOLUTION)

    def _post_past_conflicts(self, before: frozenset[str]) -> dict[str, Any]:
        """POST; where something else is under way at OpenAI, again after a while, unless an object has appeared.

        That may be this very request: where a gateway sends it twice, the first one acts and the second one is refused.
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
            raise errors.InvalidReplyError(f"Could not {self.call.action}: the reply names no id")
        self.client.acquire(id_)
        self.listing.learn(reply)
        return reply

    def _note_sent(self) -> None:
        self._sent = self.client.clock.now()

    def _find_repeatedly(self, before: frozenset[str], lost: errors.AdminError) -> dict[str, dict[str, Any]]:
        try:
            return self._look(before, looks=len(LOOKS))
        except errors.AdminError as error:
            raise self._may_exist(lost) from error

    def _look(self, before: frozenset[str], looks: int) -> dict[str, dict[str, Any]]:
        """What is new, fits, was created since, and is not the result of another of our own POSTs."""
        found: dict[str, dict[str, Any]] = {}
        for wait in LOOKS[:looks]:
            self.client.pause(wait, self.call.action)
            self.listing.forget()
            new = {id_: row for id_, row in self.listing.rows().items() if id_ not in before}
            fitting = {id_: row for id_, row in new.items() if self.is_ours(row) and not self.client.is_owned(id_)}
            window = self.window
            found = {id_: row for id_, row in fitting.items() if not self.is_dated or (window and window.holds(row))}
            self._tell_strangers(set(fitting) - set(found))
            if found:
                break
        return found

    def _tell_strangers(self, ids: set[str]) -> None:
        news = sorted(ids - self._told)
        self._told.update(news)
        if news:
            logger.warning(
                "%s %s of the same name or owner was not created by this request, and is left as it is.",
                f"{self.noun[0].upper()}{self.noun[1:]}", bounded(", ", news),
            )  # fmt: skip

    def _late_duplicates(self, before: frozenset[str]) -> tuple[str, ...] | None:
        """What a lost try made late; where that can't be told, what was made must not be lost over it."""
        try:
            return tuple(self._look(before, looks=1))
        except errors.AdminError as error:
            logger.warning("A lost try may have made another %s, and looking for it failed: %s", self.noun, error)
            return None

    def _several(self, found: Mapping[str, Any]) -> errors.ResponseLostError:
        ids = bounded(", ", found)
        what = f"Could not {self.call.action}: the reply was lost, and several new {self.noun}s could be it: {ids}"
        return errors.ResponseLostError(what, Advice("Delete those that nobody needs, then ", remedies.RUN_AGAIN, "."))

    def _may_exist(self, error: errors.AdminError | None) -> errors.ResponseLostError:
        """Say what may exist now, and how to look."""
        lost = errors.ResponseLostError(
            f"{error.event if error else f'Could not {self.call.action}'}. The {self.noun} may exist all the same",
            Advice(
                f"Look in OpenAI's dashboard, in the project's list of {self.noun}s, and delete it there if it is new "
                "and nobody needs it; then ",
                remedies.RUN_AGAIN,
                ".",
            ),
        )
        lost.__cause__ = error
        return lost
