"""Settings whose reply was lost, and the causes of many failures."""

from __future__ import annotations

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.batch import causes
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.remedies import Advice


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


def advice(count: int) -> str:
    failed = {f"m{number}": errors.ConfigurationError(f"No {number}", "Do.") for number in range(count)}
    return str(Advice(*causes(failed)))


def test_of_more_than_twelve_objects_the_others_are_counted() -> None:
    assert advice(12).endswith("m11: No 11. Do. ")
    assert advice(14).endswith("m11: No 11. Do. And 2 more. ")
