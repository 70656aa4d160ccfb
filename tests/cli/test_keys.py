"""`keys` lists, finds and revokes API keys."""

from __future__ import annotations

import json
import os
import signal
from subprocess import DEVNULL
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.cli.terminal import FOUND, NOT_READ
from tests.by_hand import lists, request
from tests.company import person
from tests.exported import exported, record
from tests.systems import needs_signals

if TYPE_CHECKING:
    from pathlib import Path
    from subprocess import Popen

    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

DAY = 86_400
LEAKED = f"sk-svcacct-{'a' * 60}wxyz"
GRACE, ALAN = person("grace"), person("alan")
SHOP = "/organization/projects/proj_shop/api_keys"


@pytest.fixture(autouse=True)
def _organization(emulator: EmulatorServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of 150 days: `web` was used today, Grace's 50 days ago, and the others never."""
    monkeypatch.chdir(tmp_path)  # of no Pulumi project
    web = {"id": "key_web", "name": "web", "value": LEAKED, "expires_in_seconds": 400 * DAY}
    ci = [
        {"id": f"key_{name}", "name": name, "expires_in_seconds": days * DAY}
        for name, days in (("ci", 160), ("old", 9))
    ]
    control = emulator.control
    control.seed(
        {
            "users": [GRACE, ALAN],
            "projects": [
                {
                    "id": "proj_shop",
                    "name": "Shop",
                    "service_accounts": [{"id": "svc_acct_web", "name": "web", "keys": [web]}],
                    "user_keys": [
                        {"id": f"key_{user['name'].lower()}", "name": "own", "user": user} for user in (GRACE, ALAN)
                    ],
                },
                {
                    "id": "proj_lab",
                    "name": "Lab",
                    "service_accounts": [{"id": "svc_acct_ci", "name": "ci", "keys": ci}],
                },
            ],
        }
    )
    control.seed({"project_users": [{"project_id": "proj_shop", "user_id": "user-grace", "role": "member"}]})
    for days, key in ((100, "key_grace"), (50, "key_web")):
        control.advance_clock(days * DAY)
        control.use(project_id="proj_shop", api_key_id=key, model="gpt-4o", output_tokens=1)
    control.clear_requests()


def own_key(emulator: EmulatorServer) -> str:
    (key,) = emulator.control.live("admin_api_key")["admin_api_key"]
    return key


def listed(command: Command, *options: str) -> dict[str, dict[str, Any]]:
    return {key["key_id"]: key for key in json.loads(command.ok("keys", "--json", *options).out)["keys"]}


def left(emulator: EmulatorServer) -> set[str]:
    return {key.rpartition("/")[2] for key in emulator.control.live("api_key")["api_key"]}


def sent(emulator: EmulatorServer, method: str) -> list[str]:
    return [request["path"] for request in emulator.control.requests() if request["method"] == method]


def state(path: Path, *, is_native: bool, line: str = "project:///__main__.py#20", **more: bool) -> str:
    """A stack whose program makes `key_web`, and is replacing it."""
    id_, retiring = ("apiKeyId", "retiringApiKeys") if is_native else ("api_key_id", "retiring_api_keys")
    outputs = {id_: "key_web", retiring: [{id_: "key_ci", "endsAt" if is_native else "ends_at": 1}]}
    values = {"inputs": {}, "outputs": outputs, "stackTrace": [{}, {"sourcePosition": line}], **more}
    key = record("ProjectServiceAccountApiKey", "proj_shop/svc_acct_web/key_web", "web", native=is_native, **values)
    path.write_text(json.dumps(exported(key)), encoding="utf-8")
    return str(path)


def test_each_key_has_its_owner_its_times_and_its_marks(command: Command, emulator: EmulatorServer) -> None:
    found = listed(command)
    assert [*found] == [own_key(emulator), "key_ci", "key_old", "key_web", "key_grace", "key_alan"]
    web = found["key_web"]
    assert (web["owner_type"], web["owner_id"], web["project"]) == ("service_account", "svc_acct_web", "Shop")
    assert web["redacted_value"].endswith("wxyz")
    assert web["last_used_at"] - found["key_grace"]["last_used_at"] == pytest.approx(50 * DAY, abs=60)
    assert (found["key_ci"]["last_used_at"], found["key_ci"]["managed_by"]) == (None, None)
    own = found[own_key(emulator)]
    assert own["last_used_at"] == pytest.approx(web["last_used_at"], abs=60)
    assert (own["owner_email"], own["owner_has_access"], own["project_id"]) == ("ada@example.com", True, None)
    done = command.ok("keys")
    marks = {line.split()[1]: line for line in done.out.splitlines()}
    assert "unused, expiring" in marks["key_ci"]
    assert "owner gone, unused" in marks["key_alan"]
    assert "never expired expired" in " ".join(marks["key_old"].split())
    assert not {"unused", "gone"} & set(marks["key_grace"].split())


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (["--unused", "90d"], {"key_ci", "key_alan"}),
        (["--unused", "7w"], {"key_ci", "key_alan", "key_grace"}),
        (["--expiring", "14d"], {"key_ci"}),
        (["--expiring", "300d"], {"key_ci", "key_web"}),
        (["--owner-gone"], {"key_alan"}),
        (["--owner", "GRACE@example.com", "--owner", "ci"], {"key_grace", "key_ci", "key_old"}),
        (["--owner", "*@example.com", "--unused", "90d"], {"key_alan"}),
        (["--never-expires", "--owner", "Grace", "--owner", "ci"], {"key_grace"}),
    ],
)
def test_a_key_matches_all_filters(command: Command, options: list[str], shown: set[str]) -> None:
    assert set(listed(command, *options)) == shown
    assert command("keys", "--fail", *options).code == FOUND


