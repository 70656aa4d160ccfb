"""What is known of one object at OpenAI, and what a program wants of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import documents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pulumi_openai_admin.http.client import Client


_IN_DOUBT = "in_doubt"
"""In `Remote.private`: settings that a lost reply may or may not have changed."""


@dataclass
class Remote:
    """One object at OpenAI, as far as it is known.

    A shape writes into it whatever it learns, in the moment it learns it: when a later step
    fails, what the earlier ones did is still known here, and goes into the state.
    """

    parents: Mapping[str, str]
    """The ids in the path above the object: `{"project_id": "proj_…"}`."""
    id: str = ""
    """The object's own id; empty until there is one."""
    attributes: dict[str, Any] = field(default_factory=dict)
    """The object in OpenAI's own spelling. Holds what only a create reply shows, too."""
    private: dict[str, Any] = field(default_factory=dict)
    """What a shape remembers from one run to the next and nobody is shown."""
    pending: list[str] = field(default_factory=list)
    """In words: what the next run has to do, although no input differs."""
    rollback: dict[str, Any] = field(default_factory=dict)
    """What this run found before it changed it, to take the run back."""
    acquired: list[str] = field(default_factory=list)
    """The objects that this step acquired for the resource (`Client.acquire`)."""
    has_changed: bool = False
    """Whether this run did something at OpenAI that a failure must not forget."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What the program tells the provider, and OpenAI never sees."""
    unordered: frozenset[str] = frozenset()
    """The properties that are lists whose order means nothing."""

    def get(self, name: str) -> Any:
        """A property by its dotted name; None where it is not known."""
        return documents.get(self.attributes, name)

    def are_equal(self, name: str, value: Any, other: Any) -> bool:
        """Whether two values of a property mean the same."""
        if name in self.unordered and isinstance(value, list) and isinstance(other, list):
            return sorted(value) == sorted(other)
        return bool(value == other)

    def acquire(self, client: Client, name: str) -> None:
        """Record that the resource manages an object in this run; a failed step releases it."""
        client.acquire(name)
        self.acquired.append(name)

    @contextmanager
    def doubting(self, settings: Iterable[str]) -> Iterator[None]:
        """Send settings that a lost reply leaves in doubt: then the next run must not take them for what they were."""
        try:
            yield
        except errors.AdminError as error:
            if error.may_have_acted:
                self.private[_IN_DOUBT] = sorted({*self.private.get(_IN_DOUBT, ()), *settings})
                self.has_changed = True
            raise
        left = [name for name in self.private.pop(_IN_DOUBT, ()) if name not in settings]
        if left:
            self.private[_IN_DOUBT] = left

    def has(self, name: str, value: object) -> bool:
        """Whether a setting is known to have a value."""
        return self.are_equal(name, self.get(name), value) and name not in self.private.get(_IN_DOUBT, ())


@dataclass(frozen=True)
class Wanted:
    """What the program sets, in OpenAI's own spelling; what it leaves out is not here."""

    selection: Mapping[str, Any]
    """Which existing object is meant: `{"model": "gpt-4o"}`."""
    settings: Mapping[str, Any]
    """What OpenAI is to keep; `None` unsets a property."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What OpenAI never sees: how the provider is to go about it."""

    @property
    def cleared(self) -> set[str]:
        """The properties to unset."""
        return {name for name, value in self.settings.items() if value is None}


class Shows(Enum):
    """What GET shows of a kind of object."""

    NOTHING = "nothing"
    ONE = "one"
    """The only one that there is in a place, at the handler's path."""
    ONE_OR_NONE = "one or none"
    """The same, and it may be absent (404)."""
    LIST = "list"
    """All of them, at the handler's path, and none by itself."""
    LIST_AND_EACH = "list and each"
    """All of them, at the handler's path, and each at `{path}/{id}`."""


class Handler(ABC):
    """The shape of an handler: what creating, reading, changing and deleting mean there.

    All verbs raise `errors.AdminError`. `read` and `update` raise `errors.ResourceGoneError` where the object is not
    there any more; `delete` is done then.
    """

    manages_existing: ClassVar[bool] = False
    """Whether the object exists before the resource does, and stays when the resource is deleted.

    Then a replacement deletes first, so that the new resource finds what was there before the old one. The handler
    acquires the object (`Client.acquire`) before it looks at it, and leaves it alone in `delete` if another resource of
    the run has acquired it.
    """

    @property
    def deletes_before_replace(self) -> bool:
        """Whether a replacement deletes the old object first."""
        return self.manages_existing

    remembers_settings: ClassVar[bool] = False
    """Whether `Remote.private` holds values that the program has set."""

    shows: ClassVar[Shows] = Shows.NOTHING
    """What look-ups can read. Where it is not `NOTHING`, the handler has a `path` and a `noun`; where it is a list, a
    `listing`, too."""

    not_shown: ClassVar[tuple[str, ...]] = ()
    """Attributes that GET never shows, by OpenAI's name: what is sent only, and what the handler adds."""

    ends_children: ClassVar[bool] = False
    """Whether deleting the object ends, at OpenAI, all that is inside it: then nothing in it is deleted by itself."""

    @abstractmethod
    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Make the object, or begin to look after an existing one."""

    @abstractmethod
    def read(self, client: Client, remote: Remote) -> None:
        """Bring `remote` up to date."""

    @abstractmethod
    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Make the object as wanted; goes on where an earlier run broke off."""

    @abstractmethod
    def delete(self, client: Client, remote: Remote) -> None:
        """Delete the object, or put it back as it was found."""

    @abstractmethod
    def undo(self, client: Client, remote: Remote) -> bool:
        """Take back what a broken run did; whether nothing of it is left.

        Called only where the state can't be told of a half-done step.
        """

    def expand(self, olds: Mapping[str, Any], news: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """The new settings, with what only a comparison with the old ones can show spelt out."""
        return news

    def replacement_note(self, document: Mapping[str, Any]) -> str:  # noqa: ARG002
        """What a replacement does to the old object that nobody would expect; empty if nothing."""
        return ""

    def change_note(self, remote: Remote, wanted: Wanted) -> str:  # noqa: ARG002
        """What an update does that a preview has to say in words; empty if nothing."""
        return ""

    def claim(
        self,
        parents: Mapping[str, Any],  # noqa: ARG002
        wanted: Wanted,  # noqa: ARG002
        document: Mapping[str, Any],  # noqa: ARG002
    ) -> Claim | None:
        """What the resource manages that another resource could manage too.

        Args:
            parents: The ids in the path.
            wanted: What the program sets.
            document: The object as far as it is known; empty where it is not.
        """
        return None

    def existing(self, client: Client, remote: Remote, wanted: Wanted) -> Mapping[str, Any]:  # noqa: ARG002
        """The object that `create` is going to manage, where it is there before the resource; empty elsewhere."""
        return {}


class Adoptable(Handler):
    """The shape of an endpoint whose objects may be there before anybody manages them, and can be taken over."""

    @abstractmethod
    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Begin to look after an object that is as wanted already: lists are looked at, and nothing is changed."""


@dataclass(frozen=True)
class Claim:
    """What one resource manages in one place."""

    place: str
    what: str
    """What it manages, in words, where it manages all that the place has."""
    is_whole: bool = True
    """Whether it manages all that the place has: there can be only one such."""

    @property
    def names(self) -> list[str]:
        """What it may have in common with another claim of the place that is not whole."""
        return []

    def overlap(self, other: Claim) -> str | None:
        """What both manage, in words; None if nothing."""
        return self.what if self.place == other.place else None
