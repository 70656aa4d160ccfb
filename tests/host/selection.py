"""A selection of the fault matrix in which all pairs of what makes up its cases occur."""

from __future__ import annotations

import os
from dataclasses import astuple, dataclass
from itertools import combinations
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

IS_FULL = os.environ.get("FAULT_MATRIX") == "full"
"""All of the matrix, as `make test-full` runs it, instead of a selection in which all pairs occur."""


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
    *factors, verb = enumerate(astuple(encounter))
    step = (verb[0], f"{encounter.resource} {encounter.verb}")
    return {*combinations(factors, 2), (factors[1], step)}


def all_pairs(encounters: Iterable[Encounter]) -> set[Pair]:
    """The pairs of several cases."""
    return {pair for encounter in encounters for pair in pairs(encounter)}


def selection(encounters: Collection[Encounter]) -> list[Encounter]:
    """Few cases in which each pair of all cases occurs: the same in every process, and mostly so with a new resource.

    Cases with many pairs that did not occur yet are taken first. The order is by a checksum, so that neighbours differ.
    """
    ordered = sorted(encounters, key=lambda one: (crc32(repr(one).encode()), repr(one)))
    of_each = [(encounter, pairs(encounter)) for encounter in ordered]
    missing, chosen = all_pairs(ordered), list[Encounter]()
    for wanted in range(len(of_each[0][1]), 0, -1):
        for encounter, its_pairs in of_each:
            if len(new := its_pairs & missing) >= wanted:
                chosen.append(encounter)
                missing -= new
    return chosen
