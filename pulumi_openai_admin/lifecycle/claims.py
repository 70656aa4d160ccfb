"""Finds resources of one program that manage the same object, so that a preview reports the conflict.

A removal leaves a member that another resource of the program declares (`StepContext.is_declared_elsewhere`, from the
claims of the resources that were checked). So a declaration that moves from one kind to another changes nothing at
OpenAI, in either order of steps. A removal in an update first waits half a second, in which other resources are
checked. If the other resource could not be created in this run, the removal fails, and the state keeps the old
resource. A resource that is checked and deleted in one run is replaced, so its own declaration counts, too: the engine
compares no resource whose replacement is forced.

A property of a setting is left if another resource declares it, or has acquired it in this run (`Remote.acquire`).
What only the old resource managed is restored, also if the creation of the other one has failed. A step that fails with
nothing recorded releases what it acquired. All of this holds within one provider.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.handler import ANYWHERE, Claim
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.remedies import Advice
from pulumi_openai_admin.schema.fields import FieldRole
from pulumi_openai_admin.schema.shapes import is_all_unknown, is_unknown

_ALL, _WHOLE = object(), object()
_NOTHING_KNOWN: Mapping[str, Any] = MappingProxyType({})


class Claims:
    """The claims of the resources of one program, indexed by place and by name.

    The indexes restrict the comparison to claims that may overlap.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._by_urn: dict[str, Collection[Claim]] = {}
        self.declared: set[str] = set()
        """The resources that the program of this run declares: those that were checked. A refresh needs none."""
        self.failed: set[str] = set()
        """The resources whose creation has failed in this run."""
        self._removed: dict[str, list[Claim]] = {}
        """By name, what steps of this run have removed although another resource may declare something there."""
        self._index: defaultdict[tuple[str, object], dict[str, Claim]] = defaultdict(dict)
        """By place and name, the claims by URN; under `_ALL` and `_WHOLE`, all of the place, and those of all of it."""

    def declared_elsewhere(self, urn: str, *, is_deleted: bool = False) -> Callable[[Claim], str]:
        """Find another resource that the program declares and that names what a claim names.

        See `StepContext.is_declared_elsewhere`.

        Args:
            is_deleted: Whether it is deleted. What the program declares for the same URN counts then, too: that is a
                replacement. A value such as a role does not count: the new resource sets it again.
        """

        def find(claim: Claim) -> str:
            others = self._declaring(claim, "" if is_deleted and not claim.is_set_again else urn)
            working = [other for other in others if other not in self.failed]
            if others and not working and not claim.properties:  # a setting is restored then
                what = (
                    f"Nothing was removed: {_name(others[0])} declares the same, and could not be created in this run"
                )
                raise errors.ConfigurationError(what, Advice("Correct its error, then ", remedies.RUN_AGAIN, "."))
            return _name(working[0]) if working else ""

        return find

    def record_removed(self, claim: Claim) -> None:
        """See `StepContext.record_removed`."""
        with self._lock:
            for name in claim.names:
                self._removed.setdefault(name, []).append(claim)

    def was_removed(self, claim: Claim) -> bool:
        """See `StepContext.was_removed`."""
        with self._lock:
            return any(claim in self._removed.get(name, ()) for name in claim.names)

    def removed_from(self, urn: str) -> str:
        """Return what this run has removed, and with it what a resource declares; empty if there is nothing."""
        with self._lock:
            return next(
                (
                    removed.what
                    for claim in self._by_urn.get(urn, ())
                    for name in claim.names
                    for removed in self._removed.get(name, ())
                    if claim.place.startswith(removed.place.removesuffix(ANYWHERE))
                ),
                "",
            )

    def _declaring(self, claim: Claim, but: str) -> list[str]:
        """The URNs of resources that the program declares and that name what a claim names, but one."""
        with self._lock:
            if claim.place.endswith(ANYWHERE):
                begins, names = claim.place.removesuffix(ANYWHERE), claim.names
                placed = self._index.items()
                indexes = [index for (place, name), index in placed if name in names and place.startswith(begins)]
            elif claim.properties:
                others = self._index.get((claim.place, _ALL), {})
                indexes = [{urn: other for urn, other in others.items() if other.covers(claim)}]
            else:
                indexes = [self._index.get((claim.place, name), {}) for name in claim.names]
            return [urn for index in indexes for urn in index if urn != but and urn in self.declared]

    def register(self, urn: str, claims: Collection[Claim]) -> str | None:
        """Register the claims of a resource.

        Args:
            urn: The URN of the resource; empty if the host does not know it, and then there is no comparison.
            claims: What it manages, each in another place.

        Returns:
            The conflict, in a sentence that names both resources; None if there is none.
        """
        if not urn:
            return None
        with self._lock:
            if self._by_urn.get(urn) == claims:
                return None
            found = self.overlap(claims, urn)
            if found:
                return f"{_name(urn)} and {_name(found[0])} both manage {found[1]}: remove it from one of them."
            for before in self._by_urn.pop(urn, ()):
                for index in self._indexes(before):
                    del index[urn]
            self._by_urn[urn] = claims
            self.add(urn, claims)
        return None

    def conflict(
        self,
        resource: state.Resource,
        urn: str,
        given: Mapping[str, Any] | None,
        document: Mapping[str, Any] = _NOTHING_KNOWN,
    ) -> str | None:
        """Register the claims of a resource with these inputs.

        Args:
            urn: Its URN; empty if the host does not know it.
            given: The inputs, without access that has ended (`state.without_ended`); None if nothing is left to claim.
            document: The known attributes of the object.

        Returns:
            The conflict, in a sentence that names both resources; None if there is none, or if the path is not known
            yet.
        """
        if given is None:
            return self.register(urn, ())
        claims = claims_of(resource, given, document)
        return self.register(urn, claims) if claims else None

    def require(
        self, resource: state.Resource, urn: str, given: Mapping[str, Any] | None, document: Mapping[str, Any]
    ) -> None:
        """Register the claims of a resource; see `conflict`.

        Raises:
            ConfigurationError: Another resource of the program manages the same object.
        """
        if conflict := self.conflict(resource, urn, given, document):
            raise errors.ConfigurationError(conflict.removesuffix("."))

    def add(self, urn: str, claims: Iterable[Claim]) -> None:
        """Add the claims of a resource of a stack, which may overlap with others: the stack was applied with them."""
        with self._lock:
            for claim in claims:
                for index in self._indexes(claim):
                    index[urn] = claim

    def naming(self, names: Container[str]) -> list[tuple[str, str]]:
        """Return the place of each claim that has one of some names, and the URN of its resource."""
        with self._lock:
            return [(place, urn) for (place, name), index in self._index.items() if name in names for urn in index]

    def overlap(self, claims: Iterable[Claim], urn: str = "") -> tuple[str, str] | None:
        """Return the URN of another resource that manages a part of some claims, and that part in words."""
        for claim in claims:
            for name in [_WHOLE, *([_ALL] if claim.is_whole else []), *claim.names]:
                for other, other_claim in self._index.get((claim.place, name), {}).items():
                    if other != urn and (what := claim.overlap(other_claim)):
                        return other, what
        return None

    def _indexes(self, claim: Claim) -> list[dict[str, Claim]]:
        names: list[object] = [_ALL, *([_WHOLE] if claim.is_whole else []), *claim.names]
        return [self._index[claim.place, name] for name in names]


def claims_of(
    resource: state.Resource, given: Mapping[str, Any], document: Mapping[str, Any] = _NOTHING_KNOWN
) -> Collection[Claim]:
    """What a resource with these inputs manages that another resource could manage too.

    Args:
        document: The known attributes of the object.

    Returns:
        The claims, each in another place; none if the path is not known yet.
    """
    parents = {field.key: given.get(field.name) for field in resource.declaration.with_role(FieldRole.PATH)}
    handler = resource.handler
    if not handler.does("claims") or is_unknown(parents) or None in parents.values():
        return ()
    known = {
        name: [item for item in value if not is_all_unknown(item)] if isinstance(value, list) else value
        for name, value in given.items()
    }
    return handler.claims(parents, state.to_wanted(resource.declaration, known), document)


def _name(urn: str) -> str:
    _, _, kind, name = urn.split("::", 3)
    return f"{kind.rpartition(':')[2]} {name!r}"
