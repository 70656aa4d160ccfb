"""A key that was made is never lost over what comes after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.creation import Creation, Made
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.service_account_api_keys import ServiceAccountApiKeys

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

PROJECT = "/organization/projects/{project_id}"
KEYS = ServiceAccountApiKeys(PROJECT + "/service_accounts/{service_account_id}/api_keys", keys=PROJECT + "/api_keys")


def test_a_stray_that_cannot_be_revoked_does_not_cost_the_new_key(
    client: Client, openai: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Made({"id": "key_9", "value": "sk-svcacct-VALUE0009"}, late_duplicates=("key_8",))
    monkeypatch.setattr(Creation, "run", lambda *_, **__: made)
    openai.surprise("DELETE", "key_8$", (403, {"error": "No"}))
    remote = Remote({"project_id": "proj_1", "service_account_id": "svc_acct_1"})
    with pytest.raises(errors.PermissionDeniedError):
        KEYS.create(client, remote, Wanted({}, {}))
    assert (remote.id, remote.attributes["value"], remote.has_changed) == ("key_9", "sk-svcacct-VALUE0009", True)
