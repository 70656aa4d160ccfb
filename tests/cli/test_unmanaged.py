"""`drift --unmanaged` and `adopt --dry-run` list what exists beside a stack, with who made it and when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from pulumi_openai_admin.cli.adopt.kinds import Patterns, all_kinds, selected
from pulumi_openai_admin.emulator.store.catalogue import REQUESTS
from tests import exported
from tests.by_hand import send
from tests.cli.test_adopt_into import existing
from tests.company import person, plant
from tests.exported import record

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

ADA = "ada@example.com"
SET = [("Group", "group_ops"), ("GroupMembers", "group_ops"), ("Project", "proj_team"), ("ProjectMembers", "proj_team")]
SEED = {
    "users": [person("edsger"), person("grace")],
    "groups": [{"id": "group_ops", "name": "Ops"}],
    "group_users": [{"group_id": "group_ops", "user_id": "user-grace"}],
    "projects": [{"id": "proj_team", "name": "Team"}, {"id": "proj_third", "name": "Third"}],
    "project_users": [{"project_id": "proj_team", "user_id": "user-grace", "role": "member"}],
}


@pytest.fixture(params=["dynamic", "native"])
def state(emulator: EmulatorServer, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    emulator.control.seed(SEED)
    return exported.write(tmp_path / "state.json", emulator, SET, is_native=request.param == "native")


def by_hand(emulator: EmulatorServer) -> str:
    """What people did in the dashboard; returns the id of an account."""
    send(emulator, "groups/group_ops/users", user_id="user-edsger")
    send(emulator, "projects/proj_team/users", user_id="user-edsger", role="owner")
    send(emulator, "projects/proj_team/rate_limits/rl-gpt-4o", **{REQUESTS: 7})
    send(emulator, "groups", name="Shadow")
    return str(send(emulator, "projects/proj_team/service_accounts", name="bot")["id"])


def listed(done: Any) -> dict[tuple[str, str], str | None]:
    """Who made what is listed, by its kind and its name or member."""
    return {
        (object_["resource"], object_["member"] or object_["name"]): object_["created_by"]
        for object_ in json.loads(done.out)["unmanaged"]
        if object_["resource"] != "OrganizationUser"
    }


def test_what_people_made_is_listed_with_who_made_it(command: Command, emulator: EmulatorServer, state: Path) -> None:
    before = listed(command("drift", "--state", str(state), "--unmanaged", "--json"))
    account = by_hand(emulator)
    emulator.control.clear_requests()
    done = command.fails("drift", "--state", str(state), "--unmanaged", "--json", code=3)
    found = {what: who for what, who in listed(done).items() if what not in before}
    assert found == {
        ("Group", "Shadow"): ADA,
        ("GroupMembers", "user-edsger"): None,  # OpenAI has no event for members of groups
        ("ProjectMembers", "edsger@example.com"): ADA,
        ("ProjectRateLimits", "gpt-4o"): ADA,
        ("ProjectServiceAccount", "bot"): ADA,
        ("ProjectApiKey", "Secret Key"): ADA,
    }
    assert {call["method"] for call in emulator.control.requests()} == {"GET"}
    by_kind = {object_["resource"]: object_ for object_ in json.loads(done.out)["unmanaged"]}
    bot, key = by_kind["ProjectServiceAccount"], by_kind["ProjectApiKey"]
    assert (bot["id"], bot["project_id"], bot["can_be_imported"]) == (f"proj_team/{account}", "proj_team", True)
    assert bot["created_at"] > 0
    assert (key["can_be_imported"], bool(key["reason"])) == (False, True)


def test_a_table_and_a_page(command: Command, emulator: EmulatorServer, state: Path, tmp_path: Path) -> None:
    by_hand(emulator)
    done = command("drift", "--state", str(state), "--unmanaged", "--exclude", "kind:OrganizationUser", COLUMNS="80")
    assert done.code == 3
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert lines[:2] == ["Not managed by any resource of the stack:", "The organization"]
    assert "ProjectMembers" in lines
    assert any(line.startswith("edsger@example.com (owner) ada@example.com, 20") for line in lines)
    assert any(line.startswith("Ops: user-edsger (edsger@example.com)") for line in lines)
    assert any(line.startswith("gpt-4o (max_requests_per_1_minute: 7)") for line in lines)
    assert max(map(cell_len, done.out.splitlines())) <= 80
    assert "4 resources compared: the state agrees with OpenAI." in done.err
    assert (
        "are managed by no resource. Run `pulumi-openai-admin adopt --into` to import the objects that have a resource."
        in done.said
    )
    page = tmp_path / "drift.html"
    command("drift", "--state", str(state), "--unmanaged", "--html", str(page))
    assert "edsger@example.com (owner)" in page.read_text("utf-8")


def test_a_stack_of_one_project_lists_nothing_of_the_organization(
    command: Command, emulator: EmulatorServer, tmp_path: Path
) -> None:
    emulator.control.seed(SEED)
    state = exported.write(tmp_path / "state.json", emulator, SET[2:])
    done = command("drift", "--state", str(state), "--unmanaged")
    assert (done.code, done.out) == (0, "")
    assert "0 objects are managed by no resource." in done.err
    by_hand(emulator)
    found = listed(command("drift", "--state", str(state), "--unmanaged", "--json"))
    kinds = {"ProjectMembers", "ProjectRateLimits", "ProjectServiceAccount", "ProjectApiKey"}
    assert {kind for kind, _ in found} == kinds


@pytest.mark.parametrize("is_native", [False, True], ids=["dynamic", "native"])
def test_limits_are_compared_model_by_model(
    command: Command, emulator: EmulatorServer, tmp_path: Path, is_native: bool
) -> None:
    emulator.control.seed(SEED)
    objects = [("ProjectRateLimits", "proj_team")]
    state = exported.write(tmp_path / "state.json", emulator, objects, is_native=is_native)
    document = json.loads(state.read_text("utf-8"))
    for name in ("inputs", "outputs"):
        limits = document["deployment"]["resources"][0][name]["limits"]
        document["deployment"]["resources"][0][name]["limits"] = {"gpt-4o-mini": limits["gpt-4o-mini"]}
    state.write_text(json.dumps(document), encoding="utf-8")
    for model in ("gpt-4o", "gpt-4o-mini"):
        send(emulator, f"projects/proj_team/rate_limits/rl-{model}", **{REQUESTS: 7})
    found = json.loads(command("drift", "--state", str(state), "--unmanaged", "--json").out)["unmanaged"]
    limits = [object_ for object_ in found if object_["resource"].startswith("ProjectRateLimit")]
    assert [(object_["id"], object_["created_by"]) for object_ in limits] == [("proj_team/rl-gpt-4o", ADA)]
    assert (limits[0]["resource"], limits[0]["can_be_imported"]) == ("ProjectRateLimit", True)


@pytest.mark.parametrize(
    ("fault", "reason", "is_unread"),
    [
        ({"kind": "status", "status": 403}, "", True),
        ({"kind": "unrelated_404"}, "the organization has no access to external keys.", False),
    ],
    ids=["forbidden", "no access"],
)
def test_a_list_that_cannot_be_read_is_named(
    command: Command, emulator: EmulatorServer, state: Path, fault: dict[str, Any], reason: str, is_unread: bool
) -> None:
    emulator.control.fault(**fault, path="*/external_keys", times=None)
    page = state.with_name("drift.html")
    done = command("drift", "--state", str(state), "--unmanaged", "--html", str(page))
    assert done.code == 3
    assert "warning: Not listed: ExternalKey: " in done.err
    assert "Not listed: ExternalKey: " in page.read_text("utf-8")
    assert "4 resources compared: the state agrees with OpenAI." in done.err
    assert ("of the lists that were read are managed by no resource" in done.said) == is_unread
    (told,) = json.loads(command("drift", "--state", str(state), "--unmanaged", "--json").out)["not_listed"]
    assert told.startswith(f"ExternalKey: {reason}")


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_keys_that_cannot_be_listed_fail_the_command_unless_they_are_excluded(
    command: Command, emulator: EmulatorServer, tmp_path: Path, form: tuple[str, ...]
) -> None:
    emulator.control.seed(SEED)
    state = exported.write(tmp_path / "state.json", emulator, SET[2:])
    emulator.control.fault(kind="status", status=403, path="*/projects/proj_team/api_keys", times=None)
    listed = "Could not list the API keys of project proj_team"
    for arguments, code in ((["drift", "--state", str(state), "--unmanaged"], 4), (["adopt", "Team", "--dry-run"], 4)):
        done = command.fails(*arguments, *form, code=code)
        assert listed in done.out + done.err
        done = command.ok(*arguments, *form, "--exclude", "kind:ProjectApiKey")
        assert listed not in done.out + done.err


def test_patterns_that_match_nothing_are_told(command: Command, state: Path) -> None:
    patterns = ("kind:Foo", "Foo:bar", "Thrid", "Third", "kind:AdminApiKey", "kind:Group", "Group:tmp-*")
    options = [part for pattern in patterns for part in ("--exclude", pattern)]
    done = command("drift", "--state", str(state), "--unmanaged", *options)
    told = [line for line in done.err.splitlines() if " matches " in line]
    assert told == [
        "warning: no kind matches 'kind:Foo'.",
        "warning: no project matches 'Foo:bar'.",
        "warning: no project matches 'Thrid'.",
    ]
    done = command("adopt", "Team", "--dry-run", "--exclude", "account:tpm-*", "--exclude", "kind:ProjectApiKey")
    told = [line for line in done.err.splitlines() if " matches " in line]
    assert told == ["warning: no account matches 'account:tpm-*'."]


def test_what_may_be_managed_by_encrypted_inputs_is_named(command: Command, state: Path, tmp_path: Path) -> None:
    document = json.loads(state.read_text("utf-8"))
    members = document["deployment"]["resources"][-1]
    members["inputs"]["members"] = members["outputs"]["members"] = exported.ENCRYPTED
    arguments = existing(tmp_path, *document["deployment"]["resources"])
    text = "because inputs are encrypted in the state: ProjectMembers proj_team. Use --state"
    (told,) = json.loads(command("drift", "--state", arguments[-1], "--unmanaged", "--json").out)["not_listed"]
    assert text in told
    for options in (["--dry-run"], []):
        assert text in command.ok(*arguments, "--all", *options).err


def test_a_stack_with_an_interrupted_operation_is_refused_before_anything_is_read(
    command: Command, emulator: EmulatorServer, state: Path
) -> None:
    document = json.loads(state.read_text("utf-8"))
    (first, *_) = document["deployment"]["resources"]
    document["deployment"]["pending_operations"] = [{"resource": first, "type": "creating"}]
    state.write_text(json.dumps(document), encoding="utf-8")
    emulator.control.clear_requests()
    done = command("drift", "--state", str(state), "--unmanaged")
    assert (done.code, emulator.control.requests()) == (1, [])
    assert "An operation was interrupted" in done.err


def test_a_dry_run_lists_what_the_command_writes(command: Command, emulator: EmulatorServer, tmp_path: Path) -> None:
    plant(emulator)
    inputs = {"group_id": "group_eng", "user_ids": ["user-grace"]}
    managed = [
        record("Group", "group_eng", "engineering", inputs={"name": "Engineering"}),
        record("GroupMembers", "group_eng", "engineering", inputs=inputs),
    ]
    arguments = (*existing(tmp_path, *managed), "--all", "--exclude", "model:[!o]*")
    emulator.control.clear_requests()
    done = command.ok(*arguments, "--dry-run", "--json")
    assert not (tmp_path / "adopted").exists()
    assert {call["method"] for call in emulator.control.requests()} == {"GET"}
    objects = json.loads(done.out)["objects"]
    importable = {(object_["resource"], object_["id"]) for object_ in objects if object_["can_be_imported"]}
    assert [object_["member"] for object_ in objects if object_["resource"] == "GroupMembers"] == ["user-edsger"]
    others = {object_["resource"] for object_ in objects if not object_["can_be_imported"]}
    assert others == {"AdminApiKey", "ProjectApiKey"}
    assert json.loads(done.out)["audit_log"] == []
    shown = command.ok(*arguments, "--dry-run")
    lines = [" ".join(line.split()) for line in shown.out.splitlines()]
    assert any(line.startswith("spend alert $3,000") for line in lines)
    assert any(line.startswith("spend limit $5,000") for line in lines[: lines.index("Shop (proj_shop)")])
    assert any(line.startswith("spend limit $1,000") for line in lines[lines.index("Shop (proj_shop)") :])
    assert "Nothing was written. Without --dry-run, the command writes them." in shown.said
    command.ok(*arguments)
    written = json.loads((tmp_path / "adopted" / "import.json").read_text(encoding="utf-8"))["resources"]
    assert {(entry["type"].rpartition(":")[2], entry["id"]) for entry in written} == importable
    kinds = {kind.name for kind in selected(Patterns(), one_by_one=False)}
    assert {kind for kind, _ in importable} == kinds, "kinds come from the registry"
    assert kinds <= {kind.name for kind in all_kinds()}
