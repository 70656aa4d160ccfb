"""`adopt` reads what is there and writes it down. That it previews without a change is shown in tests/engine."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.cli.adopt.kinds import Patterns, all_kinds, selected
from pulumi_openai_admin.emulator.store.catalogue import REQUESTS
from tests.by_hand import lists, send
from tests.company import EVERYTHING, plant
from tests.systems import needs_signals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Command, Done

    from pulumi_openai_admin.emulator.process import EmulatorServer

    Adopt = Callable[..., Done]

TEAMS = {
    "projects": [
        {
            "id": f"proj_{number}",
            "name": f"Team {number}",
            "service_accounts": [{"name": "ci"}, {"name": "tmp-1"}],
            "rate_limits": {"rl-o1": {REQUESTS: 5}} if number == 1 else {},
        }
        for number in range(4)
    ]
}


KINDS = ("kind:Project", "kind:ProjectRateLimit*", "kind:ProjectServiceAccount")
PROJECTS = tuple(word for kind in KINDS for word in ("--include", kind))
"""Three kinds, each with one list a project."""


@pytest.fixture(autouse=True)
def _teams(emulator: EmulatorServer) -> None:
    emulator.control.seed(TEAMS)
    emulator.control.clear_requests()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "org"


@pytest.fixture
def adopt(command: Command, out: Path) -> Adopt:
    """Runs `adopt` with the folder for the program; it has to succeed."""
    return lambda *arguments: command.ok("adopt", *arguments, "--out", str(out))


def answered(emulator: EmulatorServer) -> list[str]:
    """The lists that were answered, each as often as it was."""
    asked = emulator.control.requests()
    assert {request["method"] for request in asked} <= {"GET"}
    return sorted(request["path"] for request in asked if request["status"] == 200 and request["ended"] == "replied")


def entries(out: Path) -> list[dict[str, Any]]:
    """The resources in the import file."""
    found: list[dict[str, Any]] = json.loads((out / "import.json").read_text(encoding="utf-8"))["resources"]
    return found


def imported(out: Path) -> dict[str, list[str]]:
    """Names in the import file, by kind."""
    found: dict[str, list[str]] = {}
    for entry in entries(out):
        found.setdefault(entry["type"].rpartition(":")[2], []).append(entry["name"])
    return found


def check_with_tools(folder: Path, formatted: str) -> None:
    """Check a program as its authors would; `formatted` is what `adopt` has written."""
    for tool in (
        ["ruff", "format", "--isolated", "--check", formatted],
        ["mypy", "--strict", "--config-file=", "__main__.py"],
        ["pyright", "--pythonpath", sys.executable, "__main__.py"],
    ):
        command = [sys.executable, "-m", *tool]
        done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_all(emulator: EmulatorServer, out: Path, adopt: Adopt) -> None:
    done = adopt("--all", *PROJECTS)
    assert imported(out)["ProjectRateLimits"] == ["team-1"]
    assert '"o1": {"max_requests_per_1_minute": 5}' in (out / "projects" / "team_1.py").read_text(encoding="utf-8")
    assert len(imported(out)["Project"]) == 8
    assert len(imported(out)["ProjectServiceAccount"]) == 8
    assert len(answered(emulator)) == len(set(answered(emulator))) == 1 + 2 * 8
    assert "import --file import.json --generate-code=false" in done.out
    assert "README.md says how to create a key" in done.err
    assert f"cd {out}" in done.out
    files = [file for file in out.rglob("*.*") if file.is_file()]
    assert not [file for file in files if str(out.parent) in file.read_text(encoding="utf-8")]
    found = json.loads(adopt("--all", *PROJECTS, "--one-by-one", "--force", "--json").out)
    assert found["resources"] == {"Project": 8, "ProjectRateLimit": 1, "ProjectServiceAccount": 8}
    assert found["commands"][-1].startswith("pulumi preview")
    (limit,) = [entry for entry in entries(out) if entry["type"].endswith(":ProjectRateLimit")]
    assert limit["inputs"].keys() == {"__provider", "project_id", "model", "max_requests_per_1_minute"}


def test_what_is_excluded_is_not_asked_for(emulator: EmulatorServer, out: Path, adopt: Adopt) -> None:
    options = (*PROJECTS, "--include", "Team*", "--exclude", "proj_3", "--exclude", "account:*")
    adopt("--all", *options)
    assert imported(out) == {"Project": ["team-0", "team-1", "team-2"], "ProjectRateLimits": ["team-1"]}
    assert [path.rpartition("/")[2] for path in answered(emulator)] == ["projects", *["rate_limits"] * 3]


KILLED = """
import os, signal, sys
from pathlib import Path
from pulumi_openai_admin.cli.options import app
replace, left = Path.replace, int(sys.argv.pop(1))
number = getattr(signal, sys.argv.pop(1))
def ending(source, target):
    global left
    left -= 1
    if left == -1:
        os.kill(os.getpid(), number)
    return replace(source, target)
