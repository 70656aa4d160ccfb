"""A setting: GET shows it, a change has the properties that differ. One that can be absent is an `OptionalSetting`.

What was found before the first change is kept, and restored on destroy. A property that the program no longer sets is
restored, too.
"""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import baseline, documents, lost_changes
from pulumi_openai_admin.handlers.audit_events import NOT_LOGGED, AuditEvents
from pulumi_openai_admin.handlers.baseline import BASELINE, RestoringHandler, Unrestored, Writes, not_applied
from pulumi_openai_admin.handlers.handler import Claim, Observation, Remote, Shows, Traits, Wanted
from pulumi_openai_admin.handlers.lost_changes import LostChanges
from pulumi_openai_admin.handlers.removals import NOTHING, RESTORED, Removal, moved
from pulumi_openai_admin.http.call import Call, Method
from pulumi_openai_admin.printable import bounded
from pulumi_openai_admin.schema.paths import describe, fill
from pulumi_openai_admin.schema.shapes import in_any_order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.schema.fields import Declaration

logger = logging.getLogger(__name__)


@dataclass(eq=False, repr=False)
class Setting(RestoringHandler):
    """The handler; see `Collection` for the arguments that both have.

    Args:
        path: Where the setting is.
        noun: What it is called: "data retention".
        defaults: What is there where nobody has set anything; empty if that differs.
        sends_all: Whether a change also sends the other properties, with the values that OpenAI shows.
        settable: What a program sets. This and the next argument follow from the resource's fields.
        wire_names: What of that OpenAI names differently, with its dotted name there.
    """

    audit_events: ClassVar[AuditEvents] = NOT_LOGGED

    traits: ClassVar[Traits] = Traits(
        manages_existing=True, ends_with_project=True, remembers_settings=True, shows=Shows.ONE, not_shown=(BASELINE,)
    )

    path: str
    noun: str
    sent_as: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    sends_all: bool = False
    changes_with: Method = "POST"
    settable: tuple[str, ...] = ()
    wire_names: Mapping[str, str] = field(default_factory=dict)

    @override
    def with_fields(self, declaration: Declaration) -> Self:
        own, names = super().with_fields(declaration), declaration.wire_names
        return replace(own, settable=declaration.settable, wire_names=names, sent_as={**names, **self.sent_as})

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Record what is there, and write what differs."""
        remote.id = [*remote.parents.values(), "organization"][0]
        self.update(client, remote, wanted)

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage a setting that already holds what is wanted: nothing is written."""
        self.create(client, remote, wanted)

    def ids(self, client: Client, remote: Remote) -> list[str]:
        """The setting, unless it is at its default or absent."""
        live = self.live(client, remote)
        shown = {name: documents.get(live, name) for name in self.settable}
        has_own = any(value is not None and value != self.defaults.get(name) for name, value in shown.items())
        return [""] if has_own else []

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The setting as OpenAI shows it."""
        return self.live(client, remote)

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the setting up to date."""
        self.refresh(client, remote)

    @override
    def refresh(self, client: Client, remote: Remote) -> None:
        self.learn(remote, self.live(client, remote))

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Write what differs, and restore the properties that the program no longer sets."""
        settings = self.parts(
            remote, {name: wanted.settings[name] for name in self.settable if name in wanted.settings}
        )
        path = self.path_of(remote)
        for name in settings:
            remote.acquire(client, f"{path} {name}")
        with self.exclusively(client, remote):  # another resource may be restoring it at this moment
            unrestored = self.apply(client, remote, self.live(client, remote), settings)
            baseline.warn(remote, self.name(remote), unrestored)

    def delete(self, client: Client, remote: Remote) -> None:
        """Restore what was found before the first change, unless another resource manages it now."""
        with self.exclusively(client, remote):
            try:
                live = self.live(client, remote)
                self.learn(remote, live)
                unrestored = self.restore_values(client, remote) if live else []  # somebody else may have deleted it
                baseline.warn(remote, self.name(remote), unrestored)
            except errors.ParentNotFoundError:  # it exists, and the key does not show it
                raise
            except errors.ResourceGoneError as gone:
                logger.warning("Could not restore %s: %s.", self.name(remote), gone.event)

    @override
    def delete_found(self, client: Client, remote: Remote) -> None:
        raise baseline.nothing_to_restore(self.name(remote))

    def undo(self, client: Client, remote: Remote) -> bool:
        """Write what this run found."""
        self.learn(remote, self.live(client, remote))
        found = remote.step.rollback
        back = {
            name: value
            for name, value in found.items()
            if not self._holds(remote, name, value) and (value is not None or name in self.can_unset)
        }
        if back:
            self._post(client, remote, back, "restore")
        return all(self._holds(remote, name, value) for name, value in found.items())

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:
        """The whole setting."""
        remote = Remote({name: str(id_) for name, id_ in parents.items()})
        return [self._claim(remote, self.parts(remote, wanted.settings))]

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """The setting as OpenAI shows it."""
        values = remote.compared(remote.attributes, self.live(client, remote), wanted.settings)
        return Observation(self.name(remote), values)

    def apply(
        self, client: Client, remote: Remote, live: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> list[Unrestored]:
        """Bring the setting from what it holds to what is wanted. Return what was not restored."""
        self._warn_of_others(remote, live, settings)
        self.learn(remote, live)
        return self.set_values(client, remote, settings)

    def _warn_of_others(self, remote: Remote, live: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
        """Warn of values that others have changed since the last refresh, which has shown the user their values."""
        if remote.step.was_removed(self._claim(remote, ())):  # this run has restored it, with another resource
            return
        written, may_hold = remote.memory[Writes].written, remote.memory[LostChanges].may_hold
        at_openai = replace(remote, attributes=dict(live))
        for name, value in settings.items():
            now = self.value(at_openai, name)
            known = [value, self.value(remote, name), written.get(name), *may_hold.get(name, ())]
            if name in written and not any(remote.are_equal(name, now, other) for other in known):
                logger.warning(
                    "%s: %s was changed outside Pulumi from %s to %s, and is set to %s. If another program manages it, "
                    "remove it from one of them.",
                    self.name(remote), name, *(self.in_words(remote, name, it) for it in (written[name], now, value)),
                )  # fmt: skip

    def exclusively(self, client: Client, remote: Remote) -> AbstractContextManager[None]:
        """Lock the setting for one resource at a time."""
        return client.exclusively(self.path_of(remote), f"read {self.name(remote)}")

    def parts(self, remote: Remote, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """The parts of a setting that are restored separately, of what a program sets: each property."""
        return settings

    def live(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The setting as OpenAI shows it."""
        with client.inside(remote.parents):
            shown = client.send(Call("GET", self.path_of(remote), f"read {self.name(remote)}"))
        return documents.renamed(shown, self.wire_names)

    @override
    def write(self, client: Client, remote: Remote, properties: Mapping[str, Any], action: str) -> Mapping[str, Any]:
        # An earlier request that acts late would bring back the other properties, too.
        if self.sends_all and lost_changes.wait(client, remote, action):
            self.refresh(client, remote)
        shown = {name: remote.get(name) for name in self.settable if self.sends_all and remote.get(name) is not None}
        body = documents.nested({**self.constants, **shown, **properties}, self.sent_as)
        with client.inside(remote.parents):
            reply = client.send(Call(self.changes_with, self.path_of(remote), action, body=body))
        now = documents.renamed({**documents.nested(properties, self.wire_names), **reply}, self.wire_names)
        self.learn(remote, {**remote.attributes, **now})
        return now

    def learn(self, remote: Remote, live: Mapping[str, Any]) -> None:
        """Store what OpenAI shows."""
        remote.attributes = {**live, BASELINE: dict(remote.attributes.get(BASELINE, {}))}

    def path_of(self, remote: Remote) -> str:
        """Where the setting is."""
        return fill(self.path, **remote.parents)

    @override
    def name(self, remote: Remote) -> str:
        return f"{self.noun} of {describe(remote.parents)}"

    def removal(self, remote: Remote, now: float) -> Removal:
        """See `Handler.removal`: what was found before the first change is restored."""
        names = sorted(remote.memory[Writes].names)
        if not names:
            return RESTORED  # the state does not say it
        managers = [*dict.fromkeys(filter(None, (self.manager_of(remote, name) for name in names)))]
        body, unrestored = self.plan_restoration(remote, names)
        lost = [value for value in unrestored if value.reason == baseline.MANAGED_ELSEWHERE]
        others = [value for value in unrestored if value not in lost]
        ends = [*(moved(manager).end for manager in managers), *map(str, others), *([RESTORED.end] if body else [])]
        if not ends:
            return NOTHING
        warning = baseline.lost_originals(lost)
        return Removal("; ".join(ends), is_lost=bool(body), manager=bounded(", ", managers), warning=warning)

    def _claim(self, remote: Remote, properties: Iterable[str]) -> Claim:
        return Claim(self.path_of(remote), f"the {self.name(remote)}", properties=frozenset(properties))

    @override
    def manager_of(self, remote: Remote, name: str, client: Client | None = None) -> str:
        if client is not None and client.is_owned(f"{self.path_of(remote)} {name}"):
            return "another resource"
        return remote.step.is_declared_elsewhere(replace(self._claim(remote, [name]), is_set_again=True))


