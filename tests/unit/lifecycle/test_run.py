from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import (
    AdminApiKey,
    Group,
    OrganizationUser,
    ProjectServiceAccount,
    ProjectServiceAccountApiKey,
    errors,
)
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.lifecycle import apply, preview, read
from pulumi_openai_admin.lifecycle.apply import create
from pulumi_openai_admin.lifecycle.check import check
from pulumi_openai_admin.lifecycle.diff import diff
from pulumi_openai_admin.lifecycle.run import Run
from pulumi_openai_admin.lifecycle.state import Inputs
from tests.unit.fakes import NOW, FakeOpenAI, Log, MemoryHost, error_body, through_pulumi, warnings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import requests_mock

    from pulumi_openai_admin.http.requestor import Requestor


INPUTS = {"user_id": "user-1", "role": "owner"}


@pytest.fixture
def openai(requests_mock: Any) -> FakeOpenAI:
    openai = FakeOpenAI(requests_mock)
    openai.seed(users=[{"id": "user-1", "email": "ada@example.com", "role": "reader"}])
    return openai


def hide(openai: FakeOpenAI) -> None:
    """The organization of another key, whose users have the same ids."""
    openai.surprise("GET", "projects/proj_1$", (404, error_body("No project proj_1")), times=9)


def paths(openai: FakeOpenAI) -> list[str]:
    return [path for _, path, _ in openai.calls]


@pytest.fixture
def next_run(monkeypatch: pytest.MonkeyPatch, requestor: Requestor) -> Callable[[], None]:
    """Begin another run, which has another client."""

    def begin() -> None:
        client = Client(requestor)
        monkeypatch.setattr(Run, "client", lambda *_, **__: client)

    return begin


def created(host: MemoryHost, next_run: Callable[[], None]) -> tuple[str, dict[str, Any]]:
    made = apply.create(OrganizationUser, host, Inputs(INPUTS))
    next_run()
    return made.id, through_pulumi(made.outputs.values)


VERBS: dict[str, Callable[..., object]] = {
    "read": lambda host, id_, olds: read.read(OrganizationUser, host, id_, olds),
    "update": lambda host, id_, olds: apply.update(
        OrganizationUser, host, id_, olds, Inputs({**INPUTS, "role": "reader"})
    ),
    "delete": lambda host, id_, olds: apply.delete(OrganizationUser, host, id_, olds),
}


@pytest.mark.usefixtures("openai")
@pytest.mark.parametrize("verb", VERBS)
def test_messages_of_a_resource_show_none_of_its_secret_inputs(
    host: MemoryHost, next_run: Callable[[], None], verb: str
) -> None:
    made = apply.create(OrganizationUser, host, Inputs({"email": "Ada@example.com", "role": "owner"}, ("email",)))
    next_run()
    host = MemoryHost()
    VERBS[verb](host, made.id, through_pulumi(made.outputs.values))
    assert host.respell("User 'ada@example.com' (user-1) of ada@example.community") == (
        "User '[secret]' (user-1) of ada@example.community"
    )
    assert replace(host, name="other").respell("User ada@example.com") == "User ada@example.com"


@pytest.mark.parametrize(
    ("secret", "message", "shown"),
    [
        ("a\\b", r"Group 'a\\b' and a\b", "Group '[secret]' and [secret]"),
        ("a\u202eb", r"Group 'a\u202eb'", "Group '[secret]'"),
        ("x.z", "Group xyz", "Group xyz"),
        ("so", "Group so", "Group so"),
    ],
)
def test_a_secret_is_hidden_in_each_spelling(secret: str, message: str, shown: str) -> None:
    host = MemoryHost()
    check(Group, host, {}, Inputs({"name": secret}, ("name",)))
    assert host.respell(message) == shown


@pytest.mark.parametrize(
    ("is_recorded", "what"),
    [
        (True, "The key may belong to another organization: it does not show project proj_1"),
        (False, "no project in the state identifies the organization"),
    ],
)
@pytest.mark.parametrize("verb", VERBS)
def test_another_organizations_key_is_refused_although_the_object_is_found(
    host: MemoryHost, openai: FakeOpenAI, next_run: Callable[[], None], verb: str, *, is_recorded: bool, what: str
) -> None:
    id_, olds = created(host, next_run)
    hide(openai)
    if not is_recorded:
        del olds["__managed"]["anchor"]
    openai.calls.clear()
    with pytest.raises(errors.ParentNotFoundError, match=what) as raised:
        VERBS[verb](host, id_, olds)
    assert not is_recorded or "Use a key of the organization that the state is from." in raised.value.advice
    assert paths(openai) == ["/organization/projects/proj_1"] * is_recorded


