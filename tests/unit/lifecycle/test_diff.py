from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pulumi_openai_admin import (
    AdminApiKey,
    Invite,
    Project,
    ProjectRateLimit,
    ProjectServiceAccount,
    ProjectServiceAccountApiKey,
    errors,
)
from pulumi_openai_admin.lifecycle import run
from pulumi_openai_admin.lifecycle.apply import create, preview_update
from pulumi_openai_admin.lifecycle.diff import StateDifference, diff
from pulumi_openai_admin.lifecycle.run import Host
from pulumi_openai_admin.lifecycle.state import MANAGED, Inputs
from pulumi_openai_admin.schema.shapes import UNKNOWN
from tests.unit.fakes import NOW, FakeOpenAI, Log, MemoryHost, through_pulumi

RPM, TPM = "max_requests_per_1_minute", "max_tokens_per_1_minute"
LIMIT = {"project_id": "proj_1", "model": "gpt-4o", RPM: 60.0}
ID = "proj_1/rl-gpt-4o"


@pytest.fixture
def state(openai: FakeOpenAI, host: MemoryHost) -> dict[str, Any]:
    openai.add_row("gpt-4o", **{RPM: 500, TPM: 30_000})
    return through_pulumi(create(ProjectRateLimit, host, Inputs(LIMIT)).outputs.values)


def test_what_an_earlier_update_left_is_due_and_said(host: MemoryHost, state: dict[str, Any], caplog: Log) -> None:
    state[MANAGED]["unfinished"] = "It broke. It hung."
    assert diff(ProjectRateLimit, host, ID, state, Inputs(LIMIT)) == StateDifference((), (), is_due=True)
    assert caplog.messages == ["The previous update did not finish. This update completes it: It broke. It hung."]


def test_a_setting_that_becomes_secret_makes_an_update_due(host: MemoryHost, state: dict[str, Any]) -> None:
    def is_due(name: str) -> bool:
        return diff(ProjectRateLimit, host, ID, state, Inputs(LIMIT, (name,))).is_due

    assert (is_due(RPM), is_due("project_id")) == (True, False)


def test_a_preview_says_what_a_replacement_does_to_the_object(host: MemoryHost, caplog: Log) -> None:
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


@pytest.mark.parametrize(("roles", "is_same"), [(("member", "owner"), True), (("owner", "member"), False)])
def test_another_order_of_projects_sends_no_second_invite(
    host: MemoryHost, roles: tuple[str, str], *, is_same: bool
) -> None:
    def invite(*projects: tuple[str, str]) -> dict[str, Any]:
        listed = [{"project_id": id_, "role": role} for id_, role in projects]
        return {"email": "eve@example.com", "role": "reader", "projects": listed}

    inputs = invite(("proj_1", "member"), ("proj_2", "owner"))
    olds = {**inputs, "invite_id": "invite-1", "status": "pending", MANAGED: {"inputs": sorted(inputs)}}
    first, second = roles
    found = diff(Invite, host, "invite-1", olds, Inputs(invite(("proj_2", second), ("proj_1", first))))
    assert found.replaces == (() if is_same else ("projects",))


def test_two_resources_of_one_object_are_an_error_except_in_a_refresh(host: MemoryHost, state: dict[str, Any]) -> None:
    other = replace(host, name="b")
    diff(ProjectRateLimit, other, ID, state, Inputs(LIMIT))  # a refresh, which checks nothing
    other.run.claims.declared.add(other.urn)
    message = "ProjectRateLimit 'b' and ProjectRateLimit 'it' both manage gpt-4o: remove it from one of them"
    with pytest.raises(errors.ConfigurationError, match=message):
        diff(ProjectRateLimit, other, ID, state, Inputs(LIMIT))


DAY = 86_400
SCHEDULE = {"rotate_every": "90d", "overlap": "24h"}
KNOWN = {"admin_api_key_id", "api_key"}


def key_state(**more: Any) -> dict[str, Any]:
    """A key that was created at `NOW`."""
    inputs = {"name": "ci", **SCHEDULE}
    shown = {"admin_api_key_id": "key_2", "api_key": "sk-admin-V", "created_at": NOW, "retiring_api_keys": ""}
    return {**inputs, **shown, **more, MANAGED: {"inputs": sorted(inputs), **more.get(MANAGED, {})}}


def key_inputs(**more: Any) -> Inputs:
    return Inputs({name: value for name, value in {"name": "ci", **SCHEDULE, **more}.items() if value is not None})


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets this machine's clock to some days after `NOW`."""
    return lambda number: monkeypatch.setattr("time.time", lambda: NOW + number * DAY)


