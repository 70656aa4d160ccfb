"""A key that is due is rotated, the old one works until its overlap is over, and no valid key is forgotten."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import AdminApiKey, ProjectServiceAccountApiKey
from pulumi_openai_admin.delivery.destination import DeliveryError, Destination, Presence
from pulumi_openai_admin.handlers.handler import PendingAction, Remote, Wanted
from pulumi_openai_admin.handlers.keys import delivered_keys
from pulumi_openai_admin.handlers.keys.rotation import Schedule
from pulumi_openai_admin.http import clock as clock_module
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.lifecycle import state
from pulumi_openai_admin.program.retiring_keys import RETIRING_API_KEYS
from pulumi_openai_admin.remedies import NOTE
from tests.unit.fakes import KEY, NOW, through_pulumi, warnings
from tests.unit.life import Life
from tests.unit.organization_keys import FakeOrganization

if TYPE_CHECKING:
    import requests_mock

    from pulumi_openai_admin.config import Settings
    from tests.unit.fakes import Clock

DAY = 86_400
SCHEDULE = {"rotate_every": "90d", "overlap": "24h"}


@dataclass
class KeyLife(Life):
    """The life of a key, and which keys can be used."""

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
def life(request: pytest.FixtureRequest, organization: FakeOrganization, requestor: Requestor) -> KeyLife:
    """A key that an earlier run created."""
    if request.param == "organization":
        life = KeyLife(AdminApiKey, organization, requestor, inputs={"name": "ci", **SCHEDULE})
    else:
        account = organization.add_account("ci")
        inputs = {"project_id": "proj_1", "service_account_id": account, "name": "ci", **SCHEDULE}
        life = KeyLife(ProjectServiceAccountApiKey, organization, requestor, inputs=inputs)
    life.run()
    assert not life.error
    return life


def rotated(life: KeyLife) -> str:
    """Rotate the key once; the id of the old one."""
    old = life.key
    life.wait(91 * DAY)
    life.run()
    assert not life.error
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


def test_nothing_is_said_while_nothing_is_due(life: KeyLife) -> None:
    life.wait(90 * DAY - 1)
    assert life.due() == []
    life.wait(1)
    life.run()
    life.wait(DAY - 1)
    assert life.due() == []


def test_a_rotation_is_announced_with_its_reason(life: KeyLife) -> None:
    noun = "Admin API key" if life.resource is AdminApiKey else "API key"
    life.wait(93 * DAY)
    what = f"{noun} {life.key} was created 93 days ago and is rotated every 90 days"
    assert life.due() == [PendingAction(what, "create a new key. The current key is revoked 24 hours later")]
    assert life.due(overlap=None) == [PendingAction(what, "replace it", replaces="rotate_every")]


def test_a_revocation_is_announced_with_its_time(life: KeyLife) -> None:
    old = rotated(life)
    life.wait(DAY)
    noun = "Admin API key" if life.resource is AdminApiKey else "API key"
    what = f"The overlap of the old {noun} {old} ended at 2027-04-17 08:00 UTC"
    assert life.due() == [PendingAction(what, "revoke it", renews=False)]


# In which order


def test_the_old_key_works_until_an_update_after_the_overlap(life: KeyLife, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(NOTE)
    first, resource_id = life.key, life.id
    value = life.outputs["api_key"]
    life.wait(91 * DAY)
    life.run()
    assert life.writes == ["POST"]
    second = life.key
    assert second != first
    assert life.outputs["api_key"] != value
    assert life.outputs["created_at"] == life.openai.now
    assert life.valid == {first, second}
    assert life.retiring == {first: life.openai.now + DAY}
    (note,) = [record for record in caplog.records if record.levelno == NOTE]
    assert note.getMessage() == (
        f"The old {life.resource.handler.key_noun} {first} still works. "
        "The first update after 2027-04-17 08:00 UTC revokes it."
    )
    assert warnings(caplog) == []
    life.id = resource_id  # no update can change it
    life.wait(DAY - 1)
    life.run()
    assert life.writes == []
    assert life.valid == {first, second}
    life.wait(1)
    life.run()
    assert life.writes == ["DELETE"]
    assert life.valid == {second} == {life.key}
    assert life.retiring == ""
    assert "retiring" not in life.outputs["__managed"]
    assert life.due() == []


def test_a_key_is_rotated_again_and_again(life: KeyLife) -> None:
    keys = [life.key]
    for _ in range(3):
        rotated(life)
        keys.append(life.key)
        assert life.valid == set(keys[-2:])
        assert list(life.retiring) == keys[-2:-1]
        life.wait(DAY)
        life.run()
    assert len(set(keys)) == 4
    assert life.valid == {life.key} == {keys[-1]}


def test_without_an_overlap_no_update_rotates(life: KeyLife) -> None:
    first = life.key
    life.wait(91 * DAY)
    life.run(overlap=None)
    assert life.writes == []
    assert life.key == first


def test_another_overlap_holds_for_old_keys_too(life: KeyLife) -> None:
    old = rotated(life)
    life.run(overlap="48h")
    assert life.retiring == {old: life.openai.now + 2 * DAY}
    life.wait(DAY)
    life.run(overlap="48h")
    assert old in life.valid
    life.run(overlap=None)
    assert life.valid == {life.key}


def test_a_change_in_an_overlap_is_made_to_the_new_key(organization: FakeOrganization, requestor: Requestor) -> None:
    account = organization.add_account("ci")
    inputs = {"project_id": "proj_1", "service_account_id": account, "expires_in_seconds": 200 * DAY, **SCHEDULE}
    life = KeyLife(ProjectServiceAccountApiKey, organization, requestor, inputs=inputs)
    life.run()
    rotated(life)
    life.run(expires_in_seconds=300 * DAY)
    assert [path for path, _ in organization.asked("POST")] == [f"/organization/projects/proj_1/api_keys/{life.key}"]


def test_openais_clock_decides_although_this_machines_is_ahead(life: KeyLife, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: NOW + 1000.0 * DAY)
    life.requestor.clock = clock_module.ServerClock(lambda: 0)  # a new process, which no reply has told the time
    life.requestor._wire._clock = life.requestor.clock
    life.run()
    assert life.writes == []


# What goes wrong


def test_a_lost_reply_makes_nothing_twice_and_no_key_is_forgotten(life: KeyLife) -> None:
    first = life.key
    life.wait(91 * DAY)
    life.run({life.mint: "made"})
    assert re.search(r"The (Admin )?API keys (key_\d+, ){4}key_\d+ were created, and revoked because ", life.error)
    assert life.key == first
    assert life.valid == {first}
    assert "lost_keys" in life.outputs["__managed"]
    life.run()
    assert not life.error
    assert life.valid == {first, life.key}
    assert len(life.valid) == 2
    assert "lost_keys" not in life.outputs["__managed"]


def test_a_key_whose_reply_was_lost_once_is_revoked_at_once(life: KeyLife) -> None:
    first = life.key
    life.wait(91 * DAY)
    life.run({life.mint: "made once"})
    assert not life.error
    assert life.writes == ["POST", "DELETE", "POST"]
    assert life.valid == {first, life.key}


def test_a_key_that_was_made_late_is_revoked_by_the_next_run(life: KeyLife) -> None:
    first = life.key
    life.wait(91 * DAY)
    life.run({life.mint: "made late"})
    assert life.error
    life.run()
    assert life.valid == {first, life.key}


def test_a_refusal_keeps_the_old_key_alone(life: KeyLife) -> None:
    first = life.key
    life.wait(91 * DAY)
    life.run({life.mint: "refused"})
    assert life.error
    assert life.valid == {first} == {life.key}
    assert life.retiring == ""


@pytest.mark.parametrize("fate", ["made", "not made", "refused"])
def test_an_old_key_that_could_not_be_revoked_is_not_forgotten(life: KeyLife, fate: str) -> None:
    old = rotated(life)
    life.wait(DAY)
    life.run({"DELETE ": fate})
    assert life.error
    assert old in life.retiring
    life.run()
    assert not life.error
    assert life.valid == {life.key}
    assert life.retiring == ""


def test_an_old_key_that_is_gone_already_is_done(life: KeyLife) -> None:
    old = rotated(life)
    life.wait(DAY)
    openai: Any = life.openai
    (openai.admin_keys if life.resource is AdminApiKey else openai.keys).pop(old)
    life.run()
    assert not life.error
    assert life.retiring == ""


def test_a_key_that_ended_in_an_overlap_stays_in_the_state_for_the_old_one(life: KeyLife) -> None:
    first = rotated(life)
    second = life.key
    openai: Any = life.openai
    keys = openai.admin_keys if life.resource is AdminApiKey else openai.keys
    life.wait(3600)
    del keys[second]
    for _ in range(2):
        life.refresh({})
        assert life.id
        (due,) = life.due()
        assert second in due.what
        assert due.purpose == "create another key"
    life.run()
    assert not life.error
    assert life.valid == {first, life.key}
    assert list(life.retiring) == [first], "the dead one is none"
    assert life.due() == []


def test_a_key_that_shows_again_is_no_longer_dead(life: KeyLife) -> None:
    rotated(life)
    openai: Any = life.openai
    keys = openai.admin_keys if life.resource is AdminApiKey else openai.keys
    life.wait(3600)
    row = keys.pop(life.key)
    life.refresh({})
    keys[life.key] = row
    life.refresh({})
    assert life.due() == []
    life.run()
    assert life.writes == []


def test_without_old_keys_a_key_that_ended_is_gone(life: KeyLife) -> None:
    openai: Any = life.openai
    life.wait(3600)
    (openai.admin_keys if life.resource is AdminApiKey else openai.keys).clear()
    life.refresh({})
    assert not life.id


def test_destroy_revokes_the_old_keys_too(life: KeyLife) -> None:
    rotated(life)
    life.destroy({})
    assert not life.error
    assert life.valid == set()


def test_destroy_revokes_what_a_lost_reply_left(life: KeyLife) -> None:
    life.wait(91 * DAY)
    life.run({life.mint: "made late"})
    life.destroy({})
    assert not life.error
    assert life.valid == set()


def test_the_key_of_the_run_is_not_revoked_when_its_overlap_ends(
    organization: FakeOrganization, settings: Settings, clock: Clock
) -> None:
    used = KEY[: -len("0001")] + "0001"  # what the first key shows of itself
    requestor = Requestor(replace(settings, admin_api_key=used), waiting=clock)
    life = KeyLife(AdminApiKey, organization, requestor, inputs={"name": "ci", **SCHEDULE})
    life.run()
    first = rotated(life)
    life.wait(DAY)
    life.run()
    assert life.error.startswith(f"Admin API key {first} was not revoked: this run uses it. Configure a different")
    assert life.valid == {first, life.key}
    assert first in life.retiring
    life.requestor = Requestor(settings, waiting=clock)
    life.requestor.clock.set(life.openai.now)
    life.run()
    assert not life.error
    assert life.valid == {life.key}


@pytest.mark.parametrize("life", ["account"], indirect=True)  # the organization of others is proved in `lifecycle`
def test_another_organizations_key_forgets_no_old_key(life: KeyLife) -> None:
    old = rotated(life)
    life.wait(DAY)
    openai: Any = life.openai
    before = openai.project
    openai.project = {"id": "proj_other", "status": "active"}
    hidden, openai.admin_keys = openai.admin_keys, {}
    life.run()
    assert "belongs to another organization" in life.error
    assert old in life.retiring
    openai.project, openai.admin_keys = before, hidden
    life.run()
    assert life.valid == {life.key}


# Together with a secret store


@dataclass
class Store(Destination):
    """A secret store that notes its versions, and refuses to take a key where a test says so."""

    openai: FakeOrganization
    versions: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    refuses: bool = False
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
def delivered(store: Store, life: KeyLife) -> KeyLife:  # noqa: ARG001 - it takes the keys
    """A key in a secret store, as an earlier run delivered it."""
    life.destroy({})
    life.id, life.inputs = "", {**(life.inputs or {}), "deliver_to": {"command": {"arguments": ["op"]}}}
    life.run()
    assert not life.error
    return life


def test_a_scheduled_rotation_delivers_the_new_key_while_the_old_one_works(delivered: KeyLife, store: Store) -> None:
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


def test_no_key_is_created_that_could_not_be_delivered(delivered: KeyLife, store: Store) -> None:
    old = delivered.key
    delivered.wait(91 * DAY)
    store.is_closed = True
    delivered.run()
    assert "The store is closed" in delivered.error
    assert delivered.writes == ["check"]
    assert delivered.valid == {old} == {delivered.key}


def test_a_new_key_that_is_not_delivered_is_revoked_and_the_old_one_stays(delivered: KeyLife, store: Store) -> None:
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
    delivered: KeyLife, store: Store
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
    assert "lost_keys" not in delivered.outputs["__managed"]


def test_of_several_old_keys_only_those_whose_overlap_is_over_are_revoked(life: KeyLife) -> None:
    life.inputs = {**(life.inputs or {}), "overlap": "200d"}
    first, second = rotated(life), rotated(life)
    assert set(life.retiring) == {first, second}
    life.wait(120 * DAY)
    life.run()
    assert not life.error
    assert first not in life.valid
    assert second in life.valid
    assert second in life.retiring
    assert first not in life.retiring


def test_a_rotation_that_is_refused_changes_nothing(life: KeyLife) -> None:
    life.wait(91 * DAY)
    before = dict(life.outputs)
    life.run({life.mint: "refused"})
    assert life.error
    assert life.outputs == before