Path.replace = ending
app()
"""
"""`adopt`, to which a signal comes before a file is moved."""


@needs_signals
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])
@pytest.mark.parametrize("step", range(4))
def test_files_of_the_user_are_there_again_after_a_signal(
    command: Command, out: Path, adopt: Adopt, name: str, step: int
) -> None:
    mine = {"Pulumi.yaml": "name: mine", ".adopt/notes.txt": "mine"}
    for file, text in mine.items():
        (out / file).parent.mkdir(parents=True, exist_ok=True)
        (out / file).write_text(text, encoding="utf-8")
    arguments = ["adopt", "Team 0", "--out", str(out), "--force"]
    environ = {**os.environ, **command.environ}
    program = [sys.executable, "-c", KILLED, str(step), name, *arguments]
    number = getattr(signal, name)
    done = subprocess.run(program, env=environ, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == (-number if name == "SIGKILL" else 128 + number), done.stderr
    if name == "SIGKILL":
        command.fails(*arguments[:-1])  # it moves them back, and overwrites nothing
    files = {file.relative_to(out).as_posix(): file for file in out.rglob("*") if file.is_file()}
    assert {file: path.read_text(encoding="utf-8") for file, path in files.items()} == mine
    adopt("Team 0", "--force")
    assert (out / ".adopt" / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in out.glob(".adopt*")] == [".adopt"]


def test_a_low_limit_of_most_projects_is_named(emulator: EmulatorServer, out: Path, adopt: Adopt) -> None:
    capped = {"rate_limits": {"rl-o3": {REQUESTS: 50}}}
    emulator.control.seed({"projects": [{"id": f"proj_cap{n}", "name": f"Capped {n}", **capped} for n in range(9)]})
    done = adopt("--all", *PROJECTS, "--include", "model:o3")
    said, text = done.said, "o3: Requests/min 50 in 9 of 17 projects, the highest is 10,000"
    assert f"Limit of most projects, not declared: {text}." in said
    assert "To declare them, run the command again with --all-limits." in said
    assert f"    {text}\n" in (out / "README.md").read_text(encoding="utf-8")


def test_a_program_is_not_written_over(command: Command, emulator: EmulatorServer, out: Path, adopt: Adopt) -> None:
    adopt("Team 0")
    emulator.control.clear_requests()
    done = command.fails("adopt", "Team 0", "--out", str(out))
    assert "already has files that the program would overwrite: Pulumi.yaml, requirements.txt" in done.err
    assert "--force" in done.err
    assert answered(emulator) == []
    adopt("Team 0", "--force")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((), 2, "--all"),
        (("--all", "Demo"), 2, "--all"),
        (("--all", "--native", "--native-python"), 2, "Give only one of --native and --native-python"),
        (("--all", "--stack", "dev"), 2, "--into"),
        (("--all", "--include", "nobody*"), 1, "No project is left to adopt. Check --include and --exclude."),
        (("--all", "--include", "kind:Projekt"), 1, "No kind of object is left to adopt. Check --include and"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_options(command: Command, out: Path, arguments: tuple[str, ...], code: int, told: str) -> None:
    done = command("adopt", *arguments, "--out", str(out))
    assert (done.code, told in done.said, out.exists()) == (code, True, False)


@pytest.mark.parametrize(
    ("path", "status", "named"),
    [
        ("*/proj_2/service_accounts", 403, "proj_2"),
        ("*/proj_2/rate_limits", 403, "proj_2"),
        ("*/external_keys", 403, "kind:ExternalKey"),
        ("*/certificates/cert_1", 404, "kind:Certificate"),  # it is deleted while it is read
    ],
    ids=["accounts", "limits", "list", "object"],
)
def test_what_cannot_be_read_is_named_and_nothing_is_written(
    command: Command, emulator: EmulatorServer, out: Path, path: str, status: int, named: str
) -> None:
    plant(emulator)
    code = {"code": "not_found"} if status == 404 else {}
    emulator.control.fault(kind="status", path=path, status=status, times=None, **code)
    options = ("--include", named) if named.startswith("kind:") else PROJECTS
    done = command.fails("adopt", "--all", "--out", str(out), *options)
    assert f"error: Could not read {named.removeprefix('kind:')}, so nothing was written: " in done.err
    advice = f"Run the same command again, or exclude the unreadable kinds and projects: --exclude {named}\n"
    assert advice in done.err
    assert not out.exists()


def test_patterns_that_match_nothing_are_told(adopt: Adopt) -> None:
    options = ("--exclude", "Taem*", "--exclude", "account:tpm-*", "--include", "model:gtp-*")
    done = adopt("--all", *options)
    warnings = [line for line in done.err.splitlines() if line.startswith("warning")]
    assert warnings == [
        "warning: no project matches 'Taem*'.",
        "warning: no model matches 'model:gtp-*'.",
        "warning: no account matches 'account:tpm-*'.",
    ]


def test_an_error_names_no_more_than_it_must(command: Command, emulator: EmulatorServer, out: Path) -> None:
    emulator.control.seed({"projects": [{"id": f"proj_x{number:03}", "name": "Same"} for number in range(60)]})
    emulator.control.fault(kind="status", status=403, path="*/proj_x*/service_accounts", times=None)
    done = command("adopt", "--all", "--out", str(out))
    assert "proj_x011, and 48 more, so nothing was written" in done.err
    assert len(done.err) < 6000
    done = command("adopt", "Same", "--out", str(out))
    assert "60 projects have the name 'Same': " in done.err
    assert "proj_x011, and 48 more. Use an id instead of the name." in done.err


def test_a_refused_key_ends_it_at_once(command: Command, emulator: EmulatorServer, out: Path) -> None:
    emulator.control.fault(kind="status", status=401, path="*/rate_limits", times=None)
    done = command.fails("adopt", "--all", "--out", str(out), "--parallel", "1", *PROJECTS)
    assert "does not accept the admin key" in done.err


def test_what_no_program_says_is_left_out_and_stops_nothing(emulator: EmulatorServer, out: Path, adopt: Adopt) -> None:
    names = [" ", *[None] * 29, "good"]
    made = {"role": "member", "created_at": 1}
    accounts = [{"id": f"svc_{number:03}", "name": name, **made} for number, name in enumerate(names)]
    lists(emulator, "*/proj_1/rate_limits", {"id": "rl-a", "model": "a", REQUESTS: 60.0})
    lists(emulator, "*/proj_1/service_accounts", *accounts)
    done = adopt("Team 1", "--all-limits")
    assert imported(out)["ProjectServiceAccount"] == ["team-1-good"]
    program = (out / "projects" / "team_1.py").read_text(encoding="utf-8")
    assert '"a": {"max_requests_per_1_minute": 60}' in program
    assert "Omitted: ProjectServiceAccount 'proj_1/svc_000' can't be imported: OpenAI shows no name." in done.err
    assert done.err.count("Omitted: ") == 11
    assert "README.md lists all." in done.err
    assert (out / "README.md").read_text(encoding="utf-8").count("proj_1/svc_") == 30


def test_every_kind_is_imported_and_formatters_and_type_checkers_pass(
    emulator: EmulatorServer, out: Path, adopt: Adopt
) -> None:
    plant(emulator)
    done = adopt("--all", *EVERYTHING)
    assert set(imported(out)) == {kind.name for kind in selected(Patterns(include=["kind:*"]), one_by_one=False)}
    assert "Omitted: Group 'Everybody' (group_scim) can't be imported: an identity provider" in done.err
    asked = [(request["path"], request["query"]) for request in emulator.control.requests()]
    assert len(asked) == len({repr(request) for request in asked})
    text = (out / "organization.py").read_text(encoding="utf-8")
    assert 'GroupRoles("everybody", group_id="group_scim", role_ids=[auditor.role_id], opts=KEEP)' in text
    assert "group_id=organization.engineering.group_id" in (out / "projects" / "shop.py").read_text(encoding="utf-8")
    assert "import across_projects" in (out / "__main__.py").read_text(encoding="utf-8")
    check_with_tools(out, ".")


def test_a_project_alone_comes_without_the_rest_and_has_nothing_to_differ_from(
    emulator: EmulatorServer, out: Path, adopt: Adopt
) -> None:
    plant(emulator)
    adopt("Shop")
    assert not (out / "organization.py").exists()
    assert 'group_id="group_eng"' in (out / "projects" / "shop.py").read_text(encoding="utf-8")
    (entry,) = [entry for entry in entries(out) if entry["type"].endswith("ProjectRateLimits")]
    assert len(entry["inputs"]["limits"]) > 100
    assert entry["outputs"]["__rows"].keys() == entry["inputs"]["limits"].keys()
    assert entry["outputs"]["baseline"] == {}


@pytest.mark.parametrize("target", [(), ("--native",), ("--one-by-one",)], ids=["dynamic", "native", "one by one"])
def test_no_id_is_written_where_a_resource_of_the_program_has_it(
    emulator: EmulatorServer, out: Path, adopt: Adopt, target: tuple[str, ...]
) -> None:
    plant(emulator)
    adopt("--all", *EVERYTHING, *target, "--exclude", "model:[!o]*")
    own = {kind.name for kind in all_kinds() if kind.identity and not kind.is_member}
    ids = {entry["id"].rpartition("/")[2] for entry in entries(out) if entry["type"].rpartition(":")[2] in own}
    assert {"user-grace", "role_audit", "role_deploy", "proj_lab"} <= ids
    selects = re.compile(r"user_id=|userId: ")  # of an OrganizationUser, which has no other name
    for path in [out / "Pulumi.yaml"] if "--native" in target else out.rglob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        found = [(line, id_) for line in lines if '"""' not in line and not selects.search(line) for id_ in ids]
        written = [line for line, id_ in found if re.search(rf"""["' ]{re.escape(id_)}["']?(?:,|\]|\)|$)""", line)]
        assert [line for line in written if "#" not in line] == []


