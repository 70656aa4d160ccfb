from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.baseline import Writes
from pulumi_openai_admin.handlers.handler import Observation, Remote, ValueComparison, Wanted
from pulumi_openai_admin.handlers.memory import Memory
from pulumi_openai_admin.handlers.shapes.rate_limit import CEILING_ADVICE, Ceilings, RateLimitSetting
from pulumi_openai_admin.handlers.shapes.rate_limits import RateLimitSettings
from pulumi_openai_admin.similar import suggestion
from tests.unit.fakes import KEY, FakeOpenAI, error_body, first_claim, next_run, through_pulumi, told

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

ROW = RateLimitSetting("/organization/projects/{project_id}/rate_limits", noun="rate limit")
RPM, TPM, RPD = "max_requests_per_1_minute", "max_tokens_per_1_minute", "max_requests_per_1_day"
ROWS = RateLimitSettings(ROW, (RPM, TPM, RPD))
AT = "/organization/projects/proj_1/rate_limits/rl-gpt-4o"


@pytest.fixture(autouse=True)
def row(openai: FakeOpenAI) -> dict[str, Any]:
    openai.add_row("gpt-4o-mini", **{RPM: 900, TPM: 90_000})
    return openai.rows[openai.add_row("gpt-4o", **{RPM: 500, TPM: 30_000})]


def wanted(model: str = "gpt-4o", **settings: int) -> Wanted:
    return Wanted({"model": model}, settings)


def new() -> Remote:
    return Remote({"project_id": "proj_1"})


def created(client: Client, **settings: int) -> Remote:
    remote = new()
    ROW.create(client, remote, wanted(**settings))
    return remote


def updated(client: Client, remote: Remote, **settings: int) -> Remote:
    ROW.update(next_run(client, remote), remote, wanted(**settings))
    return remote


def deleted(client: Client, remote: Remote) -> None:
    """Delete in another run: another process, another client."""
    ROW.delete(type(client)(client.requestor), remote)


# Creating


def test_a_reply_without_the_model_leaves_it_known(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "rl-gpt-4o$", (200, {RPM: 60}), acts=True)
    remote = created(client, **{RPM: 60})
    assert (remote.id, remote.attributes["model"], remote.attributes[RPM]) == ("rl-gpt-4o", "gpt-4o", 60)
    assert ROW.listing(client, remote).row("rl-gpt-4o") == {"id": "rl-gpt-4o", "model": "gpt-4o", RPM: 60}


def test_only_what_the_program_sets_is_sent(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, **{RPM: 60})
    assert openai.asked("POST") == [(AT, {RPM: 60})]
    assert (remote.id, remote.attributes[RPM], remote.attributes[TPM]) == ("rl-gpt-4o", 60, 30_000)


def test_what_is_there_already_is_not_written(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, **{RPM: 500})
    assert openai.asked("POST") == []
    assert remote.attributes["baseline"] == {RPM: 500}


def test_of_two_fields_only_the_one_that_differs_is_written(client: Client, openai: FakeOpenAI) -> None:
    created(client, **{RPM: 500, TPM: 7})
    assert openai.asked("POST") == [(AT, {TPM: 7})]


def test_zero_is_a_value(client: Client, row: dict[str, Any]) -> None:
    created(client, **{RPM: 0})
    assert row[RPM] == 0


def test_zero_that_was_there_is_put_back(client: Client, row: dict[str, Any]) -> None:
    row[RPM] = 0
    deleted(client, created(client, **{RPM: 5}))
    assert row[RPM] == 0


def test_a_row_is_found_by_its_id_too(client: Client, openai: FakeOpenAI) -> None:
    openai.add_row("ft:gpt-4o:acme::x", **{RPM: 1})
    remote = new()
    ROW.create(client, remote, Wanted({"id": "rl-ft:gpt-4o:acme::x"}, {RPM: 2}))
    assert openai.asked("POST") == [(AT.replace("rl-gpt-4o", "rl-ft%3Agpt-4o%3Aacme%3A%3Ax"), {RPM: 2})]
    assert remote.id == "rl-ft:gpt-4o:acme::x"


def test_an_id_is_read_and_never_built(client: Client, openai: FakeOpenAI) -> None:
    openai.rows["odd"] = {"id": "odd", "model": "o9", RPM: 1}
    remote = new()
    ROW.create(client, remote, Wanted({"model": "o9"}, {RPM: 2}))
    assert remote.id == "odd"