def test_nothing_is_managed_if_the_key_lists_no_project(host: MemoryHost, openai: FakeOpenAI, client: Client) -> None:
    openai.surprise("GET", "projects$", (200, {"data": []}))
    with pytest.raises(errors.ConfigurationError) as raised:
        apply.create(OrganizationUser, host, Inputs(INPUTS))
    assert raised.value.what == "OpenAI lists no project of the organization for this key, so nothing was changed"
    with pytest.raises(errors.ConfigurationError):
        read.adopt(OrganizationUser, client, INPUTS, "user-1")
    assert paths(openai) == ["/organization/projects"]


def test_previews_that_ask_need_the_proof(host: MemoryHost, openai: FakeOpenAI, next_run: Callable[[], None]) -> None:
    id_, olds = created(host, next_run)
    host.settings["openai-admin:previewReads"] = "true"
    hide(openai)
    preview.before_create(OrganizationUser, host, Inputs(INPUTS))
    openai.calls.clear()
    with pytest.raises(errors.ParentNotFoundError, match="another organization"):
        preview.before_update(OrganizationUser, host, id_, olds, Inputs({**INPUTS, "role": "reader"}))
    assert paths(openai) == ["/organization/projects/proj_1"]


@dataclass
class Stack:
    """Resources from one run to the next."""

    organization: FakeOpenAI
    caplog: Log
    next_run: Callable[[], None]
    host: MemoryHost

    def begin_run(self) -> None:
        """A new process, which knows nothing of earlier runs."""
        self.next_run()
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
def stack(requests_mock: requests_mock.Mocker, caplog: Log, next_run: Callable[[], None], host: MemoryHost) -> Stack:
    return Stack(FakeOpenAI(requests_mock), caplog, next_run, host)


@pytest.fixture(params=["admin", "with a name", "without a name"])
def kind(request: pytest.FixtureRequest, stack: Stack) -> tuple[Any, dict[str, Any]]:
    """A kind of key, and its inputs."""
    if request.param == "admin":
        return AdminApiKey, {"name": "ci"}
    place = {"project_id": "proj_1", "service_account_id": stack.organization.add_account("ci")}
    return ProjectServiceAccountApiKey, place | ({"name": "ci"} if request.param == "with a name" else {})


def test_the_key_of_an_account_is_not_left_over(stack: Stack) -> None:
    account = {"project_id": "proj_1", "name": "ci"}
    id_, outputs = stack.create(ProjectServiceAccount, account)
    key = {"project_id": "proj_1", "service_account_id": outputs["service_account_id"]}
    for _ in range(2):
        stack.create(ProjectServiceAccountApiKey, key)
    assert stack.named == [], "the same run created all of them"
    stack.organization.remove("api_key", *stack.organization.keys_of(key["service_account_id"])[1:])
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
    who, noun = "The organization", "Admin API keys"
    if resource is not AdminApiKey:
        who, noun = "Service account svc_acct_1 of project proj_1", "API keys"
    which = f"the name {inputs['name']!r}" if "name" in inputs else "any name"
    (told,) = stack.named
    assert told == (
        f"{who} has other {noun} with {which} that were never used. An interrupted run may have left one of them "
        "behind. After this update, refresh the state: it names those that are left."
    ), "the state of a resource that this run deletes may have it"
    stack.begin_run()
    read.read(resource, stack.host, id_, outputs)
    (told,) = stack.named
    assert told == (
        f"{who} has {noun} with {which} that were never used: {key_id}. An interrupted run may have left one of these "
        "keys behind, and a secret store may have its value. If no stack has this key in its state, revoke it in "
        "OpenAI's dashboard after all applications use the new key."
    )
    for used in (key_id, outputs[resource.declaration.identity]):
        stack.organization.change("admin_api_key" if resource is AdminApiKey else "api_key", used, _last_used_at=NOW)
    stack.begin_run()
    stack.create(resource, inputs)
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
