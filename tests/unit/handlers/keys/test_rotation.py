"""A key that is due is rotated, the old one works until its overlap is over, and no valid key is forgotten."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import AdminApiKey, ProjectServiceAccountApiKey
from pulumi_openai_admin.delivery.secret_store import DeliveryError, Destination, Presence
from pulumi_openai_admin.handlers.handler import PendingAction, Remote, Wanted
from pulumi_openai_admin.handlers.keys import delivered_keys
from pulumi_openai_admin.handlers.keys.rotation import Schedule
from pulumi_openai_admin.http import clock as clock_module
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.program.key_delivery import RETIRING_API_KEYS
from pulumi_openai_admin.remedies import NOTE
from tests.unit.fakes import KEY, NOW, through_pulumi, warnings
from tests.unit.organization_keys import FakeOrganization
from tests.unit.scenario import Scenario

if TYPE_CHECKING:
    import requests_mock

    from pulumi_openai_admin.config import Settings
    from tests.unit.fakes import Clock

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
        return [*state.due(self.outputs), *due]

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


# When


@pytest.mark.parametrize(
    ("every", "age", "is_due"),
    [("90d", 90 * DAY, True), ("90d", 90 * DAY - 1, False), ("2w", 15 * DAY, True), (None, 999 * DAY, False)],
)
def test_a_key_is_due_once_it_is_as_old_as_the_program_says(every: str | None, age: int, is_due: bool) -> None:
    assert Schedule(every).is_due(NOW, NOW + age) is is_due


@pytest.mark.parametrize("created_at", [None, "", "yesterday"])
def test_a_key_of_unknown_age_is_never_due(created_at: object) -> None:
    assert not Schedule("1m").is_due(created_at, NOW)


@pytest.mark.parametrize(("overlap", "seconds"), [("24h", DAY), ("30m", 1800), (None, 0)])
def test_an_overlap_begins_when_the_key_is_replaced(overlap: str | None, seconds: int) -> None:
    assert Schedule("90d", overlap).ends_at(NOW) == NOW + seconds


def test_an_age_is_counted_from_the_creation_whenever_that_was() -> None:
    parents = {"project_id": "proj_1", "service_account_id": "svc_acct_1"}
    remote = Remote(parents, "key_1", {"created_at": 0})
    (due,) = ProjectServiceAccountApiKey.handler.pending_actions(
        remote, Wanted({}, {}, {"rotate_every": "90d"}), 100 * DAY
    )
    assert due.what == "API key key_1 was created 100 days ago and is rotated every 90 days"


def test_nothing_is_due_before_the_schedule_is_known() -> None:
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    assert Schedule.of({"rotate_every": "1m", "overlap": unknown}) == Schedule()
    assert Schedule.of({"rotate_every": unknown}) == Schedule()
    assert Schedule.of({"rotate_every": "90d"}) == Schedule("90d")


# What a preview says


def test_nothing_is_said_while_nothing_is_due(scenario: KeyScenario) -> None:
    scenario.wait(90 * DAY - 1)
    assert scenario.due() == []
    scenario.wait(1)
    scenario.run()
    scenario.wait(DAY - 1)
    assert scenario.due() == []


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


# In which order


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


def test_a_key_is_rotated_again_and_again(scenario: KeyScenario) -> None:
    keys = [scenario.key]
    for _ in range(3):
        rotated(scenario)
        keys.append(scenario.key)
        assert scenario.valid == set(keys[-2:])
        assert list(scenario.retiring) == keys[-2:-1]
        scenario.wait(DAY)
        scenario.run()
    assert len(set(keys)) == 4
    assert scenario.valid == {scenario.key} == {keys[-1]}


def test_without_an_overlap_no_update_rotates(scenario: KeyScenario) -> None:
    first = scenario.key
    scenario.wait(91 * DAY)
    scenario.run(overlap=None)
    assert scenario.writes == []
    assert scenario.key == first


def test_another_overlap_holds_for_old_keys_too(scenario: KeyScenario) -> None:
    old = rotated(scenario)
    scenario.run(overlap="48h")
    assert scenario.retiring == {old: scenario.openai.now + 2 * DAY}
    scenario.wait(DAY)
    scenario.run(overlap="48h")
    assert old in scenario.valid
    scenario.run(overlap=None)
    assert scenario.valid == {scenario.key}


def test_a_change_in_an_overlap_is_made_to_the_new_key(organization: FakeOrganization, requestor: Requestor) -> None:
    account = organization.add_account("ci")
    inputs = {"project_id": "proj_1", "service_account_id": account, "expires_in_seconds": 200 * DAY, **SCHEDULE}
    scenario = KeyScenario(ProjectServiceAccountApiKey, organization, requestor, inputs=inputs)
    scenario.run()
    rotated(scenario)
    scenario.run(expires_in_seconds=300 * DAY)
    assert [path for path, _ in organization.asked("POST")] == [
        f"/organization/projects/proj_1/api_keys/{scenario.key}"
    ]


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


def test_a_key_whose_reply_was_lost_once_is_revoked_at_once(scenario: KeyScenario) -> None:
    first = scenario.key
    scenario.wait(91 * DAY)
    scenario.run({scenario.mint: "made once"})
    assert not scenario.error
    assert scenario.writes == ["POST", "DELETE", "POST"]
    assert scenario.valid == {first, scenario.key}


def test_a_key_that_was_made_late_is_revoked_by_the_next_run(scenario: KeyScenario) -> None:
    first = scenario.key
    scenario.wait(91 * DAY)
    scenario.run({scenario.mint: "made late"})
    assert scenario.error
    scenario.run()
    assert scenario.valid == {first, scenario.key}


def test_a_refusal_keeps_the_old_key_alone(scenario: KeyScenario) -> None:
    first = scenario.key
    scenario.wait(91 * DAY)
    scenario.run({scenario.mint: "refused"})
    assert scenario.error
    assert scenario.valid == {first} == {scenario.key}
    assert scenario.retiring == ""


@pytest.mark.parametrize("fate", ["made", "not made", "refused"])
def test_an_old_key_that_could_not_be_revoked_is_not_forgotten(scenario: KeyScenario, fate: str) -> None:
    old = rotated(scenario)
    scenario.wait(DAY)
    scenario.run({"DELETE ": fate})
    assert scenario.error
    assert old in scenario.retiring
    scenario.run()
    assert not scenario.error
    assert scenario.valid == {scenario.key}
    assert scenario.retiring == ""


def test_an_old_key_that_is_gone_already_is_done(scenario: KeyScenario) -> None:
    old = rotated(scenario)
    scenario.wait(DAY)
    openai: Any = scenario.openai
    (openai.admin_keys if scenario.resource is AdminApiKey else openai.keys).pop(old)
    scenario.run()
    assert not scenario.error
    assert scenario.retiring == ""


def test_a_key_that_ended_in_an_overlap_stays_in_the_state_for_the_old_one(scenario: KeyScenario) -> None:
    first = rotated(scenario)
    second = scenario.key
    openai: Any = scenario.openai
    keys = openai.admin_keys if scenario.resource is AdminApiKey else openai.keys
    scenario.wait(3600)
    del keys[second]
    for _ in range(2):
        scenario.refresh({})
        assert scenario.id
        (due,) = scenario.due()
        assert second in due.what
        assert due.purpose == "create another key"
    scenario.run()
    assert not scenario.error
    assert scenario.valid == {first, scenario.key}
    assert list(scenario.retiring) == [first], "the dead one is none"
    assert scenario.due() == []


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


def test_without_old_keys_a_key_that_ended_is_gone(scenario: KeyScenario) -> None:
    openai: Any = scenario.openai
    scenario.wait(3600)
    (openai.admin_keys if scenario.resource is AdminApiKey else openai.keys).clear()
    scenario.refresh({})
    assert not scenario.id


def test_destroy_revokes_the_old_keys_too(scenario: KeyScenario) -> None:
    rotated(scenario)
    scenario.destroy({})
    assert not scenario.error
    assert scenario.valid == set()


def test_destroy_revokes_what_a_lost_reply_left(scenario: KeyScenario) -> None:
    scenario.wait(91 * DAY)
    scenario.run({scenario.mint: "made late"})
    scenario.destroy({})
    assert not scenario.error
    assert scenario.valid == set()


def test_the_key_of_the_run_is_not_revoked_when_its_overlap_ends(
    organization: FakeOrganization, settings: Settings, clock: Clock
) -> None:
    used = KEY[: -len("0001")] + "0001"  # what the first key shows of itself
    requestor = Requestor(replace(settings, admin_api_key=used), clock=clock)
    scenario = KeyScenario(AdminApiKey, organization, requestor, inputs={"name": "ci", **SCHEDULE})
    scenario.run()
    first = rotated(scenario)
    scenario.wait(DAY)
    scenario.run()
    assert scenario.error.startswith(f"Admin API key {first} was not revoked: this run uses it. Configure a different")
    assert scenario.valid == {first, scenario.key}
    assert first in scenario.retiring
    scenario.requestor = Requestor(settings, clock=clock)
    scenario.requestor.clock.set(scenario.openai.now)
    scenario.run()
    assert not scenario.error
    assert scenario.valid == {scenario.key}


@pytest.mark.parametrize("scenario", ["account"], indirect=True)  # the organization of others is proved in `lifecycle`
def test_another_organizations_key_forgets_no_old_key(scenario: KeyScenario) -> None:
    old = rotated(scenario)
    scenario.wait(DAY)
    openai: Any = scenario.openai
    before = openai.project
    openai.project = {"id": "proj_other", "status": "active"}
    hidden, openai.admin_keys = openai.admin_keys, {}
    scenario.run()
    assert "belongs to another organization" in scenario.error
    assert old in scenario.retiring
    openai.project, openai.admin_keys = before, hidden
    scenario.run()
    assert scenario.valid == {scenario.key}


# Together with a secret store


@dataclass
class Store(Destination):
    """A secret store that notes its versions, and refuses to take a key where a test says so."""

    openai: FakeOrganization
    versions: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    refuses: bool = False
    loses_responses: bool = False
    is_closed: bool = False

    place = "secret 'ci'"

    def check(self) -> None:
        self.openai.calls.append(("check", "store", None))
        if self.is_closed:
            raise DeliveryError("The store is closed", "Open it.")

    def deliver(self, key: str) -> str:
        self.openai.calls.append(("deliver", "store", None))
        if self.refuses:
            raise DeliveryError("The store is full", "Make room.")
        self.versions.append(key)
        if self.loses_responses:
            lost = DeliveryError("The response was lost", "Run it again.")
            lost.may_have_acted = True
            raise lost
        return f"v{len(self.versions)}"

    def presence(self, version: str) -> Presence:
        return Presence.CURRENT if version == f"v{len(self.versions)}" else Presence.REPLACED

    def remove(self, version: str) -> None:
        self.openai.calls.append(("remove", version, None))
        self.removed.append(version)


@pytest.fixture
def store(organization: FakeOrganization, monkeypatch: pytest.MonkeyPatch) -> Store:
    store = Store(organization)
    monkeypatch.setattr(delivered_keys, "destination_of", lambda _deliver_to: store)
    return store


@pytest.fixture
def delivered(store: Store, scenario: KeyScenario) -> KeyScenario:  # noqa: ARG001 - it takes the keys
    """A key in a secret store, as an earlier run delivered it."""
    scenario.destroy({})
    scenario.id, scenario.inputs = "", {**(scenario.inputs or {}), "deliver_to": {"command": {"arguments": ["op"]}}}
    scenario.run()
    assert not scenario.error
    return scenario


def test_a_scheduled_rotation_delivers_the_new_key_while_the_old_one_works(
    delivered: KeyScenario, store: Store
) -> None:
    old = delivered.key
    delivered.wait(91 * DAY)
    assert delivered.due()[0].purpose == "create and deliver a new key. The current key is revoked 24 hours later"
    delivered.run()
    assert delivered.writes == ["check", "POST", "deliver"]
    assert delivered.outputs["api_key"] == ""
    assert delivered.outputs["delivered_version"] == "v2"
    assert delivered.valid == {old, delivered.key}
    assert store.removed == []
    delivered.wait(DAY)
    delivered.run()
    assert delivered.writes == ["DELETE", "remove"]
    assert store.removed == ["v1"]
    assert delivered.valid == {delivered.key}
    assert not any(value in str(delivered.outputs) for value in store.versions)
    delivered.destroy({})
    assert store.removed == ["v1", "v2"]


def test_no_key_is_created_that_could_not_be_delivered(delivered: KeyScenario, store: Store) -> None:
    old = delivered.key
    delivered.wait(91 * DAY)
    store.is_closed = True
    delivered.run()
    assert "The store is closed" in delivered.error
    assert delivered.writes == ["check"]
    assert delivered.valid == {old} == {delivered.key}


def test_a_new_key_that_is_not_delivered_is_revoked_and_the_old_one_stays(delivered: KeyScenario, store: Store) -> None:
    old = delivered.key
    delivered.wait(91 * DAY)
    store.refuses = True
    delivered.run()
    assert "The key was revoked" in delivered.error
    assert delivered.valid == {old} == {delivered.key}
    assert delivered.outputs["delivered_version"] == "v1"
    store.refuses = False
    delivered.run()
    assert not delivered.error
    assert delivered.valid == {old, delivered.key}


def test_a_new_key_that_is_neither_delivered_nor_revoked_is_revoked_by_the_next_update(
    delivered: KeyScenario, store: Store
) -> None:
    old = delivered.key
    delivered.wait(91 * DAY)
    store.refuses = True
    delivered.run({"DELETE ": "refused"})
    assert "It also could not be revoked" in delivered.error
    assert delivered.key == old, "the key that the store has"
    assert len(delivered.valid) == 2
    store.refuses = False
    delivered.run()
    assert not delivered.error
    assert delivered.valid == {old, delivered.key}
    assert delivered.outputs["delivered_version"] == "v2"
    assert "to_revoke" not in delivered.outputs["__managed"]


def test_a_new_key_that_the_store_may_have_works_until_the_next_one_is_delivered(
    delivered: KeyScenario, store: Store
) -> None:
    old = delivered.key
    delivered.wait(91 * DAY)
    store.loses_responses = True
    delivered.run()
    assert "The key was not revoked, because secret 'ci' may have it" in delivered.error
    assert delivered.key == old
    assert len(delivered.valid) == 2
    store.loses_responses = False
    delivered.run()
    assert not delivered.error
    assert delivered.writes == ["check", "POST", "deliver", "DELETE"]
    assert delivered.valid == {old, delivered.key}
    assert delivered.outputs["delivered_version"] == "v3"
    assert "lost_keys" not in delivered.outputs["__managed"]


def test_of_several_old_keys_only_those_whose_overlap_is_over_are_revoked(scenario: KeyScenario) -> None:
    scenario.inputs = {**(scenario.inputs or {}), "overlap": "200d"}
    first, second = rotated(scenario), rotated(scenario)
    assert set(scenario.retiring) == {first, second}
    scenario.wait(120 * DAY)
    scenario.run()
    assert not scenario.error
    assert first not in scenario.valid
    assert second in scenario.valid
    assert second in scenario.retiring
    assert first not in scenario.retiring


def test_a_rotation_that_is_refused_changes_nothing(scenario: KeyScenario) -> None:
    scenario.wait(91 * DAY)
    before = dict(scenario.outputs)
    scenario.run({scenario.mint: "refused"})
    assert scenario.error
    assert scenario.outputs == before
