from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.shapes.setting import OptionalSetting
from tests.unit.fakes import told
from tests.unit.handlers.fake_settings import PROJECT, FakeSettings, next_run

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

OF_PROJECT = OptionalSetting(
    "/organization/projects/{project_id}/optional",
    noun="models",
    settable=("mode", "ids"),
    constants={"version": 1},
)
AT = f"{PROJECT}/optional"
LOST = requests.exceptions.ReadTimeout("slow")
THEIRS = {"mode": "deny", "ids": ["z", "y"]}
OURS = {"mode": "allow", "ids": ["a", "b"]}


@pytest.fixture
def openai(requests_mock: Any) -> FakeSettings:
    return FakeSettings(requests_mock)


def new(handler: OptionalSetting = OF_PROJECT) -> Remote:
    parents = {"project_id": "proj_1"} if handler is OF_PROJECT else {}
    return Remote(parents, unordered=frozenset({"ids"}))


def created(client: Client, handler: OptionalSetting = OF_PROJECT, **settings: Any) -> Remote:
    remote = new(handler)
    handler.create(client, remote, Wanted({}, settings or OURS))
    return remote


def updated(client: Client, remote: Remote, **settings: Any) -> Remote:
    OF_PROJECT.update(next_run(client, remote), remote, Wanted({}, settings))
    return remote


def deleted(client: Client, remote: Remote, handler: OptionalSetting = OF_PROJECT) -> None:
    handler.delete(next_run(client, remote), remote)


def now(openai: FakeSettings) -> dict[str, Any] | None:
    found = openai.settings.get(AT)
    return found and {"mode": found["mode"], "ids": sorted(found["ids"])}


def test_what_others_have_changed_since_is_left(
    client: Client, openai: FakeSettings, caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client)
    openai.settings[AT] = dict(THEIRS)
    deleted(client, remote)
    assert now(openai) == {"mode": "deny", "ids": ["y", "z"]}
    assert told(caplog) == (
        "Could not fully restore models of project proj_1: setting stays at mode deny, ids ['y', 'z'] instead of none "
        "(changed outside Pulumi after it was set to ids ['a', 'b'], mode allow)."
    )


def test_a_setting_that_somebody_deleted_is_gone_and_set_again(client: Client, openai: FakeSettings) -> None:
    remote = created(client)
    del openai.settings[AT]
    with pytest.raises(errors.ResourceGoneError, match="models of project proj_1 no longer exists at OpenAI") as told:
        OF_PROJECT.read(next_run(client, remote), remote)
    assert told.value.advice == "Refresh the state, then update the resources. The next update sets it again."
    updated(client, remote, **OURS)
    assert now(openai) == OURS


def test_a_deletion_that_somebody_was_faster_with_is_done(client: Client, openai: FakeSettings) -> None:
    remote = created(client)
    openai.surprise("DELETE", "/optional$", LOST, acts=True)
    deleted(client, remote)
    assert now(openai) is None


def lost_create(client: Client, openai: FakeSettings, *, acts: bool) -> Remote:
    openai.surprise("POST", "/optional$", LOST, acts=acts, times=99)
    remote = new()
    with pytest.raises(errors.AdminError):
        OF_PROJECT.create(client, remote, Wanted({}, OURS))
    openai.surprises.clear()
    assert remote.step.has_changed
    return remote


@pytest.mark.parametrize("found", [None, THEIRS], ids=["absent", "there"])
@pytest.mark.parametrize("acts", [False, True], ids=["never made", "made"])
@pytest.mark.parametrize("then", ["deleted", "undone", "completed"])
def test_a_change_whose_reply_is_lost(
    client: Client, openai: FakeSettings, found: dict[str, Any] | None, acts: bool, then: str
) -> None:
    if found:
        openai.settings[AT] = dict(found)
    before = now(openai)
    remote = lost_create(client, openai, acts=acts)
    if then == "undone":
        assert OF_PROJECT.undo(client, remote)
    elif then == "completed":
        updated(client, remote, **OURS)
        assert now(openai) == OURS
    if then != "undone":
        deleted(client, remote)
    assert now(openai) == before
