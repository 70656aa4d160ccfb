"""A declaration that would be ignored without a word is refused."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin.handlers.collection import Collection
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.schema.constraints import EMAIL
from pulumi_openai_admin.schema.fields import Field, Replaces, Role, argument, option, output, path, selector


def test_a_default_that_is_a_value_is_refused() -> None:
    with pytest.raises(TypeError, match="default='USD'"):
        argument(default="USD")


def test_bounds_of_a_text_are_refused() -> None:
    field: Field[str] = argument(maximum=255)
    field.name = "name"
    with pytest.raises(TypeError, match="name: minimum and maximum bound whole numbers only"):
        field.learn_type(Field[str])


def test_a_collection_has_to_declare_what_recognizes_an_object() -> None:
    with pytest.raises(TypeError, match="after a lost reply"):
        Collection("/organization/alerts", noun="alert", settable=(), recognized_by=(), identity="id")


def test_what_was_not_sent_recognizes_nothing() -> None:
    alerts = Collection("/organization/alerts", noun="alert", settable=(), recognized_by=("name",), identity="id")
    remote = Remote({})
    assert not alerts._fits(remote, {"id": "theirs", "name": None}, {"threshold_amount": 1})
    assert alerts._fits(remote, {"id": "ours", "name": "ci"}, {"name": "ci"})


def test_a_part_of_a_path_and_a_selector_have_what_they_are_given() -> None:
    part = path(must=EMAIL, spelling=str.lower)
    assert (part.bounds.text, part.spelling("A"), part.role) == (EMAIL, "a", Role.PATH)
    chosen = selector(default=None, spelling=str.lower)
    assert (chosen.spelling("A"), chosen.wire, chosen.role, chosen.required) == ("a", "", Role.SELECTOR, False)


def test_a_hidden_output_has_a_name_in_the_state_that_pulumi_never_displays() -> None:
    shown, hidden = output(), output(hidden=True)
    shown.name = hidden.name = "rows"
    assert (shown.stored, hidden.stored) == ("rows", "__rows")


def test_another_value_replaces_as_its_declaration_says_or_because_of_its_role() -> None:
    assert argument().replaces is Replaces.NEVER
    assert argument(replaces=Replaces.EITHER).replaces is option(replaces=Replaces.EITHER).replaces is Replaces.EITHER
    assert path().replaces is selector().replaces is Replaces.WHEN_CHANGED


def test_what_is_assigned_to_a_field_is_kept_under_its_name() -> None:
    class Thing:
        name: Field[str] = argument()

    thing: Any = Thing()
    thing.name = "ci"
    assert vars(thing) == {"name": "ci"}
