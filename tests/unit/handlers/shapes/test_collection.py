from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import requests

import pulumi_openai_admin
from pulumi_openai_admin import errors, resources
from pulumi_openai_admin.handlers.handler import Observation, Remote, ValueComparison, Wanted
from pulumi_openai_admin.handlers.lost_requests import OpenRequests
from pulumi_openai_admin.handlers.memory import Memory
from pulumi_openai_admin.handlers.shapes.collection import Collection, learn
from pulumi_openai_admin.http.client import Client
from tests.unit.fakes import FakeOpenAI, error_body, warnings

if TYPE_CHECKING:
    import requests_mock

    from pulumi_openai_admin.http.requestor import Requestor

ACCOUNTS = Collection(
    "/organization/projects/{project_id}/service_accounts",
    noun="service account",
    settable=("name", "role"),
    recognized_by=("name",),
    identity="id",
)


def handler_of(name: str) -> Any:
    return getattr(pulumi_openai_admin, name).handler


LOST = requests.exceptions.ReadTimeout("slow")


def test_a_plain_object_is_made_renamed_and_deleted(client: Client, openai: FakeOpenAI) -> None:
    remote = Remote({"project_id": "proj_1"})
    ACCOUNTS.create(client, remote, Wanted({}, {"name": "a"}))
    assert remote.step.has_changed
    remote.step.has_changed = False
    ACCOUNTS.update(client, remote, Wanted({}, {"name": "b"}))
    assert remote.step.has_changed
    ACCOUNTS.read(client, remote)
    assert remote.attributes["name"] == "b"
    ACCOUNTS.delete(client, remote)
    assert openai.accounts == {}


class Unsupported(FakeOpenAI):
    """An OpenAI that answers requests for one object with a 404 that is not about the object."""

    lists = True

    def _accounts(self, method: str, rest: list[str], body: Any) -> tuple[int, Any]:
        if rest or not self.lists:
            return 404, error_body("Unsupported endpoint")
        return super()._accounts(method, rest, body)


def _known(openai: Unsupported, *, exists: bool = True) -> Remote:
    """An object that was created an hour ago, as the state has it."""
    created_at = openai.now - 3600
    if exists:
        openai.accounts["svc_acct_7"] = {"id": "svc_acct_7", "name": "now", "role": "member", "created_at": created_at}
    document = {"id": "svc_acct_7", "name": "then", "created_at": created_at}
    return Remote({"project_id": "proj_1"}, "svc_acct_7", document)


@pytest.fixture
def unsupported(requests_mock: requests_mock.Mocker) -> Unsupported:
    return Unsupported(requests_mock)


def test_after_a_404_that_is_not_about_the_object_a_list_without_it_proves_nothing(
    client: Client, unsupported: Unsupported
) -> None:
    remote = _known(unsupported)
    ACCOUNTS.read(client, remote)
    assert remote.attributes["name"] == "now"
    with pytest.raises(errors.UnrelatedNotFoundError):
        ACCOUNTS.delete(client, remote)
    unsupported.accounts.clear()
    for verb in (ACCOUNTS.read, ACCOUNTS.delete):
        with pytest.raises(errors.UnrelatedNotFoundError):
            verb(client, remote)
    unsupported.project = {"id": "proj_1", "status": "archived"}
    with pytest.raises(errors.ProjectArchivedError):
        ACCOUNTS.read(client, remote)
    ACCOUNTS.delete(client, remote)


def test_where_the_list_cannot_be_read_either_nothing_is_decided(client: Client, unsupported: Unsupported) -> None:
    remote, unsupported.lists = _known(unsupported, exists=False), False
    for verb in (ACCOUNTS.read, ACCOUNTS.delete):
        with pytest.raises(errors.UnrelatedNotFoundError):
            verb(client, remote)


def test_a_list_does_not_decide_for_a_project_that_the_key_does_not_show(
    client: Client, unsupported: Unsupported
) -> None:
    remote, unsupported.project = _known(unsupported, exists=False), None
    for verb in (ACCOUNTS.read, ACCOUNTS.delete):
        with pytest.raises(errors.ParentNotFoundError):
            verb(client, remote)


UNDATED = replace(ACCOUNTS, is_dated=False)


