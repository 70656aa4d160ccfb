from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from requests_mock import ANY

from pulumi_openai_admin import errors
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.requestor import Requestor
from tests.unit.fakes import URL, error_body

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests_mock

    from pulumi_openai_admin.config import Settings
    from pulumi_openai_admin.http.client import Listing
    from tests.unit.fakes import FakeOpenAI

LIST = "/organization/projects/proj_1/rate_limits"


@pytest.fixture
def listing(client: Client, openai: FakeOpenAI) -> Listing:
    openai.add_row("gpt-4o", max_requests_per_1_minute=500)
    return client.listing(LIST, "list the rows", {"limit": 1000})


def test_a_list_is_fetched_once_for_many_threads(client: Client, openai: FakeOpenAI, monkeypatch: Any) -> None:
    openai.add_row("gpt-4o")
    answer: Callable[..., bytes] = openai._content

    def slow(*args: Any) -> bytes:
        time.sleep(0.05)
        return answer(*args)

    monkeypatch.setattr(openai, "_content", slow)
    openai.__post_init__()
    together = threading.Barrier(8)

    def ask(_: int) -> list[str]:
        together.wait(5)
        return list(client.listing(LIST, "list the rows", {}).rows())

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(8))) == [["rl-gpt-4o"]] * 8
    assert len(openai.calls) == 1


def test_a_list_that_failed_is_fetched_again_by_the_next(listing: Listing, openai: FakeOpenAI) -> None:
    openai.surprise("GET", LIST, (403, {"error": "No"}))
    with pytest.raises(errors.PermissionDeniedError):
        listing.rows()
    assert list(listing.rows()) == ["rl-gpt-4o"]


def test_one_object_is_found_in_the_list_that_is_fetched_once(listing: Listing, openai: FakeOpenAI) -> None:
    id_, row = next(iter(listing.rows().items()))
    found = listing.find(id_)
    assert found == row
    assert listing.find("none") is None
    assert len(openai.asked("GET")) == 1
    assert found is not None
    found.clear()
    assert listing.find(id_) == row, "a caller changes nothing for others"
    listing.forget()
    assert listing.find(id_) == row
    assert len(openai.asked("GET")) == 2


def test_some_objects_are_fetched_once_and_no_more_than_needed(listing: Listing, openai: FakeOpenAI) -> None:
    page = {"object": "list", "data": [{"id": "a"}, {"id": "b"}], "has_more": True, "last_id": "b"}
    openai.surprise("GET", "", (200, page))
    assert list(listing.first_rows(2)) == list(listing.first_rows(2)) == ["a", "b"]
    assert len(openai.calls) == 1
    whole = listing.rows()
    assert listing.first_rows(2) == whole != {}


def test_a_deleted_object_is_not_in_the_list(listing: Listing, openai: FakeOpenAI) -> None:
    listing.rows()
    listing.drop("rl-gpt-4o")
    listing.drop("rl-gpt-4o")
    assert (listing.rows(), listing.row("rl-gpt-4o"), len(openai.calls)) == ({}, None, 1)


def test_a_list_of_a_new_parent_is_fetched_until_it_stays_the_same(listing: Listing, openai: FakeOpenAI) -> None:
    waited: list[tuple[float, str]] = []

    def pause(seconds: float, action: str) -> None:
        waited.append((seconds, action))
        if len(waited) == 1:
            openai.add_row("gpt-5")

    for _ in range(2):
        listing.settle(pause, (1, 2, 3, 4))
    assert waited == [(1, "list the rows"), (2, "list the rows")]
    assert list(listing.rows()) == ["rl-gpt-4o", "rl-gpt-5"]
    assert len(openai.calls) == 3


class Halting:
    """Lets a test act while a list is on its way."""

    def __init__(self, openai: FakeOpenAI) -> None:
        self.is_asked, self.may_answer = threading.Event(), threading.Event()
        answer: Callable[..., bytes] = openai._content

        def halt(*args: Any) -> bytes:
            content = answer(*args)
            self.is_asked.set()
            assert self.may_answer.wait(5)
            return content

        openai.mock.register_uri(ANY, ANY, content=halt)


def test_what_changes_while_a_list_is_fetched_is_in_it(listing: Listing, openai: FakeOpenAI) -> None:
    halting = Halting(openai)
    with ThreadPoolExecutor(1) as thread:
        fetching = thread.submit(listing.rows)
        assert halting.is_asked.wait(5)
        listing.learn({"id": "rl-new"})
        listing.drop("rl-gpt-4o")
        halting.may_answer.set()
        assert set(fetching.result(5)) == set(listing.rows()) == {"rl-new"}
    assert len(openai.calls) == 1


