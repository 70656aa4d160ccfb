from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.baseline import ObjectRecords
from pulumi_openai_admin.handlers.handler import Remote, ValueComparison, Wanted
from pulumi_openai_admin.handlers.lost_changes import LostChanges
from pulumi_openai_admin.handlers.shapes.rate_limit import CEILING_ADVICE, Ceilings
from pulumi_openai_admin.handlers.shapes.rate_limits import PolicyOutcome
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.resources.project_rate_limits import LIMITS, ProjectRateLimits
from pulumi_openai_admin.schema import shapes
from tests.unit.fakes import PROJECT, Log, error_body, listed, next_run, told

if TYPE_CHECKING:
    from tests.unit.fakes import FakeOpenAI

ROWS = ProjectRateLimits.handler
RPM, TPM, RPD, IPM = LIMITS[0], LIMITS[1], LIMITS[4], LIMITS[2]
BEFORE = {
    "gpt-4o": {RPM: 500, TPM: 30_000},
    "gpt-4o-mini": {RPM: 900, TPM: 90_000},
    "gpt-5": {RPM: 100, TPM: 10_000, RPD: 700},
    "dall-e-3": {RPM: 50, TPM: 5_000, IPM: 5},
}

FIXED = ("rate_limit_not_updatable", "No")
CEILING = ("organization_rate_limit_exceeded", f"{RPM} … organization rate limit of 55.0")


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


def test_a_value_above_the_known_ceiling_is_noted_and_one_at_it_is_not(client: Client, openai: FakeOpenAI) -> None:
    openai.refuse_row("gpt-4o", *CEILING)
    remote = new()
    with pytest.raises(errors.BadRequestError):
        ROWS.create(client, remote, wanted({"gpt-4o": {RPM: 60}}))
    assert ROWS.change_note(remote, wanted({"gpt-4o*": {RPM: 56}})) == (
        f"Rate limits of project proj_1: gpt-4o {RPM} is 56, above the organization's last known maximum of 55. "
        f"{CEILING_ADVICE}"
    )
    assert ROWS.change_note(remote, wanted({"gpt-4o*": {RPM: 55}})) == ""


TUNED, SHARED = "ft:gpt-4o:acme::1", "gpt-4o-shared"


@pytest.mark.parametrize(
    ("mode", "model_ids", "named"),
    [
        ("", [], f"2 models of project proj_1 that this resource covers: {TUNED}, {SHARED}"),
        ("allow_list", ["gpt-5"], ""),
        ("allow_list", ["gpt-5", SHARED], f"1 model of project proj_1 that this resource covers: {SHARED}"),
        ("deny_list", [SHARED], f"1 model of project proj_1 that this resource covers: {TUNED}"),
        ("deny_list", [TUNED, SHARED], ""),
    ],
)
def test_models_that_no_limit_reaches_are_an_output_and_one_warning_if_the_project_may_use_them(
    client: Client, openai: FakeOpenAI, caplog: Log, mode: str, model_ids: list[str], named: str
) -> None:
    for model in (SHARED, TUNED):
        openai.add_row(model, **{RPM: 10_000})
        openai.refuse_row(model, *FIXED)
    if mode:
        openai.surprise("GET", "model_permissions$", (200, {"mode": mode, "model_ids": model_ids}), times=9)
    unlike = (400, error_body(f"{TPM} does not apply", "invalid_rate_limit_type"))
    openai.surprise("POST", "dall-e-3$", unlike)
    for _ in range(2):  # one warning in a run
        remote = created(client, {"gpt-5": {RPM: 1}}, {RPM: 0, TPM: 0})
    rest = (
        "Unless ProjectModelPermissions excludes a model from the project, it accepts requests. The output not_limited "
        "has the current limits, also of other projects, for which this run does not repeat the warning."
    )
    assert told(caplog) == (f"OpenAI refuses to change the rate limits of {named}. {rest}" if named else "")
    caplog.clear()
    openai.set_row("rl-gpt-4o-shared", **{RPM: 9})
    assert read(client, remote).attributes["not_limited"] == {TUNED: {RPM: 10_000}, SHARED: {RPM: 9}}
    updated(client, remote, {"gpt-5": {RPM: 2}}, {RPM: 0, TPM: 0})
    assert told(caplog) == "", "the same models are named once"


