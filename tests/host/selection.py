"""A selection of the fault matrix in which all pairs of what makes up its cases occur."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Encounter:
    """A fault meets a verb of a resource."""

    fault: str
    duration: str
    provider: str
    """The dynamic or the native one."""
    resource: str
    action: str
    """What the engine asks for: create, read, update or delete."""
    verb: str


Pair = tuple[tuple[int, str], ...]


def pairs(encounter: Encounter) -> set[Pair]:
    """The pairs that have to occur: any two of the factors but the verb, and each verb with a duration.

    A verb with each fault would be half of the matrix.
    """
    factors = enumerate((encounter.fault, encounter.duration, encounter.provider, encounter.resource, encounter.action))
    return {*combinations(factors, 2), ((1, encounter.duration), (5, f"{encounter.resource} {encounter.verb}"))}


def all_pairs(encounters: Iterable[Encounter]) -> set[Pair]:
    """The pairs of several cases."""
    return {pair for encounter in encounters for pair in pairs(encounter)}


def selection(encounters: Iterable[Encounter], seed: int) -> list[Encounter]:
    """Few cases in which each pair of all cases occurs: the same in every process that has the seed.

    For a pair that does not occur yet, that case is taken which has most of such pairs; the pairs of few cases come
    first. The order of the rest is by a checksum, so that neighbours differ.
    """
    of_each = {encounter: pairs(encounter) for encounter in sorted(encounters, key=lambda value: _place(value, seed))}
    cases: dict[Pair, list[Encounter]] = {}
    for encounter, its_pairs in of_each.items():
        for pair in its_pairs:
            cases.setdefault(pair, []).append(encounter)
    missing, chosen = set(cases), list[Encounter]()
    for pair in sorted(cases, key=lambda pair: (len(cases[pair]), _place(pair, seed))):
        if pair in missing:
            chosen.append(max(cases[pair], key=lambda encounter: len(of_each[encounter] & missing)))
            missing -= of_each[chosen[-1]]
    return chosen


def _place(value: object, seed: int) -> tuple[int, str]:
    text = repr(value)
    return crc32(f"{seed} {text}".encode()), text
