"""A result's field that is never None is one that OpenAI's official SDK always has, too."""

from __future__ import annotations

import types
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import pytest
from openai import OpenAI
from openai._models import BaseModel

from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.data_sources.result import declared
from pulumi_openai_admin.emulator.api import KINDS as EMULATED
from pulumi_openai_admin.handlers.handler import Shows
from tests.emulator.sdk_methods import all_methods, find
from tests.unit.fakes import KEY
from tests.unit.test_completeness import erased, operation_of, paths_outside_the_sdk

REASONS = {
    ("ExternalKey", "provider"): "The handler makes it from flat properties, some of which each cloud has.",
    ("ExternalStorage", "found"): "The handler takes it out of the provider.",
}
"""Fields that OpenAI has no name for, each with the reason. Properties of OpenAI that the SDK does not have are in
`outside_sdk` of the emulator's kind."""
KINDS = [
    name
    for name in kinds.names()
    if (kind := kinds.kind(name)) and not kind.project_key and erased(kind.handler.path) not in paths_outside_the_sdk()
]


@cache
def _methods() -> dict[tuple[str, str], str]:
    return {operation_of(name): name for name in all_methods()}


def _models(name: str) -> list[type[BaseModel]]:
    """What the SDK makes of the objects of a kind: in its list, and alone."""
    kind: Any = kinds.kind(name)
    paths = [erased(kind.handler.path)]
    if kind.shows is Shows.LIST_AND_EACH:
        paths.append(f"{paths[0]}/{{}}")
    return [_model(_methods()["GET", path]) for path in paths]


def _model(method: str) -> type[BaseModel]:
    with OpenAI(admin_api_key=KEY) as client:
        reply: Any = get_type_hints(find(client, method))["return"]
    page: Any = getattr(reply, "__pydantic_generic_metadata__", {}).get("args") or get_args(reply)
    found: type[BaseModel] = page[0] if page else reply
    return found


def _outside_sdk(name: str) -> set[str]:
    """The properties of a kind that the SDK does not have, by OpenAI's names: the emulator's kind says which."""
    declared: Any = kinds.kind(name)
    path = erased(declared.handler.path)
    return {wire for kind in EMULATED if erased(kind.path) == path for wire in kind.outside_sdk}


def _alternatives(hint: Any) -> list[Any]:
    if get_origin(hint) is Annotated:
        return _alternatives(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return [alternative for part in get_args(hint) for alternative in _alternatives(part)]
    return [hint]


def _may_be_none(hint: Any, wire: str) -> bool | None:
    """Whether a property may be absent by the SDK's types; None if they don't have it."""
    name, _, rest = wire.partition(".")
    answers: set[bool | None] = set()
    for model in _alternatives(hint):
        if model is type(None):
            answers.add(True)
            continue
        fields = model.model_fields if isinstance(model, type) and issubclass(model, BaseModel) else {}
        field = next((field_ for key, field_ in fields.items() if (field_.alias or key) == name), None)
        if field is None:
            answers.add(None)
        elif rest:
            answers.add(_may_be_none(field.annotation, rest))
        else:
            answers.add(type(None) in _alternatives(field.annotation))
    return True if True in answers else None if None in answers else False


@pytest.mark.parametrize("name", KINDS)
def test_what_openai_may_leave_out_may_be_none(name: str) -> None:
    kind: Any = kinds.kind(name)
    outside = _outside_sdk(name)
    for model in _models(name):
        for field in kind.result.__dataclass_fields__.values():
            if field.name in kind.parents or (name, field.name) in REASONS:
                continue
            wire = declared(field).wire
            may_be_none = _may_be_none(model, wire)
            assert may_be_none is not None or wire in outside, (
                f"{model.__name__} of the SDK has no {wire}. If OpenAI describes it elsewhere, `outside_sdk` of "
                "the kind in pulumi_openai_admin/emulator/api/ says where."
            )
            assert not may_be_none or declared(field).is_optional, f"{field.name} may be None in {model.__name__}"


@pytest.mark.parametrize("name", KINDS)
def test_what_openai_always_shows_is_never_none(name: str) -> None:
    kind: Any = kinds.kind(name)
    if kind.shows is Shows.ONE_OR_NONE:
        return  # without the object, nothing is shown
    for field in kind.result.__dataclass_fields__.values():
        always = {_may_be_none(model, declared(field).wire) for model in _models(name)} == {False}
        assert not always or not declared(field).is_optional, f"{name}.{field.name} is never None"


@pytest.mark.parametrize(("name", "field"), REASONS)
def test_no_reason_is_out_of_date(name: str, field: str) -> None:
    kind: Any = kinds.kind(name)
    wire = declared(kind.result.__dataclass_fields__[field]).wire
    assert {_may_be_none(model, wire) for model in _models(name)} == {None}


@pytest.mark.parametrize("name", KINDS)
def test_no_property_outside_the_sdk_is_in_it(name: str) -> None:
    assert {_may_be_none(model, wire) for model in _models(name) for wire in _outside_sdk(name)} <= {None}
