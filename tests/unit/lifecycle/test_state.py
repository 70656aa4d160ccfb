from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import ApiObject, ApiSetting, OrganizationSpendLimit, ProjectRateLimit, ProjectUser, errors
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.schema.fields import Declaration, Field, WhenRemoved, argument

if TYPE_CHECKING:
    from collections.abc import Callable


LIMIT = ProjectRateLimit.declaration
SETTING = OrganizationSpendLimit.declaration


def test_a_setting_of_the_organization_has_one_id() -> None:
    assert state.make_id(SETTING, Remote({}, "organization")) == "organization"
    assert state.split_id(SETTING, "organization") == ({}, "organization")
    refusal = r"'proj_1' is not an id of OrganizationSpendLimit\. Its id is 'organization'\."
    with pytest.raises(errors.ConfigurationError, match=refusal):
        state.to_remote(SETTING, "proj_1", {})


def test_an_id_that_fits_no_resource_is_refused_with_the_form_of_one() -> None:
    with pytest.raises(errors.ConfigurationError) as raised:
        state.to_remote(LIMIT, "rl-gpt-4o", {})
    assert raised.value.what == "'rl-gpt-4o' is not an id of ProjectRateLimit"
    assert raised.value.advice == "Its id has the form <project_id>/<rate_limit_id> (proj_…/rl-…)."


@pytest.mark.parametrize(
    "read",
    [
        lambda outputs: state.to_remote(LIMIT, "proj_1/rl-gpt-4o", outputs),
        state.managed_inputs, state.record,
    ],
)  # fmt: skip
def test_a_state_of_a_newer_version_is_not_read(read: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(errors.ConfigurationError, match="written by a newer version"):
        read({"__managed": {"inputs": [], "version": 2}})


@pytest.mark.parametrize("path", ["/organization/things", "/organization/projects/proj_1/things"])
def test_a_path_in_an_id_keeps_its_slashes(path: str) -> None:
    id_ = state.make_id(ApiObject.declaration, Remote({"path": path}, "thing_1"))
    assert id_ == f"{path}/thing_1"
    assert state.split_id(ApiObject.declaration, id_) == ({"path": path}, "thing_1")
    assert state.split_id(ApiSetting.declaration, path) == ({"path": path}, path)
    assert state.make_id(ApiSetting.declaration, Remote({"path": path}, "any")) == path


@pytest.mark.parametrize("id_", ["thing_1", "/thing_1", "/organization/things/"])
def test_an_id_without_a_path_or_an_own_id_is_none(id_: str) -> None:
    with pytest.raises(state.WrongIdError, match=id_):
        state.split_id(ApiObject.declaration, id_)


def test_a_response_without_its_id_leaves_the_id_of_the_path() -> None:
    remote = Remote({"project_id": "proj_1"}, "user-1", {"email": "ada@example.com", "role": "member"})
    outputs = state.outputs(ProjectUser.declaration, remote, ["project_id", "email", "role"]).values
    assert outputs["user_id"] == "user-1"


class Alert:
    """A kind of object with a description that can be cleared."""


def declare(**fields: tuple[Any, Field[Any, Any]]) -> Declaration:
    for name, (hint, field) in fields.items():
        field.__set_name__(Alert, name)
        field.bind_annotation(hint)
    return Declaration({name: field for name, (_, field) in fields.items()})


def test_what_the_program_takes_out_is_unset_where_openai_can_do_that() -> None:
    alert = declare(
        description=(Field[str | None], argument(default=None, when_removed=WhenRemoved.CLEARED)),
        tiers=(Field[str | list[str] | None], argument(default=None, may_be_empty=True)),
        name=(Field[str], argument(default=None)),
    )
    wanted = state.to_wanted(alert, {"name": "ops"}, managed=["name", "description", "tiers"])
    assert wanted.settings == {"name": "ops", "description": None}
    assert wanted.cleared == {"description"}
    assert state.to_wanted(alert, {"name": "ops"}, managed=["name"]).cleared == set()
