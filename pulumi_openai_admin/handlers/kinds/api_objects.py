"""Objects and settings of paths that this version does not declare: the program says what a declaration would say.

A resource of such a path has one input `properties`, and the outputs `object` and `secret_values`. The shapes of
endpoints work with an object by OpenAI's names. `Undeclared.opened` is between the two: it gives a shape the object by
OpenAI's names, with the parents that its path has, and divides what the shape has learned.
"""

from __future__ import annotations

import logging
import re
from abc import abstractmethod
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

from typing_extensions import override

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.baseline import BASELINE, HIDDEN, Unrestored, Writes
from pulumi_openai_admin.handlers.handler import Handler, Remote, Traits, Wanted
from pulumi_openai_admin.handlers.memory import MemoryPart
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.handlers.shapes.setting import Setting
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.schema.ids import has_key
from pulumi_openai_admin.schema.paths import PATH, Paging, ids_in, path_failure, template_of
from pulumi_openai_admin.schema.shapes import UNKNOWN, are_same, is_all_unknown, is_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.handlers.handler import Claim, Observation, Resolvable
    from pulumi_openai_admin.handlers.removals import Removal
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

PROPERTIES = "properties"
OBJECT = "object"
SECRET_VALUES = "secret_values"  # noqa: S105 - the name of an output
SECRETS = "secrets"
IDENTITY = "identity"

_SECRET_NAME = re.compile(r"(?:.*_)?(?:secret|token|password|value|key)")
"""Names of strings that are taken for secrets unless the program sets them, since a state would show them for ever."""
_NOT_SET = re.compile(r"id|object|.*_at")
"""Names of values that OpenAI chooses: an import does not declare them."""


class NormalizedValue(TypedDict):
    """A value that OpenAI shows in another form than it was sent."""

    sent: Any
    shown: Any


@dataclass(eq=False, repr=False)
class NormalizedValues(MemoryPart):
    """The values that OpenAI showed in another form after they were sent, by property."""

    normalized: dict[str, NormalizedValue] = field(default_factory=dict)


@dataclass(eq=False, repr=False)
class UndeclaredRemote(Remote):
    """An object by OpenAI's names, of which only the properties are compared that the program sets, at any depth."""

    def are_equal(self, name: str, value: Any, other: Any) -> bool:
        """Whether OpenAI shows what the program sets: it may show more properties, or a value in another form."""
        return super().are_equal(name, as_sent(self, name, value, other), other)


def as_sent(remote: Remote, name: str, shown: Any, like: Any) -> Any:
    """The value of a property as it was sent, if OpenAI still shows the form in which it showed that value first."""
    known = remote.memory[NormalizedValues].normalized.get(name)
    if known is not None and are_same(part_of(shown, known["sent"]), known["shown"]):
        return known["sent"]
    if isinstance(shown, dict) and isinstance(like, dict):
        parts = [(part, documents.inside(name, part), value) for part, value in like.items()]
        return {
            part: as_sent(remote, at, shown[part], value) for part, at, value in parts if shown.get(part) is not None
        }
    return part_of(shown, like)


