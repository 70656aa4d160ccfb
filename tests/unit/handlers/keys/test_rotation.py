"""A key that is due is rotated, the old one works until its overlap is over, and no valid key is forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import AdminApiKey, ProjectServiceAccountApiKey, errors
from pulumi_openai_admin.handlers.handler import PendingAction, Remote, Wanted
from pulumi_openai_admin.http import clock as clock_module
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.program.key_delivery import RETIRING_API_KEYS
from pulumi_openai_admin.remedies import NOTE
from tests.unit.fakes import NOW, FakeOpenAI, Log, through_pulumi, warnings

if TYPE_CHECKING:
    from pulumi_openai_admin.http.requestor import Requestor


DAY = 86_400
SCHEDULE = {"rotate_every": "90d", "overlap": "24h"}


@dataclass
class Key:
    """A key from one run to the next, without processes."""

    resource: type[Any]
    openai: FakeOpenAI
    requestor: Requestor
    inputs: dict[str, Any]
    id: str = ""
    outputs: dict[str, Any] = field(default_factory=dict)

    def wait(self, seconds: int) -> None:
        """Let time pass at OpenAI, of which the next operation learns from a reply."""
        self.openai.now += seconds
        self.requestor.clock.set(self.openai.now)

    def run(self, **more: Any) -> None:
        """One `pulumi up`."""
        self.openai.calls.clear()
        handler, wanted = self.resource.handler, self._wanted(more)
        remote = self._remote() if self.id else state.new_remote(self.resource.declaration, self.inputs)
        remote.options = wanted.options
        (handler.update if self.id else handler.create)(Client(self.requestor), remote, wanted)
        self._keep(remote)

    def refresh(self) -> None:
        remote = self._remote()
        self.resource.handler.read(Client(self.requestor), remote)
        self._keep(remote)

    def destroy(self) -> None:
        self.resource.handler.delete(Client(self.requestor), self._remote())
        self.id = ""

    def due(self, **more: Any) -> list[PendingAction]:
        """What a preview says at the time that OpenAI's clock shows."""
        due: list[PendingAction] = self.resource.handler.pending_actions(
            self._remote(), self._wanted(more), self.openai.now
        )
        return due

    def _keep(self, remote: Remote) -> None:
        self.id = state.make_id(self.resource.declaration, remote)
        self.outputs = state.outputs(self.resource.declaration, remote, self.inputs).values

    def _wanted(self, more: dict[str, Any]) -> Wanted:
        given = {name: value for name, value in {**self.inputs, **more}.items() if value is not None}
        return state.to_wanted(self.resource.declaration, given)

    def _remote(self) -> Remote:
        return state.to_remote(self.resource.declaration, self.id, through_pulumi(self.outputs))

    @property
    def key(self) -> str:
        return str(self.outputs[self.resource.declaration.identity])

    @property
    def valid(self) -> set[str]:
        return {*self.openai.admin_keys, *self.openai.keys}

    @property
    def retiring(self) -> Any:
        """When the overlap of each old key ends, by id; what the state has if there is no such key."""
        return RETIRING_API_KEYS.mapping(self.outputs["retiring_api_keys"])

    @property
    def writes(self) -> list[str]:
        """The methods of the requests that change something, in order."""
        return [method for method, _, _ in self.openai.calls if method != "GET"]


@pytest.fixture(params=["account", "organization"])
def scenario(request: pytest.FixtureRequest, openai: FakeOpenAI, requestor: Requestor) -> Key:
    """A key that an earlier run created."""
    if request.param == "organization":
        scenario = Key(AdminApiKey, openai, requestor, {"name": "ci", **SCHEDULE})
    else:
        account = openai.add_account("ci")
        inputs = {"project_id": "proj_1", "service_account_id": account, "name": "ci", **SCHEDULE}
        scenario = Key(ProjectServiceAccountApiKey, openai, requestor, inputs)
    scenario.run()
    return scenario


def test_a_revocation_is_announced_with_its_time(scenario: Key) -> None:
    old = scenario.key
    scenario.wait(91 * DAY)
    scenario.run()
    scenario.wait(DAY)
    noun = "Admin API key" if scenario.resource is AdminApiKey else "API key"
    what = f"The overlap of the old {noun} {old} ended at 2027-04-17 08:00 UTC"
    assert scenario.due() == [PendingAction(what, "revoke it", renews=False)]


def test_the_old_key_works_until_an_update_after_the_overlap(scenario: Key, caplog: Log) -> None:
    caplog.set_level(NOTE)
    first, resource_id = scenario.key, scenario.id
    value = scenario.outputs["api_key"]
    scenario.wait(91 * DAY)
    scenario.run()
    assert scenario.writes == ["POST"]
    second = scenario.key
    assert scenario.outputs["api_key"] != value
    assert scenario.outputs["created_at"] == scenario.openai.now
    assert scenario.valid == {first, second}
    assert scenario.retiring == {first: scenario.openai.now + DAY}
    (note,) = [record for record in caplog.records if record.levelno == NOTE]
    assert note.getMessage() == (
        f"The old {scenario.resource.handler.noun} {first} still works. "
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


def test_openais_clock_decides_although_this_machines_is_ahead(scenario: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: NOW + 1000.0 * DAY)
    scenario.requestor.clock = clock_module.ServerClock(
        clock_module.Clock()
    )  # a new process, which no response has told the time
    scenario.requestor._wire._clock = scenario.requestor.clock
    scenario.run()
    assert scenario.writes == []


def test_keys_whose_values_are_lost_are_revoked(scenario: Key) -> None:
    first = scenario.key
    scenario.wait(91 * DAY)
    scenario.openai.surprise("POST", "api_keys$", (500, {}), acts=True, times=99)
    told = r"The (Admin )?API keys (key_\d+, ){4}key_\d+ were created, and revoked because "
    with pytest.raises(errors.ResponseLostError, match=told):
        scenario.run()
    assert scenario.valid == {first}


def test_destroy_revokes_the_old_keys_too(scenario: Key) -> None:
    scenario.wait(91 * DAY)
    scenario.run()
    scenario.destroy()
    assert scenario.valid == set()
