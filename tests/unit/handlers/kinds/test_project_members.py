"""Users of a project: a set of them, and one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import ProjectMembers, ProjectUser, errors
from pulumi_openai_admin.handlers.baseline import ObjectRecords
from pulumi_openai_admin.handlers.creation import VISIBILITY_LAG_SECONDS
from pulumi_openai_admin.handlers.handler import Observation, Remote, ValueComparison, Wanted
from pulumi_openai_admin.handlers.lost_changes import LostChanges
from pulumi_openai_admin.handlers.shapes.membership import existing_note
from pulumi_openai_admin.http.client import Client
from tests.unit.fakes import FakeOpenAI, Log, error_body, first_claim, listed, next_run, warnings

if TYPE_CHECKING:
    from pulumi_openai_admin.http.requestor import Requestor
    from tests.unit.fakes import Clock

SET = ProjectMembers.handler
USERS = "/organization/projects/proj_1/users"
PEOPLE = ("ada", "grace", "alan", "eve")


def person(id_: str) -> dict[str, str]:
    """A user of the organization; OpenAI keeps an address as it was written."""
    return {"id": id_, "name": id_, "email": f"{id_.removeprefix('user-').title()}@example.com", "role": "reader"}


class Organization(FakeOpenAI):
    """The emulator with users, of whom some are in the project."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.seed(users=[person(f"user-{name}") for name in PEOPLE])

    def add(self, roles: dict[str, str]) -> None:
        self.seed(project_users=[{"project_id": "proj_1", "user_id": id_, "role": role} for id_, role in roles.items()])

    @property
    def roles(self) -> dict[str, str]:
        return {id_: row["role"] for id_, row in self.shown(USERS).items()}

    def writes(self) -> list[tuple[str, str, Any]]:
        """What was changed since the last time."""
        found = [(method, path.removeprefix(USERS), body) for method, path, body in self.calls if method != "GET"]
        self.calls.clear()
        return found


@dataclass
class SetOverRuns:
    """A set of users over several runs; each has a client of its own."""

    client: Client
    remote: Remote

    def next_run(self) -> tuple[Client, Remote]:
        self.client = next_run(self.client, self.remote)
        return self.client, self.remote

    def up(self, members: Any, *, exclusive: bool = False) -> None:
        wanted = Wanted({}, {SET.members: members}, {"exclusive": True} if exclusive else {})
        self.remote.options = wanted.options
        (SET.update if self.remote.id else SET.create)(*self.next_run(), wanted)

    def note(self, members: Any) -> str:
        """What a preview says in words."""
        return SET.change_note(self.remote, Wanted({}, {SET.members: members}, self.remote.options))

    def refresh(self) -> Any:
        SET.read(*self.next_run())
        return self.remote.get(SET.members)

    def destroy(self) -> None:
        SET.delete(*self.next_run())


@pytest.fixture
def openai(requests_mock: Any) -> Organization:
    return Organization(requests_mock)


@pytest.fixture
def stack(requestor: Requestor) -> SetOverRuns:
    return SetOverRuns(Client(requestor, parallel=4), Remote({"project_id": "proj_1"}))


@pytest.mark.parametrize("is_refreshed", [False, True])
def test_a_person_who_was_deleted_is_told_by_address_and_stops_nobody(
    stack: SetOverRuns, openai: Organization, caplog: Log, is_refreshed: bool
) -> None:
    named = {"ada@example.com": "owner", "grace@example.com": "member"}
    stack.up(named)
    deletes(openai, "grace")
    for added in ("alan", "eve"):
        if is_refreshed:
            assert "grace@example.com" not in stack.refresh()
        caplog.clear()
        stack.up({**named, f"user-{added}": "member"})
        assert warnings(caplog) == [
            (
                "1 user of project proj_1 no longer exists at OpenAI: grace@example.com (user-grace). Remove it from "
                "the program."
            )
        ]
        assert openai.roles[f"user-{added}"] == "member"
        assert "grace@example.com" not in stack.remote.get("members")
    stack.up({"ada@example.com": "owner"})
    with pytest.raises(errors.NoMatchError, match=r"no user with the address grace@example\.com"):
        stack.up(named)


