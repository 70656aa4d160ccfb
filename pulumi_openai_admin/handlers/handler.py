"""The base class of handlers, and the values that they get and change."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol, Self

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.memory import Memory
from pulumi_openai_admin.handlers.removals import DELETED, RESTORED, Removal
from pulumi_openai_admin.schema.fields import Declaration, FieldRole, WhenRemoved
from pulumi_openai_admin.schema.shapes import are_same, in_any_order

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from pulumi_openai_admin.http.client import Client


class PendingAction(NamedTuple):
    """A reason for an update although no input differs: what a refresh found, or that a time has come."""

    what: str
    """What was found, as the beginning of a sentence: "The invite for ada@example.com expired on 2026-12-02"."""
    purpose: str
    """What the next update does, after "to": "send a new one"."""
    replaces: str = ""
    """The input because of which the next update replaces the object; empty if it changes the object in place."""
    renews: bool = True
    """Whether values that OpenAI shows only once may change."""

    def in_words(self) -> str:
        """Return what was found, and what the next update does."""
        return f"{self.what}: {self.purpose}"


@dataclass(eq=False, repr=False)
class StepContext:
    """What one step of the engine did for an object, and what it knows. Nothing of it goes into the state."""

    rollback: dict[str, Any] = field(default_factory=dict)
    """The values from before this step, for `undo`."""
    acquired: list[str] = field(default_factory=list)
    """The objects that this step acquired for the resource (`Client.acquire`)."""
    has_changed: bool = False
    """Whether this step changed something at OpenAI, so that the state must be kept after a failure."""
    has_learned: bool = False
    """Whether this step learned from a refusal what later previews warn of, so that a state that exists is kept."""
    secret: Collection[str] = ()
    """The inputs that are secret, by name: messages show no part of their values."""
    inputs: Collection[str] = ()
    """The inputs that the program set in the last step, by name: how it names a person."""
    former_options: Mapping[str, Any] = field(default_factory=dict)
    """The options of the last update, of an object that is updated."""
    is_declared_elsewhere: Callable[[Claim], str] = lambda _: ""
    """Gives another resource of the program that names what a claim names, in words; empty if there is none. Raises
    `errors.ConfigurationError` if the creation of the only such resource has failed in this run."""
    record_removed: Callable[[Claim], None] = lambda _: None
    """Records that this step has removed what a claim names. A resource that is compared later in this run, and that
    declares something there, is updated."""
    was_removed: Callable[[Claim], bool] = lambda _: False
    """Whether a step of this run has removed what a claim names, and recorded that."""
    is_replaced: bool = False
    """Whether the object is deleted because the program replaces the resource: then that may be the resource itself."""
    is_in_state: Callable[[str], bool] = lambda _: False
    """Whether a resource that this run has compared with the program has an object or a key in the state, by its id."""


@dataclass(eq=False, repr=False)
class Remote:
    """What is known about one object at OpenAI.

    A handler writes everything that it learns into it at once. So if a later request fails, the results of the earlier
    requests are here, and go into the state.
    """

    parents: Mapping[str, str]
    """The values in the object's path: `{"project_id": "proj_…"}`, of a member also the member."""
    id: str = ""
    """The object's own id; empty before it is created."""
    attributes: dict[str, Any] = field(default_factory=dict)
    """The object by the names of `Field.key`, with the values that only the response to its creation shows."""
    memory: Memory = field(default_factory=Memory)
    """What is kept between runs and never displayed, by the parts that handlers declare."""
    unfinished: str = ""
    """The message of the error with which the last step ended; empty if it did not fail."""
    pending_actions: list[PendingAction] = field(default_factory=list)
    """What a refresh found that the next update changes, although no input differs."""
    step: StepContext = field(default_factory=StepContext)
    """What this step did."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """The options that control the provider and are never sent to OpenAI: in an update, those of the program."""
    unordered: frozenset[str] = frozenset()
    """The properties that are lists whose order has no meaning."""

    def get(self, name: str) -> Any:
        """A property by its dotted name; None if it is not known."""
        return documents.get(self.attributes, name)

    def are_equal(self, name: str, value: Any, other: Any) -> bool:
        """Whether two values of a property are equivalent."""
        if name in self.unordered and isinstance(value, list) and isinstance(other, list):
            return in_any_order(value) == in_any_order(other)
        return are_same(value, other)

    def compared(
        self, known: Mapping[str, Any], now: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> list[ValueComparison]:
        """The properties that a step sets, beside their values in the state and those that OpenAI shows."""
        values = []
        for name, value in settings.items():
            before, found = documents.get(known, name), documents.get(now, name)
            if value is not None:
                before = found if self.are_equal(name, before, found) else before  # such as a list in another order
                values.append(ValueComparison(name, name, before, found, value, self.are_equal(name, found, value)))
        return values

    def acquire(self, client: Client, name: str) -> None:
        """Record that the resource manages an object in this run; a failed step releases it."""
        client.acquire(name)
        self.step.acquired.append(name)

    def release(self, client: Client, name: str) -> None:
        """Record that the resource does not manage an object that the step acquired."""
        client.release([name])
        self.step.acquired.remove(name)


@dataclass(eq=False, repr=False)
class Wanted:
    """The inputs that the program sets, by the names of `Field.key`."""

    selection: Mapping[str, Any]
    """Selects an existing object: `{"model": "gpt-4o"}`."""
    settings: Mapping[str, Any]
    """The properties to set at OpenAI; `None` unsets a property."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """The options that control the provider and are never sent to OpenAI."""

    @property
    def cleared(self) -> set[str]:
        """The properties to unset."""
        return {name for name, value in self.settings.items() if value is None}


class ValueComparison(NamedTuple):
    """One value that a step sets, beside the current one. None is a value that is not there."""

    property: str
    """The property of the resource that it belongs to."""
    label: str
    """What messages call it; empty for the object itself."""
    known: Any
    """What the state has."""
    now: Any
    """What OpenAI shows."""
    wanted: Any
    """What the program sets."""
    is_same: bool
    """Whether the last two are equivalent."""


class Observation(NamedTuple):
    """What a preview finds of an object at OpenAI."""

    what: str
    """The object, in words: "rate limit rl-gpt-4o of project proj_1"."""
    values: Sequence[ValueComparison] = ()
    """The values of an object that exists before the step, or may exist; empty if the step creates it."""
    others: str = ""
    """What else is there that the user should know, as a sentence without its full stop."""


class Shows(Enum):
    """What GET shows for a kind of object."""

    NOTHING = "nothing"
    ONE = "one"
    """The only object in its place, at the handler's path."""
    ONE_OR_NONE = "one or none"
    """The only object in its place, which may be absent (404)."""
    LIST = "list"
    """A list of all objects at the handler's path, and no single object."""
    LIST_AND_EACH = "list and each"
    """A list of all objects at the handler's path, and each object at `{path}/{id}`."""
    EACH = "each"
    """Each object at `{path}/{id}`, and no list."""