def test_many_that_look_for_what_is_missing_share_a_second_list(listing: Listing, openai: FakeOpenAI) -> None:
    for _ in range(40):
        assert listing.find_with_refetch(lambda row: row["model"] == "gone") is None
    assert len(openai.calls) == 2


@pytest.mark.parametrize("times_before", [0, 1])
def test_a_list_that_was_on_its_way_when_it_was_forgotten_is_not_kept(
    listing: Listing, openai: FakeOpenAI, times_before: int
) -> None:
    for _ in range(times_before):
        listing.forget()
    halting = Halting(openai)
    with ThreadPoolExecutor(1) as thread:
        fetching = thread.submit(listing.rows)
        assert halting.is_asked.wait(5)
        openai.add_row("gpt-5")
        listing.forget()
        halting.may_answer.set()
        assert set(fetching.result(5)) == {"rl-gpt-4o"}
    assert set(listing.rows()) == {"rl-gpt-4o", "rl-gpt-5"}


def test_the_wait_for_a_list_of_another_thread_has_a_time_limit(settings: Settings, openai: FakeOpenAI) -> None:
    client = Client(Requestor(replace(settings, max_wait_seconds=0.05)))
    listing, halting = client.listing(LIST, "list the rows", {}), Halting(openai)
    with ThreadPoolExecutor(2) as threads:
        fetching = threads.submit(listing.rows)
        assert halting.is_asked.wait(5)

        def ask() -> None:
            with client.operation():
                listing.rows()

        message = "Could not list the rows: openai-admin:maxWaitSeconds passed while"
        with pytest.raises(errors.OperationTimeoutError, match=message):
            threads.submit(ask).result(5)
        halting.may_answer.set()
        with suppress(errors.TransportError):
            fetching.result(5)


REFUSAL = errors.BadRequestError("Could not list", "", errors.ResponseFacts(400))


def test_an_archived_project_is_told_from_other_refusals(client: Client, openai: FakeOpenAI) -> None:
    openai.archive()
    with pytest.raises(errors.ProjectArchivedError) as error:
        client.raise_if_parent_is_gone({"project_id": "proj_1"}, REFUSAL)
    assert error.value.what == "Project proj_1 is archived, and nothing in it can be used or changed"
    assert error.value.advice == str(errors.ARCHIVED_ADVICE)
    assert error.value.__cause__ is REFUSAL


def test_another_parent_that_is_missing_is_named_as_what_it_is(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("GET", "group_1$", (404, error_body("No such group")))
    with pytest.raises(errors.ParentEndedError) as error:
        client.require_parent({"group_id": "group_1"})
    assert error.value.event == "Group group_1 was not found (status 404, request req_1)"
    assert error.value.advice == (
        "If the group was deleted outside Pulumi, refresh the state, then update the resources. If the program does "
        "not manage the group, correct the id, or remove its objects from the program."
    )


def test_the_anchor_is_any_project_also_an_archived_one(client: Client, requests_mock: requests_mock.Mocker) -> None:
    listed = requests_mock.get(f"{URL}/organization/projects", json={"data": [{"id": "proj_1"}]})
    assert client.anchor() == client.anchor() == "proj_1"
    (asked,) = listed.request_history
    assert asked.url.partition("?")[2] == "limit=1&include_archived=true"


def test_a_key_that_can_list_no_project_gets_the_error_of_openai(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("GET", "projects$", (403, error_body("Missing scopes: api.management.read")))
    for _ in range(2):
        with pytest.raises(errors.PermissionDeniedError) as refused:
            client.anchor()
        assert "Could not look for a project by which later runs recognize the organization: " in str(refused.value)
        assert "api.management.read" in str(refused.value)
        assert "req_1" in str(refused.value)
    assert len(openai.calls) == 1


def test_a_refusal_that_explains_itself_needs_no_look(client: Client, openai: FakeOpenAI) -> None:
    refusal = errors.BadRequestError("No", "", errors.ResponseFacts(400, code="organization_rate_limit_exceeded"))
    client.raise_if_parent_is_gone({"project_id": "proj_1"}, refusal)
    assert openai.calls == []


def test_a_list_whose_objects_have_no_id_is_not_empty(client: Client, openai: FakeOpenAI) -> None:
    rows = [{"uuid": "1", "name": "a"}, {"uuid": "2"}]
    openai.surprise("GET", "things$", (200, {"object": "list", "data": rows, "has_more": False}), times=2)
    things = client.listing("/organization/things", "list the things", {})
    with pytest.raises(
        errors.InvalidResponseError, match="Could not list the things: the objects in the list have no id"
    ):
        things.rows()
    by_uuid = client.listing("/organization/things", "list the things", {"limit": 100}, identity="uuid")
    assert list(by_uuid.rows()) == ["1", "2"]
