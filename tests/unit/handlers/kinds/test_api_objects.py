"""Objects of any collection, and any setting: what the program says takes the place of a declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import ApiObject, ApiSetting, errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.schema.shapes import UNKNOWN
from tests.unit.fakes import NOW, PROJECT, Log, error_body, listed, told, warnings
from tests.unit.handlers.fake_settings import FakeSettings, next_run

if TYPE_CHECKING:
    import requests_mock

    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

HANDLER = ApiObject.handler
PATH = "/organization/things"
OPTIONS = {"recognized_by": ["name"], "settable": ["name", "options"]}
SHOWN = {"id": "thing_1", "object": "thing", "name": "shop", "created_at": NOW}
PLAIN = {"name": "shop"}


def wanted(properties: dict[str, Any], **options: Any) -> Wanted:
    return Wanted({}, {"properties": properties}, {**OPTIONS, **options})


def made(properties: dict[str, Any], shown: dict[str, Any] | None = None, **attributes: Any) -> Remote:
    """An object in the state, with the options that its program set."""
    object_ = SHOWN if shown is None else shown
    document = {"id": "thing_1", "properties": properties, "object": object_, "secret_values": {}, **attributes}
    remote = Remote({"path": PATH}, "thing_1", document)
    remote.options = OPTIONS
    return remote


@pytest.fixture
def _empty(openai: FakeOpenAI) -> None:
    openai.surprise("GET", "/things$", listed(), times=99)


@pytest.mark.parametrize(
    ("properties", "replaces"),
    [
        ({"name": "web", "kind": "small"}, False),
        ({"name": "shop"}, False),  # a property that is removed stays as it is
        ({"kind": "large"}, True),
        ({"kind": "small", "new": 1}, True),
        ({"kind": "small", "shown": 7}, False),  # OpenAI has the value already
    ],
)
def test_another_value_of_what_is_not_settable_replaces(properties: dict[str, Any], replaces: bool) -> None:
    remote = made({"name": "shop", "kind": "small"}, {**SHOWN, "kind": "small", "shown": 7})
    assert HANDLER.needs_replacement(remote, wanted(properties), "properties") is replaces
    assert not HANDLER.needs_replacement(remote, wanted(properties), "identity")


@pytest.mark.parametrize(("known", "replaces"), [({"name": "shop"}, False), ({"name": "shop", "kind": "small"}, True)])
def test_unknown_properties_may_replace_what_is_not_settable(known: dict[str, Any], replaces: bool) -> None:
    unknown = Wanted({}, {"properties": UNKNOWN}, OPTIONS)
    assert HANDLER.needs_replacement(made(known), unknown, "properties") is replaces
    (claim,) = SETTINGS.claims({"path": SETTING_PATH}, unknown, {})
    assert (claim.place, claim.properties) == (SETTING_PATH, frozenset())


EMAIL, SENT = {"email": "ada@example.com"}, {"name": "shop", "email": "Ada@example.com"}
IN_STATE = {"normalized": {"email": {"sent": "Ada@example.com", "shown": "ada@example.com"}}}


@pytest.mark.usefixtures("_empty")
def test_a_value_shown_in_another_form_is_no_difference(client: Client, openai: FakeOpenAI, caplog: Log) -> None:
    openai.surprise("POST", "/things$", (200, {**SHOWN, **EMAIL}))
    remote = Remote({"path": PATH})
    HANDLER.create(client, remote, wanted(SENT))
    assert warnings(caplog) == [
        "Thing 'shop' (thing_1): OpenAI shows another value of email than the program sets. The output `object` has it."
    ]
    assert remote.attributes["properties"] == SENT
    assert remote.attributes["object"] == {**SHOWN, **EMAIL}
    assert remote.memory.to_state()["normalized"] == IN_STATE["normalized"]
    assert not HANDLER.needs_replacement(remote, wanted(SENT), "properties")
    assert HANDLER.needs_replacement(remote, wanted({**SENT, "email": "eve@example.com"}), "properties")
    remote.options = OPTIONS
    openai.surprise("GET", "thing_1$", (200, {**SHOWN, **EMAIL}))
    HANDLER.read(client, remote)
    assert remote.attributes["properties"] == SENT


@pytest.mark.parametrize(
    ("shown", "sends_again"), [("red", False), ("RED ", True)], ids=["in another form", "not changed"]
)
def test_a_change_is_sent_again_only_if_openai_changed_nothing(
    client: Client, openai: FakeOpenAI, caplog: Log, shown: str, sends_again: bool
) -> None:
    remote = made({"options": {"color": "RED "}}, {**SHOWN, "options": {"color": "RED ", "size": 1}})
    openai.surprise("POST", "thing_1$", (200, {**SHOWN, "options": {"color": shown, "size": 1}}), times=9)
    for _ in range(2):
        HANDLER.update(client, remote, wanted({"options": {"color": "Red"}}))
    assert len(openai.asked("POST")) == len(warnings(caplog)) == 1 + sends_again
    in_state = {"options": {"color": "RED " if sends_again else "Red"}}
    assert remote.attributes["properties"] == in_state


@pytest.mark.usefixtures("_empty")
def test_secret_values_are_apart_and_stay_as_they_were_shown_first(client: Client, openai: FakeOpenAI) -> None:
    access = {"value": "abc", "expires": 1}
    shown = {**SHOWN, "access": access, "signing_secret": "s", "keys": ["sk-1"], "max_token": 5, "code": "named"}
    openai.surprise("POST", "/things$", (200, shown))
    remote = Remote({"path": PATH})
    options = {"secrets": ["code"]}
    HANDLER.create(client, remote, wanted(PLAIN, **options))
    secrets = {"access.value": "abc", "signing_secret": "s", "keys": ["sk-1"], "code": "named"}
    assert remote.attributes["secret_values"] == secrets
    assert remote.attributes["object"] == {**SHOWN, "access": {"expires": 1}, "max_token": 5}
    remote.options = {**OPTIONS, **options}
    openai.surprise("GET", "thing_1$", (200, {**SHOWN, "access": {"value": "…c"}, "signing_secret": None}))
    HANDLER.read(client, remote)
    assert remote.attributes["secret_values"] == secrets
    assert remote.attributes["object"]["access"] == {}


def test_messages_show_no_value_of_secret_properties(client: Client, openai: FakeOpenAI) -> None:
    remote = Remote({"path": PATH})
    remote.step.secret = ("properties",)
    openai.surprise("GET", "/things$", listed(SHOWN), times=9)
    openai.surprise("POST", "/things$", (400, error_body("No")))
    with pytest.raises(errors.BadRequestError, match=r"create thing '\[secret\]' in the organization"):
        HANDLER.create(client, remote, wanted(PLAIN))
    remote = made(PLAIN)
    remote.step.secret = ("properties",)
    openai.surprise("POST", "thing_1$", (400, error_body("No")))
    with pytest.raises(errors.BadRequestError, match="Could not set name of thing thing_1: "):
        HANDLER.update(client, remote, wanted({"name": "web"}))


def test_an_id_with_a_wrong_path_sends_nothing(client: Client, openai: FakeOpenAI) -> None:
    for path in ("/organization/{x}", "things", "/organization/../admin"):
        with pytest.raises(errors.ConfigurationError, match="The path "):
            HANDLER.read(client, Remote({"path": path}, "thing_1"))
    assert openai.calls == []


def test_an_import_declares_what_a_program_may_set(client: Client, openai: FakeOpenAI) -> None:
    shown = {**SHOWN, "options": {"size": 1}, "value": "hidden", "note": None}
    openai.surprise("GET", "thing_1$", (200, shown), times=2)
    declared = HANDLER.declared(client, Remote({"path": PATH}, "thing_1"))
    assert declared["properties"] == {"name": "shop", "options": {"size": 1}}
    remote = Remote({"path": PATH}, "thing_1")
    HANDLER.adopt(client, remote, Wanted({}, {"properties": PLAIN}))
    assert remote.attributes["properties"] == PLAIN
    assert remote.attributes["secret_values"] == {"value": "hidden"}
    assert {method for method, _, _ in openai.calls} == {"GET"}
    assert HANDLER.ids(client, remote) == []
    assert not HANDLER.undo(client, remote)


def test_a_preview_compares_what_is_settable(client: Client, openai: FakeOpenAI) -> None:
    openai.surprise("GET", "/things$", listed({**SHOWN, "name": "by hand"}))
    found = HANDLER.observe(client, made(PLAIN), wanted(PLAIN))
    (value,) = found.values
    assert (value.property, value.label, value.known, value.now) == ("properties", "name", "shop", "by hand")
    assert "does not know the path" in HANDLER.creation_note(wanted(PLAIN))


SETTINGS = ApiSetting.handler
SETTING_PATH = f"{PROJECT}/setting"
LIMITS = {"daily": 10, "hourly": 1}


@pytest.fixture
def fake(requests_mock: requests_mock.Mocker) -> FakeSettings:
    return FakeSettings(
        requests_mock, settings={SETTING_PATH: {"mode": "off", "limits": LIMITS, "signing_secret": "s"}}
    )


def set_to(client: Client, **properties: Any) -> Remote:
    remote = Remote({"path": SETTING_PATH})
    SETTINGS.create(client, remote, Wanted({}, {"properties": properties}))
    return remote


def test_a_setting_that_no_state_describes_is_not_deleted(client: Client, fake: FakeSettings) -> None:
    remote = set_to(client, mode="off")
    with pytest.raises(errors.ConfigurationError, match="can't be deleted, and no state has the values from before"):
        SETTINGS.delete_found(next_run(client, remote), remote)
    assert fake.asked("POST") == []


def test_an_undo_writes_what_was_found(client: Client, fake: FakeSettings) -> None:
    remote = set_to(client, mode="audit")
    assert SETTINGS.undo(client, remote)
    assert fake.settings[SETTING_PATH]["mode"] == "off"


def test_a_warning_shows_no_value_of_secret_properties(client: Client, fake: FakeSettings, caplog: Log) -> None:
    remote = set_to(client, mode="audit")
    fake.settings[SETTING_PATH]["mode"] = "by hand"
    remote.step.secret = ("properties",)
    SETTINGS.delete(next_run(client, remote), remote)
    (warning,) = warnings(caplog)
    assert "mode stays at [secret] instead of [secret]" in warning
    assert "audit" not in warning
    assert "by hand" not in warning


THINGS = "/organization/experimental_thing_settings"


def test_each_value_in_a_nested_mapping_is_restored_by_itself(client: Client, openai: FakeOpenAI, caplog: Log) -> None:
    remote = Remote({"path": THINGS})
    SETTINGS.create(client, remote, Wanted({}, {"properties": {"limits": {"daily": 5, "hourly": 2}}}))
    assert remote.attributes["baseline"] == {"limits": LIMITS}
    SETTINGS.update(next_run(client, remote), remote, Wanted({}, {"properties": {"limits": {"daily": 5}}}))
    assert openai.others("GET", THINGS)["limits"] == {"daily": 5, "hourly": 1}
    assert remote.attributes["baseline"] == {"limits": {"daily": 10}}
    openai.others("POST", THINGS, {"limits": {"daily": 5, "hourly": 7}})
    SETTINGS.delete(next_run(client, remote), remote)
    assert openai.others("GET", THINGS)["limits"] == {"daily": 10, "hourly": 7}
    assert warnings(caplog) == []


def test_a_nested_value_that_another_resource_manages_is_left(client: Client, openai: FakeOpenAI, caplog: Log) -> None:
    ours, theirs, run = Remote({"path": THINGS}), Remote({"path": THINGS}), type(client)(client.requestor)
    SETTINGS.create(client, ours, Wanted({}, {"properties": {"limits": {"daily": 5, "hourly": 2}}}))
    SETTINGS.create(run, theirs, Wanted({}, {"properties": {"limits": {"daily": 5}}}))
    SETTINGS.delete(run, ours)
    assert openai.others("GET", THINGS)["limits"] == {"daily": 5, "hourly": 1}
    assert "limits.daily stays at 5 instead of 10 (another resource manages it now)" in told(caplog)


@pytest.mark.parametrize(
    ("before", "ours"),
    [
        ({"gpt-4.1": 1}, {"gpt-4.1": 2}),
        (LIMITS, "none"),
        ("none", LIMITS),
        (LIMITS, {}),
        ({"of": [{"a": 1}]}, {"of": []}),
    ],
)
def test_a_value_of_any_shape_is_restored(client: Client, fake: FakeSettings, before: Any, ours: Any) -> None:
    fake.settings[SETTING_PATH]["limits"] = before
    remote = set_to(client, limits=ours)
    SETTINGS.delete(next_run(client, remote), remote)
    assert fake.settings[SETTING_PATH]["limits"] == before


def test_a_nested_value_shown_in_another_form_is_no_difference(client: Client, fake: FakeSettings) -> None:
    shown = {"limits": {"daily": "5", "hourly": 1}}
    fake.surprise("POST", "setting$", (200, shown), acts=lambda: fake.settings[SETTING_PATH].update(shown))
    remote = set_to(client, limits={"daily": "05"})
    assert remote.attributes["properties"] == {"limits": {"daily": "05"}}
    SETTINGS.read(next_run(client, remote), remote)
    SETTINGS.update(next_run(client, remote), remote, Wanted({}, {"properties": {"limits": {"daily": "05"}}}))
    assert remote.attributes["properties"] == {"limits": {"daily": "05"}}
    assert len(fake.asked("POST")) == 1
    SETTINGS.delete(next_run(client, remote), remote)
    assert fake.asked("POST")[-1][1] == {"limits": {"daily": 10}}


def test_a_list_is_no_setting(client: Client, fake: FakeSettings) -> None:
    fake.surprise("GET", "setting$", (200, {"object": "list", "data": [], "has_more": False}))
    with pytest.raises(errors.ConfigurationError, match="leads to a list of objects, not to a setting"):
        set_to(client, mode="audit")
    assert fake.asked("POST") == []
