from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import AdminApiKey, ProjectRateLimit, ProjectRateLimits, ProjectServiceAccount, errors
from pulumi_openai_admin.lifecycle.apply import create
from pulumi_openai_admin.lifecycle.check import Failure
from pulumi_openai_admin.lifecycle.diff import StateDifference
from pulumi_openai_admin.lifecycle.preview import with_nearest
from pulumi_openai_admin.lifecycle.read import adopt, adopt_by_id, adoptable_inputs, nearest_parent
from pulumi_openai_admin.lifecycle.state import Inputs
from tests.unit.fakes import FakeOpenAI, MemoryHost, error_body

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

RPM = "max_requests_per_1_minute"
ID = "proj_1/rl-gpt-4o"


def test_an_existing_object_is_adopted_by_its_id(openai: FakeOpenAI, client: Client) -> None:
    openai.add_row("gpt-4o", **{RPM: 500})
    assert adopt_by_id(ProjectRateLimit, client, ID).inputs[RPM] == 500
    assert {method for method, _, _ in openai.calls} == {"GET"}


def test_a_key_that_is_shown_once_is_not_imported(client: Client) -> None:
    with pytest.raises(errors.NotAdoptableError) as raised:
        adopt_by_id(AdminApiKey, client, "key_1")
    assert raised.value.what == f"'key_1' can't be imported: {AdminApiKey.handler.traits.not_adoptable}"


