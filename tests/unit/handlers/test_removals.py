"""For all inputs: what a plan of access adds and removes, and to which base role a person goes back."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_openai_admin.handlers.removals import (
    BASE_ROLES,
    NO_ROLE,
    AccessPlan,
    plan_access,
    short_name,
    why_not_restored,
)
from tests.full import IS_FULL

thousands = settings(max_examples=3000 if IS_FULL else 100, deadline=None)
"""A thousand cases in all, or thirty thousand."""
IDS = st.sampled_from("abcdef")
ROLES = st.sampled_from(["viewer", "member", "owner"])
RECORDED, REMOVABLE = st.lists(IDS, unique=True), st.none() | st.sets(IDS)
BASES = st.sets(IDS)
"""The members that are alternatives: of several base roles, a person has one."""


def members(values: Any) -> Any:
    return st.dictionaries(IDS, values)


SIDES = st.tuples(members(ROLES), members(ROLES)) | st.tuples(members(st.none()), members(st.none()))
"""What the program declares, and what OpenAI lists: with values, or without."""


def planned(sides: Any, recorded: Any, removable: Any, bases: Any = frozenset()) -> AccessPlan:
    declared, live = sides
    return plan_access(declared, recorded, live, removable=removable, is_alternative=lambda id_: id_ in bases)


@thousands
@given(SIDES, RECORDED, REMOVABLE, BASES)
def test_nobody_who_is_declared_is_removed(sides: Any, recorded: Any, removable: Any, bases: Any) -> None:
    plan = planned(sides, recorded, removable, bases)
    assert sides[0].keys().isdisjoint({*plan.remove, *plan.unseen})


@thousands
@given(SIDES, RECORDED, REMOVABLE)
def test_whoever_is_recorded_and_not_declared_is_removed(sides: Any, recorded: Any, removable: Any) -> None:
    plan = planned(sides, recorded, removable)
    assert {*recorded} - sides[0].keys() <= {*plan.remove}, "also whom no list shows"


@thousands
@given(SIDES, RECORDED, REMOVABLE, BASES)
def test_nobody_is_removed_whom_the_state_does_not_show(sides: Any, recorded: Any, removable: Any, bases: Any) -> None:
    plan = planned(sides, recorded, removable, bases)
    assert {*plan.remove} <= {*recorded, *(removable or ())}
    assert removable is not None or plan.unseen == ()


@thousands
@given(SIDES, RECORDED, st.sets(IDS))
def test_an_exclusive_set_names_or_removes_all_others(sides: Any, recorded: Any, removable: Any) -> None:
    declared, live = sides
    plan = planned(sides, recorded, removable)
    others = live.keys() - declared.keys() - {*recorded}
    assert {*plan.unseen} == others - removable
    assert {*plan.remove} - {*recorded} == others & removable


@thousands
@given(SIDES, RECORDED, REMOVABLE, BASES)
def test_the_steps_make_the_list_what_is_declared(sides: Any, recorded: Any, removable: Any, bases: Any) -> None:
    (declared, live), plan = sides, planned(sides, recorded, removable, bases)
    after = {id_: value for id_, value in live.items() if id_ not in plan.remove}
    after |= {id_: declared[id_] for id_ in plan.give}
    assert {id_: after.get(id_, "none") for id_ in declared} == declared
    assert {*after} - {*declared} <= {*live}


def test_members_without_a_value_are_never_changed() -> None:
    assert plan_access({"a": None}, ["a"], {"a": "owner"}).give == ()


@thousands
@given(SIDES, RECORDED, REMOVABLE, BASES)
def test_a_second_update_does_nothing(sides: Any, recorded: Any, removable: Any, bases: Any) -> None:
    (declared, live), plan = sides, planned(sides, recorded, removable, bases)
    after = {id_: value for id_, value in live.items() if id_ not in plan.remove} | declared
    shown = after if removable is not None else None
    again = planned((declared, after), [*declared], shown and {*plan.unseen, *declared})
    assert (again.give, again.found) == ((), ())
    assert {*again.remove} <= {*plan.unseen}, "whom the first update named"


@thousands
@given(SIDES, RECORDED, REMOVABLE)
def test_members_found_are_declared_listed_and_new(sides: Any, recorded: Any, removable: Any) -> None:
    declared, live = sides
    found = {*planned(sides, recorded, removable).found}
    assert found == declared.keys() & live.keys() - {*recorded}


@thousands
@given(SIDES, RECORDED, BASES)
def test_a_base_role_is_removed_only_if_no_other_replaces_it(sides: Any, recorded: Any, bases: Any) -> None:
    declared, _ = sides
    plan, leaving = planned(sides, recorded, None, bases), {*recorded} - declared.keys()
    assert {*plan.remove} == (leaving - bases if bases & declared.keys() else leaving)


@thousands
@given(SIDES, RECORDED, REMOVABLE, BASES)
def test_each_member_has_one_step_in_the_order_of_the_inputs(
    sides: Any, recorded: Any, removable: Any, bases: Any
) -> None:
    (declared, live), plan = sides, planned(sides, recorded, removable, bases)
    steps = [*plan.give, *plan.remove, *plan.unseen]
    assert len(steps) == len({*steps})
    order = [*declared]
    assert [*plan.give] == sorted(plan.give, key=order.index)
    assert [*plan.unseen] == sorted(plan.unseen, key=[*live].index)


# The base role of a person

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