@pytest.mark.parametrize(
    ("status", "code", "access"),
    [(200, "", True), (403, "", None), (404, "unknown_url", None), (404, "user_not_found", False)],
)
def test_only_a_404_about_the_owner_of_an_admin_key_says_that_the_owner_is_gone(
    command: Command, emulator: EmulatorServer, status: int, code: str, access: bool | None
) -> None:
    (ada,) = (user for user in request(emulator, "GET", "/organization/users")["data"] if user["role"] == "owner")
    lists(emulator, "/organization/users", *({**user, "object": "organization.user"} for user in (GRACE, ALAN)))
    if status != 200:
        body, path = {"error": {"message": "No.", "code": code}}, f"*/users/{ada['id']}"
        emulator.control.fault(kind="status", status=status, body=body, path=path, times=None)
    done = command("keys", "--json")
    document = json.loads(done.out)
    (own,) = (key for key in document["keys"] if key["key_id"] == own_key(emulator))
    assert (own["owner_has_access"], done.code) == (access, NOT_READ if access is None else 0)
    assert ["Not shown: the users" in text for text in document["not_read"]] == [True] * (access is None)
    read = [path for path in sent(emulator, "GET") if path.startswith("/organization/users/")]
    assert {*read} == {f"/organization/users/{ada['id']}"}


def test_an_expiry_within_a_time_and_none_at_all_contradict_each_other(command: Command) -> None:
    done = command.fails("keys", "--never-expires", "--expiring", "5d", code=2)
    assert "Give only one of --expiring and --never-expires." in done.said


def test_no_match_is_no_failure_and_an_unknown_owner_is(command: Command, emulator: EmulatorServer) -> None:
    done = command.ok("keys", "--unused", "9999w", "--fail")
    assert (done.out, "There are no keys to show." in done.err) == ("", True)
    emulator.control.seed({"users": [person("new")]})
    command.ok("keys", "--owner", "new@example.com", "--fail")
    assert "Did you mean grace@example.com?" in command.fails("keys", "--owner", "graze@example.com").err


@pytest.mark.parametrize("is_native", [False, True], ids=["dynamic", "native"])
def test_the_resource_that_manages_a_key(command: Command, tmp_path: Path, is_native: bool) -> None:
    file = state(tmp_path / "state.json", is_native=is_native)
    found = listed(command, "--state", file)
    here = "ProjectServiceAccountApiKey web (__main__.py:20)"
    managed = {id_: key["managed_by"] for id_, key in found.items() if key["managed_by"]}
    assert managed == {"key_web": here, "key_ci": here}
    assert here in command.ok("keys", "--state", file, COLUMNS="300").out
    assert not {"key_web", "key_ci"} & set(listed(command, "--state", file, "--unmanaged"))
    outside = state(tmp_path / "state.json", is_native=is_native, line="project:///venv/lib/site-packages/team.py#1")
    assert listed(command, "--state", outside)["key_web"]["managed_by"] == here.partition(" (")[0]