@pytest.mark.parametrize("name", ["rotate_every", "overlap"])
def test_a_schedule_that_is_not_known_yet_says_nothing(host: MemoryHost, days: Any, caplog: Any, name: str) -> None:
    days(93)
    assert diff(AdminApiKey, host, "key_1", key_state(), key_inputs(**{name: UNKNOWN})).replaces == ()
    assert caplog.messages == []


def test_a_state_of_nobodys_is_never_due(host: MemoryHost, days: Any, caplog: Any) -> None:
    days(93)
    olds = key_state()
    del olds[MANAGED]
    assert not diff(AdminApiKey, host, "key_1", olds, key_inputs()).is_due
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("here", "there", "is_due"), [(1, 93, True), (93, 1, True), (93, None, True), (1, None, False)]
)
def test_what_is_due_follows_the_clock_that_is_ahead(
    host: MemoryHost, days: Any, here: float, there: float | None, is_due: bool
) -> None:
    days(here)

    host.at_server = lambda **_: None if there is None else NOW + there * DAY
    assert diff(AdminApiKey, host, "key_1", key_state(), key_inputs()).is_due is is_due
    outputs = preview_update(AdminApiKey, host, "key_1", key_state(), key_inputs()).values
    assert (not KNOWN & set(outputs)) is is_due


def test_the_time_is_asked_for_once_if_something_falls_due(host: MemoryHost, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(run, "_date_header", lambda base_url: asked.append(base_url) or "")
    assert Host.time_at_server(host) is None
    assert asked == []
    for _ in range(2):
        assert Host.time_at_server(host, is_near=True) is None
    assert len(asked) == 1


def test_with_an_overlap_an_update_is_due_that_changes_the_key(host: MemoryHost, days: Any, caplog: Any) -> None:
    days(93)
    assert diff(AdminApiKey, host, "key_1", key_state(), key_inputs()) == StateDifference((), (), is_due=True)
    (message,) = caplog.messages
    assert message.startswith("Admin API key key_2 was created 93 days ago and is rotated every 90 days; ")
    assert message.endswith("; update the resources to create a new key. The current key is revoked 24 hours later.")
    assert not KNOWN & set(preview_update(AdminApiKey, host, "key_1", key_state(), key_inputs()).values)


@pytest.mark.parametrize(
    ("key", "keyless", "is_kept"),
    [("sk-1", None, True), ("", True, True), ("", None, False), ("sk-1", True, False), ("sk-1", UNKNOWN, False)],
)
def test_a_preview_of_an_account_does_not_know_the_key_that_the_update_creates_or_ends(
    host: MemoryHost, key: str, keyless: Any, is_kept: bool
) -> None:
    inputs = {"project_id": "proj_1", "name": "ci"}
    shown = {"service_account_id": "svc_acct_1", "api_key": key, "api_key_id": key and "key_1"}
    olds = {**inputs, **shown, MANAGED: {"inputs": sorted(inputs)}}
    news = Inputs({**inputs, **({} if keyless is None else {"create_service_account_only": keyless})})
    known = preview_update(ProjectServiceAccount, host, "proj_1/svc_acct_1", olds, news).values
    assert ("api_key" in known) is is_kept


@pytest.mark.parametrize(
    ("resource", "id_", "expires_at"),
    [
        (ProjectServiceAccount, "proj_1/svc_acct_1", "api_key_expires_at"),
        (ProjectServiceAccountApiKey, "proj_1/svc_acct_1/key_1", "expires_at"),
    ],
)
@pytest.mark.parametrize("passed", [0, 2])
def test_a_preview_does_not_know_what_becomes_of_an_expired_key(
    host: MemoryHost, days: Any, resource: Any, id_: str, expires_at: str, passed: int
) -> None:
    days(passed)
    inputs = {"project_id": "proj_1", "service_account_id": "svc_acct_1", "name": "ci", "expires_in_seconds": DAY}
    key = {"api_key": "sk-1", "api_key_id": "key_1", expires_at: NOW + DAY}
    given = {name: value for name, value in inputs.items() if name in {it.name for it in resource.declaration.inputs}}
    olds = {**inputs, **key, MANAGED: {"inputs": sorted(given)}}
    news = Inputs({**given, "expires_in_seconds": 2 * DAY})
    assert ("api_key" in preview_update(resource, host, id_, olds, news).values) is (passed == 0)


def test_without_an_overlap_it_is_a_replacement(host: MemoryHost, days: Any, caplog: Any) -> None:
    days(93)
    found = diff(AdminApiKey, host, "key_1", key_state(), key_inputs(overlap=None))
    assert found == StateDifference(("overlap",), ("rotate_every",), is_due=True)
    assert "is rotated every 90 days; update the resources to replace it." in caplog.text
