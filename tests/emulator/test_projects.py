from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest

if TYPE_CHECKING:
    from conftest import Http
    from openai.resources.admin.organization.projects import Projects


ARCHIVED = "proj_retired"


def test_archive_keeps_the_project_readable_and_nothing_else(projects: Projects) -> None:
    made = projects.create(name="Made")
    archived = projects.archive(made.id)
    assert archived.status == "archived"
    assert archived.archived_at
    assert projects.retrieve(made.id) == archived
    assert made.id not in [project.id for project in projects.list()]
    assert made.id in [project.id for project in projects.list(include_archived=True)]
    for again in (lambda: projects.update(made.id, name="x"), lambda: projects.archive(made.id)):
        with pytest.raises(openai.BadRequestError, match="is archived") as refused:
            again()
        assert refused.value.code == "project_archived"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/rate_limits", None),
        ("POST", "/rate_limits/rl-gpt-4o", {"max_requests_per_1_minute": 1}),
        ("POST", "/service_accounts", {"name": "a"}),
        ("POST", "/service_accounts/svc_acct_x/api_keys", {}),
        ("DELETE", "/api_keys/key_x", None),
    ],
)
def test_in_an_archived_project_everything_answers_an_error(http: Http, method: str, path: str, body: object) -> None:
    assert http.refusal(method, f"/{ARCHIVED}{path}", body)[:2] == (400, "project_archived")


def test_the_default_project_refuses_updates_archiving_and_accounts(projects: Projects) -> None:
    for refused in (
        lambda: projects.update("proj_default", name="x"),
        lambda: projects.archive("proj_default"),
        lambda: projects.service_accounts.create("proj_default", name="x"),
    ):
        with pytest.raises(openai.BadRequestError, match="default project"):
            refused()


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({}, "missing_required_parameter", "Missing required parameter: 'name'."),
        ({"name": None}, "invalid_type", "Invalid type for 'name': expected a string, but got null instead."),
        ({"name": 3}, "invalid_type", "Invalid type for 'name': expected a string, but got an integer instead."),
        ({"name": "a", "tier": 1}, "unknown_parameter", "Unknown parameter: 'tier'."),
        ({"name": "a", "geography": "US", "residency": "GLOBAL"}, None, "Provide only one of"),
        ({"name": "a", "residency": "MARS"}, "invalid_value", "Supported values are: 'GLOBAL'"),
        ([], None, "expected a JSON object"),
        (None, None, "Missing required request body."),
    ],
)
def test_a_bad_create_is_a_400_in_openais_words(http: Http, body: object, code: str | None, message: str) -> None:
    status, got_code, got_message = http.refusal("POST", "", body)
    assert (status, got_code) == (400, code)
    assert message in got_message


def test_an_unknown_address_answers_in_openais_shape(http: Http) -> None:
    assert http.refusal("GET", "/a/b/c/d") == (
        404,
        "unknown_url",
        "Invalid URL (GET /v1/organization/projects/a/b/c/d)",
    )
    assert http.refusal("PATCH", "/proj_demo")[:2] == (405, "method_not_supported")
    assert http("PATCH", "/proj_demo").headers["allow"] == "GET, POST"