def test_a_misspelt_model_gets_the_nearest_ones(client: Client) -> None:
    with pytest.raises(errors.NoMatchError) as error:
        ROW.create(client, new(), wanted("gpt4o", **{RPM: 1}))
    assert "Project proj_1 has no rate limit for the model 'gpt4o'" in str(error.value)
    assert "Did you mean gpt-4o or gpt-4o-mini?" in str(error.value)


def test_a_misspelt_id_is_called_an_id(client: Client) -> None:
    with pytest.raises(errors.NoMatchError, match=r"rate limit id 'rl-gpt4o'.*Did you mean rl-gpt-4o"):
        ROW.create(client, new(), Wanted({"id": "rl-gpt4o"}, {RPM: 1}))


def test_a_model_like_no_other_gets_no_guess(client: Client) -> None:
    with pytest.raises(errors.NoMatchError, match="Check it in OpenAI"):
        ROW.create(client, new(), wanted("zzzzzzzz", **{RPM: 1}))


def test_many_rows_of_one_project_take_one_list(client: Client, openai: FakeOpenAI) -> None:
    created(client, **{RPM: 1})
    ROW.create(client, new(), wanted("gpt-4o-mini", **{RPM: 1}))
    assert len(openai.asked("GET")) == 1


# Baselines


def test_the_baseline_is_what_was_found_before(client: Client) -> None:
    assert created(client, **{RPM: 60, TPM: 30_000}).attributes["baseline"] == {RPM: 500, TPM: 30_000}


def test_a_field_without_a_value_has_no_baseline(client: Client) -> None:
    assert created(client, **{RPD: 60}).attributes["baseline"] == {}


def test_a_second_change_keeps_the_first_baseline(client: Client) -> None:
    remote = updated(client, created(client, **{RPM: 60}), **{RPM: 70})
    assert remote.attributes["baseline"] == {RPM: 500}


def test_drift_that_is_corrected_is_no_baseline(client: Client, row: dict[str, Any]) -> None:
    remote = created(client, **{RPM: 60})
    row[RPM] = 77
    assert updated(client, remote, **{RPM: 60}).attributes["baseline"] == {RPM: 500}


def test_a_field_set_later_has_its_baseline_from_then(client: Client, row: dict[str, Any]) -> None:
    remote = created(client, **{RPM: 60})
    row[TPM] = 31_000
    assert updated(client, remote, **{RPM: 60, TPM: 1}).attributes["baseline"] == {RPM: 500, TPM: 31_000}


def test_a_field_let_go_and_set_again_has_a_new_baseline(client: Client, row: dict[str, Any]) -> None:
    remote = updated(client, created(client, **{RPM: 60, TPM: 1}), **{RPM: 60})
    row[TPM] = 44_000
    assert updated(client, remote, **{RPM: 60, TPM: 2}).attributes["baseline"] == {RPM: 500, TPM: 44_000}


def test_reading_does_not_touch_the_baseline(client: Client, row: dict[str, Any]) -> None:
    remote = created(client, **{RPM: 60})
    row[RPM] = 77
    ROW.listing(client, new()).forget()
    ROW.read(client, remote)
    assert (remote.attributes[RPM], remote.attributes["baseline"]) == (77, {RPM: 500})


def test_a_field_that_was_right_all_along_can_be_let_go(client: Client, openai: FakeOpenAI) -> None:
    remote = updated(client, created(client, **{RPM: 60, TPM: 30_000}), **{RPM: 60})
    assert remote.attributes["baseline"] == {RPM: 500}
    assert len(openai.asked("POST")) == 1


def test_a_field_that_was_never_changed_is_let_go_without_a_word(
    client: Client, openai: FakeOpenAI, row: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, **{RPM: 500})
    row[RPM] = 700
    deleted(client, remote)
    assert row[RPM] == 700
    assert openai.asked("POST") == []
    assert told(caplog) == ""


# Writing


def ignoring(openai: FakeOpenAI, times: int) -> None:
    openai.surprise("POST", "rl-gpt-4o$", (200, dict(openai.rows["rl-gpt-4o"])), times=times)


def test_a_change_that_did_not_take_is_written_once_more(client: Client, openai: FakeOpenAI) -> None:
    ignoring(openai, 1)
    remote = created(client, **{RPM: 60, TPM: 30_000})
    assert openai.asked("POST") == [(AT, {RPM: 60}), (AT, {RPM: 60, TPM: 30_000})]
    assert remote.attributes[RPM] == 60


def test_a_change_that_does_not_take_twice_is_an_error(client: Client, openai: FakeOpenAI) -> None:
    ignoring(openai, 2)
    remote = new()
    with pytest.raises(errors.UpdateNotAppliedError) as error:
        ROW.create(client, remote, wanted(**{RPM: 60}))
    assert f"{RPM} is 500, expected 60" in str(error.value)
    assert len(openai.asked("POST")) == 2
    assert remote.step.has_changed
    assert remote.attributes["baseline"] == {RPM: 500}