def test_a_key_is_managed_until_the_engine_deletes_the_resource_that_it_replaces(
    command: Command, tmp_path: Path
) -> None:
    """A replacement that failed halfway: the old key is the only one, and the new resource has none."""
    file = state(tmp_path / "state.json", is_native=True, delete=True)
    assert (
        listed(command, "--state", file)["key_web"]["managed_by"] == "ProjectServiceAccountApiKey web (__main__.py:20)"
    )
    assert "key_web" not in listed(command, "--state", file, "--unmanaged")
    assert "manage 1 key" in command.fails("keys", "revoke", "key_web", "--dry-run", "--state", file).err


def test_without_a_state_only_unmanaged_fails(command: Command, tmp_path: Path) -> None:
    assert "The Pulumi CLI was not found" in command.fails("keys", "--unmanaged", PATH="").err
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    done = command.ok("keys", PATH="")
    assert "It is not known what the stack manages. The Pulumi CLI was not found" in done.err
    assert "key_web" in done.out


def test_lists_that_may_not_be_read_are_named(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="status", status=403, path="*/proj_shop/api_keys", times=None)
    emulator.control.fault(kind="status", status=403, path="*/organization/users", times=None)
    done = command("keys", "--fail")
    assert (done.code, "key_ci" in done.out, "key_web" in done.out) == (FOUND, True, False)
    assert command("keys").code == NOT_READ
    assert "Not shown: the API keys of projects." in done.err
    assert "Not shown: the users of the organization." in done.err
    assert "No key that could be read begins" in command.fails("keys", "find", stdin=LEAKED, code=4).err


# --- find ---


@pytest.mark.parametrize(
    "text",
    [LEAKED, f"  {LEAKED}\r\n", LEAKED.encode("utf-16"), LEAKED.encode("utf-8-sig")],
    ids=["plain", "space", "16", "bom"],
)
def test_find_says_which_key_it_is_and_does_not_show_it(command: Command, tmp_path: Path, text: str | bytes) -> None:
    done = command("keys", "find", "--state", state(tmp_path / "state.json", is_native=False), stdin=text)
    assert done.code == 3
    words = " ".join(done.out.split())
    assert "found in line 1" in words
    assert words.startswith("API key key_web (web) value sk-svcacct-...wxyz owner web project Shop created ")
    assert "managed by ProjectServiceAccountApiKey web (__main__.py:20)" in words
    assert LEAKED[12:40] not in done.out + done.err


def test_find_names_all_keys_that_look_the_same(command: Command, emulator: EmulatorServer) -> None:
    twin = f"sk-svcacct-{'b' * 60}wxyz"
    keys = [{"id": "key_twin", "value": twin}]
    emulator.control.seed({"projects": [{"id": "proj_3", "name": "Three", "user_keys": keys}]})
    done = command("keys", "find", "--json", stdin=LEAKED)
    (answer,) = json.loads(done.out)["candidates"]
    assert {key["key_id"] for key in answer["keys"]} == {"key_web", "key_twin"}
    assert (done.code, "It is one of these 2 keys" in done.err) == (3, True)


def test_find_knows_the_key_that_the_command_uses(command: Command, emulator: EmulatorServer) -> None:
    done = command("keys", "find", stdin=emulator.admin_key)
    assert (done.code, "It is the key that this command uses." in done.err) == (3, True)


@pytest.mark.parametrize("text", ["", "nothing", "sk-learn"])
def test_a_text_without_a_key_is_an_error(command: Command, emulator: EmulatorServer, text: str) -> None:
    done = command.fails("keys", "find", stdin=text)
    assert "has nothing that looks like an API key" in done.err
    assert emulator.control.requests() == []


