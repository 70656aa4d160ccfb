from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import ProjectRateLimit, errors
from pulumi_openai_admin.handlers.handler import Observation, Remote, ValueComparison, Wanted
from pulumi_openai_admin.handlers.shapes.rate_limit import limits_requests
from tests.unit.fakes import FakeOpenAI, Log, error_body, first_claim, next_run, told

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

ROW = ProjectRateLimit.handler
RPM, TPM = "max_requests_per_1_minute", "max_tokens_per_1_minute"
IPM, BATCH = "max_images_per_1_minute", "batch_1_day_max_input_tokens"


@pytest.fixture(autouse=True)
def _rows(openai: FakeOpenAI) -> None:
    openai.add_row("gpt-4o-mini", **{RPM: 900, TPM: 90_000})
    openai.add_row("gpt-4o", **{RPM: 500, TPM: 30_000})


def live(openai: FakeOpenAI, field: str) -> Any:
    return openai.rows["rl-gpt-4o"].get(field)


def wanted(model: str = "gpt-4o", **settings: int) -> Wanted:
    return Wanted({"model": model}, settings)


def new() -> Remote:
    return Remote({"project_id": "proj_1"})


def created(client: Client, **settings: int) -> Remote:
    remote = new()
    ROW.create(client, remote, wanted(**settings))
    return remote


def deleted(client: Client, remote: Remote) -> None:
    """Delete in another run: another process, another client."""
    ROW.delete(type(client)(client.requestor), remote)


def test_somebody_else_who_changes_the_field_is_mentioned(client: Client, openai: FakeOpenAI, caplog: Log) -> None:
    remote = created(client, **{RPM: 60})
    openai.set_row("rl-gpt-4o", **{RPM: 77})
    ROW.update(next_run(client, remote), remote, wanted(**{RPM: 80}))
    assert told(caplog) == (
        f"rate limit rl-gpt-4o of project proj_1: {RPM} was changed outside Pulumi from 60 to 77, and is set to 80. "
        "If another program manages the same rate limit, remove it from one of them."
    )


def test_what_openai_does_not_put_back_can_be_let_go(client: Client, openai: FakeOpenAI, caplog: Log) -> None:
    remote = created(client, **{RPM: 60})
    openai.surprise("POST", "rl-gpt-4o$", (200, dict(openai.rows["rl-gpt-4o"])), times=2)
    deleted(client, remote)
    assert f"{RPM} stays at 60 instead of 500 (500 was not accepted: OpenAI accepted the change" in told(caplog)


def test_a_row_that_is_gone_needs_not_be_put_back(client: Client, openai: FakeOpenAI, caplog: Log) -> None:
    remote = created(client, **{RPM: 60})
    openai.catalogue.clear()
    deleted(client, remote)
    name = "rate limit rl-gpt-4o of project proj_1"
    assert told(caplog).endswith(f"Could not restore {name}: {name} no longer exists at OpenAI.")


def test_a_project_that_the_key_does_not_show_is_an_error(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, **{RPM: 60})
    openai.remove("project", "proj_1")
    with pytest.raises(errors.ProjectNotFoundError):
        deleted(client, remote)


def test_a_ceiling_that_is_named_is_nearer_to_what_was_there(client: Client, openai: FakeOpenAI, caplog: Log) -> None:
    remote = created(client, **{RPM: 60, TPM: 1})
    message = f"The {RPM} for rl-gpt-4o cannot exceed the organization rate limit of 300.0"
    openai.surprise("POST", "rl-gpt-4o$", (400, error_body(message, "organization_rate_limit_exceeded")))
    deleted(client, remote)
    assert (live(openai, RPM), live(openai, TPM)) == (300, 30_000)
    assert f"{RPM} stays at 300 instead of 500 (the maximum that OpenAI accepts now)" in told(caplog)


def test_a_limit_that_a_refusal_names_is_known_by_the_name_of_the_program() -> None:
    refusal: Any = SimpleNamespace(facts=SimpleNamespace(message="max_rpm is too high"))
    assert replace(ROW, wire_names={RPM: "max_rpm"}).field_in(refusal) == RPM


