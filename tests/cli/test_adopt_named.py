"""`adopt` of objects that a user or a Terraform state names, and what it says where it does not find them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.cli.adopt.terraform import CLOUDOPSWORKS
from tests import terraform
from tests.cli.test_adopt import entries
from tests.cli.test_adopt import imported as names
from tests.company import plant
from tests.terraform import instance, resource, state

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

KEY = "sk-svcacct-not-a-real-key"
SHOP = {"project_id": "proj_shop"}


@pytest.fixture(autouse=True)
def _company(emulator: EmulatorServer) -> None:
    plant(emulator)


def named(out: Path) -> list[str]:
    """What is imported, as a user names it."""
    return [f"{entry['type'].rpartition(':')[2]}:{entry['id']}" for entry in entries(out)]


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
    assert named(tmp_path / "one") == [found]
    asked = emulator.control.requests()
    assert {request["method"] for request in asked} == {"GET"}
    assert requests is None or len(asked) == requests


def test_what_openai_does_not_list_has_its_name_and_is_found_by_its_id_alone(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "one"
    command.ok("adopt", "McpTunnel:tunnel_office", "--out", str(out))
    assert named(out) == ["McpTunnel:tunnel_office"]
    text = (out / "organization.py").read_text(encoding="utf-8")
    assert 'McpTunnel("office", name="office", description="MCP servers of the office", opts=KEEP)' in text
    done = command.fails("adopt", "McpTunnel:office", "--out", str(tmp_path / "none"))
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
    done = command.fails("adopt", *words, "--out", str(tmp_path / "none"))
    assert said in done.err
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_list_that_cannot_be_read_is_an_error(command: Command, emulator: EmulatorServer, tmp_path: Path) -> None:
    emulator.control.fault(kind="status", status=403, path="*/organization/groups", times=None)
    done = command.fails("adopt", "Group:Engineering", "--out", str(tmp_path / "none"))
    assert "error: Could not read Group, so nothing was written: " in done.err


def test_the_name_of_a_project_may_have_a_colon(command: Command, emulator: EmulatorServer, tmp_path: Path) -> None:
    emulator.control.seed({"projects": [{"id": "proj_colon", "name": "Team A: web"}]})
    command.ok("adopt", "--project", "Team A: web", "--out", str(tmp_path / "org"))
    assert "Project:proj_colon" in named(tmp_path / "org")


# Terraform


def written(folder: Path, document: Any) -> str:
    """Write a state as `>` of PowerShell does."""
    file = folder / "terraform.tfstate"
    file.write_text(json.dumps(document), encoding="utf-16")
    return str(file)


def test_names_of_terraform_are_kept_and_values_are_those_of_openai(
    command: Command, emulator: EmulatorServer, tmp_path: Path
) -> None:
    file, out = written(tmp_path, terraform.company("alert_gone")), tmp_path / "org"
    done = command.ok("adopt", "--from-terraform", file, "--out", str(out))
    assert {*names(out)} == {*terraform.KINDS} - {"ProjectSpendAlert"}
    assert names(out)["Project"] == ["team-shop-this"]
    assert names(out)["ProjectServiceAccount"] == ["team-shop-this-web"]
    assert names(out)["Group"] == ["this-eng"]
    assert 'name="Shop"' in (out / "projects" / "shop.py").read_text(encoding="utf-8")
    assert "openai_project.this: name is 'Shopp' in the state and 'Shop' at OpenAI." in done.err
    assert "openai_project_spend_alert.this is not moved: spend alert" in done.err
    assert "`terraform state rm ADDRESS`" in done.err
    readme = (out / "README.md").read_text(encoding="utf-8")
    assert "openai_project_spend_alert.this is not moved" in readme
    assert "`terraform destroy` would delete them" in readme
    asked = [(request["path"], request["query"]) for request in emulator.control.requests()]
    assert len(asked) == len({repr(request) for request in asked})
    assert {request["method"] for request in emulator.control.requests()} == {"GET"}
    assert not [path for path, _ in asked if "proj_lab" in path]


@pytest.mark.parametrize(
    ("pattern", "left_out"),
    [
        ("Shop", "Project.*"),
        ("account:web", "ProjectServiceAccount"),
        ("Group:Engineering", "Group"),
        ("Invite:*@example.com", "Invite"),
    ],
)
def test_patterns_are_for_names_in_a_terraform_state_too(
    command: Command, tmp_path: Path, pattern: str, left_out: str
) -> None:
    file, out = written(tmp_path, terraform.company("alert_shop")), tmp_path / "org"
    command.ok("adopt", "--from-terraform", file, "--out", str(out), "--exclude", pattern)
    assert {*names(out)} == {kind for kind in terraform.KINDS if not re.fullmatch(left_out, kind)}


def test_keys_of_the_state_are_in_no_file_and_in_no_message(command: Command, tmp_path: Path) -> None:
    account = {**SHOP, "id": "svc_acct_web", "name": KEY, "api_key": KEY, "api_key_id": "key_1"}
    jianyuan = f"module.x.{terraform.provider_named('jianyuan/openai', 'opentofu.org')}.eu"
    document = state(
        resource("openai_project_service_account", "web", instance(secret="api_key", **account), provider=jianyuan),
        resource("openai_admin_api_key", "root", instance(id="k", name="n", api_key=KEY), provider=jianyuan),
        resource("random_password", "x", instance(result=KEY), provider='provider["x/hashicorp/random"]'),
        resource("openai_project", "p", instance(**SHOP), mode="data", provider=jianyuan),
        outputs={"key": {"value": KEY, "type": "string", "sensitive": True}},
    )
    out = tmp_path / "org"
    done = command.ok("adopt", "--from-terraform", written(tmp_path, document), "--out", str(out))
    assert KEY not in done.out + done.err
    assert not [file for file in out.rglob("*") if file.is_file() and KEY in file.read_text(encoding="utf-8")]
    told = "openai_project_service_account.web, openai_admin_api_key.root, random_password.x, outputs"
    assert f"contains secrets in plain text ({told}). None was copied." in done.err
    assert "openai_admin_api_key.root is not moved: OpenAI shows an API key only when it is created" in done.err
    assert "Not looked at: 2 data sources and resources of other providers." in done.err


def test_a_state_of_cloudopsworks(command: Command, tmp_path: Path) -> None:
    """The attributes are those that its version 0.1.1 and the commits after it write."""
    provider = terraform.provider_named("cloudopsworks/openai")
    recipients = ["finance@example.com", "zoe@example.com"]
    channel = {"recipients": recipients, "subject_prefix": None, "type": "email"}
    permissions = ["api.groups.read", "api.model.read"]
    account = {"id": "svc_acct_web", "name": "web", "role": "owner", "api_key_id": "key_1", "api_key_value": KEY}
    ids = {"group_id": "group_eng", "user_id": "user-edsger", **SHOP}
    of_organization: dict[str, dict[str, Any]] = {
        "admin_api_key": instance(secret="value", id="key_3", name="ci", value=KEY),
        "organization_certificate": instance(id="cert_1", name="mtls", certificate=None, active=True),
        "organization_data_retention": instance(id="organization", type="zero_data_retention"),
        "organization_group": instance(id="group_eng", name="Engineering", is_scim_managed=False),
        "organization_group_role": instance(group_id="group_eng", role_id="role_audit", name="Auditor"),
        "organization_group_user": instance(group_id="group_eng", user_id="user-grace", name="Grace"),
        "organization_invite": instance(id="invite-1", email="new@example.com", role="reader", projects=None),
        "organization_role": instance(id="role_audit", name="Auditor", permissions=permissions, predefined_role=False),
        "organization_spend_alert": instance(id="gone", threshold_amount=1, notification_channel=channel),
        "organization_spend_limit": instance(id="organization", threshold_amount=500_000, currency="USD"),
        "organization_user_role": instance(user_id="user-twin", role_id="role_audit", name="Auditor"),
    }
    of_project: dict[str, dict[str, Any]] = {
        "project": {"id": "proj_shop", "name": "Shop", "external_key_id": "extkey_a", "status": "active"},
        "project_api_key": {"id": "key_2", "service_account_id": "svc_acct_web", "value": KEY},
        "project_data_retention": {"id": "proj_shop", "type": "zero_data_retention"},
        "project_group": {"role": "member"},
        "project_group_role": {"role_id": "role_deploy", "name": "Deployer"},
        "project_hosted_tool_permissions": {"id": "proj_shop", "mcp": False},
        "project_model_permissions": {"id": "proj_shop", "mode": "allow_list", "model_ids": ["gpt-4o", "o1"]},
        "project_rate_limit": {"id": "rl-o1", "model": "o1", "max_requests_per_1_minute": 5},
        "project_spend_alert": {"id": "alert_shop", "threshold_amount": 80_000, "notification_channel": channel},
        "project_spend_limit": {"id": "proj_shop", "threshold_amount": 100_000, "currency": "USD"},
        "project_user": {"role": "member"},
        "project_user_role": {"role_id": "role_view", "name": "Viewer"},
        "project_role": {"id": "role_deploy", "name": "Deployer", "permissions": permissions},
        "service_account": account,
    }
    in_project = {type_: instance(**{**ids, **attributes}) for type_, attributes in of_project.items()}
    found = {f"openai_{type_}": each for type_, each in (of_organization | in_project).items()}
    assert set(found) == set(CLOUDOPSWORKS)
    document = state(*(resource(type_, "x", each, provider=provider) for type_, each in found.items()))
    out = tmp_path / "org"
    done = command.ok("adopt", "--from-terraform", written(tmp_path, document), "--out", str(out))
    rows = (row if isinstance(row, tuple) else (row,) for row in CLOUDOPSWORKS.values())
    kinds = {each.kind for row in rows for each in row if not isinstance(each, str)}
    assert set(names(out)) == kinds - {"OrganizationSpendAlert"}
    assert KEY not in done.out + done.err
    assert "None was copied" in done.err
    assert "in the state and" not in done.err
    for address in ("openai_project_api_key.x", "openai_admin_api_key.x", "openai_organization_spend_alert.x"):
        assert f"{address} is not moved" in done.err


def test_what_is_not_at_openai_is_told(command: Command, tmp_path: Path) -> None:
    document = state(
        resource(
            "openai_project", "lost", instance(project_id="proj_lost", name="Lost"), provider=f"{terraform.OFFICIAL}.eu"
        ),
        resource("openai_group", "lost", instance(group_id="group_lost", name="Lost")),
        resource("openai_group_user", "lost", instance(group_id="group_lost", user_id="user-grace")),
        resource("openai_group", "everybody", instance(group_id="group_scim", name="Everybody")),
        resource("openai_group", "eng", instance(group_id="group_eng", name="Engineering")),
        resource("openai_project_spend_limit", "lab", instance(project_id="proj_lab", threshold_amount=1)),
    )
    out = tmp_path / "org"
    done = command.ok("adopt", "--from-terraform", written(tmp_path, document), "--out", str(out), "--json")
    told = "\n".join(json.loads(done.out)["left_out"])
    for address in (
        "openai_project.lost is not moved: project proj_lost is not in the organization, or it is archived",
        "openai_group.lost is not moved: group group_lost",
        "openai_group_user.lost is not moved: GroupUser",
        "openai_group.everybody is not moved: group 'Everybody'",
        "openai_project_spend_limit.lab is not moved: spend limit of project proj_lab",
    ):
        assert address in told
    assert names(out) == {"Group": ["eng"]}
    assert "warning: The state uses several configurations of the provider (default, eu)." in done.err


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_file_that_is_no_state(command: Command, tmp_path: Path, text: str) -> None:
    (tmp_path / "terraform.tfstate").write_text(text, encoding="utf-8")
    done = command("adopt", "--from-terraform", str(tmp_path / "terraform.tfstate"), "--out", str(tmp_path / "org"))
    assert done.code == 1
    assert done.err.startswith("error: ")
    assert not (tmp_path / "org").exists()
