"""External storage: what OpenAI found is no difference, and a bucket that it can't use is tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import ExternalStorage, errors
from pulumi_openai_admin.handlers.handler import PendingAction, Remote, Wanted
from pulumi_openai_admin.handlers.memory import Memory
from tests.unit.fakes import NOW, listed, warnings

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

HANDLER = ExternalStorage.handler
AWS = {"type": "aws", "bucket": "data", "role_arn": "arn"}
FOUND = {"account_id": "1", "external_id": "proj_1", "region": "us-east-1"}
WANTED = Wanted({}, {"project_id": "proj_1", "provider": AWS})


def shown(status: str = "pending", **more: str) -> dict[str, Any]:
    provider = {**AWS, **FOUND, **more}
    return {"id": "extstore_1", "project_id": "proj_1", "created_at": NOW, "status": status, "provider": provider}


@pytest.fixture
def _empty(openai: FakeOpenAI) -> None:
    openai.surprise("GET", "organization/projects$", listed({"id": "proj_1"}))
    openai.surprise("GET", "external_storage$", listed())


@pytest.mark.usefixtures("_empty")
def test_what_openai_found_is_apart_from_what_was_given(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "external_storage$", (200, shown()))
    openai.surprise("POST", "validate$", (200, shown("validated")))
    remote = Remote({})
    HANDLER.create(client, remote, WANTED)
    assert (remote.attributes["provider"], remote.attributes["found"]) == (AWS, FOUND)
    assert remote.attributes["status"] == "validated"


@pytest.mark.usefixtures("_empty")
def test_a_bucket_that_openai_cannot_use_is_warned_of_and_tried_again(
    client: Client, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    openai.surprise("POST", "external_storage$", (200, shown()))
    openai.surprise("POST", "validate$", (200, shown("unhealthy")))
    remote = Remote({})
    HANDLER.create(client, remote, WANTED)
    (told,) = warnings(caplog)
    assert told == (
        "external storage extstore_1 is unhealthy: OpenAI can't use it. Give OpenAI access in your cloud, then refresh "
        "the state, then update the resources: OpenAI tests it again."
    )
    openai.surprise("GET", "extstore_1$", (200, shown("unhealthy")), times=2)
    HANDLER.read(client, remote)
    HANDLER.read(client, remote)  # says it once, however many refreshes there are
    assert remote.due == [PendingAction("External storage extstore_1 is unhealthy", "have OpenAI test it again")]
    openai.surprise("POST", "validate$", (200, shown("validated")))
    HANDLER.update(client, remote, WANTED)
    openai.calls.clear()
    HANDLER.update(client, remote, WANTED)
    assert openai.calls == []


@pytest.mark.parametrize("theirs", [{}, {"bucket": "other"}], ids=["ours", "another bucket"])
@pytest.mark.usefixtures("_empty")
def test_after_a_lost_reply_project_and_bucket_recognize_it(
    client: Client, openai: FakeOpenAI, theirs: dict[str, str]
) -> None:
    openai.surprise("POST", "external_storage$", requests.exceptions.ReadTimeout("slow"), times=9)
    openai.surprise("GET", "external_storage$", listed(shown(**theirs)), times=99)
    openai.surprise("POST", "validate$", (200, shown("validated")))
    remote = Remote({})
    if theirs:
        with pytest.raises(errors.ResponseLostError, match="'data'"):
            HANDLER.create(client, remote, WANTED)
    else:
        HANDLER.create(client, remote, WANTED)
    assert remote.id == ("" if theirs else "extstore_1")


def test_a_bucket_that_openai_can_use_is_not_tried_again(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("GET", "extstore_1$", (200, shown("validated")))
    remote = Remote({}, "extstore_1", memory=Memory({"anchor": "proj_1"}))
    HANDLER.read(client, remote)
    assert remote.due == []
