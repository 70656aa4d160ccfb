"""One person, from the invite to the end: `OrganizationMember` against the emulator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import (
    GroupMembers,
    GroupUser,
    OrganizationMember,
    OrganizationUser,
    ProjectMembers,
    ProjectUser,
)
from tests import keyed
from tests.host.dynamic_host import UNKNOWN
from tests.host.provider_process import Failure
from tests.host.scenario import aged

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host

EVE = {"email": "eve@example.com", "role": "reader", "projects": keyed.projects({"proj_demo": "member"})}


def run(
    provider: Host, environ: dict[str, str], id_: str, state: dict[str, Any], inputs: dict[str, Any]
) -> dict[str, Any]:
    """A refresh and an update, as `pulumi up --refresh` does."""
    with provider(environ) as host:
        read, state, _ = host.read(OrganizationMember, id_, state)
        assert read == id_
        if host.diff(OrganizationMember, id_, state, inputs) != (False, []):
            state = host.update(OrganizationMember, id_, state, inputs)
        assert host.diff(OrganizationMember, id_, state, inputs) == (False, [])
    return state


def created(provider: Host, environ: dict[str, str], inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    with provider(environ) as host:
        return host.create(OrganizationMember, inputs)


def destroy(provider: Host, environ: dict[str, str], id_: str, state: dict[str, Any]) -> None:
    with provider(environ) as host:
        host.delete(OrganizationMember, id_, state)


def roles(emulator: EmulatorServer, email: str) -> dict[str, str]:
    """The roles of a user, in the organization and by project; empty where there is none."""
    live = emulator.control.live("user", "project_user")
    id_ = next((id_ for id_, user in live["user"].items() if user["email"] == email), None)
    if id_ is None:
        return {}
    projects = {
        path.split("/")[0]: membership["role"]
        for path, membership in live.get("project_user", {}).items()
        if id_ in path
    }
    return {"": live["user"][id_]["role"], **projects}


def test_the_order_of_projects_has_no_meaning(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host
) -> None:
    projects = keyed.projects({"proj_staging": "owner", "proj_demo": "member"})
    with provider(environ) as host:
        one, other = (
            host.check(OrganizationMember, {**EVE, "projects": given})[0] for given in (projects, projects[::-1])
        )
        assert one == other
        later = host.check(OrganizationMember, {**EVE, "projects": [{"project_id": UNKNOWN, "role": "member"}]})
        assert later == ({**EVE, "projects": [{"project_id": UNKNOWN, "role": "member"}]}, [])
        _, failures = host.check(OrganizationMember, {**EVE, "projects": [{"project_id": UNKNOWN}]})
        assert failures == ["projects[0] lacks role."]
        id_, state = host.create(OrganizationMember, one)
        assert host.diff(OrganizationMember, id_, state, other) == (False, [])
    assert state["projects"] == projects[::-1]
    (invite,) = emulator.control.live("invite")["invite"].values()
    assert {project["id"]: project["role"] for project in invite["projects"]} == {
        "proj_demo": "member",
        "proj_staging": "owner",
    }


@pytest.mark.parametrize("remove", [False, True])
def test_an_invite_is_accepted_and_roles_are_changed(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host, remove: bool
) -> None:
    inputs = {**EVE, **({"remove_on_destroy": True} if remove else {})}
    id_, state = created(provider, environ, inputs)
    assert (state["status"], state["user_id"]) == ("invited", "")
    user = emulator.control.accept_invite(state["invite_id"])["id"]
    state = run(provider, environ, id_, state, inputs)
    assert (state["status"], state["user_id"], state["projects"]) == ("member", user, EVE["projects"])
    changed = {**inputs, "role": "owner", "projects": keyed.projects({"proj_staging": "owner"})}
    state = run(provider, environ, id_, state, changed)
    assert roles(emulator, "eve@example.com") == {"": "owner", "proj_staging": "owner"}
    destroy(provider, environ, id_, state)
    assert roles(emulator, "eve@example.com") == ({} if remove else {"": "reader"}), "the role of the invite"


def test_an_invite_that_expired_is_sent_again(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host
) -> None:
    id_, state = created(provider, environ, EVE)
    emulator.control.advance_clock(8 * 86_400)
    with provider(environ) as host:
        _, expired, _ = host.read(OrganizationMember, id_, state)
        host.diff(OrganizationMember, id_, expired, EVE)
        on = datetime.fromtimestamp(state["expires_at"], UTC).date()
        assert f"The invite for eve@example.com expired on {on}; run `pulumi up` to send a new one." in host.warnings
    assert expired["status"] == "expired"
    again = run(provider, environ, id_, expired, EVE)
    assert again["status"] == "invited"
    assert again["invite_id"] != state["invite_id"]
    assert list(emulator.control.live("invite")["invite"]) == [again["invite_id"]]


def test_destroy_withdraws_the_invite(emulator: EmulatorServer, environ: dict[str, str], provider: Host) -> None:
    destroy(provider, environ, *created(provider, environ, EVE))
    assert not emulator.control.live("invite").get("invite")


def test_a_user_who_was_there_is_not_invited_and_gets_no_higher_role_back(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host
) -> None:
    emulator.control.seed({"users": [{"id": "user-eve", "email": "eve@example.com", "role": "owner"}]})
    id_, state = created(provider, environ, EVE)
    assert (state["status"], state["invite_id"]) == ("member", "")
    assert roles(emulator, "eve@example.com") == {"": "reader", "proj_demo": "member"}
    destroy(provider, environ, id_, run(provider, environ, id_, state, EVE))
    assert roles(emulator, "eve@example.com") == {"": "reader"}


@pytest.mark.parametrize(
    ("kind", "place", "members"),
    [
        (
            ProjectMembers,
            {"project_id": "proj_demo"},
            lambda *names: {"members": keyed.members(dict.fromkeys(names, "member"))},
        ),
        (
            GroupMembers,
            {"group_id": "group_eng"},
            lambda *names: {"user_ids": [f"user-{n.partition('@')[0]}" for n in names]},
        ),
    ],
)
def test_a_user_who_was_deleted_stops_nobody(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host, kind: Any, place: Any, members: Any
) -> None:
    names = ("eve@example.com", "grace@example.com", "alan@example.com")
    users = [{"id": f"user-{name.partition('@')[0]}", "email": name, "role": "reader"} for name in names]
    emulator.control.seed({"users": users, "groups": [{"id": "group_eng", "name": "Engineering"}]})
    with provider(environ) as host:
        id_, state = host.create(kind, {**place, **members(*names[:2])})
    headers = {"Authorization": f"Bearer {emulator.admin_key}"}
    requests.delete(f"{emulator.base_url}/organization/users/user-eve", headers=headers, timeout=10).raise_for_status()
    with provider(environ) as host:
        _, state, _ = host.read(kind, id_, aged(state))
        state = host.update(kind, id_, state, {**place, **members(*names)})
        (told,) = [text for text in host.warnings.splitlines() if "no longer exists at OpenAI" in text]
        assert told.endswith("Remove it from the program.")
        assert "user-eve" in told
    (settings,) = (value for name, value in members(*names[1:]).items())
    shown = state["members" if "members" in state else "user_ids"]
    assert shown == sorted(settings, key=str)


def test_a_refresh_of_two_hundred_users_of_a_group_sends_one_list(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host
) -> None:
    users = [{"id": f"user-{n}", "email": f"{n}@example.com", "role": "reader"} for n in range(200)]
    members = [{"group_id": "group_many", "user_id": user["id"]} for user in users]
    emulator.control.seed({"users": users, "groups": [{"id": "group_many", "name": "Many"}], "group_users": members})
    emulator.control.clear_requests()
    with provider(environ) as host:
        for member in members:
            id_ = f"group_many/{member['user_id']}"
            state = {
                **member,
                "name": "",
                "email": "",
                "__managed": {"inputs": ["group_id", "user_id"], "anchor": "proj_demo"},
            }
            assert host.read(GroupUser, id_, state)[0] == id_
    paths = [request["path"] for request in emulator.control.requests()]
    assert paths == ["/organization/projects/proj_demo", "/organization/groups/group_many/users"]


@pytest.mark.parametrize(
    ("resource", "inputs"),
    [
        (
            OrganizationMember,
            {"role": "owner", "projects": keyed.projects({"proj_demo": "owner"}), "remove_on_destroy": True},
        ),
        (OrganizationUser, {"role": "owner", "remove_on_destroy": True}),
        (ProjectUser, {"project_id": "proj_demo", "role": "owner"}),
    ],
)
def test_a_program_that_follows_a_new_address_before_a_refresh_removes_nobody(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host, resource: Any, inputs: dict[str, Any]
) -> None:
    before, after = ({**inputs, "email": email} for email in ("eve@example.com", "eve.new@example.com"))
    member = {"project_id": "proj_demo", "user_id": "user-eve"}
    emulator.control.seed({"users": [{"id": "user-eve", "email": "eve@example.com", "role": "reader"}]})
    if resource is not ProjectUser:
        emulator.control.seed({"project_users": [{**member, "role": "member"}]})
    with provider(environ) as host:
        id_, state = host.create(resource, before)
    headers = {"Authorization": f"Bearer {emulator.admin_key}"}
    requests.delete(f"{emulator.base_url}/organization/users/user-eve", headers=headers, timeout=10).raise_for_status()
    emulator.control.seed({"users": [{"id": "user-eve", "email": "eve.new@example.com", "role": "owner"}]})
    emulator.control.seed({"project_users": [{**member, "role": "owner"}]})
    emulator.control.clear_requests()
    with provider(environ) as host:
        news = host.check(resource, after, before)[0]
        assert host.diff(resource, id_, state, news)[1] == ["email"], "only a refresh shows that it is the same user"
        host.check(resource, after)
        host.delete(resource, id_, state)
        assert "another resource" not in host.warnings
        new_id, new = host.create(resource, news)
    writes = [request for request in emulator.control.requests() if request["method"] != "GET"]
    # The role goes back first, so that the new resource does not take the program's own role for the one before.
    roles_written = [] if resource is ProjectUser else ["reader", "owner"]
    assert [(request["method"], request["body"]["role"]) for request in writes] == [
        ("POST", role) for role in roles_written
    ]
    with provider(environ) as host:
        host.delete(resource, new_id, new)
    left = roles(emulator, "eve.new@example.com")
    assert left == ({"": "owner"} if resource is ProjectUser else {})


@pytest.mark.parametrize("resource", [OrganizationMember, OrganizationUser])
def test_destroy_removes_no_user_whose_id_the_state_does_not_know(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host, resource: Any
) -> None:
    """The user was deleted, and has come back under another id: no preview has named that one."""
    emulator.control.seed({"users": [{"id": "user-eve", "email": "eve@example.com", "role": "reader"}]})
    with provider(environ) as host:
        inputs = {"email": "eve@example.com", "role": "reader", "remove_on_destroy": True}
        id_, state = host.create(resource, inputs)
    headers = {"Authorization": f"Bearer {emulator.admin_key}"}
    requests.delete(f"{emulator.base_url}/organization/users/user-eve", headers=headers, timeout=10).raise_for_status()
    emulator.control.seed({"users": [{"id": "user-eve2", "email": "Eve@example.com", "role": "owner"}]})
    with provider(environ) as host:
        host.delete(resource, id_, state)
    assert emulator.control.live("user")["user"]["user-eve2"]["role"] == "owner"


def test_an_accepted_invite_of_a_person_with_another_address_is_an_error(
    emulator: EmulatorServer, environ: dict[str, str], provider: Host
) -> None:
    id_, state = created(provider, environ, {**EVE, "remove_on_destroy": True})
    user = emulator.control.accept_invite(state["invite_id"])["id"]
    headers = {"Authorization": f"Bearer {emulator.admin_key}"}
    requests.delete(f"{emulator.base_url}/organization/users/{user}", headers=headers, timeout=10).raise_for_status()
    emulator.control.seed({"users": [{"id": user, "email": "other@example.com", "role": "reader"}]})
    with provider(environ) as host, pytest.raises(Failure) as failure:
        host.delete(OrganizationMember, id_, state)
    assert "was accepted, and no user has this address, so it is not known whom to remove" in failure.value.message
    assert "pulumi state delete '<urn>'" in failure.value.message
