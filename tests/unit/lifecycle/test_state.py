from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import (
    ApiObject,
    ApiSetting,
    OrganizationSpendLimit,
    ProjectRateLimit,
    ProjectRateLimits,
    ProjectServiceAccount,
    ProjectUser,
    Role,
    errors,
)
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.handlers.handler import PendingAction, Remote
from pulumi_openai_admin.handlers.memory import Memory
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.schema.fields import ABSENT
from tests.unit.fakes import through_pulumi

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.schema.fields import Declaration

LIMIT, ACCOUNT = ProjectRateLimit.declaration, ProjectServiceAccount.declaration
LIMITS = ProjectRateLimits.declaration
SETTING = OrganizationSpendLimit.declaration


@pytest.mark.parametrize("own", ["rl-gpt-4o", "rl-ft:gpt-4o:acme::x", "rl-org/model", "a/b/c", "x:/y"])
def test_an_id_comes_apart_as_it_was_made(own: str) -> None:
    assert state.split_id(LIMIT, state.make_id(LIMIT, Remote({"project_id": "proj_1"}, own))) == (
        {"project_id": "proj_1"},
        own,
    )
    assert ProjectRateLimit.own_id(f"proj_1/{own}") == own


def test_an_id_of_what_has_none_of_its_own_is_its_path() -> None:
    assert state.make_id(LIMITS, Remote({"project_id": "proj_1"}, "proj_1")) == "proj_1"
    assert state.split_id(LIMITS, "proj_1") == ({"project_id": "proj_1"}, "proj_1")


@pytest.mark.parametrize("id_", ["proj_1/x", "proj_1/", "/"])
def test_an_id_of_what_has_none_of_its_own_has_no_other_part(id_: str) -> None:
    with pytest.raises(ValueError):
        state.split_id(LIMITS, id_)


def test_a_setting_of_the_organization_has_one_id() -> None:
    assert state.make_id(SETTING, Remote({}, "organization")) == "organization"
    assert state.split_id(SETTING, "organization") == ({}, "organization")
    refusal = r"'proj_1' is not an id of OrganizationSpendLimit\. Its id is 'organization'\."
    with pytest.raises(errors.ConfigurationError, match=refusal):
        state.remote_of(SETTING, "proj_1", {})


def test_an_id_without_its_path_is_none() -> None:
    with pytest.raises(ValueError):
        state.split_id(LIMIT, "rl-gpt-4o")


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
    outputs = through_pulumi(state.to_outputs(declaration, remote, inputs))
    back = state.to_remote(declaration, state.make_id(declaration, remote), outputs)
    assert (back.parents, back.id, back.memory.to_state(), back.pending, back.due) == (
        remote.parents, remote.id, remote.memory.to_state(), remote.pending, remote.due,
    )  # fmt: skip
    assert back.attributes == remote.attributes
    assert not any(isinstance(value, float) for value in back.attributes.values())
    assert state.managed_inputs(outputs) == set(inputs)
    assert state.unfinished(outputs) == remote.pending


@pytest.mark.parametrize("declaration", [LIMIT, ACCOUNT], ids=["limit", "account"])
def test_an_object_of_which_only_the_id_is_known_has_it_under_openais_name(declaration: Declaration) -> None:
    remote = state.to_remote(declaration, "proj_1/thing_1", {})
    assert (remote.parents, remote.id, remote.get("id")) == ({"project_id": "proj_1"}, "thing_1", "thing_1")


@pytest.mark.parametrize("declaration", [LIMIT, ACCOUNT, LIMITS], ids=["limit", "account", "limits"])
def test_every_field_stands_in_the_state(declaration: Declaration) -> None:
    outputs = state.to_outputs(declaration, Remote({"project_id": "p"}, "x", {"id": "x"}), [])
    assert set(outputs) == {*(field.stored for field in declaration.fields.values()), state.MANAGED}
    assert None not in outputs.values()


def test_what_openai_leaves_out_is_absent_and_reads_as_none() -> None:
    outputs = state.to_outputs(LIMIT, Remote({"project_id": "p"}, "x", {"max_tokens_per_1_minute": 0}), [])
    assert outputs["max_requests_per_1_minute"] == ABSENT
    assert state.known(outputs, "max_requests_per_1_minute") is None
    assert state.known(outputs, "max_tokens_per_1_minute") == 0
    assert state.known(outputs, "no_such_thing") is None


def test_a_field_inside_another_is_found_by_its_dots() -> None:
    key = {"id": "key_1", "value": "sk-svcacct-v", "expires_at": 7}
    outputs = state.to_outputs(ACCOUNT, Remote({"project_id": "p"}, "x", {"api_key": key}), [])
    message = outputs["api_key"], outputs["api_key_id"], outputs["api_key_expires_at"]
    assert message == ("sk-svcacct-v", "key_1", 7)