def test_find_answers_for_each_key_in_a_text(command: Command, emulator: EmulatorServer) -> None:
    other, cut = f"sk-proj-{'Z9z' * 20}", "sk-proj-...XXXX"
    text = (
        f"export OPENAI_API_KEY='{LEAKED}'\nold: {other}, {cut}\nAuthorization: Bearer {LEAKED}\n{emulator.admin_key}"
    )
    done = command.fails("keys", "find", stdin=text, code=3)
    assert "found in lines 1, 3" in " ".join(done.out.split())
    assert "sk-proj-...zZ9z (line 2): No key of the organization" in done.err
    assert "sk-proj-...XXXX (line 2): This is not a whole key" in done.err
    assert "(line 4): It is the key that this command uses." in done.err
    document = json.loads(command.fails("keys", "find", "--json", stdin=text, code=3).out)
    shown = [
        (it["lines"], it["is_whole"], it["is_used_by_command"], [key["key_id"] for key in it["keys"]])
        for it in document["candidates"]
    ]
    own = own_key(emulator)
    assert shown == [
        ([1, 3], True, False, ["key_web"]),
        ([2], True, False, []),
        ([2], False, False, []),
        ([4], False, True, [own]),
    ]
    assert document["searched"] == {"projects": 6, "projects_read": 6, "project_keys": 5, "admin_keys": 1}
    for secret in (LEAKED, other):
        assert secret not in done.out + done.err + json.dumps(document)


def test_a_masked_key_may_be_each_that_openai_shows_with_its_end(command: Command) -> None:
    done = command.fails("keys", "find", stdin=f"used sk-svcacct-...{LEAKED[-4:]} at noon", code=3)
    assert "key_web" in done.out


@pytest.mark.parametrize("text", ["sk-…abc", "sk-***"])
def test_a_masked_key_is_said_to_be_none(command: Command, text: str) -> None:
    done = command.fails("keys", "find", stdin=f"OPENAI_API_KEY={text}", code=4)
    assert "This is not a whole key" in done.err
    assert "No key" not in done.err


def test_an_expired_key_is_shown_as_expired_and_is_not_live(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.advance_clock(400 * DAY)
    done = command.ok("keys", "find", stdin=LEAKED)
    assert "(expired)" in done.out


def test_a_key_of_which_openai_shows_nothing_could_be_the_one(command: Command, emulator: EmulatorServer) -> None:
    lists(emulator, "*/proj_shop/api_keys", {"id": "key_1", "name": "x", "redacted_value": None})
    done = command.fails("keys", "find", stdin=LEAKED, code=4)
    assert "Not compared: 1 key of which OpenAI shows no beginning and end." in done.err
    assert "It was revoked" not in done.err


def test_a_key_that_lists_its_times_oddly_is_shown(command: Command, emulator: EmulatorServer) -> None:
    odd = {"created_at": 10**18, "last_used_at": "yesterday", "expires_at": -1}
    row = {"id": "key_odd", "name": "odd", "redacted_value": "sk-svcacct-...wxyz", **odd}
    lists(emulator, "*/proj_shop/api_keys", row)
    done = command("keys")
    assert "key_odd" in done.out
    assert "never" not in next(line for line in done.out.splitlines() if "key_odd" in line)
    assert "OpenAI shows 'yesterday' as last_used_at of the key key_odd, which is not a time." in done.err
    assert "key_odd" not in listed_anyway(command, "--never-expires")
    assert "last used ?" in " ".join(command.fails("keys", "find", stdin=LEAKED, code=3).out.split())


def listed_anyway(command: Command, *options: str) -> list[str]:
    return [key["key_id"] for key in json.loads(command("keys", "--json", *options).out)["keys"]]


def test_a_key_in_the_arguments_is_not_repeated(command: Command, emulator: EmulatorServer) -> None:
    for arguments in (("find", LEAKED), ("revoke", LEAKED), (LEAKED,), ("find", "--state", "-")):
        done = command("keys", *arguments, stdin=LEAKED)
        assert (done.code, LEAKED in done.out + done.err) == (2, False)
    assert emulator.control.requests() == []


@needs_signals
def test_a_terminal_does_not_show_what_is_typed(command: Command) -> None:
    import pty  # noqa: PLC0415 - Windows has no such module

    primary, secondary = pty.openpty()
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), secondary)
    with command.start("keys", "find", **streams, start_new_session=True) as process:
        os.close(secondary)
        shown = b""
        while b"not shown" not in shown:
            shown += os.read(primary, 1000)
        os.write(primary, f"{LEAKED}\n".encode())
        while b"key_web" not in shown:
            shown += os.read(primary, 1000)
        process.wait(timeout=60)
    os.close(primary)
    assert LEAKED.encode() not in shown


