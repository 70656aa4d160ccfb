"""A key that is due is rotated, the old one works until its overlap is over, and no valid key is forgotten."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import AdminApiKey, ProjectServiceAccountApiKey
from pulumi_openai_admin.handlers.handler import PendingAction
from pulumi_openai_admin.handlers.keys import delivered_keys
from pulumi_openai_admin.http import clock as clock_module
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.program.key_delivery import RETIRING_API_KEYS
from pulumi_openai_admin.remedies import NOTE
from tests.unit.fakes import NOW, through_pulumi, warnings
from tests.unit.organization_keys import FakeOrganization, FakeStore
from tests.unit.scenario import Scenario

if TYPE_CHECKING:
    import requests_mock

    from pulumi_openai_admin.http.requestor import Requestor


DAY = 86_400
SCHEDULE = {"rotate_every": "90d", "overlap": "24h"}


@dataclass
class KeyScenario(Scenario):
    """The scenario of a key, and which keys can be used."""

    inputs: dict[str, Any] | None = None

    def run(self, faults: dict[str, str] | None = None, **more: Any) -> None:
        """One `pulumi up`."""
        self.openai.calls.clear()
        inputs = {name: value for name, value in {**(self.inputs or {}), **more}.items() if value is not None}
        self.up(inputs, faults or {})

    def due(self, **more: Any) -> list[PendingAction]:
        """What a preview says at the time that OpenAI's clock shows."""
        declaration, inputs = self.resource.declaration, {**(self.inputs or {}), **more}
        remote = state.to_remote(declaration, self.id, through_pulumi(self.outputs))
        given = {name: value for name, value in inputs.items() if value is not None}
        wanted = state.to_wanted(declaration, given)
        due: list[PendingAction] = self.resource.handler.pending_actions(remote, wanted, self.openai.now)
        return [*state.record(self.outputs).actions, *due]

    @property
    def key(self) -> str:
        return str(self.outputs[self.resource.declaration.identity])

    @property
    def valid(self) -> set[str]:
        openai: Any = self.openai
        return set(openai.admin_keys if self.resource is AdminApiKey else openai.keys)

    @property
    def retiring(self) -> Any:
        """When the overlap of each old key ends, by id; what the state has if there is no such key."""
        return RETIRING_API_KEYS.mapping(self.outputs["retiring_api_keys"])

    @property
    def writes(self) -> list[str]:
        """The methods of the requests that change something, in order."""
        return [method for method, _, _ in self.openai.calls if method != "GET"]

    @property
    def mint(self) -> str:
        """The request that creates a key."""
        return "POST api_keys$"


@pytest.fixture
def organization(requests_mock: requests_mock.Mocker) -> FakeOrganization:
    return FakeOrganization(requests_mock)


@pytest.fixture(params=["account", "organization"])
def scenario(request: pytest.FixtureRequest, organization: FakeOrganization, requestor: Requestor) -> KeyScenario:
    """A key that an earlier run created."""
    if request.param == "organization":
        scenario = KeyScenario(AdminApiKey, organization, requestor, inputs={"name": "ci", **SCHEDULE})
    else:
        account = organization.add_account("ci")
        inputs = {"project_id": "proj_1", "service_account_id": account, "name": "ci", **SCHEDULE}
        scenario = KeyScenario(ProjectServiceAccountApiKey, organization, requestor, inputs=inputs)
    scenario.run()
    assert not scenario.error
    return scenario


def rotated(scenario: KeyScenario) -> str:
    """Rotate the key once; the id of the old one."""
    old = scenario.key
    scenario.wait(91 * DAY)
    scenario.run()
    assert not scenario.error
    return old


# What a preview says


