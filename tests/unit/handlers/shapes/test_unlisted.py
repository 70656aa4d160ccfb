"""Objects that OpenAI does not list: made once, and found by their ids alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import Observation, Remote, Wanted
from pulumi_openai_admin.handlers.shapes.collection import Unlisted
from tests.unit.fakes import error_body

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

GATES = Unlisted("/gates", noun="gate", recognized_by=("name",), settable=("name",), is_dated=False)
WANTED = Wanted({}, {"name": "north"})
SHOWN = {"id": "gate_1", "name": "north"}
LOOK = (
    "OpenAI has no list of gates, so look in its dashboard for a new gate with the name 'north'. If there is one, "
    "delete it there."
)


def test_it_is_made_by_one_request(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "gates$", (200, SHOWN))
    remote = Remote({})
    GATES.create(client, remote, WANTED)
    assert (remote.id, remote.attributes, remote.step.has_changed) == ("gate_1", SHOWN, True)
    assert openai.calls == [("POST", "/gates", {"name": "north"})]
    assert client.is_owned("gate_1")


@pytest.mark.parametrize(
    "reply",
    [
        requests.exceptions.ReadTimeout("slow"),
        (500, error_body("Sorry")),
        (409, error_body("Conflict")),
        (200, b"{"),
        (200, {"name": "north"}),
        (200, {"id": "", "name": "north"}),
        (200, {"id": 7, "name": "north"}),
    ],
    ids=["no reply", "500", "409", "truncated", "no id", "an empty id", "a number"],
)
def test_a_creation_that_may_have_acted_is_not_repeated(client: Client, openai: FakeOpenAI, reply: Any) -> None:
    openai.surprise("POST", "gates$", reply, times=9)
    remote = Remote({})
    with pytest.raises(errors.ResponseLostError) as lost:
        GATES.create(client, remote, WANTED)
    assert lost.value.what.endswith(". The gate may have been created")
    assert lost.value.what.startswith("Could not create gate 'north' in the organization")
    assert lost.value.advice == LOOK
    assert remote.id == ""
    assert len(openai.calls) == 1
    (requests_,) = GATES.lost_requests(client, remote)
    requests_.look(removes=False)
    with pytest.raises(errors.ResponseLostError, match=r"got no response\. The gate may have been created") as lost:
        requests_.look()
    assert lost.value.advice == LOOK
    assert len(openai.calls) == 1


def test_a_creation_that_certainly_did_not_act_is_repeated_or_refused(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("POST", "gates$", (429, error_body("Wait")))
    openai.surprise("POST", "gates$", (400, error_body("No gates in the north")))
    with pytest.raises(errors.BadRequestError, match="No gates in the north") as refused:
        GATES.create(client, Remote({}), WANTED)
    assert "may have been created" not in str(refused.value)
    assert len(openai.calls) == 2


def test_a_preview_reads_the_object_and_nothing_before_a_creation(client: Client, openai: FakeOpenAI) -> None:
    assert GATES.observe(client, Remote({}), WANTED) == Observation("gate")
    assert openai.calls == []
    openai.surprise("GET", "gates/gate_1$", (200, {**SHOWN, "name": "south"}))
    (value,) = GATES.observe(client, Remote({}, "gate_1", dict(SHOWN)), WANTED).values
    assert (value.known, value.now, value.wanted, value.is_same) == ("north", "south", "north", False)


def test_it_is_imported_by_its_id(client: Client, openai: FakeOpenAI) -> None:
    assert GATES.ids(client, Remote({})) == []
    openai.surprise("GET", "gates/gate_1$", (200, SHOWN), times=2)
    assert GATES.declared(client, Remote({}, "gate_1")) == SHOWN
    remote = Remote({}, "gate_1")
    GATES.adopt(client, remote, WANTED)
    assert remote.attributes == SHOWN
    assert {method for method, _, _ in openai.calls} == {"GET"}


def test_not_found_means_gone(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("GET", "gates/gate_1$", (404, error_body("Gate not found")), times=9)
    openai.surprise("DELETE", "gates/gate_1$", (404, error_body("Gate not found")), times=9)
    for step in (GATES.read, GATES.declared):
        with pytest.raises(errors.ResourceGoneError, match="gate gate_1 no longer exists"):
            step(client, Remote({}, "gate_1"))
    GATES.delete(client, Remote({}, "gate_1"))
    assert len(openai.calls) == 3


def test_every_other_404_is_an_error(client: Client, openai: FakeOpenAI) -> None:
    for method in ("GET", "DELETE"):
        openai.surprise(method, "gates/gate_1$", (404, error_body("Invalid URL")), times=9)
    for step in (GATES.read, GATES.delete):
        with pytest.raises(errors.UnrelatedNotFoundError, match=re.escape("Invalid URL")):
            step(client, Remote({}, "gate_1"))
    assert len(openai.calls) == 2, "there is nothing else to ask"
