from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.baseline import ObjectRecords
from pulumi_openai_admin.handlers.handler import Remote, ValueComparison, Wanted
from pulumi_openai_admin.handlers.shapes.rate_limit import CEILING_ADVICE, Ceilings
from pulumi_openai_admin.handlers.shapes.rate_limits import PolicyOutcome
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit
from pulumi_openai_admin.resources.project_rate_limits import LIMITS, ProjectRateLimits
from pulumi_openai_admin.schema import unknown
from tests.unit.fakes import KEY, error_body, next_run, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.http.call import Call
    from pulumi_openai_admin.http.requestor import Requestor
    from tests.unit.fakes import Clock, FakeOpenAI

ROWS, ROW = ProjectRateLimits.handler, ProjectRateLimit.handler
RPM, TPM, RPD, IPM = LIMITS[0], LIMITS[1], LIMITS[4], LIMITS[2]
LIST = "/organization/projects/proj_1/rate_limits"
BEFORE = {
    "gpt-4o": {RPM: 500, TPM: 30_000},
    "gpt-4o-mini": {RPM: 900, TPM: 90_000},
    "gpt-5": {RPM: 100, TPM: 10_000, RPD: 700},
    "dall-e-3": {RPM: 50, TPM: 5_000, IPM: 5},
}
UNKNOWN = ("rate_limit_does_not_exist_for_org_and_model", "No")
FIXED = ("rate_limit_not_updatable", "No")
CEILING = ("organization_rate_limit_exceeded", f"{RPM} … organization rate limit of 55.0")
LOST = requests.exceptions.ReadTimeout("slow")


@pytest.fixture(autouse=True)
def _rows(openai: FakeOpenAI) -> None:
    for model, limits in BEFORE.items():
        openai.add_row(model, **limits)


def wanted(limits: dict[str, Any], others: dict[str, int] | None = None) -> Wanted:
    return Wanted({}, {"limits": limits, **({} if others is None else {"others": others})})


def new() -> Remote:
    return Remote({"project_id": "proj_1"})


def created(client: Client, limits: dict[str, Any], others: dict[str, int] | None = None) -> Remote:
    remote = new()
    ROWS.create(client, remote, wanted(limits, others))
    return remote


def updated(client: Client, remote: Remote, limits: dict[str, Any], others: dict[str, int] | None = None) -> Remote:
    ROWS.update(next_run(client, remote), remote, wanted(limits, others))
    return remote


def read(client: Client, remote: Remote) -> Remote:
    ROWS.read(next_run(client, remote), remote)
    return remote


def live(openai: FakeOpenAI, field: str = RPM) -> list[int]:
    return [openai.rows[f"rl-{model}"][field] for model in BEFORE]


def written(openai: FakeOpenAI) -> dict[str, Any]:
    return {path.rpartition("rl-")[2]: body for path, body in openai.asked("POST")}


# Creating


