from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers import baseline
from pulumi_openai_admin.handlers.baseline import Unrestored
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.lost_changes import LostChanges
from pulumi_openai_admin.handlers.shapes.setting import OptionalSetting, Setting
from tests.unit.fakes import PROJECT, Log, error_body, told
from tests.unit.handlers.fake_settings import FakeSettings, next_run

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

OF_PROJECT = Setting(
    "/organization/projects/{project_id}/setting",
    noun="setting",
    settable=("kind", "color"),
    wire_names={"kind": "type"},
    sent_as={"kind": "sent_type"},
    constants={"version": 1},
)
EVERY = replace(OF_PROJECT, sends_all=True, sent_as=OF_PROJECT.wire_names, constants={})
LOST = requests.exceptions.ReadTimeout("slow")
FOUND = {"type": "old", "color": "red", "other": 1}
OPTIONAL = OptionalSetting(
    "/organization/projects/{project_id}/optional", noun="models", settable=("mode", "ids"), constants={"version": 1}
)
AT = f"{PROJECT}/optional"
OURS = {"mode": "allow", "ids": ["a", "b"]}


@pytest.fixture
def openai(requests_mock: Any) -> FakeSettings:
    return FakeSettings(requests_mock, settings={f"{PROJECT}/setting": dict(FOUND)})


@pytest.fixture
def live(openai: FakeSettings) -> dict[str, Any]:
    """The project's setting."""
    return openai.settings[f"{PROJECT}/setting"]


def new() -> Remote:
    return Remote({"project_id": "proj_1"}, unordered=frozenset({"ids"}))


def created(client: Client, handler: Setting = OF_PROJECT, **settings: Any) -> Remote:
    remote = new()
    handler.create(client, remote, Wanted({}, settings))
    return remote


def updated(client: Client, remote: Remote, handler: Setting = OF_PROJECT, **settings: Any) -> Remote:
    handler.update(next_run(client, remote), remote, Wanted({}, settings))
    return remote


def deleted(client: Client, remote: Remote, handler: Setting = OF_PROJECT) -> None:
    handler.delete(next_run(client, remote), remote)


@pytest.mark.parametrize(("value", "stays"), [("new", "new instead of old"), ("old", "old")])
def test_a_setting_that_another_resource_of_the_run_manages_is_left(
    client: Client, live: dict[str, Any], caplog: Log, value: str, stays: str
) -> None:
    remote, run = created(client, kind="new"), type(client)(client.requestor)
    OF_PROJECT.create(run, new(), Wanted({}, {"kind": value}))
    OF_PROJECT.delete(run, remote)
    assert live["type"] == value
    assert told(caplog) == (
        f"Could not fully restore setting of project proj_1: kind stays at {stays} (another resource manages it "
        "now). If you only renamed the resource, add an alias with its old name to keep the original values."
    )


@pytest.mark.parametrize(
    ("there", "found"),
    [({"type": "own"}, [""]), ({"type": "usual"}, []), ({"type": None}, []), ({}, []), ({"color": "red"}, [""])],
)
def test_a_setting_is_declared_if_it_has_a_value_of_its_own(
    client: Client, openai: FakeSettings, there: dict[str, Any], found: list[str]
) -> None:
    handler = replace(OF_PROJECT, defaults={"kind": "usual"})
    openai.settings[f"{PROJECT}/setting"] = there
    assert handler.ids(client, new()) == found


def test_a_refused_restoration_warns_and_the_others_are_restored(
    client: Client, openai: FakeSettings, live: dict[str, Any], caplog: Log
) -> None:
    remote = created(client, EVERY, kind="new", color="blue")
    refused = error_body("The organization enables this for all projects.")
    openai.surprise("POST", "setting$", (409, refused), times=3)  # for both
    openai.surprise("POST", "setting$", (409, refused), times=3)  # for the color, which is the first in any state
    deleted(client, remote, EVERY)
    assert live == {**FOUND, "color": "blue"}
    assert told(caplog).startswith(
        "Could not fully restore setting of project proj_1: color stays at blue instead of red (OpenAI refused red: "
        "The organization enables this for all projects; status 409"
    )