@pytest.mark.parametrize("follows", [False, True])
def test_a_user_whose_address_has_changed_stays(stack: SetOverRuns, openai: Organization, follows: bool) -> None:
    old, new = {"ada@example.com": "owner"}, {"lovelace@example.com": "owner"}
    stack.up(old)
    openai.change("user", "user-ada", email="Lovelace@example.com")
    if follows:
        stack.up(new)  # without a refresh
        assert stack.remote.get("members") == new
    assert stack.refresh() == new, "as it is now"
    assert SET.means_same(stack.remote, "members", new)
    assert SET.means_same(stack.remote, "members", old) is not follows
    assert stack.note(new) == ""
    openai.writes()
    stack.up(new if follows else old)
    assert stack.refresh() == new
    assert openai.writes() == []
    stack.destroy()
    assert openai.roles == {}


def test_a_member_has_what_a_lost_change_may_set_and_the_set_its_end(stack: SetOverRuns, openai: Organization) -> None:
    stack.up({"user-ada": "owner"})
    stack.remote.memory[LostChanges].lost_at = int(openai.now)
    for role, seconds, recorded in (("member", 0, {"may_hold": {"role": ["member"]}}), ("owner", 62, {})):
        openai.now += seconds
        stack.up({"user-ada": role})
        record = stack.remote.memory[ObjectRecords].objects["user-ada"]
        assert {name: record[name] for name in ("may_hold", "lost_at") if name in record} == recorded


def claim(names: list[str], known: dict[str, str] | None = None) -> Any:
    wanted = Wanted({}, {"members": dict.fromkeys(names, "member")}, {})
    return first_claim(SET, {"project_id": "proj_1"}, wanted, {"users": known or {}})


def test_a_set_and_a_single_resource_conflict_by_id_and_by_address() -> None:
    def single(selection: dict[str, str], known: dict[str, str]) -> Any:
        return first_claim(ProjectUser.handler, {"project_id": "proj_1"}, Wanted(selection, {}), known)

    by_address = single({"email": "Ada@example.com"}, {})
    by_id = single({"id": "user-ada"}, {})
    assert claim(["ada@example.com"]).overlap(by_address) == "user ada@example.com of project proj_1"
    assert claim(["user-ada"]).overlap(by_id) == "user user-ada of project proj_1"
    assert claim(["ada@example.com"]).overlap(by_id) is None, "it is not known that they are one"
    assert claim(["ada@example.com"], {"ada@example.com": "user-ada"}).overlap(by_id)
    assert claim(["user-eve"]).overlap(by_address) is None


def test_a_new_set_knows_the_ids_of_its_addresses_before_any_change(stack: SetOverRuns, openai: Organization) -> None:
    wanted = Wanted({}, {"members": {"ada@example.com": "owner"}}, {})
    assert SET.existing(stack.client, stack.remote, wanted) == {"users": {"ada@example.com": "user-ada"}}
    assert openai.writes() == []


def test_all_users_are_imported_by_address_with_their_roles(stack: SetOverRuns, openai: Organization) -> None:
    openai.add({"user-eve": "owner", "user-ada": "viewer"})
    assert SET.ids(stack.client, stack.remote) == [""]
    assert SET.declared(stack.client, stack.remote) == {
        "members": {"ada@example.com": "viewer", "eve@example.com": "owner"}
    }


@pytest.mark.usefixtures("openai")
def test_a_user_whom_the_program_names_twice_is_an_error_with_advice(stack: SetOverRuns) -> None:
    with pytest.raises(errors.ConfigurationError) as told:
        stack.up({"ada@example.com": "member", "user-ada": "member"})
    assert told.value.what == "The program names user user-ada of project proj_1 twice: ada@example.com, user-ada"
    assert told.value.advice == "Remove one of them."


def named(*users: str) -> dict[str, str]:
    return {f"user-{user}": "member" for user in users}


def looked(stack: SetOverRuns, *users: str) -> Observation:
    return SET.observe(*stack.next_run(), Wanted({}, {"members": named(*users)}))


