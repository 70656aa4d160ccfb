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
def test_who_leaves_the_program_and_whom_a_preview_named_is_removed(
    sides: Any, recorded: Any, removable: Any, bases: Any
) -> None:
    (declared, live), plan = sides, planned(sides, recorded, removable, bases)
    leaving = {*recorded} - declared.keys()  # also whom no list shows
    leaving -= bases if bases & declared.keys() else set()  # another base role replaces one
    others = set() if removable is None else live.keys() - declared.keys() - {*recorded}
    assert {*plan.remove} == leaving | (others & (removable or set()))
    assert {*plan.unseen} == others - (removable or set())


@thousands
@given(SIDES, RECORDED)
def test_a_member_gets_what_is_declared_unless_it_is_so(sides: Any, recorded: Any) -> None:
    (declared, live), plan = sides, planned(sides, recorded, None)
    assert {*plan.give} == {id_ for id_ in declared if live.get(id_, "none") != declared[id_]}


def test_members_without_a_value_are_never_changed() -> None:
    assert plan_access({"a": None}, ["a"], {"a": "owner"}).give == ()


@thousands
@given(SIDES, RECORDED, REMOVABLE)
def test_members_found_are_declared_listed_and_new(sides: Any, recorded: Any, removable: Any) -> None:
    declared, live = sides
    found = {*planned(sides, recorded, removable).found}
    assert found == declared.keys() & live.keys() - {*recorded}


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
