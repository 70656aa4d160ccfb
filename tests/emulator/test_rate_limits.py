from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest

if TYPE_CHECKING:
    from conftest import Http
    from openai.resources.admin.organization.projects import Projects
    from openai.types.admin.organization.projects import ProjectRateLimit

    from pulumi_openai_admin.emulator import Control

DEMO = "proj_demo"


def row(projects: Projects, rate_limit_id: str) -> ProjectRateLimit:
    return next(row for row in projects.rate_limits.list_rate_limits(DEMO, limit=1000) if row.id == rate_limit_id)


def update(projects: Projects, rate_limit_id: str, **limits: int) -> ProjectRateLimit:
    return projects.rate_limits.update_rate_limit(rate_limit_id, project_id=DEMO, **limits)


def test_a_project_has_about_170_rows_in_more_than_one_default_page(projects: Projects) -> None:
    page = projects.rate_limits.list_rate_limits(DEMO)
    assert len(page.data) == 100
    assert page.has_more
    rows = list(page)
    assert 160 <= len(rows) <= 180
    assert {"gpt-4.1-long-context", "chat-latest"} <= {row.model for row in rows}
    assert len({row.id for row in rows}) == len(rows)
    assert all(row.object == "project.rate_limit" and row.id == f"rl-{row.model}" for row in rows)


def test_a_write_keeps_what_it_omits_and_is_read_at_once(projects: Projects) -> None:
    before = row(projects, "rl-gpt-4o")
    first = update(projects, "rl-gpt-4o", max_requests_per_1_minute=10_000)
    second = update(projects, "rl-gpt-4o", max_tokens_per_1_minute=1_000)
    assert first.max_requests_per_1_minute == second.max_requests_per_1_minute == 10_000
    assert second.max_tokens_per_1_minute == 1_000
    assert second.batch_1_day_max_input_tokens == before.batch_1_day_max_input_tokens
    assert row(projects, "rl-gpt-4o") == second


def test_the_organizations_ceiling_is_named_one_field_a_reply_as_a_float(projects: Projects) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        update(projects, "rl-gpt-5-pro", max_tokens_per_1_minute=10**9, max_requests_per_1_minute=501)
    error = refused.value
    assert (error.code, error.type) == ("organization_rate_limit_exceeded", "invalid_request_error")
    message = "The max_requests_per_1_minute for rl-gpt-5-pro cannot exceed the organization rate limit of 500.0"
    assert error.body["message"] == message
    assert update(projects, "rl-gpt-5-pro", max_requests_per_1_minute=500).max_requests_per_1_minute == 500


@pytest.mark.parametrize(
    ("rate_limit_id", "limits", "code", "message"),
    [
        (
            "rl-gpt-image-0-preview",
            {"max_requests_per_1_minute": 1},
            "rate_limit_does_not_exist_for_org_and_model",
            "The rate limit for model gpt-image-0-preview is not set for your organization",
        ),
        (
            "rl-ft:gpt-4o-mini-2024-07-18:acme::abc123",
            {"max_requests_per_1_minute": 1},
            "rate_limit_not_updatable",
            "cannot be updated",
        ),
        ("rl-gpt-4o-shared", {"max_requests_per_1_minute": 1}, "rate_limit_not_updatable", "cannot be updated"),
        ("rl-sora-2", {"max_tokens_per_1_minute": 1}, "invalid_rate_limit_type", "max_tokens_per_1_minute"),
        ("rl-o1", {"max_images_per_1_minute": 1}, "invalid_rate_limit_type", "max_images_per_1_minute"),
    ],
)
def test_the_refusals(
    projects: Projects, rate_limit_id: str, limits: dict[str, int], code: str | None, message: str
) -> None:
    before = row(projects, rate_limit_id)
    with pytest.raises(openai.BadRequestError) as refused:
        update(projects, rate_limit_id, **limits)
    assert (refused.value.code, refused.value.type) == (code, "invalid_request_error")
    assert message in refused.value.body["message"]
    assert row(projects, rate_limit_id) == before


def test_the_404_of_an_unknown_project_has_no_wrapper(http: Http, control: Control) -> None:
    bare = {"code": 404, "message": "The project proj_nobody was not found"}
    reply = http("GET", "/proj_nobody/rate_limits")
    assert (reply.status_code, reply.json()) == (404, bare)
    assert http("POST", "/proj_nobody/rate_limits/rl-x", {"max_requests_per_1_minute": 1}).json() == bare
    control.world(bare_not_found="nowhere")
    assert http.refusal("GET", "/proj_nobody/rate_limits")[:2] == (404, "not_found")
    control.world(bare_not_found="everywhere")
    assert http("GET", "/proj_nobody").json() == bare


def test_an_unknown_row_is_not_found(projects: Projects) -> None:
    with pytest.raises(openai.NotFoundError) as refused:
        update(projects, "rl-nothing", max_requests_per_1_minute=1)
    assert refused.value.code == "not_found"
