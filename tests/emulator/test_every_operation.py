from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest
from openai import OpenAI
from sdk_methods import PERSON, Caller, all_methods, call_with_placeholders

from pulumi_openai_admin.emulator.api import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.emulator import Control, EmulatorServer

NOT_YET = frozenset(
    {
        # certificates
        "organization.certificates.activate",
        "organization.certificates.create",
        "organization.certificates.deactivate",
        "organization.certificates.delete",
        "organization.certificates.list",
        "organization.certificates.retrieve",
        "organization.certificates.update",
        # external keys
        "organization.external_keys.create",
        "organization.external_keys.delete",
        "organization.external_keys.list",
        "organization.external_keys.retrieve",
        "organization.external_keys.validate",
        # external storage
        "organization.external_storage.create",
        "organization.external_storage.delete",
        "organization.external_storage.list",
        "organization.external_storage.retrieve",
        "organization.external_storage.validate",
        # groups / roles
        "organization.groups.roles.create",
        "organization.groups.roles.delete",
        "organization.groups.roles.list",
        "organization.groups.roles.retrieve",
        # projects / certificates
        "organization.projects.certificates.activate",
        "organization.projects.certificates.deactivate",
        "organization.projects.certificates.list",
        # projects / groups
        "organization.projects.groups.create",
        "organization.projects.groups.delete",
        "organization.projects.groups.list",
        "organization.projects.groups.retrieve",
        # projects / groups / roles
        "organization.projects.groups.roles.create",
        "organization.projects.groups.roles.delete",
        "organization.projects.groups.roles.list",
        "organization.projects.groups.roles.retrieve",
        # projects / roles
        "organization.projects.roles.create",
        "organization.projects.roles.delete",
        "organization.projects.roles.list",
        "organization.projects.roles.retrieve",
        "organization.projects.roles.update",
        # projects / users / roles
        "organization.projects.users.roles.create",
        "organization.projects.users.roles.delete",
        "organization.projects.users.roles.list",
        "organization.projects.users.roles.retrieve",
        # roles
        "organization.roles.create",
        "organization.roles.delete",
        "organization.roles.list",
        "organization.roles.retrieve",
        "organization.roles.update",
        # users / roles
        "organization.users.roles.create",
        "organization.users.roles.delete",
        "organization.users.roles.list",
        "organization.users.roles.retrieve",
        # workload identity providers
        "organization.workload_identity_providers.create",
        "organization.workload_identity_providers.delete",
        # workload identity providers / federation rules
        "organization.workload_identity_providers.federation_rules.create",
        "organization.workload_identity_providers.federation_rules.delete",
        "organization.workload_identity_providers.federation_rules.list",
        "organization.workload_identity_providers.federation_rules.retrieve",
        "organization.workload_identity_providers.federation_rules.update",
        # workload identity providers
        "organization.workload_identity_providers.list",
        "organization.workload_identity_providers.retrieve",
        "organization.workload_identity_providers.update",
    }
)
"""Methods of the SDK that the emulator does not answer yet. It only shrinks."""


@pytest.fixture
def client(emulator: EmulatorServer, control: Control) -> Iterator[OpenAI]:
    control.seed({"users": [{"id": PERSON, "name": "Grace", "email": "grace@example.com", "role": "reader"}]})
    with OpenAI(
        admin_api_key=emulator.admin_key,
        base_url=emulator.base_url,
        max_retries=0,
        _strict_response_validation=True,
    ) as client:
        yield client


def test_the_sdk_is_the_one_that_is_described() -> None:
    assert openai.__version__ == "3.57.0"
    assert len(all_methods()) == 143


def test_no_method_is_missing_by_mistake() -> None:
    assert set(all_methods()) >= NOT_YET


@pytest.mark.parametrize("name", [name for name in all_methods() if name not in NOT_YET])
def test_a_method_is_answered_with_what_its_types_accept(client: OpenAI, name: str) -> None:
    Caller(client).call(name)


@pytest.mark.parametrize("name", sorted(NOT_YET))
def test_a_method_that_is_not_answered_yet_is_said_so(client: OpenAI, name: str) -> None:
    with pytest.raises(openai.NotFoundError, match="Invalid URL") as refused:
        call_with_placeholders(client, name)
    assert refused.value.code == "unknown_url"


def test_no_operation_is_made_up(client: OpenAI) -> None:
    asked = set()

    class Seen(Exception):
        pass

    def note(request: object) -> None:
        asked.add((request.method, request.url.path))  # type: ignore[attr-defined]
        raise Seen

    client._client.event_hooks["request"].append(note)
    for name in all_methods():
        with pytest.raises((Seen, openai.APIConnectionError)):
            call_with_placeholders(client, name)
    paths = {(method, path.removeprefix("/v1").replace("%7B", "{").replace("%7D", "}")) for method, path in asked}
    ours = {(operation.method, operation.path) for kind in KINDS for operation in kind.operations()}
    assert ours - paths == set()
