"""Which objects and keys a run names as left over: never one that a resource of the state has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import AdminApiKey, Project, ProjectServiceAccount, ProjectServiceAccountApiKey
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.lifecycle import preview
from pulumi_openai_admin.lifecycle.apply import create, delete, update
from pulumi_openai_admin.lifecycle.diff import diff
from pulumi_openai_admin.lifecycle.read import read
from pulumi_openai_admin.lifecycle.run import Run
from pulumi_openai_admin.lifecycle.state import Inputs
from tests.unit.fakes import URL, MemoryHost, through_pulumi, warnings
from tests.unit.organization_keys import FakeOrganization

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests_mock

    from pulumi_openai_admin.http.requestor import Requestor

DELIVERED = {"deliver_to": {"command": {"arguments": ["cat"]}}}


@dataclass
class Stack:
    """Resources from one run to the next."""

    organization: FakeOrganization
    requestor: Requestor
    monkeypatch: pytest.MonkeyPatch
    caplog: pytest.LogCaptureFixture
    host: MemoryHost

    def begin_run(self) -> None:
        """A new process, which knows nothing of earlier runs."""
        client = Client(self.requestor)
        self.monkeypatch.setattr(Run, "client", lambda *_, **__: client)
        self.host = MemoryHost()
        self.caplog.clear()

    def create(self, resource: Any, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        created = create(resource, self.host, Inputs(dict(inputs)))
        return created.id, through_pulumi(created.outputs.values)

    @property
    def named(self) -> list[str]:
        """The warnings of keys that may be left over."""
        return [warning for warning in warnings(self.caplog) if "interrupted" in warning]


@pytest.fixture
def stack(
    requests_mock: requests_mock.Mocker,
    requestor: Requestor,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Stack:
    monkeypatch.delenv("OPENAI_ADMIN_KEY", raising=False)
    monkeypatch.setenv("OPENAI_BASE_URL", URL)
    stack = Stack(FakeOrganization(requests_mock), requestor, monkeypatch, caplog, MemoryHost())
    stack.begin_run()
    return stack


@pytest.fixture(params=["admin", "with a name", "without a name"])
def kind(request: pytest.FixtureRequest, stack: Stack) -> tuple[Any, dict[str, Any]]:
    """A kind of key, and its inputs."""
    if request.param == "admin":
        return AdminApiKey, {"name": "ci"}
    place = {"project_id": "proj_1", "service_account_id": stack.organization.add_account("ci")}
    return ProjectServiceAccountApiKey, place | ({"name": "ci"} if request.param == "with a name" else {})


@pytest.mark.parametrize("delivery", [{}, DELIVERED], ids=["in the state", "delivered"])
def test_the_keys_of_the_state_are_not_left_over(
    stack: Stack, kind: tuple[Any, dict[str, Any]], delivery: dict[str, Any]
) -> None:
    resource, inputs = kind[0], {**kind[1], **delivery}
    states = [stack.create(resource, inputs) for _ in range(2)]
    assert stack.named == []
    stack.begin_run()
    changed = {**inputs, "triggers": ["again"]}
    for id_, outputs in states:
        assert diff(resource, stack.host, id_, outputs, Inputs(changed)).replaces == ("triggers",)
    for _ in states:
        stack.create(resource, changed)
    assert stack.named == []


def test_the_old_keys_of_an_overlap_are_not_left_over(stack: Stack, kind: tuple[Any, dict[str, Any]]) -> None:
    resource, inputs = kind[0], {**kind[1], "rotate_every": "90d", "overlap": "24h"}
    id_, outputs = stack.create(resource, inputs)
    stack.organization.now += 91 * 86_400
    stack.requestor.clock.set(stack.organization.now)
    stack.begin_run()
    diff(resource, stack.host, id_, outputs, Inputs(inputs))
    outputs = through_pulumi(update(resource, stack.host, id_, outputs, Inputs(inputs)).values)
    assert outputs["retiring_api_keys"]
    stack.begin_run()
    diff(resource, stack.host, id_, outputs, Inputs(inputs))
    stack.create(resource, inputs)
    assert stack.named == []


def test_the_key_of_an_account_is_not_left_over(stack: Stack) -> None:
    account = {"project_id": "proj_1", "name": "ci"}
    id_, outputs = stack.create(ProjectServiceAccount, account)
    key = {"project_id": "proj_1", "service_account_id": outputs["service_account_id"]}
    stack.create(ProjectServiceAccountApiKey, key)
    assert stack.named == [], "the same run created both"
    stack.organization.keys.pop(stack.organization.keys_of(key["service_account_id"])[1])
    stack.begin_run()
    diff(ProjectServiceAccount, stack.host, id_, outputs, Inputs(account))
    stack.create(ProjectServiceAccountApiKey, key)
    assert stack.named == [], "the state has the account's key"


def test_a_key_of_an_interrupted_run_is_named(stack: Stack, kind: tuple[Any, dict[str, Any]]) -> None:
    resource, inputs = kind
    _, lost = stack.create(resource, inputs)
    stack.begin_run()
    id_, outputs = stack.create(resource, inputs)
    key_id = lost[resource.declaration.identity]
    (warning,) = stack.named
    assert key_id not in warning, "the state of a resource that this run deletes may have it"
    stack.begin_run()
    read(resource, stack.host, id_, outputs)
    (warning,) = stack.named
    which = "the same name" if "name" in inputs else "any name"
    assert f" with {which} that were never used: {key_id}. " in warning


def test_a_key_that_an_interrupted_run_created_for_an_account_is_named(stack: Stack) -> None:
    inputs = {"project_id": "proj_1", "name": "ci", "create_service_account_only": True}
    id_, outputs = stack.create(ProjectServiceAccount, inputs)
    with_key = {"project_id": "proj_1", "name": "ci"}
    update(ProjectServiceAccount, stack.host, id_, outputs, Inputs(with_key))
    (lost,) = stack.organization.keys_of(outputs["service_account_id"])
    stack.begin_run()
    outputs = through_pulumi(update(ProjectServiceAccount, stack.host, id_, outputs, Inputs(with_key)).values)
    assert lost not in str(stack.named)
    stack.begin_run()
    read(ProjectServiceAccount, stack.host, id_, outputs)
    (warning,) = stack.named
    assert f"that were never used: {lost}. " in warning


@pytest.mark.parametrize("resource", [AdminApiKey, ProjectServiceAccount, ProjectServiceAccountApiKey])
def test_a_key_of_a_renamed_resource_is_not_named(stack: Stack, resource: Any) -> None:
    place = {"project_id": "proj_1", "service_account_id": stack.organization.add_account("ci")}
    inputs = {"name": "ci", **(place if resource is ProjectServiceAccountApiKey else {})}
    inputs |= {"project_id": "proj_1"} if resource is ProjectServiceAccount else {}
    former, state = stack.create(resource, inputs)
    stack.begin_run()
    id_, outputs = stack.create(resource, inputs)
    delete(resource, stack.host, former, state)
    assert not [warning for warning in stack.named if "key_" in warning]
    stack.begin_run()
    found = read(resource, stack.host, id_, outputs)
    assert found
    assert stack.named == []
    stack.begin_run()
    assert read(resource, stack.host, id_, through_pulumi(found.outputs.values))
    assert stack.named == []


@pytest.mark.parametrize("is_preview", [False, True])
def test_an_object_that_a_replacement_replaces_is_not_left_over(stack: Stack, is_preview: bool) -> None:
    inputs = {"project_id": "proj_1", "name": "ci", "create_service_account_only": True}
    id_, outputs = stack.create(ProjectServiceAccount, inputs)

    def begin_creation() -> None:
        stack.host.settings["openai-admin:previewReads"] = "true"
        if is_preview:
            preview.before_create(ProjectServiceAccount, stack.host, Inputs(inputs))
        else:
            stack.create(ProjectServiceAccount, inputs)

    stack.begin_run()
    diff(ProjectServiceAccount, stack.host, id_, outputs, Inputs(inputs))
    begin_creation()
    assert stack.named == []
    stack.begin_run()
    begin_creation()
    assert len(stack.named) == 1


def test_a_project_is_archived_and_not_deleted(stack: Stack) -> None:
    stack.organization.project |= {"name": "Shop"}
    stack.host.settings["openai-admin:previewReads"] = "true"
    preview.before_create(Project, stack.host, Inputs({"name": "Shop"}))
    (warning,) = stack.named
    assert warning.endswith("If it is left over from an interrupted run, archive it in OpenAI's dashboard.")