def test_one_list_without_the_row_does_not_lose_its_baseline(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, **{RPM: 60})
    openai.surprise("GET", "rate_limits$", (200, {"object": "list", "data": [], "has_more": False}))
    ROW.read(next_run(client, remote), remote)
    assert remote.attributes["baseline"] == {RPM: 500}


@pytest.mark.parametrize(
    ("selection", "document", "claimed"),
    [
        ({"model": "gpt-4o"}, {}, (["gpt-4o"], "")),
        ({"id": "rl-gpt-4o"}, {}, ([], "rl-gpt-4o")),
        ({"id": "rl-gpt-4o"}, {"id": "rl-gpt-4o", "model": "gpt-4o"}, (["gpt-4o"], "rl-gpt-4o")),
        ({"model": "gpt-4o"}, {"id": "rl-gpt-4o", "model": "gpt-4o"}, (["gpt-4o"], "rl-gpt-4o")),
        ({"id": "rl-o3"}, {"id": "rl-gpt-4o", "model": "gpt-4o"}, ([], "rl-o3")),
        ({"model": "o3"}, {"id": "rl-gpt-4o", "model": "gpt-4o"}, (["o3"], "")),
        ({"model": None}, {}, None),
        ({}, {}, None),
    ],
)
def test_a_row_is_claimed_by_all_that_is_known_of_it(
    selection: dict[str, Any], document: dict[str, Any], claimed: tuple[list[str], str] | None
) -> None:
    claim = first_claim(ROW, {"project_id": "proj_1"}, Wanted(selection, {RPM: 1}), document)
    assert (claim and (list(claim.policy.limits), claim.id)) == claimed


def test_a_preview_compares_what_the_program_sets(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, **{RPM: 60})
    openai.set_row("rl-gpt-4o", **{RPM: 77})
    observation = ROW.observe(next_run(client, remote), remote, wanted(**{RPM: 77, TPM: 1}))
    assert observation == Observation(
        "rate limit rl-gpt-4o of project proj_1",
        [ValueComparison(RPM, RPM, 60, 77, 77, True), ValueComparison(TPM, TPM, 30_000, 30_000, 1, False)],
    )
    with pytest.raises(errors.NoMatchError) as told_of:
        ROW.observe(client, new(), wanted("gpt-4x"))
    assert told_of.value.what == "Project proj_1 has no rate limit for the model 'gpt-4x'"
    assert told_of.value.advice == "Did you mean gpt-4o?"
    with pytest.raises(errors.NoMatchError) as told_of:
        ROW.observe(client, new(), Wanted({"id": "x"}, {}))
    assert told_of.value.what == "Project proj_1 has no rate limit for the rate limit id 'x'"
    assert told_of.value.advice == "Check it in OpenAI's dashboard, under Limits."


@pytest.mark.parametrize(
    ("wanted", "accepted", "shown", "is_limited"),
    [
        ({RPM: 0}, {RPM: 0}, {RPM: 0}, True),
        ({RPM: 0}, {}, {RPM: 500}, False),
        ({RPM: 0, TPM: 0, BATCH: 0}, {RPM: 0}, {RPM: 0, TPM: 9}, True),  # a limit of another kind does not apply
        ({RPM: 0, TPM: 0, BATCH: 0}, {BATCH: 0}, {IPM: 5, BATCH: 0}, False),  # batches are counted apart from requests
        ({RPM: 0, TPM: 1000}, {TPM: 1000}, {IPM: 5, TPM: 1000}, False),  # none of what is left blocks requests
        ({RPM: 60, TPM: 1000}, {TPM: 1000}, {TPM: 1000}, True),
        ({RPM: 60, BATCH: 9}, {BATCH: 9}, {IPM: 5, BATCH: 9}, False),
        ({BATCH: 0}, {}, {RPM: 500}, True),  # the model takes no batches
        ({BATCH: 0}, {}, {RPM: 500, BATCH: 9}, False),
    ],
)
def test_a_model_is_limited_if_what_openai_accepts_limits_its_requests(
    wanted: dict[str, int], accepted: dict[str, int], shown: dict[str, int], is_limited: bool
) -> None:
    assert limits_requests(wanted, accepted, shown) is is_limited
