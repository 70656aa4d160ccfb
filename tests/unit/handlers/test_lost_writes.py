"""A removal waits until no lost request can give back what it ends."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import lost_requests
from pulumi_openai_admin.handlers.creation import VISIBILITY_LAG_SECONDS
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.lost_requests import LostWrite
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.resources.group_members import GroupMembers
from pulumi_openai_admin.resources.group_user import GroupUser
from tests.unit.fakes import NOW, FakeOpenAI, error_body, listed, warnings

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import Clock

LOST = requests.exceptions.ReadTimeout("slow")
USER = {"group_id": "group_1", "user_id": "user-1"}


class Waits:
    """A client whose time passes only while it waits."""

    def __init__(self, now: float, lost_at: float | None, *, is_known: bool = True) -> None:
        self.now, self.waited = now, 0.0
        self.requestor = SimpleNamespace(lost_at=lost_at)
        self.clock = SimpleNamespace(now=lambda: self.now if is_known else None)

    def pause(self, seconds: float, _: str) -> None:
        self.now, self.waited = self.now + seconds, self.waited + seconds

    def log_wait(self, *_: object) -> None:
        """Nobody reads it."""


def test_before_openai_responded_the_clock_of_the_machine_does_not_shorten_the_wait() -> None:
    client: Any = Waits(86_400, None, is_known=False)
    remote = Remote({})
    remote.memory.put(LostWrite(0))
    lost_requests.wait(client, remote, "remove it")
    assert client.waited == VISIBILITY_LAG_SECONDS


MOMENTS = st.integers(-10_000, 10_000)


@given(MOMENTS, st.none() | MOMENTS, st.none() | MOMENTS)
def test_a_removal_comes_a_minute_after_the_last_lost_request(
    now: int, recorded: int | None, lost_at: int | None
) -> None:
    client: Any = Waits(now, lost_at)
    remote = Remote({})
    remote.memory.put(LostWrite(recorded))
    lost_requests.wait(client, remote, "remove it")
    last = recorded if lost_at is None else lost_at
    if last is None:
        assert client.waited == 0
    else:
        assert client.waited == VISIBILITY_LAG_SECONDS or client.now >= last + VISIBILITY_LAG_SECONDS
        assert client.waited <= VISIBILITY_LAG_SECONDS, "also by a clock that was set back"
    assert remote.memory[LostWrite] == LostWrite()
    waited = client.waited
    lost_requests.wait(client, remote, "remove it")
    assert client.waited <= waited + 1 or now < (last or 0), "one wait is enough"


@pytest.mark.parametrize(
    ("method", "answer", "is_lost"),
    [("POST", LOST, True), ("GET", LOST, False), ("POST", (400, error_body("No")), False)],
)
def test_a_request_is_lost_if_it_changes_something_and_has_no_response(
    client: Client, openai: FakeOpenAI, method: str, answer: Any, is_lost: bool
) -> None:
    client.clock.set(NOW)
    openai.surprise(method, "users$", answer, times=99)
    remote = Remote({})
    with client.operation():
        with pytest.raises(errors.AdminError):
            client.send(Call(method, "/organization/users", "try", body={} if method == "POST" else None))
        lost_requests.note(client, remote)
    lost_at = remote.memory[LostWrite].lost_at
    assert (lost_at is not None and lost_at > NOW) is is_lost
    with client.operation():
        lost_requests.note(client, Remote({}))
        assert client.requestor.lost_at is None, "the next operation lost nothing"


@pytest.mark.parametrize("handler", [GroupUser.handler, GroupMembers.handler])
def test_what_a_lost_request_adds_late_is_removed(
    client: Client, openai: FakeOpenAI, clock: Clock, caplog: pytest.LogCaptureFixture, handler: Any
) -> None:
    """OpenAI acts 50 s after the connection was closed; a DELETE before that would find nothing."""
    late = clock.at + 50
    deleted: list[bool] = []
    openai.surprise("GET", "users", listed({"id": "user-1"}), times=99)
    openai.surprise("GET", "group_1", (200, {"id": "group_1"}), times=99)
    openai.surprise("POST", "users$", LOST, times=99)
    openai.surprise(
        "DELETE", "user-1$", (200, {"deleted": True}), acts=lambda: deleted.append(clock.at >= late), times=99
    )
    is_set = handler is GroupMembers.handler
    remote = Remote({"group_id": "group_1"}) if is_set else Remote(USER, "user-1")
    remote.memory.put(LostWrite(NOW))
    if is_set:
        handler.adopt(client, remote, Wanted({}, {"user_ids": ["user-1"]}))
        client = type(client)(client.requestor)
    handler.delete(client, remote)
    assert deleted == [True]
    assert any("the response to an earlier request was lost" in text for text in warnings(caplog))