def test_a_managed_field_that_a_change_of_another_resets_is_written_again(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, **{RPM: 60, TPM: 1})
    openai.surprise("POST", "rl-gpt-4o$", (200, {**openai.rows["rl-gpt-4o"], RPM: 70, TPM: 30_000}))
    updated(client, remote, **{RPM: 70, TPM: 1})
    assert openai.asked("POST")[1:] == [(AT, {RPM: 70}), (AT, {RPM: 70, TPM: 1})]


def test_a_managed_field_that_putting_another_back_resets_is_written_again(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, **{RPM: 60, TPM: 1})
    openai.surprise("POST", "rl-gpt-4o$", (200, {**openai.rows["rl-gpt-4o"], RPM: 500, TPM: 30_000}))
    updated(client, remote, **{RPM: 60})
    assert openai.asked("POST")[1:] == [(AT, {TPM: 30_000}), (AT, {RPM: 60, TPM: 30_000})]


def test_what_was_written_is_read_without_another_list(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, **{RPM: 60})
    remote.attributes = {}
    ROW.read(client, remote)
    assert remote.attributes[RPM] == 60
    assert len(openai.asked("GET")) == 1


def test_a_refusal_leaves_nothing_to_keep(client: Client, openai: FakeOpenAI) -> None:
    openai.refused_fields[RPM] = ("organization_rate_limit_exceeded", f"The {RPM} … organization rate limit of 55.0")
    remote = new()
    with pytest.raises(
        errors.BadRequestError, match=f"Could not set {RPM} of rate limit rl-gpt-4o of project proj_1.*most 55"
    ):
        ROW.create(client, remote, wanted(**{RPM: 60}))
    assert not remote.step.has_changed
    assert len(openai.asked("GET")) == 1


def test_a_refusal_after_a_success_forgets_nothing(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, **{RPM: 60})
    openai.refused_fields[RPM] = ("", "No")
    with pytest.raises(errors.BadRequestError):
        ROW.update(client, remote, wanted(**{RPM: 70}))
    assert remote.step.has_changed


LOST = requests.exceptions.ReadTimeout("slow")


def test_a_change_whose_reply_is_lost_is_repeated(client: Client, openai: FakeOpenAI, row: dict[str, Any]) -> None:
    openai.surprise("POST", "rl-gpt-4o$", LOST, acts=True)
    assert created(client, **{RPM: 60}).attributes["baseline"] == {RPM: 500}
    assert row[RPM] == 60


@pytest.mark.parametrize("end", [(500, {}), LOST, (200, b"<html>")], ids=["5xx", "lost", "broken"])
def test_a_change_that_may_have_been_made_is_remembered(
    client: Client, openai: FakeOpenAI, end: Any, row: dict[str, Any]
) -> None:
    openai.surprise("POST", "rl-gpt-4o$", end, acts=True, times=99)
    remote = new()
    with pytest.raises(errors.AdminError):
        ROW.create(client, remote, wanted(**{RPM: 60}))
    assert remote.step.has_changed
    openai.surprises.clear()
    deleted(client, remote)
    assert row[RPM] == 500


@pytest.mark.parametrize("acts", [False, True], ids=["never made", "made"])
@pytest.mark.parametrize("other", [8, 30_000], ids=["beside a change", "alone"])
def test_what_a_lost_change_may_have_left_is_put_back(
    client: Client, openai: FakeOpenAI, row: dict[str, Any], caplog: pytest.LogCaptureFixture, acts: bool, other: int
) -> None:
    remote = created(client, **{RPM: 60})
    openai.surprise("POST", "rl-gpt-4o$", (500, {}), acts=acts, times=99)
    with pytest.raises(errors.InternalServerError):
        updated(client, remote, **{RPM: 70})
    openai.surprises.clear()
    updated(client, remote, **{TPM: other})
    assert (row[RPM], row[TPM]) == (500, other)
    assert told(caplog) == ""


@pytest.mark.parametrize("arrived", [60, 70, 80], ids=["neither", "the first, late", "the second"])
def test_whichever_of_several_lost_changes_arrived_is_put_back(
    client: Client, openai: FakeOpenAI, row: dict[str, Any], caplog: pytest.LogCaptureFixture, arrived: int
) -> None:
    remote = created(client, **{RPM: 60})
    openai.surprise("POST", "rl-gpt-4o$", (500, {}), times=99)
    for limit in (70, 80):
        with pytest.raises(errors.InternalServerError):
            updated(client, remote, **{RPM: limit})
    openai.surprises.clear()
    row[RPM] = arrived
    remote.memory = Memory(through_pulumi(remote.memory.to_state()))
    deleted(client, remote)
    assert row[RPM] == 500
    assert told(caplog) == ""


