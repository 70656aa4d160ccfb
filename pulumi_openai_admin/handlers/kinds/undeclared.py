"""Objects and settings of paths that this version does not declare: the program says what a declaration would say.

A resource of such a path has one input `properties`, and the outputs `object` and `secret_values`. The shapes of
endpoints work with an object by OpenAI's names. `opened` is between the two: it gives a shape the object by OpenAI's
names, with the parents that its path has, and divides what the shape has learned.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.baseline import BASELINE
from pulumi_openai_admin.handlers.handler import Handler, Remote, Traits, Wanted
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.schema.ids import has_key
from pulumi_openai_admin.schema.paths import PATH, ids_in, path_failure
from pulumi_openai_admin.schema.shapes import are_same

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from pulumi_openai_admin.handlers.handler import Observation
    from pulumi_openai_admin.handlers.removals import Removal
    from pulumi_openai_admin.http.client import Client

PROPERTIES = "properties"
OBJECT = "object"
SECRET_VALUES = "secret_values"  # noqa: S105 - the name of an output
SECRETS = "secrets"
IDENTITY = "identity"

EVENTS = AuditEvents(reason="this version does not know which events OpenAI logs about the path")
NOT_LISTED = "this version does not know which paths there are"
NOTE = (
    "This version of pulumi-openai-admin does not know the path: it sends and compares the properties, and does not "
    "check them. A later version may have a resource for it."
)

_SECRET_NAME = re.compile(r"(?:.*_)?(?:secret|token|password|value|key)")
"""Names of strings that are taken for secrets unless the program sets them, since a state would show them for ever."""
_NOT_SET = re.compile(r"id|object|.*_at")
"""Names of values that OpenAI chooses: an import does not declare them."""


class NormalizedValue(TypedDict):
    """A value that OpenAI shows in another form than it was sent."""

    sent: Any
    shown: Any


@dataclass
class NormalizedValues(MemoryPart):
    """The values that OpenAI showed in another form after they were sent, by property."""

    normalized: dict[str, NormalizedValue] = field(default_factory=dict)


@dataclass
class UndeclaredRemote(Remote):
    """An object by OpenAI's names, of which only the properties are compared that the program sets, at any depth."""

    def are_equal(self, name: str, value: Any, other: Any) -> bool:
        """Whether OpenAI shows what the program sets: it may show more properties, or a value in another form."""
        return super().are_equal(name, as_sent(self, name, value, other), other)


def as_sent(remote: Remote, name: str, shown: Any, like: Any) -> Any:
    """The value of a property as it was sent, if OpenAI still shows the form in which it showed that value first.

    Args:
        remote: Remembers what was sent.
        name: The property.
        shown: Its value as OpenAI shows it.
        like: The value that has the properties to compare.
    """
    known = remote.memory[NormalizedValues].normalized.get(name)
    if known is not None and are_same(part_of(shown, known["sent"]), known["shown"]):
        return known["sent"]
    return part_of(shown, like)


