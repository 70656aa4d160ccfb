from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import anchors
from pulumi_openai_admin.handlers.handler import Remote
from tests.unit.fakes import FakeOpenAI, error_body

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

NAME = "certificate 'ci' (cert_1)"


class Organization(FakeOpenAI):
    """An organization whose projects are listed, if the key may list them."""

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if path == "/organization/projects":
            return self._list({"proj_1": self.project} if self.project else {})
        return super()._answer(method, path, body)


@pytest.fixture
def openai(requests_mock: Any) -> Organization:
    return Organization(requests_mock)


@pytest.mark.parametrize(
    ("path", "is_needed"),
    [
        ("/organization/certificates", True),
        ("/organization/groups/{group_id}/users", True),
        ("/organization/projects/{project_id}/certificates", False),
        ("/projects/{project_id}/groups/{group_id}/roles", False),
        ("/organization/things/{thing_id}", True),
    ],
)
def test_only_a_project_in_the_path_proves_the_organization(path: str, is_needed: bool) -> None:
    assert anchors.is_needed(path) is is_needed


def test_a_project_is_remembered_once(client: Client, openai: Organization) -> None:
    remote = Remote({})
    anchors.remember(client, remote)
    assert anchors.remembered(remote) == {"anchor": "proj_1"}
    openai.calls.clear()
    anchors.remember(type(client)(client.requestor), remote)
    assert openai.calls == []


@pytest.mark.parametrize("listed", [(403, error_body("No")), (200, {"data": []}), (200, {}), (200, {"data": ["x"]})])
def test_nothing_is_remembered_where_the_key_lists_no_project(
    client: Client, openai: Organization, listed: tuple[int, Any]
) -> None:
    openai.surprise("GET", "projects$", listed)
    remote = Remote({})
    anchors.remember(client, remote)
    assert anchors.remembered(remote) == {}
    assert remote.private == {}


def test_an_object_that_is_not_shown_is_gone_if_the_project_is_shown(client: Client, openai: Organization) -> None:
    anchors.require(client, Remote({}, private={"anchor": "proj_1"}), NAME)
    assert openai.asked("GET") == [("/organization/projects/proj_1", None)]


def test_the_key_of_another_organization_is_told_with_the_project_that_it_does_not_show(
    client: Client, openai: Organization
) -> None:
    openai.project = None
    with pytest.raises(errors.ParentNotFoundError) as told:
        anchors.require(client, Remote({}, private={"anchor": "proj_1"}), NAME)
    assert str(told.value) == (
        "Certificate 'ci' (cert_1) does not exist, or belongs to another organization. "
        "The key does not show project proj_1 either: check that the key is the organization's."
    )


def test_without_a_project_nothing_proves_that_an_object_is_gone(client: Client, openai: Organization) -> None:
    with pytest.raises(errors.ParentNotFoundError) as told:
        anchors.require(client, Remote({}), NAME)
    assert str(told.value) == (
        "Certificate 'ci' (cert_1) does not exist, or belongs to another organization. "
        "Nothing proves that the key is its organization's: check the key, and OpenAI's dashboard."
    )
    assert openai.calls == []


def test_a_setting_which_each_organization_has_is_checked_only_where_a_project_is_remembered(
    client: Client, openai: Organization
) -> None:
    openai.project = None
    anchors.require_if_known(client, Remote({}), "data retention")
    with pytest.raises(errors.ParentNotFoundError, match="Data retention does not exist, or belongs to another"):
        anchors.require_if_known(client, Remote({}, private={"anchor": "proj_1"}), "data retention")


def test_a_setting_is_not_changed_where_no_later_run_could_tell_the_organization() -> None:
    anchors.require_remembered(Remote({}, private={"anchor": "proj_1"}), "data retention")
    with pytest.raises(errors.ConfigurationError) as told:
        anchors.require_remembered(Remote({}), "data retention")
    assert str(told.value) == (
        "Could not set the data retention: OpenAI lists no project of the organization for this key. "
        "Use a key that may list projects: a project shows later that a key is for the same organization."
    )
