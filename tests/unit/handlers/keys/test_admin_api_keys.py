"""Admin API keys: the key of the run is not revoked, and no key whose value nobody knows is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import AdminApiKey, errors
from pulumi_openai_admin.handlers.handler import Remote
from pulumi_openai_admin.handlers.memory import Memory
from tests.unit.fakes import KEY, NOW

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

PATH = "/organization/admin_api_keys"
KEYS = AdminApiKey.handler
USED = f"{KEY[:8]}-...{KEY[-4:]}"
DELETED = (200, {"object": "organization.admin_api_key.deleted", "deleted": True})


def key(id_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "name": "ci", "created_at": NOW, "redacted_value": "sk-admin-...zzzz", **more}


@pytest.mark.parametrize(
    "attributes", [{"value": KEY}, {"redacted_value": USED}], ids=["by its value", "by its beginning and end"]
)
def test_the_key_of_the_run_is_not_revoked(client: Client, openai: FakeOpenAI, attributes: dict[str, str]) -> None:
    remote = Remote({}, "key_1", {"name": "ci", **attributes})
    with pytest.raises(errors.KeyRevocationError, match=r"'ci' .key_1. was not revoked: this run uses it") as told:
        KEYS.delete(client, remote)
    assert openai.calls == []
    assert KEY not in str(told.value)
    assert told.value.advice == (
        "Configure a different Admin API key, such as the new one, then run the command again."
    )


@pytest.mark.parametrize(
    "attributes",
    [
        {"value": KEY[:-1] + "0", "redacted_value": USED},
        {"redacted_value": USED[:-1] + "0"},
        {"redacted_value": "..."},
        {},
    ],
    ids=["another value", "another end", "nothing shown", "nothing known"],
)
def test_another_key_is_revoked(client: Client, openai: FakeOpenAI, attributes: dict[str, str]) -> None:
    openai.surprise("DELETE", "admin_api_keys/key_1$", DELETED)
    KEYS.delete(client, Remote({}, "key_1", dict(attributes)))
    assert openai.asked("DELETE") == [(f"{PATH}/key_1", None)]


def test_an_expired_key_is_gone(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("GET", "admin_api_keys/key_1$", (200, key("key_1", expires_at=NOW)))
    with pytest.raises(errors.ResourceGoneError, match=r"Admin API key 'ci' .key_1. has expired") as told:
        KEYS.read(client, Remote({}, "key_1", memory=Memory({"anchor": "proj_1"})))
    assert told.value.advice == "Refresh the state, then update the resources. The next update creates a new key."
