from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import Observation, Remote, ValueComparison, Wanted
from pulumi_openai_admin.handlers.shapes.setting import Setting
from tests.unit.fakes import error_body, first_claim, told
from tests.unit.handlers.fake_settings import PROJECT, FakeSettings, next_run

if TYPE_CHECKING:
    import requests_mock

    from pulumi_openai_admin.http.client import Client

OF_PROJECT = Setting(
    "/organization/projects/{project_id}/setting",
    noun="setting",
    settable=("type", "color"),
    sent_as={"type": "sent_type"},
    constants={"version": 1},
    called={"type": "sent_type"},
)
OF_ORGANIZATION = Setting("/organization/setting", noun="setting", settable=("type",))
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


def test_only_what_differs_is_sent_under_its_name_with_the_constants(client: Client, openai: FakeSettings) -> None:
    remote = created(client, type="new", color="red")
    assert openai.asked("POST") == [(f"{PROJECT}/setting", {"version": 1, "sent_type": "new"})]
    assert remote.id == "proj_1"
    assert remote.attributes["type"] == "new"
    assert remote.attributes["baseline"] == {"sent_type": "old", "color": "red"}


def test_what_is_there_already_is_not_written(client: Client, openai: FakeSettings) -> None:
    remote = created(client, type="old")
    assert openai.asked("POST") == []
    assert remote.step.has_changed is False
    deleted(client, remote)
    assert openai.asked("POST") == []


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


def test_a_change_outside_is_written_over(client: Client, openai: FakeSettings, live: dict[str, Any]) -> None:
    remote = created(client, type="new")
    live["type"] = "by hand"
    updated(client, remote, type="new")
    deleted(client, remote)
    assert now(openai) == FOUND


def test_a_property_taken_out_of_the_program_is_restored(client: Client, openai: FakeSettings) -> None:
    remote = created(client, type="new", color="blue")
    updated(client, remote, color="blue")
    assert now(openai) == {**FOUND, "color": "blue"}
    assert remote.attributes["baseline"] == {"color": "red"}
    deleted(client, remote)
    assert now(openai) == FOUND


def test_destroy_restores_what_was_found_and_nothing_else(
    client: Client, openai: FakeSettings, live: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, type="new", color="blue")
    live["other"] = 2
    deleted(client, remote)
    assert now(openai) == {**FOUND, "other": 2}
    assert openai.asked("POST")[-1] == (f"{PROJECT}/setting", {"version": 1, "sent_type": "old", "color": "red"})
    assert told(caplog) == ""


def test_what_others_have_changed_since_is_left_by_destroy(
    client: Client, openai: FakeSettings, live: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, type="new", color="blue")
    live["type"] = "by hand"
    deleted(client, remote)
    assert now(openai) == {**FOUND, "type": "by hand"}
    assert told(caplog) == (
        "Could not fully restore setting of project proj_1: sent_type stays at by hand instead of old "
        "(changed outside Pulumi after it was set to new)."
    )


