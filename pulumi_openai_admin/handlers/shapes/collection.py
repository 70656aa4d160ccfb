"""A plain collection: POST makes an object, GET shows it, POST changes it, DELETE ends it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Self

from typing_extensions import override

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers import creation, documents, lost_changes
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.creation import Creations
from pulumi_openai_admin.handlers.handler import Handler, Observation, Remote, Shows, Traits, Wanted
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.http.call import Call, Method
from pulumi_openai_admin.printable import bounded, capitalized
from pulumi_openai_admin.schema.fields import Declaration, FieldRole, WhenRemoved
from pulumi_openai_admin.schema.paths import Paging, describe, fill

if TYPE_CHECKING:
    from collections.abc import Collection as Collection_
    from collections.abc import Mapping

    from pulumi_openai_admin.http.client import Client, Listing

logger = logging.getLogger(__name__)

_CREATED_AT = "created_at"
"""The attribute with the time of the creation, of objects that OpenAI shows with their date."""
_DELETE_WAITS = (1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0)
"""Pauses between deletions of a young object: together its youth, whatever a stopped clock says."""
_QUIET_DELETE_WAITS = 2
"""How many of these pauses are too short for a message."""


@dataclass(eq=False, repr=False)
class CreationTime(MemoryPart):
    """When an object without a date was created, an invite sent or a member added: seconds since 1970 at OpenAI."""

    made_at: int | None = None

    @classmethod
    def of_request(cls, client: Client) -> Self:
        """The time of an object that a request creates which is sent now, rounded up."""
        return cls(int(client.clock.now_or_local()) + 1)


@dataclass(eq=False, repr=False)
class Collection(Handler):
    """The shape.

    Args:
        path: Where objects are made and listed; one object is at `{path}/{id}`.
        noun: What an object is called, singular: "service account".
        recognized_by: The fields that identify the object created by a request whose response was lost. An object
            without a date, or one whose fields of these may be omitted, is identified by all its fields.
        paging: How the list goes on.
        sent_as: By property, the dotted name under which OpenAI takes it, if it shows it under another.
        constants: What OpenAI asks for besides, and has one value only, by dotted name.
        events: The types of OpenAI's audit-log events about the objects, or why there are none (`NOT_LOGGED`).
        changes_with: The HTTP method of a change.
        settable: The fields that are changed in place. This and the next arguments follow from the resource's fields.
        clearable: By field that a program can clear, what clears it: null, or the text that OpenAI takes for none. An
            object without it has no value.
        identity: The name of the object's id in responses and lists.
        is_dated: Whether OpenAI shows when an object was created.
        has_optional_name: Whether one of the fields in `recognized_by` may be omitted.
        wire_names: The fields that OpenAI names differently, with the dotted name there.
    """

    traits: ClassVar[Traits] = Traits(shows=Shows.LIST_AND_EACH)
    shown_once: ClassVar[tuple[str, ...]] = ()
    """What only the response to a creation shows: later responses that lack it, or show null, say nothing of it."""
    removal_verb: ClassVar[str] = "delete"
    """What a user does to an object that is not needed, for messages."""

    path: str
    noun: str
    recognized_by: tuple[str, ...]
    paging: Paging = Paging.LAST_ID
    sent_as: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    events: AuditEvents = field(default_factory=AuditEvents)
    changes_with: Method = "POST"
    settable: tuple[str, ...] = ()
    clearable: Mapping[str, str | None] = field(default_factory=dict)
    identity: str = "id"
    is_dated: bool = True
    has_optional_name: bool = False
    wire_names: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.recognized_by:
            raise TypeError(f"{self.noun}: what identifies an object after a lost response has to be declared")

    @property
    def audit_events(self) -> AuditEvents:
        """See `Handler.audit_events`; a kind with a separate handler has them there."""
        return self.events

    @override
    def with_fields(self, declaration: Declaration) -> Self:
        own = super().with_fields(declaration)
        arguments = declaration.with_role(FieldRole.ARGUMENT)
        identity = declaration.fields[declaration.identity].wire if declaration.identity else ""
        missing = sorted({*own.recognized_by} - {it.name for it in arguments})
        if not identity or missing:
            lacks = f"{', '.join(missing)} of recognized_by" if missing else "the field with identity=True"
            raise TypeError(f"{own.noun}: {lacks} is not declared")
        return replace(
            own,
            settable=declaration.settable,
            clearable={it.name: it.cleared_with for it in arguments if it.when_removed is WhenRemoved.CLEARED},
            identity=identity,
            is_dated=_CREATED_AT in {it.wire for it in declaration.fields.values()},
            has_optional_name=any(it.name in own.recognized_by and not it.is_always_set for it in arguments),
            wire_names=declaration.wire_names,
            sent_as={**declaration.wire_names, **own.sent_as},
        )

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Make the object. Never repeated blindly: OpenAI offers no idempotency key."""
        self._make(client, remote, wanted.settings)
        self._set_differing(client, remote, wanted)

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Import an object as it is listed."""
        self._learn(remote, self._listed(client, remote))
        self.require_valid(client, remote)
        self._set_differing(client, remote, wanted)

    def ids(self, client: Client, remote: Remote) -> list[str]:
        """All that are listed."""
        with client.inside(remote.parents):
            rows = self.listing(client, remote).rows()
        return [id_ for id_, row in rows.items() if self.is_own(row)]

    def is_own(self, row: Mapping[str, Any]) -> bool:
        """Whether a listed object is one that a program would create."""
        return True

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The object as it is listed."""
        self._learn(remote, self._listed(client, remote))
        self.require_valid(client, remote)
        return remote.attributes

    def require_valid(self, client: Client, remote: Remote) -> None:
        """Make sure that an object that OpenAI shows is not treated as deleted."""

    def _listed(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The object as the list shows it."""
        with client.inside(self.ends_with(remote)):
            shown = self.listing(client, remote).find(remote.id)
        if shown is None:
            raise self._gone(remote)
        # A row of an object that this run created is the response to its creation. What only that shows is not in it.
        return {name: value for name, value in shown.items() if name not in self.shown_once}

    def listing(self, client: Client, remote: Remote) -> Listing:
        """All objects of the project, or of the organization."""
        path = fill(self.path, **remote.parents)
        return client.listing(
            path, f"list the {self.noun}s of {self._parent(remote)}", {"limit": 100}, self.paging, self.identity
        )

    def read(self, client: Client, remote: Remote) -> None:
        """Bring the document up to date; an object too young to be shown stays as it is known."""
        try:
            reply = self._shown(client, remote)
        except errors.UnrelatedNotFoundError as unrelated:
            self.listing(client, remote).forget()  # a new list that lacks the object proves nothing
            try:
                reply = self._listed(client, remote)
            except (errors.ParentEndedError, errors.ParentNotFoundError):
                raise
            except errors.AdminError:
                raise unrelated from None
        self._learn(remote, reply)
        self.require_valid(client, remote)

    def _shown(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The object as GET shows it; empty if it is too young to be shown."""
        call = Call("GET", self.path_of(remote), f"read {self.name(remote)}")
        try:
            with client.inside(self.ends_with(remote)):
                return show(client, call, _created_at(remote), self.ends_with(remote), self.name(remote))
        except errors.NotFoundError as missing:
            raise self._gone(remote) from missing

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Send what may be changed in place, if any of it differs."""
        try:
            with client.inside(self.ends_with(remote)):
                self._set_differing(client, remote, wanted)
        except errors.NotFoundError as missing:
            raise self._gone(remote) from missing

    def delete(self, client: Client, remote: Remote) -> None:
        """DELETE; an object that no longer exists, deleted with its project or alone, is done."""
        self.delete_one(client, remote)

    def delete_one(self, client: Client, remote: Remote) -> bool:
        """DELETE, and return whether the object no longer existed; see `delete_if_exists`."""
        call = Call("DELETE", self.path_of(remote), f"delete {self.name(remote)}")
        return delete_if_exists(client, call, _created_at(remote), self.ends_with(remote))

    @override
    def creations(self, client: Client, remote: Remote) -> list[Creations]:
        return [self.own_creations(client, remote)]

    def own_creations(self, client: Client, remote: Remote) -> Creations:
        """The creations of the objects, without those of other kinds that belong to them."""
        return Creations(
            client,
            remote,
            self.noun,
            self._parent(remote),
            self.listing(client, remote),
            partial(self._fits, client, remote),
            lambda id_, row: self.delete_created(client, Remote(remote.parents, id_, {**self._declared(row)})),
            self.removal_verb,
            self.is_dated,
            remote.parents,
        )

    def delete_created(self, client: Client, remote: Remote) -> bool:
        """Delete an object that nobody uses. Return False if it stays as it is."""
        self.delete(client, remote)
        return True

    def ends_with(self, remote: Remote) -> Mapping[str, str]:
        """The ids of the objects whose end is the end of this object, outermost first."""
        return remote.parents

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """An object that is there, as it is listed; a creation is only compared with the objects of the same name."""
        if not remote.id:
            with client.inside(remote.parents):
                self.listing(client, remote).rows()  # shows whether the parents are there
                if all(wanted.settings.get(name) is not None for name in self.recognized_by):
                    self._warn_of_namesakes(client, remote, wanted.settings)
            return Observation(self.noun)
        settings = {name: wanted.settings.get(name) for name in self.settable if name not in self.traits.not_shown}
        known = dict(remote.attributes)
        self._learn(remote, self._listed(client, remote))
        return Observation(self.name(remote), remote.compared(known, remote.attributes, settings))

    def _make(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
        """Create the object (`Creations.create`); what came of it is known in `remote` afterwards."""
        name, path = self._called(body), fill(self.path, **remote.parents)
        action = f"create {self.noun} {name!r} in {self._parent(remote)}"
        call = Call("POST", path, action, body=self._sent(body), idempotent=False)
        # One at a time of each name: two lost responses could not be distinguished.
        with client.exclusively(f"{path} {name}", action), client.inside(remote.parents):
            self._warn_of_namesakes(client, remote, body)
            reply = self.own_creations(client, remote).create(call, body)
        self._learn(remote, {**documents.nested(body, self.wire_names), **reply})
        remote.step.has_changed = True
        if not self.is_dated:
            remote.memory.put(CreationTime(int(client.clock.now_or_local())))

    def _warn_of_namesakes(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
        """Names need not be unique; but another one of the name is often what an interrupted run left behind."""
        there = [
            id_
            for id_, row in self.listing(client, remote).rows().items()
            if not client.is_owned(id_) and not remote.step.is_in_state(id_) and self._fits(client, remote, row, body)
        ]
        if there:
            logger.warning(
                "%s already has another %s with the same %s (%r): %s. If this stack manages it under another name, %s. "
                "If this resource is being replaced, it may be the old object. If it is left over from an interrupted "
                "run, %s it in OpenAI's dashboard.",
                capitalized(self._parent(remote)), self.noun, self._recognition, self._called(body),
                bounded(", ", there), remedies.DECLARE_OLD_NAME, self.removal_verb,
            )  # fmt: skip

    def _set_differing(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        body = {key: wanted.settings[key] for key in self.settable if key in wanted.settings}
        if not body or all(lost_changes.is_known(remote, key, value) for key, value in body.items()):
            return
        self._set(client, remote, body)

    def _set(self, client: Client, remote: Remote, body: Mapping[str, Any]) -> None:
        action = f"set {', '.join(body)} of {self.name(remote)}"
        with lost_changes.tracking(client, remote, body):
            reply = client.send(Call(self.changes_with, self.path_of(remote), action, body=self._sent(body)))
        self._learn(remote, {**documents.nested(body, self.wire_names), **reply})

    def as_declared(self, shown: Mapping[str, Any]) -> Mapping[str, Any]:
        """See `Handler.as_declared`: what is shown with the value that clears it, or omitted, is null."""
        if self.identity not in shown:
            return shown  # a response without the id does not show the object
        none = {name: value for name, value in self.clearable.items() if value is not None}
        return {**shown, **{name: None for name, value in none.items() if shown.get(name, value) == value}}

    def _declared(self, shown: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.as_declared(documents.renamed(shown, self.wire_names))

    def _learn(self, remote: Remote, reply: Mapping[str, Any]) -> None:
        shown = self._declared(reply)
        learn(remote, shown, shown_once=self.shown_once, identity=self.identity)

    def _sent(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        sent = {
            name: self.clearable.get(name) if value is None else value
            for name, value in {**self.constants, **properties}.items()
        }
        return documents.nested(sent, self.sent_as)

    def _fits(self, client: Client, remote: Remote, row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        """Return whether a listed object may be the one that was sent; what was not sent recognizes nothing."""
        shown = self._declared(row)
        if not self.is_dated or self.has_optional_name:
            # OpenAI chooses the value of what was not sent, or has none.
            sent = {name for name in {*self.settable, *body} if body.get(name) is not None or name in self.clearable}
            return all(
                remote.are_equal(name, _value_or_none(documents.get(shown, name)), _value_or_none(body.get(name)))
                for name in sent.difference(self.traits.not_shown)
            )
        return all(
            body.get(name) is not None and remote.are_equal(name, documents.get(shown, name), body[name])
            for name in self.recognized_by
        )

    def _called(self, body: Mapping[str, Any]) -> object:
        values = [body.get(name) for name in self.recognized_by]
        return values[0] if len(values) == 1 else bounded(", ", map(self.format_value, self.recognized_by, values))

    @property
    def _recognition(self) -> str:
        return " and ".join(self.recognized_by)

    def _gone(self, remote: Remote) -> errors.ResourceGoneError:
        return errors.ResourceGoneError.absent(self.name(remote), ". The next update creates it again.")

    def path_of(self, remote: Remote) -> str:
        """Where the object is."""
        return fill(self.path + "/{id}", **remote.parents, id=remote.id)

    def name(self, remote: Remote) -> str:
        """What messages call it."""
        name = remote.attributes.get("name")
        called = f"{self.noun} {name!r} ({remote.id})" if name else f"{self.noun} {remote.id}"
        return f"{called} of {self._parent(remote)}" if remote.parents else called

    def _parent(self, remote: Remote) -> str:
        return describe(remote.parents)


def learn(remote: Remote, reply: Mapping[str, Any], shown_once: Collection_[str] = (), identity: str = "id") -> None:
    """Store what a response shows: what it omits stays as it is known, and null unsets it."""
    for name, value in reply.items():
        if value is not None:
            remote.attributes[name] = value
        elif name not in shown_once:
            remote.attributes.pop(name, None)
    remote.id = str(remote.attributes.get(identity) or remote.id)


def show(client: Client, call: Call, created_at: object, parents: Mapping[str, str], name: str) -> dict[str, Any]:
    """GET an object; one that is too young to be shown is looked for again, and then empty.

    Raises:
        errors.NotFoundError: It is not there.
        errors.ProjectArchivedError: Nor can it be.
    """
    for wait in creation.POLL_DELAYS:
        client.pause(wait, call.action)
        try:
            return client.send(call)
        except errors.NotFoundError as missing:
            if not is_young(client, created_at, missing):
                raise
            client.raise_if_parent_is_gone(parents, missing)
    logger.warning(
        "%s was not found, and was created less than %d s ago, so OpenAI may not show it yet. "
        "In a minute, %s.",
        name, creation.VISIBILITY_LAG_SECONDS, remedies.REFRESH,
    )  # fmt: skip
    return {}


def delete_if_exists(client: Client, call: Call, created_at: object, parents: Mapping[str, str]) -> bool:
    """DELETE an object; 404 means that it no longer exists, but not while it is too young to be found.

    Args:
        parents: The ids of the objects whose end is the end of this object.

    Returns:
        Whether OpenAI did not show it, in all requests, or does not show what it was inside.

    Raises:
        errors.ProjectNotFoundError: The key does not show the project.
        errors.OperationTimeoutError: The operation's time is over before a young object would have to be found.
        errors.StatusError: OpenAI refused.
    """
    for tries, wait in enumerate((*_DELETE_WAITS, None)):
        try:
            client.send(call)
        except errors.NotFoundError as missing:
            if missing.may_have_acted:
                return False
            ended = client.ended_with_its_parent(parents, missing)
            if wait is None or ended or not is_young(client, created_at, missing):
                return True
            if tries == _QUIET_DELETE_WAITS:
                client.log_wait(
                    "Waiting up to %d s to %s: OpenAI does not find it, and may take %d s to show an object that was "
                    "just created.",
                    sum(_DELETE_WAITS[tries:]), call.action, creation.VISIBILITY_LAG_SECONDS,
                )  # fmt: skip
            client.pause(wait, call.action)
        except (errors.BadRequestError, errors.PermissionDeniedError, errors.UnrelatedNotFoundError) as refusal:
            if client.ended_with_its_parent(parents, refusal):
                return True
            raise
        else:
            return False
    raise AssertionError  # the last wait is None


def _value_or_none(value: Any) -> Any:
    return None if value == "" else value


def _created_at(remote: Remote) -> object:
    return remote.attributes.get(_CREATED_AT) or remote.memory[CreationTime].made_at


def is_young(client: Client, created_at: object, missing: errors.StatusError) -> bool:
    """Whether an object was created moments ago, by OpenAI's own clock: the one that stamped both."""
    # A response without a date is as old as its arrival, says HTTP.
    now = missing.facts.answered_at or client.clock.now_or_local()
    return isinstance(created_at, int | float) and now - created_at < creation.VISIBILITY_LAG_SECONDS
