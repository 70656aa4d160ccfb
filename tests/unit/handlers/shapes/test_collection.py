from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.memory import Memory
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.handlers.shapes.setting import Setting
from pulumi_openai_admin.schema.fields import Declaration, Field, WhenRemoved, argument, output
from tests.unit.fakes import Log, error_body, warnings

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

ACCOUNTS = Collection(
    "/organization/projects/{project_id}/service_accounts",
    noun="service account",
    settable=("name", "role"),
    recognized_by=("name",),
    identity="id",
)


def test_a_404_that_is_not_about_the_object_proves_nothing(client: Client, openai: FakeOpenAI) -> None:
    account = openai.add_account("now", created_at=openai.now - 3600)
    for method in ("GET", "DELETE"):
        openai.surprise(method, f"{account}$", (404, error_body("Unsupported endpoint")), times=99)
    remote = Remote({"project_id": "proj_1"}, account, {**openai.accounts[account], "name": "then"})
    ACCOUNTS.read(client, remote)
    assert remote.attributes["name"] == "now"
    with pytest.raises(errors.UnrelatedNotFoundError):
        ACCOUNTS.delete(client, remote)
    openai.remove("service_account")
    for verb in (ACCOUNTS.read, ACCOUNTS.delete):
        with pytest.raises(errors.UnrelatedNotFoundError):
            verb(client, remote)
    openai.archive()
    with pytest.raises(errors.ProjectArchivedError):
        ACCOUNTS.read(client, remote)
    ACCOUNTS.delete(client, remote)


UNDATED = replace(ACCOUNTS, is_dated=False)


def test_a_young_object_without_a_date_that_is_not_found_stays(client: Client, openai: FakeOpenAI, caplog: Log) -> None:
    made = Remote({"project_id": "proj_1"})
    UNDATED.create(client, made, Wanted({}, {"name": "a"}))
    remote = Remote(made.parents, made.id, {"id": made.id, "name": "a"}, Memory(made.memory.to_state()))  # no date
    openai.remove("service_account")
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


THINGS = Collection("/organization/things", noun="thing", recognized_by=("name",))
SETTING = Setting("/organization/setting", noun="setting")


def declare(**fields: Any) -> Declaration:
    for name, field in fields.items():
        field.__set_name__(Declaration, name)
        field.bind_annotation(Field[str])
    return Declaration(fields)


def thing(**more: Any) -> Declaration:
    fields = {"name": argument(), "owner_id": argument(replaces=True), "thing_id": output(wire="id", identity=True)}
    return declare(**{**fields, **more})


def test_values_of_what_exists_before_the_resource_are_restored() -> None:
    fields = declare(mode=argument(default=None), kind=argument(default=None, when_removed=WhenRemoved.DEFAULT))
    SETTING.with_fields(fields)
    assert fields.fields["mode"].when_removed is WhenRemoved.RESTORED
    assert fields.fields["kind"].when_removed is WhenRemoved.DEFAULT


@pytest.mark.parametrize(
    ("handler", "fields", "reason"),
    [
        (THINGS, declare(name=argument()), "thing: the field with identity=True is not declared"),
        (THINGS, declare(thing_id=output(identity=True)), "thing: name of recognized_by is not declared"),
        (
            THINGS,
            thing(color=argument(default=None, when_removed=WhenRemoved.RESTORED)),
            "color: when_removed can't be RESTORED",
        ),
        (
            SETTING,
            declare(mode=argument(default=None, when_removed=WhenRemoved.CLEARED)),
            "mode: when_removed can't be CLEARED",
        ),
    ],
    ids=["without its id", "without its name", "an object that is created", "a setting"],
)
def test_a_declaration_that_the_handler_cannot_serve_is_refused(handler: Any, fields: Declaration, reason: str) -> None:
    with pytest.raises(TypeError) as refused:
        handler.with_fields(fields)
    assert str(refused.value) == reason


NOTE = argument(default=None, when_removed=WhenRemoved.CLEARED)
SENT = {"name": "ci", "owner_id": "user_1"}


@pytest.mark.parametrize(
    ("shown", "fits"),
    [
        (SENT, True),
        ({**SENT, "name": "cd"}, False),
        ({**SENT, "owner_id": "user_2"}, False),
        ({**SENT, "note": "theirs"}, False),
        ({**SENT, "note": ""}, True),
        ({**SENT, "color": "red"}, True),
    ],
    ids=["as sent", "another name", "another owner", "a note that was not sent", "no note", "what OpenAI chooses"],
)
def test_all_fields_identify_an_object_without_a_date(client: Client, shown: dict[str, Any], fits: bool) -> None:
    things = THINGS.with_fields(thing(note=NOTE, color=argument(default=None)))
    assert things._fits(client, Remote({}), shown, SENT) is fits