def test_what_somebody_else_set_after_a_lost_change_is_left(
    client: Client, openai: FakeOpenAI, row: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, **{RPM: 60})
    openai.surprise("POST", "rl-gpt-4o$", (500, {}), times=99)
    with pytest.raises(errors.InternalServerError):
        updated(client, remote, **{RPM: 70})
    openai.surprises.clear()
    row[RPM] = 77
    updated(client, remote, **{TPM: 8})
    assert (row[RPM], row[TPM]) == (77, 8)
    assert "stays at 77 instead of 500 (changed outside Pulumi after it was set to 70)" in told(caplog)


def test_a_change_that_may_have_been_made_and_then_was_refused_is_remembered(
    client: Client, openai: FakeOpenAI
) -> None:
    openai.surprise("POST", "rl-gpt-4o$", (500, {}), acts=True)
    openai.surprise("POST", "rl-gpt-4o$", (403, {"error": "No"}))
    remote = new()
    with pytest.raises(errors.PermissionDeniedError):
        ROW.create(client, remote, wanted(**{RPM: 60}))
    assert remote.step.has_changed


def test_after_a_lost_change_the_list_is_fetched_again(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "rl-gpt-4o$", (500, {}), acts=True, times=99)
    remote = new()
    with pytest.raises(errors.InternalServerError):
        ROW.create(client, remote, wanted(**{RPM: 60}))
    ROW.read(client, remote)
    assert remote.attributes[RPM] == 60


def test_a_change_that_was_certainly_not_sent_leaves_nothing_to_keep(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "rl-gpt-4o$", requests.exceptions.ConnectTimeout("no"), times=99)
    remote = new()
    with pytest.raises(errors.RequestNotSentError):
        ROW.create(client, remote, wanted(**{RPM: 60}))
    assert not remote.step.has_changed


# Updating


def test_a_field_taken_out_of_the_program_is_put_back(client: Client, openai: FakeOpenAI, row: dict[str, Any]) -> None:
    remote = updated(client, created(client, **{RPM: 60, TPM: 1}), **{RPM: 60})
    assert row[TPM] == 30_000
    assert openai.asked("POST")[1:] == [(AT, {TPM: 30_000})]
    assert remote.attributes["baseline"] == {RPM: 500}


def test_what_was_put_back_is_looked_after_no_more(client: Client, row: dict[str, Any]) -> None:
    remote = updated(client, created(client, **{RPM: 60, TPM: 1}), **{RPM: 60})
    row[TPM] = 44_000
    deleted(client, remote)
    assert (row[RPM], row[TPM]) == (500, 44_000)


def test_the_live_value_decides_what_is_written(client: Client, openai: FakeOpenAI, row: dict[str, Any]) -> None:
    remote = created(client, **{RPM: 60})
    row[RPM] = 70
    updated(client, remote, **{RPM: 70})
    assert len(openai.asked("POST")) == 1


def test_somebody_else_who_changes_the_field_is_mentioned(
    client: Client, row: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, **{RPM: 60})
    row[RPM] = 77
    updated(client, remote, **{RPM: 80})
    assert told(caplog) == (
        f"rate limit rl-gpt-4o of project proj_1: {RPM} was changed outside Pulumi from 60 to 77, and is set to 80. "
        "If another program manages the same rate limit, remove it from one of them."
    )


def test_what_a_refresh_has_shown_already_is_not_mentioned_again(
    client: Client, row: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, **{RPM: 60})
    row[RPM] = 77
    ROW.read(next_run(client, remote), remote)
    updated(client, remote, **{RPM: 60})
    assert (row[RPM], told(caplog)) == (60, "")


def test_nobody_is_blamed_for_what_a_broken_run_left(
    client: Client, row: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, **{RPM: 60})
    row[RPM] = 77
    remote.pending = ["Something broke."]
    updated(client, remote, **{RPM: 80})
    assert told(caplog) == ""


def test_a_row_that_left_is_gone(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, **{RPM: 60})
    openai.rows.clear()
    with pytest.raises(
        errors.ResourceGoneError, match="rate limit rl-gpt-4o of project proj_1 no longer exists at OpenAI"
    ):
        updated(client, remote, **{RPM: 70})


# Deleting


