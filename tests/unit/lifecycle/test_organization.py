"""Before anything is read or written outside projects, the key is proved to belong to the organization of the state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import OrganizationUser, errors
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.lifecycle import apply, preview, read
from pulumi_openai_admin.lifecycle.diff import diff
from pulumi_openai_admin.lifecycle.run import Run
from pulumi_openai_admin.lifecycle.state import Inputs
from tests.unit.fakes import FakeOpenAI, MemoryHost, error_body, through_pulumi

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.http.requestor import Requestor

INPUTS = {"user_id": "user-1", "role": "owner"}
OTHER = {"id": "proj_other", "status": "active"}


class Organization(FakeOpenAI):
    """An organization whose users have the same ids and addresses as those of another one."""

    role = "reader"

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if path == "/organization/projects":
            return 200, {"data": [self.project] if self.project else [], "has_more": False}
        if not path.startswith("/organization/users"):
            return super()._answer(method, path, body)
        if method == "POST":
            self.role = body["role"]
        user = {"id": "user-1", "email": "ada@example.com", "name": "Ada", "role": self.role, "added_at": 1}
        return 200, {"data": [user], "has_more": False} if path.endswith("users") else user

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.calls]


@pytest.fixture
def openai(requests_mock: Any) -> Organization:
    return Organization(requests_mock)


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


@pytest.mark.parametrize("verb", VERBS)
def test_another_organizations_key_is_refused_although_the_object_is_found(
    host: MemoryHost, openai: Organization, next_run: Callable[[], None], verb: str
) -> None:
    id_, olds = created(host, next_run)
    openai.project = OTHER
    openai.calls.clear()
    with pytest.raises(errors.ParentNotFoundError) as raised:
        VERBS[verb](host, id_, olds)
    assert raised.value.what == "The key may belong to another organization: it does not show project proj_1"
    assert "Use a key of the organization that the state is from." in raised.value.advice
    assert openai.paths() == ["/organization/projects/proj_1"]


@pytest.mark.parametrize("verb", VERBS)
def test_without_a_recorded_project_nothing_is_sent(
    host: MemoryHost, openai: Organization, next_run: Callable[[], None], verb: str
) -> None:
    id_, olds = created(host, next_run)
    del olds["__managed"]["anchor"]
    openai.calls.clear()
    with pytest.raises(errors.ParentNotFoundError, match="no project in the state identifies the organization"):
        VERBS[verb](host, id_, olds)
    assert openai.paths() == []


def test_one_request_proves_all_objects_of_a_run(
    host: MemoryHost, openai: Organization, next_run: Callable[[], None]
) -> None:
    id_, olds = created(host, next_run)
    openai.calls.clear()
    for _ in range(3):
        shown = read.read(OrganizationUser, host, id_, olds)
        assert shown
        assert shown.outputs.values["__managed"]["anchor"] == "proj_1"
    assert openai.paths() == ["/organization/projects/proj_1", "/organization/users"]


def test_nothing_is_managed_with_a_key_that_must_not_list_projects(
    host: MemoryHost, openai: Organization, client: Client
) -> None:
    openai.surprise("GET", "projects$", (403, error_body("No")))
    with pytest.raises(errors.PermissionDeniedError, match="Could not look for a project by which"):
        apply.create(OrganizationUser, host, Inputs(INPUTS))
    with pytest.raises(errors.PermissionDeniedError):
        read.adopted(OrganizationUser, client, INPUTS, "user-1")
    assert openai.paths() == ["/organization/projects"]


def test_nothing_is_managed_with_a_key_that_lists_no_project(
    host: MemoryHost, openai: Organization, client: Client
) -> None:
    openai.surprise("GET", "projects$", (200, {"data": []}))
    with pytest.raises(errors.ConfigurationError) as raised:
        apply.create(OrganizationUser, host, Inputs(INPUTS))
    assert raised.value.what == "OpenAI lists no project of the organization for this key, so nothing was changed"
    with pytest.raises(errors.ConfigurationError):
        read.adopted(OrganizationUser, client, INPUTS, "user-1")
    assert openai.paths() == ["/organization/projects"]


def test_what_a_program_only_reads_needs_no_proof(
    host: MemoryHost, openai: Organization, next_run: Callable[[], None]
) -> None:
    created(host, next_run)
    openai.project = OTHER
    assert read.read(OrganizationUser, host, "user-1", {})


def test_a_preview_of_an_update_that_asks_needs_the_proof(
    host: MemoryHost, openai: Organization, next_run: Callable[[], None]
) -> None:
    id_, olds = created(host, next_run)
    host.settings["openai-admin:previewReads"] = "true"
    openai.project = OTHER
    preview.before_create(OrganizationUser, host, Inputs(INPUTS))
    openai.calls.clear()
    with pytest.raises(errors.ParentNotFoundError, match="another organization"):
        preview.before_update(OrganizationUser, host, id_, olds, Inputs({**INPUTS, "role": "reader"}))
    assert openai.paths() == ["/organization/projects/proj_1"]


@pytest.mark.usefixtures("openai")
def test_another_address_of_a_user_whose_id_is_known_is_no_difference(host: MemoryHost) -> None:
    made = apply.create(OrganizationUser, host, Inputs({"email": "ada@example.com", "role": "owner"}))
    olds = through_pulumi(made.outputs.values)
    olds["__managed"]["selected"] = {"ada@old.example.com": "user-1"}
    news = Inputs({"email": "ada@old.example.com", "role": "owner"})
    assert diff(OrganizationUser, host, made.id, olds, news).inputs == ()
    other = Inputs({"email": "bob@example.com", "role": "owner"})
    assert diff(OrganizationUser, host, made.id, olds, other).replaces == ("email",)
