"""A project ends by being archived, and an archived one is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import Project, errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from tests.unit.fakes import error_body

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

PROJECTS = Project.handler
REFUSED = (400, error_body("No"))


@pytest.fixture
def remote() -> Remote:
    return Remote({}, "proj_1", {"name": "a", "status": "active"})


def archive(openai: FakeOpenAI) -> None:
    openai.project = {"id": "proj_1", "status": "archived", "archived_at": openai.now}


def test_an_archived_project_that_is_not_changed_is_told_as_that(
    client: Client, openai: FakeOpenAI, remote: Remote
) -> None:
    archive(openai)
    openai.surprise("POST", "proj_1$", REFUSED)
    with pytest.raises(errors.ResourceGoneError, match=r"project 'a' \(proj_1\) is archived"):
        PROJECTS.update(client, remote, Wanted({}, {"name": "b"}))


def test_another_refusal_of_a_change_is_told_as_it_is(client: Client, openai: FakeOpenAI, remote: Remote) -> None:
    openai.surprise("POST", "proj_1$", REFUSED)
    with pytest.raises(errors.BadRequestError, match="No"):
        PROJECTS.update(client, remote, Wanted({}, {"name": "b"}))
    assert not remote.step.has_changed


def test_a_project_is_archived_with_a_warning(client: Client, openai: FakeOpenAI, remote: Remote, caplog: Any) -> None:
    openai.surprise("POST", "archive$", (200, {"id": "proj_1", "status": "archived"}))
    PROJECTS.delete(client, remote)
    assert remote.attributes["status"] == "archived"
    assert "project 'a' (proj_1) is archived, not deleted, because OpenAI does not delete projects." in caplog.text


@pytest.mark.parametrize("refusal", [REFUSED, (403, error_body("No"))])
def test_a_project_that_was_archived_before_is_done(
    client: Client, openai: FakeOpenAI, remote: Remote, caplog: Any, refusal: tuple[int, Any]
) -> None:
    archive(openai)
    openai.surprise("POST", "archive$", refusal)
    PROJECTS.delete(client, remote)
    assert "is archived, not deleted" not in caplog.text


def test_a_project_that_may_not_be_archived_is_an_error(client: Client, openai: FakeOpenAI, remote: Remote) -> None:
    openai.surprise("POST", "archive$", REFUSED)
    with pytest.raises(errors.BadRequestError, match="No"):
        PROJECTS.delete(client, remote)


def test_a_project_that_the_key_does_not_show_is_an_error(client: Client, openai: FakeOpenAI, remote: Remote) -> None:
    openai.project = None
    with pytest.raises(errors.ProjectNotFoundError, match="Project 'a'"):
        PROJECTS.delete(client, remote)
    with pytest.raises(errors.ProjectNotFoundError, match="Project 'a'"):
        PROJECTS.read(client, remote)


def test_a_project_that_vanishes_while_it_is_archived_is_an_error(
    client: Client, openai: FakeOpenAI, remote: Remote
) -> None:
    openai.project = None
    openai.surprise("POST", "archive$", REFUSED)
    with pytest.raises(errors.ProjectNotFoundError, match="Project 'a'"):
        PROJECTS.delete(client, remote)


def test_a_preview_says_how_new_projects_end() -> None:
    assert PROJECTS.creation_note(Wanted({}, {"name": "Shop"})) == (
        "OpenAI does not delete projects. Destroying one archives it, which cannot be undone."
    )


@pytest.mark.parametrize(
    ("row", "is_own"),
    [
        ({"status": "active", "archived_at": None}, True),
        ({"status": "archived", "archived_at": None}, False),
        ({"status": "active", "archived_at": 7}, False),
    ],
)
def test_only_a_project_that_is_not_archived_is_imported(row: dict[str, Any], is_own: bool) -> None:
    assert Project.handler.is_own(row) is is_own