def test_a_value_that_did_not_take_is_remembered(client: Client, openai: FakeSettings, live: dict[str, Any]) -> None:
    openai.surprise("POST", "setting$", (200, FOUND), acts=lambda: live.update(type="new"))
    remote, what = new(), "OpenAI accepted the change to setting of project proj_1 but did not apply it: "
    with pytest.raises(errors.UpdateNotAppliedError, match=f"{what}kind is old, expected new, color is red, exp"):
        OF_PROJECT.create(client, remote, Wanted({}, {"kind": "new", "color": "blue"}))
    assert remote.step.has_changed
    assert remote.attributes["baseline"] == {"kind": "old", "color": "red"}
    deleted(client, remote)
    assert live.items() >= FOUND.items()


@pytest.mark.parametrize(
    ("seconds", "next_", "left"),
    [(0, "third", "red"), (0, "first", "red"), (62, "third", "second")],
    ids=["late", "late, after nothing was to change", "of somebody else"],
)
def test_a_lost_change_may_arrive_after_the_next_one(
    client: Client, openai: FakeSettings, live: dict[str, Any], seconds: int, next_: str, left: str
) -> None:
    remote = created(client, color="first")
    openai.surprise("POST", "setting$", LOST, times=99)
    with pytest.raises(errors.AdminError):
        updated(client, remote, color="second")
    openai.surprises.clear()
    remote.memory[LostChanges].lost_at = int(openai.now)
    openai.now += seconds
    updated(client, remote, color=next_)
    live["color"] = "second"
    deleted(client, remote)
    assert live["color"] == left


@pytest.mark.parametrize("handler", [OF_PROJECT, EVERY], ids=["sends what differs", "sends all"])
def test_a_change_that_sends_all_waits_until_a_lost_one_can_no_longer_act(
    client: Client, openai: FakeSettings, live: dict[str, Any], handler: Setting
) -> None:
    remote = created(client, handler, kind="new")
    openai.calls.clear()
    openai.surprise("POST", "setting$", LOST)
    with client.operation():
        updated(client, remote, handler, color="blue")  # the lost request restores the kind
    reads_again = ["GET"] if handler.sends_all else []
    assert [method for method, _, _ in openai.calls] == ["GET", "POST", "POST", *reads_again, "POST"]
    assert live.items() >= {**FOUND, "color": "blue"}.items()


@pytest.mark.parametrize(
    ("handler", "values", "is_secret", "change"),
    [
        (
            OF_PROJECT,
            ("blue", "pink", "grey"),
            False,
            "color was changed outside Pulumi from blue to pink, and is set to grey",
        ),
        (OF_PROJECT, ("blue", "pink", "grey"), True, "from [secret] to [secret], and is set to [secret]"),
        (OF_PROJECT, ("blue", "pink", "pink"), False, ""),
        (OF_PROJECT, ("blue", "blue", "grey"), False, ""),
        (
            OPTIONAL,
            ("a", "b", "c"),
            False,
            "setting was changed outside Pulumi from mode a to mode b, and is set to mode c",
        ),
    ],
)
def test_an_update_tells_which_values_of_others_it_overwrites(
    client: Client,
    openai: FakeSettings,
    caplog: Log,
    handler: Setting,
    values: tuple[str, str, str],
    is_secret: bool,
    change: str,
) -> None:
    name = "mode" if handler is OPTIONAL else "color"
    ours, theirs, next_ = ({name: value} for value in values)
    remote = created(client, handler, **ours)
    openai.settings[handler.path_of(remote)].update(theirs)
    remote.step.secret = [name] if is_secret else ()
    for _ in range(2):
        updated(client, remote, handler, **next_)
    then = ". If another program manages it, remove it from one of them."
    assert [text.endswith(f"{change}{then}") for text in caplog.messages] == [True] * bool(change)


def test_undo_writes_what_the_run_found(client: Client, openai: FakeSettings, live: dict[str, Any]) -> None:
    remote = created(client, kind="new")
    run = next_run(client, remote)
    restored = (200, {**FOUND, "type": "old"})
    openai.surprise("POST", "setting$", restored, acts=True)
    openai.surprise("POST", "setting$", (400, error_body("No")))
    with pytest.raises(errors.BadRequestError):
        OF_PROJECT.update(run, remote, Wanted({}, {"color": "blue"}))  # the type is restored, and the color is refused
    assert live.items() >= FOUND.items()
    assert OF_PROJECT.undo(run, remote)
    assert live.items() >= {**FOUND, "type": "new"}.items()
    assert openai.asked("POST")[-1][1] == {"version": 1, "sent_type": "new"}


