"""Keys whose values were lost are revoked, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.handlers.keys.lost_keys import LostKeys
from pulumi_openai_admin.handlers.keys.project_api_keys import AccountKeys, ProjectKeys
from tests.unit.fakes import error_body

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI


@pytest.fixture
def lost(client: Client, openai: FakeOpenAI) -> LostKeys:  # noqa: ARG001 - nothing leaves this machine
    of_project = ProjectKeys(client, "/organization/projects/{project_id}/api_keys", {"project_id": "proj_1"})
    keys = AccountKeys(of_project, "svc_acct_9", "the account")
    return LostKeys(client, Remote({"project_id": "proj_1"}, "svc_acct_9"), keys.place())


def test_all_keys_that_are_noted_are_remembered_each_with_its_time(lost: LostKeys) -> None:
    lost.note("key_1", 7)
    lost.note("key_2", None)
    assert lost.remote.memory.to_state() == {"to_revoke": {"key_1": 7, "key_2": 0}}
    assert (lost.was_tried("key_1"), lost.was_tried("key_3")) == (True, False)
    lost.forget("key_1")
    lost.forget("key_9")
    assert lost.remote.memory.to_state() == {"to_revoke": {"key_2": 0}}


def test_a_key_that_is_too_young_to_be_found_is_revoked_all_the_same(lost: LostKeys, openai: FakeOpenAI) -> None:
    key = openai.add_key("svc_acct_9")
    lost.note(key, openai.now)
    openai.surprise("DELETE", f"{key}$", (404, error_body("No such key")), times=2)
    lost.look()
    assert openai.keys == {}


def test_a_refresh_revokes_nothing(lost: LostKeys, openai: FakeOpenAI) -> None:
    key = openai.add_key("svc_acct_9")
    lost.note(key, openai.now)
    lost.look(removes=False)
    assert list(openai.keys) == [key]
    assert openai.calls == []
