"""What every shape remembers of settings whose reply was lost."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.handlers.memory import Memory


def lost() -> errors.AdminError:
    error = errors.ResponseLostError("No reply", "Again.")
    error.may_have_acted = True
    return error


def fail(remote: Remote, error: errors.AdminError, *settings: str) -> None:
    with pytest.raises(type(error)), remote.tracking_uncertainty(settings):
        raise error


def test_settings_whose_reply_was_lost_are_in_doubt() -> None:
    remote = Remote({}, "x", {"name": "a", "role": "b", "scopes": "c"})
    fail(remote, lost(), "role")
    fail(remote, lost(), "name", "role")
    assert remote.memory.to_state() == {"in_doubt": ["name", "role"]}
    assert remote.step.has_changed, "a failure must not forget it"
    assert [remote.has(name, remote.attributes[name]) for name in remote.attributes] == [False, False, True]


def test_settings_that_arrive_are_no_longer_in_doubt_and_others_stay() -> None:
    remote = Remote({}, "x", {"name": "a", "role": "b"}, Memory({"in_doubt": ["name", "role"]}))
    with remote.tracking_uncertainty(["role"]):
        pass
    assert remote.memory.to_state() == {"in_doubt": ["name"]}
    with remote.tracking_uncertainty(["name"]):
        pass
    assert remote.memory.to_state() == {}
    assert not remote.step.has_changed


def test_settings_that_were_never_sent_are_not_in_doubt() -> None:
    remote = Remote({}, "x", {"name": "a"})
    fail(remote, errors.RequestNotSentError("Never sent", "Again."), "name")
    assert remote.memory.to_state() == {}
    assert not remote.step.has_changed


@pytest.mark.parametrize(
    ("value", "other", "are_equal"),
    [
        (True, 1, False),
        (0, False, False),
        (1, 1.0, True),
        ({"a": [True]}, {"a": [1]}, False),
        ({"a": [True]}, {"a": [True]}, True),
        ([1], [1, 2], False),
        ({"a": 1}, {"b": 1}, False),
        (None, False, False),
        ("", None, False),
    ],
)
def test_a_boolean_is_no_number(value: Any, other: Any, are_equal: bool) -> None:
    assert Remote({}).are_equal("attribute_matchers", value, other) is are_equal
