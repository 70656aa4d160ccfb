from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, Required, TypedDict

import pulumi
import pytest

from pulumi_openai_admin.schema import shapes
from pulumi_openai_admin.schema.constraints import Pattern


class Channel(TypedDict):
    """A structure."""

    recipients: list[str]


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


@pytest.mark.parametrize(
    ("hint", "translatable"),
    [
        (int, int),
        (dict[str, dict[str, int]], dict[str, dict[str, int]]),
        (list[str] | None, list[str]),
        (str | list[str], Any),
        (list[str | int], list[Any]),
        (Channel, Any),
        (list[Channel], list[Any]),
    ],
)
def test_pulumi_is_given_no_type_that_it_can_not_follow(hint: Any, translatable: Any) -> None:
    assert shapes.translatable(hint) == translatable


KEY, TEXT = Pattern("[a-z]+", "a key"), Pattern(".{1,9}", "a text of 1 to 9 characters")


@pytest.mark.parametrize(
    ("hint", "shape"),
    [
        (str | None, shapes.Text(constraint=TEXT)),
        (Literal["a", "b"] | None, shapes.Text(choices=("a", "b"))),
        (list[str] | pulumi.Output[list[str]], shapes.Items(shapes.Text(constraint=TEXT), False, "")),
        (dict[str, str], shapes.Entries(shapes.Text(constraint=TEXT), False, key=KEY)),
        (Mapping[str, int] | None, shapes.Entries(shapes.Number(), False, key=KEY)),
    ],
)
def test_a_shape_has_what_its_field_says(hint: Any, shape: Any) -> None:
    assert shapes.of(hint, shapes.Bounds(text=TEXT, key=KEY)) == shape


@pytest.mark.parametrize(("hint", "required"), [(Alert, {"amount", "currency"}), (Change, {"currency"})])
def test_a_structure_requires_what_its_class_does(hint: Any, required: set[str]) -> None:
    shape = shapes.of(hint, shapes.Bounds())
    assert isinstance(shape, shapes.Structure)
    assert shape.required == required
    assert shape.properties == {"amount": shapes.Number(), "interval": shapes.Text(), "currency": shapes.Text()}


def test_a_number_has_both_bounds() -> None:
    assert shapes.of(float, shapes.Bounds(minimum=1, maximum=5)) == shapes.Number(1, 5, is_whole=False)
    assert shapes.of(int, shapes.Bounds(minimum=1, maximum=5)) == shapes.Number(1, 5)
