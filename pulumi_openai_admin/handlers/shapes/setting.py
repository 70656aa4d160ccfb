"""A setting that is always there: GET shows it, a change has the properties that differ. There is one in each place.

What was found before the first change is kept, and restored on destroy. A property that the program no longer sets is
restored, too.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import baseline, creation, documents
from pulumi_openai_admin.handlers.audit_events import NOT_LOGGED, AuditEvents
from pulumi_openai_admin.handlers.baseline import BASELINE, Baseline, Writes, not_applied
from pulumi_openai_admin.handlers.handler import Claim, Handler, Observation, Remote, Shows, Traits, ValueComparison
from pulumi_openai_admin.http.call import Call, Method
from pulumi_openai_admin.schema.fields import FieldRole
from pulumi_openai_admin.schema.paths import describe, fill

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from typing import Self

    from pulumi_openai_admin.handlers.baseline import Unrestored
    from pulumi_openai_admin.handlers.handler import Wanted
    from pulumi_openai_admin.handlers.removals import Removal
    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.schema.fields import Declaration

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Setting(Handler):
    """The handler.

    Args:
        path: Where the setting is.
        noun: What it is called: "data retention".
        sent_as: By the name under which OpenAI shows a property, the name under which it takes it.
        constants: What OpenAI asks for besides, and has one value only, by dotted name.
        defaults: What OpenAI shows where nobody has set anything, by dotted name; empty if that differs.
        sends_all: Whether a change also sends the other properties, with the values that OpenAI shows.
        changes_with: The HTTP method of a change.
        settable: What a program sets, as OpenAI shows it, by dotted name. This and the next argument follow from the
            resource's fields.
        called: By the name under which OpenAI shows a property, the name that programs, and so the baseline and
            messages, have for it, where that is another.
    """

    audit_events: ClassVar[AuditEvents] = NOT_LOGGED

    traits: ClassVar[Traits] = Traits(
        manages_existing=True,
        ends_with_project=True,
        remembers_settings=True,
        shows=Shows.ONE,
        not_shown=(BASELINE,),
    )

    path: str
    noun: str
    sent_as: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    sends_all: bool = False
    changes_with: Method = "POST"
    settable: tuple[str, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)

    @override
    def with_fields(self, declaration: Declaration) -> Self:
        arguments = declaration.with_role(FieldRole.ARGUMENT)
        called = {field_.wire: field_.name for field_ in arguments if field_.wire != field_.name}
        return replace(super().with_fields(declaration), settable=declaration.settable, called=called)

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Keep what is there, and write what differs."""
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
        self.learn(remote, self.live(client, remote))

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Write what differs, and restore the properties that the program no longer sets."""
        settings = {name: wanted.settings[name] for name in self.settable if name in wanted.settings}
        baseline.acquire(client, remote, self.path_of(remote), self.parts(settings))
        if not remote.memory[Writes].written.keys() <= {*self.parts(settings)}:
            creation.wait_for_lost(client, remote, f"restore {self.name(remote)}")
        with self.exclusively(client, remote):  # another resource may be restoring it at this moment
            unrestored = self.settle(client, remote, self.live(client, remote), settings)
            baseline.warn(remote, self.name(remote), unrestored)

    def delete(self, client: Client, remote: Remote) -> None:
        """Restore what was found before the first change, unless another resource manages it now."""
        with self.exclusively(client, remote):
            try:
                baseline.warn(remote, self.name(remote), self.restore(client, remote, self.live(client, remote)))
            except errors.ParentNotFoundError:  # it exists, and the key does not show it
                raise
            except errors.ResourceGoneError as gone:
                logger.warning("%s was not restored: %s.", self.name(remote), gone.event)

    @override
    def delete_found(self, client: Client, remote: Remote) -> None:
        raise baseline.nothing_to_restore(self.name(remote))

    def undo(self, client: Client, remote: Remote) -> bool:
        """Write what this run found."""
        self.learn(remote, self.live(client, remote))
        return self._baseline(client, remote).undo()

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:
        """The whole setting."""
        ids = {name: str(id_) for name, id_ in parents.items()}
        properties = frozenset(self.parts(wanted.settings))
        return [Claim(fill(self.path, **ids), what=f"the {self.noun} of {describe(ids)}", properties=properties)]

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """The setting as OpenAI shows it."""
        live = self.live(client, remote)
        values = [
            ValueComparison(
                name,
                self.called.get(name, name),
                remote.get(name),
                now := documents.get(live, name),
                value,
                remote.are_equal(name, now, value),
            )
            for name, value in wanted.settings.items()
            if value is not None
        ]
        return Observation(self.name(remote), values)

    def settle(
        self, client: Client, remote: Remote, live: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> list[Unrestored]:
        """Bring the setting from what it holds to what is wanted. Return what was not restored."""
        self.learn(remote, live)
        return self._baseline(client, remote).settle(settings)

    def restore(self, client: Client, remote: Remote, live: Mapping[str, Any]) -> list[Unrestored]:
        """Bring the setting back to what was found. Return what was not restored."""
        self.learn(remote, live)
        return self._baseline(client, remote).restore()

    def exclusively(self, client: Client, remote: Remote) -> AbstractContextManager[None]:
        """Lock the setting for one resource at a time."""
        return client.exclusively(self.path_of(remote), f"read {self.name(remote)}")

    def parts(self, settings: Mapping[str, Any]) -> Collection[str]:
        """The parts of a setting that are restored separately, of those that a program sets: each property."""
        return settings

    def live(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The setting as OpenAI shows it."""
        with client.inside(remote.parents):
            return client.send(Call("GET", self.path_of(remote), f"read {self.name(remote)}"))

    def write(self, client: Client, remote: Remote, properties: Mapping[str, Any], action: str) -> Mapping[str, Any]:
        """Send a change, and learn the response."""
        shown = {name: remote.get(name) for name in self.settable if self.sends_all and remote.get(name) is not None}
        body = documents.nested({**self.constants, **shown, **properties}, self.sent_as)
        with client.inside(remote.parents):
            reply = client.send(Call(self.changes_with, self.path_of(remote), action, body=body))
        self.learn(remote, {**remote.attributes, **documents.nested(properties), **reply})
        return reply

    def learn(self, remote: Remote, live: Mapping[str, Any]) -> None:
        """Store what OpenAI shows."""
        remote.attributes = {**live, BASELINE: dict(remote.attributes.get(BASELINE, {}))}

    def path_of(self, remote: Remote) -> str:
        """Where the setting is."""
        return fill(self.path, **remote.parents)

    def name(self, remote: Remote) -> str:
        """What messages call it."""
        return f"{self.noun} of {describe(remote.parents)}"

    def removal(self, remote: Remote, now: float) -> Removal:
        """See `Handler.removal`: what was found before the first change is restored."""
        return self._recorded(remote).removal()

    def _claim(self, remote: Remote) -> Claim:
        return Claim(self.path_of(remote), what=self.name(remote))

    def _manager_of(self, remote: Remote, name: str, client: Client | None = None) -> str:
        """Return another resource that manages a property, in words; empty if none does.

        Args:
            name: The property.
            client: Knows what resources have acquired in this run; None if only the program counts.
        """
        if client is not None and client.is_owned(f"{self.path_of(remote)} {name}"):
            return "another resource"
        claim = replace(self._claim(remote), properties=frozenset({name}), is_value=True)
        return remote.step.is_declared_elsewhere(claim)

    def _recorded(self, remote: Remote) -> Baseline:
        return Baseline(
            remote,
            self.name(remote),
            called=self.called,
            format_value=self.format_value,
            manager_of=lambda name: self._manager_of(remote, name),
        )

    def _baseline(self, client: Client, remote: Remote) -> Baseline:
        return replace(
            self._recorded(remote),
            write=lambda properties, action: self.write(client, remote, properties, action),
            manager_of=lambda name: self._manager_of(remote, name, client),
        )