def test_an_object_without_a_value_that_a_program_needs_is_not_imported(
    openai: FakeOpenAI, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    openai.add_row("gpt-4o", **{RPM: 500})
    monkeypatch.setattr(type(ProjectRateLimits.handler), "declared", lambda *_: {})
    with pytest.raises(errors.NotAdoptableError) as raised:
        adopt_by_id(ProjectRateLimits, client, "proj_1")
    assert raised.value.what == "'proj_1' can't be imported: OpenAI shows no limits"


def test_inputs_that_check_refuses_are_not_imported(openai: FakeOpenAI, client: Client) -> None:
    openai.add_row("gpt-4o", **{RPM: 500})
    openai.surprise("POST", "rl-gpt-4o$", (200, {"id": "rl-gpt-4o", "model": "gpt-4o", RPM: -1}))
    with pytest.raises(errors.NotAdoptableError) as raised:
        adopt(ProjectRateLimit, client, {"project_id": "proj_1", "model": "gpt-4o", RPM: -1}, ID)
    assert raised.value.what.startswith(f"'{ID}' can't be imported: {RPM} must be a whole number, 0 or more, not -1")


@pytest.mark.parametrize(
    ("difference", "message"),
    [
        (StateDifference(("a", "b"), (), is_due=False), "a, b"),
        (StateDifference((), ("a",), is_due=False), "the last change did not finish"),
        (StateDifference((), (), is_due=True), "the last change did not finish"),
    ],
)
def test_an_object_whose_first_preview_would_show_a_change_is_not_imported(
    openai: FakeOpenAI, client: Client, monkeypatch: pytest.MonkeyPatch, difference: StateDifference, message: str
) -> None:
    openai.add_row("gpt-4o", **{RPM: 500})
    monkeypatch.setattr("pulumi_openai_admin.lifecycle.read.diff", lambda *_: difference)
    with pytest.raises(errors.NotAdoptableError) as refusal:
        adopt_by_id(ProjectRateLimit, client, ID)
    assert refusal.value.what == f"'{ID}' can't be imported: no program can reproduce these values: {message}"


def test_an_object_that_no_state_has_is_not_found(openai: FakeOpenAI, client: Client) -> None:
    openai.add_row("gpt-4o", **{RPM: 500})
    with pytest.raises(errors.ResourceGoneError) as missing:
        adoptable_inputs(ProjectRateLimit, client, "proj_1/rl-none")
    assert str(missing.value) == "rate limit rl-none of project proj_1 was not found. Check its id."


PROJECTS = [
    {"id": "proj_shop", "name": "Web shop"},
    {"id": "proj_search", "name": "Search"},
    {"id": "proj_twin", "name": "Search"},
]


def listed(openai: FakeOpenAI, status: int = 200) -> None:
    body: dict[str, Any] = {"object": "list", "data": PROJECTS, "has_more": False}
    openai.surprise("GET", "projects$", (status, body if status == 200 else error_body("No")), times=9)


def test_a_list_that_can_not_be_read_suggests_nothing(client: Client, openai: FakeOpenAI) -> None:
    listed(openai, status=403)
    assert not nearest_parent(client, "project_id", "Web shop")


def test_an_id_that_a_list_still_shows_is_not_suggested_for_itself(client: Client, openai: FakeOpenAI) -> None:
    listed(openai)
    assert not nearest_parent(client, "project_id", "proj_search")


@pytest.mark.parametrize(
    ("project_id", "more"),
    [
        ("proj_shopp", "Did you mean proj_shop? "),
        ("proj_none", ""),
        ("Webshop", "Ids of projects usually have the form proj_…. Did you mean proj_shop? "),
        ("none", "Ids of projects usually have the form proj_…. "),
    ],
)
def test_a_creation_in_a_project_that_is_not_there_suggests_another_one(
    host: MemoryHost, openai: FakeOpenAI, project_id: str, more: str
) -> None:
    listed(openai)
    with pytest.raises(errors.ProjectNotFoundError) as missing:
        create(ProjectServiceAccount, host, Inputs({"project_id": project_id, "name": "ci"}))
    assert missing.value.what == f"Project {project_id} does not exist, or belongs to another organization"
    assert missing.value.advice.startswith(f"{more}OpenAI does not delete projects")


@pytest.mark.parametrize(
    ("project_id", "hint"), [("proj_1", ""), ("Demo", "Ids of projects usually have the form proj_…. ")]
)
def test_a_refusal_hints_at_what_is_unusual(host: MemoryHost, openai: FakeOpenAI, project_id: str, hint: str) -> None:
    openai.surprise("GET", f"projects/{project_id}$", (200, {"id": project_id, "status": "active"}), times=9)
    openai.surprise("POST", "service_accounts$", (400, error_body("No such thing")), times=9)
    with pytest.raises(errors.StatusError) as refused:
        create(ProjectServiceAccount, host, Inputs({"project_id": project_id, "name": "ci"}))
    assert refused.value.advice.startswith((f"{hint}Correct", f"{hint}Check"))


@pytest.mark.parametrize(("asks", "more"), [("true", " Did you mean proj_shop?"), ("false", "")])
def test_a_preview_suggests_the_id_for_a_name(host: MemoryHost, openai: FakeOpenAI, asks: str, more: str) -> None:
    listed(openai)
    host.settings["openai-admin:previewReads"] = asks
    wrong = Failure("project_id", "project_id must be the id of a project (proj_…), not 'Web shop'.")
    inputs = Inputs({"project_id": "Web shop", "name": "ci"})
    (found,) = with_nearest(ProjectServiceAccount, host, inputs, [wrong])
    assert found == Failure("project_id", f"{wrong.reason}{more}")


def test_a_suggestion_for_a_preview_asks_nothing_after_a_failure(host: MemoryHost, openai: FakeOpenAI) -> None:
    host.settings["openai-admin:previewReads"] = "true"
    wrong = Failure("project_id", "project_id must be the id of a project (proj_…), not 'Web shop'.")
    inputs = Inputs({"project_id": "Web shop", "name": "ci"})
    listed(openai, status=401)
    assert with_nearest(ProjectServiceAccount, host, inputs, [wrong]) == [wrong]
    availability = host.run.availability("")
    assert not availability.is_lost, "the next question reports it"
    requests = len(openai.calls)
    assert availability.mark_unreachable()
    assert with_nearest(ProjectServiceAccount, host, inputs, [wrong]) == [wrong]
    assert len(openai.calls) == requests