def test_users_who_exist_are_told_and_belong_to_the_set(stack: SetOverRuns, openai: Organization, caplog: Log) -> None:
    openai.add(named("ada", "alan", "eve"))
    note = existing_note("2 users of project proj_1 (user-ada, user-alan)", count=2)
    assert looked(stack, "ada", "grace", "alan").others == note
    for _ in range(2):
        stack.up(named("ada", "grace", "alan"))
    assert warnings(caplog) == [f"{note}."]
    assert stack.note(named("grace", "alan")) == (
        "1 user that this resource does not name will be removed from project proj_1, unless another resource of the "
        "program names them: user-ada."
    )
    stack.remote.step.is_declared_elsewhere = lambda _: "another"
    assert stack.note(named("grace", "alan")) == ""
    stack.remote.step.is_declared_elsewhere = lambda _: ""
    stack.up(named("grace", "alan"))
    assert {*openai.roles} == {*named("alan", "eve", "grace")}
    stack.destroy()
    assert {*openai.roles} == {*named("eve")}


def test_a_removed_user_who_is_listed_is_told_once(stack: SetOverRuns, openai: Organization, caplog: Log) -> None:
    stack.up(named("ada", "grace"), exclusive=True)
    rows = [{**person(id_), "email": None, "role": "member"} for id_ in named("ada", "grace")]
    openai.surprise("GET", "users$", listed(*rows), times=99)
    stack.up(named("grace"), exclusive=True)
    assert openai.roles == named("grace")
    for age, count in ((0, 0), (VISIBILITY_LAG_SECONDS + 1, 1), (1, 1)):
        openai.now += age
        assert stack.refresh() == named("grace")
        stack.up(named("grace"), exclusive=True)
        assert len(warnings(caplog)) == count
    assert warnings(caplog)[0].startswith(
        "OpenAI still lists 1 user of project proj_1 that this resource removed: user-ada. Owners of the organization "
        "may be implicit members."
    )
    assert len(openai.asked("DELETE")) == 1
    stack.up(named("ada", "grace"), exclusive=True)
    assert stack.remote.get("members") == named("ada", "grace")


def deletes(openai: Organization, *users: str) -> None:
    for id_ in named(*users):
        openai.others("DELETE", f"/organization/users/{id_}")
    openai.now += VISIBILITY_LAG_SECONDS + 1


def test_a_preview_tells_who_was_deleted(stack: SetOverRuns, openai: Organization) -> None:
    stack.client.parallel = 1
    stack.up(named("ada", "grace", "alan"))
    deletes(openai, "grace", "alan")
    observation = looked(stack, "ada", "grace", "alan")
    assert [value.label for value in observation.values] == ["user-ada"]
    assert observation.others == (
        "2 users of project proj_1 no longer exist at OpenAI: user-grace, user-alan. Remove them from the program"
    )


def test_an_exclusive_set_removes_whom_a_preview_named(stack: SetOverRuns, openai: Organization, caplog: Log) -> None:
    openai.add(named("eve"))
    stack.up(named("ada"), exclusive=True)
    assert {*openai.roles} == {*named("ada", "eve")}
    (told,) = warnings(caplog)
    assert told == (
        "Project proj_1 has 1 user that the program does not name, and that no preview has shown: eve@example.com. "
        "They are not removed yet; run the command again to remove them."
    )
    assert {*stack.remote.get("members")} == {"user-ada", "eve@example.com"}, "so the next preview shows a change"
    assert stack.note(named("ada")) == (
        "1 user that this resource does not name will be removed from project proj_1, unless another resource of the "
        "program names them: eve@example.com."
    )
    stack.up(named("ada"), exclusive=True)
    assert openai.roles == named("ada")
    assert stack.note(named("ada")) == ""


def test_what_was_done_is_kept_where_openai_refuses_a_user(stack: SetOverRuns, openai: Organization) -> None:
    stack.client.parallel = 1
    openai.surprise("POST", "users$", (400, error_body("No service accounts")))
    with pytest.raises(errors.PartialUpdateError) as told:
        stack.up(named("ada", "grace", "alan"))
    assert told.value.what == (
        "Failed to update 1 of 3 users of project proj_1 (user-ada); updated 2 (user-alan, user-grace)"
    )
    assert told.value.advice.startswith("user-ada: Could not add user user-ada of project proj_1: No service accounts")
    assert told.value.advice.endswith("Run the command again to update the rest.")
    assert stack.remote.step.has_changed
    assert stack.remote.get("members") == named("grace", "alan")
    stack.destroy()
    assert openai.roles == {}