def test_the_readme_says_what_is_left_out(emulator: EmulatorServer, out: Path, adopt: Adopt) -> None:
    plant(emulator)
    emulator.control.seed({"projects": [{"id": "proj_old", "name": "Old"}]})
    emulator.control.world(clock_offset_seconds=-90 * 86_400)
    emulator.control.seed({"invites": [{"id": "invite-old", "email": "late@example.com", "role": "reader"}]})
    emulator.control.world(clock_offset_seconds=0)
    send(emulator, "projects/proj_old/archive")
    done = adopt("--all")
    readme = (out / "README.md").read_text(encoding="utf-8")
    left_out = readme.partition("## Omitted")[2]
    assert "    Project 'Old' (proj_old) is archived\n" in left_out
    assert "Group 'Everybody' (group_scim) can't be imported: an identity provider" in left_out
    assert "late@example.com" in left_out
    assert "    AdminApiKey: OpenAI shows a key only when it is created\n" in left_out
    assert "    UserRoles: not read by this command\n" in left_out
    assert "    McpTunnel: OpenAI lists none, so name each by its id: adopt McpTunnel:ID\n" in left_out
    assert "Omitted: Project 'Old' (proj_old) is archived." in done.err


def test_what_the_organization_has_no_access_to_is_skipped(emulator: EmulatorServer, adopt: Adopt) -> None:
    emulator.control.fault(kind="unrelated_404", path="*/external_keys", times=None)
    done = adopt("--all")
    assert "Skipped ExternalKey: the organization has no access to external keys.\n" in done.err


