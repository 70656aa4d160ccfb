"""What exists in one place, the organization or a project, as a program declares it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.import_file import Import
from pulumi_openai_admin.cli.adopt.kinds import listing
from pulumi_openai_admin.cli.adopt.patterns import thing_of
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.lifecycle.adopt import adopted, declared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pulumi_openai_admin.cli.adopt.kinds import AdoptedKind
    from pulumi_openai_admin.cli.adopt.limits import Limits
    from pulumi_openai_admin.cli.adopt.patterns import Patterns, Unmatched
    from pulumi_openai_admin.http.client import Client

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
    """

    kind: AdoptedKind
    parents: Mapping[str, str]
    own_id: str
    names: tuple[str, ...]
    inputs: Mapping[str, Any]
    imported: Import | None = None


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
    if kind.identity is None:
        return {}
    handler: Any = kind.handler
    with client.inside(parents):
        rows = handler.listing(client, Remote(parents)).rows()
    return {id_: next((str(row[name]) for name in _NAMES if row.get(name)), id_) for id_, row in rows.items()}


class Reader:
    """Reads what exists, as far as the patterns select it.

    Args:
        patterns: `--include` and `--exclude`.
        limits: Which rate limits are declared.
        unmatched: Learns what exists.
        require: Raises `errors.NotAdoptableError` for what the program or the import file can't contain.
    """

    def __init__(
        self, patterns: Patterns, limits: Limits, unmatched: Unmatched, require: Callable[[Import], None]
    ) -> None:
        self._patterns = patterns
        self._limits = limits
        self._unmatched = unmatched
        self._require = require
        self.left_out: list[str] = []
        """The objects that a program can't declare, with the reasons."""

    def objects(self, kinds: Sequence[AdoptedKind], client: Client, base: Mapping[str, str]) -> Iterator[Existing]:
        """The objects of some kinds inside the organization or a project.

        Args:
            kinds: The kinds.
            client: Has the lists, or reads them.
            base: The id of the project; empty for the organization.
        """
        for kind in kinds:
            for parents, above in places(kind, client, base):
                yield from self._objects(kind, client, parents, above)

    def _objects(
        self, kind: AdoptedKind, client: Client, parents: Mapping[str, str], above: tuple[str, ...]
    ) -> Iterator[Existing]:
        names = names_in(kind, client, parents)
        for own_id in sorted(kind.handler.ids(client, Remote(parents)), key=lambda id_: (names.get(id_, ""), id_)):
            called = [names[own_id]] if own_id else []
            self._unmatched.saw(thing_of(kind.name), [*called, own_id])
            if own_id and not self._patterns.selects(thing_of(kind.name), *called, own_id):
                continue
            found = self.one(kind, client, parents, own_id, (*above, *called))
            if found:
                yield found

    def one(
        self, kind: AdoptedKind, client: Client, parents: Mapping[str, str], own_id: str, names: tuple[str, ...]
    ) -> Existing | None:
        """One object; None if it is left out."""
        id_ = kind.id_of(parents, own_id)
        try:
            whole = declared(kind.resource, client, id_)
            inputs = self._limits.narrowed(kind, whole)
            if inputs is None:
                return None
            imported = Import(kind.resource, adopted(kind.resource, client, inputs, id_), is_whole=inputs == whole)
            self._require(imported)
        except (errors.NotAdoptableError, errors.ConfigurationError) as reason:  # the latter: an id no request can have
            self.left_out.append(f"{kind.name} {reason.event}")
            return None
        return Existing(kind, parents, own_id, names, inputs, imported)
