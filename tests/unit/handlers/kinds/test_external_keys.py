"""External keys: sent and shown flat, and validated until OpenAI can use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from pulumi_openai_admin import ExternalKey, errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from tests.unit.fakes import NOW, error_body, listed

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

HANDLER = ExternalKey.handler
OCI = {"type": "oci", "key_ocid": "k", "region": "r", "vault_ocid": "v"}
WANTED = Wanted({}, {"name": "data", "provider": OCI})
SHOWN = {"id": "extkey_1", "name": "data", "created_at": NOW, "purpose": "ekm", "audience": None, **OCI}


@pytest.fixture
def _empty(openai: FakeOpenAI) -> None:
    openai.surprise("GET", "projects$", listed({"id": "proj_1"}))
    openai.surprise("GET", "external_keys$", listed())


@pytest.mark.usefixtures("_empty")
def test_a_key_that_openai_cannot_use_is_kept_and_tried_again(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "external_keys$", (200, SHOWN))
    openai.surprise("POST", "validate$", (400, error_body("AccessDenied")))
    remote = Remote({})
    with pytest.raises(errors.ConfigurationError, match=r"'data' .extkey_1. was created, but .* AccessDenied") as told:
        HANDLER.create(client, remote, WANTED)
    assert told.value.advice == "Give OpenAI access to the key in your cloud, then run the command again."
    assert (remote.id, remote.step.has_changed, remote.attributes["validation_status"]) == ("extkey_1", True, "failed")
    openai.surprise("POST", "validate$", (200, {"status": "success"}))
    HANDLER.update(client, remote, WANTED)
    assert remote.attributes["validation_status"] == "success"
    openai.calls.clear()
    HANDLER.update(client, remote, WANTED)
    assert openai.calls == []


@pytest.mark.parametrize("theirs", [{}, {"key_ocid": "other"}], ids=["ours", "another key"])
@pytest.mark.usefixtures("_empty")
def test_after_a_lost_reply_name_and_cloud_recognize_it(
    client: Client, openai: FakeOpenAI, theirs: dict[str, str]
) -> None:
    openai.surprise("POST", "external_keys$", requests.exceptions.ReadTimeout("slow"), times=9)
    openai.surprise("GET", "external_keys$", listed({**SHOWN, **theirs}), times=99)
    openai.surprise("POST", "validate$", (200, {"status": "success"}))
    remote = Remote({})
    if theirs:
        with pytest.raises(errors.ResponseLostError, match="'data'"):
            HANDLER.create(client, remote, WANTED)
    else:
        HANDLER.create(client, remote, WANTED)
    assert remote.id == ("" if theirs else "extkey_1")
