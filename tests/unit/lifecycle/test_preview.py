"""What a preview that asks OpenAI tells."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import (
    GroupMembers,
    GroupUser,
    ProjectGroup,
    ProjectMembers,
    ProjectRateLimit,
    ProjectRateLimits,
    ProjectSpendLimit,
    ProjectUser,
    ProjectUserRole,
    errors,
)
from pulumi_openai_admin.handlers.handler import Observation, ValueComparison
from pulumi_openai_admin.handlers.shapes.setting import Setting
from pulumi_openai_admin.lifecycle.apply import create, update
from pulumi_openai_admin.lifecycle.check import check
from pulumi_openai_admin.lifecycle.diff import diff
from pulumi_openai_admin.lifecycle.preview import PreviewMessages, before_create, before_update, suggest
from pulumi_openai_admin.lifecycle.state import MANAGED, Inputs
from pulumi_openai_admin.remedies import NOTE
from pulumi_openai_admin.schema.shapes import UNKNOWN
from tests import keyed
from tests.unit.fakes import KEY, FakeOpenAI, Log, MemoryHost, through_pulumi

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.resources.base import AdminResource

RPM, TPM = "max_requests_per_1_minute", "max_tokens_per_1_minute"
ROW = {"project_id": "proj_1", "model": "gpt-4o", RPM: 60.0}
ID = "proj_1/rl-gpt-4o"
LIST = ("GET", "/organization/projects/proj_1/rate_limits")
SETTING = Setting("/organization/thing", noun="thing", settable=("a", "b", "c"))


@pytest.fixture
def asking(host: MemoryHost, caplog: Log) -> MemoryHost:
    """A host whose previews ask OpenAI."""
    host.settings["openai-admin:previewReads"] = "true"
    caplog.set_level(NOTE)
    return host


def told(caplog: Log, level: int) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == level]


def calls(openai: FakeOpenAI) -> list[tuple[str, str]]:
    return [(method, path) for method, path, _ in openai.calls]


@pytest.fixture
def state(openai: FakeOpenAI, asking: MemoryHost, client: Client) -> dict[str, Any]:
    openai.add_row("gpt-4o", **{RPM: 500, TPM: 30_000})
    made = through_pulumi(create(ProjectRateLimit, asking, Inputs(ROW)).outputs.values)
    openai.calls.clear()
    client._listings.clear()  # the preview is another run
    return made


def of_b(**settings: str) -> dict[str, str]:
    """The settings of Provider 'b'."""
    return {f"openai-admin:{name}": value for name, value in {"provider": "b", **settings}.items()}


@pytest.mark.parametrize(
    ("given", "key", "olds", "how"),
    [
        ({}, KEY, {}, "openai-admin:previewReads true in the stack configuration (or false, to hide this message)."),
        (of_b(adminApiKey=KEY), KEY, {}, "preview_reads of Provider 'b' to True (or False, to hide this message)."),
        ({"openai-admin:previewReads": "false"}, KEY, {}, ""),
        ({"openai-admin:previewReads": "true"}, KEY, {}, ""),
        ({}, "", {}, ""),
        (of_b(), "", {}, ""),
        ({}, KEY, ROW, ""),
    ],
    ids=["stack", "provider", "off", "on", "no key", "no key of the provider", "with resources"],
)
def test_the_first_preview_of_a_stack_says_once_how_previews_ask(
    host: MemoryHost,
    caplog: Log,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, str],
    key: str,
    olds: dict[str, Any],
    how: str,
) -> None:
    caplog.set_level(NOTE)
    monkeypatch.setenv("OPENAI_ADMIN_KEY", key)
    host.settings = given
    for _ in range(2):
        for before in (olds, {}):
            check(ProjectRateLimit, host, before, Inputs(ROW))
        suggest(host)
    note = f"This preview did not read from OpenAI. To find wrong models and ids, set {how}"
    assert told(caplog, NOTE) == ([note] if how else [])


REFUSAL = "To refuse a key of another organization, set organization of Provider 'b' (org-…)."


@pytest.mark.parametrize(
    ("given", "olds", "whose"),
    [
        (
            of_b(previewReads="false", organization="org-b"), {},
            "organization org-b. OpenAI refuses a key of another organization.",
        ),
        (
            of_b(previewReads="false"), {},
            f"the organization of this key, which the preview did not read. {REFUSAL}",
        ),
        (of_b(previewReads="true"), {}, f"the organization of project proj_1. {REFUSAL}"),
        (of_b(adminApiKey=KEY), {}, ""),
        ({}, {}, ""),
        (of_b(), ROW, ""),
    ],
    ids=["set", "not read", "read", "another key", "no provider", "with resources"],
)  # fmt: skip
def test_the_first_preview_says_once_which_organization_a_provider_with_the_key_of_the_environment_manages(
    openai: FakeOpenAI,
    host: MemoryHost,
    caplog: Log,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, str],
    olds: dict[str, Any],
    whose: str,
) -> None:
    openai.add_row("gpt-4o", max_requests_per_1_minute=1)
    monkeypatch.setattr("pulumi_openai_admin.http.client.Client.anchor", lambda _: "proj_1")
    caplog.set_level(NOTE)
    monkeypatch.setenv("OPENAI_ADMIN_KEY", KEY)
    host.settings = given
    for _ in range(2):
        check(ProjectRateLimit, host, olds, Inputs(ROW))
        suggest(host)
        before_create(ProjectRateLimit, host, Inputs(ROW))
    note = f"Provider 'b' uses the admin key from the environment variable OPENAI_ADMIN_KEY and manages {whose}"
    assert [text for text in told(caplog, NOTE) if "organization" in text] == ([note] if whose else [])


@pytest.mark.parametrize("setting", [None, "false", "False", ""])
def test_a_preview_asks_nothing_unless_it_is_set_to(
    openai: FakeOpenAI, host: MemoryHost, state: dict[str, Any], setting: str | None
) -> None:
    host.settings = {} if setting is None else {"openai-admin:previewReads": setting}
    before_create(ProjectRateLimit, host, Inputs(ROW))
    before_update(ProjectRateLimit, host, ID, state, Inputs({**ROW, RPM: 61.0}))
    spending = Inputs({"project_id": "proj_1"})
    before_update(ProjectSpendLimit, host, "proj_1", {MANAGED: {"inputs": []}}, spending, changes=False)
    assert not openai.calls


def test_of_a_policy_each_model_is_told_and_one_list_read(openai: FakeOpenAI, asking: MemoryHost, caplog: Log) -> None:
    for model, limit in (("gpt-4o", 500), ("gpt-4o-mini", 0), ("o1", 0)):
        openai.add_row(model, **{RPM: limit})
    limits = {"gpt-4o": {RPM: 60.0}, "gpt-*": {RPM: 7.0}}
    for _ in range(3):
        before_create(
            ProjectRateLimits, asking, Inputs({"project_id": "proj_1", "limits": limits, "others": {RPM: 0.0}})
        )
    values = f"gpt-4o {RPM} 500 => 60; gpt-4o-mini {RPM} 0 => 7; o1 {RPM} 0 (unchanged)"
    assert told(caplog, NOTE) == [f"The rate limits of project proj_1, at OpenAI now: {values}."] * 3
    assert calls(openai) == [LIST]
    with pytest.raises(errors.NoMatchError, match="Did you mean gpt-4o"):
        before_create(ProjectRateLimits, asking, Inputs({"project_id": "proj_1", "limits": {"gpt-4oo": {RPM: 1.0}}}))


@pytest.mark.parametrize("name", ["project_id", "model"])
def test_which_object_it_is_has_to_be_known(openai: FakeOpenAI, asking: MemoryHost, name: str) -> None:
    before_create(ProjectRateLimit, asking, Inputs({**ROW, name: UNKNOWN}))
    assert not openai.calls


@pytest.mark.parametrize(
    ("resource", "inputs", "message"),
    [
        (ProjectMembers, {"members": keyed.members({"ada@example.com": "owner", "user-ada": "member"})}, ""),
        (
            ProjectMembers,
            {"members": keyed.members({"ada@example.com": "owner", "eve@example.com": "owner"})},
            "address eve@example",
        ),
        (
            ProjectMembers,
            {"members": keyed.members({"eve@example.com": "owner", "user-eve": "owner"})},
            "2 of 2 users .eve@example.c",
        ),
        (ProjectMembers, {"members": UNKNOWN}, ""),
        (ProjectUser, {"email": "ADA@example.com", "role": "member"}, ""),
        (ProjectUser, {"email": "eve@example.com", "role": "member"}, "no user with the address eve@example.com"),
        (ProjectUser, {"user_id": UNKNOWN, "role": "member"}, ""),
        (ProjectGroup, {"group_id": "group_none", "role": "member"}, "no group group_none"),
        (ProjectUserRole, {"user_id": "user-ada", "role_id": "role_none"}, ""),
    ],
)
def test_people_and_groups_of_a_place_that_is_new_are_looked_for(
    openai: FakeOpenAI, asking: MemoryHost, resource: type[AdminResource], inputs: dict[str, Any], message: str
) -> None:
    openai.seed(users=[{"id": "user-ada", "email": "ada@example.com", "role": "reader"}])
    with pytest.raises(errors.AdminError, match=message) if message else nullcontext():
        before_create(resource, asking, Inputs({"project_id": UNKNOWN, **inputs}))
    assert {method for method, _ in calls(openai)} <= {"GET"}
    assert not [path for _, path in calls(openai) if "proj" in path]


@pytest.mark.usefixtures("openai")
def test_a_member_of_a_group_that_is_new_is_looked_for(asking: MemoryHost) -> None:
    for resource, inputs in ((GroupUser, {"user_id": "user-eve"}), (GroupMembers, {"user_ids": ["user-eve"]})):
        with pytest.raises(errors.NoMatchError, match="The organization has no user user-eve"):
            before_create(resource, asking, Inputs({"group_id": UNKNOWN, **inputs}))


def test_drift_is_told_in_an_update(openai: FakeOpenAI, asking: MemoryHost, state: dict[str, Any], caplog: Log) -> None:
    openai.set_row("rl-gpt-4o", **{RPM: 100, TPM: 7})
    before_update(ProjectRateLimit, asking, ID, state, Inputs({**ROW, RPM: 80.0, TPM: 7.0}))
    (text,) = told(caplog, logging.WARNING)
    assert text == (
        f"Changed outside Pulumi: rate limit rl-gpt-4o of project proj_1: {RPM} 60 in the state, 100 at "
        f"OpenAI. This update sets 80. {TPM} 30000 in the state, 7 at OpenAI. The program has the same value."
    )
    assert {method for method, _ in calls(openai)} <= {"GET"}


def test_no_secret_value_is_told(openai: FakeOpenAI, asking: MemoryHost, state: dict[str, Any], caplog: Log) -> None:
    openai.set_row("rl-gpt-4o", **{RPM: 12_345})
    before_create(ProjectRateLimit, asking, Inputs({**ROW, RPM: 6789.0}, (RPM,)))
    before_create(
        ProjectRateLimits, asking, Inputs({"project_id": "proj_1", "limits": {"gpt-4o": {RPM: 6789.0}}}, ("limits",))
    )
    state[MANAGED]["secret"] = [RPM]
    before_update(ProjectRateLimit, asking, ID, state, Inputs({**ROW, RPM: 6789.0}))
    assert f"{RPM} [secret] => [secret]." in caplog.text
    assert f"{RPM} [secret] in the state, [secret] at OpenAI. This update sets [secret]." in caplog.text
    for secret in ("12345", "6789", " 60", KEY):
        assert secret not in caplog.text


def test_a_missing_key_is_told_once(openai: FakeOpenAI, asking: MemoryHost) -> None:
    del asking.settings["openai-admin:adminApiKey"]
    with pytest.raises(errors.PreviewReadError) as error:
        before_create(ProjectRateLimit, asking, Inputs(ROW))
    assert str(error.value) == (
        "This preview could not read from OpenAI: There is no OpenAI admin key. Set the environment variable "
        "OPENAI_ADMIN_KEY. To keep the key in the stack instead, set openai-admin:adminApiKey in the stack "
        "configuration, encrypted. To preview without asking, set openai-admin:previewReads false in the stack "
        "configuration."
    )
    before_create(ProjectRateLimit, asking, Inputs(ROW))
    assert not openai.calls


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((401, {"error": {"message": "Incorrect API key provided"}}), "OpenAI does not accept the admin key"),
        (requests.ConnectionError("No route to host"), "can't be reached|broke"),
        ((503, {}), "status 503"),
    ],
)
def test_a_missing_answer_is_told_once(openai: FakeOpenAI, asking: MemoryHost, answer: Any, reason: str) -> None:
    openai.surprise("GET", "rate_limits", answer, times=1000)
    with pytest.raises(
        errors.PreviewReadError, match=rf"(?s)could not read from OpenAI: .*({reason}).*previewReads false"
    ):
        before_create(ProjectRateLimit, asking, Inputs(ROW))
    asked = len(openai.calls)
    before_create(ProjectRateLimit, asking, Inputs({**ROW, "model": "o1"}))
    assert len(openai.calls) == asked


def test_a_preview_can_change_nothing(asking: MemoryHost, monkeypatch: pytest.MonkeyPatch, openai: FakeOpenAI) -> None:
    openai.add_row("gpt-4o", **{RPM: 1})
    handler = type(ProjectRateLimit.handler)
    monkeypatch.setattr(handler, "observe", lambda self, client, remote, wanted: self.create(client, remote, wanted))
    with pytest.raises(RuntimeError, match="only reads"):
        before_create(ProjectRateLimit, asking, Inputs(ROW))
    assert {method for method, _ in calls(openai)} == {"GET"}


def test_a_limit_above_what_a_refusal_named_is_warned_of(
    openai: FakeOpenAI, asking: MemoryHost, state: dict[str, Any], caplog: Log
) -> None:
    message = f"The {RPM} for rl-gpt-4o cannot exceed the organization rate limit of 500.0"
    openai.refuse_row("gpt-4o", "organization_rate_limit_exceeded", message)
    with pytest.raises(errors.BadRequestError):
        update(ProjectRateLimit, asking, ID, state, Inputs({**ROW, RPM: 900.0}))
    ((_, outputs, _),) = asking.kept
    assert openai.rows["rl-gpt-4o"][RPM] == 60
    refused = through_pulumi(outputs.values)
    diff(ProjectRateLimit, asking, ID, refused, Inputs({**ROW, RPM: 400.0}))
    assert "the most that OpenAI accepted" not in caplog.text
    openai.surprises.clear()
    accepted = update(ProjectRateLimit, asking, ID, refused, Inputs({**ROW, RPM: 400.0})).values
    caplog.clear()
    diff(ProjectRateLimit, asking, ID, through_pulumi(accepted), Inputs({**ROW, RPM: 501.0}))
    (text,) = caplog.messages
    assert text == (
        f"Rate limit rl-gpt-4o of project proj_1: {RPM} is 501, above the organization's last known maximum of "
        "500. The update fails unless OpenAI has raised the maximum."
    )
    raised = update(ProjectRateLimit, asking, ID, through_pulumi(accepted), Inputs({**ROW, RPM: 501.0})).values
    assert "ceilings" not in raised[MANAGED]


def compared(name: str, now: Any, wanted: Any, known: Any = None) -> ValueComparison:
    return ValueComparison(name, name, known, now, wanted, now == wanted)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([], ""),
        ([compared("a", 1, 1)], "The thing, at OpenAI now: a 1 (unchanged)."),
        ([compared("a", None, "x")], "The thing, at OpenAI now: a not found => x."),
        ([compared("", None, "there")], "The thing, at OpenAI now: not found => there."),
        ([compared("a", ["x", "y"], [])], "The thing, at OpenAI now: a x, y => none."),
        ([compared("a", "x" * 60, 1)], f"The thing, at OpenAI now: a {'x' * 60} => 1."),
        ([compared("a", "x" * 61, 1)], f"The thing, at OpenAI now: a {'x' * 60}… => 1."),
        ([compared("a", 1, 1), compared("b", 2, 2)], "The thing, at OpenAI now: a 1 (unchanged); b 2 (unchanged)."),
        ([compared("a", 1, 2), compared("b", 3, 4)], "The thing, at OpenAI now: a 1 => 2; b 3 => 4."),
        (
            [compared("a", 1, 2), compared("b", 3, 4), compared("c", 5, 5)],
            "The thing, at OpenAI now: a 1 => 2; b 3 => 4; c 5 (unchanged).",
        ),
        (
            [compared("a", 1, 2), compared("b", 3, 3), compared("c", 5, 5)],
            "The thing, at OpenAI now: a 1 => 2; 2 more are unchanged.",
        ),
        ([compared("a", True, False)], "The thing, at OpenAI now: a True => False."),
    ],
)
def test_what_is_found_is_told_in_one_sentence(values: list[ValueComparison], text: str) -> None:
    assert PreviewMessages(SETTING).found(Observation("the thing", values), is_new=True) == text


def test_of_an_update_only_news_are_told() -> None:
    observation = Observation(
        "the thing", [compared("a", 1, 2, known=1), compared("b", 3, 4), compared("c", 5, 6, known=7)]
    )
    assert PreviewMessages(SETTING).found(observation, is_new=False) == "The thing, at OpenAI now: b 3 => 4."
    assert PreviewMessages(SETTING).drifted(observation) == (
        "Changed outside Pulumi: the thing: c 7 in the state, 5 at OpenAI. This update sets 6."
    )
    assert PreviewMessages(SETTING).drifted(Observation("the thing", observation.values[:2])) == ""


def test_a_limit_with_its_values_may_have_another_name(asking: MemoryHost, state: dict[str, Any], caplog: Log) -> None:
    assert state[RPM] == ROW[RPM]
    before_create(ProjectRateLimit, asking, Inputs(ROW))
    what = "Rate limit rl-gpt-4o of project proj_1 already has these values."
    renamed = "If this stack manages it under another name, add an alias with its old name to keep the original values."
    assert f"{what} {renamed}" in told(caplog, NOTE)
    caplog.clear()
    before_create(ProjectRateLimit, asking, Inputs({**ROW, RPM: 61.0}))
    assert not any("another name" in text for text in told(caplog, NOTE))
