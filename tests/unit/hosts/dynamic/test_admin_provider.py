from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pulumi.dynamic import ConfigureRequest
from pulumi.output import Unknown

from pulumi_openai_admin import ProjectRateLimit, ProjectRateLimits
from pulumi_openai_admin.engine.outputs import NAMES, is_wrapped, wrap
from pulumi_openai_admin.hosts.dynamic import host
from pulumi_openai_admin.hosts.dynamic.admin_provider import AdminProvider
from pulumi_openai_admin.lifecycle.run import Run
from pulumi_openai_admin.lifecycle.state import MANAGED
from tests.unit.fakes import KEY, URL, FakeOpenAI, through_pulumi

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

LIMITS = AdminProvider(ProjectRateLimit)
POLICIES = AdminProvider(ProjectRateLimits)
RPM, TPM = "max_requests_per_1_minute", "max_tokens_per_1_minute"
LIMIT = {"project_id": "proj_1", "model": "gpt-4o", RPM: 60.0, "__provider": "gASV…"}
POLICY = {"project_id": "proj_1", "limits": {"gpt*": {RPM: 60.0}}, "__provider": "gASV…"}


@pytest.fixture(autouse=True)
def _openai(openai: FakeOpenAI, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    openai.add_row("gpt-4o", **{RPM: 500, TPM: 30_000})
    monkeypatch.setenv("OPENAI_ADMIN_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", URL)
    monkeypatch.setattr(Run, "client", lambda *_, **__: client)
    run = Run()
    for provider in (LIMITS, POLICIES):
        monkeypatch.setattr(provider, "_run", run)


def next_run(client: Client) -> None:
    client._listings.clear()
    client._owned.clear()


# Check


def test_check_passes_on_what_is_declared_and_set() -> None:
    news = {**LIMIT, TPM: None, "junk": 1, RPM: 60.0}
    result = LIMITS.check({}, news)
    assert result.failures == []
    assert result.inputs == {"project_id": "proj_1", "model": "gpt-4o", RPM: 60}
    assert isinstance(result.inputs[RPM], int)


# Diff


@pytest.fixture
def limit() -> dict[str, Any]:
    return through_pulumi(LIMITS.create(LIMIT).outs or {})


@pytest.mark.parametrize(
    ("news", "changes", "replaces"),
    [
        ({}, False, []),
        ({RPM: 61.0}, None, []),
        ({RPM: None, TPM: 1.0}, None, []),
        ({TPM: 30_000.0}, None, []),
        ({RPM: Unknown()}, None, []),
        ({"project_id": Unknown()}, None, ["project_id"]),
        ({"model": "gpt-5"}, None, ["model"]),
        ({"model": None, "rate_limit_id": "rl-other"}, None, ["rate_limit_id"]),
        ({"project_id": "proj_2", "model": "gpt-5", RPM: 1.0}, None, ["project_id", "model"]),
    ],
)
def test_diff_of_limits(limit: dict[str, Any], news: dict[str, Any], changes: bool | None, replaces: list[str]) -> None:
    result = LIMITS.diff("proj_1/rl-gpt-4o", limit, {**LIMIT, **news})
    assert (result.changes, result.replaces) == (changes, replaces)


# Create, read, update, delete


def test_a_resource_that_is_looked_up_manages_nothing(openai: FakeOpenAI) -> None:
    read = LIMITS.read("proj_1/rl-gpt-4o", dict(LIMIT))
    assert read.id == "proj_1/rl-gpt-4o"
    assert read.outs
    assert read.outs[RPM] == 500
    assert MANAGED not in read.outs
    assert read.inputs is None
    assert openai.asked("POST") == []


def test_the_stacks_configuration_is_used(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    seen: list[Any] = []
    monkeypatch.delenv("OPENAI_ADMIN_KEY")
    monkeypatch.setattr(Run, "client", lambda _run, settings, *_: seen.append(settings) or client)
    monkeypatch.setattr(host, "install", Run)
    provider = AdminProvider(ProjectRateLimit)
    provider.configure(ConfigureRequest({"openai-admin:adminApiKey": "stack-key"}))  # type: ignore[arg-type]
    provider.create(LIMIT)
    assert seen[0].admin_api_key == "stack-key"


# Secret inputs


SECRET_LIMIT = {**LIMIT, RPM: 4711.0, NAMES: [RPM]}
SECRET_POLICY = {**POLICY, "limits": {"gpt*": {RPM: 4711.0}}, NAMES: ["limits"]}


def plain_text(value: Any, marked: Any = None) -> str:
    """What of a state stands there without being encrypted, if the engine marks what it gave as secret itself."""
    if is_wrapped(value) or (marked is not None and not isinstance(marked, dict)):
        return "[secret]"
    if isinstance(value, dict):
        return " ".join(f"{key} {plain_text(item, (marked or {}).get(key))}" for key, item in value.items())
    return " ".join(map(plain_text, value)) if isinstance(value, list) else str(value)


@pytest.mark.parametrize(("provider", "news"), [(LIMITS, SECRET_LIMIT), (POLICIES, SECRET_POLICY)])
def test_a_limit_that_is_secret_is_nowhere_in_plain_text(
    client: Client, openai: FakeOpenAI, provider: AdminProvider, news: dict[str, Any]
) -> None:
    checked = provider.check({}, news).inputs
    made = provider.create({**checked, "__provider": "gASV…"})
    marked = {name: news[name] for name in news[NAMES]}
    assert made.outs
    assert "4711" in str(made.outs)
    assert "4711" not in plain_text(made.outs, marked)
    state = through_pulumi(made.outs)
    next_run(client)
    assert provider.diff(made.id, state, checked).changes is False
    read = provider.read(made.id, state)
    assert read.outs
    assert "4711" not in plain_text(read.outs, marked)
    assert read.inputs == checked
    next_run(client)
    updated = provider.update(made.id, through_pulumi(read.outs), {**checked, "project_id": "proj_1"})
    assert updated.outs
    assert "4711" not in plain_text(updated.outs, marked)
    assert openai.rows["rl-gpt-4o"][RPM] == 4711


def test_what_a_refresh_found_is_named_without_disclosing_a_secret(client: Client, openai: FakeOpenAI) -> None:
    policy = {**SECRET_POLICY, "limits": {"gpt*": {RPM: 4711.0, TPM: 4712.0}}}
    made, marked = POLICIES.create(policy), {"limits": policy["limits"]}
    openai.set_row("rl-gpt-4o", **{RPM: 77})
    next_run(client)
    read = POLICIES.read(made.id, through_pulumi(made.outs or {}))
    assert read.inputs
    assert read.inputs["limits"]["gpt-4o"] == wrap({RPM: 77, TPM: 4712})
    assert "4712" not in plain_text(read.inputs, marked) + plain_text(read.outs, marked)
    checked = POLICIES.check(through_pulumi(read.inputs), policy).inputs
    assert checked["limits"]["gpt-4o"] == wrap({RPM: 4711, TPM: 4712})
