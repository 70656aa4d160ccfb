from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import (
    GroupMembers,
    ProjectMembers,
    ProjectRateLimit,
    ProjectRateLimits,
    ProjectServiceAccount,
    ProjectServiceAccountApiKey,
)
from pulumi_openai_admin.schema.fields import FieldRole
from pulumi_openai_admin.schema.shapes import UNKNOWN, is_unknown
from pulumi_openai_admin.schema.validation import Unsupported, normalized
from pulumi_openai_admin.schema.validation import failure as failure_of

if TYPE_CHECKING:
    from collections.abc import Collection

ACCOUNT = ProjectServiceAccount.declaration
KEY = ProjectServiceAccountApiKey.declaration
LIMIT = ProjectRateLimit.declaration
LIMITS = ProjectRateLimits.declaration
RPM = "max_requests_per_1_minute"
SIX = ", ".join(field.name for field in LIMIT.with_role(FieldRole.ARGUMENT))


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (60.0, 60),
        (0.0, 0),
        (-1.0, -1),
        (0.5, 0.5),
        (2147483647.0, 2147483647),
        ({"a": 1.0, "b": {"c": [2.0, None, "3.0"]}}, {"a": 1, "b": {"c": [2, None, "3.0"]}}),
        (True, True),
        (None, None),
        ("60.0", "60.0"),
        (float("inf"), float("inf")),
    ],
)
def test_whole_floats_become_ints_at_any_depth(value: Any, whole: Any) -> None:
    result = normalized(value)
    assert result == whole
    assert repr(result) == repr(whole)


@pytest.mark.parametrize("value", [UNKNOWN, {"a": [1, {"b": UNKNOWN}]}, [[UNKNOWN]]])
def test_an_unknown_is_found_at_any_depth(value: Any) -> None:
    assert is_unknown(value)


def failures(declaration: Any, inputs: dict[str, Any], secret: Collection[str] = ()) -> list[str]:
    found = (failure_of(field, inputs.get(field.name), is_secret=field.name in secret) for field in declaration.inputs)
    return [sentence for sentence in found if sentence]


def account_failures(**inputs: Any) -> list[str]:
    return failures(ACCOUNT, {"project_id": "proj_1", "name": "ci", **inputs})


@pytest.mark.parametrize(
    ("inputs", "failure"),
    [
        ({"project_id": None}, "project_id is missing: set it to the id of a project (proj_…)."),
        ({"name": ""}, "name is empty: set it, or remove it to generate a name."),
        ({"name": {"x"}}, "name must be a string, not a set."),
        ({"project_id": 7}, "project_id must be an id, not a number."),
        ({"project_id": ""}, "project_id is empty: set it."),
        ({"role": "admin"}, "role must be 'member' or 'owner', not 'admin'."),
        ({"role": True}, "role must be 'member' or 'owner', not a truth value."),
        ({"create_service_account_only": "yes"}, "create_service_account_only must be True or False, not a string."),
        ({"create_service_account_only": 1}, "create_service_account_only must be True or False, not a number."),
    ],
)
def test_a_failure_names_the_property_and_what_it_must_be(inputs: dict[str, Any], failure: str) -> None:
    assert account_failures(**inputs) == [failure]


@pytest.mark.parametrize("value", [0, 31_536_001, -1, 1.5, "60", True, float("nan"), float("inf"), [60]])
def test_an_expiry_is_a_whole_number_of_seconds_up_to_a_year(value: Any) -> None:
    (failure,) = account_failures(expires_in_seconds=value)
    assert failure.startswith("expires_in_seconds must be a whole number from 1 to 31536000, not ")


@pytest.mark.parametrize(
    ("limits", "failure"),
    [
        (None, "limits is missing: set it to a mapping."),
        ([], "limits must be a mapping, not a list."),
        ({}, "limits is empty: set it."),
        ({"gpt-4o": {}}, "limits['gpt-4o'] is empty."),
        ({"gpt-4o": None}, "limits['gpt-4o'] must be a mapping, not None."),
        ({" ": {RPM: 1}}, "limits[' '] is an empty name."),
        ({"gpt-4o": {RPM: UNKNOWN}, "gpt-5": {"rpm": UNKNOWN}}, f"limits['gpt-5']['rpm'] is not one of {SIX}."),
        ({"a": {RPM: 1}, "b": {"rpm": 1}}, f"limits['b']['rpm'] is not one of {SIX}."),
        ({"a": {RPM: -1.0}}, f"limits['a']['{RPM}'] must be a whole number, 0 or more, not -1."),
        ({"a": {RPM: True}}, f"limits['a']['{RPM}'] must be a whole number, 0 or more, not a truth value."),
        ({"a": {RPM: "hunter2"}}, f"limits['a']['{RPM}'] must be a whole number, 0 or more, not a string."),
    ],
)
def test_a_failure_in_a_policy_names_the_way_to_it(limits: Any, failure: str) -> None:
    assert failures(LIMITS, {"project_id": "proj_1", "limits": limits}) == [failure]


