"""What exists in one place, the organization or a project, as a program declares it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.import_file import Import
from pulumi_openai_admin.cli.adopt.kinds import listing
from pulumi_openai_admin.cli.adopt.patterns import thing_of
from pulumi_openai_admin.cli.migrate.urns import name_of
from pulumi_openai_admin.handlers.capabilities import noun_of, path_of_each
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.http.parents import PROJECT
from pulumi_openai_admin.lifecycle.adopt import adopted, declared
from pulumi_openai_admin.printable import capitalized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.cli.adopt.chosen import Choice, Chosen
    from pulumi_openai_admin.cli.adopt.kinds import AdoptedKind
    from pulumi_openai_admin.cli.adopt.limits import Limits
    from pulumi_openai_admin.cli.adopt.patterns import Patterns, Unmatched
    from pulumi_openai_admin.cli.adopt.stack import StackState
    from pulumi_openai_admin.http.client import Client

_GONE = (errors.ResourceGoneError, errors.NotFoundError)
"""Whoever names an object may name an object that no longer exists."""
_REFUSALS = (errors.NotAdoptableError, errors.ConfigurationError, *_GONE)
"""Why an object is omitted. A configuration error: an id that no request can have."""
_NAMES = ("name", "email", "group_name", "model", "threshold_amount")
"""The properties by which people know an object, by OpenAI's names."""


@dataclass(frozen=True)
class Existing:
    """An object that a program declares.

    Args:
        kind: Its kind.
        parents: The ids of its parents.
        own_id: Its own id; empty for the only object in its place.
        names: What people call it, and its parents inside the place, the object last.
        inputs: What a program declares.
        imported: What the import file has of it.
        given: The name of its resource, if another program has given one.
    """

    kind: AdoptedKind
    parents: Mapping[str, str]
    own_id: str
    names: tuple[str, ...]
    inputs: Mapping[str, Any]
    imported: Import | None = None
    given: str = ""


def places(
    kind: AdoptedKind, client: Client, base: Mapping[str, str]
) -> Iterator[tuple[dict[str, str], tuple[str, ...]]]:
    """Where objects of a kind are inside the organization or a project: one list each.

    Args:
        kind: The kind.
        client: Reads the lists of parents.
        base: The id of the project; empty for the organization.

    Returns:
        For each list, the ids of its parents, and what people call the parent inside `base`, if there is one.
    """
    inner = [name for name in kind.parents if name not in base]
    if not inner:
        yield dict(base), ()
        return
    (name,) = inner
    for id_, called in names_in(listing(name, tuple(base)), client, base).items():
        yield {**base, name: id_}, (called,)


def names_in(kind: AdoptedKind, client: Client, parents: Mapping[str, str]) -> dict[str, str]:
    """What people call the objects of a list, by id; empty for a kind that OpenAI does not list."""
    return {id_: next(iter(names), id_) for id_, names in all_names_in(kind, client, parents).items()}


