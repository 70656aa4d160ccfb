"""Any setting: restored on destroy, with what the program says in place of a declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import ApiSetting, errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from tests.unit.fakes import PROJECT, warnings
from tests.unit.handlers.fake_settings import FakeSettings, next_run

if TYPE_CHECKING:
    import requests_mock

    from pulumi_openai_admin.http.client import Client

HANDLER = ApiSetting.handler
PATH = f"{PROJECT}/setting"
LIMITS = {"daily": 10, "hourly": 1}


@pytest.fixture
def openai(requests_mock: requests_mock.Mocker) -> FakeSettings:
    return FakeSettings(requests_mock, settings={PATH: {"mode": "off", "limits": LIMITS, "signing_secret": "s"}})


def created(client: Client, **properties: Any) -> Remote:
    remote = Remote({"path": PATH})
    HANDLER.create(client, remote, Wanted({}, {"properties": properties}))
    return remote


def test_a_setting_that_no_state_describes_is_not_deleted(client: Client, openai: FakeSettings) -> None:
    remote = created(client, mode="off")
    with pytest.raises(errors.ConfigurationError, match="it can't be deleted, and no state has the values from before"):
        HANDLER.delete_found(next_run(client, remote), remote)
    assert openai.asked("POST") == []


def test_an_undo_writes_what_was_found(client: Client, openai: FakeSettings) -> None:
    remote = created(client, mode="audit")
    assert HANDLER.undo(client, remote)
    assert openai.settings[PATH]["mode"] == "off"


def test_messages_show_no_value_of_secret_properties(
    client: Client, openai: FakeSettings, caplog: pytest.LogCaptureFixture
) -> None:
    remote = created(client, mode="audit")
    openai.settings[PATH]["mode"] = "by hand"
    remote.step.secret = ("properties",)
    HANDLER.delete(next_run(client, remote), remote)
    (warning,) = warnings(caplog)
    assert "mode stays at [secret] instead of [secret]" in warning
    assert "audit" not in warning
    assert "by hand" not in warning


def test_a_list_is_no_setting(client: Client, openai: FakeSettings) -> None:
    openai.surprise("GET", "setting$", (200, {"object": "list", "data": [], "has_more": False}))
    with pytest.raises(errors.ConfigurationError, match="leads to a list of objects, not to a setting"):
        created(client, mode="audit")
    assert openai.asked("POST") == []