def test_a_row_with_a_name_of_ours_may_go(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    openai.set_row("rl-gpt-4o-mini", **{RPM: 77})
    read(client, remote)
    del openai.catalogue["rl-gpt-4o-mini"]
    updated(client, remote, {"gpt-4o*": {RPM: 60}, "gpt-4o-mini": {RPM: 60}})
    assert read(client, remote).attributes["limits"] == {"gpt-4o*": {RPM: 60}}


def test_who_looks_a_project_up_sees_all_rows(client: Client) -> None:
    remote = Remote({"project_id": "proj_1"}, "proj_1")
    ROWS.read(client, remote)
    assert remote.attributes["rows"] == BEFORE


@pytest.mark.parametrize(
    ("olds", "news", "models"),
    [
        ({}, {"limits": {"a": {RPM: 1}}}, {"a"}),
        ({"limits": "?"}, {"limits": {}}, set()),
        ({"limits": {"a": {}}}, {"limits": "?"}, {"?"}),
        ({"limits": {"gpt-5": {RPM: 9}}}, {"limits": {"o*": {RPM: 1}}, "others": {RPM: 0}}, {"o*", "gpt-5"}),
        ({"limits": {"gpt-5": {}}}, {"limits": {"g*": {RPM: 1}, "gpt-5*": {RPM: 0}}}, {"g*", "gpt-5*", "gpt-5"}),
        ({"limits": {"gpt-5": {RPM: 9}}}, {"limits": {"o*": {RPM: 1}}, "others": shapes.UNKNOWN}, {"o*"}),
        ({"limits": {"gpt-5": {RPM: 9}}}, {"limits": {"g*": shapes.UNKNOWN}}, {"g*", "gpt-5"}),
    ],
)
def test_what_is_known_of_old_limits_is_expanded(olds: dict[str, Any], news: dict[str, Any], models: set[str]) -> None:
    limits = ROWS.expand(olds, news)["limits"]
    assert {*limits} == models
    assert "gpt-5" not in models or limits["gpt-5"] in ({RPM: 0}, shapes.UNKNOWN)


@pytest.mark.parametrize("before", ["gpt-4o", "gpt-5"])
def test_what_the_program_said_before_does_not_decide_whether_a_refusal_is_an_error(
    client: Client, openai: FakeOpenAI, caplog: Log, before: str
) -> None:
    olds = {"limits": {before: {RPM: 60}, "gpt-4o-mini": {RPM: 60}}}
    remote = created(client, olds["limits"])
    openai.refuse_row("gpt-4o", *FIXED)
    limits = ROWS.expand(olds, {"limits": {"gpt-4o*": {RPM: 70}}})["limits"]
    updated(client, remote, limits)
    assert remote.attributes["skipped"] == {"gpt-4o": f"{RPM}: {FIXED[0]}"}
    assert ("gpt-4o: max_requests_per_1_minute stays at 60 instead of 500 (OpenAI refused 500: " in told(caplog)) is (
        before == "gpt-4o"
    )
    assert live(openai)[1] == 70
    with pytest.raises(errors.BadRequestError):
        updated(client, remote, {"gpt-4o*": {RPM: 70}, "gpt-4o": {RPM: 80}})


def test_a_model_without_a_row_is_no_error_if_only_the_former_program_names_it(
    client: Client, openai: FakeOpenAI
) -> None:
    olds = {"limits": {"gpt-4o": {RPM: 60}, "gpt-5": {RPM: 1}}}
    remote = created(client, olds["limits"])
    del openai.catalogue["rl-gpt-4o"]
    updated(client, remote, **ROWS.expand(olds, {"limits": {"gpt-5": {RPM: 1}}, "others": {RPM: 70}}))
    assert openai.rows["rl-gpt-4o-mini"][RPM] == 70


def test_a_preview_compares_each_row_with_what_the_state_has_of_it(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}})
    openai.set_row("rl-gpt-4o", **{RPM: 77})
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