def undated(client: Client) -> Remote:
    """An object as the next run knows it: the state has no date."""
    made = Remote({"project_id": "proj_1"})
    UNDATED.create(client, made, Wanted({}, {"name": "a"}))
    return Remote(made.parents, made.id, {"id": made.id, "name": "a"}, Memory(made.memory.to_state()))


def test_a_young_object_without_a_date_that_is_not_found_stays(
    client: Client, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    remote = undated(client)
    openai.accounts.clear()
    UNDATED.read(client, remote)
    (told,) = warnings(caplog)
    assert told == (
        "service account 'a' (svc_acct_1) of project proj_1 was not found, and was created less than 60 s ago, "
        "so OpenAI may not show it yet. In a minute, refresh the state."
    )
    openai.now += 61
    with pytest.raises(errors.ResourceGoneError) as gone:
        UNDATED.read(client, remote)
    assert gone.value.what == "service account 'a' (svc_acct_1) of project proj_1 no longer exists at OpenAI"
    assert gone.value.advice == "Refresh the state, then update the resources. The next update creates it again."


def test_a_young_object_without_a_date_that_is_not_found_at_first_is_deleted(
    client: Client, openai: FakeOpenAI
) -> None:
    remote = undated(client)
    openai.surprise("DELETE", "svc_acct_1$", (404, error_body("No such account")), times=3)
    UNDATED.delete(client, remote)
    assert (openai.accounts, len(openai.asked("DELETE"))) == ({}, 4)


@pytest.mark.every_resource
@pytest.mark.parametrize("name", [name for name in resources.ALL if isinstance(handler_of(name), Collection)])
def test_a_kind_has_the_date_that_its_fields_declare(name: str) -> None:
    assert handler_of(name).is_dated == ("created_at" in getattr(pulumi_openai_admin, name).declaration.fields)


def test_what_cannot_be_changed_is_not_sent(client: Client, openai: FakeOpenAI) -> None:
    remote = Remote({"project_id": "proj_1"})
    ACCOUNTS.create(client, remote, Wanted({}, {"name": "a"}))
    ACCOUNTS.update(client, remote, Wanted({}, {"name": "b", "residency": "eu"}))
    assert openai.asked("POST")[-1][1] == {"name": "b"}


def test_an_update_without_a_change_is_no_change(client: Client) -> None:
    remote = Remote({"project_id": "proj_1"}, "svc_acct_1", {"name": "a"})
    ACCOUNTS.update(client, remote, Wanted({}, {"name": "a"}))
    assert not remote.step.has_changed


@pytest.mark.parametrize(("clears", "sent"), [(None, None), ("", "")], ids=["null", "an empty text"])
def test_what_clears_a_value_is_sent(client: Client, openai: FakeOpenAI, clears: str | None, sent: str | None) -> None:
    handler, remote = replace(ACCOUNTS, settable=("name", "note"), clearable={"note": clears}), made(client)
    remote.attributes["note"] = "x"
    handler.update(client, remote, Wanted({}, {"note": None}))
    assert openai.asked("POST")[-1][1] == {"note": sent}


@pytest.mark.parametrize("shown", [{"id": "x"}, {"id": "x", "note": ""}], ids=["left out", "empty"])
def test_an_object_that_is_shown_with_what_clears_a_value_has_none(shown: dict[str, Any]) -> None:
    handler, remote = (
        replace(ACCOUNTS, clearable={"note": "", "role": None}),
        Remote({}, "x", {"note": "x", "role": "y"}),
    )
    handler._learn(remote, shown)
    assert (remote.get("note"), remote.get("role")) == (None, "y")
    remote.attributes["note"] = "x"
    handler._learn(remote, {})  # the object is too young to be shown
    assert remote.get("note") == "x"


def test_what_a_reply_leaves_out_stays_known_and_null_unsets() -> None:
    remote = Remote({}, "", {"a": 1, "b": 2, "key": 4})
    learn(remote, {"id": "x", "a": None, "c": 3, "key": None}, shown_once=["key"])
    assert (remote.id, remote.attributes) == ("x", {"id": "x", "b": 2, "c": 3, "key": 4})


def made(client: Client, name: str = "a") -> Remote:
    remote = Remote({"project_id": "proj_1"})
    ACCOUNTS.create(client, remote, Wanted({}, {"name": name}))
    return remote


def test_another_one_of_the_name_is_mentioned(client: Client, openai: FakeOpenAI, caplog: Any) -> None:
    openai.add_account("a")
    openai.add_account("a")
    openai.add_account("b")
    assert made(client).id == "svc_acct_4"
    (told,) = warnings(caplog)
    assert told == (
        "Project proj_1 already has a service account with the name 'a': svc_acct_1, svc_acct_2. If it is left over "
        "from an interrupted run, delete it in OpenAI's dashboard."
    )


def test_those_that_this_run_made_are_not_mentioned(client: Client, openai: FakeOpenAI, caplog: Any) -> None:
    assert [made(client).id for _ in range(3)] == list(openai.accounts)
    assert warnings(caplog) == []
    assert len(openai.asked("GET")) == 1, "one list for all"


def test_those_of_a_lost_reply_are_not_mentioned_either(client: Client, openai: FakeOpenAI, caplog: Any) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=True)
    assert made(client).id != made(client).id
    assert [warning for warning in warnings(caplog) if "already has" in warning] == []