def key_failures(**inputs: Any) -> list[str]:
    return failures(KEY, {"project_id": "proj_1", "service_account_id": "svc_1", **inputs})


def test_an_asset_is_refused() -> None:
    asset = Unsupported("an asset")
    message = "is an asset, which no provider of this package can keep: use a hash of the file, such as its SHA-256."
    assert key_failures(triggers=[1, asset]) == [f"triggers[1] {message}"]
    assert key_failures(triggers=[{"a": [asset]}]) == [f"triggers[0]['a'][0] {message}"]
    assert key_failures(name=asset) == [f"name {message}"]


SECRET = "hunter2"


@pytest.mark.parametrize(
    ("declaration", "wrong", "failure"),
    [
        (KEY, {"expires_in_seconds": -7}, "expires_in_seconds must be a whole number from 1 to 31536000."),
        (KEY, {"expires_in_seconds": 1.5}, "expires_in_seconds must be a whole number from 1 to 31536000."),
        (KEY, {"scopes": [7]}, "scopes[…] must be a string, not a number."),
        (KEY, {"triggers": [Unsupported("an asset")]}, "triggers[…] is an asset"),
        (ACCOUNT, {"role": SECRET}, "role must be 'member' or 'owner'."),
        (LIMITS, {"limits": {SECRET: {RPM: -7}}}, "limits[…][…] must be a whole number, 0 or more."),
        (LIMITS, {"limits": {SECRET: {SECRET: 7}}}, "limits[…][…] is not one of "),
        (LIMITS, {"limits": {" ": {}}}, "limits[…] is an empty name."),
    ],
)
def test_of_a_secret_neither_value_nor_key_is_shown(declaration: Any, wrong: dict[str, Any], failure: str) -> None:
    given = {field.name: "x_" for field in declaration.inputs if field.required and field.name != "limits"}
    (message,) = failures(declaration, {**given, **wrong}, secret=list(wrong))
    assert message.startswith(failure)
    assert SECRET not in message


def test_a_choice_that_is_none_is_shown_unless_it_is_long() -> None:
    assert account_failures(role="s" * 200) == ["role must be 'member' or 'owner'."]
    assert account_failures(role="\x1b[31m") == [r"role must be 'member' or 'owner', not '\x1b[31m'."]


def member(role: object = "owner", **key: object) -> dict[str, object]:
    return {**key, "role": role}


@pytest.mark.parametrize(
    ("members", "failure"),
    [
        ([member(email="ada@example.com"), member("member", user_id="user-1")], None),
        ([member(email="Ada@example.com")], None),
        ([member(user_id=UNKNOWN), member(UNKNOWN, email="ada@example.com"), UNKNOWN], None),
        ([], None),
        ({"ada@example.com": "owner"}, "members must be a list, not a mapping."),
        ([member(1, user_id="user-a")], "members[0]['role'] must be a string, not a number."),
        ([member("boss", user_id="user-a")], None),
        ([member(email="user-1")], "members[0]['email'] must be an email address, not 'user-1'."),
        ([member(email="ada@")], "members[0]['email'] must be an email address, not 'ada@'."),
        ([member(user_id="ada@x.y")], "members[0]['user_id'] must be the id of a user (user-…), not 'ada@x.y'."),
        ([member(email=" ")], "members[0]['email'] is empty."),
        ([member(name="Ada")], "members[0]['name'] is not one of user_id, email, role."),
        ([member()], "members[0] lacks user_id or email."),
        ([{"user_id": "user-1"}], "members[0] lacks role."),
        ([member(user_id="user-1", email="a@b.c")], "members[0] has user_id and email: set exactly one of them."),
        (
            [member(email="eve@x.y"), member(email="ada@x.y"), member(email="Eve@x.y")],
            "members[2] is the same as the entry [0]: remove one of them.",
        ),
    ],
)
def test_a_member_that_names_nobody_or_the_same_user_twice_is_refused(members: Any, failure: str | None) -> None:
    field = ProjectMembers.declaration.fields["members"]
    assert failure_of(field, field.normalized(members), is_secret=False) == failure


@pytest.mark.parametrize(
    ("until", "failure"),
    [
        ([{"user_id": "svc_acct_1", "ends_at": "2999-12-31"}, {"user_id": "user-1", "ends_at": 32503680000}], None),
        ([{"user_id": "group_1", "ends_at": UNKNOWN}], "until[0]['user_id'] must be the id of a user (user-…) or"),
        ([{"user_id": "user-1", "ends_at": "soon"}], "until[0]['ends_at'] must be a date such as '2026-12-31', a time"),
        ([{"user_id": "user-1"}], "until[0] lacks ends_at."),
    ],
)
def test_an_end_has_an_id_and_a_moment(until: Any, failure: str | None) -> None:
    field = GroupMembers.declaration.fields["until"]
    found = failure_of(field, until, is_secret=False)
    assert found is None if failure is None else str(found).startswith(failure)