def test_a_rotation_delivers_the_new_key_while_the_old_one_works(
    scenario: KeyScenario, organization: FakeOrganization, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FakeStore(organization)
    monkeypatch.setattr(delivered_keys, "destination_of", lambda _deliver_to: store)
    scenario.destroy({})
    scenario.id, scenario.inputs = "", {**(scenario.inputs or {}), "deliver_to": {"command": {"arguments": ["op"]}}}
    scenario.run()
    old = scenario.key
    scenario.wait(91 * DAY)
    assert scenario.due()[0].purpose == "create and deliver a new key. The current key is revoked 24 hours later"
    scenario.run()
    assert scenario.writes == ["check", "POST", "deliver"]
    assert (scenario.outputs["api_key"], scenario.outputs["delivered_version"]) == ("", "v2")
    assert (scenario.valid, store.removed) == ({old, scenario.key}, [])
    scenario.wait(DAY)
    scenario.run()
    assert scenario.writes == ["DELETE", "remove"]
    assert (scenario.valid, store.removed) == ({scenario.key}, ["v1"])
    assert not any(value in str(scenario.outputs) for value in store.values)
    scenario.destroy({})
    assert store.removed == ["v1", "v2"]


def test_a_rotation_is_announced_with_its_reason(scenario: KeyScenario) -> None:
    noun = "Admin API key" if scenario.resource is AdminApiKey else "API key"
    scenario.wait(93 * DAY)
    what = f"{noun} {scenario.key} was created 93 days ago and is rotated every 90 days"
    assert scenario.due() == [PendingAction(what, "create a new key. The current key is revoked 24 hours later")]
    assert scenario.due(overlap=None) == [PendingAction(what, "replace it", replaces="rotate_every")]


def test_a_revocation_is_announced_with_its_time(scenario: KeyScenario) -> None:
    old = rotated(scenario)
    scenario.wait(DAY)
    noun = "Admin API key" if scenario.resource is AdminApiKey else "API key"
    what = f"The overlap of the old {noun} {old} ended at 2027-04-17 08:00 UTC"
    assert scenario.due() == [PendingAction(what, "revoke it", renews=False)]


def test_the_old_key_works_until_an_update_after_the_overlap(
    scenario: KeyScenario, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(NOTE)
    first, resource_id = scenario.key, scenario.id
    value = scenario.outputs["api_key"]
    scenario.wait(91 * DAY)
    scenario.run()
    assert scenario.writes == ["POST"]
    second = scenario.key
    assert second != first
    assert scenario.outputs["api_key"] != value
    assert scenario.outputs["created_at"] == scenario.openai.now
    assert scenario.valid == {first, second}
    assert scenario.retiring == {first: scenario.openai.now + DAY}
    (note,) = [record for record in caplog.records if record.levelno == NOTE]
    assert note.getMessage() == (
        f"The old {scenario.resource.handler.key_noun} {first} still works. "
        "The first update after 2027-04-17 08:00 UTC revokes it."
    )
    assert warnings(caplog) == []
    scenario.id = resource_id  # no update can change it
    scenario.wait(DAY - 1)
    scenario.run()
    assert scenario.writes == []
    assert scenario.valid == {first, second}
    scenario.wait(1)
    scenario.run()
    assert scenario.writes == ["DELETE"]
    assert scenario.valid == {second} == {scenario.key}
    assert scenario.retiring == ""
    assert "retiring" not in scenario.outputs["__managed"]
    assert scenario.due() == []


def test_openais_clock_decides_although_this_machines_is_ahead(
    scenario: KeyScenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: NOW + 1000.0 * DAY)
    scenario.requestor.clock = clock_module.ServerClock(
        clock_module.Clock()
    )  # a new process, which no response has told the time
    scenario.requestor._wire._clock = scenario.requestor.clock
    scenario.run()
    assert scenario.writes == []


# What goes wrong


def test_a_lost_reply_makes_nothing_twice_and_no_key_is_forgotten(scenario: KeyScenario) -> None:
    first = scenario.key
    scenario.wait(91 * DAY)
    scenario.run({scenario.mint: "made"})
    assert re.search(r"The (Admin )?API keys (key_\d+, ){4}key_\d+ were created, and revoked because ", scenario.error)
    assert scenario.key == first
    assert scenario.valid == {first}
    scenario.run()
    assert not scenario.error
    assert scenario.valid == {first, scenario.key}
    assert len(scenario.valid) == 2
    assert "open_requests" not in scenario.outputs["__managed"]


def test_a_key_that_shows_again_is_no_longer_dead(scenario: KeyScenario) -> None:
    rotated(scenario)
    openai: Any = scenario.openai
    keys = openai.admin_keys if scenario.resource is AdminApiKey else openai.keys
    scenario.wait(3600)
    row = keys.pop(scenario.key)
    scenario.refresh({})
    keys[scenario.key] = row
    scenario.refresh({})
    assert scenario.due() == []
    scenario.run()
    assert scenario.writes == []


def test_destroy_revokes_the_old_keys_too(scenario: KeyScenario) -> None:
    rotated(scenario)
    scenario.destroy({})
    assert not scenario.error
    assert scenario.valid == set()