def note_normalized(remote: Remote, sent: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """Remember the values that OpenAI shows in another form after they were sent.

    Args:
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
        if is_known or not are_same(shown, part_of(documents.get(before, name), value)):
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
    """What the program sets, by OpenAI's names. Nothing is known of `properties` that are unknown in a preview."""
    properties = wanted.settings.get(PROPERTIES)
    return Wanted({}, dict(properties) if isinstance(properties, dict) else {}, wanted.options)


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


class Undeclared(Handler):
    """The handler of paths that this version does not declare: each verb is the one of a shape."""

    audit_events: ClassVar[AuditEvents] = AuditEvents(
        reason="this version does not know which events OpenAI logs about the path"
    )
    traits: ClassVar[Traits] = Traits(
        not_listed="this version does not know which paths there are", remembers_settings=True
    )

    @abstractmethod
    def shape(self, remote: Remote, options: Mapping[str, Any], names: Iterable[str]) -> Handler:
        """Return the handler of the shape, for one resource.

        Args:
            names: The properties that the program sets, or that the state has.
        """

    @contextmanager
    def opened(self, remote: Remote, wanted: Wanted | None = None) -> Iterator[tuple[Handler, UndeclaredRemote]]:
        """Give the shape and the object by OpenAI's names. What is learned goes into `remote`, after an error, too."""
        known = remote.attributes
        options = remote.options if wanted is None else wanted.options
        properties = known.get(PROPERTIES) if wanted is None else wanted.settings.get(PROPERTIES, {})
        shape = self.shape(remote, options, properties or ())
        attributes = by_openais_names(known)
        if isinstance(shape, Collection) and remote.id:
            attributes[shape.identity] = remote.id
        if BASELINE in known:
            attributes[BASELINE] = known[BASELINE]
        inner = UndeclaredRemote(ids_in(path_of(remote)), remote.id, attributes, remote.memory, step=remote.step)
        try:
            yield shape, inner
        finally:
            kept = inner.memory[NormalizedValues].normalized.items()
            managed = {name: value for name, value in kept if documents.get(properties or {}, name) is not None}
            inner.memory.put(NormalizedValues(managed))
            remote.id, remote.memory = inner.id, inner.memory
            remote.attributes = _divided(inner, known, properties, options.get(SECRETS) or ())

    @override
    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        with self.opened(remote, wanted) as (shape, inner):
            shape.create(client, inner, flat(wanted))

    def declared(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The object as OpenAI shows it, with all properties that a program may set."""
        self.read(client, remote)
        return remote.attributes

    @override
    def read(self, client: Client, remote: Remote) -> None:
        with self.opened(remote) as (shape, inner):
            shape.read(client, inner)

    @override
    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        with self.opened(remote, wanted) as (shape, inner):
            shape.update(client, inner, flat(wanted))

    @override
    def removal(self, remote: Remote, now: float) -> Removal:
        with self.opened(remote) as (shape, inner):
            return shape.removal(inner, now)

    @override
    def delete(self, client: Client, remote: Remote) -> None:
        with self.opened(remote) as (shape, inner):
            shape.delete(client, inner)

    @override
    def delete_found(self, client: Client, remote: Remote) -> None:
        with self.opened(remote) as (shape, inner):
            shape.delete_found(client, inner)

    @override
    def undo(self, client: Client, remote: Remote) -> bool:
        with self.opened(remote) as (shape, inner):
            return shape.undo(client, inner)

    def observe(self, client: Client, remote: Remote, wanted: Wanted) -> Observation:
        """See `Handler.observe`: all values belong to `properties`."""
        with self.opened(remote, wanted) as (shape, inner):
            found = shape.observe(client, inner, flat(wanted))
        return found._replace(values=[value._replace(property=PROPERTIES) for value in found.values])

    def creation_note(self, wanted: Wanted) -> str:
        """That nothing is known of the path."""
        return (
            "This version of pulumi-openai-admin does not know the path: it sends and compares the properties, and "
            "does not check them. A later version may have a resource for it."
        )


def _divided(
    inner: Remote, known: Mapping[str, Any], properties: Mapping[str, Any] | None, secrets: Iterable[str]
) -> dict[str, Any]:
    shown = _without_null({name: value for name, value in inner.attributes.items() if name != BASELINE})
    hidden: dict[str, Any] = {}
    for name in {*secrets, *known.get(SECRET_VALUES, {}), *_secret_names(shown, properties or {})}:
        value = documents.get(shown, name)
        if value is not None:
            hidden[name] = value
            holder, _, last = name.rpartition(".")
            (documents.get(shown, holder) if holder else shown).pop(last, None)
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


def _without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_null(item) for name, item in value.items() if item is not None}
    return [_without_null(item) for item in value] if isinstance(value, list) else value


@dataclass(eq=False, repr=False)
class _Objects(Collection):
    """The shape, for one resource.

    Args:
        is_secret: Whether messages show no value of the program.
    """

    is_secret: bool = False

    def _fits(self, client: Client, remote: Remote, row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        """Whether an object may be the one that was sent. A property that no list shows recognizes nothing."""
        shown = {name: documents.get(row, name) for name in body}
        are_named = self.has_optional_name or all(shown.get(name) is not None for name in self.recognized_by)
        known = [name for name, value in shown.items() if value is not None]
        return are_named and bool(known) and all(remote.are_equal(name, shown[name], body[name]) for name in known)

    def _called(self, body: Mapping[str, Any]) -> object:
        return HIDDEN if self.is_secret else super()._called(body)

    @override
    def name(self, remote: Remote) -> str:
        return super().name(replace(remote, attributes={}) if self.is_secret else remote)

    @override
    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        super().create(client, remote, wanted)
        self._note_normalized(remote, wanted.settings, {})

    @override
    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        before = dict(remote.attributes)
        super().update(client, remote, wanted)
        sent = {name: value for name, value in wanted.settings.items() if name in self.settable}
        self._note_normalized(remote, sent, before)

    def _note_normalized(self, remote: Remote, sent: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        if others := note_normalized(remote, sent, before):
            logger.warning(
                "%s: OpenAI shows another value of %s than the program sets. The output `object` has it.",
                capitalized(self.name(remote)), ", ".join(others),
            )  # fmt: skip


@dataclass(eq=False, repr=False)
class ApiObjects(Undeclared):
    """The handler."""

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Import an object as it is."""
        with self.opened(remote, wanted) as (shape, inner):
            shape.read(client, inner)

    @override
    def creations(self, client: Client, remote: Remote) -> Sequence[Resolvable]:
        with self.opened(remote) as (shape, inner):
            return shape.creations(client, inner)

    def needs_replacement(self, remote: Remote, wanted: Wanted, name: str) -> bool:
        """Whether a property has another value that is not in `settable`. One that is removed stays as it is."""
        if name != PROPERTIES:
            return False
        shown, settable = by_openais_names(remote.attributes), wanted.options.get("settable") or ()
        settings = flat(wanted).settings
        if is_all_unknown(wanted.settings.get(PROPERTIES)):
            settings = dict.fromkeys(remote.attributes.get(PROPERTIES) or (), UNKNOWN)
        return any(
            is_unknown(value) or not are_same(as_sent(remote, key, shown.get(key), value), value)
            for key, value in settings.items()
            if key not in settable
        )

    @override
    def shape(self, remote: Remote, options: Mapping[str, Any], names: Iterable[str]) -> Handler:
        identity, path = str(options.get(IDENTITY) or "id"), path_of(remote)
        recognized_by = tuple(options.get("recognized_by") or ())
        return _Objects(
            template_of(path),
            noun=noun_of(path).removesuffix("s"),
            recognized_by=recognized_by or tuple(sorted(names)) or (identity,),
            paging=Paging(options.get("paging") or Paging.LAST_ID.value),
            settable=tuple(options.get("settable") or ()),
            identity=identity,
            is_dated=False,  # objects that show a time are recognized by it, too
            has_optional_name=not recognized_by,
            is_secret=PROPERTIES in remote.step.secret,
        )


@dataclass(eq=False, repr=False)
class _OneSetting(Setting):
    """The shape, for one resource. Each value in a nested mapping is set and restored by itself."""

    @override
    def parts(self, remote: Remote, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        return documents.by_leaf(settings)

    @override
    def apply(
        self, client: Client, remote: Remote, live: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> list[Unrestored]:
        managed = remote.memory[Writes].names

        def is_one(name: str) -> bool:
            return name in managed or not isinstance(documents.get(live, name), dict | None)

        return super().apply(client, remote, live, documents.by_leaf(documents.nested(settings), is_one))

    @override
    def manager_of(self, remote: Remote, name: str, client: Client | None = None) -> str:
        leaves, of_leaf = documents.by_leaf({name: remote.memory[Writes].written.get(name)}), super().manager_of
        return next(filter(None, (of_leaf(remote, leaf, client) for leaf in leaves)), "")

    @override
    def found(self, remote: Remote) -> dict[str, Any]:
        found = super().found(remote)
        values = {name: documents.get(found, name) for name in remote.memory[Writes].names}
        return {name: value for name, value in values.items() if value is not None}

    @override
    def note_found(self, remote: Remote, found: Mapping[str, Any]) -> None:
        super().note_found(remote, documents.nested(found))

    @override
    def in_words(self, remote: Remote, name: str, value: Any) -> str:
        return HIDDEN if PROPERTIES in remote.step.secret else super().in_words(remote, name, value)

    def live(self, client: Client, remote: Remote) -> Mapping[str, Any]:
        """The setting as OpenAI shows it."""
        shown = super().live(client, remote)
        if isinstance(shown.get("data"), list) and "has_more" in shown:
            what = f"The path {self.path_of(remote)} leads to a list of objects, not to a setting"
            raise errors.ConfigurationError(what, "Declare an ApiObject for each object.")
        return shown

    def write(self, client: Client, remote: Remote, properties: Mapping[str, Any], action: str) -> Mapping[str, Any]:
        """See `Setting.write`. OpenAI may show a value in another form."""
        before = dict(remote.attributes)
        reply = super().write(client, remote, properties, action)
        note_normalized(remote, properties, before)
        return reply


@dataclass(eq=False, repr=False)
class ApiSettings(Undeclared):
    """The handler."""

    traits: ClassVar[Traits] = replace(Undeclared.traits, manages_existing=True)

    def adopt(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Manage a setting that already holds what is wanted: nothing is written."""
        self.create(client, remote, wanted)

    def claims(self, parents: Mapping[str, Any], wanted: Wanted, document: Mapping[str, Any]) -> Sequence[Claim]:
        """The whole setting."""
        path = str(parents[PATH])
        return _OneSetting(template_of(path), noun_of(path)).claims(ids_in(path), flat(wanted), document)

    @override
    def shape(self, remote: Remote, options: Mapping[str, Any], names: Iterable[str]) -> Handler:
        path = path_of(remote)
        return _OneSetting(template_of(path), noun_of(path), settable=tuple(sorted(names)))
