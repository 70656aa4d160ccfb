"""Making one thing where a second POST would make a second: look before acting, and again when a reply is lost.

OpenAI offers no idempotency key. So what is there is listed before the POST, and listed again when nobody
knows what became of it: what is new then, fits, and is not the result of another of our own POSTs is ours.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_openai_admin.api.call import Call
    from pulumi_openai_admin.api.client import Client, Listing

logger = logging.getLogger("pulumi_openai_admin")

LOOKS = (0.0, 1.0, 2.0, 5.0)
"""The waits before each look, in seconds: a list lags behind for a moment, so "none" is said only after the last."""
MOST_TRIES = 5


@dataclass(frozen=True)
class Made:
    """What came of it."""

    reply: dict[str, Any]
    """OpenAI's reply to the POST, or the object as the list shows it."""
    is_found: bool = False
    """Whether it was found in the list: what only a reply shows is lost."""
    strays: tuple[str, ...] | None = ()
    """The ids of objects that appeared late, and that a lost try must have made; None where that can't be told."""


@dataclass(frozen=True)
class Making:
    """One object to make, and how to recognize it.

    Args:
        client: Sends and lists.
        call: The POST; not repeatable.
        listing: All objects of the kind; shared by all who make some there.
        noun: What one is called, for messages.
        is_ours: Whether an object fits the POST.
    """

    client: Client
    call: Call
    listing: Listing
    noun: str
    is_ours: Callable[[Mapping[str, Any]], bool]

    def carry_out(self, discard: Callable[[str], None] | None = None) -> Made:
        """Make it, whatever happens on the wire.

        Args:
            discard: Ends an object (by id) that is of no use without its reply, so that another is made. Without
                it, a found object is taken.

        Raises:
            errors.Lost: It can't be told what exists, or not be brought about; the message names all that may.
            errors.AdminError: OpenAI refused, and nothing was made.
        """
        before = frozenset(self.listing.rows())
        lost: errors.AdminError | None = None
        for lost_tries in range(1, MOST_TRIES + 1):
            try:
                reply = self._post()
            except errors.AdminError as error:
                if not (error.may_have_acted or lost):
                    raise
                lost = error
                if not error.may_have_acted:
                    break  # refused now, but an earlier try may have made it
            else:
                return Made(reply, strays=self._strays(before) if lost else ())
            found = self._look_well(before, lost)
            if discard is None and len(found) == 1:
                ((id_, row),) = found.items()
                self.client.acquire(id_)
                return Made(row, is_found=True)
            if len(found) > (lost_tries if discard else 0):
                raise self._several(found)
            for id_ in found:
                if discard:
                    discard(id_)
                self.client.acquire(id_)
        raise self._may_exist(lost)

    def _post(self) -> dict[str, Any]:
        reply = self.client.send(self.call)
        id_ = reply.get("id")
        if not isinstance(id_, str) or not id_:
            raise errors.BrokenReply(f"Could not {self.call.purpose}: the reply names no id")
        self.client.acquire(id_)
        self.listing.learn(reply)
        return reply

    def _look_well(self, before: frozenset[str], lost: errors.AdminError) -> dict[str, dict[str, Any]]:
        try:
            return self._look(before, looks=len(LOOKS))
        except errors.AdminError as error:
            raise self._may_exist(lost) from error

    def _look(self, before: frozenset[str], looks: int) -> dict[str, dict[str, Any]]:
        """What is new, fits, and is not the result of another of our own POSTs."""
        found: dict[str, dict[str, Any]] = {}
        for wait in LOOKS[:looks]:
            self.client.pause(wait, self.call.purpose)
            self.listing.forget()
            new = {id_: row for id_, row in self.listing.rows().items() if id_ not in before}
            found = {id_: row for id_, row in new.items() if self.is_ours(row) and not self.client.is_owned(id_)}
            if found:
                break
        return found

    def _strays(self, before: frozenset[str]) -> tuple[str, ...] | None:
        """What a lost try made late; where that can't be told, what was made must not be lost over it."""
        try:
            return tuple(self._look(before, looks=1))
        except errors.AdminError as error:
            logger.warning("A lost try may have made another %s, and looking for it failed: %s", self.noun, error)
            return None

    def _several(self, found: Mapping[str, Any]) -> errors.Lost:
        ids = ", ".join(found)
        what = f"Could not {self.call.purpose}: the reply was lost, and several new {self.noun}s could be it: {ids}"
        return errors.Lost(what, "Delete those that nobody needs, then run `pulumi up` again.")

    def _may_exist(self, error: errors.AdminError | None) -> errors.Lost:
        """Say what may exist now, and how to look."""
        lost = errors.Lost(
            f"{error.event if error else f'Could not {self.call.purpose}'}. The {self.noun} may exist all the same",
            f"Look in OpenAI's dashboard, in the project's list of {self.noun}s, and delete it there if it is new and "
            "nobody needs it; then run `pulumi up` again.",
        )
        lost.__cause__ = error
        return lost
