"""What a handler knows from the fields of its resource."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.handlers.shapes.setting import Setting
from pulumi_openai_admin.schema.fields import Declaration, Field, WhenRemoved, argument, output, path

THINGS = Collection("/organization/things", noun="thing", recognized_by=("name",))
SETTING = Setting("/organization/setting", noun="setting")


def declare(**fields: Any) -> Declaration:
    for name, field in fields.items():
        field.__set_name__(Declaration, name)
        field.bind_annotation(Field[str])
    return Declaration(fields)


def thing(**more: Any) -> Declaration:
    fields = {"name": argument(), "owner_id": argument(replaces=True), "thing_id": output(wire="id", identity=True)}
    return declare(**{**fields, **more})


def test_what_replaces_the_object_is_not_changed_in_place() -> None:
    things = THINGS.with_fields(thing(parent=path(), color=argument(default=None, wire="look.color")))
    assert things.settable == ("name", "look.color")
    assert things.identity == "id"


def test_an_object_is_dated_if_it_shows_when_it_was_created() -> None:
    assert THINGS.with_fields(thing(created_at=output())).is_dated
    assert not THINGS.with_fields(thing()).is_dated


def test_a_setting_has_the_names_that_programs_have_for_its_properties() -> None:
    setting = SETTING.with_fields(declare(kind=argument(wire="type"), mode=argument()))
    assert (setting.settable, setting.called) == (("type", "mode"), {"type": "kind"})


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (declare(name=argument()), "thing: the field with identity=True is not declared"),
        (declare(thing_id=output(identity=True)), "thing: name of recognized_by is not declared"),
    ],
    ids=["its id", "its name"],
)
def test_a_declaration_that_cannot_recognize_an_object_is_refused(fields: Declaration, reason: str) -> None:
    with pytest.raises(TypeError) as refused:
        THINGS.with_fields(fields)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("handler", "fields", "reason"),
    [
        (
            THINGS,
            thing(color=argument(default=None, when_removed=WhenRemoved.RESTORED)),
            "color: when_removed has to be one of KEPT, CLEARED, REPLACES, DEFAULT",
        ),
        (
            SETTING,
            declare(mode=argument(default=None)),
            "mode: when_removed has to be one of RESTORED, REPLACES, DEFAULT",
        ),
    ],
    ids=["an object that is created", "a setting"],
)
def test_a_removal_that_the_handler_cannot_do_is_refused(handler: Any, fields: Declaration, reason: str) -> None:
    with pytest.raises(TypeError) as refused:
        handler.with_fields(fields)
    assert str(refused.value) == reason


NOTE = argument(default=None, when_removed=WhenRemoved.CLEARED)
SENT = {"name": "ci", "owner_id": "user_1"}


@pytest.mark.parametrize(
    ("shown", "fits"),
    [
        (SENT, True),
        ({**SENT, "name": "cd"}, False),
        ({**SENT, "owner_id": "user_2"}, False),
        ({**SENT, "note": "theirs"}, False),
        ({**SENT, "note": ""}, True),
        ({**SENT, "color": "red"}, True),
    ],
    ids=["as sent", "another name", "another owner", "a note that was not sent", "no note", "what OpenAI chooses"],
)
def test_all_fields_identify_an_object_without_a_date(shown: dict[str, Any], fits: bool) -> None:
    things = THINGS.with_fields(thing(note=NOTE, color=argument(default=None)))
    assert things._fits(Remote({}), shown, SENT) is fits


def test_all_fields_identify_an_object_whose_name_may_be_left_out() -> None:
    things = THINGS.with_fields(
        thing(name=argument(default=None, when_removed=WhenRemoved.CLEARED), created_at=output())
    )
    sent = {"owner_id": "user_1"}
    assert things._fits(Remote({}), {**sent, "name": None}, sent)
    assert not things._fits(Remote({}), {**sent, "name": "theirs"}, sent)
    assert not things._fits(Remote({}), {"owner_id": "user_2", "name": None}, sent)
