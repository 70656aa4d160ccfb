"""Changes of many objects under one resource: many at a time, and one error for those that failed.

An update in which an addition or a change failed removes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.printable import MAX_NAMED, bounded
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pulumi_openai_admin.http.client import Client

HANDOVER_SECONDS = 0.5
"""How long the removal of a member waits for other resources of the program that may declare the member."""
_OF_ONE_OBJECT = (errors.BadRequestError, errors.NoMatchError, errors.NotFoundError, errors.UpdateNotAppliedError)
"""The errors that concern one object. Any other stops the batch."""


@dataclass(eq=False, repr=False)
class Batch:
    """The changes of one step.

    Args:
        parents_differ: Whether the objects are in different projects: then an archived one concerns one object.
    """

    client: Client
    parents_differ: bool = False
    done: list[str] = field(default_factory=list)
    failed: dict[str, errors.AdminError] = field(default_factory=dict)
    untried: list[str] = field(default_factory=list)
    _stopped: bool = False

    def run(self, names: Iterable[str], act: Callable[[str], object]) -> None:
        """Call a function for each object, and wait for all calls. An error that is not about one object stops them."""
        items = list(dict.fromkeys(names))
        if items:
            self.client.executor([partial(self._try, name, act) for name in items], self.client.parallel)

    def remove(self, names: Iterable[str], act: Callable[[str], object], action: str) -> None:
        """Remove what the program no longer names, unless something failed before.

        Other resources of the program, which may declare it from now on, are checked in the meantime.

        Args:
            action: What is removed: it completes "Could not …".
        """
        items = list(dict.fromkeys(names))
        if self.failed:
            self.untried += items
        elif items:
            self.client.pause(HANDOVER_SECONDS, action)
            self.run(items, act)

    def check(self, names: Iterable[str], act: Callable[[str], object]) -> None:
        """Call a function for each object that changes nothing: no message says that the object was updated."""
        self.run(names, act)
        self.done.clear()

    def _try(self, name: str, act: Callable[[str], object]) -> None:
        with self.client.in_flight():
            if self._stopped:
                self.untried.append(name)
                return
            self.client.progress()  # the time limit of this object starts now, and not while it waited for others
            try:
                act(name)
            except errors.AdminError as error:
                self.failed[name] = error
                concerns_one = isinstance(error, _OF_ONE_OBJECT) or (
                    self.parents_differ and isinstance(error, errors.ResourceGoneError)
                )
                self._stopped = self._stopped or not concerns_one
            else:
                self.done.append(name)
                self.client.progress()

    def raise_failures(self, objects: str) -> None:
        """Raise one error for all objects that failed.

        Raises:
            errors.PartialUpdateError: Some objects failed.
            errors.AdminError: The only object failed.
            errors.ParentEndedError: What all objects are in no longer exists.
        """
        if not self.failed:
            return
        for error in self.failed.values():
            if isinstance(error, errors.ParentEndedError) and not self.parents_differ:
                raise error
        if len(self.failed) == 1 and not self.done and not self.untried:
            raise next(iter(self.failed.values()))
        count = len(self.failed) + len(self.done) + len(self.untried)
        what = (
            f"Failed to update {len(self.failed)} of {count} {objects} ({_names(self.failed)}); "
            f"updated {len(self.done)} ({_names(self.done)})"
        )
        if self.untried:
            what += f", did not try {len(self.untried)} ({_names(self.untried)})"
        raise errors.PartialUpdateError(what, Advice(*causes(self.failed), remedies.RUN_AGAIN, " to update the rest."))


def causes(failed: Mapping[str, errors.AdminError]) -> list[str | errors.AdminError]:
    """The parts of an advice that say why objects failed, for the first `MAX_NAMED` of them."""
    named = list(failed.items())[:MAX_NAMED]
    parts = [part for name, error in named for part in (f"{name}: ", error, " ")]
    more = len(failed) - len(named)
    return [*parts, f"And {more} more. "] if more else parts


def _names(names: Iterable[str]) -> str:
    return bounded(", ", sorted(names)) or "none"
