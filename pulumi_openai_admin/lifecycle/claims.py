"""Finds resources of one program that manage the same object, so that a preview reports the conflict."""

from __future__ import annotations

import threading
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.schema import validation
from pulumi_openai_admin.schema.fields import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pulumi_openai_admin.handlers.handler import Claim
    from pulumi_openai_admin.lifecycle.host import Caller
    from pulumi_openai_admin.lifecycle.resource import Resource

_NOTHING_KNOWN: Mapping[str, Any] = MappingProxyType({})


class Claims:
    """The claims of the resources of one program, indexed by place and by name.

    The indexes restrict the comparison to claims that may overlap.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_urn: dict[str, Collection[Claim]] = {}
        self._of_place: dict[str, dict[str, Claim]] = {}
        self._of_whole_place: dict[str, dict[str, Claim]] = {}
        self._of_name: dict[tuple[str, str], dict[str, Claim]] = {}

    def register(self, urn: str, claims: Collection[Claim]) -> str | None:
        """Register the claims of a resource; see the function."""
        with self._lock:
            for claim in claims:
                for other, other_claim in self._candidates(claim):
                    what = claim.overlap(other_claim) if other != urn else None
                    if what:
                        return f"{_name(urn)} and {_name(other)} both manage {what}: remove it from one of them."
            for before in self._by_urn.pop(urn, ()):
                for index in self._indexes(before):
                    del index[urn]
            self._by_urn[urn] = claims
            for claim in claims:
                for index in self._indexes(claim):
                    index[urn] = claim
        return None

    def _candidates(self, claim: Claim) -> Iterator[tuple[str, Claim]]:
        yield from self._of_whole_place.get(claim.place, {}).items()
        if claim.is_whole:
            yield from self._of_place.get(claim.place, {}).items()
        for name in claim.names:
            yield from self._of_name.get((claim.place, name), {}).items()

    def _indexes(self, claim: Claim) -> Iterator[dict[str, Claim]]:
        """The indexes that contain a claim."""
        yield self._of_place.setdefault(claim.place, {})
        if claim.is_whole:
            yield self._of_whole_place.setdefault(claim.place, {})
        for name in claim.names:
            yield self._of_name.setdefault((claim.place, name), {})


_claims = Claims()


def register(urn: str, claims: Collection[Claim]) -> str | None:
    """Register the claims of a resource.

    A process serves one provider in one engine operation, so it sees all resources that the program declares in one
    organization.

    Args:
        urn: The URN of the resource; empty if the host does not know it, and then there is no comparison.
        claims: What it manages, each in another place.

    Returns:
        The conflict, in a sentence that names both resources; None if there is none.
    """
    return _claims.register(urn, claims) if urn else None


def conflict(
    resource: Resource, host: Caller, given: Mapping[str, Any], document: Mapping[str, Any] = _NOTHING_KNOWN
) -> str | None:
    """Register the claims of a resource with these inputs.

    Args:
        resource: Its declaration.
        host: Gives the resource's URN.
        given: The inputs.
        document: The known attributes of the object.

    Returns:
        The conflict, in a sentence that names both resources; None if there is none, or if the path is not known yet.
    """
    parents = {field.wire: given.get(field.name) for field in resource.declaration.with_role(Role.PATH)}
    if validation.is_unknown(parents) or None in parents.values():
        return None
    known = {
        name: [item for item in value if not validation.is_unknown(item)] if isinstance(value, list) else value
        for name, value in given.items()
    }
    claims = resource.handler.claims(parents, state.to_wanted(resource.declaration, known), document)
    return register(host.urn, claims) if claims else None


def _name(urn: str) -> str:
    _, _, kind, name = urn.split("::", 3)
    return f"{kind.rpartition(':')[2]} {name!r}"