def test_a_project_that_has_ended_is_named_beside_other_failures(stack: SetOverRuns, openai: Organization) -> None:
    stack.up(named("ada"))
    openai.others("POST", "/organization/projects/proj_1/archive")
    with pytest.raises(errors.ProjectArchivedError):
        stack.up(named("ada", "grace", "alan"))
    with pytest.raises(errors.ProjectArchivedError):
        stack.refresh()
    stack.destroy()


@pytest.mark.usefixtures("openai")
def test_a_preview_of_a_set_that_is_not_known_yet_compares_nothing(stack: SetOverRuns) -> None:
    assert SET.observe(*stack.next_run(), Wanted({}, {})) == Observation("the users of project proj_1")


@pytest.mark.parametrize("count", [1, 90])
def test_the_lists_of_a_set_stay_constant(stack: SetOverRuns, openai: Organization, count: int) -> None:
    people = named(*(f"u{number}" for number in range(count)))
    openai.seed(users=[person(id_) for id_ in people])
    stack.up(people)
    assert len(openai.asked("POST")) == count
    assert len(openai.asked("GET")) <= 2


@pytest.mark.usefixtures("openai")
def test_a_removal_waits_for_resources_that_may_declare_the_user(stack: SetOverRuns, clock: Clock) -> None:
    stack.up(named("ada", "grace"))
    before = clock.at
    stack.up(named("ada"))
    assert clock.at > before


USER = ProjectUser.handler


def role(value: str) -> Wanted:
    return Wanted({"id": "user-ada"}, {"role": value})


def with_role(client: Client, value: str) -> Remote:
    remote = Remote({"project_id": "proj_1"})
    USER.create(client, remote, role(value))
    return remote


def test_a_user_who_exists_is_told_and_removed(client: Client, openai: Organization, caplog: Any) -> None:
    openai.add({"user-ada": "owner"})
    note = existing_note("User user-ada of project proj_1", count=1)
    assert USER.observe(client, Remote({"project_id": "proj_1"}), role("owner")).others == note
    remote = with_role(client, "owner")
    assert (warnings(caplog), openai.writes(), remote.step.has_changed) == ([f"{note}."], [], False)
    USER.delete(next_run(client, remote), remote)
    assert openai.roles == {}


def test_a_user_whom_no_list_has_is_not_gone_while_openai_refuses_to_say(client: Client, openai: Organization) -> None:
    remote = with_role(client, "owner")
    openai.surprise("GET", "users$", listed())
    openai.surprise("GET", "user-ada$", (403, error_body("no permission")))
    with pytest.raises(errors.PermissionDeniedError):
        USER.read(next_run(client, remote), remote)


@pytest.mark.parametrize("status", [400, 409])
def test_a_user_whom_another_adds_meanwhile_gets_the_role(client: Client, openai: Organization, status: int) -> None:
    openai.surprise("POST", "users$", (status, error_body("exists")), acts=lambda: openai.add({"user-ada": "owner"}))
    with_role(client, "member")
    assert openai.roles == {"user-ada": "member"}


def test_a_change_that_openai_does_not_make_is_an_error(client: Client, openai: Organization) -> None:
    openai.add({"user-ada": "owner"})
    openai.surprise("POST", "user-ada$", (200, {"id": "user-ada", "role": "owner"}))
    with pytest.raises(errors.UpdateNotAppliedError, match="role is owner, expected member"):
        with_role(client, "member")


def test_a_role_is_compared_and_changed_and_the_user_removed_with_it(client: Client, openai: Organization) -> None:
    remote = with_role(client, "owner")
    openai.others("POST", f"{USERS}/user-ada", {"role": "viewer"})
    (value,) = USER.observe(next_run(client, remote), remote, role("member")).values
    assert value == ValueComparison("role", "role", "owner", "viewer", "member", is_same=False)
    openai.writes()
    USER.update(next_run(client, remote), remote, role("member"))
    assert openai.writes() == [("POST", "/user-ada", {"role": "member"})]
    assert remote.step.has_changed
    openai.others("POST", f"{USERS}/user-ada", {"role": "viewer"})
    USER.delete(next_run(client, remote), remote)
    assert openai.roles == {}, "neither the role from before nor that of others is put back"
