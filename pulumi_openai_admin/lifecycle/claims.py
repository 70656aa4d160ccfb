"""Which resources of a program manage the same thing: told in the preview, before one undoes the other's work."""

from __future__ import annotations

import threading
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.schema import validation
from pulumi_openai_admin.schema.fields import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_openai_admin.handlers.handler import Claim
    from pulumi_openai_admin.lifecycle.host import Host
    from pulumi_openai_admin.lifecycle.resource import Resource

_NOTHING_KNOWN: Mapping[str, Any] = MappingProxyType({})


class Claims:
    """What the resources of one program manage, each found by its place and by what it names there.

    So a claim is compared with those alone that may have something in common with it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_urn: dict[str, Claim] = {}
        self._of_place: dict[str, dict[str, Claim]] = {}
        self._of_whole_place: dict[str, dict[str, Claim]] = {}
        self._of_name: dict[tuple[str, str], dict[str, Claim]] = {}

    def register(self, urn: str, claim: Claim) -> str | None:
        """Note what a resource manages; see the function."""
        with self._lock:
            for other, its in self._candidates(claim):
                what = claim.overlap(its) if other != urn else None
                if what:
                    return f"{_name(urn)} and {_name(other)} both manage {what}: leave it to one of them."
            before = self._by_urn.pop(urn, None)
            for kept in self._indexes(before) if before else ():
                del kept[urn]
            self._by_urn[urn] = claim
            for kept in self._indexes(claim):
                kept[urn] = claim
        return None

    def _candidates(self, claim: Claim) -> Iterator[tuple[str, Claim]]:
        yield from self._of_whole_place.get(claim.place, {}).items()
        if claim.is_whole:
            yield from self._of_place.get(claim.place, {}).items()
        for name in claim.names:
            yield from self._of_name.get((claim.place, name), {}).items()

    def _indexes(self, claim: Claim) -> Iterator[dict[str, Claim]]:
        """Where a claim is kept."""
        yield self._of_place.setdefault(claim.place, {})
        if claim.is_whole:
            yield self._of_whole_place.setdefault(claim.place, {})
        for name in claim.names:
            yield self._of_name.setdefault((claim.place, name), {})


_claims = Claims()


def register(urn: str, claim: Claim) -> str | None:
    """Note what a resource manages.

    A process serves one provider in one engine operation, so what it has seen is what the program declares in one
    organization.

    Args:
        urn: The resource; empty where the host does not tell, and then nothing can be compared.
        claim: What it manages.

    Returns:
        What is wrong, in a sentence that names both resources; None if no other one manages it.
    """
    return _claims.register(urn, claim) if urn else None


def conflict(
    resource: Resource, host: Host, given: Mapping[str, Any], document: Mapping[str, Any] = _NOTHING_KNOWN
) -> str | None:
    """Note what a resource with these inputs manages.

    Args:
        resource: Its declaration.
        host: Knows the resource's URN.
        given: The inputs.
        document: The object as far as it is known.

    Returns:
        What is wrong, in a sentence that names both resources; None if no other one manages it, or where the path is
        not known yet.
    """
    parents = {field.wire: given.get(field.name) for field in resource.declaration.with_role(Role.PATH)}
    if validation.is_unknown(parents) or None in parents.values():
        return None
    known = {
        name: [item for item in value if not validation.is_unknown(item)] if isinstance(value, list) else value
        for name, value in given.items()
    }
    claim = resource.handler.claim(parents, state.to_wanted(resource.declaration, known), document)
    return register(host.urn, claim) if claim else None


def _name(urn: str) -> str:
    _, _, kind, name = urn.split("::", 3)
    return f"{kind.rpartition(':')[2]} {name!r}"
