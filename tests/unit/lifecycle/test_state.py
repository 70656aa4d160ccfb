from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import pytest

from pulumi_openai_admin import (
    ApiObject,
    ApiSetting,
    OrganizationSpendLimit,
    ProjectRateLimit,
    ProjectServiceAccount,
    ProjectUser,
    errors,
)
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.handler import PendingAction, Remote
from pulumi_openai_admin.handlers.memory import Memory
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.schema.constraints import EMAIL, Pattern
from pulumi_openai_admin.schema.fields import Declaration, Field, WhenRemoved, argument, option, output
from tests.unit.fakes import through_pulumi

if TYPE_CHECKING:
    from collections.abc import Callable


LIMIT, ACCOUNT = ProjectRateLimit.declaration, ProjectServiceAccount.declaration
SETTING = OrganizationSpendLimit.declaration


def test_a_setting_of_the_organization_has_one_id() -> None:
    assert state.make_id(SETTING, Remote({}, "organization")) == "organization"
    assert state.split_id(SETTING, "organization") == ({}, "organization")
    refusal = r"'proj_1' is not an id of OrganizationSpendLimit\. Its id is 'organization'\."
    with pytest.raises(errors.ConfigurationError, match=refusal):
        state.to_remote(SETTING, "proj_1", {})


def some_remote(dice: random.Random, declaration: Declaration) -> Remote:
    document: dict[str, Any] = {}
    for field in declaration.fields.values():
        if field.wire in {"project_id", "id"} or dice.random() < 0.3:
            continue
        kinds: dict[Any, Any] = {int: dice.randrange(2**31), bool: dice.random() < 0.5, str: f"t{dice.random()}/:é"}
        value = kinds.get(field.type, {"max_requests_per_1_minute": dice.choice([0, 7])})
        documents.put(document, field.wire, value)
    own = dice.choice(["rl-x", "rl-ft:a:b", "rl-a/b", "svc_acct_1"])
    memory = dice.choice([{}, {"written": {"a": 0, "b": 2**40}, "touched": ["a"]}])
    unfinished = dice.choice([[], ["It broke."]])
    due = dice.choice([[], [PendingAction("The invite expired", "send a new one")]])
    attributes = {**document, "id": own}
    return Remote({"project_id": "proj_1"}, own, attributes, Memory(memory), list(unfinished), list(due))


@pytest.mark.parametrize("declaration", [LIMIT, ACCOUNT], ids=["limit", "account"])
@pytest.mark.parametrize("seed", range(50))
def test_what_the_state_holds_comes_back(declaration: Declaration, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same dice in every run
    remote = some_remote(dice, declaration)
    inputs = sorted(dice.sample([field.name for field in declaration.inputs], 2))
    outputs = through_pulumi(state.outputs(declaration, remote, inputs).values)
    back = state.to_remote(declaration, state.make_id(declaration, remote), outputs)
    assert (back.parents, back.id, back.memory.to_state(), back.pending, back.due) == (
        remote.parents, remote.id, remote.memory.to_state(), remote.pending, remote.due,
    )  # fmt: skip
    assert back.attributes == remote.attributes
    assert not any(isinstance(value, float) for value in back.attributes.values())
    assert state.managed_inputs(outputs) == set(inputs)
    assert state.record(outputs).unfinished == remote.pending


def test_a_new_object_knows_its_path_alone() -> None:
    assert state.new_remote(ACCOUNT, {"project_id": "p", "name": "n"}) == Remote({"project_id": "p"})


def test_live_inputs_are_those_of_the_program_at_their_live_values() -> None:
    remote = Remote({"project_id": "p"}, "rl-x", {"model": "m", "max_requests_per_1_minute": 77, "id": "rl-x"})
    given = ["project_id", "model", "max_requests_per_1_minute", "max_tokens_per_1_minute"]
    live = state.live_inputs(state.outputs(LIMIT, remote, given).values)
    assert live == {"project_id": "p", "model": "m", "max_requests_per_1_minute": 77}


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


def test_what_the_program_takes_out_is_unset_where_openai_can_do_that() -> None:
    wanted = state.to_wanted(ALERT, {"name": "ops"}, managed=["name", "description", "tiers"])
    assert wanted.settings == {"name": "ops", "description": None}
    assert wanted.cleared == {"description"}
    assert state.to_wanted(ALERT, {"name": "ops"}, managed=["name"]).cleared == set()
