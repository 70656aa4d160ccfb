"""`pulumi import` with generated programs: every kind that can be imported, in YAML, TypeScript and Python."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pulumi_openai_admin
from pulumi_openai_admin import resources
from pulumi_openai_admin.hosts.native import properties
from tests.company import plant
from tests.native.test_sdks import compiled, with_sdk
from tools import engine, languages
from tools.stacks import Stack

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

pytestmark = pytest.mark.timeout(900)  # a compiler's first run on a slow machine

IDS = {
    "ApiObject": "/organization/experimental_things/thing_blue",
    "ApiSetting": "/organization/experimental_thing_settings",
    "Certificate": "cert_1",
    "ExternalKey": "extkey_a",
    "ExternalStorage": "extstore_1",
    "Group": "group_eng",
    "GroupMembers": "group_eng",
    "GroupRole": "group_scim/role_audit",
    "GroupRoles": "group_eng",
    "GroupUser": "group_scim/user-grace",
    "Invite": "invite-2",
    "McpTunnel": "tunnel_office",
    "OrganizationCertificateActivation": "cert_1",
    "OrganizationDataRetention": "organization",
    "OrganizationMember": "grace@example.com",
    "OrganizationSpendAlert": "alert_finance",
    "OrganizationSpendLimit": "organization",
    "OrganizationUser": "user-edsger",
    "Project": "proj_shop",
    "ProjectCertificateActivation": "proj_shop/cert_1",
    "ProjectDataRetention": "proj_shop",
    "ProjectGroup": "proj_shop/group_eng",
    "ProjectGroupRole": "proj_lab/group_scim/role_lab",
    "ProjectGroupRoles": "proj_shop/group_eng",
    "ProjectHostedToolPermissions": "proj_shop",
    "ProjectMembers": "proj_lab",
    "ProjectModelPermissions": "proj_shop",
    "ProjectRateLimit": "proj_lab/rl-o1",
    "ProjectRateLimits": "proj_shop",
    "ProjectRole": "proj_shop/role_deploy",
    "ProjectServiceAccount": "proj_shop/svc_acct_web",
    "ProjectServiceTierSettings": "proj_shop",
    "ProjectSpendAlert": "proj_shop/alert_shop",
    "ProjectSpendLimit": "proj_shop",
    "ProjectUser": "proj_shop/user-edsger",
    "ProjectUserRole": "proj_lab/user-twin/role_lab",
    "ProjectUserRoles": "proj_shop/user-edsger",
    "Role": "role_audit",
    "UserRole": "user-emulator/role_audit",
    "UserRoles": "user-twin",
    "WorkloadIdentityFederationRule": "wip_1/wifr_deploy",
    "WorkloadIdentityProvider": "wip_1",
}
"""The Pulumi id of an object of each kind in the organization of `tests.company`, with `MORE`."""
LAB = {"project_id": "proj_lab"}
MORE = {
    "user_roles": [{"user_id": "user-emulator", "role_id": "role_audit"}],
    "project_roles": [{"id": "role_lab", **LAB, "role_name": "Researcher", "permissions": ["api.model.read"]}],
    "project_groups": [{**LAB, "group_id": "group_scim", "role": "member"}],
    "project_group_roles": [{**LAB, "group_id": "group_scim", "role_id": "role_lab"}],
    "project_users": [{**LAB, "user_id": "user-twin", "role": "member"}],
    "project_user_roles": [{**LAB, "user_id": "user-twin", "role_id": "role_lab"}],
}
"""Objects for kinds that can't manage the same as another kind."""


def test_there_is_an_object_of_each_kind() -> None:
    assert [*IDS] == [
        name for name in resources.ALL if not getattr(pulumi_openai_admin, name).handler.traits.not_adoptable
    ]


@pytest.fixture
def with_generators(pulumi: Engine, tmp_path: Path) -> Engine:
    """The engine, with language hosts for Node.js and Python that write programs."""
    if pulumi.source != "go":
        return pulumi  # it comes with its own
    folder, generator = tmp_path / "engine", languages.find_or_get() / languages.PROGRAM_HOST
    folder.mkdir()
    shutil.copy(Path(pulumi.pulumi).resolve(), folder / "pulumi")  # the engine looks beside itself
    for language in ("nodejs", "python"):
        host = folder / f"pulumi-language-{language}"
        host.write_text(f'#!/bin/sh\nexec "{generator}" {language} "$@"\n', encoding="utf-8")
        host.chmod(0o755)
    return engine.Engine((folder,), pulumi.source, pulumi.version)


def imported(found: Engine, runtime: str, folder: Path, emulator: EmulatorServer) -> tuple[Stack, str]:
    """A stack with an object of each kind, imported by its id alone, and the program that the engine wrote for it."""
    plant(emulator)
    emulator.control.seed(MORE)
    emulator.control.clear_requests()
    folder.mkdir()
    entries = [{"type": properties.token(kind), "name": kind, "id": id_} for kind, id_ in IDS.items()]
    (folder / "import.json").write_text(json.dumps({"resources": entries}), encoding="utf-8")
    (folder / "Pulumi.yaml").write_text(f"name: openai\nruntime: {runtime}\n", encoding="utf-8")
    environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
    stack = Stack(found, folder, environ, folder.parent / "home")
    stack.ok("stack", "init", "dev")
    run = stack.ok("import", "--file", "import.json", "--out", "program", "--yes", "--skip-preview")
    assert "failed to validate" not in run.text
    assert {request["method"] for request in emulator.control.requests()} == {"GET"}
    return stack, (folder / "program").read_text(encoding="utf-8")


def test_a_program_in_yaml_previews_clean(emulator: EmulatorServer, pulumi: Engine, tmp_path: Path) -> None:
    stack, program = imported(languages.with_yaml(pulumi), "yaml", tmp_path / "program", emulator)
    (stack.folder / "Pulumi.yaml").write_text(f"name: openai\nruntime: yaml\n{program}", encoding="utf-8")
    stack.assert_clean()


def test_a_program_in_typescript_previews_clean(
    emulator: EmulatorServer, with_generators: Engine, modules: Path, tmp_path: Path
) -> None:
    stack, program = imported(with_generators, "nodejs", tmp_path / "program", emulator)
    (tmp_path / "index.ts").write_text(program, encoding="utf-8")
    (tmp_path / "compiled").mkdir()
    found = compiled(tmp_path / "index.ts", modules, tmp_path / "compiled").run("preview", stack.environment())
    assert found["changes"] == {"same": len(IDS) + 1}


def test_a_program_in_python_previews_clean(
    emulator: EmulatorServer, pulumi: Engine, with_generators: Engine, sdk: Path, tmp_path: Path
) -> None:
    stack, program = imported(with_generators, "python", tmp_path / "program", emulator)
    (stack.folder / "__main__.py").write_text(program, encoding="utf-8")
    stack.engine = pulumi
    stack.ok("preview", "--diff", "--expect-no-changes", **with_sdk(sdk, tmp_path / "site"))