_WHOLE = "setting"
"""The whole setting, as one property of `Baseline`: a mapping of what a program could set, or None."""


@dataclass(frozen=True)
class OptionalSetting(Setting):
    """The handler; see `Setting` for its arguments. All that a program sets is sent together."""

    traits: ClassVar[Traits] = replace(Setting.traits, shows=Shows.ONE_OR_NONE)

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the setting up to date; one that somebody deleted no longer exists."""
        self.learn(remote, self.declared(client, remote))

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The setting as OpenAI shows it."""
        live = self.live(client, remote)
        if not live:
            raise errors.ResourceGoneError.absent(self.name(remote), ". The next update sets it again.")
        return live

    def live(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The setting as OpenAI shows it; empty where there is none."""
        try:
            return super().live(client, remote)
        except errors.NotFoundError:
            return {}

    @override
    def settle(
        self, client: Client, remote: Remote, live: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> list[Unrestored]:
        with self._whole(client, remote, live) as whole:
            return whole.settle({_WHOLE: self._ordered(remote, settings)})

    def parts(self, settings: Mapping[str, Any]) -> Collection[str]:
        """See `Setting.parts`: the whole setting."""
        return (_WHOLE,)

    def delete_found(self, client: Client, remote: Remote) -> None:
        """Delete the setting."""
        with self.exclusively(client, remote):
            self._put(client, remote, {}, "")

    def undo(self, client: Client, remote: Remote) -> bool:
        """Restore what this run found."""
        with self._whole(client, remote, self.live(client, remote)) as whole:
            return whole.undo()

    def restore(self, client: Client, remote: Remote, live: Mapping[str, Any]) -> list[Unrestored]:
        """Set what was found, or delete the setting if it was absent; what others have changed since is left."""
        if not live:
            return []
        with self._whole(client, remote, live) as whole:
            return whole.restore()

    @override
    def _recorded(self, remote: Remote) -> Baseline:
        found = remote.attributes.get(BASELINE)
        whole = Remote(
            remote.parents,
            remote.id,
            {_WHOLE: self._settings(remote, remote.attributes) or None, BASELINE: {_WHOLE: found} if found else {}},
            remote.memory,
            step=remote.step,
        )

        def format_value(_: str, settings: Any) -> str:
            return ", ".join(f"{name} {shown(name, value)}" for name, value in (settings or {}).items()) or "none"

        def shown(name: str, value: Any) -> str:
            is_secret = self.called.get(name, name) in remote.step.secret
            return baseline.HIDDEN if is_secret else self.format_value(name, value)

        own = super()._recorded(remote)
        return replace(own, remote=whole, called={}, can_unset=(_WHOLE,), format_value=format_value)

    @contextmanager
    def _whole(self, client: Client, remote: Remote, live: Mapping[str, Any]) -> Iterator[Baseline]:
        """The baseline of the setting as one property; what it learns is written into `remote`."""
        self.learn(remote, live)
        recorded = self._recorded(remote)
        whole = recorded.remote

        def write(properties: Mapping[str, Any], action: str) -> None:
            settings = properties[_WHOLE]
            self._put(client, remote, settings or {}, action.replace(_WHOLE, ", ".join(settings or ()), 1))
            whole.attributes[_WHOLE] = settings

        try:
            yield replace(recorded, write=write, manager_of=lambda name: self._manager_of(remote, name, client))
        finally:
            remote.memory = whole.memory
            remote.attributes[BASELINE] = whole.attributes[BASELINE].get(_WHOLE, {})

    def _put(self, client: Client, remote: Remote, settings: Mapping[str, Any], action: str) -> None:
        if settings:
            self._send(client, remote, settings, action)
            return
        try:
            with client.inside(remote.parents):
                client.send(Call("DELETE", self.path_of(remote), f"delete {self.name(remote)}"))
        except errors.NotFoundError:
            return  # somebody else was faster, or the response to an earlier attempt was lost

    def _send(self, client: Client, remote: Remote, settings: Mapping[str, Any], action: str) -> None:
        reply = self._settings(remote, self.write(client, remote, settings, action))
        wrong = {name: reply[name] for name in settings if name in reply and reply[name] != settings[name]}
        if wrong:
            differences = {
                name: (self.format_value(name, value), self.format_value(name, settings[name]))
                for name, value in wrong.items()
            }
            raise not_applied(self.name(remote), differences)

    def _settings(self, remote: Remote, shown: Mapping[str, Any]) -> dict[str, Any]:
        return self._ordered(remote, {name: shown[name] for name in self.settable if shown.get(name) is not None})

    @staticmethod
    def _ordered(remote: Remote, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {name: sorted(value) if name in remote.unordered else value for name, value in settings.items()}
