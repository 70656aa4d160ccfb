"""One person: invited, then a user; roles in the organization and in projects; what destroy leaves. Single invites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_openai_admin import Invite, OrganizationMember, errors
from pulumi_openai_admin.handlers.creation import VISIBILITY_LAG_SECONDS
from pulumi_openai_admin.handlers.expiry import has_ended
from pulumi_openai_admin.handlers.handler import ANYWHERE, Observation, Remote, ValueComparison, Wanted
from pulumi_openai_admin.handlers.shapes.membership import existing_note
from pulumi_openai_admin.http.client import Client
from tests.unit.fakes import NOW, Clock, Log, error_body, listed, warnings
from tests.unit.invited import EMAIL, INVITES, USERS, Organization

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.http.requestor import Requestor

    NextClient = Callable[[], Client]

MEMBERS = OrganizationMember.handler
PROJECTS = "/organization/projects"
LATER = VISIBILITY_LAG_SECONDS + 1


@pytest.fixture
def openai(requests_mock: Any) -> Organization:
    return Organization(requests_mock)


@pytest.fixture
def run(requestor: Requestor) -> NextClient:
    """The client of another run, which knows no list."""
    return lambda: Client(requestor)


def wanted(role: str = "reader", projects: dict[str, str] | None = None) -> Wanted:
    return Wanted({}, {"role": role} if projects is None else {"role": role, "projects": projects})


def create(client: Client, what: Wanted | None = None) -> Remote:
    remote = Remote({"email": EMAIL})
    MEMBERS.create(client, remote, what or wanted())
    remote.step.has_changed = False
    return remote


def test_somebody_elses_invite_is_not_taken_for_that_of_a_lost_reply(client: Client, openai: Organization) -> None:
    def others() -> None:
        openai.add_invite("grace@example.com")
        openai.add_invite(role="owner")

    lost = requests.exceptions.ReadTimeout("slow")
    openai.surprise("POST", "invites$", lost, acts=others, times=9)
    with pytest.raises(
        errors.ResponseLostError, match=f"create invite .{EMAIL}. .*No new invite appeared, so nothing was created"
    ):
        create(client)


def test_an_invite_with_what_is_wanted_is_told_and_managed(run: NextClient, openai: Organization, caplog: Log) -> None:
    projects = [{"id": "proj_2", "role": "member"}, {"id": "proj_1", "role": "owner"}]
    openai.add_invite("Ada@Example.com", projects=projects)
    what, note = wanted(projects={"proj_1": "owner", "proj_2": "member"}), f"The invite of {EMAIL} exists already"
    assert MEMBERS.observe(run(), Remote({"email": EMAIL}), what).others.startswith(note)
    remote = create(run(), what)
    assert (remote.get("invite_id"), openai.writes()) == ("invite-1", [])
    MEMBERS.update(run(), remote, what)
    (told,) = warnings(caplog)
    assert told.startswith(note)
    MEMBERS.delete(run(), remote)
    assert openai.invites == {}


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"role": "owner"}, "role owner, projects: proj_1 member"),
        ({"projects": [{"id": "proj_1", "role": "owner"}]}, "role reader, projects: proj_1 owner"),
        ({"projects": [{"id": "proj_2", "role": "member"}]}, "role reader, projects: proj_2 member"),
        ({"projects": []}, "role reader, projects: none"),
    ],
)
def test_an_open_invite_of_somebody_else_that_differs_is_left_and_named(
    client: Client, openai: Organization, other: dict[str, Any], said: str
) -> None:
    openai.add_invite(**{"projects": [{"id": "proj_1", "role": "member"}], **other})
    refusal = (
        f"{EMAIL} has an open invite that this resource did not send: invite-1, {said}. To use that invite, declare "
        "the same role and projects. Otherwise delete it in OpenAI's dashboard or in the program that sent it, then "
        "run the command again."
    )
    for act in (MEMBERS.create, MEMBERS.observe):  # the preview says the same
        with pytest.raises(errors.ConfigurationError) as told:
            act(client, Remote({"email": EMAIL}), wanted(projects={"proj_1": "member"}))
        assert str(told.value) == refusal
    assert openai.writes() == []


def test_an_invite_that_is_accepted_before_it_is_replaced_is_an_error(openai: Organization, run: NextClient) -> None:
    remote = create(run())
    openai.surprise("DELETE", "invite-1", (400, error_body("The invite was accepted")), acts=openai.accept)
    with pytest.raises(errors.ConfigurationError) as told:
        MEMBERS.update(run(), remote, wanted("owner"))
    assert str(told.value) == (
        f"{EMAIL} accepted the invite during this operation. Refresh the state, then update the resources."
    )
    assert [call[0] for call in openai.writes()] == ["POST", "DELETE"]


def test_an_invite_is_not_withdrawn_for_a_project_that_does_not_exist(openai: Organization, run: NextClient) -> None:
    remote = create(run())
    openai.surprise("GET", "projects/proj_mistyped$", (404, error_body("No such project")), times=9)
    with pytest.raises(errors.ProjectNotFoundError, match="Project proj_mistyped does not exist"):
        MEMBERS.update(run(), remote, wanted(projects={"proj_mistyped": "member"}))
    assert (list(openai.invites), remote.get("invite_id")) == (["invite-1"], "invite-1")
    assert not remote.step.has_changed


def test_after_a_refusal_the_person_is_invited_as_before(openai: Organization, run: NextClient, caplog: Log) -> None:
    remote = create(run(), wanted(projects={"proj_1": "member"}))
    openai.surprise("POST", "invites$", (400, error_body("No more owners")))
    with pytest.raises(errors.BadRequestError, match="No more owners"):
        MEMBERS.update(run(), remote, wanted("owner", {"proj_1": "member"}))
    (invite,) = openai.invites.values()
    assert (invite["role"], invite["projects"]) == ("reader", [{"id": "proj_1", "role": "member"}])
    assert (remote.get("invite_id"), remote.step.has_changed) == (invite["id"], True)
    (told,) = warnings(caplog)
    assert told == (
        f"OpenAI refused the new invite of {EMAIL}. Invite invite-1 was already withdrawn, so invite invite-2 was sent "
        "with the same role and projects as before."
    )
    MEMBERS.delete(run(), remote)
    assert openai.invites == {}


def test_a_person_without_an_invite_is_not_called_invited(openai: Organization, run: NextClient, caplog: Log) -> None:
    remote = create(run())
    openai.surprise("POST", "invites$", (403, error_body("Not today")), times=9)
    with pytest.raises(errors.PermissionDeniedError, match="Not today"):
        MEMBERS.update(run(), remote, wanted("owner"))
    assert (remote.get("status"), remote.get("invite_id"), openai.invites) == ("unknown", None, {})
    assert warnings(caplog) == [f"Invite invite-1 of {EMAIL} was withdrawn, and OpenAI confirmed no new invite."]
    openai.surprises.clear()
    MEMBERS.update(run(), remote, wanted("owner"))
    assert (remote.get("status"), len(openai.invites)) == ("invited", 1)


def removed(openai: Organization) -> None:
    for path, ids in ((USERS, openai.users), (INVITES, openai.invites)):
        for id_ in ids:
            openai.others("DELETE", f"{path}/{id_}")


def back(openai: Organization) -> None:
    """Somebody else removes the person, and invites the person again as an owner."""
    removed(openai)
    openai.now += LATER
    openai.add_invite(role="owner", projects=[{"id": "proj_1", "role": "owner"}])


WAS = pytest.mark.parametrize("was", ["invited", "user"])


def there(openai: Organization, client: Client, was: str, what: Wanted) -> Remote:
    if was == "user":
        openai.add_user("reader")
    return create(client, what)


@WAS
@pytest.mark.parametrize("accepts", [False, True])
def test_access_ends_of_a_person_who_has_come_back(
    openai: Organization, run: NextClient, clock: Clock, was: str, accepts: bool
) -> None:
    until = Wanted({}, {"role": "reader", "projects": {"proj_1": "member"}}, {"until": NOW + 60})
    remote = there(openai, run(), was, until)
    remote.options = until.options
    back(openai)
    if accepts:
        openai.seed(users=[{"id": "user-old", "email": "old@example.com", "role": "reader"}])
        openai.accept()
    openai.now += 120
    clock.at += 120
    MEMBERS.read(run(), remote)
    assert not has_ended(remote)
    MEMBERS.update(run(), remote, until)
    assert (has_ended(remote), remote.get("status")) == (True, "ended")
    assert EMAIL not in [user["email"] for user in openai.users.values()]
    assert "pending" not in [invite["status"] for invite in openai.invites.values()]


ENDS = pytest.mark.parametrize("options", [{"remove_on_destroy": True}, {"until": NOW + 60}], ids="".join)


def end(openai: Organization, clock: Clock, client: Client, remote: Remote) -> None:
    """Destroy, or the first update after the time of `until`."""
    openai.now += LATER
    clock.at += LATER
    remote.step.has_changed = False
    if "until" in remote.options:
        MEMBERS.update(client, remote, Wanted({}, {"role": "reader"}, remote.options))
    else:
        MEMBERS.delete(client, remote)


@ENDS
@pytest.mark.parametrize(("refreshed", "is_listed"), [(False, True), (True, True), (True, False)])
def test_a_person_who_has_joined_without_the_invite_is_removed_with_it(
    openai: Organization, run: NextClient, clock: Clock, options: dict[str, Any], refreshed: bool, is_listed: bool
) -> None:
    remote = create(run(), Wanted({}, {"role": "reader"}, options))
    remote.options = options
    openai.add_user()
    if refreshed:
        MEMBERS.read(run(), remote)
    if not is_listed:
        openai.surprise("GET", "invites$", (200, {"data": [], "has_more": False}), times=9)
    end(openai, clock, run(), remote)
    assert (openai.users, openai.invites) == ({}, {})


@ENDS
@pytest.mark.parametrize("others", [True, False])
def test_a_user_who_has_come_back_under_another_id_is_removed(
    openai: Organization, run: NextClient, clock: Clock, options: dict[str, Any], others: bool, caplog: Log
) -> None:
    openai.add_user()
    remote = create(run(), Wanted({}, {"role": "reader"}, options))
    remote.options = options
    removed(openai)
    openai.seed(users=[{"id": "user-2", "name": "Ada", "email": "Ada@example.com", "role": "owner"}])
    if others:
        remote.step.is_declared_elsewhere = lambda claim: "GroupUser 'ada'" if claim.place == ANYWHERE else ""
        with pytest.raises(errors.ConfigurationError, match=r"User user-2 .* because GroupUser 'ada' names"):
            end(openai, clock, run(), remote)
    else:
        end(openai, clock, run(), remote)
    assert list(openai.users) == ["user-2"] * others
    assert warnings(caplog) == [f"Member {EMAIL} has joined as user user-2, and was removed."] * (not others)


@pytest.mark.parametrize("is_back", [True, False])
@WAS
def test_a_refresh_keeps_who_has_come_back_or_is_still_invited(
    openai: Organization, run: NextClient, was: str, is_back: bool
) -> None:
    remote = there(openai, run(), was, wanted("owner", {"proj_1": "member"}))
    if was == "invited":
        openai.add_user()  # by single sign-on: the invite stays open
        MEMBERS.read(run(), remote)
    openai.others("DELETE", f"{USERS}/user-1")
    openai.add_invite(role="owner")
    if is_back:
        openai.seed(users=[{"id": "user-2", "email": EMAIL, "role": "owner"}])
    if was == "user" and not is_back:
        with pytest.raises(errors.ResourceGoneError):  # only the invite of somebody else is left
            MEMBERS.read(run(), remote)
        return
    MEMBERS.read(run(), remote)
    expected = ("member", "user-2") if is_back else ("invited", None)
    assert (remote.get("status"), remote.get("user_id")) == expected
    assert remote.get("invite_id") == ("invite-1" if was == "invited" else None)
    openai.now += LATER
    MEMBERS.delete(run(), remote)
    assert [user["role"] for user in openai.users.values()] == ["owner"] * is_back, "another user's role from before"
    assert [invite["role"] for invite in openai.invites.values()] == ["owner"], "that of somebody else"


def test_a_404_that_is_not_about_the_user_says_nothing_of_who_has_the_address(
    openai: Organization, run: NextClient
) -> None:
    openai.add_user()
    remote = create(run())
    remote.options = {"remove_on_destroy": True}
    removed(openai)
    openai.seed(users=[{"id": "user-2", "email": EMAIL, "role": "owner"}])
    openai.calls.clear()
    openai.surprise("GET", "users/user-1$", (404, error_body("Unsupported endpoint")), times=9)
    with pytest.raises(errors.UnrelatedNotFoundError):
        MEMBERS.delete(run(), remote)
    assert openai.writes() == []


def test_destroy_removes_who_has_come_back_from_the_projects(openai: Organization, run: NextClient) -> None:
    openai.add_user("reader", proj_1="member", proj_2="member")
    remote = create(run(), wanted("owner", {"proj_1": "member"}))
    removed(openai)
    projects = [{"project_id": f"proj_{number}", "user_id": "user-2", "role": "member"} for number in (1, 2)]
    openai.seed(users=[{"id": "user-2", "email": EMAIL, "role": "owner"}], project_users=projects)
    openai.now += LATER
    MEMBERS.delete(run(), remote)
    assert openai.users["user-2"]["role"] == "owner", "the role from before was that of another user"
    assert [list(openai.shown(f"{PROJECTS}/proj_{number}/users")) for number in (1, 2)] == [[], ["user-2"]]


@ENDS
def test_a_person_who_accepts_an_invite_whose_reply_was_lost_is_removed(
    openai: Organization, run: NextClient, clock: Clock, options: dict[str, Any], caplog: Log
) -> None:
    remote = create(run(), Wanted({}, {"role": "reader"}, options))
    remote.options = options

    def sends() -> None:
        openai.add_invite(role="owner")
        openai.surprise("GET", "invites$", (500, error_body("down")), times=99)

    openai.surprise("POST", "invites$", requests.exceptions.ReadTimeout("slow"), acts=sends)
    with pytest.raises(errors.ResponseLostError):
        MEMBERS.update(run(), remote, Wanted({}, {"role": "owner"}, options))
    openai.surprises.clear()
    openai.accept()
    caplog.clear()
    end(openai, clock, run(), remote)
    assert openai.users == {}
    assert "was deleted" not in caplog.text


def test_a_person_who_accepts_an_invite_of_others_while_the_access_ends_is_removed(
    openai: Organization, run: NextClient, clock: Clock
) -> None:
    remote = create(run(), Wanted({}, {"role": "reader"}, {"until": NOW + 60}))
    remote.options = {"until": NOW + 60}
    openai.others("DELETE", f"{INVITES}/invite-1")
    theirs = openai.add_invite(role="owner")
    openai.surprise("DELETE", f"{theirs}$", (400, error_body("The invite was accepted")), acts=openai.accept)
    end(openai, clock, run(), remote)
    assert (has_ended(remote), openai.users) == (True, {})


def test_no_invite_is_withdrawn_where_another_resource_names_the_person(
    openai: Organization, run: NextClient, clock: Clock
) -> None:
    openai.add_invite(role="owner")
    openai.add_user()
    remote = create(run(), Wanted({}, {"role": "reader"}, {"until": NOW + 60}))
    remote.options = {"until": NOW + 60}
    remote.step.is_declared_elsewhere = lambda claim: "GroupUser 'ada'" if claim.place == ANYWHERE else ""
    with pytest.raises(errors.ConfigurationError, match="because GroupUser 'ada' names"):
        end(openai, clock, run(), remote)
    assert [invite["status"] for invite in openai.invites.values()] == ["pending"]


@ENDS
def test_an_invite_that_another_resource_manages_from_now_on_is_left(
    openai: Organization, run: NextClient, clock: Clock, options: dict[str, Any]
) -> None:
    remote, client = create(run(), Wanted({}, {"role": "reader"}, options)), run()
    remote.options = options
    create(client)  # the same person under another name, for another time
    end(openai, clock, client, remote)
    assert [invite["status"] for invite in openai.invites.values()] == ["pending"]


@WAS
def test_destroy_leaves_and_names_others_invites(openai: Organization, run: NextClient, was: str, caplog: Log) -> None:
    remote = there(openai, run(), was, wanted())
    remote.options = {"remove_on_destroy": True}
    back(openai)
    (theirs,) = openai.invites
    MEMBERS.delete(run(), remote)
    assert list(openai.invites) == [theirs]
    assert warnings(caplog) == [
        f"Invite {theirs} of {EMAIL} was left unchanged, because this resource did not send it."
    ]


def test_an_archived_project_counts_as_no_membership(run: NextClient, openai: Organization, caplog: Log) -> None:
    openai.add_user(proj_1="member")
    projects = {"proj_1": "member", "proj_2": "owner"}
    remote = create(run(), wanted(projects=projects))
    openai.others("POST", f"{PROJECTS}/proj_1/archive")
    MEMBERS.read(run(), remote)
    assert remote.get("projects") == {"proj_2": "owner"}
    MEMBERS.update(run(), remote, wanted("owner", projects))
    assert (remote.get("role"), remote.get("projects")) == ("owner", {"proj_2": "owner"})
    assert f"Member {EMAIL} was not added: Project proj_1 is archived" in caplog.text
    MEMBERS.update(run(), remote, wanted("owner", {}))
    assert openai.shown(f"{PROJECTS}/proj_2/users") == {}
    MEMBERS.delete(run(), remote)
    assert openai.users["user-1"]["role"] == "reader"


@pytest.mark.parametrize(("expires_at", "when"), [(1_767_225_600, " on 2026-01-01"), (None, "")])
def test_an_expired_invite_is_sent_again_by_the_next_update(
    openai: Organization, run: NextClient, expires_at: int | None, when: str
) -> None:
    remote = create(run())
    MEMBERS.read(run(), remote)
    assert (remote.get("status"), remote.pending_actions) == ("invited", [])
    expired = {**openai.invites["invite-1"], "status": "expired", "expires_at": expires_at}
    openai.surprise("GET", "invites", listed(expired), times=9)
    MEMBERS.read(run(), remote)
    assert remote.get("status") == "expired"
    (due,) = remote.pending_actions
    assert (due.what, due.purpose) == (f"The invite for {EMAIL} expired{when}", "send a new one")
    MEMBERS.update(run(), remote, wanted())
    assert (remote.get("status"), remote.get("invite_id")) == ("invited", "invite-2")


def test_a_person_leaves_a_project_that_leaves_the_program(openai: Organization, run: NextClient) -> None:
    openai.add_user("reader", proj_1="member", proj_2="member", proj_9="owner")
    remote = create(run(), wanted(projects={"proj_1": "owner", "proj_2": "member", "proj_3": "owner"}))
    del openai.calls[:]
    named, removed = wanted(projects={"proj_2": "owner"}), f"{EMAIL} will be removed from projects that this resource"
    unless = "no longer names, unless another resource of the program names the user there"
    assert MEMBERS.change_note(remote, named) == f"{removed} {unless}: proj_1, proj_3."
    remote.step.is_declared_elsewhere = lambda claim: "it" if "proj_1" in claim.place else ""
    assert MEMBERS.change_note(remote, named) == f"{removed} {unless}: proj_3."
    remote.step.is_declared_elsewhere = lambda _: ""
    MEMBERS.update(run(), remote, named)
    assert openai.writes() == [
        ("POST", "/organization/projects/proj_2/users/user-1", {"role": "owner"}),
        ("DELETE", "/organization/projects/proj_1/users/user-1", None),
        ("DELETE", "/organization/projects/proj_3/users/user-1", None),
    ]
    assert remote.get("projects") == {"proj_2": "owner"}
    MEMBERS.update(run(), remote, wanted())
    assert MEMBERS.change_note(remote, wanted()) == ""
    assert [project for project in openai.shown(PROJECTS) if openai.shown(f"{PROJECTS}/{project}/users")] == ["proj_9"]


@ENDS
def test_an_accepted_invite_without_a_user_at_the_address_is_an_error(
    openai: Organization, run: NextClient, clock: Clock, options: dict[str, Any]
) -> None:
    remote = create(run())
    remote.options = options
    openai.accept()
    openai.others("DELETE", f"{USERS}/user-1")
    openai.add_user(email="lovelace@example.com")
    with pytest.raises(errors.ConfigurationError) as told:
        end(openai, clock, run(), remote)
    assert told.value.what == (
        f"Invite invite-1 of {EMAIL} was accepted, and no user has this address, so it is not known whom to remove"
    )
    assert told.value.advice == (
        "If the person has another address in the organization, remove the person in OpenAI's dashboard. Then remove "
        "it from the state ('<urn>')."  # hosts say: pulumi state delete '<urn>'
    )
    assert list(openai.users) == ["user-1"]


def test_another_address_of_a_person_to_be_removed_is_told_in_the_preview() -> None:
    remote = Remote({"email": EMAIL})
    assert MEMBERS.replacement_note(remote) == ""
    remote.options = {"remove_on_destroy": True}
    assert MEMBERS.replacement_note(remote) == (
        f"This change removes {EMAIL} from the organization, because remove_on_destroy is set, and invites the new "
        "address."
    )


def test_a_refusal_to_remove_a_user_names_the_person(openai: Organization, run: NextClient) -> None:
    openai.add_user()
    remote = create(run())
    remote.options = {"remove_on_destroy": True}
    openai.surprise("DELETE", "user-1", (400, error_body("The last owner can't be removed")))
    with pytest.raises(errors.BadRequestError) as told:
        MEMBERS.delete(run(), remote)
    assert told.value.what == "Could not remove user user-1 of the organization: The last owner can't be removed"
    assert told.value.advice == (
        "If the user is the last owner of the organization, make another user an owner first. Then try again."
    )


def test_a_preview_says_whether_a_person_is_there_or_invited(run: NextClient, openai: Organization) -> None:
    remote = Remote({"email": EMAIL}, EMAIL)
    observation = MEMBERS.observe(run(), remote, wanted())
    assert observation == Observation(f"member {EMAIL}", [ValueComparison("email", "", None, None, "invited", False)])
    openai.add_invite(role="owner")
    observation = MEMBERS.observe(run(), remote, wanted("owner"))
    assert observation == Observation(
        f"the invite of {EMAIL}", [ValueComparison("role", "role", None, "owner", "owner", True)]
    )
    openai.accept()
    remote.attributes = {"role": "reader"}
    observation = MEMBERS.observe(run(), remote, wanted("owner"))
    assert observation == Observation(
        f"member {EMAIL}", [ValueComparison("role", "role", "reader", "owner", "owner", True)]
    )
    assert MEMBERS.observe(run(), remote, Wanted({}, {})).values == []


@pytest.mark.parametrize("was", ["new", "invited", "user"])
def test_a_preview_refuses_a_project_that_there_is_not(run: NextClient, openai: Organization, was: str) -> None:
    remote = Remote({"email": EMAIL}) if was == "new" else there(openai, run(), was, wanted())
    with pytest.raises(errors.ParentNotFoundError, match="proj_none"):
        MEMBERS.observe(run(), remote, wanted(projects={"proj_none": "member"}))
    invite = Wanted(
        {}, {"email": "eve@example.com", "role": "reader", "projects": [{"id": "proj_none", "role": "member"}]}
    )
    with pytest.raises(errors.ParentNotFoundError, match="proj_none"):
        SINGLE.observe(run(), Remote({}), invite)


def test_a_user_is_imported_with_the_role_and_an_invite_with_projects(run: NextClient, openai: Organization) -> None:
    openai.add_invite(role="owner", projects=[{"id": "proj_1", "role": "member"}])
    declared = MEMBERS.declared(run(), Remote({"email": EMAIL}, EMAIL))
    assert (declared["role"], declared["projects"]) == ("owner", {"proj_1": "member"})
    openai.accept()
    assert MEMBERS.declared(run(), Remote({"email": EMAIL}, EMAIL)) == {"role": "owner"}
    assert MEMBERS.ids(run(), Remote({})) == []


def test_what_was_imported_belongs_to_the_program(openai: Organization, run: NextClient) -> None:
    openai.add_user("reader", proj_1="member")
    openai.add_invite("grace@example.com")
    for email, what in ((EMAIL, wanted(projects={"proj_1": "member"})), ("grace@example.com", wanted())):
        remote = Remote({"email": email})
        MEMBERS.adopt(run(), remote, what)
        assert openai.writes() == []
        MEMBERS.delete(run(), remote)
        openai.calls.clear()
    assert (openai.invites, openai.shown(f"{PROJECTS}/proj_1/users"), list(openai.users)) == ({}, {}, ["user-1"])


@pytest.mark.usefixtures("openai")
def test_a_preview_says_that_our_own_invite_is_replaced(run: NextClient) -> None:
    remote = create(run(), wanted(projects={"proj_1": "member"}))
    observation = MEMBERS.observe(run(), remote, wanted(projects={"proj_1": "owner"}))
    assert observation.others == f"This update withdraws invite invite-1 of {EMAIL} and sends a new one"
    assert list(observation.values)[1] == ValueComparison(
        "projects", "project proj_1", "member", "member", "owner", False
    )
    assert MEMBERS.observe(run(), remote, wanted(projects={"proj_1": "member"})).others == ""


def test_access_to_projects_from_before_is_told(openai: Organization, run: NextClient, caplog: Log) -> None:
    openai.add_user("reader", proj_1="member", proj_9="owner")
    what, note = wanted(projects={"proj_1": "owner", "proj_2": "member"}), f"Access of {EMAIL} to projects (proj_1) ex"
    assert MEMBERS.observe(run(), Remote({"email": EMAIL}), what).others.startswith(note)
    remote = create(run(), what)
    MEMBERS.update(run(), remote, what)
    (told,) = warnings(caplog)
    assert told.startswith(note)
    caplog.clear()
    one_more, note = wanted(projects={"proj_1": "owner", "proj_9": "owner"}), note.replace("proj_1", "proj_9")
    assert MEMBERS.observe(run(), remote, one_more).others.startswith(note)
    MEMBERS.update(run(), remote, one_more)
    (told,) = warnings(caplog)
    assert told.startswith(note)


def test_an_invite_that_moved_and_was_withdrawn_is_not_looked_for(openai: Organization, run: NextClient) -> None:
    invite = Remote({})
    Invite.handler.create(run(), invite, Wanted({}, {"email": EMAIL, "role": "reader"}))
    member = create(run())
    client = run()
    MEMBERS.update(client, member, wanted("owner"))
    openai.calls.clear()
    Invite.handler.delete(client, invite)
    assert openai.calls == []


@pytest.mark.parametrize("was", ["invited", "user"])
def test_a_person_who_is_neither_invited_nor_a_user_is_gone(openai: Organization, run: NextClient, was: str) -> None:
    remote = there(openai, run(), was, wanted())
    removed(openai)
    openai.now += LATER
    with pytest.raises(errors.ResourceGoneError) as told:
        MEMBERS.read(run(), remote)
    assert str(told.value) == (
        f"member {EMAIL} no longer exists at OpenAI. Refresh the state, then update the resources. The next update "
        "invites the person again."
    )
    MEMBERS.delete(run(), remote)


SINGLE = Invite.handler
ADA = {"email": "ada@example.com", "role": "reader"}
INVITE_1 = "Invite invite-1 for 'ada@example.com'"
IN_TWO = [{"id": "proj_2", "role": "member"}, {"id": "proj_1", "role": "owner"}]


def invited(client: Client, **settings: Any) -> Remote:
    remote = Remote({})
    SINGLE.create(client, remote, Wanted({}, {**ADA, **settings}))
    return remote


def test_an_accepted_invite_is_left_with_a_warning(client: Client, openai: Organization, caplog: Any) -> None:
    invite = invited(client)
    openai.accept()
    SINGLE.delete(client, invite)
    (told,) = warnings(caplog)
    assert told == (
        "Invite invite-1 for 'ada@example.com' was left unchanged, because it was accepted. The person stays in the "
        "organization."
    )


def test_another_refusal_to_delete_is_an_error(client: Client, openai: Organization) -> None:
    invite = invited(client)
    openai.surprise("DELETE", invite.id, (400, error_body("Not today")))
    with pytest.raises(errors.BadRequestError, match="Not today"):
        SINGLE.delete(client, invite)


def test_an_expired_invite_is_gone_and_the_message_says_what_comes(client: Client, openai: Organization) -> None:
    id_ = openai.add_invite(**ADA)
    openai.others("POST", f"/_emulator/invites/{id_}/expire")
    with pytest.raises(errors.ResourceGoneError, match="has expired and can no longer be accepted") as gone:
        SINGLE.read(client, Remote({}, id_))
    assert gone.value.advice == "Refresh the state, then update the resources. The next update sends a new invite."


def test_an_invite_is_deleted_before_its_replacement_is_sent() -> None:
    assert SINGLE.traits.deletes_before_replace, "OpenAI may allow one pending invite of an address only"


def test_an_invite_that_says_the_same_belongs_to_the_program(client: Client, openai: Organization, caplog: Any) -> None:
    openai.add_invite(**{**ADA, "email": "Ada@example.com", "projects": IN_TWO})
    wanted = Wanted({}, {**ADA, "projects": IN_TWO[::-1]})
    SINGLE.observe(client, Remote({}), wanted)
    (previewed,) = warnings(caplog)
    caplog.clear()
    invite = invited(client, projects=IN_TWO[::-1])
    assert openai.asked("POST") == []
    assert warnings(caplog) == [previewed]
    assert previewed == f"{existing_note(INVITE_1, count=1)}."
    SINGLE.delete(type(client)(client.requestor), invite)
    assert openai.invites == {}
