"""`adopt` of single objects, and what it says where it does not find them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.company import plant

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer


@pytest.fixture(autouse=True)
def _company(emulator: EmulatorServer) -> None:
    plant(emulator)


def entries(out: Path) -> set[tuple[str, str, str]]:
    """Kind, name and id of what is imported."""
    found = json.loads((out / "import.json").read_text(encoding="utf-8"))["resources"]
    return {(entry["type"].rpartition(":")[2], entry["name"], entry["id"]) for entry in found}


@pytest.mark.parametrize(
    ("words", "found", "requests"),
    [
        (("project:proj_shop",), "Project:proj_shop", 1),
        (("ProjectServiceAccount:proj_shop/svc_acct_web",), "ProjectServiceAccount:proj_shop/svc_acct_web", 2),
        (("account:web", "--project", "Shop"), "ProjectServiceAccount:proj_shop/svc_acct_web", 2),
        (("Group:Engineering",), "Group:group_eng", 3),
        (("Group:group_eng",), "Group:group_eng", 3),
        (("GroupMembers:Engineering",), "GroupMembers:group_eng", None),
        (("OrganizationUser:grace2@example.com",), "OrganizationUser:user-twin", 3),
        (("ProjectSpendLimit:Shop",), "ProjectSpendLimit:proj_shop", None),
        (("ProjectRateLimit:proj_shop/rl-o1",), "ProjectRateLimit:proj_shop/rl-o1", 2),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
def test_one_object(
    command: Command, emulator: EmulatorServer, tmp_path: Path, words: tuple[str, ...], found: str, requests: int | None
) -> None:
    command.ok("adopt", *words, "--out", str(tmp_path / "one"))
    assert [f"{kind}:{id_}" for kind, _, id_ in entries(tmp_path / "one")] == [found]
    asked = emulator.control.requests()
    assert {request["method"] for request in asked} == {"GET"}
    assert requests is None or len(asked) == requests


def test_what_openai_does_not_list_has_its_name_and_is_found_by_its_id_alone(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "one"
    command.ok("adopt", "McpTunnel:tunnel_office", "--out", str(out))
    assert entries(out) == {("McpTunnel", "office", "tunnel_office")}
    text = (out / "organization.py").read_text(encoding="utf-8")
    assert 'McpTunnel("office", name="office", description="MCP servers of the office", opts=KEEP)' in text
    done = command("adopt", "McpTunnel:office", "--out", str(tmp_path / "none"))
    assert done.code == 1
    assert "Nothing is left to import: Tunnel office was not found. Nothing was written." in done.said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Group:Enginering",), "There is no Group 'Enginering' that can be imported. Did you mean Engineering?"),
        (("account:wbe", "--project", "Shop"), "There is no ProjectServiceAccount 'wbe' that can be imported. Did you"),
        (("Grup:x",), "There is no kind 'Grup'. Did you mean Group"),
        (("quux:x",), "The names of kinds are those of the resources, such as `Group`"),
        (("AdminApiKey:x",), "AdminApiKey can't be imported: OpenAI shows a key only when it is created"),
        (("OrganizationMember:a@b.c",), "OrganizationMember can't be imported: "),
        (("OrganizationUser:Grace",), "2 objects are called OrganizationUser:Grace: user-grace, user-twin. Use an id"),
        (("Shop", "account:web"), "Write project:Shop for the project alone, or --project to look in it."),
        (("account:proj_shop/svc_gone",), "Service account svc_gone of project proj_shop was not found. Nothing was"),
        (("Group:group_scim",), "(group_scim) can't be imported: an identity provider manages it (SCIM)"),
        (("ProjectSpendLimit:proj_lab/x",), "There is no ProjectSpendLimit 'proj_lab/x' that can be imported"),
        (("account:web", "--project", "Shpo"), "no project 'Shpo', or it is archived. Did you mean Shop?"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
def test_what_is_not_there(command: Command, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = command("adopt", *words, "--out", str(tmp_path / "none"))
    assert done.code == 1
    assert said in done.err
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_list_that_cannot_be_read_is_an_error(command: Command, emulator: EmulatorServer, tmp_path: Path) -> None:
    emulator.control.fault(kind="status", status=403, path="*/organization/groups", times=None)
    done = command("adopt", "Group:Engineering", "--out", str(tmp_path / "none"))
    assert done.code == 1
    assert "error: Could not read Group, so nothing was written: " in done.err


def test_the_name_of_a_project_may_have_a_colon(command: Command, emulator: EmulatorServer, tmp_path: Path) -> None:
    emulator.control.seed({"projects": [{"id": "proj_colon", "name": "Team A: web"}]})
    command.ok("adopt", "--project", "Team A: web", "--out", str(tmp_path / "org"))
    assert ("Project", "team-a-web", "proj_colon") in entries(tmp_path / "org")
