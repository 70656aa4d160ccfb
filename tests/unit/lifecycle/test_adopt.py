from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import AdminApiKey, ProjectRateLimit, ProjectRateLimits, ProjectUser, errors
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.lifecycle import read
from pulumi_openai_admin.lifecycle.diff import StateDifference
from pulumi_openai_admin.lifecycle.read import adopted, found

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

RPM = "max_requests_per_1_minute"
ID = "proj_1/rl-gpt-4o"


def test_an_existing_object_is_adopted_by_its_id(openai: FakeOpenAI, client: Client) -> None:
    openai.add_row("gpt-4o", **{RPM: 500})
    assert found(ProjectRateLimit, client, ID).inputs[RPM] == 500
    assert {method for method, _, _ in openai.calls} == {"GET"}


@pytest.mark.parametrize("verb", ["declared", "adopt"])
def test_a_handler_that_writes_is_refused(
    openai: FakeOpenAI, client: Client, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    openai.add_row("gpt-4o", **{RPM: 500})
    change = Call("POST", "/organization/projects/proj_1/rate_limits/rl-gpt-4o", "change a limit", body={RPM: 1})

    def writes(_handler: object, client: Client, *_: Any) -> dict[str, Any]:
        client.send(change)
        return {}

    monkeypatch.setattr(type(ProjectRateLimit.handler), verb, writes)
    with pytest.raises(RuntimeError, match="only reads"):
        found(ProjectRateLimit, client, ID)
    assert openai.rows["rl-gpt-4o"][RPM] == 500
    client.send(change)
    assert openai.rows["rl-gpt-4o"][RPM] == 1


def test_what_openai_leaves_out_is_not_declared(openai: FakeOpenAI, client: Client) -> None:
    openai.add_row("gpt-4o", **{RPM: 500, "max_images_per_1_minute": None})
    inputs = found(ProjectRateLimit, client, ID).inputs
    assert "max_images_per_1_minute" not in inputs
    assert None not in inputs.values()


def test_a_key_that_is_shown_once_is_not_imported(client: Client) -> None:
    with pytest.raises(errors.NotAdoptableError) as raised:
        found(AdminApiKey, client, "key_1")
    assert raised.value.what == f"'key_1' can't be imported: {AdminApiKey.handler.traits.not_adoptable}"


def test_an_object_without_a_value_that_a_program_needs_is_not_imported(
    openai: FakeOpenAI, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    openai.add_row("gpt-4o", **{RPM: 500})
    monkeypatch.setattr(type(ProjectRateLimits.handler), "declared", lambda *_: {})
    with pytest.raises(errors.NotAdoptableError) as raised:
        found(ProjectRateLimits, client, "proj_1")
    assert raised.value.what == "'proj_1' can't be imported: OpenAI shows no limits"


def test_a_person_without_an_id_that_a_program_can_set_is_not_imported(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(ProjectUser.handler), "declared", lambda *_: {"id": "proj_1", "role": "member"})
    with pytest.raises(errors.NotAdoptableError, match="OpenAI shows no user_id"):
        found(ProjectUser, client, "proj_1/user-1")


def test_inputs_that_check_refuses_are_not_imported(openai: FakeOpenAI, client: Client) -> None:
    openai.add_row("gpt-4o", **{RPM: 500})
    with pytest.raises(errors.NotAdoptableError) as raised:
        adopted(ProjectRateLimit, client, {"project_id": "proj_1", "model": "gpt-4o", RPM: -1}, ID)
    assert raised.value.what.startswith(f"'{ID}' can't be imported: {RPM} must be a whole number, 0 or more, not -1")


@pytest.mark.parametrize(
    ("difference", "message"),
    [
        (StateDifference(("a", "b"), (), is_due=False), "a, b"),
        (StateDifference((), ("a",), is_due=False), "the last change did not finish"),
        (StateDifference((), (), is_due=True), "the last change did not finish"),
    ],
)
def test_an_object_whose_first_preview_would_show_a_change_is_not_imported(
    openai: FakeOpenAI, client: Client, monkeypatch: pytest.MonkeyPatch, difference: StateDifference, message: str
) -> None:
    openai.add_row("gpt-4o", **{RPM: 500})
    monkeypatch.setattr(read, "diff", lambda *_: difference)
    with pytest.raises(errors.NotAdoptableError) as refusal:
        found(ProjectRateLimit, client, ID)
    assert refusal.value.what == f"'{ID}' can't be imported: no program can reproduce these values: {message}"


def test_an_object_that_no_state_has_is_not_found(openai: FakeOpenAI, client: Client) -> None:
    openai.add_row("gpt-4o", **{RPM: 500})
    with pytest.raises(errors.ResourceGoneError) as missing:
        read.declared(ProjectRateLimit, client, "proj_1/rl-none")
    assert str(missing.value) == "rate limit rl-none of project proj_1 was not found. Check its id."
