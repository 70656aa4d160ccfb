"""The values that an object has before its resource, which are restored: limits, settings, roles in the organization.

Of each property, the state has the value that was found when it was first managed (`BASELINE`), the value that the
resource wrote last (`Writes`), and those that requests without a response may set (`LostChanges`). The last two are the
resource's own, and are overwritten. Any other value is somebody else's: an update sets what the program wants, and a
removal leaves it.
"""

from __future__ import annotations

import copy
import itertools
import logging
from abc import abstractmethod
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import lost_changes
from pulumi_openai_admin.handlers.handler import Handler, Remote
from pulumi_openai_admin.handlers.lost_changes import LostChanges
from pulumi_openai_admin.handlers.memory import Memory, MemoryPart
from pulumi_openai_admin.printable import bounded
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)


MANAGED_ELSEWHERE = "another resource manages it now"
"""The reason for a value that this run has written for another resource."""
HIDDEN = "[secret]"
"""What messages have in place of a value that the program marks as secret."""
RENAMED = Advice(" If you only renamed the resource, ", remedies.DECLARE_OLD_NAME, " to keep the original values.")
_REPLACED = (
    " Before you force a replacement again (--replace, or a taint), declare the resource option deleteBeforeReplace "
    "(delete_before_replace in Python)."
)


class Unrestored(NamedTuple):
    """A field whose value from before the resource managed it was not restored."""

    field: str
    value: Any
    """Its current value."""
    reason: str
    """The reason, for example "it had no value before"."""
    original: str = ""
    """The value from before the first change, in words; empty if it had none."""

    def __str__(self) -> str:
        instead = f" instead of {self.original}" if self.original else ""
        return f"{self.field} stays at {self.value}{instead} ({self.reason})"


def nothing_to_restore(name: str) -> errors.ConfigurationError:
    """Return the error for an object that OpenAI can't delete, and whose values from before are not known."""
    what = f"Nothing was changed, because {name} can't be deleted, and no state has the values from before"
    return errors.ConfigurationError(what, "Set the values that it should have instead.")


def of_one(unrestored: Sequence[Unrestored]) -> str:
    """The fields of one object: "max_requests_per_1_minute stays at 77 instead of 500 (…); …"."""
    return bounded("; ", map(str, unrestored))


def warn(remote: Remote, name: str, unrestored: Sequence[Unrestored]) -> None:
    """Warn, once, of what was not restored of an object."""
    if unrestored:
        logger.warning("Could not fully restore %s: %s.%s", name, of_one(unrestored), keeping(remote, unrestored))


def keeping(remote: Remote, unrestored: Iterable[Unrestored]) -> Advice | str:
    """How the original values are kept the next time, after a space; empty if no other resource has them."""
    if all(value.reason != MANAGED_ELSEWHERE for value in unrestored):
        return ""
    return _REPLACED if remote.step.is_replaced else RENAMED


def lost_originals(unrestored: Sequence[Unrestored]) -> str:
    """Return the warning that another resource does not know the values from before the first change."""
    return f"The original values will be lost: {of_one(unrestored)}." if unrestored else ""


def of_many(unrestored: Mapping[str, Sequence[Unrestored]]) -> str:
    """The fields of several objects. Objects with the same fields and reasons are grouped."""
    groups: dict[str, list[str]] = {}
    for name, fields in sorted(unrestored.items()):
        groups.setdefault(of_one(fields), []).append(name)
    return bounded("; ", (f"{bounded(', ', names)}: {what}" for what, names in groups.items()))


BASELINE = "baseline"
"""The attribute with the values found when a property was first managed. A property that had none is not in it."""


@dataclass(eq=False, repr=False)
class Writes(MemoryPart):
    """What a resource wrote into an object that exists before it."""

    written: dict[str, Any] = field(default_factory=dict)
    """By property, the value that was confirmed last, or found when this resource first managed the property."""
    touched: list[str] = field(default_factory=list)
    """The properties that this resource, or the one that it replaces, has changed and not restored."""

    @property
    def names(self) -> set[str]:
        """The properties that this resource manages. What was absent has no value in `written` before it is set."""
        return {*self.written, *self.touched}


@dataclass(eq=False, repr=False)
class ObjectRecords(MemoryPart):
    """Of a resource with many objects: by id, the record of each object that the program names.

    A record has the parts of one object, as the state of a resource with one object has them.
    """

    objects: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(eq=False, repr=False)
class RecordedBaseline(MemoryPart):
    """In a record: the baseline, if `Writes.written` differs. A resource with one object has it in an output."""

    baseline: dict[str, Any] = field(default_factory=dict)


def recorded_baseline(remote: Remote) -> dict[str, Any]:
    """The baseline of one of many objects; empty if it has only what `Writes` has: all was found as wanted."""
    found, writes = dict(remote.attributes.get(BASELINE, {})), remote.memory[Writes]
    return found if writes.touched or found != writes.written else {}