def all_names_in(kind: AdoptedKind, client: Client, parents: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """All that people call the objects of a list, by id: of a user, the name and the address."""
    if kind.identity is None or not kind.is_listed:
        return {}
    handler: Any = kind.handler
    with client.inside(parents):
        rows = handler.listing(client, Remote(parents)).rows()
    return {id_: tuple(str(row[name]) for name in _NAMES if row.get(name)) for id_, row in rows.items()}


class Reader:
    """Reads what exists, as far as the patterns select it.

    Args:
        patterns: `--include` and `--exclude`.
        limits: Which rate limits are declared.
        unmatched: Learns what exists.
        require: Raises `errors.NotAdoptableError` for what the program or the import file can't contain.
        stack: What a stack manages already, which is not imported again.
        choice: The objects to read; None: all.
    """

    def __init__(  # noqa: PLR0913 - each argument decides about an object
        self,
        patterns: Patterns,
        limits: Limits,
        unmatched: Unmatched,
        require: Callable[[Import], None],
        *,
        stack: StackState | None = None,
        choice: Choice | None = None,
    ) -> None:
        self._patterns = patterns
        self._limits = limits
        self.unmatched = unmatched
        self._require = require
        self._stack = stack
        self._choice = choice
        self.left_out: list[str] = []
        """The objects that a program can't declare, with the reasons."""
        self.managed: list[str] = []
        """The objects that the stack manages, with the names of the resources."""
        self.differences: list[str] = []
        """What another tool knows of the objects that is not so at OpenAI."""

    @property
    def has_choice(self) -> bool:
        """Whether only some objects are read, which a user has named."""
        return self._choice is not None

    def objects(self, kinds: Sequence[AdoptedKind], client: Client, base: Mapping[str, str]) -> Iterator[Existing]:
        """The objects of some kinds inside the organization or a project.

        Args:
            kinds: The kinds.
            client: Has the lists, or reads them.
            base: The id of the project; empty for the organization.
        """
        for kind in kinds:
            if self._choice is not None:
                for parents in self._choice.places(kind, base.get(PROJECT.id_name, "")):
                    yield from self._chosen(kind, client, parents)
                continue
            for parents, above in places(kind, client, base):
                yield from self._objects(kind, client, parents, above)

    def _objects(
        self, kind: AdoptedKind, client: Client, parents: Mapping[str, str], above: tuple[str, ...]
    ) -> Iterator[Existing]:
        names, ids = names_in(kind, client, parents), kind.handler.ids(client, Remote(parents))
        self._leave_out_over(kind, client, parents, names.keys() - {*ids})
        for own_id in sorted(ids, key=lambda id_: (names.get(id_, ""), id_)):
            called = [names[own_id]] if own_id else []
            self.unmatched.record(thing_of(kind.name), [*called, own_id])
            if own_id and not self._patterns.selects(thing_of(kind.name), *called, own_id):
                continue
            found = self.existing(kind, client, parents, own_id, (*above, *called))
            if found:
                yield found

    def _leave_out_over(
        self, kind: AdoptedKind, client: Client, parents: Mapping[str, str], ids: Iterable[str]
    ) -> None:
        """Note the listed objects that are treated as deleted, such as invites that have expired."""
        for own_id in sorted(ids) if not kind.is_member else ():
            try:
                kind.handler.declared(client, kind.remote(parents, own_id))
            except errors.ResourceGoneError as gone:
                self.left_out.append(capitalized(_named(kind, gone.event)))
            except errors.NotAdoptableError:
                continue  # OpenAI provides it, or another kind declares it

    def _chosen(self, kind: AdoptedKind, client: Client, parents: Mapping[str, str]) -> Iterator[Existing]:
        chosen = self._choice.of(kind, parents) if self._choice is not None else ()
        try:
            names = {} if all(object_.name for object_ in chosen) else names_in(kind, client, parents)
        except _GONE:
            names = {}
        for object_ in chosen:
            called = [names.get(object_.own_id, object_.own_id)] if object_.own_id else []
            found = self.existing(kind, client, parents, object_.own_id, tuple(called), object_)
            if found and not kind.is_listed:
                found = replace(found, names=(str(found.inputs.get("name", object_.own_id)),))
            if found:
                yield found

    def existing(  # noqa: PLR0913, PLR0917 - what is known of an object
        self,
        kind: AdoptedKind,
        client: Client,
        parents: Mapping[str, str],
        own_id: str,
        names: tuple[str, ...],
        chosen: Chosen | None = None,
    ) -> Existing | None:
        """One object; None if it is omitted."""
        id_, origin = kind.id_of(parents, own_id), chosen.origin if chosen else ""
        # A set of the stack may leave some members to others: the claims of both decide.
        if self._stack and not path_of_each(kind.handler) and (urn := self._stack.manager(kind.name, id_)):
            self.managed.append(f"{kind.name} {id_!r} is {name_of(urn)!r} in the stack")
            return None
        try:
            whole = declared(kind.resource, client, id_)
            inputs = self._limits.narrowed(kind, whole)
            if inputs is not None and self._stack:
                inputs = self._without_managed(kind, id_, inputs)
            if inputs is None:
                return None
            imported = Import(kind.resource, adopted(kind.resource, client, inputs, id_), is_whole=inputs == whole)
            self._require(imported)
        except _REFUSALS as reason:
            if isinstance(reason, _GONE) and self._choice is None:
                raise  # it was in a list a moment ago
            what = _named(kind, reason.event)
            self.left_out.append(f"{origin} is not moved: {what}" if origin else capitalized(what))
            return None
        if chosen:
            self.differences += differences(chosen, inputs)
        return Existing(kind, parents, own_id, names, inputs, imported, chosen.name if chosen else "")

    def _without_managed(self, kind: AdoptedKind, id_: str, inputs: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The inputs without what other resources of the stack manage; None if nothing is left."""
        assert self._stack is not None  # noqa: S101 - for type checkers: the caller has looked
        unmanaged, urn = self._stack.unmanaged_part(kind.resource, inputs)
        if urn and unmanaged is None:
            self.managed.append(f"{kind.name} {id_!r} is managed by {name_of(urn)!r} in the stack")
        elif urn:
            self.managed.append(f"parts of {kind.name} {id_!r} are managed by {name_of(urn)!r} in the stack")
        return unmanaged


def _named(kind: AdoptedKind, what: str) -> str:
    """Why an object is omitted, with its kind if the text does not begin with it."""
    noun = noun_of(kind.handler)
    return what if noun and what.lower().startswith(noun.lower()) else f"{kind.name} {what}"


def differences(chosen: Chosen, inputs: Mapping[str, Any]) -> Iterator[str]:
    """What another tool knows of an object that is not so at OpenAI."""
    for name, value in chosen.known.items():
        if name in inputs and not is_same(value, inputs[name]):
            yield f"{chosen.origin}: {name} is {value!r} in the state and {inputs[name]!r} at OpenAI"


def is_same(value: Any, other: Any) -> bool:
    """Whether two values say the same; strings in lists may have another order."""
    if isinstance(value, list) and isinstance(other, list):
        return sorted(map(repr, value)) == sorted(map(repr, other))
    return bool(value == other)