# --- revoke ---


def test_revoke_shows_asks_and_deletes(command: Command, emulator: EmulatorServer) -> None:
    for options, text, code in ((["--dry-run"], "", 0), ([], "n\n", 1), ([], "", 1)):
        done = command("keys", "revoke", "key_web", *options, stdin=text)
        assert (done.code, sent(emulator, "DELETE")) == (code, [])
        assert "owner web" in " ".join(done.out.split())
    done = command("keys", "revoke", "key_web", "key_alan", "key_web", stdin="y\n")
    assert (done.code, sent(emulator, "DELETE")) == (0, [f"{SHOP}/key_web", f"{SHOP}/key_alan"])
    assert done.out.splitlines()[-2:] == ["revoked API key key_web (web)", "revoked API key key_alan (own)"]
    events = emulator.control.call("GET", "state")["totals"]["api_keys"]["revoked"]
    assert events == 2
    done = command.ok("keys", "find", stdin=LEAKED)
    assert "No key of the organization begins and ends like this one" in done.err
    assert "Searched: 3 keys of 6 of 6 projects, and 1 Admin API key." in done.err


def test_an_id_that_nothing_knows_does_not_keep_the_others(command: Command, emulator: EmulatorServer) -> None:
    done = command.fails("keys", "revoke", "key_wen", "key_alan", "--yes")
    assert done.out.splitlines()[-2:] == [
        "revoked API key key_alan (own)",
        (
            "unknown key key_wen: It is not known whether it exists, because no list of the organization shows it, and "
            "the audit log does not have its end. Check the id."
        ),
    ]
    assert "key_web" not in done.out + done.err
    assert sent(emulator, "DELETE") == [f"{SHOP}/key_alan"]
    emulator.control.fault(kind="status", status=403, path="*/audit_logs", times=None)
    emulator.control.fault(kind="status", status=403, path=SHOP, times=None)
    done = command.fails("keys", "revoke", "key_alan", "--yes")
    assert "no list that could be read shows it, and the audit log could not be read (Could not list" in done.out
    assert "Not shown: the API keys of projects." in done.err


def test_a_key_that_was_revoked_before_is_done(command: Command, emulator: EmulatorServer) -> None:
    command.ok("keys", "revoke", "key_web", "--yes")
    ids = ["key_web", "key_alan", "key_old"]
    done = command.ok("keys", "revoke", *ids, "--yes", "--json")
    document = json.loads(done.out)
    assert [(key["key_id"], key["status"]) for key in document["keys"]] == [
        ("key_web", "already_revoked"),
        ("key_alan", "revoked"),
        ("key_old", "revoked"),
    ]
    assert (document["keys"][0]["revoked_by"], document["error"]) == ("ada@example.com", None)
    assert document["keys"][1]["owner_email"] == "alan@example.com"
    emulator.control.clear_requests()
    done = command.ok("keys", "revoke", *ids, stdin="")
    assert [line.rpartition(": ")[0] for line in done.out.splitlines()] == [f"already revoked key {id_}" for id_ in ids]
    assert done.out.count(" by ada@example.com\n") == 3
    assert sent(emulator, "DELETE") == []


def test_a_key_that_the_stack_manages_is_refused(command: Command, emulator: EmulatorServer, tmp_path: Path) -> None:
    file = state(tmp_path / "state.json", is_native=True)
    done = command("keys", "revoke", "key_alan", "key_web", "--yes", "--state", file)
    assert (done.code, sent(emulator, "DELETE")) == (1, [])
    assert "API key key_web (web): ProjectServiceAccountApiKey web (__main__.py:20)" in done.err
    done = command.ok("keys", "revoke", "key_web", "--yes", "--even-if-managed", "--state", file)
    assert "pulumi up --refresh" in done.err
    assert "key_web" not in left(emulator)