def test_a_name_limits_its_row_alone(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o": {RPM: 60}})
    assert openai.asked("POST") == [(f"{LIST}/rl-gpt-4o", {RPM: 60})]
    assert remote.id == "proj_1"
    assert remote.attributes == {
        "limits": {"gpt-4o": {RPM: 60}},
        "others": None,
        "rows": {"gpt-4o": {RPM: 60, TPM: 30_000}},
        "baseline": {"gpt-4o": {RPM: 500}},
        "skipped": {},
        "not_limited": {},
    }
    assert remote.step.has_changed


def test_a_pattern_limits_all_that_it_matches(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    assert live(openai) == [60, 60, 100, 50]
    assert list(remote.attributes["rows"]) == ["gpt-4o", "gpt-4o-mini"]


def test_names_patterns_and_others_share_the_rows(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-*": {RPM: 1}, "gpt-4o*": {RPM: 2}, "gpt-4o": {RPM: 3}}, {RPM: 0})
    assert live(openai) == [3, 2, 1, 0]
    assert {model: row[RPM] for model, row in remote.attributes["baseline"].items()} == {
        model: row[RPM] for model, row in BEFORE.items()
    }


def test_all_rows_take_one_list(client: Client, openai: FakeOpenAI) -> None:
    created(client, {"*": {RPM: 1}})
    assert openai.asked("GET") == [(LIST, None)]
    assert len(openai.asked("POST")) == 4


def test_what_holds_already_is_not_written(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o": {RPM: 500, TPM: 7}, "gpt-5": {RPM: 100}})
    assert written(openai) == {"gpt-4o": {TPM: 7}}
    assert list(remote.attributes["rows"]) == ["gpt-4o", "gpt-5"]


def test_many_rows_are_written_at_a_time(requestor: Requestor, openai: FakeOpenAI) -> None:
    together = threading.Barrier(4)
    send = requestor.send

    def wait(call: Any) -> dict[str, Any]:
        if call.method == "POST":
            together.wait(5)
        return send(call)

    requestor.send = wait  # type: ignore[method-assign]
    created(Client(requestor, parallel=4), {"*": {RPM: 1}})
    assert live(openai) == [1] * 4


def test_a_name_without_a_row_is_an_error_with_the_nearest(client: Client, openai: FakeOpenAI) -> None:
    with pytest.raises(errors.NoMatchError) as error:
        created(client, {"gpt-5": {RPM: 1}, "gpt4o": {RPM: 1}})
    assert "Project proj_1 has no rate limit for the model 'gpt4o'" in error.value.what
    assert "gpt-4o" in error.value.advice
    assert openai.asked("POST") == [], "nothing is begun"


def test_a_pattern_without_a_row_is_a_warning(client: Client, openai: FakeOpenAI, caplog: Any) -> None:
    created(client, {"gpt-5": {RPM: 1}, "o?": {RPM: 1}})
    assert told(caplog) == "No model of project proj_1 matches 'o?': the pattern has no effect."
    assert live(openai)[2] == 1


@pytest.mark.parametrize("verb", ["create", "read", "update"])
@pytest.mark.parametrize(
    ("project", "kind"),
    [({"id": "proj_1", "status": "archived"}, errors.ProjectArchivedError), (None, errors.ResourceGoneError)],
)
def test_a_project_that_is_gone_is_told_as_that(
    client: Client, openai: FakeOpenAI, verb: str, project: Any, kind: type[Exception]
) -> None:
    remote = new() if verb == "create" else created(client, {"*": {RPM: 1}})
    openai.project = project
    arguments = () if verb == "read" else (wanted({"*": {RPM: 1}}),)
    with pytest.raises(kind):
        getattr(ROWS, verb)(next_run(client, remote), remote, *arguments)


# Rows that OpenAI refuses


@pytest.mark.parametrize("refusal", [UNKNOWN, FIXED])
@pytest.mark.parametrize(("limits", "others"), [({"gpt*": {RPM: 1}}, None), ({"gpt-5": {RPM: 1}}, {RPM: 1})])
def test_a_refused_row_is_passed_over_where_nobody_names_it(
    client: Client, openai: FakeOpenAI, refusal: tuple[str, str], limits: Any, others: Any
) -> None:
    openai.refused_rows["gpt-4o"] = refusal
    remote = created(client, limits, others)
    assert live(openai)[:3] == [500, 1, 1]
    assert remote.attributes["skipped"] == {"gpt-4o": f"{RPM}: {refusal[0]}"}
    assert "gpt-4o" not in remote.attributes["baseline"]
    assert remote.attributes["rows"]["gpt-4o"][RPM] == 500


@pytest.mark.parametrize("refusal", [UNKNOWN, FIXED, ("invalid_rate_limit_type", f"{RPM} does not apply")])
def test_a_refused_row_is_an_error_where_the_program_names_it(
    client: Client, openai: FakeOpenAI, refusal: tuple[str, str]
) -> None:
    openai.refused_rows["gpt-4o"] = refusal
    with pytest.raises(errors.PartialUpdateError) as error:
        created(client, {"gpt-4o": {RPM: 1}, "gpt-*": {RPM: 1}})
    assert error.value.what == (
        "Failed to update 1 of 3 rate limits of project proj_1 (gpt-4o); updated 2 (gpt-4o-mini, gpt-5)"
    )
    assert "gpt-4o: Could not set max_requests_per_1_minute of rate limit rl-gpt-4o of project proj_1" in str(
        error.value
    )


def test_a_row_that_fails_alone_is_told_as_it_is(client: Client, openai: FakeOpenAI) -> None:
    openai.refused_rows["gpt-4o"] = FIXED
    remote = new()
    with pytest.raises(errors.BadRequestError, match="OpenAI does not allow changes to this rate limit"):
        ROWS.create(client, remote, wanted({"gpt-4o": {RPM: 1}}))
    assert not remote.step.has_changed
    assert remote.memory[ObjectRecords].objects == remote.attributes["baseline"] == {}


def test_a_refused_field_is_left_out_while_the_others_are_set(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "dall-e-3$", (400, error_body(f"{TPM} does not apply", "invalid_rate_limit_type")))
    remote = created(client, {}, {RPM: 1, TPM: 2})
    assert [body for path, body in openai.asked("POST") if "dall-e" in path] == [{RPM: 1, TPM: 2}, {RPM: 1}]
    assert (live(openai), live(openai, TPM)) == ([1] * 4, [2, 2, 2, 5_000])
    assert remote.attributes["skipped"] == {"dall-e-3": f"{TPM}: invalid_rate_limit_type"}
    assert remote.attributes["baseline"]["dall-e-3"] == {RPM: 50}


def test_several_refused_fields_are_left_out_one_after_the_other(client: Client, openai: FakeOpenAI) -> None:
    for field in (TPM, IPM):
        refusal = (400, error_body(f"{field} does not apply", "invalid_rate_limit_type"))
        openai.surprise("POST", "gpt-4o$", refusal)
    remote = created(client, {"gpt-4o*": {RPM: 1, TPM: 2, IPM: 3}})
    assert openai.rows["rl-gpt-4o"][RPM] == 1
    assert remote.attributes["skipped"] == {"gpt-4o": f"{TPM}: invalid_rate_limit_type, {IPM}: invalid_rate_limit_type"}


@pytest.mark.parametrize("named", ["", "max_unheard_of_per_1_year"])
def test_a_refusal_that_names_no_field_leaves_the_row_out(client: Client, openai: FakeOpenAI, named: str) -> None:
    openai.refused_rows["gpt-4o"] = ("invalid_rate_limit_type", f"{named} does not apply")
    remote = created(client, {"gpt-4o*": {RPM: 1, TPM: 2}})
    assert remote.attributes["skipped"]["gpt-4o"] == f"{RPM}: invalid_rate_limit_type, {TPM}: invalid_rate_limit_type"
    assert len([path for path, _ in openai.asked("POST") if path.endswith("gpt-4o")]) == 1


@pytest.mark.parametrize("limits", [{"gpt-4o": {RPM: 60}}, {"gpt-4o": {RPM: 1}, "*": {RPM: 60}}])
def test_a_value_above_the_ceiling_is_an_error_however_it_got_there(
    client: Client, openai: FakeOpenAI, limits: Any
) -> None:
    model = "gpt-4o" if len(limits) == 1 else "gpt-5"
    openai.refused_rows[model] = CEILING
    with pytest.raises(errors.AdminError, match="Set max_requests_per_1_minute to at most 55"):
        created(client, limits)


def test_a_value_above_the_known_ceiling_is_noted_and_one_at_it_is_not(client: Client, openai: FakeOpenAI) -> None:
    openai.refused_rows["gpt-4o"] = CEILING
    remote = new()
    with pytest.raises(errors.BadRequestError):
        ROWS.create(client, remote, wanted({"gpt-4o": {RPM: 60}}))
    assert ROWS.change_note(remote, wanted({"gpt-4o*": {RPM: 56}})) == (
        f"Rate limits of project proj_1: gpt-4o {RPM} is 56, above the organization's last known maximum of 55. "
        f"{CEILING_ADVICE}"
    )
    assert ROWS.change_note(remote, wanted({"gpt-4o*": {RPM: 55}})) == ""


def test_another_refusal_is_an_error(client: Client, openai: FakeOpenAI) -> None:
    openai.refused_rows["gpt-4o"] = ("something_new", "No")
    with pytest.raises(errors.PartialUpdateError, match="something_new"):
        created(client, {"gpt*": {RPM: 1}})


def test_what_is_passed_over_is_not_tried_again_while_the_same_is_wanted(client: Client, openai: FakeOpenAI) -> None:
    openai.refused_rows["gpt-4o"] = FIXED
    remote = created(client, {"gpt*": {RPM: 1}})
    openai.calls.clear()
    updated(client, remote, {"gpt*": {RPM: 1}})
    assert openai.asked("POST") == []
    assert remote.attributes["skipped"] == {"gpt-4o": f"{RPM}: {FIXED[0]}"}
    assert not remote.step.has_changed


def test_models_that_no_limit_reaches_are_an_output_and_one_warning(
    client: Client, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    openai.add_row("gpt-4o-shared", **{RPM: 10_000, TPM: 30_000})
    openai.add_row("ft:gpt-4o:acme::1", **{RPM: 10_000})
    for model in ("gpt-4o-shared", "ft:gpt-4o:acme::1"):
        openai.refused_rows[model] = FIXED
    openai.surprise("POST", "dall-e-3$", (400, error_body(f"{TPM} does not apply", "invalid_rate_limit_type")))
    remote = created(client, {"gpt-5": {RPM: 1}}, {RPM: 0, TPM: 0})
    kept = {"ft:gpt-4o:acme::1": {RPM: 10_000}, "gpt-4o-shared": {RPM: 10_000, TPM: 30_000}}
    assert remote.attributes["not_limited"] == kept
    assert told(caplog) == (
        "OpenAI refuses to change the rate limits of 2 models of project proj_1 that this resource covers: "
        "ft:gpt-4o:acme::1, gpt-4o-shared. Unless ProjectModelPermissions excludes a model from the project, it "
        "accepts requests. The output not_limited has the current limits, also of other projects, for which this run "
        "does not repeat the warning."
    )
    caplog.clear()
    created(client, {"gpt-5": {RPM: 1}}, {RPM: 0, TPM: 0})
    assert told(caplog) == "", "once in a run"

    caplog.clear()
    openai.rows["rl-gpt-4o-shared"][RPM] = 9
    assert read(client, remote).attributes["not_limited"]["gpt-4o-shared"] == {RPM: 9, TPM: 30_000}
    updated(client, remote, {"gpt-5": {RPM: 2}}, {RPM: 0, TPM: 0})
    assert list(remote.attributes["not_limited"]) == list(kept)
    assert told(caplog) == "", "the same models are named once"


@pytest.mark.parametrize(
    ("mode", "model_ids", "named"),
    [
        ("allow_list", ["gpt-5"], ""),
        ("allow_list", ["gpt-5", "gpt-4o-shared"], "covers: gpt-4o-shared. "),
        ("deny_list", ["gpt-4o-shared"], "covers: ft:gpt-4o:acme::1. "),
        ("deny_list", ["ft:gpt-4o:acme::1", "gpt-4o-shared"], ""),
    ],
)
def test_models_that_the_project_may_not_use_are_no_warning(
    client: Client, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture, mode: str, model_ids: list[str], named: str
) -> None:
    for model in ("gpt-4o-shared", "ft:gpt-4o:acme::1"):
        openai.add_row(model, **{RPM: 10_000})
        openai.refused_rows[model] = FIXED
    openai.surprise("GET", "model_permissions$", (200, {"mode": mode, "model_ids": model_ids}))
    remote = created(client, {"gpt-5": {RPM: 1}}, {RPM: 0})
    assert named in told(caplog)
    assert bool(told(caplog)) is bool(named)
    assert {*remote.attributes["not_limited"]} >= {"ft:gpt-4o:acme::1", "gpt-4o-shared"}


def test_what_is_passed_over_is_not_counted_as_updated(client: Client, openai: FakeOpenAI) -> None:
    openai.refused_rows["gpt-4o"] = FIXED
    remote = created(client, {"gpt-4o*": {RPM: 1}})
    openai.refused_rows["gpt-5"] = FIXED
    with pytest.raises(errors.BadRequestError, match="of rate limit rl-gpt-5"):
        updated(client, remote, {"gpt-4o*": {RPM: 1}, "gpt-5": {RPM: 1}})


def test_what_is_passed_over_is_tried_again_where_something_else_is_wanted(client: Client, openai: FakeOpenAI) -> None:
    openai.refused_rows["gpt-4o"] = FIXED
    remote = created(client, {"gpt*": {RPM: 1}})
    openai.refused_rows.clear()
    updated(client, remote, {"gpt*": {RPM: 2}})
    assert live(openai)[:3] == [2, 2, 2]
    assert (remote.attributes["skipped"], remote.memory[PolicyOutcome].skipped) == ({}, {})


def test_what_is_refused_later_than_the_rest_is_told_too(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "gpt-4o$", (400, error_body(f"{TPM} does not apply", "invalid_rate_limit_type")))
    remote = created(client, {"gpt-4o*": {RPM: 60, TPM: 2}})
    openai.rows["rl-gpt-4o"][RPM] = 77
    openai.refused_rows["gpt-4o"] = FIXED
    updated(client, remote, {"gpt-4o*": {RPM: 60, TPM: 2}})
    assert openai.rows["rl-gpt-4o"][RPM] == 77
    assert remote.attributes["skipped"] == {"gpt-4o": f"{TPM}: invalid_rate_limit_type, {RPM}: {FIXED[0]}"}
    refused = {"wanted": {RPM: 60, TPM: 2}, "left_out": [TPM, RPM]}
    assert remote.memory[PolicyOutcome].skipped == {"gpt-4o": refused}


def test_what_was_passed_over_and_leaves_the_policy_is_forgotten(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "gpt-4o$", (400, error_body(f"{TPM} does not apply", "invalid_rate_limit_type")))
    remote = created(client, {"gpt-4o*": {RPM: 1, TPM: 2}})
    updated(client, remote, {"gpt-5": {RPM: 1}})
    assert (remote.attributes["skipped"], remote.memory[PolicyOutcome].skipped) == ({}, {})
    assert live(openai) == [500, 900, 1, 50]


# Failing in part


def test_what_took_is_kept_and_both_are_named(client: Client, openai: FakeOpenAI) -> None:
    openai.refused_rows["gpt-4o"] = openai.refused_rows["dall-e-3"] = CEILING
    remote = new()
    with pytest.raises(errors.PartialUpdateError) as error:
        ROWS.create(client, remote, wanted({"*": {RPM: 60}}))
    assert (
        "Failed to update 2 of 4 rate limits of project proj_1 (dall-e-3, gpt-4o); updated 2 (gpt-4o-mini, gpt-5)"
        in str(error.value)
    )
    assert error.value.advice.endswith("Run the command again to update the rest.")
    assert (live(openai), remote.step.has_changed) == ([500, 60, 60, 50], True)
    assert set(remote.attributes["baseline"]) == set(remote.memory[ObjectRecords].objects) == {"gpt-4o-mini", "gpt-5"}
    openai.refused_rows.clear()
    openai.calls.clear()
    updated(client, remote, {"*": {RPM: 60}})
    assert set(written(openai)) == {"gpt-4o", "dall-e-3"}


def test_of_many_that_fail_the_first_are_named_and_the_rest_counted(client: Client, openai: FakeOpenAI) -> None:
    for number in range(20):
        openai.add_row(f"m{number:02}", **{RPM: 1})
        openai.refused_rows[f"m{number:02}"] = CEILING
    with pytest.raises(errors.PartialUpdateError) as error:
        created(client, {"m*": {RPM: 60}})
    assert "Failed to update 20 of 20 rate limits" in error.value.what
    assert "m10, m11, and 8 more); updated 0 (none)" in error.value.what
    assert "And 8 more." in error.value.advice


BROKEN = [
    pytest.param((401, {}), False, id="401"),
    pytest.param((403, {}), False, id="403"),
    pytest.param((429, error_body("No", "insufficient_quota")), False, id="spend limit"),
    pytest.param(requests.exceptions.ConnectTimeout("no"), False, id="not sent"),
    pytest.param(LOST, True, id="lost"),
    pytest.param((500, {}), True, id="500"),
    pytest.param((200, b"<html>"), True, id="not JSON"),
]


@pytest.mark.parametrize(("end", "acts"), BROKEN)
def test_a_broken_run_tries_no_more_rows_and_names_them(
    client: Client, openai: FakeOpenAI, end: Any, acts: bool
) -> None:
    openai.surprise("POST", "gpt-4o-mini$", end, acts=acts, times=99)
    remote = new()
    with pytest.raises(errors.PartialUpdateError) as error:
        ROWS.create(client, remote, wanted({"*": {RPM: 60}}))
    assert "(gpt-4o-mini); updated 1 (gpt-4o), did not try 2 (dall-e-3, gpt-5)" in error.value.what
    assert live(openai) == [60, 60 if acts else 900, 100, 50]
    assert remote.step.has_changed
    assert ("gpt-4o-mini" in remote.memory[ObjectRecords].objects) is acts
    openai.surprises.clear()
    updated(client, remote, {"*": {RPM: 60}})
    assert live(openai) == [60] * 4
    assert {model: row[RPM] for model, row in remote.attributes["baseline"].items()} == dict(
        zip(BEFORE, [500, 900, 100, 50], strict=True)
    )


def test_a_run_that_breaks_at_the_first_row_says_what_was_not_tried(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "gpt-4o$", (401, {}), times=99)
    with pytest.raises(errors.PartialUpdateError, match=r"1 of 4 .*\(gpt-4o\); updated 0 \(none\), did not try 3 "):
        created(client, {"*": {RPM: 60}})
    assert len(openai.asked("POST")) == 1


def test_a_connection_that_goes_down_hides_nothing(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "gpt-4o-mini$", LOST, times=99)
    openai.surprise("GET", "rate_limits$", (200, {"data": list(openai.rows.values()), "has_more": False}))
    openai.surprise("GET", "rate_limits$", LOST, times=99)
    with pytest.raises(errors.PartialUpdateError, match=r"updated 1 \(gpt-4o\)"):
        created(client, {"*": {RPM: 60}})


def test_a_change_that_does_not_take_stops_no_other_row(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "gpt-4o$", (200, dict(openai.rows["rl-gpt-4o"])), times=2)
    with pytest.raises(errors.PartialUpdateError, match="twice but did not apply it"):
        created(client, {"*": {RPM: 60}})
    assert live(openai) == [500, 60, 60, 60]


# Updating


def test_nothing_is_sent_when_all_is_settled(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-*": {RPM: 1}}, {RPM: 0})
    openai.calls.clear()
    updated(client, remote, {"gpt-*": {RPM: 1}}, {RPM: 0})
    assert openai.calls == [("GET", LIST, None)]
    assert not remote.step.has_changed


def test_a_row_that_leaves_the_policy_is_put_back(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o": {RPM: 1, TPM: 2}, "gpt-5": {RPM: 1}})
    updated(client, remote, {"gpt-5": {RPM: 1}})
    assert (live(openai), live(openai, TPM)[0]) == ([500, 900, 1, 50], 30_000)
    assert list(remote.attributes["rows"]) == list(remote.attributes["baseline"]) == ["gpt-5"]
    assert list(remote.memory[ObjectRecords].objects) == ["gpt-5"]


def test_a_field_that_leaves_the_policy_is_put_back(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o": {RPM: 1, TPM: 2}})
    updated(client, remote, {"gpt-4o": {RPM: 1}})
    assert openai.rows["rl-gpt-4o"][TPM] == 30_000
    assert remote.attributes["baseline"] == {"gpt-4o": {RPM: 500}}


def test_others_that_leave_the_policy_put_all_their_rows_back(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-5": {RPM: 1}}, {RPM: 0})
    updated(client, remote, {"gpt-5": {RPM: 1}})
    assert live(openai) == [500, 900, 1, 50]
    assert remote.attributes["others"] is None


def test_a_row_that_moves_within_the_policy_keeps_its_baseline(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o": {RPM: 1}})
    updated(client, remote, {"gpt-*": {RPM: 2}})
    assert live(openai)[:3] == [2, 2, 2]
    assert remote.attributes["baseline"]["gpt-4o"] == {RPM: 500}


def test_a_row_that_openai_added_is_covered_by_the_next_run(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-*": {RPM: 1}})
    openai.add_row("gpt-6", **{RPM: 9})
    updated(client, remote, {"gpt-*": {RPM: 1}})
    assert openai.rows["rl-gpt-6"][RPM] == 1


def test_a_row_that_openai_took_away_is_shown_no_more(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 1}})
    del openai.rows["rl-gpt-4o-mini"]
    updated(client, remote, {"gpt-4o*": {RPM: 1}})
    assert list(remote.attributes["rows"]) == ["gpt-4o"]


def test_somebody_else_who_changes_a_row_is_mentioned(client: Client, openai: FakeOpenAI, caplog: Any) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    openai.rows["rl-gpt-4o"][RPM] = 77
    updated(client, remote, {"gpt-4o*": {RPM: 80}})
    assert told(caplog).count(f"{RPM} was changed outside Pulumi from 60 to 77, and is set to 80") == 1


def test_what_a_refresh_has_shown_already_is_not_mentioned_again(
    client: Client, openai: FakeOpenAI, caplog: Any
) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    openai.rows["rl-gpt-4o"][RPM] = 77
    updated(client, read(client, remote), {"gpt-4o*": {RPM: 60}})
    assert (live(openai)[0], told(caplog)) == (60, "")


def test_nobody_is_blamed_for_what_a_broken_run_left(client: Client, openai: FakeOpenAI, caplog: Any) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    openai.rows["rl-gpt-4o"][RPM] = 77
    remote.pending = ["It broke."]
    updated(client, remote, {"gpt-4o*": {RPM: 80}})
    assert told(caplog) == ""


def test_a_row_that_a_resource_of_this_run_took_is_left_to_it(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    run = next_run(client, remote)
    ROW.create(run, new(), Wanted({"model": "gpt-4o"}, {RPM: 70}))
    ROWS.update(run, remote, wanted({"gpt-4o-mini": {RPM: 60}}))
    assert live(openai)[:2] == [70, 60]


def test_a_row_that_was_left_to_another_resource_stays_left(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    run = next_run(client, remote)
    ROW.create(run, new(), Wanted({"model": "gpt-4o"}, {RPM: 60}))
    ROWS.update(run, remote, wanted({"gpt-4o-mini": {RPM: 60}}))
    updated(client, remote, {"gpt-4o-mini": {RPM: 61}})
    assert live(openai)[:2] == [60, 61]


# Reading


def test_reading_shows_what_the_program_set_at_its_live_values(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o": {RPM: 60}, "gpt-5*": {RPM: 1}}, {RPM: 0})
    openai.rows["rl-gpt-4o"][RPM] = 77
    before = remote.attributes["baseline"]
    read(client, remote)
    assert remote.attributes["limits"] == {"gpt-4o": {RPM: 77}, "gpt-5*": {RPM: 1}}
    assert (remote.attributes["others"], remote.attributes["baseline"]) == ({RPM: 0}, before)
    assert remote.attributes["rows"]["gpt-4o"] == {RPM: 77, TPM: 30_000}


def test_a_row_that_deviates_from_a_pattern_or_others_gets_a_name(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60, TPM: 7}}, {RPM: 0})
    openai.rows["rl-gpt-4o-mini"][RPM] = 77
    openai.rows["rl-dall-e-3"][RPM] = 5
    openai.rows["rl-dall-e-3"][TPM] = 5  # which nobody manages
    read(client, remote)
    deviating = {"gpt-4o-mini": {RPM: 77, TPM: 7}, "dall-e-3": {RPM: 5}}
    assert remote.attributes["limits"] == {"gpt-4o*": {RPM: 60, TPM: 7}, **deviating}
    assert remote.memory[PolicyOutcome].expanded == ["dall-e-3", "gpt-4o-mini"]
    once = (dict(remote.attributes), remote.memory.to_state())
    assert (read(client, remote).attributes, remote.memory.to_state()) == once, "a second look changes nothing"


def test_drift_that_was_named_is_expanded_and_set_right_again(client: Client, openai: FakeOpenAI) -> None:
    program = {"gpt-4o*": {RPM: 60}}
    remote = created(client, program)
    openai.rows["rl-gpt-4o-mini"][RPM] = 77
    read(client, remote)
    news = ROWS.expand({"limits": remote.attributes["limits"]}, {"limits": program})
    assert news == {"limits": {**program, "gpt-4o-mini": {RPM: 60}}}
    updated(client, remote, news["limits"])
    assert live(openai)[:2] == [60, 60]
    assert read(client, remote).attributes["limits"] == news["limits"]


def test_a_row_with_a_name_of_ours_is_still_passed_over_where_openai_refuses_it(
    client: Client, openai: FakeOpenAI
) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    openai.rows["rl-gpt-4o-mini"][RPM] = 77
    read(client, remote)
    openai.refused_rows["gpt-4o-mini"] = FIXED
    updated(client, remote, {"gpt-4o*": {RPM: 60}, "gpt-4o-mini": {RPM: 60}})
    assert remote.attributes["skipped"] == {"gpt-4o-mini": f"{RPM}: {FIXED[0]}"}


def test_a_row_with_a_name_of_ours_may_go(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    openai.rows["rl-gpt-4o-mini"][RPM] = 77
    read(client, remote)
    del openai.rows["rl-gpt-4o-mini"]
    updated(client, remote, {"gpt-4o*": {RPM: 60}, "gpt-4o-mini": {RPM: 60}})
    assert read(client, remote).attributes["limits"] == {"gpt-4o*": {RPM: 60}}


def test_what_openai_refused_is_no_deviation(client: Client, openai: FakeOpenAI) -> None:
    openai.refused_rows["gpt-4o"] = FIXED
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    assert read(client, remote).attributes["limits"] == {"gpt-4o*": {RPM: 60}}


def test_a_field_that_openai_shows_no_longer_is_no_deviation(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    del openai.rows["rl-gpt-4o"][RPM]
    assert read(client, remote).attributes["limits"] == {"gpt-4o*": {RPM: 60}}


def test_a_named_row_that_left_is_shown_as_missing(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o": {RPM: 60}, "gpt-5": {RPM: 1}})
    del openai.rows["rl-gpt-4o"]
    assert read(client, remote).attributes["limits"] == {"gpt-5": {RPM: 1}}


def test_who_looks_a_project_up_sees_all_rows(client: Client) -> None:
    remote = Remote({"project_id": "proj_1"}, "proj_1")
    ROWS.read(client, remote)
    assert remote.attributes["rows"] == BEFORE


@pytest.mark.parametrize(
    ("olds", "news"),
    [({}, {"limits": {"a": {RPM: 1}}}), ({"limits": "?"}, {"limits": {}}), ({"limits": {"a": {}}}, {"limits": "?"})],
)
def test_what_is_not_known_is_not_expanded(olds: dict[str, Any], news: dict[str, Any]) -> None:
    assert ROWS.expand(olds, news) is news


def test_others_are_expanded_too() -> None:
    news = {"limits": {"o*": {RPM: 1}}, "others": {RPM: 0}}
    assert ROWS.expand({"limits": {"gpt-5": {RPM: 9}}}, news)["limits"] == {"o*": {RPM: 1}, "gpt-5": {RPM: 0}}


def test_others_that_are_not_known_expand_nothing() -> None:
    news = {"limits": {"o*": {RPM: 1}}, "others": unknown.UNKNOWN}
    assert ROWS.expand({"limits": {"gpt-5": {RPM: 9}}}, news)["limits"] == {"o*": {RPM: 1}}


def test_a_preview_compares_each_row_with_what_the_state_has_of_it(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    openai.rows["rl-gpt-4o"][RPM] = 77
    observation = ROWS.observe(next_run(client, remote), remote, wanted({"gpt-4o*": {RPM: 61}}))
    assert observation.what == "the rate limits of project proj_1"
    assert observation.values == [
        ValueComparison("limits", f"gpt-4o {RPM}", 60, 77, 61, False),
        ValueComparison("limits", f"gpt-4o-mini {RPM}", 60, 60, 61, False),
    ]
    assert observation.others == ""
    raised = ROWS.observe(next_run(client, remote), remote, wanted({"gpt-4o*": {RPM: 1_000_000}})).others
    assert raised.startswith(
        f"Higher than every limit that OpenAI has returned: gpt-4o {RPM}, gpt-4o-mini {RPM}. OpenAI rejects"
    )
    remote.memory[Ceilings].ceilings = {"gpt-4o": {RPM: 500}}
    raised = ROWS.observe(next_run(client, remote), remote, wanted({"gpt-4o*": {RPM: 1_000_000}})).others
    assert raised.startswith(f"Higher than every limit that OpenAI has returned: gpt-4o-mini {RPM}. ")


# Undoing


def broken_run(client: Client, openai: FakeOpenAI, remote: Remote) -> None:
    openai.surprise("POST", "gpt-5$", (500, {}), acts=True, times=6)
    with pytest.raises(errors.PartialUpdateError):
        ROWS.create(client, remote, wanted({"*": {RPM: 60}}))
    assert live(openai)[:3] == [60, 60, 60]


def test_undo_takes_all_rows_back(client: Client, openai: FakeOpenAI) -> None:
    remote = new()
    broken_run(client, openai, remote)
    assert ROWS.undo(client, remote)
    assert live(openai) == [500, 900, 100, 50]


def test_undo_goes_back_to_what_this_run_found(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt*": {RPM: 60}})
    openai.rows["rl-gpt-4o"][RPM] = 77
    run = next_run(client, remote)
    ROWS.update(run, remote, wanted({"gpt*": {RPM: 70}}))
    assert ROWS.undo(run, remote)
    assert live(openai)[:3] == [77, 60, 60]


def test_undo_passes_over_rows_that_are_gone(client: Client, openai: FakeOpenAI) -> None:
    remote = new()
    broken_run(client, openai, remote)
    del openai.rows["rl-gpt-4o"]
    assert ROWS.undo(Client(client.requestor), remote)
    assert openai.rows["rl-gpt-4o-mini"][RPM] == 900


def test_undo_admits_that_a_field_without_a_value_cannot_be_unset(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o": {RPD: 1}, "gpt-5": {RPD: 1}})
    assert not ROWS.undo(client, remote)
    assert openai.rows["rl-gpt-5"][RPD] == 700, "the others are taken back all the same"


def test_undo_goes_on_after_a_row_that_is_refused(client: Client, openai: FakeOpenAI) -> None:
    remote = new()
    broken_run(client, openai, remote)
    openai.refused_rows["gpt-4o"] = CEILING
    try:
        is_undone = ROWS.undo(client, remote)
    except errors.AdminError:
        is_undone = False
    assert not is_undone
    assert live(openai)[1:3] == [900, 100]


# Deleting


def deleted(client: Client, remote: Remote) -> None:
    ROWS.delete(next_run(client, remote), remote)


def test_all_rows_are_put_back(client: Client, openai: FakeOpenAI) -> None:
    before = {id_: dict(row) for id_, row in openai.rows.items()}
    deleted(client, created(client, {"gpt-*": {RPM: 1, TPM: 2}}, {RPM: 0}))
    assert openai.rows == before


def test_what_was_right_from_the_start_is_not_written(client: Client, openai: FakeOpenAI) -> None:
    deleted(client, created(client, {"gpt-4o": {RPM: 500}}))
    assert openai.asked("POST") == []


def test_what_somebody_else_set_is_left(client: Client, openai: FakeOpenAI, caplog: Any) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    openai.rows["rl-gpt-4o"][RPM] = 77
    deleted(client, remote)
    assert live(openai)[:2] == [77, 900]
    assert f"gpt-4o: {RPM} stays at 77 instead of 500 (changed outside Pulumi after it was set to 60)" in told(caplog)


def test_a_row_that_is_gone_needs_not_be_restored(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    del openai.rows["rl-gpt-4o"]
    deleted(client, remote)
    assert openai.rows["rl-gpt-4o-mini"][RPM] == 900


def test_a_row_that_one_list_left_out_is_restored_all_the_same(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    row = openai.rows.pop("rl-gpt-4o")
    updated(client, read(client, remote), {"gpt-4o*": {RPM: 60, TPM: 1}})
    openai.rows["rl-gpt-4o"] = row
    deleted(client, remote)
    assert live(openai)[:2] == [500, 900]


def test_rows_that_lag_in_a_project_of_this_run_are_waited_for(client: Client, openai: FakeOpenAI) -> None:
    client.acquire("proj_1")  # as its creation does
    complete = list(openai.rows.values())
    openai.surprise("GET", "rate_limits$", (200, {"object": "list", "data": complete[:1], "has_more": False}))
    created(client, {"gpt-4o": {RPM: 60}}, {RPM: 0})
    assert live(openai) == [60, 0, 0, 0]
    assert len(openai.asked("GET")) == 3


def test_rows_that_a_new_set_manages_are_left(client: Client, openai: FakeOpenAI, caplog: Any) -> None:
    old = created(client, {"gpt-4o": {RPM: 60}})
    run = next_run(client, old)
    ROWS.create(run, new(), wanted({"gpt-4o": {RPM: 70}}))
    ROWS.delete(run, old)
    assert live(openai)[0] == 70
    assert told(caplog) == (
        f"Could not fully restore 1 of the rate limits of project proj_1: gpt-4o: {RPM} stays at 70 instead of 500 "
        "(another resource manages it now). If you only renamed the resource, add an alias with its old name to keep "
        "the original values."
    )


def test_a_limit_that_a_new_set_does_not_manage_is_restored(client: Client, openai: FakeOpenAI, caplog: Any) -> None:
    old = created(client, {"gpt-4o": {RPM: 500, TPM: 1}})
    run = next_run(client, old)
    ROWS.create(run, new(), wanted({"gpt-4o": {RPM: 500}}))
    ROWS.delete(run, old)
    assert live(openai, TPM)[0] == 30_000
    assert told(caplog) == ""


def test_a_row_that_a_new_resource_looks_after_is_left(client: Client, openai: FakeOpenAI) -> None:
    old = created(client, {"gpt-4o*": {RPM: 60}})
    run = next_run(client, old)
    ROW.create(run, new(), Wanted({"model": "gpt-4o"}, {RPM: 70}))
    ROWS.delete(run, old)
    assert live(openai)[:2] == [70, 900]


def test_a_row_that_a_set_begins_to_cover_is_left_by_the_resource_before(client: Client, openai: FakeOpenAI) -> None:
    old = Remote({"project_id": "proj_1"})
    ROW.create(client, old, Wanted({"model": "gpt-4o"}, {RPM: 60}))
    run = next_run(client, old)
    ROWS.create(run, new(), wanted({"gpt-4o*": {RPM: 60}}))  # there is nothing to write to gpt-4o
    ROW.delete(run, old)
    assert live(openai)[:2] == [60, 60]


def test_a_row_that_an_existing_set_begins_to_cover_is_left_too(client: Client, openai: FakeOpenAI) -> None:
    old, policy = Remote({"project_id": "proj_1"}), created(client, {"gpt-5": {RPM: 60}})
    ROW.create(client, old, Wanted({"model": "gpt-4o"}, {RPM: 60}))
    run = next_run(client, policy)
    ROWS.update(run, policy, wanted({"gpt-5": {RPM: 60}, "gpt-4o": {RPM: 60}}))
    ROW.delete(run, old)
    assert live(openai)[:1] == [60]


def test_a_row_that_is_handed_over_is_forgotten(client: Client, openai: FakeOpenAI) -> None:
    policy = created(client, {"gpt-4o*": {RPM: 60}})
    run = next_run(client, policy)
    ROW.create(run, new(), Wanted({"model": "gpt-4o"}, {RPM: 60}))
    ROWS.update(run, policy, wanted({"gpt-4o-mini": {RPM: 60}}))
    assert live(openai)[:2] == [60, 60]
    assert list(policy.memory[ObjectRecords].objects) == list(policy.attributes["baseline"]) == ["gpt-4o-mini"]


def test_a_row_that_is_restored_at_the_same_moment_is_set_again(client: Client, openai: FakeOpenAI) -> None:
    """A set gives a row up while a resource of the same run begins to manage it: whoever comes first."""
    policy = created(client, {"gpt-4o*": {RPM: 60}})
    run, single = next_run(client, policy), new()
    released, restoring = threading.Event(), threading.Event()

    def restore_slowly() -> None:
        restoring.set()
        released.wait(10)
        openai.rows["rl-gpt-4o"].update({RPM: 500})

    openai.surprise("POST", "rl-gpt-4o$", (200, {**openai.rows["rl-gpt-4o"], RPM: 500}), acts=restore_slowly)
    giving_up = threading.Thread(target=ROWS.update, args=(run, policy, wanted({"gpt-4o-mini": {RPM: 60}})))
    beginning = threading.Thread(target=ROW.create, args=(run, single, Wanted({"model": "gpt-4o"}, {RPM: 60})))
    giving_up.start()
    assert restoring.wait(10)
    beginning.start()
    deadline = time.monotonic() + 10
    while not run.is_owned(f"{LIST}/rl-gpt-4o {RPM}"):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    released.set()
    giving_up.join(10)
    beginning.join(10)
    assert live(openai)[:2] == [60, 60]
    assert single.attributes["baseline"] == {RPM: 500}


def test_rows_in_flight_are_bounded_however_many_sets_are_settled_at_a_time(
    requestor: Requestor, openai: FakeOpenAI
) -> None:
    """All wait for one request limit: the last of too many would wait longer than an operation may take."""
    sent, answered = threading.Semaphore(0), threading.Event()

    class SlowClient(Client):
        def send(self, call: Call) -> dict[str, Any]:
            if call.method == "POST":
                sent.release()
                answered.wait(10)
            return super().send(call)

    client, models = SlowClient(requestor, parallel=1), [f"gpt-{number}" for number in range(10, 16)]
    for model in models:
        openai.add_row(model, **{RPM: 500})
    sets = [threading.Thread(target=created, args=(client, {model: {RPM: 60}})) for model in models]
    for set_ in sets:
        set_.start()
    assert all(sent.acquire(timeout=10) for _ in range(4))
    assert not sent.acquire(timeout=0.2)
    answered.set()
    for set_ in sets:
        set_.join(10)
    assert [openai.rows[f"rl-{model}"][RPM] for model in models] == [60] * len(models)


def test_a_row_that_is_done_gives_time_to_those_in_flight(
    requestor: Requestor, openai: FakeOpenAI, clock: Clock
) -> None:
    together, first_is_done = threading.Barrier(2), threading.Event()

    class SlowClient(Client):
        def send(self, call: Call) -> dict[str, Any]:
            if call.method == "POST":
                together.wait(10)  # both rows have begun
                if not call.path.endswith("rl-gpt-4o"):
                    first_is_done.wait(1)
                clock.sleep(400)  # of at most 600 s
            return super().send(call)

        def progress(self) -> None:
            self.requestor.progress()
            if clock.at > 1200:
                first_is_done.set()

    client = SlowClient(requestor, parallel=2)
    del client.__dict__["progress"]
    openai.surprise("POST", "gpt-5$", (500, {}))  # sent again only where there is time left
    with client.operation():
        created(client, {"gpt-4o": {RPM: 60}, "gpt-5": {RPM: 60}})
    assert [openai.rows[id_][RPM] for id_ in ("rl-gpt-4o", "rl-gpt-5")] == [60, 60]


def test_the_wait_for_rows_of_other_sets_is_not_a_rows_own_time(
    client: Client, openai: FakeOpenAI, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def long_wait() -> Iterator[None]:
        clock.sleep(10_000)
        yield

    monkeypatch.setattr(client, "in_flight", long_wait())
    openai.surprise("POST", "gpt-4o$", (500, {}))  # nothing is sent again when an operation's time is up
    with client.operation():
        created(client, {"gpt-4o": {RPM: 60}})
    assert openai.rows["rl-gpt-4o"][RPM] == 60


def test_an_archived_project_takes_its_rows_along(client: Client, openai: FakeOpenAI, caplog: Any) -> None:
    remote = created(client, {"*": {RPM: 60}})
    openai.calls.clear()
    openai.project = {"id": "proj_1", "status": "archived"}
    deleted(client, remote)
    assert openai.asked("POST") == []
    assert told(caplog).startswith("The rate limits of project proj_1 were not restored: Project proj_1 is archived")


def test_a_project_that_the_key_does_not_show_is_an_error(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"*": {RPM: 60}})
    openai.project = None
    with pytest.raises(errors.ProjectNotFoundError):
        deleted(client, remote)


def test_rows_that_are_not_restored_are_one_line(client: Client, openai: FakeOpenAI, caplog: Any) -> None:
    remote = created(client, {"*": {RPM: 60}})
    for model in ("gpt-4o", "gpt-5"):
        openai.rows[f"rl-{model}"][RPM] = 77
    deleted(client, remote)
    assert told(caplog) == (
        "Could not fully restore 2 of the rate limits of project proj_1: gpt-4o: "
        f"{RPM} stays at 77 instead of 500 (changed outside Pulumi after it was set to 60); gpt-5: "
        f"{RPM} stays at 77 instead of 100 (changed outside Pulumi after it was set to 60)."
    )


def test_what_is_not_put_back_for_openais_fault_is_an_error_and_kept(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    openai.surprise("POST", "gpt-4o-mini$", (403, {"error": "No"}))
    with pytest.raises(errors.PartialUpdateError, match=r"\(gpt-4o-mini\); updated 1 \(gpt-4o\)"):
        deleted(client, remote)
    assert list(remote.memory[ObjectRecords].objects) == ["gpt-4o-mini"]
    deleted(client, remote)
    assert live(openai)[:2] == [500, 900]


def test_a_row_that_may_not_be_changed_any_more_can_be_let_go(client: Client, openai: FakeOpenAI, caplog: Any) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    openai.refused_rows["gpt-4o"] = FIXED
    deleted(client, remote)
    assert live(openai)[:2] == [60, 900]
    assert f"gpt-4o: {RPM} stays at 60 instead of 500 (OpenAI refused 500" in told(caplog)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_no_key_in_any_error(client: Client, openai: FakeOpenAI, status: int) -> None:
    code = "insufficient_quota" if status == 429 else None
    openai.surprise("POST", ".", (status, error_body(f"Bad key {KEY}", code)), times=99)
    with pytest.raises(errors.PartialUpdateError) as error:
        created(client, {"*": {RPM: 60}})
    assert "SECRETKEY" not in f"{error.value}{error.value!r}"


def test_each_row_may_take_as_long_as_an_operation(client: Client, openai: FakeOpenAI) -> None:
    for model in BEFORE:
        openai.surprise("POST", f"rl-{model}$", (429, error_body("slow down")), headers={"retry-after": "400"})
    with client.operation():
        remote = created(client, {"*": {RPM: 7}})
    assert live(openai) == [7, 7, 7, 7]
    assert remote.attributes["rows"].keys() == BEFORE.keys()


def test_a_row_that_waits_too_long_ends_it(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "rl-gpt-4o-mini$", (429, error_body("slow down")), headers={"retry-after": "400"}, times=9)
    with client.operation(), pytest.raises(errors.PartialUpdateError, match="Failed to update"):
        created(client, {"*": {RPM: 7}})


def test_rows_are_adopted_as_they_are(client: Client, openai: FakeOpenAI) -> None:
    remote = new()
    ROWS.adopt(client, remote, wanted({"gpt-4o": {RPM: 500}}))
    assert openai.asked("POST") == []
    ROWS.delete(Client(client.requestor), remote)
    assert openai.asked("POST") == []


def test_all_rows_are_imported_with_the_limits_that_they_have(client: Client, openai: FakeOpenAI) -> None:
    assert ROWS.declared(client, new()) == {"limits": dict(sorted(BEFORE.items()))}
    assert ROWS.ids(client, new()) == [""]
    openai.rows.clear()
    assert ROWS.ids(Client(client.requestor), new()) == []


def test_a_row_that_undo_can_not_restore_is_named(client: Client, openai: FakeOpenAI, caplog: Any) -> None:
    remote = created(client, {"gpt-4o": {RPM: 60}})
    openai.surprise("POST", "gpt-4o$", (403, error_body("You may not")), times=9)
    assert not ROWS.undo(client, remote)
    (line,) = told(caplog).splitlines()
    assert line.startswith(
        "gpt-4o of project proj_1 can't be restored: Could not restore max_requests_per_1_minute of "
    )