def part_of(remote: Remote, key: str, parents: Mapping[str, str], id_: str) -> Remote:
    """Return one of the objects that a resource manages, with what is recorded of it, in the step of the resource."""
    step = replace(remote.step, rollback={}, acquired=[], has_changed=False, has_learned=False)
    sub = Remote(parents, id_, memory=Memory(remote.memory[ObjectRecords].objects.get(key)), step=step)
    if found := sub.memory[RecordedBaseline].baseline:
        sub.attributes[BASELINE] = found
    sub.memory[LostChanges].lost_at = remote.memory[LostChanges].lost_at
    return sub


def not_applied(name: str, wrong: Mapping[str, tuple[str, str]]) -> errors.UpdateNotAppliedError:
    """The error of a change that OpenAI accepted without making it.

    Args:
        wrong: By property, its value and the one that was sent, in words.
    """
    differences = ", ".join(f"{label} is {value}, expected {sent}" for label, (value, sent) in wrong.items())
    return errors.UpdateNotAppliedError(f"OpenAI accepted the change to {name} but did not apply it: {differences}")


class RestoringHandler(Handler):
    """The handler of an object that exists before its resource, and whose values from before are restored."""

    can_unset: ClassVar[Collection[str]] = ()
    """The properties that OpenAI lets be without a value."""

    @abstractmethod
    def name(self, remote: Remote) -> str:
        """Return what messages call the object."""

    @abstractmethod
    def refresh(self, client: Client, remote: Remote) -> None:
        """Learn the values that the properties have now."""

    @abstractmethod
    def write(self, client: Client, remote: Remote, properties: Mapping[str, Any], action: str) -> Mapping[str, Any]:
        """Send properties, learn the response, and return it. The text completes "Could not …"."""

    @abstractmethod
    def manager_of(self, remote: Remote, name: str, client: Client | None = None) -> str:
        """Return another resource that manages a property, in words; empty if none does. Then it is not restored.

        Args:
            name: The property.
            client: Knows what resources have acquired in this run; None if only the program counts.
        """

    def refused(self, remote: Remote, refusal: errors.AdminError, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the properties that a refusal of several is about; empty if it does not say.

        Each has the nearest value that OpenAI accepts, or None.
        """
        return {}

    def why_kept(self, name: str, live: Any, found: Any) -> str:
        """Return why a property with this value is not restored to the other one; empty if it is."""
        return ""

    def value(self, remote: Remote, name: str) -> Any:
        """Return the current value of a property."""
        return remote.get(name)

    def found(self, remote: Remote) -> dict[str, Any]:
        """Return the baseline."""
        return dict(remote.attributes.get(BASELINE, {}))

    def note_found(self, remote: Remote, found: Mapping[str, Any]) -> None:
        """Replace the baseline."""
        remote.attributes[BASELINE] = found

    def in_words(self, remote: Remote, name: str, value: Any) -> str:
        """Return a value of a property for messages."""
        return HIDDEN if name in remote.step.secret else self.format_value(name, value)

    def set_values(self, client: Client, remote: Remote, settings: Mapping[str, Any]) -> list[Unrestored]:
        """Restore the properties that are no longer set, and then write what differs.

        In this order, a write without a response that acts late can't bring back what was restored.

        Returns:
            The properties that hold something else than before they were managed.
        """
        writes = remote.memory[Writes]
        unrestored = self.restore_values(client, remote, [name for name in writes.names if name not in settings])
        before = copy.deepcopy((remote.memory, remote.attributes))
        changes = {name: value for name, value in settings.items() if not self._holds(remote, name, value)}
        self._note_before(remote, settings, changes)
        if changes:
            try:
                self._post(client, remote, changes, "set")
            except errors.AdminError as error:
                if not error.may_have_acted:  # nothing was changed, so there is nothing to remember
                    remote.memory, remote.attributes = before
                raise
        writes.written.update(settings)
        if not lost_changes.acts_for(client, remote):  # a late request would set another value
            lost_changes.forget(remote, settings)
        return unrestored

    def restore_values(
        self, client: Client, remote: Remote, names: Iterable[str] | None = None, manager: str = ""
    ) -> list[Unrestored]:
        """Write what was found when properties were first managed; what others have changed since is left.

        Before that, it waits until lost changes can no longer act, since they would undo the restoration.

        Args:
            names: The properties; all that were ever managed where None.
            manager: Another resource that manages all of the object, in words.

        Returns:
            The properties that hold something else than before they were managed.
        """
        writes = remote.memory[Writes]
        names = {*(writes.names if names is None else names)}
        if not names.isdisjoint(writes.touched) and lost_changes.wait(client, remote, f"restore {self.name(remote)}"):
            self.refresh(client, remote)
        values, unrestored = self.plan_restoration(remote, names, client, manager)
        unrestored += self._restore_accepted(client, remote, values)
        self.note_found(remote, {name: value for name, value in self.found(remote).items() if name not in names})
        for name in names:
            writes.written.pop(name, None)
        writes.touched = [name for name in writes.touched if name not in names]
        lost_changes.forget(remote, names)
        return unrestored

    def plan_restoration(
        self, remote: Remote, names: Iterable[str], client: Client | None = None, manager: str = ""
    ) -> tuple[dict[str, Any], list[Unrestored]]:
        """Return what `restore_values` will do, without a request.

        Returns:
            The properties that it restores, with their values from before, and those that stay as they are.
        """
        unrestored: list[Unrestored] = []
        body: dict[str, Any] = {}
        writes, baseline = remote.memory[Writes], self.found(remote)
        for name in sorted(names):  # a state has no order
            if name not in writes.touched:
                continue
            live, found = self.value(remote, name), baseline.get(name)
            # What this resource may have set; the last is what it sent last.
            ours = [writes.written.get(name), *remote.memory[LostChanges].may_hold.get(name, ())]
            is_ours = any(remote.are_equal(name, live, value) for value in ours)
            is_restored, why = remote.are_equal(name, live, found), self.why_kept(name, live, found)
            if is_restored and (is_ours or why):
                continue
            if manager or self.manager_of(remote, name, client):
                # If the value is that from before, the other resource has found what this one wrote, and restores it.
                why = "" if why else MANAGED_ELSEWHERE
            elif is_restored:
                continue
            elif not is_ours:
                why = f"changed outside Pulumi after it was set to {self.in_words(remote, name, ours[-1])}"
            elif found is None and name not in self.can_unset:
                why = "it had no value before, and OpenAI cannot unset it"
            elif not why:
                body[name] = found
            if why:
                unrestored.append(self._unrestored(remote, name, why))
        return body, unrestored

    def _restore_accepted(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> list[Unrestored]:
        """Restore all properties in one request. What OpenAI refuses is omitted, or set to the nearest value."""
        wanted, unrestored = dict(body), dict[str, Unrestored]()
        while wanted:
            try:
                self._post(client, remote, wanted, "restore")
                break
            except errors.ParentNotFoundError:
                raise
            except (
                errors.BadRequestError,
                errors.NotFoundError,
                errors.UpdateNotAppliedError,
                errors.ResourceGoneError,
            ) as refusal:
                refused = dict(self.refused(remote, refusal, wanted))
                if not refused and (len(wanted) == 1 or isinstance(refusal, errors.ResourceGoneError)):
                    refused = dict.fromkeys(wanted)
                if not refused:
                    alone = [self._restore_accepted(client, remote, {name: value}) for name, value in wanted.items()]
                    return [*unrestored.values(), *itertools.chain.from_iterable(alone)]
                for name, nearest in refused.items():
                    sent = self.in_words(remote, name, body[name])
                    unrestored[name] = self._unrestored(remote, name, _reason(refusal, sent))
                    del wanted[name]
                    if nearest is not None:
                        wanted[name] = nearest
                        shown, reason = self.in_words(remote, name, nearest), "the maximum that OpenAI accepts now"
                        unrestored[name] = Unrestored(name, shown, reason, sent)
        return list(unrestored.values())

    def _unrestored(self, remote: Remote, name: str, reason: str) -> Unrestored:
        live, found = self.value(remote, name), self.found(remote).get(name)
        has_none = found is None and name not in self.can_unset
        is_restored = remote.are_equal(name, live, found)
        original = "" if has_none or is_restored else self.in_words(remote, name, found)
        return Unrestored(name, self.in_words(remote, name, live), reason, original)

    def _holds(self, remote: Remote, name: str, value: Any) -> bool:
        return remote.are_equal(name, self.value(remote, name), value)

    def _post(self, client: Client, remote: Remote, properties: Mapping[str, Any], verb: str) -> None:
        for name in properties:
            remote.step.rollback.setdefault(name, self.value(remote, name))
        names = ", ".join(properties)
        with lost_changes.tracking(client, remote, properties):
            self.write(client, remote, properties, f"{verb} {names} of {self.name(remote)}")
            wrong = {
                name: (self.in_words(remote, name, self.value(remote, name)), self.in_words(remote, name, value))
                for name, value in properties.items()
                if not self._holds(remote, name, value)
            }
            if wrong:
                raise not_applied(self.name(remote), wrong)

    def _note_before(self, remote: Remote, settings: Iterable[str], changes: Collection[str]) -> None:
        """Note what properties have before a change; what others have changed since the first one is no baseline."""
        writes, baseline = remote.memory[Writes], self.found(remote)
        for name in settings:
            live = self.value(remote, name)
            if name not in writes.touched:
                if name not in writes.written:
                    baseline.pop(name, None)
                found = writes.written.get(name, live)
                if found is not None:
                    baseline.setdefault(name, found)
            if live is not None and (name not in changes or name not in writes.written):
                writes.written[name] = live
        self.note_found(remote, baseline)
        writes.touched = sorted({*writes.touched, *changes})


def _reason(refusal: errors.AdminError, value: str) -> str:
    if isinstance(refusal, errors.StatusError):
        return f"OpenAI refused {value}: {refusal.facts.message.rstrip('.')}; {refusal.facts}"
    return f"{value} was not accepted: {refusal.event}"