def test_the_key_that_the_command_uses_is_refused(command: Command, emulator: EmulatorServer) -> None:
    done = command.fails("keys", "revoke", own_key(emulator), "key_web", "--yes")
    assert "(emulator) is the key that this command uses. Create another" in done.err
    rows = [
        {"id": id_, "name": id_, "redacted_value": value}
        for id_, value in (("key_1", "sk-admin-...ator"), ("key_2", "?"))
    ]
    for some in (rows, rows[1:]):
        lists(emulator, "*/admin_api_keys", *some, some[0] | {"id": "key_3"}, times=1)
        assert "may be the key that this command uses" in command.fails("keys", "revoke", "key_3", "--yes").err
    assert sent(emulator, "DELETE") == []


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        ({"kind": "status", "status": 502}, "unknown"),
        ({"kind": "unrelated_404"}, "refused"),
        ({"kind": "status", "status": 403}, "refused"),
    ],
    ids=["502", "404", "403"],
)
def test_a_refusal_does_not_keep_the_other_keys(
    command: Command, emulator: EmulatorServer, fault: dict[str, Any], end: str
) -> None:
    emulator.control.fault(**fault, method="DELETE", path="*/key_alan", times=None)
    done = command.fails("keys", "revoke", "key_alan", "key_web", "--yes")
    assert f"{end} API key key_alan (own): Could not revoke API key key_alan" in done.out
    assert done.out.splitlines()[-1] == "revoked API key key_web (web)"
    assert "1 of 2 not revoked, as far as is known. Run the same command again to continue." in done.said
    assert "key_alan" in left(emulator)
    assert "key_web" not in left(emulator)


def test_a_lost_response_that_nothing_explains_is_unknown(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="reset", when="after", method="DELETE", path="*/key_alan", times=1)
    for method in ("DELETE", "GET"):
        emulator.control.fault(kind="status", status=403, method=method, path="*/key_alan", times=None)
    done = command.fails("keys", "revoke", "key_alan", "--yes", "--json")
    (key,) = json.loads(done.out)["keys"]
    assert (key["status"], "key_alan" in left(emulator)) == ("unknown", False)
    emulator.control.clear_faults()
    assert "already revoked key key_alan" in command.ok("keys", "revoke", "key_alan").out


def test_the_list_has_all_keys(command: Command, emulator: EmulatorServer) -> None:
    keys = [{"id": f"key_{number}", "user": ALAN} for number in range(15)]
    emulator.control.seed({"projects": [{"id": "proj_many", "name": "Many", "user_keys": keys}]})
    emulator.control.fault(kind="status", status=403, method="DELETE", path="*/proj_many/*", times=None)
    done = command.fails("keys", "revoke", *[key["id"] for key in keys], "--yes")
    for key in keys:
        assert f"refused API key {key['id']}" in done.out


def test_a_key_that_only_reads_can_list_and_not_revoke(command: Command, emulator: EmulatorServer) -> None:
    reading = {"OPENAI_ADMIN_KEY": "sk-admin-that-only-reads"}
    emulator.control.seed({"admin_keys": [{"value": reading["OPENAI_ADMIN_KEY"], "scopes": ["api.management.read"]}]})
    assert command("keys", **reading).code == 0
    done = command("keys", "revoke", "key_alan", "--yes", **reading)
    assert (done.code, "api.management.write" in done.out, "key_alan" in left(emulator)) == (1, True, True)
    assert "api.management.write" in command("check", **reading).out


def hung(emulator: EmulatorServer, process: Popen[str]) -> None:
    """Wait until the revocation of Alan's key gets no response."""
    while f"{SHOP}/key_alan" not in sent(emulator, "DELETE"):
        assert process.poll() is None


@pytest.fixture
def hangs(emulator: EmulatorServer, usual_signals: None) -> None:  # noqa: ARG001 - the fixture sets them
    """No response to the revocation of Alan's key."""
    emulator.control.fault(kind="hang", method="DELETE", path="*/key_alan", times=None)


