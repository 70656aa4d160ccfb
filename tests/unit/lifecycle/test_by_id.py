"""What is suggested in place of an id that names no object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import ProjectServiceAccount, errors
from pulumi_openai_admin.lifecycle import read
from pulumi_openai_admin.lifecycle.apply import create
from pulumi_openai_admin.lifecycle.check import Failure
from pulumi_openai_admin.lifecycle.preview import with_nearest
from pulumi_openai_admin.lifecycle.state import Inputs
from tests.unit.fakes import error_body

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI, MemoryHost

PROJECTS = [
    {"id": "proj_shop", "name": "Web shop"},
    {"id": "proj_search", "name": "Search"},
    {"id": "proj_twin", "name": "Search"},
]


def listed(openai: FakeOpenAI, status: int = 200) -> None:
    body: dict[str, Any] = {"object": "list", "data": PROJECTS, "has_more": False}
    openai.surprise("GET", "projects$", (status, body if status == 200 else error_body("No")), times=9)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("Web Shop", " Did you mean proj_shop?"),
        ("web-shop", " Did you mean proj_shop?"),
        ("proj_shopp", " Did you mean proj_shop?"),
        ("search", " Did you mean proj_search or proj_twin?"),
        ("proj_twi", " Did you mean proj_twin?"),
        ("proj_aB3dE6gH9jK2mN5pQ8sT1vX4", ""),
        ("nothing", ""),
    ],
)
def test_a_name_or_a_similar_id_is_suggested(client: Client, openai: FakeOpenAI, wanted: str, sentence: str) -> None:
    listed(openai)
    assert read.nearest_parent(client, "project_id", wanted) == sentence


def test_a_list_that_can_not_be_read_suggests_nothing(client: Client, openai: FakeOpenAI) -> None:
    listed(openai, status=403)
    assert not read.nearest_parent(client, "project_id", "Web shop")


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
def test_a_refusal_has_a_hint_about_what_is_unusual(
    host: MemoryHost, openai: FakeOpenAI, project_id: str, hint: str
) -> None:
    openai.surprise("GET", f"projects/{project_id}$", (200, {"id": project_id, "status": "active"}), times=9)
    openai.surprise("POST", "service_accounts$", (400, error_body("No such thing")), times=9)
    with pytest.raises(errors.StatusError) as refused:
        create(ProjectServiceAccount, host, Inputs({"project_id": project_id, "name": "ci"}))
    assert refused.value.advice.startswith((f"{hint}Correct", f"{hint}Check"))


@pytest.mark.parametrize(("asks", "more"), [("true", " Did you mean proj_shop?"), ("false", "")])
def test_a_preview_that_asks_suggests_the_id_in_place_of_a_name(
    host: MemoryHost, openai: FakeOpenAI, asks: str, more: str
) -> None:
    listed(openai)
    host.settings["openai-admin:previewReads"] = asks
    wrong = Failure("project_id", "project_id must be the id of a project (proj_…), not 'Web shop'.")
    inputs = Inputs({"project_id": "Web shop", "name": "ci"})
    (found,) = with_nearest(ProjectServiceAccount, host, inputs, [wrong])
    assert found == Failure("project_id", f"{wrong.reason}{more}")


def test_a_suggestion_for_a_preview_asks_nothing_once_openai_can_not_be_asked_and_reports_nothing_itself(
    host: MemoryHost, openai: FakeOpenAI
) -> None:
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
