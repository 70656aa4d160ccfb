"""`drift` compares a stack's state with OpenAI, and says who changed what."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from pulumi_openai_admin.emulator.store.catalogue import REQUESTS
from pulumi_openai_admin.hosts.native.properties import camel
from tests import exported
from tests.by_hand import send
from tests.company import person, spend_limit
from tests.exported import ENCRYPTED, plain, record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

OBJECTS = (
    ("Project", "proj_demo"),
    ("ProjectRateLimit", "proj_demo/rl-gpt-4o"),
    ("ProjectMembers", "proj_demo"),
    ("ProjectSpendLimit", "proj_demo"),
    ("ProjectRateLimit", "proj_staging/rl-gpt-4o"),
    ("OrganizationUser", "user-grace"),
    ("Group", "group_1"),
    ("GroupMembers", "group_1"),
)
PEOPLE = {
    "users": [person("edsger"), person("grace")],
    "groups": [{"id": "group_1", "name": "Engineering"}],
    "group_users": [{"group_id": "group_1", "user_id": "user-grace"}],
    "project_users": [
        {"project_id": "proj_demo", "user_id": f"user-{name}", "role": "member"} for name in ("edsger", "grace")
    ],
    "project_spend_limits": [{"project_id": "proj_demo", **spend_limit(100_000)}],
}
ROW = "projects/proj_demo/rate_limits/rl-gpt-4o"


@pytest.fixture(autouse=True)
def _people(emulator: EmulatorServer) -> None:
    emulator.control.seed(PEOPLE)


@pytest.mark.parametrize("is_native", [False, True], ids=["dynamic", "native"])
def test_access_whose_time_is_over_is_a_difference(
    emulator: EmulatorServer, tmp_path: Path, command: Command, is_native: bool
) -> None:
    objects = [("GroupUser", "group_1/user-grace")]
    state = exported.write(tmp_path / "state.json", emulator, objects, is_native=is_native)
    now = emulator.control.advance_clock(0)

    def ending(record: dict[str, Any], until: int) -> None:
        record["outputs"]["until"] = record["inputs"]["until"] = until
        record["outputs"]["__managed"]["inputs"] = sorted(record["inputs"])

    for until, code in ((now + 86_400 * 30, 0), (now + 3_600, 0), (now - 1, 3)):
        edited(state, partial(ending, until=until))
        done = command("drift", "--state", str(state))
        assert done.code == code, done
        assert ("ends on" in done.err) == (until == now + 3_600)
        assert ("ended on" in done.out) == bool(code)
    found = json.loads(command("drift", "--state", str(state), "--json").out)
    assert (found["ending"], found["differing"]) == ([], 1)
    (note,) = found["drift"][0]["notes"]
    assert note.startswith("The access of user user-grace of group group_1 ended on ")


@pytest.fixture(params=["dynamic", "native"])
def state(emulator: EmulatorServer, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return exported.write(tmp_path / "state.json", emulator, OBJECTS, is_native=request.param == "native")


@pytest.fixture
def named(request: pytest.FixtureRequest, state: Path) -> Callable[[str], str]:  # noqa: ARG001 - the same provider
    """Gives the name of a property in the programs of the provider."""
    return camel if request.node.callspec.params["state"] == "native" else str


def edited(state: Path, edit: Callable[[dict[str, Any]], object], *more: dict[str, Any]) -> None:
    """Change each resource of a state, and add others."""
    document = json.loads(state.read_text(encoding="utf-8"))
    for resource in document["deployment"]["resources"]:
        edit(resource)
    document["deployment"]["resources"] += more
    state.write_text(json.dumps(document), encoding="utf-8")


def with_provider(state: Path, provider: str, inputs: dict[str, Any], kind: str = "") -> None:
    """Give resources of a kind a provider, by its type and name."""
    type_, _, name = provider.rpartition("::")
    added = record(type_, "1", name, inputs=inputs)
    reference = f"{added['urn']}::1"
    edited(state, lambda record: record.update(provider=reference) if record["type"].endswith(kind) else None, added)


def changed(done: Any) -> dict[str, Any]:
    """What differs, by resource and field: before, after, and who."""
    return {
        f"{difference['resource']} {difference['name']} {change['field']}": (
            change["before"],
            change["after"],
            change["changed_by"],
        )
        for difference in json.loads(done.out)["drift"]
        for change in difference["changes"]
    }


def test_nothing_differs(command: Command, emulator: EmulatorServer, state: Path) -> None:
    emulator.control.clear_requests()
    done = command("drift", "--state", str(state))
    assert (done.code, done.out) == (0, "")
    assert "8 resources compared: the state agrees with OpenAI." in done.err
    calls = emulator.control.requests()
    assert {call["method"] for call in calls} == {"GET"}
    assert not [call for call in calls if call["path"].endswith("/audit_logs")]
    paths = [call["path"] for call in calls]
    assert len(paths) == len(set(paths)), "each list and each object is read once"


@pytest.fixture
def differing(emulator: EmulatorServer, state: Path) -> Path:
    """A state from which OpenAI differs."""
    send(emulator, ROW, **{REQUESTS: 60})
    send(emulator, "projects/proj_demo/users/user-grace", role="owner")
    send(emulator, "projects/proj_demo/users/user-edsger", "DELETE")
    send(emulator, "projects/proj_demo/spend_limit", **spend_limit(5))
    send(emulator, "groups/group_1/users/user-grace", "DELETE")
    return state


def test_what_differs_and_who_changed_it(
    command: Command, differing: Path, emulator: EmulatorServer, named: Callable[[str], str]
) -> None:
    before = differing.read_bytes()
    emulator.control.clear_requests()
    done = command.fails("drift", "--state", str(differing), "--json", code=3)
    ada = "ada@example.com"
    assert changed(done) == {
        f"GroupMembers group_1 {named('user_ids')}": ("user-grace", None, None),
        'ProjectMembers proj_demo members["edsger@example.com"]': ("member", None, ada),
        'ProjectMembers proj_demo members["grace@example.com"]': ("member", "owner", ada),
        f"ProjectRateLimit rl-gpt-4o {named('max_requests_per_1_minute')}": (10_000, 60, ada),
        f"ProjectSpendLimit proj_demo {named('threshold_amount')}": (100_000, 5, None),
    }
    logs = [call for call in emulator.control.requests() if call["path"].endswith("/audit_logs")]
    assert len(logs) == 1
    assert {call["method"] for call in emulator.control.requests()} == {"GET"}
    assert differing.read_bytes() == before
    document = json.loads(done.out)
    limit = next(difference for difference in document.pop("drift") if difference["resource"] == "ProjectRateLimit")
    assert document.pop("read_at")[-1] == "Z"
    assert document.pop("source").startswith("http://127.0.0.1")
    without = {
        name: []
        for name in ("skipped_providers", "not_read", "with_project_key", "audit_log", "ending", "not_compared_inputs")
    }
    assert document == {"compared": 8, "not_compared": 0, "differing": 4, **without}
    (field,) = limit["changes"]
    assert field.pop("changed_at") > 0
    assert field.pop("event_id").startswith("audit_log-")
    assert field == {
        "field": named("max_requests_per_1_minute"),
        "before": 10_000,
        "after": 60,
        "member": None,
        "is_managed": True,
        "changed_by": ada,
        "event": "rate_limit.updated",
    }
    assert [limit[name] for name in ("status", "reason", "project_id", "notes")] == ["changed", None, "proj_demo", []]


def test_a_table_of_80_columns(command: Command, differing: Path, named: Callable[[str], str]) -> None:
    done = command.fails("drift", "--state", str(differing), COLUMNS="80", code=3)
    rows = [" ".join(line.split()) for line in done.out.splitlines()]
    assert rows[:2] == ["The organization", "GroupMembers group_1"]
    assert {"Demo (proj_demo)", "ProjectRateLimit rl-gpt-4o"} <= {*rows}
    assert "- grace@example.com" in done.out
    assert "10,000 → 60" in done.out
    assert max(map(cell_len, done.out.splitlines())) <= 80
    for word in (named("max_requests_per_1_minute"), 'members["edsger@example.com"]', "ada@example.com,"):
        assert word in done.out, "an identifier is on one line"
    assert "4 differ. Run `pulumi refresh` to record the current values" in done.said


def test_a_word_that_fits_no_column_has_a_line(command: Command, emulator: EmulatorServer, tmp_path: Path) -> None:
    email = f"{'a-long-name-' * 4}@example.com"
    user = {"id": "user-long", "name": "Long", "email": email, "role": "reader"}
    member = {"project_id": "proj_demo", "user_id": "user-long", "role": "member"}
    emulator.control.seed({"users": [user], "project_users": [member]})
    path = exported.write(tmp_path / "state.json", emulator, [("ProjectMembers", "proj_demo")])
    send(emulator, "projects/proj_demo/users/user-long", role="owner")
    done = command("drift", "--state", str(path), COLUMNS="80")
    lines = [line.rstrip() for line in done.out.splitlines()]
    assert lines[1:4] == ["  ProjectMembers proj_demo", f'    members["{email}"]', "      member → owner"]
    assert lines[4].startswith("      ada@example.com, 20")
    assert max(map(cell_len, lines)) <= 80
    assert "1 resource compared, 1 differs. Run `pulumi refresh`" in done.said


def test_an_archived_project_is_gone_with_all_in_it(command: Command, emulator: EmulatorServer, state: Path) -> None:
    send(emulator, "projects/proj_demo/archive")
    done = command.fails("drift", "--state", str(state), "--json", code=3)
    gone = {difference["resource"]: difference for difference in json.loads(done.out)["drift"]}
    assert set(gone) == {"Project", "ProjectRateLimit", "ProjectMembers", "ProjectSpendLimit"}
    assert {difference["status"] for difference in gone.values()} == {"gone"}
    assert gone["Project"]["reason"].endswith("is archived")
    who = {difference["changed_by"] for kind, difference in gone.items() if kind != "ProjectSpendLimit"}
    assert who == {"ada@example.com"}
    page = state.with_name("drift.html")
    done = command("drift", "--state", str(state), "--html", str(page))
    said = done.said
    assert "differ. An archived project can't be restored. To end it in the stack, too, remove it" in said
    assert "restore the values" not in said
    assert "If the program still declares it, the same commands create another project, with new ids" in said
    assert "create another project, with new ids and new keys" in page.read_text("utf-8")


# What could not be read, or is not known


EMPTY = json.dumps({"object": "list", "data": [], "has_more": False})


@pytest.mark.parametrize(
    ("fault", "told", "count"),
    [
        (
            {"kind": "not_json", "text": EMPTY, "content_type": "application/json"},
            "The audit log of the organization is empty",
            1,
        ),
        ({"kind": "status", "status": 403}, "The audit log could not be read", 2),  # each has its request id
    ],
    ids=["off", "forbidden"],
)
def test_without_the_audit_log_nobody_is_named(
    command: Command, emulator: EmulatorServer, differing: Path, fault: Any, told: str, count: int
) -> None:
    with_provider(differing, "pulumi:providers:openai-admin::other", {}, "ProjectRateLimit")
    emulator.control.fault(**fault, path="/organization/audit_logs", times=None)
    done = command.fails("drift", "--state", str(differing), "--json", code=3)
    assert done.err.count(told) == count
    assert {who for _, _, who in changed(done).values()} == {None}


def test_an_object_that_could_not_be_read_is_an_error_and_the_rest_is_shown(
    command: Command, emulator: EmulatorServer, state: Path
) -> None:
    send(emulator, ROW, **{REQUESTS: 60})
    emulator.control.fault(kind="status", status=403, path="*/spend_limit", times=None)
    done = command.fails("drift", "--state", str(state), "--json", code=3)
    assert "7 resources compared, 1 not, 1 differs." in done.said
    document = json.loads(done.out)
    assert len(document["drift"]) == 1
    (entry,) = document["not_read"]
    assert "ProjectSpendLimit" in entry["urn"]
    assert "error: ProjectSpendLimit proj_demo could not be read:" in done.said


def test_another_organizations_key_is_no_drift(command: Command, emulator: EmulatorServer, state: Path) -> None:
    for path in ("*/projects/*", "*/groups/*", "*/users/*"):
        emulator.control.fault(kind="status", status=404, method="GET", path=path, times=None)
    done = command.fails("drift", "--state", str(state), "--json", code=4)
    assert not [difference for difference in json.loads(done.out)["drift"] if difference["status"] == "gone"]


def test_a_wrong_key_ends_the_command(command: Command, state: Path) -> None:
    done = command("drift", "--state", str(state), OPENAI_ADMIN_KEY="sk-admin-wrong")
    assert (done.code, done.out) == (1, "")
    assert done.err.count("error:") == 1


def test_resources_of_a_provider_with_an_encrypted_key_are_named(
    command: Command, emulator: EmulatorServer, tmp_path: Path
) -> None:
    path = exported.write(tmp_path / "state.json", emulator, OBJECTS[:1], is_native=True)

    def drift(key: dict[str, str]) -> tuple[int, str]:
        with_provider(path, "pulumi:providers:openai-admin::other", {"adminApiKey": key, "baseUrl": emulator.base_url})
        done = command("drift", "--state", str(path), OPENAI_ADMIN_KEY="", OPENAI_BASE_URL="", OPENAI_LOG="info")
        return done.code, done.said

    code, text = drift(ENCRYPTED)
    assert code == 4
    assert "The resources of Provider 'other' were not compared: its key is encrypted in the state." in text
    assert "0 resources compared, 1 not." in text
    assert "agree" not in text
    code, text = drift(plain(emulator.admin_key))
    assert (code, emulator.admin_key in text) == (0, False)
    assert "1 resource compared: the state agrees" in text
    assert "info: GET /organization/projects/proj_demo: 200" in text


def test_where_all_inputs_are_secret_nothing_is_compared(
    command: Command, emulator: EmulatorServer, state: Path, tmp_path: Path
) -> None:
    def encrypt(record: dict[str, Any]) -> None:
        names = {*record["inputs"], "__managed"} - {"project_id", "projectId", "group_id", "groupId"}
        record["outputs"] |= dict.fromkeys(names, ENCRYPTED)

    edited(state, encrypt)
    send(emulator, ROW, **{REQUESTS: 60})
    send(emulator, "projects/proj_demo/users/user-grace", role="owner")
    done = command("drift", "--state", str(state), "--json", "--html", str(tmp_path / "drift.html"))
    found = json.loads(done.out)
    assert (done.code, found["drift"], found["compared"], found["not_compared"]) == (4, [], 0, 8)
    text = done.said
    assert "Resources with secret inputs, which are not compared: 8." in text
    assert "warning: Not compared, because these inputs are secret in the state: " in text
    assert "0 resources compared, 8 not." in text
    page = (tmp_path / "drift.html").read_text("utf-8")
    assert "No resource was compared." in page
    assert "these inputs are secret" in page
    assert "The state agrees" not in page + text


def test_a_secret_project_is_known_from_the_id_of_what_is_in_it(
    command: Command, emulator: EmulatorServer, state: Path
) -> None:
    def encrypt(record: dict[str, Any]) -> None:
        for values in (record["inputs"], record["outputs"]):
            values.update(dict.fromkeys({"project_id", "projectId"} & values.keys(), ENCRYPTED))
        record["outputs"]["__managed"] = ENCRYPTED

    edited(state, encrypt)
    done = command("drift", "--state", str(state), "--json")
    assert (done.code, json.loads(done.out)["not_read"]) == (0, [])
    send(emulator, ROW, **{REQUESTS: 60})
    (found,) = json.loads(command("drift", "--state", str(state), "--json").out)["drift"]
    assert (found["project_id"], len(found["changes"])) == ("proj_demo", 1)


@pytest.mark.parametrize("is_native", [False, True], ids=["dynamic", "native"])
def test_what_only_an_encrypted_memory_says_is_not_compared(
    command: Command, emulator: EmulatorServer, tmp_path: Path, is_native: bool
) -> None:
    key = send(emulator, "admin_api_keys", name="ci")
    name = camel if is_native else str
    known = {name(it): key[it] for it in ("name", "created_at", "redacted_value")}
    retiring = {name("retiring_api_keys"): [{name("admin_api_key_id"): "key_old", name("ends_at"): 1}]}
    outputs = {name("admin_api_key_id"): key["id"], **known, **retiring, "__managed": ENCRYPTED}
    ours = record("AdminApiKey", key["id"], native=is_native, inputs={"name": "ci"}, outputs=outputs)
    file = tmp_path / "state.json"
    anchor = record("ProjectDataRetention", "proj_demo", native=is_native, external=True, outputs={})
    file.write_text(json.dumps(exported.exported(ours, anchor)), encoding="utf-8")
    done = command("drift", "--state", str(file))
    assert (done.code, done.out) == (0, ""), done


# Where the state comes from


def test_wrong_options(command: Command, tmp_path: Path) -> None:
    assert command("drift", "--state", "x.json", "--stack", "dev").code == 2
    assert command("drift", "--state", "x.json", "--exclude", "kind:Group").code == 2
    assert "missing.json" in command.fails("drift", "--state", str(tmp_path / "missing.json")).err
    other = tmp_path / "other.json"
    other.write_text("[]", encoding="utf-8")
    assert "is not an exported stack" in command("drift", "--state", str(other)).said


def test_what_is_read_with_a_key_of_a_project_is_named_and_not_read(
    command: Command, emulator: EmulatorServer, tmp_path: Path
) -> None:
    state = exported.write(tmp_path / "state.json", emulator, [("Project", "proj_demo")])
    outputs = {"apiKey": ENCRYPTED, "name": "hooks", "__managed": {"inputs": ["api_key", "name"]}}
    inputs = {"apiKey": ENCRYPTED}
    hooks = record("WebhookEndpoint", "whe_1", "hooks", native=True, inputs=inputs, outputs=outputs)
    edited(state, str, hooks)
    done = command.fails("drift", "--state", str(state), "--json", code=4)
    assert json.loads(done.out)["with_project_key"] == [hooks["urn"]]
    assert "1 resource compared, 1 not: what was compared agrees with OpenAI." in done.said
    said = "Not compared, because the API key of their project is encrypted in the state: hooks."
    assert said in done.said
    assert not any("webhook" in entry["path"] for entry in emulator.control.requests())


def test_nothing_agrees_where_nothing_was_compared(command: Command, tmp_path: Path) -> None:
    state, page = tmp_path / "state.json", tmp_path / "drift.html"
    outputs = {"apiKey": ENCRYPTED, "name": "hooks", "__managed": {"inputs": ["api_key", "name"]}}
    hooks = record("WebhookEndpoint", "whe_1", "hooks", native=True, inputs={"apiKey": ENCRYPTED}, outputs=outputs)
    state.write_text(json.dumps(exported.exported(hooks)), encoding="utf-8")
    done = command.fails("drift", "--state", str(state), "--html", str(page), code=4)
    assert "0 resources compared, 1 not." in done.said
    assert "No resource was compared." in page.read_text("utf-8")
    assert "agrees with" not in done.said + page.read_text("utf-8")


def test_a_secret_input_that_openai_shows_is_named_and_the_state_does_not_agree(
    command: Command, emulator: EmulatorServer, tmp_path: Path
) -> None:
    state = exported.write(tmp_path / "state.json", emulator, OBJECTS[:1], is_native=True)

    def encrypt(record: dict[str, Any]) -> None:
        record["outputs"]["name"] = record["inputs"]["name"] = ENCRYPTED

    edited(state, encrypt)
    done = command("drift", "--state", str(state))
    assert (done.code, "(name)" in done.said, "the state agrees" in done.said) == (4, True, False)


PROVIDERS: dict[str, tuple[str, dict[str, str]]] = {
    "native": ("pulumi:providers:openai-admin::default", {"baseUrl": ""}),
    "dynamic": ("pulumi:providers:pulumi-python::default", {"openai-admin:baseUrl": ""}),
    "explicit, without a name": (
        "pulumi:providers:pulumi-python::",
        {"openai-admin:provider": "x", "openai-admin:adminApiKey": "sk-x", "openai-admin:baseUrl": ""},
    ),
}
"""Providers in a state: the type and the name, and the inputs, where `baseUrl` is of the test."""


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_the_key_of_the_environment_does_not_go_to_an_address_of_the_state(
    command: Command, emulator: EmulatorServer, tmp_path: Path, provider: tuple[str, dict[str, str]]
) -> None:
    name, inputs = provider
    path = exported.write(tmp_path / "state.json", emulator, OBJECTS[:1], is_native=True)
    with_provider(path, name, {name: value or emulator.base_url for name, value in inputs.items()})
    emulator.control.clear_requests()
    done = command("drift", "--state", str(path), OPENAI_BASE_URL="")
    assert (done.code, done.out, emulator.control.requests()) == (1, "", [])
    assert done.said == (
        f"error: The admin key from OPENAI_ADMIN_KEY is not sent to {emulator.base_url}, because only the state has "
        "this address. If the address is right, set OPENAI_BASE_URL to it."
    )
    command.ok("drift", "--state", str(path))