def note_normalized(remote: Remote, sent: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """Remember the values that OpenAI shows in another form after they were sent.

    Args:
        remote: The object after the request.
        sent: The properties that were sent.
        before: The object before. A property that is shown as before was not changed.

    Returns:
        The properties that OpenAI shows with another value than was sent.
    """
    normalized = remote.memory[NormalizedValues].normalized
    others = []
    for name, value in sent.items():
        shown, known = part_of(remote.get(name), value), normalized.get(name)
        if shown is None or are_same(shown, value):
            normalized.pop(name, None)
            continue
        is_known = known is not None and are_same(shown, known["shown"])
        if is_known or not are_same(shown, part_of(before.get(name), value)):
            normalized[name] = {"sent": value, "shown": shown}
        if not is_known:
            others.append(name)
    return others


def part_of(shown: Any, like: Any) -> Any:
    """The part of a value that has the properties of another value."""
    if isinstance(shown, dict) and isinstance(like, dict):
        return {name: part_of(shown[name], value) for name, value in like.items() if shown.get(name) is not None}
    if isinstance(shown, list) and isinstance(like, list) and len(shown) == len(like):
        return [part_of(item, other) for item, other in zip(shown, like, strict=True)]
    return shown


def flat(wanted: Wanted) -> Wanted:
    """What the program sets, by OpenAI's names."""
    return Wanted({}, dict(wanted.settings.get(PROPERTIES) or {}), wanted.options)


def noun_of(path: str) -> str:
    """What the last part of a path names: "experimental things"."""
    return path.rpartition("/")[2].replace("_", " ")


def path_of(remote: Remote) -> str:
    """The path of a resource.

    Raises:
        errors.ConfigurationError: It is none: an id that a person wrote may have anything there.
    """
    path = remote.parents[PATH]
    failure = path_failure(path)
    if failure:
        raise errors.ConfigurationError(f"The path {path!r} {failure}", "Correct the id.")
    return path


def by_openais_names(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """An object by OpenAI's names, from the attributes of a resource."""
    document = {**attributes.get(PROPERTIES, {}), **attributes.get(OBJECT, {})}
    for name, value in attributes.get(SECRET_VALUES, {}).items():
        documents.put(document, name, value)
    return document


@contextmanager
def opened(remote: Remote, wanted: Wanted | None, identity: str = "") -> Iterator[UndeclaredRemote]:
    """The object by OpenAI's names. Whatever is learned of it goes into `remote`, after an error, too.

    Args:
        remote: The resource.
        wanted: What the program sets; None if the step changes nothing.
        identity: The property with the id of the object; empty if it has none.
    """
    known = remote.attributes
    options = remote.options if wanted is None else wanted.options
    attributes = by_openais_names(known)
    if identity and remote.id:
        attributes[identity] = remote.id
    if BASELINE in known:
        attributes[BASELINE] = known[BASELINE]
    inner = UndeclaredRemote(ids_in(path_of(remote)), remote.id, attributes, remote.memory, step=remote.step)
    try:
        yield inner
    finally:
        properties = known.get(PROPERTIES) if wanted is None else wanted.settings.get(PROPERTIES, {})
        kept = inner.memory[NormalizedValues].normalized.items()
        inner.memory.put(NormalizedValues({name: value for name, value in kept if name in (properties or ())}))
        remote.id, remote.memory = inner.id, inner.memory
        remote.attributes = _divided(inner, known, properties, options.get(SECRETS) or ())


class Undeclared(Handler):
    """The handler of paths that this version does not declare: each verb is the one of a shape."""

    audit_events: ClassVar[AuditEvents] = EVENTS
    traits: ClassVar[Traits] = Traits(not_listed=NOT_LISTED, reads_each=True, remembers_settings=True)

    @abstractmethod
    def opened(self, remote: Remote, wanted: Wanted | None) -> AbstractContextManager[tuple[Any, Remote]]:
        """The handler of the shape, and the object by OpenAI's names; see `opened`."""

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """See `Handler.create`."""
        with self.opened(remote, wanted) as (shape, inner):
            shape.create(client, inner, flat(wanted))

    def ids(self, client: Client, remote: Remote) -> list[str]:  # noqa: ARG002
        """None: see `not_listed`."""
        return []

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The object as OpenAI shows it, with all properties that a program may set."""
        self.read(client, remote)
        return remote.attributes

    def read(self, client: Client, remote: Remote) -> None:
        """See `Handler.read`."""
        with self.opened(remote, None) as (shape, inner):
            shape.read(client, inner)

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """See `Handler.update`."""
        with self.opened(remote, wanted) as (shape, inner):
            shape.update(client, inner, flat(wanted))

    def removal(self, remote: Remote, now: float) -> Removal:
        """See `Handler.removal`."""
        with self.opened(remote, None) as (shape, inner):
            found: Removal = shape.removal(inner, now)
        return found

    def delete(self, client: Client, remote: Remote) -> None:
        """See `Handler.delete`."""
        with self.opened(remote, None) as (shape, inner):
            shape.delete(client, inner)

    def delete_found(self, client: Client, remote: Remote) -> None:
        """See `Handler.delete_found`."""
        with self.opened(remote, None) as (shape, inner):
            shape.delete_found(client, inner)

    def undo(self, client: Client, remote: Remote) -> bool:
        """See `Handler.undo`."""
        with self.opened(remote, None) as (shape, inner):
            is_undone: bool = shape.undo(client, inner)
            return is_undone

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """See `Handler.observe`: all values belong to `properties`."""
        with self.opened(remote, wanted) as (shape, inner):
            found: Observation = shape.observe(client, inner, flat(wanted))
        return replace(found, values=[replace(value, property=PROPERTIES) for value in found.values])

    def creation_note(self, wanted: Wanted) -> str:  # noqa: ARG002
        """That nothing is known of the path."""
        return NOTE


def _divided(
    inner: Remote, known: Mapping[str, Any], properties: Mapping[str, Any] | None, secrets: Iterator[str] | Any
) -> dict[str, Any]:
    """The attributes of a resource, from an object by OpenAI's names."""
    shown = _without_null({name: value for name, value in inner.attributes.items() if name != BASELINE})
    hidden: dict[str, Any] = {}
    for name in {*secrets, *known.get(SECRET_VALUES, {}), *_secret_names(shown, properties or {})}:
        value = documents.get(shown, name)
        if value is not None:
            hidden[name] = value
            _remove(shown, name)
    if properties is None:
        properties = {name: value for name, value in shown.items() if not _NOT_SET.fullmatch(name)}
    # The first value of a secret is kept: OpenAI may show it once, and a part of it later.
    return {
        "id": inner.id,
        PROPERTIES: {
            name: as_sent(inner, name, shown[name], value)
            for name, value in properties.items()
            if shown.get(name) is not None
        },
        OBJECT: shown,
        SECRET_VALUES: {**hidden, **known.get(SECRET_VALUES, {})},
        **({BASELINE: inner.attributes[BASELINE]} if BASELINE in inner.attributes else {}),
    }


def _secret_names(shown: Mapping[str, Any], properties: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """The dotted names of strings that are secret, although the program does not say so."""
    for name, value in shown.items():
        if not place and name in properties:
            continue
        if isinstance(value, dict):
            yield from _secret_names(value, properties, f"{place}{name}.")
        elif any(isinstance(leaf, str) and has_key(leaf) for leaf in documents.leaves(value)) or (
            isinstance(value, str) and _SECRET_NAME.fullmatch(name)
        ):
            yield f"{place}{name}"


def _remove(document: dict[str, Any], name: str) -> None:
    holder, _, last = name.rpartition(".")
    (documents.get(document, holder) if holder else document).pop(last, None)


def _without_null(value: Any) -> Any:
    """A value without what is null: a state can't have it."""
    if isinstance(value, dict):
        return {name: _without_null(item) for name, item in value.items() if item is not None}
    return [_without_null(item) for item in value] if isinstance(value, list) else value