class Subject(Enum):
    """What a reviewer reads a resource as."""

    PEOPLE = "people"
    """Who is where, with which role."""
    RATE_LIMITS = "rate limits"
    OTHER = "other"


@dataclass(eq=False, repr=False)
class Traits:
    """What is so for all objects of a kind.

    The class of a handler declares them: `traits = replace(Collection.traits, shows=Shows.EACH)`.
    """

    manages_existing: bool = False
    """Whether the object may exist before the resource does, and the resource then manages it.

    Then a replacement deletes the old resource first, so that the new one finds the values from before the old one. The
    handler acquires settings (`Client.acquire`) before it changes them. `delete` does not change settings that another
    resource of the program declares or has acquired in this run, nor members that another one declares.
    """

    deletes_first: bool | None = None
    """Whether a replacement deletes the old object first; None if that follows from `manages_existing`."""

    ends_with_project: bool = False
    """Whether the resource only sets values of its project, so that nothing has to be restored if that is archived."""

    remembers_settings: bool = False
    """Whether `Remote.memory` contains values that the program has set."""

    subject: Subject = Subject.OTHER
    """What the page for a reviewer shows the resource as."""

    shows: Shows = Shows.NOTHING
    """What provider functions can read. Unless it is `NOTHING`, the handler has a `path` and a `noun`; for a list, also
    a `listing`."""

    not_shown: tuple[str, ...] = ()
    """Attributes that GET never shows: those that are only sent, and those that the handler adds."""

    not_adoptable: str = ""
    """Why no existing object can be imported, as in "OpenAI shows a key only once"; empty if it can. Unless there is a
    reason, the handler has `ids`, `declared` and `adopt`."""

    not_listed: str = ""
    """Why nothing lists the objects, so that `adopt` finds none, although each can be imported by its id; empty if they
    are listed."""

    project_key: str = ""
    """The option with the API key of a project, with which the requests of the resource are sent; empty if they are
    sent with the admin key."""

    proves_organization: bool = False
    """Whether an object that is in no project can't be taken for one of another organization: a project itself."""

    @property
    def deletes_before_replace(self) -> bool:
        """Whether a replacement deletes the old object first."""
        return self.manages_existing if self.deletes_first is None else self.deletes_first


