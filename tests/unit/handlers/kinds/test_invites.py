from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import Invite, errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.shapes.membership import existing_note
from tests.unit.fakes import error_body, warnings
from tests.unit.invited import Organization

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

INVITES = Invite.handler
ADA = {"email": "ada@example.com", "role": "reader"}
INVITE_1 = "Invite invite-1 for 'ada@example.com'"
PROJECTS = [{"id": "proj_2", "role": "member"}, {"id": "proj_1", "role": "owner"}]


@pytest.fixture
def openai(requests_mock: Any) -> Organization:
    return Organization(requests_mock)


def made(client: Client, **settings: Any) -> Remote:
    remote = Remote({})
    INVITES.create(client, remote, Wanted({}, {**ADA, **settings}))
    return remote


def test_an_accepted_invite_is_left_with_a_warning(client: Client, openai: Organization, caplog: Any) -> None:
    invite = made(client)
    openai.accept()
    INVITES.delete(client, invite)
    (told,) = warnings(caplog)
    assert told == (
        "Invite invite-1 for 'ada@example.com' was left unchanged, because it was accepted. The person stays in the "
        "organization."
    )


def test_another_refusal_to_delete_is_an_error(client: Client, openai: Organization) -> None:
    invite = made(client)
    openai.surprise("DELETE", invite.id, (400, error_body("Not today")))
    with pytest.raises(errors.BadRequestError, match="Not today"):
        INVITES.delete(client, invite)


def test_an_expired_invite_is_gone_and_the_message_says_what_comes(client: Client, openai: Organization) -> None:
    id_ = openai.add_invite(**ADA)
    openai.others("POST", f"/_emulator/invites/{id_}/expire")
    with pytest.raises(errors.ResourceGoneError, match="has expired and can no longer be accepted") as gone:
        INVITES.read(client, Remote({}, id_))
    assert gone.value.advice == "Refresh the state, then update the resources. The next update sends a new invite."


def test_an_invite_is_deleted_before_its_replacement_is_sent() -> None:
    assert INVITES.traits.deletes_before_replace, "OpenAI may allow one pending invite of an address only"


def test_a_pending_invite_that_says_the_same_belongs_to_the_program(
    client: Client, openai: Organization, caplog: Any
) -> None:
    openai.add_invite(**{**ADA, "email": "Ada@example.com", "projects": PROJECTS})
    wanted = Wanted({}, {**ADA, "projects": PROJECTS[::-1]})
    INVITES.observe(client, Remote({}), wanted)
    (previewed,) = warnings(caplog)
    caplog.clear()
    invite = made(client, projects=PROJECTS[::-1])
    assert openai.asked("POST") == []
    assert warnings(caplog) == [previewed]
    assert previewed == f"{existing_note(INVITE_1, count=1)}."
    INVITES.delete(type(client)(client.requestor), invite)
    assert openai.invites == {}