_WHOLE = "setting"
"""The whole setting, as one property: a mapping of what a program could set, or None."""


@dataclass(eq=False, repr=False)
class OptionalSetting(Setting):
    """The handler; see `Setting` for its arguments. All that a program sets is sent together."""

    traits: ClassVar[Traits] = replace(Setting.traits, shows=Shows.ONE_OR_NONE)
    can_unset: ClassVar[Collection[str]] = (_WHOLE,)

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the setting up to date; one that somebody deleted no longer exists.

        One that a lost request may still make stays in the state, with what was there before.
        """
        live = self.live(client, remote)
        if not live and not lost_changes.acts_for(client, remote):
            raise self._gone(remote)
        self.learn(remote, live)

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The setting as OpenAI shows it."""
        live = self.live(client, remote)
        if not live:
            raise self._gone(remote)
        return live

    def _gone(self, remote: Remote) -> errors.ResourceGoneError:
        return errors.ResourceGoneError.absent(self.name(remote), ". The next update sets it again.")

    def live(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The setting as OpenAI shows it; empty where there is none."""
        try:
            return super().live(client, remote)
        except errors.NotFoundError:
            return {}

    @override
    def parts(self, remote: Remote, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        return {_WHOLE: self._ordered(remote, settings)}

    def delete_found(self, client: Client, remote: Remote) -> None:
        """Delete the setting."""
        with self.exclusively(client, remote):
            self._delete(client, remote)

    @override
    def value(self, remote: Remote, name: str) -> Any:
        return self._settings(remote, remote.attributes) or None

    @override
    def found(self, remote: Remote) -> dict[str, Any]:
        found = remote.attributes.get(BASELINE)
        return {_WHOLE: found} if found else {}

    @override
    def note_found(self, remote: Remote, found: Mapping[str, Any]) -> None:
        remote.attributes[BASELINE] = found.get(_WHOLE, {})

    @override
    def in_words(self, remote: Remote, name: str, value: Any) -> str:
        of_part = super().in_words
        return ", ".join([f"{part} {of_part(remote, part, set_)}" for part, set_ in (value or {}).items()]) or "none"

    @override
    def write(self, client: Client, remote: Remote, properties: Mapping[str, Any], action: str) -> Mapping[str, Any]:
        settings = properties[_WHOLE]
        if not settings:
            self._delete(client, remote)
            return {}
        reply = super().write(client, remote, settings, action.replace(_WHOLE, ", ".join(settings), 1))
        shown, in_words = self._settings(remote, reply), super().in_words
        wrong = {
            name: (in_words(remote, name, shown[name]), in_words(remote, name, value))
            for name, value in settings.items()
            if shown.get(name, value) != value
        }
        if wrong:
            raise not_applied(self.name(remote), wrong)
        return reply

    def _delete(self, client: Client, remote: Remote) -> None:
        call = Call("DELETE", self.path_of(remote), f"delete {self.name(remote)}")
        with suppress(errors.NotFoundError), client.inside(remote.parents):  # somebody else was faster, or a retry
            client.send(call)
        self.learn(remote, {})

    def _settings(self, remote: Remote, shown: Mapping[str, Any]) -> dict[str, Any]:
        return self._ordered(remote, {name: shown[name] for name in self.settable if shown.get(name) is not None})

    @staticmethod
    def _ordered(remote: Remote, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {name: in_any_order(value) if name in remote.unordered else value for name, value in settings.items()}
