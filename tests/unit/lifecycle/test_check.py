from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pulumi_openai_admin import AdminApiKey, OrganizationMember, ProjectRateLimit, ProjectRateLimits, ProjectRole, Role
from pulumi_openai_admin.lifecycle import read
from pulumi_openai_admin.lifecycle.check import Checked, Failure, check
from pulumi_openai_admin.lifecycle.state import Inputs
from pulumi_openai_admin.remedies import NOTE
from pulumi_openai_admin.schema.unknown import UNKNOWN
from tests.unit.fakes import MemoryHost

RPM, TPM = "max_requests_per_1_minute", "max_tokens_per_1_minute"
LIMIT = {"project_id": "proj_1", "model": "gpt-4o", RPM: 60.0}


def checked(news: dict[str, Any], *, secret: tuple[str, ...] = (), host: MemoryHost | None = None) -> Checked:
    return check(ProjectRateLimit, host or MemoryHost(), {}, Inputs(news, secret))


def test_what_is_declared_and_set_is_kept_with_whole_numbers() -> None:
    result = checked({**LIMIT, TPM: None, "junk": 1})
    assert result == Checked({"project_id": "proj_1", "model": "gpt-4o", RPM: 60}, [])
    assert isinstance(result.inputs[RPM], int)


def test_a_failure_names_its_property_and_a_broken_rule_names_none() -> None:
    assert checked({**LIMIT, RPM: -1.0}).failures == [Failure(RPM, f"{RPM} must be a whole number, 0 or more, not -1.")]
    assert [failure.property for failure in checked({"project_id": "../x", TPM: "many"}).failures] == [
        "project_id",
        TPM,
        "",
    ]


def test_a_failure_shows_nothing_of_a_secret_input() -> None:
    (failure,) = checked({**LIMIT, RPM: -4711.0}, secret=(RPM,)).failures
    assert "4711" not in failure.reason


@pytest.mark.parametrize("unknown", ["project_id", "model", RPM])
def test_an_unknown_input_passes(unknown: str) -> None:
    assert checked({**LIMIT, unknown: UNKNOWN}).failures == []


def test_two_resources_that_manage_the_same_row_are_a_failure_of_no_property() -> None:
    host = MemoryHost("a")
    assert checked(LIMIT, host=host).failures == checked(LIMIT, host=host).failures == []
    (failure,) = checked(LIMIT, host=replace(host, name="b")).failures
    assert (failure.property, failure.reason.partition(" both ")[0]) == (
        "",
        "ProjectRateLimit 'b' and ProjectRateLimit 'a'",
    )


def test_what_the_old_inputs_show_is_expanded_in_plain_values() -> None:
    policy = {"project_id": "proj_1", "limits": {"gpt*": {RPM: 4711.0}}}
    olds = {**policy, "limits": {"gpt*": {RPM: 4711.0}, "gpt-4o": {RPM: 77.0}}}
    result = check(ProjectRateLimits, MemoryHost(kind="ProjectRateLimits"), olds, Inputs(policy, ("limits",)))
    assert result.inputs["limits"] == {"gpt*": {RPM: 4711}, "gpt-4o": {RPM: 4711}}


def notes(caplog: pytest.LogCaptureFixture, olds: dict[str, Any], news: dict[str, Any], *secret: str) -> list[str]:
    caplog.set_level(NOTE)
    caplog.clear()
    check(AdminApiKey, MemoryHost("it"), olds, Inputs(news, secret))
    return [record.getMessage() for record in caplog.records]


def test_a_preview_says_what_the_creation_of_an_object_does(caplog: pytest.LogCaptureFixture) -> None:
    news = {"name": "ci", "deliver_to": {"command": {"arguments": ["op"]}}}
    message = ["A new key is delivered to the command 'op', and not kept in the state."]
    assert notes(caplog, {}, news) == message
    assert notes(caplog, {"__provider": "gAS"}, news) == message, "what the dynamic provider's host adds"
    assert notes(caplog, news, news) == [], "it exists already"
    assert notes(caplog, {}, news, "deliver_to") == [], "it is secret where it is delivered"
    assert notes(caplog, {}, {**news, "deliver_to": {"command": {"arguments": [UNKNOWN]}}}) == []
    assert notes(caplog, {}, {**news, "deliver_to": {}}) == [], "it is invalid"


