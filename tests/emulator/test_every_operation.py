from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest
from openai import OpenAI

import pulumi_openai_admin
from pulumi_openai_admin.data_sources.result import LookUpError
from pulumi_openai_admin.emulator.api import KINDS
from tests.emulator.sdk_methods import all_methods, call, operations_outside_the_sdk, sdk_operations, seed

if TYPE_CHECKING:
    from openai.resources.admin.organization import Organization

    from pulumi_openai_admin.emulator import Control, EmulatorServer


@pytest.fixture
def client(_client: OpenAI, control: Control) -> OpenAI:
    control.seed(seed())
    return _client


def test_the_sdk_is_the_one_that_is_described() -> None:
    assert openai.__version__ == "3.57.0"
    assert len(all_methods()) == 143


@pytest.mark.parametrize("name", all_methods())
def test_a_method_is_answered_with_what_its_types_accept(client: OpenAI, name: str) -> None:
    call(client, name)


@pytest.mark.every_resource
def test_no_operation_is_made_up() -> None:
    ours = {(operation.method, operation.path) for kind in KINDS for operation in kind.operations()}
    assert ours - {*sdk_operations().values()} == operations_outside_the_sdk(), (
        "Of an operation that the SDK does not have, `described_by` of the kind (in emulator/api/) says "
        "where OpenAI describes it. What the SDK has needs no `described_by`."
    )


# Look-ups with the key of a project


def test_webhook_endpoints_are_looked_up_with_the_key_of_their_project(
    organization: Organization, emulator: EmulatorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = organization.projects.service_accounts.create("proj_demo", name="ci")
    assert made.api_key
    key = made.api_key.value
    monkeypatch.delenv("OPENAI_ADMIN_KEY", raising=False)  # none is needed
    monkeypatch.setenv("OPENAI_BASE_URL", emulator.base_url)
    with OpenAI(api_key=key, base_url=emulator.base_url, max_retries=0) as client:
        endpoint = client.webhooks.create(name="shop", url="https://example.com", event_types=["batch.failed"])
        types = client.webhooks.event_types.list().data
    found = pulumi_openai_admin.get_webhook_endpoint(api_key=key, webhook_endpoint_id=endpoint.id)
    assert (found.name, found.url, found.event_types) == ("shop", "https://example.com", ["batch.failed"])
    assert found == pulumi_openai_admin.get_webhook_endpoint(api_key=key, name="shop")
    assert pulumi_openai_admin.list_webhook_endpoints(api_key=key) == [found]
    assert pulumi_openai_admin.get_webhook_event_types(api_key=key).event_types == types


@pytest.mark.parametrize("key", ["sk-admin-key", "", None])
@pytest.mark.parametrize("name", ["list_webhook_endpoints", "get_webhook_event_types"])
def test_what_is_no_key_of_a_project_is_refused_and_not_shown(name: str, key: str | None) -> None:
    with pytest.raises(LookUpError, match="api_key must be the API key of a project, not an Admin API key") as refused:
        getattr(pulumi_openai_admin, name)(api_key=key)
    assert not key or key not in str(refused.value)