def test_a_yaml_program_for_the_native_provider(emulator: EmulatorServer, out: Path, adopt: Adopt) -> None:
    plant(emulator)
    done = adopt("--all", "--native", *EVERYTHING)
    assert sorted(path.name for path in out.iterdir()) == [".gitignore", "Pulumi.yaml", "README.md", "import.json"]
    assert "pulumi install" not in done.out + done.err
    assert "pulumi import --file import.json --generate-code=false\n" in done.out + done.err
    assert {"type": "openai-admin:index:Group", "name": "engineering", "id": "group_eng"} in entries(out)
    assert {entry["type"].rpartition(":")[2] for entry in entries(out) if "outputs" in entry} == {"ProjectRateLimits"}


def test_a_service_account_in_a_group_is_a_member_of_it(emulator: EmulatorServer, out: Path, adopt: Adopt) -> None:
    account = {"id": "svc_acct_ci", "name": "ci", "role": "none"}
    emulator.control.seed(
        {
            "projects": [{"id": "proj_ci", "name": "CI", "service_accounts": [account]}],
            "groups": [{"id": "group_ops", "name": "Ops"}],
            "group_users": [{"group_id": "group_ops", "user_id": "svc_acct_ci"}],
        }
    )
    adopt("--all", "--include", "kind:Group*")
    assert imported(out) == {"Group": ["ops"], "GroupMembers": ["ops"]}
    assert "svc_acct_ci" in (out / "organization.py").read_text(encoding="utf-8")
