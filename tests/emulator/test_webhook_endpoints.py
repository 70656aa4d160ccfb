"""Webhook endpoints with the official SDK, and the key of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest
from openai import OpenAI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Http

    from pulumi_openai_admin.emulator import Control, EmulatorServer

KEY = "sk-svcacct-webhooks-1234"
READER = "sk-svcacct-only-reads-1234"
OTHER = "sk-svcacct-other-project-1234"
URL = "https://example.com/hooks"


@pytest.fixture
def client(emulator: EmulatorServer) -> Iterator[OpenAI]:
    def project(id_: str, *keys: dict[str, object]) -> dict[str, object]:
        return {"id": id_, "name": id_, "service_accounts": [{"name": "ci", "keys": [*keys]}]}

    reader = {"value": READER, "scopes": ["api.webhooks.read"]}
    emulator.control.seed(
        {
            "projects": [
                project("proj_hooks", {"id": "key_hooks", "value": KEY}, reader),
                project("proj_b", {"value": OTHER}),
            ]
        }
    )
    with OpenAI(api_key=KEY, base_url=emulator.base_url, max_retries=0, _strict_response_validation=True) as client:
        yield client


@pytest.mark.parametrize("keeps", [True, False])
def test_a_rotation_shows_another_secret(client: OpenAI, control: Control, keeps: bool) -> None:
    made = client.webhooks.create(name="shop", url=URL, event_types=["batch.completed"])
    rotated = client.webhooks.rotate_secret(made.id, keep_old_secret_active_for_24_hours=keeps)
    assert rotated.signing_secret != made.signing_secret
    states = [(control.key(secret) or {}).get("state") for secret in (made.signing_secret, rotated.signing_secret)]
    assert states == ["retiring" if keeps else None, "live"]


def test_only_the_live_key_of_a_project_is_accepted(client: OpenAI, api: Http, emulator: EmulatorServer) -> None:
    assert client
    assert api("GET", "/webhook_endpoints").status_code == 401
    for key in (None, "sk-svcacct-of-nobody", "nonsense"):
        api.use(key)
        assert api("GET", "/webhook_event_types").status_code == 401
    api.use(KEY)
    assert api("GET", "/webhook_event_types").status_code == 200
    assert api("GET", "/organization/projects").status_code == 401
    api.use(emulator.admin_key)
    assert api("DELETE", "/organization/projects/proj_hooks/api_keys/key_hooks").status_code == 200
    api.use(KEY)
    assert api("GET", "/webhook_event_types").status_code == 401


def test_a_key_without_the_scope_is_refused(client: OpenAI) -> None:
    reader = client.with_options(api_key=READER)
    assert not list(reader.webhooks.list())
    with pytest.raises(openai.PermissionDeniedError) as refused:
        reader.webhooks.create(name="shop", url=URL, event_types=["batch.completed"])
    assert "Missing scopes: api.webhooks.write." in refused.value.response.text


def test_an_endpoint_from_its_creation_to_its_end(client: OpenAI, control: Control) -> None:
    hooks = client.webhooks
    made = hooks.create(name="shop", url=URL, event_types=["batch.completed"])
    assert made.signing_secret.startswith("whsec_")
    assert made.signing_secret_hint
    assert hooks.retrieve(made.id).model_dump() == made.model_dump(exclude={"signing_secret"})
    changed = hooks.update(made.id, url=f"{URL}/2", event_types=["batch.failed"])
    assert (changed.name, changed.url, changed.event_types) == ("shop", f"{URL}/2", ["batch.failed"])
    assert [endpoint.id for endpoint in hooks.list()] == [made.id]
    tested = hooks.test(made.id, event_type="batch.failed")
    assert (tested.status_code, tested.event_type) == (200, "batch.failed")
    assert "batch.failed" in hooks.event_types.list().data
    assert made.signing_secret not in str([control.live(), control.requests()])
    assert hooks.delete(made.id).deleted
    with pytest.raises(openai.NotFoundError):
        hooks.retrieve(made.id)
