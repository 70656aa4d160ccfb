"""The selection of the fault matrix that `make test` runs."""

from __future__ import annotations

from itertools import product

import pytest

from tests.host.selection import Encounter, all_pairs, selection

ACTIONS = {"create": "create", "create-list": "create", "read": "read", "rename": "update", "delete": "delete"}


def matrix(resources: int) -> list[Encounter]:
    faults, kinds = [f"fault-{number}" for number in range(26)], [f"Kind{number}" for number in range(resources)]
    return [
        Encounter(fault, duration, provider, kind, action, verb)
        for fault, duration, provider, kind, (verb, action) in product(
            faults, ("once", "for-good"), ("dynamic", "native"), kinds, ACTIONS.items()
        )
    ]


@pytest.mark.parametrize("resources", [1, 7, 33])
def test_all_pairs_occur_in_a_fraction_of_the_cases(resources: int) -> None:
    whole = matrix(resources)
    chosen = selection(whole, seed=resources)
    assert all_pairs(chosen) == all_pairs(whole)
    assert len(set(chosen)) == len(chosen) == 26 * max(resources, 4)  # each fault with each resource, or action
    assert set(chosen) <= set(whole)
    for duration in ("once", "for-good"):
        verbs = {(encounter.resource, encounter.verb) for encounter in chosen if encounter.duration == duration}
        assert verbs == {(encounter.resource, encounter.verb) for encounter in whole}
