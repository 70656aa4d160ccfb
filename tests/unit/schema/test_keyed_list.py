from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin.schema.shapes import IdsByName, KeyedList
from pulumi_openai_admin.schema.unknown import UNKNOWN

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


@pytest.mark.parametrize("value", [None, "", UNKNOWN])
def test_what_is_neither_stays(value: Any) -> None:
    assert MEMBERS.mapping(value) is value
    assert MEMBERS.entries(value) is value


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


@pytest.mark.parametrize(
    ("entries", "failure"),
    [
        ([{"user_id": "user-1", "role": "owner"}, {"email": "a@b.c", "role": "owner"}], None),
        ([{"user_id": UNKNOWN}, {"user_id": UNKNOWN}, UNKNOWN, UNKNOWN], None),
        (["user-1"], None),
        ([{"role": "owner"}], (0, "lacks user_id or email")),
        (
            [{"user_id": "user-1"}, {"user_id": UNKNOWN, "email": "a@b.c"}],
            (1, "has user_id and email: set exactly one of them"),
        ),
        (
            [{"email": "a@b.c"}, {"user_id": "b"}, {"email": "a@b.c"}],
            (2, "is the same as the entry [0]: remove one of them"),
        ),
    ],
)
def test_the_first_wrong_entry_is_named(entries: Any, failure: Any) -> None:
    assert MEMBERS.failure(entries) == failure
