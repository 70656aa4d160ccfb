from __future__ import annotations

from typing import Any

import pytest
from pulumi.output import Unknown

from pulumi_openai_admin.schema.list_form import ListForm
from pulumi_openai_admin.schema.unknown import UNKNOWN

FORM = ListForm({"user_id": "user.user_id", "email": "user.email"}, "role")


@pytest.mark.parametrize(
    ("entries", "mapping"),
    [
        ([], {}),
        ([{"user_id": "user-1", "role": "owner"}], {"user-1": "owner"}),
        ([{"email": "ADA@example.com", "role": "owner"}], {"ada@example.com": "owner"}),
        ([{"user_id": "user-1", "role": UNKNOWN}], {"user-1": UNKNOWN}),
    ],
)
def test_a_list_is_the_mapping_that_it_stands_for(entries: Any, mapping: Any) -> None:
    assert FORM.mapping(entries, str.lower) == mapping


@pytest.mark.parametrize(
    "entries",
    [
        {"user-1": "owner"},
        "user-1",
        UNKNOWN,
        ["user-1"],
        [{"user_id": UNKNOWN, "role": "owner"}],
        [{"user_id": Unknown(), "role": "owner"}],
        [{"user_id": "user-1"}],
        [{"user_id": " ", "role": "owner"}],
        [{"user_id": 5, "role": "owner"}],
        [{"user_id": "user-1", "role": "owner", "more": 1}],
        [{"role": "owner"}],
        [{"email": "ada@example.com", "role": "owner"}, {"email": "Ada@example.com", "role": "member"}],
    ],
)
def test_what_is_no_such_list_or_not_known_yet_stays(entries: Any) -> None:
    assert FORM.mapping(entries, str.lower) is entries


@pytest.mark.parametrize(
    ("entries", "failure"),
    [
        ([{"user_id": "user-1", "role": "owner"}, {"email": "a@b.c", "role": "owner"}], None),
        ([{"user_id": UNKNOWN}, {"user_id": UNKNOWN}], None),
        (["user-1"], None),
        ([{"role": "owner"}], (0, "lacks user_id or email")),
        (
            [{"user_id": "user-1"}, {"user_id": UNKNOWN, "email": "a@b.c"}],
            (1, "has user_id and email: set exactly one of them"),
        ),
        ([{"email": "a@b.c"}, {"email": "A@b.c"}], (1, "is the same as the entry [0]: remove one of them")),
    ],
)
def test_the_first_wrong_entry_is_named(entries: Any, failure: Any) -> None:
    assert FORM.failure(entries, str.lower) == failure
