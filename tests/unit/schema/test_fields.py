"""A declaration that would be ignored without a word is refused."""

from __future__ import annotations

import inspect
from typing import Any, Literal

import pytest

from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.schema.constraints import Enumeration
from pulumi_openai_admin.schema.fields import (
    ArgumentFacts,
    Field,
    InputFacts,
    OutputFacts,
    PathFacts,
    WhenRemoved,
    argument,
    option,
    output,
    path,
    selector,
)
from pulumi_openai_admin.schema.shapes import Items, KeyedList, Text, parts

GIVEN: dict[str, Any] = {
    "wire": "a.b",
    "has_slashes": True,
    "identity": True,
    "unordered": True,
    "secret": True,
    "write_only": True,
    "replaces": True,
    "when_removed": WhenRemoved.REPLACES,
    "normalize": str.lower,
    "doubt": str.upper,
    "keyed": KeyedList(("id",), "role"),
    "shown_once": True,
    "renewed_by": "rotate_every",
    "hidden": True,
    "reveals": ("name",),
}


@pytest.mark.parametrize(
    ("make", "facts"),
    [
        (path, PathFacts.__annotations__),
        (selector, inspect.signature(selector).parameters),
        (argument, {**ArgumentFacts.__annotations__, "default": None}),
        (option, {**InputFacts.__annotations__, "default": None}),
        (output, OutputFacts.__annotations__),
    ],
    ids=["path", "selector", "argument", "option", "output"],
)
def test_a_field_has_the_facts_that_it_is_given(make: Any, facts: Any) -> None:
    given = {name: GIVEN[name] for name in GIVEN.keys() & facts}
    optional = {"default": None} if "default" in facts else {}
    made, plain = vars(make(**given, **optional)), vars(make(**optional))
    assert {name: made[name] for name in given} == given
    assert not [name for name in given if plain[name] == given[name]]


def test_a_default_that_is_a_value_is_refused() -> None:
    with pytest.raises(TypeError) as raised:
        argument(default="USD")
    assert str(raised.value) == ("default='USD': an input that is omitted is not managed, so it can't have a default")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"maximum": 255}, "minimum and maximum bound whole numbers only"),
        ({"unordered": True}, "only a list can be unordered"),
    ],
    ids=["bounds", "no order"],
)
def test_what_a_text_can_not_have_is_refused(given: dict[str, Any], told: str) -> None:
    field: Field[str] = argument(**given)
    field.name = "name"
    field.bind_annotation(Field[str])
    with pytest.raises(TypeError) as raised:
        _ = field.shape
    assert str(raised.value) == f"name: {told}, not <class 'str'>"


def test_a_collection_has_to_declare_what_recognizes_an_object() -> None:
    with pytest.raises(TypeError, match="after a lost response"):
        Collection("/organization/alerts", noun="alert", settable=(), recognized_by=(), identity="id")


@pytest.mark.parametrize(
    ("make", "when_removed"), [(argument, WhenRemoved.KEPT), (option, WhenRemoved.DEFAULT)], ids=["argument", "option"]
)
def test_an_input_that_may_be_left_out_says_what_its_removal_does(make: Any, when_removed: WhenRemoved) -> None:
    assert make(default=None).when_removed is when_removed
    assert make().when_removed is None


def test_an_option_that_replaces_the_object_also_does_so_when_it_is_removed() -> None:
    assert option(default=None, replaces=True).when_removed is WhenRemoved.REPLACES
    assert argument(default=None, replaces=True).when_removed is WhenRemoved.KEPT


def test_a_name_that_is_made_may_be_left_out_and_every_object_has_it() -> None:
    made = argument(default=None, auto_named=True)
    assert (made.auto_named, made.required, made.is_always_set) == (True, False, True)
    assert made.when_omitted.startswith("If omitted, the provider generates a name")
    assert made.when_omitted.endswith(WhenRemoved.KEPT.value)
    assert (argument().is_always_set, argument(default=None).is_always_set) == (True, False)
    assert (argument().when_omitted, argument(default=None).when_omitted) == ("", WhenRemoved.KEPT.value)
    with pytest.raises(TypeError, match="auto_named=True: needs default=None"):
        argument(auto_named=True)


LEVELS = Enumeration("Level", "A level.", {"info": "Everything.", "warning": "Problems."})


def described(hint: Any, choices: Enumeration | None) -> Field[Any, Any]:
    field: Field[Any, Any] = argument(choices=choices)
    field.name = "level"
    field.bind_annotation(hint)
    return field


@pytest.mark.parametrize(
    "hint",
    [
        Field[str, Literal["info", "warning"]],
        Field[str, Literal["info", "warning"] | None],
        Field[list[str], list[Literal["info", "warning"]]],
        Field[str, Literal["info", "warning"] | str],  # noqa: PYI051 - as in `ProjectUser.role`
    ],
)
def test_the_strings_of_a_literal_are_described_at_the_field(hint: Any) -> None:
    (text,) = (part for part in parts(described(hint, LEVELS).shape) if isinstance(part, Text))
    assert text.enumeration is LEVELS


@pytest.mark.parametrize(
    ("hint", "choices", "wrong"),
    [
        (Field[str, Literal["info", "warning"]], None, "info, warning"),
        (Field[str, Literal["info", "warning", "error"]], LEVELS, "error"),
        (Field[str, Literal["info"]], LEVELS, "warning"),
        (Field[list[str], list[Literal["error"] | str]], LEVELS, "error, info, warning"),  # noqa: PYI051 - the same
    ],
)
def test_a_literal_unlike_its_descriptions_is_refused(hint: Any, choices: Enumeration | None, wrong: str) -> None:
    with pytest.raises(TypeError) as raised:
        _ = described(hint, choices).shape
    assert str(raised.value) == f"level: Literal[…] and choices=Enumeration(…) differ in {wrong}"


def test_the_shape_of_a_field_is_that_of_its_inputs() -> None:
    field: Field[str, str | None] = argument(default=None)
    field.bind_annotation(Field[str | None, list[str]])
    assert field.type is str
    assert isinstance(field.shape, Items)
    assert isinstance(field.shape.item, Text)


def test_only_what_is_cleared_has_a_value_that_clears_it() -> None:
    assert argument(default=None, when_removed=WhenRemoved.CLEARED, cleared_with="").cleared_with == ""
    with pytest.raises(TypeError, match="cleared_with='': needs when_removed="):
        argument(default=None, cleared_with="")


def test_what_is_assigned_to_a_field_is_kept_under_its_name() -> None:
    class Thing:
        name: Field[str] = argument()

    thing: Any = Thing()
    thing.name = "ci"
    assert vars(thing) == {"name": "ci"}