def test_all_fields_are_put_back_together(client: Client, openai: FakeOpenAI, row: dict[str, Any]) -> None:
    before = dict(row)
    deleted(client, created(client, **{RPM: 60, TPM: 1}))
    assert row == before
    assert len(openai.asked("POST")) == 2


def test_a_field_that_was_right_from_the_start_is_not_written(client: Client, openai: FakeOpenAI) -> None:
    deleted(client, created(client, **{RPM: 500}))
    assert openai.asked("POST") == []


def test_what_somebody_else_set_is_left(client: Client, row: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    remote = created(client, **{RPM: 60, TPM: 1})
    row[RPM] = 77
    deleted(client, remote)
    assert (row[RPM], row[TPM]) == (77, 30_000)
    assert f"{RPM} stays at 77 instead of 500 (changed outside Pulumi after it was set to 60)" in told(caplog)


def test_refresh_does_not_make_another_ones_value_ours(client: Client, row: dict[str, Any]) -> None:
    remote = created(client, **{RPM: 60})
    row[RPM] = 77
    ROW.listing(client, new()).forget()
    ROW.read(client, remote)
    deleted(client, remote)
    assert row[RPM] == 77


def test_a_field_that_had_no_value_is_left_with_a_warning(
    client: Client, row: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    deleted(client, created(client, **{RPD: 60}))
    assert row[RPD] == 60
    assert f"{RPD} stays at 60 (it had no value before, and OpenAI cannot unset it)" in told(caplog)


def test_what_is_refused_together_is_put_back_one_by_one(
    client: Client, openai: FakeOpenAI, row: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, **{RPM: 60, TPM: 1})
    openai.refused_fields[RPM] = ("organization_rate_limit_exceeded", "No")
    deleted(client, remote)
    assert (row[RPM], row[TPM]) == (60, 30_000)
    assert (
        f"{RPM} stays at 60 instead of 500 (OpenAI refused 500: No; status 400, organization_rate_limit_exceeded"
        in told(caplog)
    )
    assert TPM not in told(caplog)


def test_a_row_that_may_not_be_changed_any_more_can_be_let_go(
    client: Client, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, **{RPM: 60})
    openai.refused_fields[RPM] = ("rate_limit_not_updatable", "No")
    deleted(client, remote)
    assert f"{RPM} stays at 60 instead of 500 (OpenAI refused 500: No; status 400, rate_limit_not_updatable" in told(
        caplog
    )


def test_what_openai_does_not_put_back_can_be_let_go(
    client: Client, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, **{RPM: 60})
    ignoring(openai, 2)
    deleted(client, remote)
    assert f"{RPM} stays at 60 instead of 500 (500 was not accepted: OpenAI accepted the change" in told(caplog)


@pytest.mark.parametrize("status", [401, 403, 500])
def test_what_is_the_keys_or_openais_fault_is_an_error(client: Client, openai: FakeOpenAI, status: int) -> None:
    remote = created(client, **{RPM: 60})
    openai.surprise("POST", "rl-gpt-4o$", (status, {}), times=99)
    with pytest.raises(errors.StatusError):
        deleted(client, remote)


def test_a_row_that_is_gone_needs_not_be_put_back(
    client: Client, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, **{RPM: 60})
    openai.rows.clear()
    deleted(client, remote)
    assert told(caplog).endswith("was not restored: rate limit rl-gpt-4o of project proj_1 no longer exists at OpenAI.")


def test_an_archived_project_takes_its_rows_along(
    client: Client, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, **{RPM: 60})
    openai.project = {"id": "proj_1", "status": "archived"}
    deleted(client, remote)
    assert len(openai.asked("POST")) == 1
    assert "proj_1" in told(caplog)


def test_a_project_that_the_key_does_not_show_is_an_error(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, **{RPM: 60})
    openai.project = None
    with pytest.raises(errors.ProjectNotFoundError):
        deleted(client, remote)


# What was refused when it was to be restored


def test_the_field_that_a_refusal_names_is_left_out_and_the_others_are_restored_together(
    client: Client, openai: FakeOpenAI, row: dict[str, Any]
) -> None:
    remote = created(client, **{RPM: 60, TPM: 1, RPD: 5})
    openai.refused_fields[RPM] = ("organization_rate_limit_exceeded", f"The {RPM} for rl-gpt-4o is too high")
    openai.calls.clear()
    deleted(client, remote)
    assert (row[RPM], row[TPM]) == (60, 30_000)
    assert [set(body) for _, body in openai.asked("POST")] == [{RPM, TPM}, {TPM}]


def test_a_ceiling_that_openai_names_is_nearer_to_what_was_there(
    client: Client, openai: FakeOpenAI, row: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, **{RPM: 60, TPM: 1})
    message = f"The {RPM} for rl-gpt-4o cannot exceed the organization rate limit of 300.0"
    openai.surprise("POST", "rl-gpt-4o$", (400, error_body(message, "organization_rate_limit_exceeded")))
    deleted(client, remote)
    assert (row[RPM], row[TPM]) == (300, 30_000)
    assert f"{RPM} stays at 300 instead of 500 (the maximum that OpenAI accepts now)" in told(caplog)


@pytest.mark.parametrize("ceiling", [10, 60])
def test_a_ceiling_that_is_not_above_what_the_row_holds_changes_nothing(
    client: Client, openai: FakeOpenAI, row: dict[str, Any], ceiling: int
) -> None:
    remote = created(client, **{RPM: 60})
    refusal = error_body(f"{RPM}: organization rate limit of {ceiling}.0", "organization_rate_limit_exceeded")
    openai.surprise("POST", "rl-gpt-4o$", (400, refusal))
    deleted(client, remote)
    assert row[RPM] == 60
    assert len(openai.asked("POST")) == 2, "the creation's, and the one that was refused"


def test_what_a_lost_reply_left_in_doubt_is_forgotten_once_it_is_known(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, **{RPM: 60, TPM: 1})
    for known in ({RPM: 70, TPM: 1}, {TPM: 1}):
        openai.surprise("POST", "rl-gpt-4o$", (500, {}), times=6)
        with pytest.raises(errors.AdminError):
            updated(client, remote, **{RPM: 80, TPM: 1})
        assert RPM in remote.memory[Writes].may_hold
        updated(client, remote, **known)
        assert not remote.memory[Writes].may_hold


def test_at_most_three_names_are_proposed() -> None:
    assert suggestion("gpt-4", [f"gpt-4{letter}" for letter in "abcde"], "Limits").count(" or ") == 2


# Ownership within a run


def test_a_row_that_a_resource_of_the_run_updates_is_left_by_others(client: Client, row: dict[str, Any]) -> None:
    goes, stays = created(client, **{RPM: 60}), created(client, **{RPM: 60})
    run = next_run(client, stays)
    ROW.update(run, stays, wanted(**{RPM: 60}))
    ROW.delete(run, goes)
    assert row[RPM] == 60


def test_what_a_lost_reply_left_in_doubt_is_forgotten_with_its_field(
    client: Client, openai: FakeOpenAI, row: dict[str, Any]
) -> None:
    remote = created(client, **{RPM: 60, TPM: 1})
    openai.surprise("POST", "rl-gpt-4o$", (500, {}), times=6)
    with pytest.raises(errors.AdminError):
        updated(client, remote, **{RPM: 80, TPM: 1})
    row[RPM] = 500  # somebody restored it already
    updated(client, remote, **{TPM: 1})
    assert not remote.memory[Writes].may_hold


def test_a_row_that_another_resource_of_the_run_manages_is_left(
    client: Client, row: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    old = created(client, **{RPM: 60})
    run = next_run(client, old)
    ROW.create(run, new(), wanted(**{RPM: 60}))
    ROW.delete(run, old)
    assert row[RPM] == 60
    assert told(caplog) == (
        f"Could not fully restore rate limit rl-gpt-4o of project proj_1: {RPM} stays at 60 instead of 500 (another "
        "resource manages it now). If you only renamed the resource, add an alias with its old name to keep the "
        "original values."
    )


def test_a_resource_that_failed_gives_the_row_back(client: Client, openai: FakeOpenAI, row: dict[str, Any]) -> None:
    old = created(client, **{RPM: 60})
    run, failed = next_run(client, old), new()
    openai.surprise("POST", "rl-gpt-4o$", (400, error_body("No")))
    with pytest.raises(errors.BadRequestError):
        ROW.create(run, failed, wanted(**{RPM: 70}))
    run.release(failed.step.acquired)
    ROW.delete(run, old)
    assert row[RPM] == 500


def test_one_list_without_the_row_does_not_lose_its_baseline(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, **{RPM: 60})
    openai.surprise("GET", "rate_limits$", (200, {"object": "list", "data": [], "has_more": False}))
    ROW.read(next_run(client, remote), remote)
    assert remote.attributes["baseline"] == {RPM: 500}


def test_a_project_archived_in_the_middle_is_noticed(
    client: Client, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, **{RPM: 60, TPM: 1})
    openai.surprise("POST", "rl-gpt-4o$", (400, error_body("Archived projects cannot be updated")))
    openai.surprise("GET", "proj_1$", (200, {"id": "proj_1", "status": "archived"}), times=9)
    deleted(client, remote)
    assert len(openai.asked("POST")) == 2
    assert "is archived" in told(caplog)


@pytest.mark.parametrize("verb", ["create", "read", "update"])
def test_an_archived_project_is_said_to_be_archived(client: Client, openai: FakeOpenAI, verb: str) -> None:
    remote = created(client, **{RPM: 60})
    openai.project = {"id": "proj_1", "status": "archived"}
    ROW.listing(client, new()).forget()
    arguments = (remote,) if verb == "read" else (remote, wanted(**{RPM: 70}))
    with pytest.raises(errors.ProjectArchivedError):
        getattr(ROW, verb)(client, *arguments)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, errors.BadRequestError), (403, errors.PermissionDeniedError), (404, errors.UnrelatedNotFoundError)],
)
def test_a_list_refused_in_a_living_project_is_not_gone(
    client: Client, openai: FakeOpenAI, status: int, kind: type[Exception]
) -> None:
    openai.surprise("GET", "rate_limits$", (status, error_body("No")))
    with pytest.raises(kind):
        ROW.read(client, Remote({"project_id": "proj_1"}, "rl-gpt-4o"))


