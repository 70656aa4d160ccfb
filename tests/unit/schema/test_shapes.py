from __future__ import annotations

from typing import Any, NotRequired, Required, TypedDict

import pytest

from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.shapes import UNKNOWN, IdsByName, KeyedList, RenamedInItems, Tagged, WholeList


class Alert(TypedDict):
    """A structure whose properties are required by default."""

    amount: int
    interval: NotRequired[str]
    currency: Required[str]


class Change(TypedDict, total=False):
    """A structure whose properties may be left out by default."""

    amount: int
    interval: NotRequired[str]
    currency: Required[str]


@pytest.mark.parametrize(("hint", "required"), [(Alert, {"amount", "currency"}), (Change, {"currency"})])
def test_a_structure_requires_what_its_class_does(hint: Any, required: set[str]) -> None:
    shape = shapes.of(hint, shapes.Bounds())
    assert isinstance(shape, shapes.Structure)
    assert shape.required == required
    kinds = {name: type(value) for name, value in shape.properties.items()}
    assert kinds == {"amount": shapes.Number, "interval": shapes.Text, "currency": shapes.Text}


MEMBERS = KeyedList(("user_id", "email"), "role")
USERS = IdsByName(("email",), "user_id")


def test_entries_have_ids_and_the_names_that_differ_from_them() -> None:
    mapping = {"user-2": "user-2", "ada@example.com": "user-1"}
    entries = [{"email": "ada@example.com", "user_id": "user-1"}, {"user_id": "user-2"}]
    assert USERS.entries(mapping) == entries
    assert USERS.mapping(entries) == mapping
    assert USERS.mapping([{"user_id": "user-2", "email": None}]) == {"user-2": "user-2"}
    assert USERS.mapping("") == USERS.entries("") == ""


@pytest.mark.parametrize(
    ("entries", "mapping"),
    [
        ([], {}),
        ([{"user_id": "user-1", "role": "owner"}], {"user-1": "owner"}),
        ([{"email": "ada@example.com", "role": "owner"}], {"ada@example.com": "owner"}),
        ([{"user_id": "user-1", "role": UNKNOWN}], {"user-1": UNKNOWN}),
    ],
)
def test_a_list_and_a_mapping_say_the_same(entries: Any, mapping: Any) -> None:
    assert MEMBERS.mapping(entries) == mapping
    assert MEMBERS.entries(mapping) == entries


@pytest.mark.parametrize(
    "entry",
    [
        UNKNOWN,
        "user-1",
        {"user_id": UNKNOWN, "role": "owner"},
        {"user_id": {"of": UNKNOWN}, "role": "owner"},
        {"user_id": " ", "role": "owner"},
        {"user_id": 5, "role": "owner"},
        {"user_id": "user-1"},
        {"user_id": "user-1", "role": None},
        {"role": "owner"},
    ],
)
def test_an_entry_without_a_known_key_and_a_value_is_not_in_the_mapping(entry: Any) -> None:
    assert MEMBERS.mapping([entry, {"user_id": "user-2", "role": "member"}]) == {"user-2": "member"}


def test_entries_are_ordered_by_their_keys_and_unknown_ones_are_last() -> None:
    entries = [
        {"user_id": UNKNOWN, "role": "owner"},
        {"user_id": "user-1", "role": "owner"},
        UNKNOWN,
        {"email": "ada@example.com", "role": "owner"},
    ]
    assert MEMBERS.ordered(entries) == [entries[3], entries[1], entries[0], entries[2]]


def test_keys_have_one_spelling_and_what_is_not_set_is_left_out() -> None:
    entries = [{"email": "ADA@example.com", "user_id": None, "role": "Owner"}, {"user_id": UNKNOWN}, 5]
    assert MEMBERS.normalized(entries, str.lower) == [{"email": "ada@example.com", "role": "Owner"}, *entries[1:]]


TAGGED, WHOLE, RENAMED = Tagged(), WholeList("all"), RenamedInItems({"project_id": "id"})


@pytest.mark.parametrize(
    ("form", "declared", "at_openai"),
    [
        (TAGGED, {"aws": {"kms_arn": "arn"}}, {"type": "aws", "kms_arn": "arn"}),
        (TAGGED, {"discovery": {}}, {"type": "discovery"}),
        (WHOLE, ["all"], "all"),
        (WHOLE, ["flex"], ["flex"]),
        (WHOLE, [], []),
        (RENAMED, [{"project_id": "proj_1", "role": "owner"}], [{"id": "proj_1", "role": "owner"}]),
        (RENAMED, None, None),
        (TAGGED, None, None),
    ],
)
def test_a_value_is_written_as_openai_does_and_read_back(form: Any, declared: Any, at_openai: Any) -> None:
    assert form.to_openai(declared) == at_openai
    assert form.from_openai(at_openai) == declared


@pytest.mark.parametrize("value", [UNKNOWN, {"aws": UNKNOWN}, [UNKNOWN]])
@pytest.mark.parametrize("form", [TAGGED, WHOLE, RENAMED])
def test_what_is_not_known_yet_stays(form: Any, value: Any) -> None:
    assert form.to_openai(value) == value