def test_one_that_was_found_is_known_as_it_is_listed(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=True)
    remote = made(client)
    assert remote.attributes == {**openai.accounts["svc_acct_1"]}
    assert remote.step.has_changed


def test_one_that_was_found_is_finished(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=True)
    remote = Remote({"project_id": "proj_1"})
    ACCOUNTS.create(client, remote, Wanted({}, {"name": "a", "role": "owner"}))
    assert openai.accounts[remote.id]["role"] == "owner"
    assert len(openai.accounts) == 1


def test_several_that_may_be_it_leave_nothing_in_the_state(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "accounts$", LOST, acts=lambda: [openai.add_account("a") for _ in range(2)])
    remote = Remote({"project_id": "proj_1"})
    with pytest.raises(errors.ResponseLostError, match="svc_acct_1, svc_acct_2"):
        ACCOUNTS.create(client, remote, Wanted({}, {"name": "a"}))
    assert remote.id == ""
    (request,) = remote.memory[OpenRequests].open_requests
    assert (request["attempts"], request["body"]) == (1, {"name": "a"})


def test_two_of_one_name_that_lose_their_replies_at_once_find_one_each(
    requestor: Requestor, openai: FakeOpenAI
) -> None:
    client = Client(requestor)
    openai.surprise("POST", "accounts$", LOST, acts=True, times=2)
    with ThreadPoolExecutor(2) as threads:
        ids = list(threads.map(lambda _: made(client).id, range(2)))
    assert sorted(ids) == sorted(openai.accounts)
    assert len(openai.accounts) == 2


@pytest.mark.parametrize("status", [401, 403, 500])
def test_where_the_list_cannot_be_read_nothing_is_made(client: Client, openai: FakeOpenAI, status: int) -> None:
    openai.surprise("GET", "accounts$", (status, {}), times=99)
    with pytest.raises(errors.StatusError, match="Could not list the service accounts of project proj_1"):
        made(client)
    assert openai.asked("POST") == []


@pytest.mark.parametrize("id_", ["..", "a/../b", "", "a\n"])
def test_an_id_from_a_damaged_state_leads_nowhere_else(client: Client, openai: FakeOpenAI, id_: str) -> None:
    with pytest.raises(errors.ConfigurationError):
        ACCOUNTS.delete(client, Remote({"project_id": "proj_1"}, id_))
    assert openai.calls == []


def test_a_preview_of_an_object_compares_what_the_program_sets(client: Client, openai: FakeOpenAI) -> None:
    remote = made(client)
    openai.accounts[remote.id]["role"] = "owner"
    observation = ACCOUNTS.observe(
        Client(client.requestor), remote, Wanted({}, {"name": "b", "role": "owner", "extra": 1})
    )
    assert observation == Observation(
        f"service account 'a' ({remote.id}) of project proj_1",
        [
            ValueComparison("name", "name", "a", "a", "b", False),
            ValueComparison("role", "role", "member", "owner", "owner", True),
        ],
    )


def test_a_preview_of_a_creation_mentions_another_one_of_the_name(
    client: Client, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    openai.add_account("a")
    observation = ACCOUNTS.observe(client, Remote({"project_id": "proj_1"}), Wanted({}, {"name": "a"}))
    assert observation == Observation("service account")
    assert len(warnings(caplog)) == 1
    caplog.clear()
    ACCOUNTS.observe(client, Remote({"project_id": "proj_1"}), Wanted({}, {"role": "member"}))
    assert warnings(caplog) == [], "the name is not known"
