from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pulumi_openai_admin import GroupMembers, Project, ProjectRateLimit, WorkloadIdentityFederationRule, errors
from pulumi_openai_admin.lifecycle.apply import create
from pulumi_openai_admin.lifecycle.diff import StateDifference, diff
from pulumi_openai_admin.lifecycle.state import MANAGED, Inputs
from pulumi_openai_admin.schema.unknown import UNKNOWN
from tests.unit.fakes import FakeOpenAI, MemoryHost, through_pulumi

RPM, TPM = "max_requests_per_1_minute", "max_tokens_per_1_minute"
LIMIT = {"project_id": "proj_1", "model": "gpt-4o", RPM: 60.0}
ID = "proj_1/rl-gpt-4o"


@pytest.fixture
def state(openai: FakeOpenAI, host: MemoryHost) -> dict[str, Any]:
    openai.add_row("gpt-4o", **{RPM: 500, TPM: 30_000})
    return through_pulumi(create(ProjectRateLimit, host, Inputs(LIMIT)).outputs.values)


@pytest.mark.parametrize(
    ("news", "inputs", "replaces"),
    [
        ({}, (), ()),
        ({RPM: 61.0}, (RPM,), ()),
        ({RPM: None, TPM: 1.0}, (RPM, TPM), ()),
        ({RPM: UNKNOWN}, (RPM,), ()),
        ({"model": "gpt-5"}, ("model",), ("model",)),
        ({"project_id": UNKNOWN}, ("project_id",), ("project_id",)),
    ],
)
def test_the_inputs_that_differ_are_named(
    host: MemoryHost, state: dict[str, Any], news: dict[str, Any], inputs: tuple[str, ...], replaces: tuple[str, ...]
) -> None:
    assert diff(ProjectRateLimit, host, ID, state, Inputs({**LIMIT, **news})) == StateDifference(
        inputs, replaces, is_due=False
    )


def test_every_input_differs_from_a_state_that_no_step_made(host: MemoryHost, state: dict[str, Any]) -> None:
    del state[MANAGED]
    assert diff(ProjectRateLimit, host, ID, state, Inputs(LIMIT)).inputs == (
        "max_requests_per_1_minute",
        "model",
        "project_id",
    )


def test_what_an_earlier_update_left_to_do_is_due_and_said(
    host: MemoryHost, state: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    state[MANAGED]["unfinished"] = ["It broke.", "It hung."]
    assert diff(ProjectRateLimit, host, ID, state, Inputs(LIMIT)) == StateDifference((), (), is_due=True)
    assert caplog.messages == ["The previous update did not finish. This update completes it: It broke. It hung."]


def test_what_a_refresh_found_is_due_and_said_in_one_sentence(
    host: MemoryHost, state: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    state[MANAGED]["due"] = [["The invite for ada@example.com expired on 2026-12-02", "send a new one"]]
    assert diff(ProjectRateLimit, host, ID, state, Inputs(LIMIT)) == StateDifference((), (), is_due=True)
    assert caplog.messages == [
        "The invite for ada@example.com expired on 2026-12-02; update the resources to send a new one."
    ]


def test_a_setting_that_becomes_secret_makes_an_update_due(host: MemoryHost, state: dict[str, Any]) -> None:
    def is_due(name: str) -> bool:
        return diff(ProjectRateLimit, host, ID, state, Inputs(LIMIT, (name,))).is_due

    assert (is_due(RPM), is_due("project_id")) == (True, False)


def test_a_preview_names_the_users_that_an_exclusive_set_removes(
    host: MemoryHost, caplog: pytest.LogCaptureFixture
) -> None:
    inputs = {"group_id": "group_1", "user_ids": ["user-1"], "exclusive": True}
    olds = {**inputs, "user_ids": ["user-1", "user-9"], MANAGED: {"inputs": sorted(inputs)}}
    assert diff(GroupMembers, host, "group_1", olds, Inputs(inputs)).inputs == ("user_ids",)
    assert caplog.messages == ["1 user that the program does not name will be removed from group group_1: user-9."]


def test_a_preview_says_what_a_replacement_does_to_the_object(
    host: MemoryHost, caplog: pytest.LogCaptureFixture
) -> None:
    inputs = {"name": "shop", "residency": "EU"}
    olds = {**inputs, "project_id": "proj_1", MANAGED: {"inputs": sorted(inputs)}}
    difference = diff(Project, host, "proj_1", olds, Inputs({**inputs, "residency": "US"}))
    assert difference == StateDifference(("residency",), ("residency",), is_due=False)
    assert caplog.messages == [
        (
            "The old project 'shop' will be archived after the new one is created. That cannot be undone, and its "
            "keys stop working."
        )
    ]


def test_two_resources_of_a_program_that_manage_the_same_object_are_an_error_but_not_in_a_refresh(
    host: MemoryHost, state: dict[str, Any]
) -> None:
    other = replace(host, name="b")
    diff(ProjectRateLimit, other, ID, state, Inputs(LIMIT))  # a refresh, which checks nothing
    other.run.claims.declare(other.urn)
    message = "ProjectRateLimit 'b' and ProjectRateLimit 'it' both manage gpt-4o: remove it from one of them"
    with pytest.raises(errors.ConfigurationError, match=message):
        diff(ProjectRateLimit, other, ID, state, Inputs(LIMIT))


def test_a_number_in_place_of_a_boolean_is_a_change(host: MemoryHost) -> None:
    inputs = {"workload_identity_provider_id": "wip_1", "attribute_matchers": {"protected": True}}
    olds = {**inputs, MANAGED: {"inputs": sorted(inputs)}}
    same = diff(WorkloadIdentityFederationRule, host, "wip_1/wifr_1", olds, Inputs(inputs))
    other = Inputs({**inputs, "attribute_matchers": {"protected": 1}})
    assert same.inputs == ()
    assert diff(WorkloadIdentityFederationRule, host, "wip_1/wifr_1", olds, other).inputs == ("attribute_matchers",)