TOKENS = Unrestored("max_tokens_per_1_minute", 500, "somebody else changed it")
REQUESTS = Unrestored("max_requests_per_1_minute", 77, "it had no value before")


def test_objects_with_the_same_fields_and_reasons_are_named_together() -> None:
    assert baseline.of_many({"o3": [REQUESTS], "gpt-4o": [TOKENS, REQUESTS], "gpt-4.1": [REQUESTS]}) == (
        "gpt-4.1, o3: max_requests_per_1_minute stays at 77 (it had no value before); "
        "gpt-4o: max_tokens_per_1_minute stays at 500 (somebody else changed it); "
        "max_requests_per_1_minute stays at 77 (it had no value before)"
    )


def now(openai: FakeSettings) -> dict[str, Any] | None:
    found = openai.settings.get(AT)
    return found and {"mode": found["mode"], "ids": sorted(found["ids"])}


def test_what_others_have_changed_since_is_left(client: Client, openai: FakeSettings, caplog: Log) -> None:
    remote = created(client, OPTIONAL, **OURS)
    openai.settings[AT] = {"mode": "deny", "ids": ["z", "y"]}
    deleted(client, remote, OPTIONAL)
    assert now(openai) == {"mode": "deny", "ids": ["y", "z"]}
    assert told(caplog) == (
        'Could not fully restore models of project proj_1: setting stays at mode deny, ids ["y", "z"] instead of none '
        '(changed outside Pulumi after it was set to ids ["a", "b"], mode allow).'
    )


def test_a_setting_that_somebody_deleted_is_gone_and_set_again(client: Client, openai: FakeSettings) -> None:
    remote = created(client, OPTIONAL, **OURS)
    del openai.settings[AT]
    with pytest.raises(errors.ResourceGoneError, match="models of project proj_1 no longer exists at OpenAI") as told:
        OPTIONAL.read(next_run(client, remote), remote)
    assert told.value.advice == "Refresh the state, then update the resources. The next update sets it again."
    updated(client, remote, OPTIONAL, **OURS)
    assert now(openai) == OURS


def test_a_deletion_that_somebody_was_faster_with_is_done(client: Client, openai: FakeSettings) -> None:
    remote = created(client, OPTIONAL, **OURS)
    openai.surprise("DELETE", "/optional$", LOST, acts=True)
    deleted(client, remote, OPTIONAL)
    assert now(openai) is None


def test_what_a_lost_first_change_has_set_ends_with_the_resource(client: Client, openai: FakeSettings) -> None:
    remote = new()
    openai.surprise("POST", "/optional$", LOST, times=99, acts=True)
    with pytest.raises(errors.ResponseLostError):
        OPTIONAL.create(client, remote, Wanted({}, OURS))
    assert now(openai) == OURS
    assert remote.memory[baseline.Writes].written == {}, "no null, which the engine would drop"
    deleted(client, remote, OPTIONAL)
    assert now(openai) is None


def test_what_a_lost_change_has_sent_is_named_if_others_have_changed_it_since(
    client: Client, openai: FakeSettings, live: dict[str, Any], caplog: Log
) -> None:
    remote = created(client, color="first")
    openai.surprise("POST", "setting$", LOST, times=99)
    with pytest.raises(errors.ResponseLostError):
        updated(client, remote, color="second")
    live["color"] = "by hand"
    caplog.clear()
    deleted(client, remote)
    assert told(caplog).endswith("stays at by hand instead of red (changed outside Pulumi after it was set to second).")


def test_a_value_of_others_that_the_program_then_sets_is_restored_although_another_change_is_lost(
    client: Client, openai: FakeSettings, live: dict[str, Any]
) -> None:
    remote = created(client, kind="new", color="first")
    live["color"] = "second"
    openai.surprise("POST", "setting$", LOST, times=99)
    with pytest.raises(errors.ResponseLostError):
        updated(client, remote, kind="newer", color="second")
    openai.surprises.clear()
    deleted(client, remote)
    assert live.items() >= FOUND.items()
