"""What a handler can do beside the four verbs. The verbs of `lifecycle` ask with `isinstance` which of it a kind can.

A handler has a capability by having its methods, without naming it as a base. All methods raise `errors.AdminError`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from pulumi_openai_admin.handlers.audit_events import NOT_LOGGED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pulumi_openai_admin.handlers.audit_events import AuditEvents
    from pulumi_openai_admin.handlers.departures import Departure
    from pulumi_openai_admin.handlers.handler import Claim, Observation, PendingAction, Remote, Wanted
    from pulumi_openai_admin.http.client import Client


class Capability(ABC):  # noqa: B024 - the capabilities have the methods
    """The base of capabilities. `isinstance` compares the methods once for each class, and remembers the answer.

    A `Protocol` would compare them in each call, and a preview asks six times for each resource.
    """

    @classmethod
    def __subclasshook__(cls, other: type) -> bool:
        """Whether a class has all methods of the capability; a field of a dataclass takes the place of a property."""
        names = cls.__abstractmethods__
        if not names:
            return NotImplemented  # type: ignore[no-any-return] # a hook may return it
        fields = getattr(other, "__dataclass_fields__", {})
        return all(hasattr(other, name) or name in fields for name in names)


class Adoptable(Capability):
    """Adopts objects: they may exist before a resource manages them. `Traits.not_adoptable` has the exceptions."""

    @abstractmethod
    def ids(self, client: Client, remote: Remote) -> list[str]:
        """The objects of a place that a program of the whole organization declares; only reads.

        Without what OpenAI provides everywhere, such as predefined roles and settings at their default, and without
        what another kind of resource declares.

        Args:
            client: Sends the requests.
            remote: The ids of the parents.

        Returns:
            Their own ids; an empty one for the only object of the place.
        """
        ...

    @abstractmethod
    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """What a program declares to manage an existing object as it is.

        Only reads, and reads lists rather than objects, since many objects may be adopted in a run.

        Args:
            client: Sends the requests.
            remote: The ids of the object and of its parents.

        Returns:
            The object as the declaration has it, by OpenAI's names. The declaration chooses the properties that are
            inputs. Of selectors that exclude each other, it contains one.

        Raises:
            errors.NotAdoptableError: A program can't manage the object.
            errors.ResourceGoneError: There is no such object.
        """
        ...

    @abstractmethod
    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage an object that already has the wanted values: reads lists, and changes nothing."""
        ...


class Undoable(Capability):
    """Undoes the changes of a failed step. What a kind without it has created is kept: somebody may use it already."""

    @abstractmethod
    def undo(self, client: Client, remote: Remote) -> bool:
        """Undo the changes of a failed run, and return whether all of them were undone.

        Only called if the host can't record the state of a failed operation.
        """
        ...


class Claiming(Capability):
    """Says what a resource manages that another resource could manage too."""

    @abstractmethod
    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Collection[Claim]:
        """The claims of the resource, each in another place.

        Args:
            parents: The ids in the path.
            wanted: The inputs that the program sets.
            document: The known attributes of the object.
        """
        ...


class FindsExisting(Capability):
    """Finds the object that a resource will manage, before it is managed."""

    @abstractmethod
    def existing(self, client: Client, remote: Remote, wanted: Wanted) -> Mapping[str, Any]:
        """The existing object that `create` will manage; empty if `create` creates an object."""
        ...


class Previewable(Capability):
    """Says in a preview what OpenAI shows of the object."""

    @abstractmethod
    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """What OpenAI shows of the object before a step.

        Only reads, and reads lists rather than objects. Raises what the step would raise because of what it finds, such
        as a name that nothing has.

        Args:
            client: Sends the requests.
            remote: The object in the state; without an id if the step is `create`. It may be changed.
            wanted: The inputs that the program sets, as far as they are known.
        """
        ...