# Two resources, one row


def test_another_row_of_the_project_is_not_taken(client: Client, row: dict[str, Any]) -> None:
    old = created(client, **{RPM: 60})
    other = type(client)(client.requestor)
    ROW.create(other, new(), wanted("gpt-4o-mini", **{RPM: 1}))
    ROW.delete(other, old)
    assert row[RPM] == 500


# Undoing


def test_undo_puts_back_what_a_broken_run_wrote(client: Client, openai: FakeOpenAI, row: dict[str, Any]) -> None:
    openai.surprise("POST", "rl-gpt-4o$", (500, {}), acts=True, times=6)
    remote = new()
    with pytest.raises(errors.InternalServerError):
        ROW.create(client, remote, wanted(**{RPM: 60, TPM: 1}))
    assert row[RPM] == 60
    assert ROW.undo(client, remote)
    assert (row[RPM], row[TPM]) == (500, 30_000)


def test_undo_that_is_refused_says_so(client: Client, openai: FakeOpenAI, row: dict[str, Any]) -> None:
    remote = created(client, **{RPM: 60})
    openai.refused_fields[RPM] = ("organization_rate_limit_exceeded", "No")
    with pytest.raises(errors.BadRequestError):
        ROW.undo(client, remote)
    assert row[RPM] == 60


