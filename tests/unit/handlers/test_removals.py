"""For all inputs: what a plan of access adds and removes, and to which base role a person goes back."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_openai_admin.handlers.removals import BASE_ROLES, NO_ROLE, plan_access, short_name, why_not_restored
from tests.full import IS_FULL

thousands = settings(max_examples=9000 if IS_FULL else 300, deadline=None)
"""A thousand cases in all, or thirty thousand."""
IDS = st.sampled_from("abcdef")
RECORDED, REMOVABLE = st.lists(IDS, unique=True), st.none() | st.sets(IDS)
BASES = st.sets(IDS)
"""The members that are alternatives: of several base roles, a person has one."""


DECLARED, LIVE = st.lists(IDS, unique=True), st.lists(IDS, unique=True)
"""What the program declares, and what OpenAI lists."""


@thousands
@given(DECLARED, LIVE, RECORDED, REMOVABLE, BASES)
def test_a_plan_makes_the_list_what_is_declared_and_removes_only_what_the_state_shows(
    declared: Any, live: Any, recorded: Any, removable: Any, bases: Any
) -> None:
    plan = plan_access(declared, recorded, live, removable=removable, is_alternative=bases.__contains__)
    leaving, others = {*recorded} - {*declared}, {*live} - {*declared} - {*recorded}
    replaced = bases if bases & {*declared} else set()
    shown = removable or set()
    assert {*plan.found} == {*declared} & {*live} - {*recorded}
    assert {*plan.remove} == (leaving - replaced) | (others & shown), "also whom no list shows, and nobody else"
    assert [*plan.unseen] == [id_ for id_ in live if id_ in others - shown and removable is not None]
    steps = [*plan.remove, *plan.unseen]
    assert len(steps) == len({*steps}), "each has one step"


PROJECT = {"viewer": 0, "member": 1, "owner": 2}
ORGANIZATION = {"reader": 0, "owner": 1}
SPELLINGS = st.sampled_from(["{0}", "role-api-{1}-{0}", "role-api-{1}-{0}__api-{1}__x_1"])


@st.composite
def roles(draw: st.DrawFn, place: dict[str, int], where: str) -> tuple[str, int]:
    role = draw(st.sampled_from([*place]))
    return draw(SPELLINGS).format(role, where), place[role]


PAIRS = st.one_of(
    st.tuples(roles(PROJECT, "project"), roles(PROJECT, "project")),
    st.tuples(roles(ORGANIZATION, "organization"), roles(ORGANIZATION, "organization")),
)


@thousands
@given(PAIRS)
def test_a_removal_never_lets_a_role_rise(pair: Any) -> None:
    (role, rank), (before, former) = pair
    assert (why_not_restored(role, before) == "") == (former < rank)
    assert not (why_not_restored(role, before) == why_not_restored(before, role) == ""), "one of two is not lower"


@thousands
@given(st.text(max_size=9) | st.sampled_from(["role_1", "admin", "auditor"]), PAIRS)
def test_a_role_that_has_no_rank_stays(custom: str, pair: Any) -> None:
    (role, _), _ = pair
    if short_name(custom) in BASE_ROLES or custom == NO_ROLE:
        return
    assert why_not_restored(role, custom) == why_not_restored(custom, role) == "the roles can't be compared"
    assert why_not_restored(custom, NO_ROLE) == "", "nobody had less than no role"