class NamesOthers(Capability):
    """Names objects, such as users, that have to exist wherever the resource's own object will be."""

    @abstractmethod
    def require_candidates(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Make sure that OpenAI has what the program names, before it is known where the object will be.

        For a preview of an object in a project, or another place, that the same update creates. Only reads.

        Args:
            client: Sends the requests.
            remote: The ids in the path that are known.
            wanted: The inputs that are known.

        Raises:
            errors.AdminError: The step would fail with this wherever the object is.
        """
        ...


class Forecasting(Capability):
    """Warns in a preview of what follows from something else at OpenAI than the object."""

    @abstractmethod
    def forecast(self, client: Client, remote: Remote, wanted: Wanted) -> Sequence[str]:
        """The warnings; only reads."""
        ...


class ValueFormatting(Capability):
    """Has other words for values, such as dollars for cents."""

    @abstractmethod
    def format_value(self, name: str, value: Any) -> str:
        """A value of a property, for messages."""
        ...


class Scheduled(Capability):
    """Has reasons for an update that time alone gives, such as the rotation of a key."""

    @abstractmethod
    def is_scheduled(self, inputs: Mapping[str, Any]) -> bool:
        """Whether a time can come for a resource with these inputs. Without one, nothing else is asked."""
        ...

    @abstractmethod
    def pending_actions(self, remote: Remote, wanted: Wanted, now: float) -> list[PendingAction]:
        """What has to be done because a time has come. Without a request.

        Args:
            remote: The object in the state.
            wanted: The inputs that the program sets; those that are not known yet are markers.
            now: The time in seconds since 1970.
        """
        ...


class Announcing(Capability):
    """Says in previews which times are near, and which have passed, of what is `Scheduled`."""

    @abstractmethod
    def announcements(self, remote: Remote, wanted: Wanted, now: float) -> list[str]:
        """What will become due in the next days, for warnings. Without a request; see `Scheduled.pending_actions`."""
        ...

    @abstractmethod
    def reminders(self, remote: Remote, wanted: Wanted) -> list[str]:
        """What is done because a time has passed, and can leave the program. Without a request."""
        ...


class Expiring(Capability):
    """Manages access that ends at a time that the program sets, and is `Scheduled` for it."""

    @abstractmethod
    def past_deadline(self, before: Mapping[str, Any], given: Mapping[str, Any], now: float) -> str:
        """Why a time that is already over can't be declared; empty if there is none.

        A time that the last update had is not refused: it has come, and the next update ends the access.

        Args:
            before: The options of the last update; empty for a new resource.
            given: The options that the program sets now.
            now: The time in seconds since 1970.
        """
        ...

    @abstractmethod
    def without_ended(
        self, remote: Remote, inputs: Mapping[str, Any], now: float | None = None
    ) -> Mapping[str, Any] | None:
        """The inputs, with lists by key as handlers have them, without the access that has ended; None if nothing is
        left.

        Args:
            remote: The object in the state.
            inputs: The inputs.
            now: The time in seconds since 1970: also without the access whose time is over. None if that counts.
        """
        ...


class Lookable(Protocol):
    """What requests without a response may have created in one place: see `LostRequests`."""

    def look(self, seconds: float = 0, *, removes: bool = True) -> None:
        """Look for it."""
        ...


class FindsLost(Capability):
    """Creates objects with requests that may act although they get no response."""

    @abstractmethod
    def lost_requests(self, client: Client, remote: Remote) -> Sequence[Lookable]:
        """What such requests of the resource may have created, for each place in which it creates objects."""
        ...


class HoldsKeys(Capability):
    """Has API keys that work, so that no message names one of them as left over."""

    @abstractmethod
    def key_ids(self, remote: Remote) -> Collection[str]:
        """The ids of the API keys in the state. Without a request."""
        ...


class Renewing(Capability):
    """Makes a value again that OpenAI shows only once, because an input differs."""

    @abstractmethod
    def renews(self, remote: Remote, wanted: Wanted) -> bool:
        """Whether an update makes the value again. Without a request.

        Args:
            remote: The object in the state.
            wanted: The inputs that the program sets; those that are not known yet are markers.
        """
        ...


class ExplainsCreation(Capability):
    """Says in words what the creation of an object does."""

    @abstractmethod
    def creation_note(self, wanted: Wanted) -> str:
        """What a preview has to say; empty if nothing. Without a request.

        Args:
            wanted: The inputs that are known and not secret.

        Raises:
            errors.AdminError: The creation can't succeed.
        """
        ...


class ExplainsChange(Capability):
    """Says in words what an update does."""

    @abstractmethod
    def change_note(self, remote: Remote, wanted: Wanted) -> str:
        """What a preview has to say; empty if nothing. Without a request."""
        ...


class ExplainsReplacement(Capability):
    """Warns of an unexpected effect of a replacement on the old object."""

    @abstractmethod
    def replacement_note(self, remote: Remote) -> str:
        """The warning; empty if there is none. Without a request."""
        ...


class ExplainsDeparture(Capability):
    """Says what becomes of a person whose declaration ends."""

    @abstractmethod
    def departure(self, remote: Remote) -> Departure:
        """What destroy does. Without a request."""
        ...


class Expanding(Capability):
    """Adds to the inputs what follows from a comparison with the old ones."""

    @abstractmethod
    def expand(self, olds: Mapping[str, Any], news: dict[str, Any]) -> dict[str, Any]:
        """The new inputs, with the entries that are added."""
        ...


class Identifying(Capability):
    """Knows other values of an input that mean the same object."""

    @abstractmethod
    def means_same(self, remote: Remote, name: str, value: Any) -> bool:
        """Whether another value of an input means what the state has: another address of a user whose id is known.

        Args:
            remote: The object in the state.
            name: The input, by OpenAI's name.
            value: What the program sets.
        """
        ...


class ReplacingByValue(Capability):
    """Decides from the values whether another value of an input replaces the object."""

    @abstractmethod
    def needs_replacement(self, remote: Remote, wanted: Wanted, name: str) -> bool:
        """Whether the difference in an input can't be changed in place. Without a request.

        Args:
            remote: The object in the state.
            wanted: The inputs that the program sets; those that are not known yet are markers.
            name: The input that differs, by OpenAI's name.
        """
        ...


class Reshaping(Capability):
    """Declares objects in another shape than OpenAI shows them in."""

    @abstractmethod
    def as_declared(self, shown: Mapping[str, Any]) -> Mapping[str, Any]:
        """An object as the declaration has it, from how OpenAI shows it."""
        ...


class ManagesMany(Capability):
    """Manages many objects of a list under one resource."""

    @property
    @abstractmethod
    def path_of_each(self) -> str:
        """The path of the list."""
        ...


class Located(Capability):
    """Has its objects, or its only object, at one path."""

    @property
    @abstractmethod
    def path(self) -> str:
        """The path of the list, or of the only object."""
        ...

    @property
    @abstractmethod
    def noun(self) -> str:
        """What messages call an object, singular: "service account"."""
        ...


class Joining(Capability):
    """Adds objects that exist elsewhere to a list: the id of such an object is a part of the resource's path."""

    @property
    @abstractmethod
    def id_name(self) -> str:
        """The name of that id: `user_id`."""
        ...


class Recognizing(Capability):
    """Identifies an object by some of its properties, if its id is not known."""

    @property
    @abstractmethod
    def recognized_by(self) -> Collection[str]:
        """The properties, by OpenAI's names."""
        ...


class GrantedAccess(Enum):
    """What a resource gives to a person, a service account or a group."""

    PLACE = "place"
    """A place in a project or in the organization, with a role: `role`, or the roles in `members` and `projects`."""
    ROLES = "roles"
    """Roles by their ids: `role_id`, or `role_ids`."""
    GROUP = "group"
    """A place in a group, which has roles: `user_id`, or `user_ids`."""


class Granting(Capability):
    """Gives access."""

    @property
    @abstractmethod
    def grants(self) -> GrantedAccess | None:
        """What it gives; None if it gives no access."""
        ...


class Audited(Capability):
    """Knows which events of OpenAI's audit log are about its objects. Every handler of a resource does."""

    @property
    @abstractmethod
    def audit_events(self) -> AuditEvents:
        """The events, or the reason why there are none."""
        ...


def audit_events(handler: object) -> AuditEvents:
    """The events of the audit log about the objects of a handler."""
    return handler.audit_events if isinstance(handler, Audited) else NOT_LOGGED


def as_declared(handler: object, shown: Mapping[str, Any]) -> Mapping[str, Any]:
    """An object as the declaration has it, from how OpenAI shows it."""
    return handler.as_declared(shown) if isinstance(handler, Reshaping) else shown


def grant_of(handler: object) -> GrantedAccess | None:
    """What a resource gives to people, service accounts or groups; None if it gives no access."""
    return handler.grants if isinstance(handler, Granting) else None


def noun_of(handler: object) -> str:
    """What messages call an object of the kind; empty if one resource manages many objects."""
    return handler.noun if isinstance(handler, Located) else ""


def path_of_each(handler: object) -> str:
    """The path of the list whose objects one resource manages together; empty if it manages one object."""
    return handler.path_of_each if isinstance(handler, ManagesMany) else ""