def test_undo_admits_that_a_field_without_a_value_cannot_be_unset(client: Client, row: dict[str, Any]) -> None:
    assert not ROW.undo(client, created(client, **{RPM: 60, RPD: 7}))
    assert (row[RPM], row[RPD]) == (500, 7)


def test_undo_goes_back_to_what_this_run_found(client: Client, row: dict[str, Any]) -> None:
    remote = created(client, **{RPM: 60})
    row[RPM] = 77
    remote.step.rollback = {}  # as in another run
    updated(client, remote, **{RPM: 70})
    assert ROW.undo(client, remote)
    assert row[RPM] == 77
    assert remote.attributes["baseline"] == {RPM: 500}


def test_undo_of_a_run_that_wrote_nothing_sends_nothing(client: Client, openai: FakeOpenAI) -> None:
    assert ROW.undo(client, created(client, **{RPM: 500}))
    assert openai.asked("POST") == []


def test_undo_sends_nothing_where_nothing_took(client: Client, openai: FakeOpenAI, row: dict[str, Any]) -> None:
    openai.surprise("POST", "rl-gpt-4o$", (500, {}), times=6)
    remote = new()
    with pytest.raises(errors.InternalServerError):
        ROW.create(client, remote, wanted(**{RPM: 60}))
    openai.calls.clear()
    assert ROW.undo(client, remote)
    assert openai.asked("POST") == []
    assert row[RPM] == 500


def test_a_definite_refusal_leaves_no_memory(client: Client, openai: FakeOpenAI) -> None:
    openai.refused_fields[RPM] = ("organization_rate_limit_exceeded", "No")
    remote = new()
    with pytest.raises(errors.BadRequestError):
        ROW.create(client, remote, wanted(**{RPM: 60}))
    assert not remote.memory[Writes].written
    assert not remote.attributes.get("baseline")