def test_undo_passes_over_rows_that_are_gone(client: Client, openai: FakeOpenAI) -> None:
    remote = new()
    openai.surprise("POST", "gpt-5$", (500, {}), acts=True, times=6)
    with pytest.raises(errors.PartialUpdateError):
        ROWS.create(client, remote, wanted({"*": {RPM: 60}}))
    assert live(openai)[:3] == [60, 60, 60]
    del openai.catalogue["rl-gpt-4o"]
    assert ROWS.undo(Client(client.requestor), remote)
    assert openai.rows["rl-gpt-4o-mini"][RPM] == 900


def deleted(client: Client, remote: Remote) -> None:
    ROWS.delete(next_run(client, remote), remote)


def test_rows_that_lag_in_a_project_of_this_run_are_waited_for(client: Client, openai: FakeOpenAI) -> None:
    client.acquire("proj_1")  # as its creation does
    complete = list(openai.rows.values())
    openai.surprise("GET", "rate_limits$", (200, {"object": "list", "data": complete[:1], "has_more": False}))
    created(client, {"gpt-4o": {RPM: 60}}, {RPM: 0})
    assert live(openai) == [60, 0, 0, 0]
    assert len(openai.asked("GET")) == 3


def test_a_lost_change_of_a_row_may_arrive_after_the_next_one(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o": {RPM: 60}})
    openai.surprise("POST", "gpt-4o$", (500, {}), times=6)
    with pytest.raises(errors.AdminError):
        updated(client, remote, {"gpt-4o": {RPM: 70}})
    remote.memory[LostChanges].lost_at = int(openai.now)
    updated(client, remote, {"gpt-4o": {RPM: 80}})
    assert remote.memory[ObjectRecords].objects["gpt-4o"]["may_hold"] == {RPM: [70, 80]}
    assert "lost_at" not in remote.memory[ObjectRecords].objects["gpt-4o"], "the resource has it"
    openai.set_row("rl-gpt-4o", **{RPM: 70})
    deleted(client, remote)
    assert live(openai)[0] == 500


def hide(openai: FakeOpenAI, *models: str) -> None:
    """Omit rows from the next list."""
    shown = openai.shown(f"{PROJECT}/rate_limits").values()
    openai.surprise("GET", "rate_limits$", listed(*(row for row in shown if row["model"] not in models)))


@pytest.mark.parametrize("id_", ["", "rl-another"])
@pytest.mark.parametrize("policy", [{"gpt-4o": {RPM: 0}}, {"*4o": {RPM: 0}}, {"*": {RPM: 0}}])
def test_a_row_that_a_list_lacks_is_restored_by_its_id(
    client: Client, openai: FakeOpenAI, policy: dict[str, Any], id_: str
) -> None:
    if id_:
        openai.catalogue[id_] = replace(openai.catalogue.pop("rl-gpt-4o"), id=id_)
    remote = created(client, {**policy, "gpt-5": {RPM: 0}})
    hide(openai, "gpt-4o")
    updated(client, remote, {"gpt-5": {RPM: 0}})
    rows = {row["model"]: row[RPM] for row in openai.rows.values()}
    assert rows == {model: 0 if model == "gpt-5" else limits[RPM] for model, limits in BEFORE.items()}
    assert [*remote.memory[ObjectRecords].objects] == [*remote.attributes["baseline"]] == ["gpt-5"]
    hide(openai, *BEFORE)
    deleted(client, remote)
    assert openai.rows["rl-gpt-5"][RPM] == 100


def test_a_row_that_a_list_lacks_gets_what_its_pattern_says_now(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60, TPM: 0}, "gpt-5": {RPM: 1}})
    for limits in ({RPM: 70, TPM: 0}, {RPM: 70}):
        hide(openai, "gpt-4o")
        updated(client, remote, {"gpt-4o*": limits, "gpt-5": {RPM: 1}})
    assert (live(openai)[:3], live(openai, TPM)[:2]) == ([70, 70, 1], [30_000, 90_000])
    openai.calls.clear()
    hide(openai, "gpt-4o")
    updated(client, remote, {"gpt-4o*": {RPM: 70}, "gpt-5": {RPM: 2}})
    assert [path for path, _ in openai.asked("POST")] == [f"{PROJECT}/rate_limits/rl-gpt-5"], "nothing else differs"