@pytest.mark.parametrize("key", [None, {}, "text"])
def test_without_a_key_its_fields_are_absent(key: Any) -> None:
    outputs = state.to_outputs(ACCOUNT, Remote({"project_id": "p"}, "x", {"api_key": key}), [])
    assert outputs["api_key"] == outputs["api_key_id"] == ABSENT


def test_wanted_holds_what_is_set_by_openais_names() -> None:
    given = {"project_id": "p", "rate_limit_id": "rl-x", "max_requests_per_1_minute": 0.0, "model": None, "junk": 1}
    wanted = state.to_wanted(LIMIT, given)
    assert wanted.selection == {"id": "rl-x"}
    assert wanted.settings == {"max_requests_per_1_minute": 0}
    assert isinstance(wanted.settings["max_requests_per_1_minute"], int)


def test_a_new_object_knows_its_path_alone() -> None:
    assert state.new_remote(ACCOUNT, {"project_id": "p", "name": "n"}) == Remote({"project_id": "p"})


def test_a_state_made_elsewhere_manages_nothing() -> None:
    assert state.managed_inputs({"project_id": "p"}) is None
    assert state.managed_inputs({state.MANAGED: {"inputs": []}}) == set()
    assert state.managed_inputs({state.MANAGED: {}}) == set()
    assert state.unfinished({}) == []


def test_live_inputs_are_those_of_the_program_at_their_live_values() -> None:
    remote = Remote({"project_id": "p"}, "rl-x", {"model": "m", "max_requests_per_1_minute": 77, "id": "rl-x"})
    given = ["project_id", "model", "max_requests_per_1_minute", "max_tokens_per_1_minute"]
    live = state.live_inputs(state.to_outputs(LIMIT, remote, given))
    assert live == {"project_id": "p", "model": "m", "max_requests_per_1_minute": 77}


def test_no_secret_is_ever_an_input() -> None:
    inputs = {field.name for field in ACCOUNT.inputs}
    assert ACCOUNT.secrets == ["api_key"]
    assert not inputs & set(ACCOUNT.secrets)


def test_an_object_from_a_state_knows_which_lists_have_no_order() -> None:
    remote = state.to_remote(Role.declaration, "role_1", {"permissions": ["b", "a"], "__managed": {}})
    assert remote.unordered == {"permissions"}
    assert remote.are_equal("permissions", ["a", "b"], ["b", "a"])


def test_the_state_has_what_the_next_run_needs_to_know() -> None:
    remote = Remote({"project_id": "p"}, "x", {"id": "x"}, Memory({"anchor": "proj_1"}), ["It broke."])
    remote.due = [PendingAction("It is due", "do it"), PendingAction("It has to go", "replace it", replaces="name")]
    outputs = state.to_outputs(ACCOUNT, remote, ["name"], {"role", "name"})
    assert outputs[state.MANAGED] == {
        "inputs": ["name"],
        "anchor": "proj_1",
        "secret": ["name", "role"],
        "unfinished": ["It broke."],
        "due": [["It is due", "do it"], ["It has to go", "replace it", "name"]],
    }
    assert state.secret_inputs(outputs) == ["name", "role"]
    assert state.due(outputs) == remote.due


def test_what_the_program_no_longer_sets_is_unset_where_openai_can_do_that() -> None:
    inputs = {"name": "a", "permissions": ["b"]}
    wanted = state.to_wanted(Role.declaration, inputs, {"name", "description"})
    assert wanted.settings == {**inputs, "description": None}
    assert state.to_wanted(Role.declaration, inputs, {"name"}).settings == inputs


def test_an_id_that_fits_no_resource_is_refused_with_the_form_of_one() -> None:
    with pytest.raises(errors.ConfigurationError) as raised:
        state.remote_of(LIMIT, "rl-gpt-4o", {})
    assert raised.value.what == "'rl-gpt-4o' is not an id of ProjectRateLimit"
    assert raised.value.advice == "Its id has the form <project_id>/<rate_limit_id> (proj_…/rl-…)."


@pytest.mark.parametrize(
    "read",
    [
        lambda outputs: state.to_remote(LIMIT, "proj_1/rl-gpt-4o", outputs),
        state.managed_inputs, state.unfinished, state.due, state.secret_inputs,
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
    with pytest.raises(ValueError, match=id_):
        state.split_id(ApiObject.declaration, id_)


def test_a_response_without_its_id_leaves_the_id_of_the_path() -> None:
    remote = Remote({"project_id": "proj_1"}, "user-1", {"email": "ada@example.com", "role": "member"})
    outputs = state.to_outputs(ProjectUser.declaration, remote, ["project_id", "email", "role"])
    assert outputs["user_id"] == "user-1"
