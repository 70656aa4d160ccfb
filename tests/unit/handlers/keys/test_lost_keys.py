"""Keys whose values were lost are revoked, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.handlers.creation import POLL_DELAYS, Window
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.handlers.keys.lost_keys import LostKeys, look_for_others
from pulumi_openai_admin.handlers.keys.project_api_keys import AccountKeys, ProjectKeys
from tests.unit.fakes import error_body

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import Clock, FakeOpenAI


@pytest.fixture
def keys(client: Client, openai: FakeOpenAI) -> AccountKeys:  # noqa: ARG001 - nothing leaves this machine
    of_project = ProjectKeys(client, "/organization/projects/{project_id}/api_keys", {"project_id": "proj_1"})
    return AccountKeys(of_project, "svc_acct_9", "the account")


@pytest.fixture
def key(openai: FakeOpenAI) -> str:
    return openai.add_key("svc_acct_9")


def test_others_are_those_that_are_not_known(client: Client, keys: AccountKeys, openai: FakeOpenAI, key: str) -> None:
    other = openai.add_key("svc_acct_9")
    openai.add_key("svc_acct_8")
    assert list(look_for_others(client, keys, {key})) == [other]


@pytest.mark.parametrize("lag", range(len(POLL_DELAYS)))
def test_others_are_looked_for_until_the_list_shows_them(
    client: Client, keys: AccountKeys, openai: FakeOpenAI, clock: Clock, key: str, lag: int
) -> None:
    openai.hidden[key] = lag
    assert list(look_for_others(client, keys, set())) == [key]
    assert clock.slept == list(POLL_DELAYS[: lag + 2]), "once more, and there are no others"


def test_others_that_the_list_shows_one_after_the_other_are_all_found(
    client: Client, keys: AccountKeys, openai: FakeOpenAI, key: str
) -> None:
    late = openai.add_key("svc_acct_9")
    openai.hidden[late] = 1
    assert list(look_for_others(client, keys, set())) == [key, late]


def test_there_are_no_others_only_after_the_last_look(
    client: Client, keys: AccountKeys, clock: Clock, key: str
) -> None:
    assert list(look_for_others(client, keys, [key])) == []
    assert clock.slept == list(POLL_DELAYS)


def test_all_keys_that_are_noted_are_remembered_each_with_its_time(client: Client, keys: AccountKeys) -> None:
    remote = Remote({"project_id": "proj_1"}, "svc_acct_9")
    lost = LostKeys(client, remote, keys)
    lost.note("key_1", 7)
    lost.note("key_2", None)
    assert remote.memory.to_state() == {"lost_keys": {"ids": {"key_1": 7, "key_2": 0}}}
    assert (lost.was_tried("key_1"), lost.was_tried("key_3")) == (True, False)


def test_windows_are_remembered_until_all_is_revoked(client: Client, keys: AccountKeys) -> None:
    remote = Remote({"project_id": "proj_1"}, "svc_acct_9")
    lost = LostKeys(client, remote, keys)
    lost.note_window(None, ["a"])
    assert remote.memory.to_state() == {}
    lost.note_window(Window(1, 2), {"b", "a"})
    lost.note_window(Window(3, 4), (), "ci")
    windows = [{"start": 1, "end": 2, "known": ["a", "b"]}, {"start": 3, "end": 4, "known": [], "name": "ci"}]
    lost.note("key_1", 7)
    assert remote.memory.to_state() == {"lost_keys": {"ids": {"key_1": 7}, "windows": windows}}
    lost.forget("key_1")
    assert remote.memory.to_state() == {"lost_keys": {"windows": windows}}
    lost.forget("key_9")
    assert remote.memory.to_state() == {"lost_keys": {"windows": windows}}


def test_a_key_that_is_too_young_to_be_found_is_revoked_all_the_same(
    client: Client, keys: AccountKeys, openai: FakeOpenAI, key: str
) -> None:
    lost = LostKeys(client, Remote({"project_id": "proj_1"}, "svc_acct_9"), keys)
    lost.note(key, openai.now)
    openai.surprise("DELETE", f"{key}$", (404, error_body("No such key")), times=2)
    lost.revoke_noted()
    assert openai.keys == {}


def test_a_key_that_was_there_before_the_lost_request_is_left_and_not_named(
    client: Client, keys: AccountKeys, openai: FakeOpenAI, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    lost = LostKeys(client, Remote({"project_id": "proj_1"}, "svc_acct_9"), keys)
    openai.add_key("svc_acct_9")
    lost.note_window(Window(openai.now - 60, openai.now + 60), [key])
    lost.revoke_all(())
    assert list(openai.keys) == [key]
    assert key not in caplog.text
