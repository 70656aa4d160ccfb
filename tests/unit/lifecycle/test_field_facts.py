"""What a field declares beside its type reaches the handler and the state."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

import pytest

from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.schema.constraints import EMAIL, Pattern
from pulumi_openai_admin.schema.fields import Declaration, Field, WhenRemoved, argument, option, output
from pulumi_openai_admin.schema.validation import failures


class Projects(TypedDict):
    """An invite's project."""

    id: str
    role: NotRequired[str]


def declare(**fields: tuple[Any, Field[Any, Any]]) -> Declaration:
    for name, (hint, field) in fields.items():
        field.__set_name__(Projects, name)
        field.bind_annotation(hint)
    return Declaration({name: field for name, (_, field) in fields.items()})


ALERT = declare(
    recipients=(
        Field[list[str]],
        argument(wire="channel.recipients", unordered=True, constraint=EMAIL, default=None),
    ),
    description=(Field[str | None], argument(default=None, when_removed=WhenRemoved.CLEARED)),
    tiers=(Field[str | list[str] | None], argument(default=None, may_be_empty=True)),
    tools=(Field[dict[str, bool]], argument(default=None)),
    projects=(Field[list[dict[str, str]], list[Projects] | None], argument(default=None, may_be_empty=True)),
    name=(Field[str], argument(default=None, constraint=Pattern(".{1,5}", "a string of 1 to 5 characters"))),
    remove_on_destroy=(Field[bool | None], option(default=None)),
    alert_id=(Field[str], output(wire="id", identity=True)),
)


@pytest.mark.parametrize(
    ("inputs", "failure"),
    [
        ({"recipients": ["ada@example.com", "ada"]}, "recipients[1] must be an email address, not 'ada'."),
        ({"recipients": []}, "recipients is an empty list."),
        ({"name": "longer"}, "name must be a string of 1 to 5 characters, not 'longer'."),
        ({"tiers": 3}, "tiers must be a string or a list, not a number."),
        ({"tiers": [3]}, "tiers[0] must be a string, not a number."),
        ({"tools": {"mcp": 1}}, "tools['mcp'] must be True or False, not a number."),
        ({"projects": [{"role": "owner"}]}, "projects[0] lacks id."),
        ({"projects": [{"id": "p", "name": "x"}]}, "projects[0]['name'] is not one of id, role."),
        ({"remove_on_destroy": "yes"}, "remove_on_destroy must be True or False, not a string."),
    ],
)
def test_what_a_field_does_not_take_is_refused(inputs: dict[str, Any], failure: str) -> None:
    assert failures(ALERT, inputs) == [failure]


@pytest.mark.parametrize(
    "inputs",
    [
        {"tiers": []},
        {"tiers": "all"},
        {"tiers": ["flex"]},
        {"tools": {"mcp": True}},
        {"projects": []},
        {"projects": [{"id": "p"}]},
    ],
)
def test_what_a_field_takes_is_accepted(inputs: dict[str, Any]) -> None:
    assert failures(ALERT, inputs) == []


def test_the_order_of_an_unordered_list_is_one_in_inputs_state_and_request() -> None:
    inputs = state.to_inputs(ALERT, {"recipients": ["b@x.y", "a@x.y", "b@x.y"]})
    assert inputs == {"recipients": ["a@x.y", "b@x.y"]}
    assert state.to_wanted(ALERT, inputs).settings == {"channel.recipients": ["a@x.y", "b@x.y"]}
    remote = Remote({}, "alert_1", {"channel": {"recipients": ["b@x.y", "a@x.y"]}})
    assert state.to_outputs(ALERT, remote, inputs)["recipients"] == ["a@x.y", "b@x.y"]


def test_what_the_program_takes_out_is_unset_where_openai_can_do_that() -> None:
    wanted = state.to_wanted(ALERT, {"name": "ops"}, managed=["name", "description", "tiers"])
    assert wanted.settings == {"name": "ops", "description": None}
    assert wanted.cleared == {"description"}
    assert state.to_wanted(ALERT, {"name": "ops"}, managed=["name"]).cleared == set()


def test_an_option_is_never_sent_and_stays_known() -> None:
    wanted = state.to_wanted(ALERT, {"remove_on_destroy": True})
    assert wanted.settings == {}
    assert wanted.options == {"remove_on_destroy": True}
    outputs = state.to_outputs(ALERT, Remote({}, "alert_1", options=wanted.options), ["remove_on_destroy"])
    assert outputs["remove_on_destroy"] is True
    remote = state.to_remote(ALERT, "alert_1", outputs)
    assert remote.options == {"remove_on_destroy": True}
    assert "remove_on_destroy" not in remote.attributes


def test_a_field_that_is_required_is_never_removed() -> None:
    with pytest.raises(TypeError, match="when_removed=CLEARED: a required input can't be removed"):
        argument(when_removed=WhenRemoved.CLEARED)


def test_only_lists_are_unordered() -> None:
    with pytest.raises(TypeError, match="name: only a list can be unordered"):
        declare(name=(Field[str], argument(unordered=True)))


def test_a_look_up_shows_what_openai_shows_at_any_time() -> None:
    key = declare(
        value=(Field[str], output(shown_once=True)),
        pem=(Field[str], argument(write_only=True)),
        purge=(Field[bool], option()),
        name=(Field[str], argument()),
    )
    assert [field.name for field in key.fields.values() if field.is_readable] == ["name"]


def test_a_property_that_is_always_secret_is_marked_whatever_the_program_says() -> None:
    key = declare(pem=(Field[str], argument(secret=True)), name=(Field[str], argument()))
    assert key.secrets == ["pem"]
    assert key.hidden(()) == {"pem"}