class GrantedAccess(Enum):
    """What a resource gives to a person, a service account or a group."""

    PLACE = "place"
    """A place in a project or in the organization, with a role: `role`, or the roles in `members` and `projects`."""
    ROLES = "roles"
    """Roles by their ids: `role_id`, or `role_ids`."""
    GROUP = "group"
    """A place in a group, which has roles: `user_id`, or `user_ids`."""


class Resolvable(Protocol):
    """What creations without a response may have created in one place: see `Creations`."""

    def resolve(self, seconds: float = 0, *, removes: bool = True) -> None:
        """Look for it."""


class Handler(ABC):
    """Creates, reads, updates and deletes the objects of one endpoint.

    A kind overrides the methods that are not abstract for what it can do; most do nothing by default. All methods
    raise `errors.AdminError`. If the object no longer exists, `read` raises `errors.ResourceGoneError`, and so does
    `update`, except for a member, which it adds again; `delete` does nothing.

    Args of the methods:
        client: Sends the requests.
        remote: The object in the state. Of an object that is not in the state, it has the ids of the parents.
        wanted: The inputs that the program sets. In a preview, those that are not known yet are markers, or absent.
        now: The time in seconds since 1970.
        parents: The ids in the path.
        document: The known attributes of the object.
        name: A property or an input, by the name of `Field.key`.
    """

    traits: ClassVar[Traits] = Traits()

    def with_fields(self, declaration: Declaration) -> Self:
        """The handler of a resource: what the resource's fields say is not repeated in arguments.

        The class of the resource calls it once, with the handler that its declaration names.

        Raises:
            TypeError: A field promises something that the handler doesn't do when a program removes the field.
        """
        # The values of a setting that exists before the resource are restored. What is created has none from before.
        is_restored = self.traits.manages_existing
        wrong = WhenRemoved.CLEARED if is_restored else WhenRemoved.RESTORED
        for field_ in declaration.with_role(FieldRole.ARGUMENT):
            if field_.when_removed is wrong:
                raise TypeError(f"{field_.name}: when_removed can't be {wrong.name}")
            if is_restored and field_.when_removed is WhenRemoved.KEPT:
                field_.when_removed = WhenRemoved.RESTORED
        return self

    @classmethod
    def does(cls, method: str) -> bool:
        """Return whether the kind overrides a method, for callers that prepare arguments or a client for the call."""
        return getattr(cls, method) is not getattr(Handler, method)

    @abstractmethod
    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Create the object, or manage an existing object."""

    @abstractmethod
    def read(self, client: Client, remote: Remote) -> None:
        """Update `remote` to the current values."""

    @abstractmethod
    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Update the object to the wanted values, also after an earlier run that failed."""

    @abstractmethod
    def delete(self, client: Client, remote: Remote) -> None:
        """Delete the object, or restore its values from before it was managed."""

    def delete_found(self, client: Client, remote: Remote) -> None:
        """Delete an object whose values from before it was managed nobody knows: no state has it.

        Raises:
            errors.ConfigurationError: OpenAI can't delete it.
        """
        self.delete(client, remote)

    def undo(self, client: Client, remote: Remote) -> bool:
        """Undo the changes of a failed run, and return whether all of them were undone.

        Only called if the state of a failed operation can't be recorded. By default, what was created is kept:
        somebody may use it already.
        """
        return False

    # What exists before a resource manages it.

    def ids(self, client: Client, remote: Remote) -> list[str]:
        """Return the objects of a place that a program of the whole organization declares; only reads.

        Without what OpenAI provides everywhere, such as predefined roles and settings at their default, and without
        what another kind of resource declares.

        Returns:
            Their own ids; an empty one for the only object of the place.
        """
        return []

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """Return what a program declares to manage an existing object as it is.

        Only reads, and reads lists rather than objects, since many objects may be adopted in a run.

        Returns:
            The object by the names of `Field.key`, as the declaration has it, which chooses the properties that are
            inputs. Of selectors that exclude each other, it contains one.

        Raises:
            errors.NotAdoptableError: A program can't manage the object.
            errors.ResourceGoneError: There is no such object.
        """
        raise errors.NotAdoptableError(self.traits.not_adoptable)

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage an object that already has the wanted values: reads lists, and changes nothing."""
        raise errors.NotAdoptableError(self.traits.not_adoptable)

    def existing(self, client: Client, remote: Remote, wanted: Wanted) -> Mapping[str, Any]:
        """Return the existing object that `create` will manage; empty if `create` creates an object."""
        return {}

    def as_declared(self, shown: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return an object as the declaration has it, from how OpenAI shows it."""
        return shown

    # Previews that ask OpenAI.

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """Return what OpenAI shows of the object before a step; by default, only whether its parents are there.

        Only reads, and reads lists rather than objects. Raises what the step would raise because of what it finds, such
        as a name that nothing has.

        Args:
            remote: The object in the state; without an id if the step is `create`. It may be changed.
            wanted: The inputs that the program sets, as far as they are known.
        """
        client.require_parent(remote.parents)
        return Observation("")

    def require_candidates(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Make sure that OpenAI has what the program names, before it is known where the object will be.

        For a preview of an object in a project, or another place, that the same update creates. Only reads.
        """

    def forecast(self, client: Client, remote: Remote, wanted: Wanted) -> Sequence[str]:
        """Return warnings of what follows from something else at OpenAI than the object; only reads."""
        return ()

    def format_value(self, name: str, value: Any) -> str:
        """Return a value of a property in words, such as dollars for cents, the same for programs in any language."""
        return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)

    # What time does. None of it sends a request.

    def is_scheduled(self, inputs: Mapping[str, Any]) -> bool:
        """Return whether a time can come for a resource with these inputs, such as the rotation of a key.

        Otherwise, nothing else about times is asked.
        """
        return False

    def pending_actions(self, remote: Remote, wanted: Wanted, now: float) -> list[PendingAction]:
        """Return what has to be done because a time has come."""
        return []

    def announcements(self, remote: Remote, wanted: Wanted, now: float) -> list[str]:
        """Return what will become due in the next days, for warnings; see `pending_actions`."""
        return []

    def reminders(self, remote: Remote, wanted: Wanted) -> list[str]:
        """Return what is done because a time has passed, and can leave the program."""
        return []

    def past_deadline(self, before: Mapping[str, Any], given: Mapping[str, Any], now: float) -> str:
        """Return why a time that is already over can't be declared; empty if there is none.

        A time that the last update had is not refused: it has come, and the next update ends the access.

        Args:
            before: The options of the last update; empty for a new resource.
        """
        return ""

    def without_ended(self, remote: Remote, inputs: Mapping[str, Any], now: float | None) -> Mapping[str, Any] | None:
        """Return the inputs, with lists by key as handlers have them, without the access that has ended.

        Args:
            now: The time in seconds since 1970: also without the access whose time is over. None if that counts.

        Returns:
            The inputs; None if nothing is left.
        """
        return inputs

    # What `check` and `diff` say. None of it sends a request.

    def expand(self, olds: Mapping[str, Any], news: dict[str, Any]) -> dict[str, Any]:
        """Return the new inputs, with the entries that follow from a comparison with the old ones."""
        return news

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Collection[Claim]:
        """Return what the resource manages that another resource could manage too: claims, each in another place."""
        return ()

    def means_same(self, remote: Remote, name: str, value: Any) -> bool:
        """Return whether another value of an input means what the state has, such as another address of a user."""
        return False

    def needs_replacement(self, remote: Remote, wanted: Wanted, name: str) -> bool:
        """Return whether the difference in an input can't be changed in place, which the values decide."""
        return False

    def renews(self, remote: Remote, wanted: Wanted) -> bool:
        """Return whether an update makes a value again that OpenAI shows only once."""
        return False

    def creation_note(self, wanted: Wanted) -> str:
        """Return what a preview has to say of the creation; empty if nothing.

        Args:
            wanted: The inputs that are known and not secret.

        Raises:
            errors.AdminError: The creation can't succeed.
        """
        return ""

    def change_note(self, remote: Remote, wanted: Wanted) -> str:
        """Return what a preview has to say of an update; empty if nothing."""
        return ""

    def replacement_note(self, remote: Remote) -> str:
        """Return a warning of an unexpected effect of a replacement on the old object; empty if there is none."""
        return ""

    def removal(self, remote: Remote, now: float) -> Removal:
        """Return what the removal of the resource does at OpenAI, without a request.

        It says what `delete` does if OpenAI has what the state has. `StepContext.is_declared_elsewhere` says what is
        still declared.
        """
        return RESTORED if self.traits.manages_existing else DELETED

    def key_ids(self, remote: Remote) -> Collection[str]:
        """Return the ids of the API keys in the state. They work, so no message names one of them as left over."""
        return ()

    def is_in_store(self, remote: Remote) -> bool:
        """Return whether a secret store has the object's key, and `delete` removes it there."""
        return False

    def creations(self, client: Client, remote: Remote) -> Sequence[Resolvable]:
        """Return what requests without a response may have created, for each place in which objects are created."""
        return ()

    # What commands read.

    @property
    def path_of_each(self) -> str:
        """The path of the list whose objects one resource manages together; empty if it manages one object."""
        return ""

    @property
    def grants(self) -> GrantedAccess | None:
        """What it gives to people, service accounts or groups; None if it gives no access."""
        return None

    @property
    def audit_events(self) -> AuditEvents:
        """The events of the audit log about the objects, or the reason why there are none. Every kind declares it."""
        return AuditEvents()


def noun_of(handler: object) -> str:
    """Return what messages call an object of the kind; empty if one resource manages many objects."""
    return str(getattr(handler, "noun", ""))


ANYWHERE = "*"
"""At the end of a claim's place: what has one of its names in any place that begins so."""


@dataclass(repr=False)
class Claim:
    """Declares what one resource manages in one place: all of it, or what has one of `names`."""

    place: str
    what: str
    """What it manages, in words, if it manages everything in the place."""
    is_whole: bool = True
    """Whether it manages everything in the place: then there can be only one."""
    properties: frozenset[str] = frozenset()
    """The properties that it manages of a setting, the only object in the place. No second resource can manage the
    setting, but a removal leaves only these properties to this resource."""
    is_set_again: bool = False
    """Whether a replacement sets what is claimed again, such as a role: then a removal does not leave it to that."""

    @property
    def names(self) -> list[str]:
        """The names by which it may overlap with another claim that is not whole."""
        return []

    def overlap(self, other: Claim) -> str | None:
        """What both manage, in words; None if nothing."""
        return self.what if self.place == other.place else None

    def covers(self, part: Claim) -> bool:
        """Return whether it manages a part of a setting, with all properties of the part."""
        return self.overlap(part) is not None and part.properties <= self.properties