@needs_signals
@pytest.mark.usefixtures("hangs")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_it_with_the_list(command: Command, emulator: EmulatorServer, name: str) -> None:
    number = getattr(signal, name)
    for options in ([], ["--json"]):
        with command.start("keys", "revoke", "key_web", "key_alan", "key_old", "--yes", *options) as process:
            hung(emulator, process)
            process.send_signal(number)
            out, err = process.communicate(timeout=150)
        assert process.returncode == 128 + number
        assert f"Stopped by {name}." in err
        assert {"key_alan", "key_old"} <= left(emulator)
        emulator.control.clear_requests()
        if options:
            document = json.loads(out)
            ends = {key["key_id"]: key["status"] for key in document["keys"]}
            assert ends == {"key_web": "already_revoked", "key_alan": "unknown", "key_old": "there"}
            assert document["error"] == {"code": "stopped", "message": f"Stopped by {name}.", "request_id": None}
        else:
            assert out.splitlines()[-3:] == [
                "revoked API key key_web (web)",
                "unknown API key key_alan (own): The command was stopped before the response came.",
                "not revoked API key key_old (old)",
            ]


@needs_signals
@pytest.mark.usefixtures("hangs")
def test_signals_while_the_list_is_printed_do_not_end_it(command: Command, emulator: EmulatorServer) -> None:
    many = [{"id": f"key_{number}", "user": ALAN} for number in range(200)]
    emulator.control.seed({"projects": [{"id": "proj_many", "name": "Many", "user_keys": many}]})
    ids = ["key_alan", *(key["id"] for key in many)]
    with command.start("keys", "revoke", *ids, "--yes", "--json", stderr=DEVNULL) as process:
        hung(emulator, process)
        process.send_signal(signal.SIGTERM)
        assert process.stdout is not None
        first = process.stdout.read(1)  # the rest does not fit into the pipe
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process.send_signal(number)
        document = json.loads(first + process.stdout.read())
        process.wait(timeout=150)
    assert process.returncode == 128 + signal.SIGTERM
    assert [key["key_id"] for key in document["keys"]] == ids


@needs_signals
@pytest.mark.usefixtures("hangs")
def test_after_a_kill_it_can_be_run_again(command: Command, emulator: EmulatorServer) -> None:
    ids = ["key_web", "key_alan", "key_old"]
    with command.start("keys", "revoke", *ids, "--yes") as process:
        hung(emulator, process)
        process.kill()
        out, _ = process.communicate(timeout=150)
    assert out.splitlines()[-1] == "revoked API key key_web (web)"
    emulator.control.clear_faults()
    done = command.ok("keys", "revoke", *ids, "--yes")
    assert done.out.splitlines()[-3:-1] == ["revoked API key key_alan (own)", "revoked API key key_old (old)"]
    assert done.out.splitlines()[-1].startswith("already revoked key key_web: ")


@needs_signals
@pytest.mark.parametrize("are_both", [False, True])
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_output_that_nobody_reads_does_not_end_it(
    command: Command, emulator: EmulatorServer, options: list[str], are_both: bool
) -> None:
    ids = ["key_web", "key_alan", "key_old"]
    reading, writing = os.pipe()
    os.close(reading)
    streams = {"stdout": writing, **({"stderr": writing} if are_both else {})}
    with command.start("keys", "revoke", *ids, "--yes", *options, **streams) as process:
        os.close(writing)
        _, err = process.communicate(timeout=150)
    assert not {*ids} & left(emulator)
    assert process.returncode == 1
    for title in () if are_both else ("key_web (web)", "key_alan (own)", "key_old (old)"):
        assert err.count(f"revoked API key {title}\n") == 1
    assert are_both or "Broken pipe (standard output)" in err


def test_options_of_the_list_are_no_options_of_its_commands(command: Command, emulator: EmulatorServer) -> None:
    assert command("keys", "--unused", "90d", "revoke", "key_web", "--yes").code == 2
    assert command("keys", "--unused", "90 days").code == 2
    assert emulator.control.requests() == []
