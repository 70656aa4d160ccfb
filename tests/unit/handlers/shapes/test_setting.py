from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.shapes.setting import Setting
from tests.unit.fakes import error_body, told
from tests.unit.handlers.fake_settings import PROJECT, FakeSettings, next_run

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

OF_PROJECT = Setting(
    "/organization/projects/{project_id}/setting",
    noun="setting",
    settable=("type", "color"),
    sent_as={"type": "sent_type"},
    constants={"version": 1},
    called={"type": "sent_type"},
)
LOST = requests.exceptions.ReadTimeout("slow")
FOUND = {"type": "old", "color": "red", "other": 1}


@pytest.fixture
def openai(requests_mock: Any) -> FakeSettings:
    return FakeSettings(
        requests_mock, settings={f"{PROJECT}/setting": dict(FOUND), "/organization/setting": dict(FOUND)}
    )


@pytest.fixture
def live(openai: FakeSettings) -> dict[str, Any]:
    """The project's setting."""
    return openai.settings[f"{PROJECT}/setting"]


def new(handler: Setting = OF_PROJECT) -> Remote:
    return Remote({"project_id": "proj_1"} if handler is OF_PROJECT else {})


def created(client: Client, handler: Setting = OF_PROJECT, **settings: Any) -> Remote:
    remote = new(handler)
    handler.create(client, remote, Wanted({}, settings))
    return remote


def updated(client: Client, remote: Remote, handler: Setting = OF_PROJECT, **settings: Any) -> Remote:
    handler.update(next_run(client, remote), remote, Wanted({}, settings))
    return remote


def deleted(client: Client, remote: Remote, handler: Setting = OF_PROJECT) -> None:
    handler.delete(next_run(client, remote), remote)


def now(openai: FakeSettings, path: str = f"{PROJECT}/setting") -> dict[str, Any]:
    return {name: openai.settings[path][name] for name in FOUND}


# Writing


def test_an_existing_setting_is_adopted_without_a_write(client: Client, openai: FakeSettings) -> None:
    remote = new()
    OF_PROJECT.adopt(client, remote, Wanted({}, {"type": "old"}))
    assert (remote.id, remote.attributes["baseline"]) == ("proj_1", {"sent_type": "old"})
    assert openai.asked("POST") == []


def test_reading_keeps_the_baseline(client: Client, live: dict[str, Any]) -> None:
    remote = created(client, type="new")
    live["type"] = "by hand"
    OF_PROJECT.read(next_run(client, remote), remote)
    assert (remote.attributes["type"], remote.attributes["baseline"]) == ("by hand", {"sent_type": "old"})


def lost_create(client: Client, openai: FakeSettings, *, acts: bool) -> Remote:
    openai.surprise("POST", "/setting$", LOST, acts=acts, times=99)
    remote = new()
    with pytest.raises(errors.AdminError):
        OF_PROJECT.create(client, remote, Wanted({}, {"type": "new"}))
    openai.surprises.clear()
    return remote


@pytest.mark.parametrize("acts", [False, True], ids=["never made", "made"])
def test_a_change_whose_reply_is_lost_is_undone(client: Client, openai: FakeSettings, acts: bool) -> None:
    remote = lost_create(client, openai, acts=acts)
    assert OF_PROJECT.undo(client, remote)
    assert now(openai) == FOUND


# Projects and other resources


def test_the_setting_of_an_archived_project_is_left(
    client: Client, openai: FakeSettings, caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, type="new")
    openai.project = {"id": "proj_1", "status": "archived"}
    deleted(client, remote)
    assert "setting of project proj_1 was not restored: Project proj_1 is archived" in told(caplog)
    with pytest.raises(errors.ProjectArchivedError):
        updated(client, remote, type="newer")


def test_a_setting_that_another_resource_of_the_run_manages_is_left(
    client: Client, openai: FakeSettings, caplog: pytest.LogCaptureFixture
) -> None:
    remote, run = created(client, type="new"), type(client)(client.requestor)
    OF_PROJECT.create(run, new(), Wanted({}, {"type": "new"}))
    OF_PROJECT.delete(run, remote)
    assert now(openai)["type"] == "new"
    assert told(caplog) == (
        "Could not fully restore setting of project proj_1: sent_type stays at new instead of old (another resource "
        "manages it now). If you only renamed the resource, add an alias with its old name to keep the original values."
    )


# Adoption


@pytest.mark.parametrize(
    ("there", "found"),
    [({"type": "own"}, [""]), ({"type": "usual"}, []), ({"type": None}, []), ({}, []), ({"color": "red"}, [""])],
)
def test_a_setting_is_declared_if_it_has_a_value_of_its_own(
    client: Client, openai: FakeSettings, there: dict[str, Any], found: list[str]
) -> None:
    handler = replace(OF_PROJECT, defaults={"type": "usual"})
    openai.settings[f"{PROJECT}/setting"] = there
    assert handler.ids(client, new()) == found


def test_a_refused_restoration_warns_and_the_others_are_restored(
    client: Client, openai: FakeSettings, live: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    every = replace(OF_PROJECT, sends_all=True, sent_as={}, constants={}, called={})
    remote = Remote({"project_id": "proj_1"})
    every.create(client, remote, Wanted({}, {"type": "new", "color": "blue"}))
    refused = error_body("The organization enables this for all projects.")
    openai.surprise("POST", "setting$", (409, refused), times=3)  # for both
    openai.surprise("POST", "setting$", (409, refused), times=3)  # for the color, which is the first in any state
    every.delete(next_run(client, remote), remote)
    assert live == {**FOUND, "color": "blue"}
    assert told(caplog).startswith(
        "Could not fully restore setting of project proj_1: color stays at blue instead of red (OpenAI refused red: "
        "The organization enables this for all projects; status 409"
    )
