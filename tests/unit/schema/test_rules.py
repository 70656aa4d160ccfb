from __future__ import annotations

import re
from typing import Any

import pytest

import pulumi_openai_admin
from pulumi_openai_admin import AdminApiKey, ApiObject, ProjectRateLimit, ProjectServiceAccount
from pulumi_openai_admin.resources import ALL, managing
from pulumi_openai_admin.schema.fields import FieldRole
from pulumi_openai_admin.schema.rules import (
    AnyArgument,
    ExactlyOneProperty,
    ExactlyOneSelector,
    NamesInside,
    Needs,
    NotInside,
    NotTogether,
    Shorter,
    UndeclaredPath,
)
from pulumi_openai_admin.schema.shapes import UNKNOWN, Structure

LIMIT, ACCOUNT = ProjectRateLimit.declaration, ProjectServiceAccount.declaration
ALONE = NotTogether("create_service_account_only", "expires_in_seconds")
DELIVER_TO = AdminApiKey.declaration.fields["deliver_to"].shape
STORES = DELIVER_TO.properties if isinstance(DELIVER_TO, Structure) else {}


@pytest.mark.parametrize(
    ("inputs", "failure"),
    [
        ({"model": "gpt-4o"}, None),
        ({"rate_limit_id": UNKNOWN}, None),
        ({}, "Set exactly one of model and rate_limit_id: none of them is set."),
        (
            {"model": "a", "rate_limit_id": "b"},
            "Set exactly one of model and rate_limit_id: model and rate_limit_id are set.",
        ),
    ],
)
def test_a_row_is_meant_in_one_way(inputs: dict[str, Any], failure: str | None) -> None:
    assert ExactlyOneSelector().failure(LIMIT, inputs) == failure


def test_no_limit_at_all_manages_nothing() -> None:
    assert AnyArgument().failure(LIMIT, {"max_requests_per_1_minute": 0}) is None
    failure = AnyArgument().failure(LIMIT, {"project_id": "proj_1", "model": "gpt-4o"})
    assert failure == f"Set at least one of {', '.join(field.name for field in LIMIT.with_role(FieldRole.ARGUMENT))}."


@pytest.mark.parametrize(
    ("inputs", "failure"),
    [
        ({}, None),
        ({"deliver_to": UNKNOWN}, None),
        ({"deliver_to": {"vault": {}}}, None),
        (
            {"deliver_to": {"vault": {}, "command": {}}},
            f"deliver_to has command and vault: set exactly one of {', '.join(STORES)}.",
        ),
    ],
)
def test_a_key_is_delivered_to_one_store(inputs: dict[str, Any], failure: str | None) -> None:
    message = ExactlyOneProperty("deliver_to").failure(AdminApiKey.declaration, inputs)
    assert message == failure


@pytest.mark.parametrize(
    ("inputs", "failure"),
    [
        ({"rotate_every": "90d"}, None),
        ({"overlap": "1d", "rotate_every": "90d"}, None),
        ({"overlap": "1d"}, "overlap has no effect without rotate_every: set both, or remove overlap."),
    ],
)
def test_an_overlap_needs_a_rotation(inputs: dict[str, Any], failure: str | None) -> None:
    assert Needs("overlap", "rotate_every").failure(AdminApiKey.declaration, inputs) == failure


@pytest.mark.parametrize(
    ("inputs", "is_short"),
    [
        ({"short": "1d"}, True),
        ({"long": "1d"}, True),
        ({"short": "1d", "long": "2d"}, True),
        ({"short": "1d", "long": 86_401}, True),
        ({"short": "1d", "long": 86_400}, False),
        ({"short": "2d", "long": "1d"}, False),
        ({"short": "2d", "long": UNKNOWN}, True),
        ({"short": "2d", "long": "soon"}, True),
        ({"short": "2d", "long": True}, True),
    ],
)
def test_a_duration_is_shorter_than_another_one(inputs: dict[str, Any], is_short: bool) -> None:
    message = Shorter("short", "long", otherwise="it breaks").failure(AdminApiKey.declaration, inputs)
    assert message == (None if is_short else "short must be shorter than long: otherwise it breaks.")


PATH = UndeclaredPath("path", managing)


@pytest.mark.parametrize(
    ("path", "failure"),
    [
        ("/organization/things", None),
        ("/organization/projects/proj_1/things", None),
        (UNKNOWN, None),
        ("things", None),  # the field says that
        ("/organization/projects/Shop/things", None),
        ("/organization/projects/group_1/things", "path has 'group_1', not the id of a project (proj_…)."),
        ("/organization/projects/sk-proj-1/things", "path has an API key, not the id of a project (proj_…)."),
        ("/organization/groups/x/y/", "path has an empty part: remove the slash."),
        (
            "/organization/groups/group_1/users",
            "path is managed by GroupMembers or GroupUser in this version: declare that resource.",
        ),
        ("/organization/groups/group_1", "path is managed by Group in this version: declare that resource."),
        ("/organization/projects/proj_1/rate_limits/rl-1", "path is managed by ProjectRateLimit or ProjectRateLimits"),
    ],
)
def test_a_path_is_of_no_resource(path: str, failure: str | None) -> None:
    found = PATH.failure(ApiObject.declaration, {"path": path})
    assert found is None if failure is None else (found or "").startswith(failure)


def test_the_paths_of_all_resources_are_managed() -> None:
    paths = {
        name: re.sub(r"{\w+}", "x", handler.path)
        for name in ALL
        if getattr(handler := getattr(pulumi_openai_admin, name).handler, "path", "")
    }
    assert len(paths) > 30
    assert {name: path for name, path in paths.items() if name not in managing(path)} == {}


@pytest.mark.parametrize(
    ("names", "failure"),
    [
        (["name"], None),
        ([UNKNOWN], None),
        (UNKNOWN, None),
        (["name", "nam"], "recognized_by[1] is 'nam', which properties does not set. Did you mean name?"),
        (["x"], "recognized_by[0] is 'x', which properties does not set. properties sets kind, name."),
    ],
)
def test_names_are_in_the_mapping(names: Any, failure: str | None) -> None:
    rule = NamesInside("recognized_by", "properties")
    assert (
        rule.failure(ApiObject.declaration, {"recognized_by": names, "properties": {"name": 1, "kind": 2}}) == failure
    )


@pytest.mark.parametrize(
    ("names", "failure"),
    [
        (["token.value"], None),
        (UNKNOWN, None),
        (["x", "name.inner"], "secrets[1] is 'name.inner', which properties sets: remove it."),
    ],
)
def test_names_are_not_in_the_mapping(names: Any, failure: str | None) -> None:
    rule = NotInside("secrets", "properties", "remove it")
    assert rule.failure(ApiObject.declaration, {"secrets": names, "properties": {"name": 1}}) == failure


@pytest.mark.parametrize(
    ("inputs", "is_right"),
    [
        ({}, True),
        ({"create_service_account_only": False, "expires_in_seconds": 60}, True),
        ({"create_service_account_only": UNKNOWN, "expires_in_seconds": 60}, True),
        ({"create_service_account_only": True, "expires_in_seconds": 60}, False),
        ({"create_service_account_only": True, "expires_in_seconds": UNKNOWN}, False),
    ],
)
def test_a_keyless_account_has_no_expiry(inputs: dict[str, Any], is_right: bool) -> None:
    message = "expires_in_seconds can't be set together with create_service_account_only=True: remove one of them."
    assert ALONE.failure(ACCOUNT, inputs) == (None if is_right else message)