def test_a_row_that_openai_does_not_find_is_no_longer_managed(client: Client, openai: FakeOpenAI, caplog: Log) -> None:
    remote = created(client, {"gpt-4o*": {RPM: 60}, "gpt-5": {RPM: 1}})
    del openai.catalogue["rl-gpt-4o"]
    updated(client, remote, {"gpt-4o*": {RPM: 70}, "gpt-5": {RPM: 1}})
    assert (
        sorted(remote.memory[ObjectRecords].objects)
        == sorted(remote.attributes["baseline"])
        == ["gpt-4o-mini", "gpt-5"]
    )
    assert told(caplog) == "", "its limits do not matter"
    del openai.catalogue["rl-gpt-5"]
    updated(client, remote, {"gpt-4o*": {RPM: 70}})
    assert f"gpt-5: {RPM} stays at 1 instead of 100 (OpenAI refused 100: " in told(caplog)
    openai.surprise("POST", "rl-gpt-4o-mini$", (404, error_body("Not found", "not_found")))
    with pytest.raises(errors.NotFoundError):
        updated(client, remote, {"gpt-4o*": {RPM: 60}})


def test_an_archived_project_takes_its_rows_along(client: Client, openai: FakeOpenAI, caplog: Any) -> None:
    remote = created(client, {"*": {RPM: 60}})
    openai.calls.clear()
    openai.archive()
    deleted(client, remote)
    assert openai.asked("POST") == []
    assert told(caplog).startswith("Could not restore the rate limits of project proj_1: Project proj_1 is archived")


def test_a_project_that_the_key_does_not_show_is_an_error(client: Client, openai: FakeOpenAI) -> None:
    remote = created(client, {"*": {RPM: 60}})
    openai.remove("project", "proj_1")
    with pytest.raises(errors.ProjectNotFoundError):
        deleted(client, remote)


def test_rows_are_adopted_as_they_are(client: Client, openai: FakeOpenAI) -> None:
    remote = new()
    ROWS.adopt(client, remote, wanted({"gpt-4o": {RPM: 500}}))
    assert openai.asked("POST") == []
    ROWS.delete(Client(client.requestor), remote)
    assert openai.asked("POST") == []


def test_all_rows_are_imported_with_the_limits_that_they_have(client: Client, openai: FakeOpenAI) -> None:
    assert ROWS.declared(client, new()) == {"limits": dict(sorted(BEFORE.items()))}
    assert ROWS.ids(client, new()) == [""]
    openai.catalogue.clear()
    assert ROWS.ids(Client(client.requestor), new()) == []


def test_a_row_that_undo_can_not_restore_is_named(client: Client, openai: FakeOpenAI, caplog: Any) -> None:
    remote = created(client, {"gpt-4o": {RPM: 60}})
    openai.surprise("POST", "gpt-4o$", (403, error_body("You may not")), times=9)
    assert not ROWS.undo(client, remote)
    (line,) = told(caplog).splitlines()
    assert line.startswith(
        "gpt-4o of project proj_1 can't be restored: Could not restore max_requests_per_1_minute of "
    )


def test_what_is_refused_later_than_the_rest_is_told_too(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "gpt-4o$", (400, error_body(f"{TPM} does not apply", "invalid_rate_limit_type")))
    remote = created(client, {"gpt-4o*": {RPM: 60, TPM: 2}})
    openai.set_row("rl-gpt-4o", **{RPM: 77})
    openai.refuse_row("gpt-4o", *FIXED)
    updated(client, remote, {"gpt-4o*": {RPM: 60, TPM: 2}})
    assert openai.rows["rl-gpt-4o"][RPM] == 77
    assert remote.attributes["skipped"] == {"gpt-4o": f"{TPM}: invalid_rate_limit_type, {RPM}: {FIXED[0]}"}
    refused = {"wanted": {RPM: 60, TPM: 2}, "left_out": [TPM, RPM]}
    assert remote.memory[PolicyOutcome].skipped == {"gpt-4o": refused}