def test_a_definite_refusal_leaves_the_memory_of_before(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, **{RPM: 60})
    memory = {name: value.copy() for name, value in remote.memory.to_state().items()}
    openai.refused_fields[TPM] = ("invalid_rate_limit_type", "No")
    with pytest.raises(errors.BadRequestError):
        updated(client, remote, **{RPM: 70, TPM: 1})
    assert (remote.memory.to_state(), remote.attributes["baseline"]) == (memory, {RPM: 500})


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


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_no_key_in_any_error(client: Client, openai: FakeOpenAI, status: int) -> None:
    code = "insufficient_quota" if status == 429 else None
    openai.surprise("POST", "rl-gpt-4o$", (status, error_body(f"Bad key {KEY}", code)), times=99)
    with pytest.raises(errors.StatusError) as error:
        created(client, **{RPM: 60})
    assert "SECRETKEY" not in f"{error.value}{error.value!r}"
    assert str(error.value).startswith(f"Could not set {RPM} of rate limit rl-gpt-4o of project proj_1: ")


# Adopting


def test_a_row_is_adopted_as_it_is(client: Client, openai: FakeOpenAI) -> None:
    remote = new()
    ROW.adopt(client, remote, wanted(**{RPM: 500}))
    assert (remote.id, remote.attributes[RPM], openai.asked("POST")) == ("rl-gpt-4o", 500, [])


@pytest.mark.parametrize("handler", [ROW, ROWS], ids=["to a row", "to a set"])
def test_a_field_that_the_other_resource_does_not_manage_is_restored(
    client: Client, row: dict[str, Any], caplog: pytest.LogCaptureFixture, handler: Any
) -> None:
    before = row[TPM]
    old = created(client, **{TPM: 1})
    run = next_run(client, old)
    of_set = Wanted({}, {"limits": {"gpt-4o": {RPM: 60}}})
    handler.create(run, new(), wanted(**{RPM: 60}) if handler is ROW else of_set)
    ROW.delete(run, old)
    assert (row[RPM], row[TPM]) == (60, before)
    assert told(caplog) == ""


def test_a_move_that_changed_nothing_says_nothing(
    client: Client, row: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    old = created(client, **{RPM: row[RPM]})
    run = next_run(client, old)
    ROW.create(run, new(), wanted(**{RPM: row[RPM]}))
    ROW.delete(run, old)
    assert told(caplog) == ""


RAISED = "OpenAI rejects a limit above the organization's maximum, which no list shows"


def test_a_preview_warns_of_a_limit_above_all_that_openai_has_shown(client: Client, row: dict[str, Any]) -> None:
    assert ROW.observe(client, new(), wanted(**{RPM: 501, TPM: 1})).others == (
        f"Higher than every limit that OpenAI has returned: {RPM}. {RAISED}"
    )
    assert ROW.observe(client, new(), wanted(**{RPM: 500})).others == ""
    remote = created(client, **{RPM: 60})
    assert ROW.observe(next_run(client, remote), remote, wanted(**{RPM: 500})).others == "", "the original value"
    assert ROW.observe(next_run(client, remote), remote, wanted(**{RPM: 501})).others.startswith(
        "Higher than every limit"
    )
    remote.memory[Ceilings].ceilings = {RPM: 500}
    assert ROW.observe(next_run(client, remote), remote, wanted(**{RPM: 501})).others == "", "the change note says it"
    row[RPM] = 0
    assert ROW.observe(next_run(client, new()), new(), wanted(**{RPM: 60})).others == "", "a blocked model"


def test_a_preview_compares_what_the_program_sets(client: Client, row: dict[str, Any]) -> None:
    remote = created(client, **{RPM: 60})
    row[RPM] = 77
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


def test_a_row_is_imported_by_its_model(client: Client) -> None:
    assert ROW.ids(client, new()) == ["rl-gpt-4o-mini", "rl-gpt-4o"]
    declared = ROW.declared(client, Remote({"project_id": "proj_1"}, "rl-gpt-4o"))
    assert "id" not in declared
    assert (declared["model"], declared[RPM], declared[TPM]) == ("gpt-4o", 500, 30_000)


def test_a_value_above_the_known_ceiling_is_noted_and_one_at_it_is_not(client: Client, openai: FakeOpenAI) -> None:
    openai.refused_rows["gpt-4o"] = ("organization_rate_limit_exceeded", f"{RPM} … organization rate limit of 55.0")
    remote = new()
    with pytest.raises(errors.BadRequestError):
        ROW.create(client, remote, wanted(**{RPM: 60}))
    assert ROW.change_note(remote, wanted(**{RPM: 56})) == (
        f"Rate limit rl-gpt-4o of project proj_1: {RPM} is 56, above the organization's last known maximum of 55. "
        f"{CEILING_ADVICE}"
    )
    assert ROW.change_note(remote, wanted(**{RPM: 55})) == ""