def test_where_a_key_is_delivered_is_as_secret_as_what_says_it() -> None:
    places = {"delivered_to", "delivered_version"}
    assert not places & AdminApiKey.declaration.hidden([])
    assert places <= AdminApiKey.declaration.hidden(["deliver_to"])


def checked_role(caplog: pytest.LogCaptureFixture, *permissions: object, secret: tuple[str, ...] = ()) -> list[str]:
    result = check(Role, MemoryHost("it"), {}, Inputs({"name": "Keys", "permissions": list(permissions)}, secret))
    assert result.failures == []
    return caplog.messages


def test_a_permission_that_resembles_a_known_one_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    (message,) = checked_role(caplog, "api.groups.read", "api.group.read")
    assert message == (
        "permissions: 'api.group.read' may be misspelled. Did you mean 'api.groups.read'? If the name is right, ignore "
        "this warning."
    )


def test_a_permission_of_a_project_role_is_checked_too(caplog: pytest.LogCaptureFixture) -> None:
    check(
        ProjectRole,
        MemoryHost("it"),
        {},
        Inputs({"project_id": "proj_1", "name": "Keys", "permissions": ["api.rolse.read"]}, ()),
    )
    assert "'api.rolse.read' may be misspelled" in caplog.text


def test_an_unknown_or_secret_permission_is_not_doubted(caplog: pytest.LogCaptureFixture) -> None:
    assert checked_role(caplog, UNKNOWN) == []
    assert checked_role(caplog, "api.group.read", secret=("permissions",)) == []


def test_a_permission_that_openai_has_accepted_is_not_doubted(caplog: pytest.LogCaptureFixture) -> None:
    before = {"name": "Keys", "permissions": ["api.group.read"]}
    after = {"name": "Keys", "permissions": ["api.group.read", "api.role.read"]}
    check(Role, MemoryHost("it"), before, Inputs(after, ()))
    (message,) = caplog.messages
    assert message.startswith("permissions: 'api.role.read' may be misspelled.")


def test_a_permission_of_a_role_that_is_imported_is_not_doubted(caplog: pytest.LogCaptureFixture) -> None:
    check(Role, read._NoResource(), {}, Inputs({"name": "Keys", "permissions": ["api.group.read"]}, ()))
    assert caplog.messages == []


def test_entries_have_one_order_and_unknown_ones_are_last() -> None:
    new, second, first = ({"project_id": id_, "role": "member"} for id_ in (UNKNOWN, "proj_2", "proj_1"))
    first["role"] = UNKNOWN
    inputs = {"email": "ada@example.com", "role": "reader"}
    result = check(OrganizationMember, MemoryHost("it"), {}, Inputs({**inputs, "projects": [new, second, first]}))
    assert result == Checked({**inputs, "projects": [first, second, new]}, [])


@pytest.mark.parametrize(
    ("projects", "message"),
    [
        ([{"project_id": UNKNOWN, "role": "membr"}], "projects[0]['role'] must be 'member' or 'owner', not 'membr'."),
        ([{"project_id": "proj_1"}], "projects[0] lacks role."),
        (
            [{"project_id": id_, "role": "member"} for id_ in ("proj_2", UNKNOWN, "proj_1", "proj_2")],
            "projects[3] is the same as the entry [0]: remove one of them.",
        ),
        ([{"project_id": " ", "role": "member"}], "projects[0]['project_id'] is empty."),
    ],
)
def test_a_wrong_entry_is_named_by_its_place_in_the_program(projects: Any, message: str) -> None:
    inputs = {"email": "ada@example.com", "role": "reader", "projects": projects}
    result = check(OrganizationMember, MemoryHost("it"), {}, Inputs(inputs))
    assert result.failures == [Failure("projects", message)]
