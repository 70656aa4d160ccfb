"""`offboard` lists everything that a person has, and removes it."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.cli import offboard
from pulumi_openai_admin.cli.terminal import NOT_READ
from tests.by_hand import lists, request
from tests.company import person, spend_alert
from tests.exported import ENCRYPTED, plain, record, write
from tests.systems import needs_signals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import Popen

    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

WHO = "grace@example.com"
GRACE = {"id": "user-grace", "name": "Grace", "email": "Grace@example.com", "role": "reader"}
ALAN, IVY, SECOND = person("alan"), person("ivy"), person("2nd", "owner")
TAKES = {"permissions": ["api.model.read"]}
ALERT = spend_alert(8_000, "finance@example.com", WHO)
SHOP, LAB = {"project_id": "proj_shop"}, {"project_id": "proj_lab"}
ROLE = "/organization/users/user-grace/roles/role_audit"
PROJECT_ROLE = "/projects/proj_shop/users/user-grace/roles/role_deploy"
GROUP = "/organization/groups/group_eng/users/user-grace"
IN_SHOP, IN_LAB = (f"/organization/projects/{name}/users/user-grace" for name in ("proj_shop", "proj_lab"))
KEY = "/organization/projects/proj_shop/api_keys/key_grace"
INVITE = "/organization/invites/invite-1"
USER = "/organization/users/user-grace"


@pytest.fixture(autouse=True)
def _organization(emulator: EmulatorServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # of no Pulumi project
    control = emulator.control
    control.seed(
        {
            "invites": [
                {"id": "invite-1", "email": WHO, "role": "reader", "projects": []},
                {"id": "invite-2", "email": "alan2@example.com", "role": "reader", "projects": []},
            ],
            "users": [GRACE, ALAN],
            "projects": [
                {
                    "id": "proj_shop",
                    "name": "Shop",
                    "service_accounts": [{"id": "svc_acct_web", "name": "web", "keys": [{"id": "key_web"}]}],
                    "user_keys": [
                        {"id": "key_grace", "name": "notebook", "user": GRACE},
                        {"id": "key_alan", "name": "notebook", "user": ALAN},
                    ],
                },
                {"id": "proj_lab", "name": "Lab"},
            ],
            "groups": [{"id": "group_eng", "name": "Engineering"}, {"id": "group_other", "name": "Others"}],
            "group_users": [
                {"group_id": "group_eng", "user_id": "user-grace"},
                {"group_id": "group_other", "user_id": "user-alan"},
            ],
            "roles": [{"id": "role_audit", "role_name": "Auditor", "description": "Reads", **TAKES}],
            "user_roles": [{"user_id": "user-grace", "role_id": "role_audit"}],
            "project_roles": [{"id": "role_deploy", **SHOP, "role_name": "Deployer", **TAKES}],
            "project_users": [
                {**place, "user_id": user, "role": "member"}
                for place in (SHOP, LAB)
                for user in ("user-grace", "user-alan")
            ],
            "project_user_roles": [{**SHOP, "user_id": "user-grace", "role_id": "role_deploy"}],
            "spend_alerts": [{"id": "alert_all", **ALERT}],
            "project_spend_alerts": [{"id": "alert_lab", **LAB, **ALERT}],
            "admin_keys": [{"value": "sk-admin-of-grace", "owner_id": "user-grace"}],
        }
    )
    control.advance_clock(3600)  # what is new is looked for longer
    control.clear_requests()


def admin_key(emulator: EmulatorServer) -> str:
    keys = emulator.control.live("admin_api_key")["admin_api_key"]
    return next(id_ for id_, key in keys.items() if key["owner_id"] == "user-grace")


def listed(command: Command, *options: str, who: str = WHO) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(command.ok("offboard", who, "--json", *options).out)
    return document


def has(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(entry["type"], entry["id"], entry["where"]) for entry in document["has"]]


def sent(emulator: EmulatorServer) -> list[str]:
    return [request["path"] for request in emulator.control.requests() if request["method"] != "GET"]


def everything(emulator: EmulatorServer) -> list[str]:
    """The requests that remove everything, in order."""
    own = f"/organization/admin_api_keys/{admin_key(emulator)}"
    return [INVITE, KEY, own, ROLE, PROJECT_ROLE, GROUP, IN_LAB, IN_SHOP, USER]


# --- what the person has ---


def test_everything_that_a_person_has_is_listed_and_nothing_changes(command: Command, emulator: EmulatorServer) -> None:
    found = listed(command)
    assert has(found) == [
        ("invite", "invite-1", "organization"),
        ("api_key", "key_grace", "Shop"),
        ("admin_api_key", admin_key(emulator), "organization"),
        ("role", "role_audit", "organization"),
        ("role", "role_deploy", "Shop"),
        ("group", "group_eng", "Engineering"),
        ("project", "proj_lab", "Lab"),
        ("project", "proj_shop", "Shop"),
        ("user", "user-grace", "organization"),
        ("spend_alert", "alert_all", "organization"),
        ("spend_alert", "alert_lab", "Lab"),
    ]
    assert {entry["status"] for entry in found["has"]} == {"there"}
    assert (found["user_ids"], found["is_state_known"], found["managers"]) == (["user-grace"], False, [])
    assert (found["is_last_owner"], found["owns_used_key"]) == (False, False)
    done = command.ok("offboard", WHO.upper())
    words = " ".join(done.out.split())
    for part in ("role role_audit organization Auditor", "group group_eng Engineering", "Lab $80"):
        assert part in words
    assert "notebook, never used" in words
    assert "No state was read. It is not known what other stacks manage." in done.said
    assert sent(emulator) == []


def test_an_id_finds_what_is_left_of_a_person_who_is_gone(command: Command, emulator: EmulatorServer) -> None:
    assert has(listed(command, who="user-grace")) == has(listed(command))
    ghost = {**GRACE, "id": "user-ghost", "email": "ghost@example.com"}
    emulator.control.seed({"projects": [{"id": "proj_old", "name": "Old", "user_keys": [{"id": "k", "user": ghost}]}]})
    for who in ("ghost@example.com", "user-ghost"):
        assert has(listed(command, who=who)) == [("api_key", "k", "Old")]
    command.ok("offboard", "ghost@example.com", "--apply", "--yes")
    assert sent(emulator) == ["/organization/projects/proj_old/api_keys/k"]


@pytest.mark.parametrize("who", [WHO, "user-grace"])
@pytest.mark.parametrize("is_owner", [False, True])
def test_a_user_whom_the_list_lacks_is_asked_for(
    command: Command, emulator: EmulatorServer, who: str, is_owner: bool
) -> None:
    wanted = everything(emulator)
    if is_owner:
        emulator.control.seed({"users": [SECOND]})
        request(emulator, "POST", USER, {"role": "owner"})
    emulator.control.clear_requests()
    lists(emulator, "*/organization/users", ALAN)
    lists(emulator, "*/api_keys")
    lists(emulator, "*/admin_api_keys", *[{"id": "key_ada", "owner": {"id": "user-emulator"}}] * is_owner)
    assert ("user", "user-grace", "organization") in has(listed(command, who=who))
    done = command("offboard", who, "--apply", "--yes")
    if is_owner:
        assert f"{who} is the last owner" in done.err
    assert (done.code, sent(emulator)) == ((1, []) if is_owner else (0, [INVITE, *wanted[3:]]))


def test_a_user_whom_the_list_lacks_may_be_there_if_openai_does_not_say_it(
    command: Command, emulator: EmulatorServer
) -> None:
    lists(emulator, "*/organization/users", ALAN)
    emulator.control.fault(kind="status", status=403, method="GET", path=USER, times=None)
    done = command.fails("offboard", WHO, "--apply", "--yes")
    assert "warning: Not shown: the users of the organization. Could not look up user user-grace: " in done.said
    assert USER not in sent(emulator)


@pytest.mark.parametrize("who", ["graze@example.com", "*@example.com", "race@example.com"])
def test_nobody_is_an_error_that_names_nobody_else(command: Command, emulator: EmulatorServer, who: str) -> None:
    for options in ([], ["--apply", "--yes"]):
        done = command.fails("offboard", who, *options)
        assert f"Nobody in the organization, no pending invite and no owner of a key is '{who}'" in done.said
        assert "It can't be shown that the person was removed, because the audit log does not have it" in done.said
        assert "race@example.com" not in done.said.replace(who, "").lower()
    assert sent(emulator) == []


@pytest.mark.parametrize("arguments", [[" "], [WHO, "--yes"]])
def test_arguments_that_make_no_sense(command: Command, emulator: EmulatorServer, arguments: list[str]) -> None:
    assert command("offboard", *arguments).code == 2
    assert emulator.control.requests() == []


# --- removal ---


def test_apply_asks_and_removes_everything_in_order(command: Command, emulator: EmulatorServer) -> None:
    wanted = everything(emulator)
    for text in ("n\n", ""):
        done = command("offboard", WHO, "--apply", stdin=text)
        assert (done.code, sent(emulator)) == (1, [])
    assert "This removes 9 entries of grace@example.com, and can't be undone." in done.err
    done = command("offboard", WHO, "--apply", stdin="y\n")
    assert (done.code, sent(emulator)) == (0, wanted)
    assert done.out.splitlines()[-9:] == [
        "removed invite invite-1 of the organization",
        "removed API key key_grace (notebook)",
        f"removed Admin API key {wanted[2].rpartition('/')[2]} (seed)",
        "removed role role_audit of the organization",
        "removed role role_deploy in Shop",
        "removed membership in group Engineering (group_eng)",
        "removed membership in project Lab (proj_lab)",
        "removed membership in project Shop (proj_shop)",
        "removed user user-grace of the organization",
    ]
    assert "alerts give no access: spend alert alert_all of the organization, spend alert alert_lab in Lab." in done.err
    assert has(listed(command)) == [("spend_alert", "alert_all", "organization"), ("spend_alert", "alert_lab", "Lab")]
    live = emulator.control.live("user", "api_key", "spend_alert")
    assert {"user-alan"} <= {*live["user"]}
    assert {key.rpartition("/")[2] for key in live["api_key"]} == {"key_web", "key_alan"}


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 403}, {"kind": "unrelated_404"}], ids=["403", "404"])
def test_a_refusal_keeps_only_the_user_and_the_command_can_be_run_again(
    command: Command, emulator: EmulatorServer, fault: dict[str, Any]
) -> None:
    wanted = everything(emulator)
    emulator.control.fault(**fault, method="DELETE", path=f"*{GROUP}", times=None)
    done = command.fails("offboard", WHO, "--apply", "--yes")
    assert [*dict.fromkeys(sent(emulator))] == wanted[:-1]
    lines = done.out.splitlines()
    assert sum(line.startswith("removed ") for line in lines) == 7
    assert [line for line in lines if line.startswith("refused membership in group Engineering (group_eng): Could not")]
    assert lines[-1] == "not removed user user-grace of the organization"
    assert "is not complete, because 1 entry may still give access" in done.said
    assert "2 of 9 not removed, as far as is known. Run the same command again to continue." in done.said
    emulator.control.clear_faults()
    emulator.control.clear_requests()
    command.ok("offboard", WHO, "--apply", "--yes")
    assert sent(emulator) == [wanted[5], wanted[-1]]


def test_lost_responses_are_resolved(command: Command, emulator: EmulatorServer) -> None:
    for path in everything(emulator):
        emulator.control.fault(kind="reset", when="after", method="DELETE", path=path, times=1)
    emulator.control.fault(kind="status", status=502, method="DELETE", path=USER, times=None)  # only GET shows the end
    done = command.ok("offboard", WHO, "--apply", "--yes")
    assert done.out.splitlines()[-1] == "removed user user-grace of the organization"
    assert "user-grace" not in emulator.control.live("user")["user"]


def test_a_key_that_was_created_meanwhile_is_revoked_before_the_end(command: Command, emulator: EmulatorServer) -> None:
    new = [{"id": "key_new", "name": "new", "user": GRACE}]
    emulator.control.seed({"projects": [{"id": "proj_new", "name": "New", "user_keys": new}]})
    lists(emulator, "*/proj_new/api_keys", times=1)
    done = command.ok("offboard", WHO, "--apply", "--yes")
    assert sent(emulator)[-2:] == ["/organization/projects/proj_new/api_keys/key_new", USER]
    assert "removed API key key_new (new)" in done.out


@pytest.fixture
def accept(emulator: EmulatorServer, monkeypatch: pytest.MonkeyPatch) -> Callable[[object, str], None]:
    """Let a person accept the invite before the command calls something. Until then, no list shows the user."""
    invite = {"id": "invite-3", "email": IVY["email"], "role": "reader", "projects": []}
    key = {"id": "key_ivy", "name": "old", "user": {**IVY, "id": "user-old"}}
    emulator.control.seed({"invites": [invite], "projects": [{"id": "proj_old", "name": "Old", "user_keys": [key]}]})
    emulator.control.advance_clock(3600)

    def before(owner: object, name: str) -> None:
        work = getattr(owner, name)

        def run(*arguments: Any, **options: Any) -> Any:
            emulator.control.accept_invite("invite-3")
            return True if name == "confirmed" else work(*arguments, **options)

        monkeypatch.setattr(owner, name, run)

    return before


@pytest.mark.parametrize(("owner", "name"), [(offboard.HeldByPerson, "read"), (offboard, "confirmed")])
@pytest.mark.parametrize("is_listed", [False, True])
def test_a_person_who_accepts_an_invite_meanwhile_is_removed_or_named(
    command: Command,
    emulator: EmulatorServer,
    accept: Callable[[object, str], None],
    owner: object,
    name: str,
    is_listed: bool,
) -> None:
    accept(owner, name)
    lists(emulator, "*/organization/users", ALAN, times=1 if is_listed else None)
    done = command("offboard", IVY["email"], "--apply", *["--yes"] * (name == "read"))
    people = [user["email"] for user in emulator.control.live("user")["user"].values()]
    assert (done.code, IVY["email"] in people) == ((0, False) if is_listed else (1, True))
    if not is_listed:
        assert "warning: Not shown: the user who has accepted invite invite-3." in done.said
        assert "is not complete, because it is not known what else the person has" in done.said


def test_nothing_is_removed_that_the_question_did_not_ask_for(
    command: Command, emulator: EmulatorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.control.seed({"spend_alerts": [{"id": "alert_ivy", **spend_alert(1_000, IVY["email"])}]})
    read = offboard.HeldByPerson.read_again

    def joining(found: offboard.HeldByPerson) -> Any:
        emulator.control.seed({"users": [IVY]})
        return read(found)

    monkeypatch.setattr(offboard.HeldByPerson, "read_again", joining)
    done = command.fails("offboard", IVY["email"], "--apply")
    assert done.out.splitlines()[-1] == "not removed user user-ivy of the organization"
    assert sent(emulator) == []


def test_who_becomes_the_last_owner_meanwhile_stays(
    command: Command, emulator: EmulatorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator.control.seed({"users": [SECOND]})
    bot = {"id": "user-bot", "role": "reader"}
    read = offboard.HeldByPerson.read_again

    def alone(found: offboard.HeldByPerson) -> Any:
        lists(emulator, "*/organization/users", SECOND, bot)
        return read(found)

    monkeypatch.setattr(offboard.HeldByPerson, "read_again", alone)
    done = command.fails("offboard", SECOND["email"], "--apply", "--yes")
    why = "2nd@example.com is the last owner of the organization"
    assert f"The removal of 2nd@example.com is not complete, because {why}" in done.said
    assert sent(emulator) == []


# --- again ---


def test_each_lost_response_leaves_a_run_that_can_be_continued(command: Command, emulator: EmulatorServer) -> None:
    """No response says what became of the request: its repetition and the request that asks are refused."""
    for path in (wanted := everything(emulator))[:-1]:
        emulator.control.fault(kind="reset", when="after", method="DELETE", path=path, times=1)
        for method in ("DELETE", "GET"):
            emulator.control.fault(kind="status", status=403, method=method, path=path, times=1)
    document = json.loads(command.fails("offboard", WHO, "--apply", "--yes", "--json").out)
    ends = [entry["status"] for entry in document["has"] if entry["type"] != "spend_alert"]
    assert ends == [*["unknown"] * 8, "there"]
    assert all("status 403" in entry["why"] for entry in document["has"][:8])
    assert [*dict.fromkeys(sent(emulator))] == wanted[:-1]
    emulator.control.clear_requests()
    command.ok("offboard", WHO, "--apply", "--yes")
    assert sent(emulator) == [USER]


def test_who_was_removed_before_is_found_in_the_audit_log(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.call("POST", "reset")
    own = {"value": "sk-admin-of-grace", "owner_id": "user-grace"}
    emulator.control.seed(
        {"users": [GRACE, ALAN], "admin_keys": [own], "projects": [{"id": "proj_lab", "name": "Lab"}]}
    )
    request(emulator, "POST", "/organization/projects/proj_lab", {"name": "Labs"}, key=own["value"])  # what links them
    emulator.control.fault(kind="reset", when="after", method="DELETE", path=USER, times=1)
    for method in ("DELETE", "GET"):
        emulator.control.fault(kind="status", status=403, method=method, path=USER, times=1)
    done = command.fails("offboard", GRACE["email"], "--apply", "--yes")
    assert "unknown user user-grace of the organization: Could not remove user user-grace" in done.out
    emulator.control.clear_faults()
    for who in (GRACE["email"], "user-grace"):
        done = command.ok("offboard", who, "--apply")
        assert done.out.splitlines()[-1].startswith("already removed user user-grace of the organization: ")
        assert done.out.splitlines()[-1].endswith(" by ada@example.com")
        (entry,) = listed(command, who=who)["has"]
        assert (entry["status"], entry["removed_by"]) == ("already_removed", "ada@example.com")
    emulator.control.fault(kind="status", status=403, path="*/audit_logs", times=None)
    done = command.fails("offboard", GRACE["email"], "--apply")
    assert "It can't be shown that the person was removed, because the audit log could not be read" in done.said
    assert "Did you mean" not in done.said


def test_an_invite_that_was_removed_before_is_found(command: Command, emulator: EmulatorServer) -> None:
    body = {"email": "new@example.com", "role": "reader"}
    invite = request(emulator, "POST", "/organization/invites", body)["id"]
    request(emulator, "DELETE", f"/organization/invites/{invite}")
    done = command.ok("offboard", "NEW@example.com", "--apply")
    assert done.out.splitlines()[-1].startswith(f"already removed invite {invite} of the organization: ")


def test_who_is_a_user_with_another_address_is_not_removed(command: Command, emulator: EmulatorServer) -> None:
    """The audit log has an event of the end of a membership, and the address that the person had before."""
    old = {**request(emulator, "GET", "/organization/audit_logs"), "data": []}
    actor = {"type": "session", "session": {"user": {"id": "user-grace", "email": "old@example.com"}}}
    event = {"id": "e", "type": "user.deleted", "effective_at": 1, "actor": actor, "user.deleted": {"id": "user-grace"}}
    body = {**old, "data": [event], "has_more": False}
    emulator.control.fault(kind="status", status=200, body=body, path="*/audit_logs", times=None)
    done = command.fails("offboard", "old@example.com", "--apply", "--yes")
    assert "It can't be shown that the person was removed" in done.said
    assert sent(emulator) == []


def hung(emulator: EmulatorServer, process: Popen[str]) -> None:
    """Wait until the removal from the group gets no response."""
    while GROUP not in sent(emulator):
        assert process.poll() is None


@needs_signals
@pytest.mark.usefixtures("usual_signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_after_a_signal_it_says_what_is_left_and_can_be_run_again(
    command: Command, emulator: EmulatorServer, name: str, options: list[str]
) -> None:
    wanted = everything(emulator)
    emulator.control.fault(kind="hang", method="DELETE", path=f"*{GROUP}", times=None)
    number = getattr(signal, name)
    with command.start("offboard", WHO, "--apply", "--yes", *options) as process:
        hung(emulator, process)
        process.send_signal(number)
        out, err = process.communicate(timeout=150)
    if name == "SIGKILL":
        assert (process.returncode, out.count("removed ")) == (-number, 0 if options else 5)
    else:
        assert process.returncode == 128 + number
        assert f"Stopped by {name}." in err
        lines = (err if options else out).splitlines()
        assert sum(line.startswith("removed ") for line in lines) == 5
        stopped = "The command was stopped before the response came."
        assert f"unknown membership in group Engineering (group_eng): {stopped}" in lines
        assert sum(line.startswith("not removed ") for line in lines) == 3
    if options and name != "SIGKILL":
        document = json.loads(out)
        ends = [entry["status"] for entry in document["has"]]
        assert ends == [*["removed"] * 5, "unknown", *["there"] * 3]
        assert document["error"] == {"code": "stopped", "message": f"Stopped by {name}.", "request_id": None}
    emulator.control.clear_faults()
    emulator.control.clear_requests()
    command.ok("offboard", WHO, "--apply", "--yes")
    assert sent(emulator) == wanted[5:]


@needs_signals
def test_output_that_nobody_reads_does_not_end_it(command: Command, emulator: EmulatorServer) -> None:
    wanted = everything(emulator)
    reading, writing = os.pipe()
    os.close(reading)
    with command.start("offboard", WHO, "--apply", "--yes", stdout=writing) as process:
        os.close(writing)
        _, err = process.communicate(timeout=150)
    assert (process.returncode, sent(emulator)) == (1, wanted)
    assert sum(line.startswith("removed ") for line in err.splitlines()) == 9


# --- who stays ---


def test_the_last_owner_and_the_owner_of_the_used_key_stay(command: Command, emulator: EmulatorServer) -> None:
    own = {"OPENAI_ADMIN_KEY": "sk-admin-of-grace"}
    for who, environ, why in (
        ("ada@example.com", own, "is the last owner of the organization. Make somebody else"),
        (WHO, own, "owns the key that this command uses. Set OPENAI_ADMIN_KEY to an Admin API key of another owner"),
    ):
        assert command("offboard", who, **environ).code == 0
        done = command.fails("offboard", who, "--apply", "--yes", **environ)
        assert f"Nothing was removed, because {who} {why}" in done.said
    emulator.control.seed({"users": [SECOND]})
    bot = {"id": "user-bot", "role": "owner", "is_service_account": True}
    lists(emulator, "*/organization/users", SECOND, bot)
    assert "2nd@example.com is the last owner" in command("offboard", "2nd@example.com", "--apply", "--yes").err
    assert sent(emulator) == []


def test_it_is_not_known_whose_the_used_key_is(command: Command, emulator: EmulatorServer) -> None:
    rows = [
        {"id": f"key_{name}", "name": name, "redacted_value": "sk-admin-...ator", "owner": {"id": f"user-{name}"}}
        for name in ("grace", "alan")
    ]
    other = {**rows[0], "redacted_value": "sk-admin-...else"}
    emulator.control.seed({"users": [SECOND]})
    for shown, who in ((rows, WHO), ([other], WHO), ([], "2nd@example.com")):
        lists(emulator, "*/admin_api_keys", *shown)
        done = command.fails("offboard", who, "--apply", "--yes")
        assert f"{who} may own the key that this command uses" in done.said
        emulator.control.clear_faults()
    assert sent(emulator) == []


def test_an_owner_who_is_a_member_of_all_projects_is_removed(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.seed({"users": [SECOND]})
    emulator.control.world(owners_are_members=True)
    done = command.ok("offboard", "2nd@example.com", "--apply", "--yes", "--json")
    assert "kept membership in project" in done.err
    assert "It ends with the removal from the organization." in done.err
    assert {entry["status"] for entry in json.loads(done.out)["has"]} == {"removed"}
    assert "user-2nd" not in emulator.control.live("user")["user"]


def test_a_conflict_in_a_project_is_a_refusal(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="status", status=409, method="DELETE", path=IN_LAB, times=None)
    done = command("offboard", WHO, "--apply", "--yes")
    assert (done.code, IN_LAB in sent(emulator), USER in sent(emulator)) == (1, True, False)


def test_what_the_identity_provider_manages_is_named(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.seed(
        {
            "groups": [{"id": "group_scim", "name": "Everybody", "is_scim_managed": True}],
            "group_users": [{"group_id": "group_scim", "user_id": "user-grace"}],
            "users": [
                {"id": "user-scim", "name": "S", "email": "s@example.com", "role": "reader", "is_scim_managed": True}
            ],
        }
    )
    emulator.control.fault(kind="status", status=403, method="DELETE", path="*/users/user-scim", times=None)
    assert "identity provider: OpenAI may refuse to change" in command.ok("offboard", "s@example.com").said
    done = command.fails("offboard", "s@example.com", "--apply", "--yes")
    assert done.out.splitlines()[-1].startswith("refused user user-scim of the organization: Could not")
    assert "managed by your identity provider (SCIM)" in done.out
    assert "Remove the person at the identity provider" in done.out
    done = command.fails("offboard", WHO, "--apply", "--yes")
    assert USER not in sent(emulator)
    assert "managed by your identity provider (SCIM)" in done.out


# --- permissions ---


def test_what_could_not_be_read_may_be_left(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="status", status=403, path="*/proj_lab/users", times=None)
    assert "Not shown: the users of projects." in command.fails("offboard", WHO, code=NOT_READ).err
    done = command.fails("offboard", WHO, "--apply", "--yes")
    assert "is not complete, because it is not known what else the person has" in done.err
    assert sent(emulator)[-1] == IN_SHOP


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 403}, {"kind": "unrelated_404"}], ids=["403", "404"])
def test_alerts_that_can_not_be_read_block_nothing(
    command: Command, emulator: EmulatorServer, fault: dict[str, Any]
) -> None:
    wanted = everything(emulator)
    emulator.control.fault(**fault, path="*/spend_alerts", times=None)
    document = json.loads(command.fails("offboard", WHO, "--json", code=4).out)
    assert (document["not_read"], len(document["alerts_not_read"]), len(document["has"])) == ([], 2, 9)
    done = command.fails("offboard", WHO, "--apply", "--yes", code=4)
    assert sent(emulator) == wanted
    assert "warning: Not shown: the spend alerts of the organization. " in done.said
    assert done.out.splitlines()[-1] == "removed user user-grace of the organization"


def test_alerts_are_read_after_everything_is_removed(command: Command, emulator: EmulatorServer) -> None:
    command.ok("offboard", WHO, "--apply", "--yes")
    paths = [request["path"] for request in emulator.control.requests()]
    assert min(number for number, path in enumerate(paths) if "spend_alerts" in path) > paths.index(USER)


def test_a_list_that_the_organization_does_not_have_keeps_only_the_user(
    command: Command, emulator: EmulatorServer
) -> None:
    wanted = everything(emulator)
    emulator.control.fault(kind="unrelated_404", path="*/organization/groups", times=None)
    done = command.fails("offboard", WHO, "--apply", "--yes")
    assert sent(emulator) == [path for path in wanted if path not in (GROUP, USER)]
    assert "Not shown: the groups. Could not list" in done.said


# --- an address of two people ---


def test_who_shares_an_address_is_removed_by_the_id(command: Command, emulator: EmulatorServer) -> None:
    twin = {**ALAN, "email": WHO}
    lists(emulator, "*/organization/users", GRACE, twin)
    assert listed(command)["user_ids"] == ["user-alan", "user-grace"]
    done = command.fails("offboard", WHO, "--apply", "--yes")
    why = "2 users of the organization have the address grace@example.com: user-alan, user-grace"
    assert f"Nothing was removed, because {why}. Use the id of one of them in place of the address." in done.said
    assert sent(emulator) == []
    command.ok("offboard", "user-grace", "--apply", "--yes")
    assert sent(emulator)[-1] == USER
    assert not [path for path in sent(emulator) if "alan" in path]


# --- stacks ---


@pytest.mark.parametrize("is_native", [False, True], ids=["dynamic", "native"])
def test_what_a_stack_manages_stays_and_keeps_the_last_step(
    command: Command, emulator: EmulatorServer, tmp_path: Path, is_native: bool
) -> None:
    objects = [
        ("Invite", "invite-1"),
        ("UserRole", "user-grace/role_audit"),
        ("ProjectUserRole", "proj_shop/user-grace/role_deploy"),
        ("GroupUser", "group_eng/user-grace"),
        ("ProjectMembers", "proj_lab"),
        ("OrganizationUser", "user-grace"),
        ("ProjectSpendAlert", "proj_lab/alert_lab"),
    ]
    emulator.control.seed({"roles": [{"id": "role_other", "role_name": "Other", "description": "", **TAKES}]})
    emulator.control.seed({"user_roles": [{"user_id": "user-grace", "role_id": "role_other"}]})
    line = {"stackTrace": [{}, {"sourcePosition": "project:///__main__.py#20"}]}
    file = write(tmp_path / "state.json", emulator, objects, is_native=is_native, **line)
    document = json.loads(file.read_text(encoding="utf-8"))
    outputs = {"adminApiKeyId" if is_native else "admin_api_key_id": admin_key(emulator)}
    own = record("AdminApiKey", "key", "laptop", native=is_native, inputs={}, outputs=outputs, **line)
    document["deployment"]["resources"].append(own)
    file.write_text(json.dumps(document), encoding="utf-8")
    emulator.control.clear_requests()
    found = listed(command, "--state", str(file))
    managed = {(entry["type"], entry["id"]): entry["managed_by"] for entry in found["has"]}
    assert managed == {
        ("invite", "invite-1"): ["Invite invite-1 (__main__.py:20)"],
        ("api_key", "key_grace"): [],
        ("admin_api_key", admin_key(emulator)): ["AdminApiKey laptop (__main__.py:20)"],
        ("role", "role_audit"): ["UserRole role_audit (__main__.py:20)"],
        ("role", "role_other"): [],
        ("role", "role_deploy"): ["ProjectUserRole role_deploy (__main__.py:20)"],
        ("group", "group_eng"): ["GroupUser user-grace (__main__.py:20)"],
        ("project", "proj_lab"): ["ProjectMembers proj_lab (__main__.py:20)"],
        ("project", "proj_shop"): ["ProjectUserRole role_deploy (__main__.py:20)"],
        ("user", "user-grace"): ["OrganizationUser user-grace (__main__.py:20)"],
        ("spend_alert", "alert_all"): [],
        ("spend_alert", "alert_lab"): ["ProjectSpendAlert alert_lab (__main__.py:20)"],
    }
    done = command("offboard", WHO, "--state", str(file), "--apply", "--yes")
    said = done.said
    assert (done.code, sent(emulator)) == (1, [KEY, ROLE.replace("role_audit", "role_other")])
    assert "is not complete, because resources of the stacks manage a part of it: " in said
    for name in ("Invite invite-1", "UserRole role_audit", "GroupUser user-grace", "ProjectMembers proj_lab"):
        assert f"{name} (__main__.py:20)" in said
    assert "not removed invite invite-1 of the organization: It is managed by Invite invite-1" in done.out


@pytest.mark.parametrize("is_native", [False, True], ids=["dynamic", "native"])
@pytest.mark.parametrize("is_shown", [False, True])
def test_what_a_stack_manages_is_not_known_if_inputs_are_encrypted(
    command: Command, emulator: EmulatorServer, tmp_path: Path, is_native: bool, is_shown: bool
) -> None:
    file = write(tmp_path / "state.json", emulator, [("ProjectMembers", "proj_lab")], is_native=is_native)
    document = json.loads(file.read_text(encoding="utf-8"))
    (resource,) = document["deployment"]["resources"]
    for values in (resource["inputs"], resource["outputs"]):
        values["members"] = plain(values["members"]) if is_shown else ENCRYPTED
    file.write_text(json.dumps(document), encoding="utf-8")
    emulator.control.clear_requests()
    done = command.fails("offboard", WHO, "--state", str(file), "--apply", "--yes")
    assert ("encrypted in the state: ProjectMembers proj_lab. Use --state with a file" in done.said) is not is_shown
    assert ("manage a part of it: ProjectMembers proj_lab" in done.said) is is_shown
    assert (USER in sent(emulator), IN_LAB in sent(emulator)) == (False, not is_shown)
    assert command("offboard", WHO, "--state", str(file)).code == (0 if is_shown else NOT_READ)


def test_several_stacks_and_what_would_come_back(command: Command, emulator: EmulatorServer, tmp_path: Path) -> None:
    one = write(tmp_path / "one.json", emulator, [("ProjectMembers", "proj_lab")])
    two = write(tmp_path / "two.json", emulator, [("GroupMembers", "group_eng")])
    two.write_text(two.read_text(encoding="utf-8").replace("pulumi:dev::test", "pulumi:prod::test"), encoding="utf-8")
    emulator.control.call("POST", "reset")
    emulator.control.seed({"users": [GRACE], "projects": [{"id": "proj_lab", "name": "Lab"}]})
    emulator.control.clear_requests()
    states = ["--state", str(one), "--state", str(two)]
    done = command("offboard", WHO, "--apply", "--yes", *states)
    managers = "GroupMembers group_eng (test/prod); ProjectMembers proj_lab (test/dev)"
    assert (done.code, f"a part of it: {managers}" in done.said, sent(emulator)) == (1, True, [])
    words = " ".join(done.out.replace("\N{EN DASH}", "").split())
    assert "declaration Lab the person does not have it now ProjectMembers" in words


def test_in_a_pulumi_project_the_state_has_to_be_readable_to_remove(
    command: Command, emulator: EmulatorServer, tmp_path: Path
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    done = command.ok("offboard", WHO, PATH="")
    assert "It is not known what the stack manages. The Pulumi CLI was not found" in done.err
    done = command("offboard", WHO, "--apply", "--yes", PATH="")
    assert (done.code, "The Pulumi CLI was not found" in done.err, sent(emulator)) == (1, True, [])