def test_a_property_that_had_no_value_stays_and_is_told(
    client: Client, live: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    del live["color"]
    remote = created(client, color="blue")
    assert remote.attributes["baseline"] == {}
    deleted(client, remote)
    assert live["color"] == "blue"
    assert "color stays at blue (it had no value before, and OpenAI cannot unset it)" in told(caplog)


def test_what_openai_does_not_do_is_an_error(client: Client, openai: FakeSettings) -> None:
    openai.surprise("POST", "/setting$", (200, dict(FOUND)))
    with pytest.raises(errors.UpdateNotAppliedError, match="but did not apply it: sent_type is old, expected new"):
        created(client, type="new")


# Lost replies


def lost_create(client: Client, openai: FakeSettings, *, acts: bool) -> Remote:
    openai.surprise("POST", "/setting$", LOST, acts=acts, times=99)
    remote = new()
    with pytest.raises(errors.AdminError):
        OF_PROJECT.create(client, remote, Wanted({}, {"type": "new"}))
    openai.surprises.clear()
    return remote


@pytest.mark.parametrize("acts", [False, True], ids=["never made", "made"])
def test_a_change_whose_reply_is_lost_is_kept_and_restored(client: Client, openai: FakeSettings, acts: bool) -> None:
    remote = lost_create(client, openai, acts=acts)
    assert (remote.id, remote.step.has_changed) == ("proj_1", True)
    deleted(client, remote)
    assert now(openai) == FOUND


@pytest.mark.parametrize("acts", [False, True], ids=["never made", "made"])
def test_a_change_whose_reply_is_lost_is_completed(client: Client, openai: FakeSettings, acts: bool) -> None:
    remote = updated(client, lost_create(client, openai, acts=acts), type="new")
    assert now(openai)["type"] == "new"
    assert remote.attributes["baseline"] == {"sent_type": "old"}


@pytest.mark.parametrize("acts", [False, True], ids=["never made", "made"])
def test_a_change_whose_reply_is_lost_is_undone(client: Client, openai: FakeSettings, acts: bool) -> None:
    remote = lost_create(client, openai, acts=acts)
    assert OF_PROJECT.undo(client, remote)
    assert now(openai) == FOUND


def test_a_refused_change_leaves_nothing_to_keep(client: Client, openai: FakeSettings) -> None:
    openai.surprise("POST", "/setting$", (400, {"error": {"message": "Not eligible"}}))
    remote = new()
    with pytest.raises(errors.BadRequestError, match=r"Could not set sent_type of setting of project proj_1.*eligible"):
        OF_PROJECT.create(client, remote, Wanted({}, {"type": "new"}))
    assert remote.step.has_changed is False


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


def test_a_property_that_another_resource_of_the_run_does_not_manage_is_restored(
    client: Client, openai: FakeSettings, caplog: pytest.LogCaptureFixture
) -> None:
    remote, run = created(client, type="new"), type(client)(client.requestor)
    OF_PROJECT.create(run, new(), Wanted({}, {"color": "blue"}))
    OF_PROJECT.delete(run, remote)
    assert (now(openai)["type"], now(openai)["color"]) == ("old", "blue")
    assert told(caplog) == ""


def test_two_resources_of_a_project_claim_the_same() -> None:
    claims = [
        first_claim(OF_PROJECT, {"project_id": id_}, Wanted({}, {}), {}) for id_ in ("proj_1", "proj_1", "proj_2")
    ]
    assert claims[0]
    assert claims[1]
    assert claims[2]
    assert claims[0].overlap(claims[1]) == "the setting of project proj_1"
    assert claims[0].overlap(claims[2]) is None


# The organization


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


def test_a_preview_compares_what_the_program_sets(client: Client, live: dict[str, Any]) -> None:
    remote = created(client, type="new")
    live["type"] = "other"
    observation = OF_PROJECT.observe(next_run(client, remote), remote, Wanted({}, {"type": "other", "color": None}))
    assert observation == Observation(
        "setting of project proj_1", [ValueComparison("type", "sent_type", "new", "other", "other", True)]
    )
    observation = OF_PROJECT.observe(next_run(client, remote), remote, Wanted({}, {"color": "blue"}))
    assert observation.values == [ValueComparison("color", "color", "red", "red", "blue", False)]


def test_a_property_that_openai_does_not_take_back_is_a_warning_and_the_others_are_restored(
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


def test_a_change_sends_what_openai_shows_of_the_other_properties(client: Client, openai: FakeSettings) -> None:
    every = replace(OF_PROJECT, sends_all=True, sent_as={}, constants={}, called={})
    every.create(client, Remote({"project_id": "proj_1"}), Wanted({}, {"type": "new"}))
    assert openai.asked("POST") == [(f"{PROJECT}/setting", {"type": "new", "color": "red"})]


def test_a_change_has_the_method_of_the_declaration(
    client: Client, openai: FakeSettings, requests_mock: requests_mock.Mocker
) -> None:
    requests_mock.put(re.compile(f"{PROJECT}/setting$"), json={**FOUND, "color": "blue"})
    replace(OF_PROJECT, changes_with="PUT").create(
        client, Remote({"project_id": "proj_1"}), Wanted({}, {"color": "blue"})
    )
    assert (requests_mock.request_history[-1].method, openai.asked("POST")) == ("PUT", [])
