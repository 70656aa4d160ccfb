from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import ProjectRateLimit
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.lifecycle.adopt import found

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

RPM = "max_requests_per_1_minute"
ID = "proj_1/rl-gpt-4o"


def test_an_existing_object_is_adopted_by_its_id(openai: FakeOpenAI, client: Client) -> None:
    openai.add_row("gpt-4o", **{RPM: 500})
    assert found(ProjectRateLimit, client, ID).inputs[RPM] == 500
    assert {method for method, _, _ in openai.calls} == {"GET"}


@pytest.mark.parametrize("verb", ["declared", "adopt"])
def test_a_handler_that_writes_is_refused(
    openai: FakeOpenAI, client: Client, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    openai.add_row("gpt-4o", **{RPM: 500})
    change = Call("POST", "/organization/projects/proj_1/rate_limits/rl-gpt-4o", "change a limit", body={RPM: 1})

    def writes(_handler: object, client: Client, *_: Any) -> dict[str, Any]:
        client.send(change)
        return {}

    monkeypatch.setattr(type(ProjectRateLimit.handler), verb, writes)
    with pytest.raises(RuntimeError, match="only reads"):
        found(ProjectRateLimit, client, ID)
    assert openai.rows["rl-gpt-4o"][RPM] == 500
    client.send(change)
    assert openai.rows["rl-gpt-4o"][RPM] == 1


def test_what_openai_leaves_out_is_not_declared(openai: FakeOpenAI, client: Client) -> None:
    openai.add_row("gpt-4o", **{RPM: 500, "max_images_per_1_minute": None})
    inputs = found(ProjectRateLimit, client, ID).inputs
    assert "max_images_per_1_minute" not in inputs
    assert None not in inputs.values()
