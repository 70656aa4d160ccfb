"""`TeamProject` as a component of the native provider."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from typer.testing import CliRunner

from pulumi_openai_admin.cli.app import app
from pulumi_openai_admin.config import MAX_PARALLEL
from tests.engine.stacks import Stack, shown_changes
from tools import languages

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

pytestmark = pytest.mark.timeout(300)
DAY = 86_400
GROUP = {"type": "openai-admin:Group", "properties": {"name": "Engineering"}}
SHOP: dict[str, Any] = {
    "name": "Shop",
    "limits": {"gpt-4o": {"maxRequestsPer1Minute": 60}},
    "others": {"maxRequestsPer1Minute": 0},
    "spendLimitDollars": 1000,
    "alerts": {"high": {"thresholdShare": "80%", "recipients": ["shop@example.com"]}},
    "members": [{"email": "ada@example.com", "role": "owner"}],
    "groups": {"engineering": {"groupId": "${engineering.groupId}"}},
    "serviceAccounts": {
        "ci": {"groups": {"deployers": "${engineering.groupId}"}},
        "web": {"apiKey": {"expiresInSeconds": 90 * DAY}},
    },
}

PYTHON = """
from pulumi_openai_admin import Group, TeamProject

engineering = Group("engineering", name="Engineering")
team = TeamProject(
    "shop",
    name="Shop",
    limits={"gpt-4o": {"max_requests_per_1_minute": 60}},
    others={"max_requests_per_1_minute": 0},
    spend_limit_dollars=1000,
    alerts={"high": {"threshold_share": "80%", "recipients": ["shop@example.com"]}},
    members={"ada@example.com": "owner"},
    groups={"engineering": engineering.group_id},
    service_accounts={
        "ci": {"groups": {"deployers": engineering.group_id}},
        "web": {"api_key": {"expires_in_seconds": 7_776_000}},
    },
)
pulumi.export("projectId", team.project_id)
pulumi.export("serviceAccountIds", team.service_account_ids)
pulumi.export("apiKeys", team.api_keys)
pulumi.export("notLimited", team.not_limited)
"""
"""The same as `SHOP`, for the dynamic provider."""


@pytest.fixture
def stack(tmp_path: Path, pulumi: Engine, emulator: EmulatorServer) -> Stack:
    environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
    return Stack(languages.with_yaml(pulumi), tmp_path, environ)


def declare(stack: Stack, properties: dict[str, Any], **options: Any) -> None:
    team = {"type": "openai-admin:TeamProject", "properties": properties, "options": options}
    outputs = {name: f"${{shop.{name}}}" for name in ("projectId", "serviceAccountIds", "apiKeys", "notLimited")}
    program = {"name": "test", "runtime": "yaml", "resources": {"engineering": GROUP, "shop": team}}
    (stack.folder / "Pulumi.yaml").write_text(yaml.safe_dump({**program, "outputs": outputs}), encoding="utf-8")


def write(stack: Stack, resources: dict[str, Any]) -> None:
    program = {"name": "test", "runtime": "yaml", "resources": resources}
    (stack.folder / "Pulumi.yaml").write_text(yaml.safe_dump(program), encoding="utf-8")


def inside(stack: Stack) -> dict[str, dict[str, Any]]:
    """The resources of the component, by kind and name."""
    return {
        f"{resource['type'].rpartition(':')[2]} {resource['urn'].rpartition('::')[2]}": resource
        for resource in stack.export()["deployment"]["resources"]
        if resource.get("parent", "").endswith("openai-admin:index:TeamProject::shop")
    }


def test_a_project_from_preview_to_destroy(stack: Stack, emulator: EmulatorServer) -> None:
    declare(stack, SHOP)
    previewed = stack.preview()  # the id of the group is not known yet
    assert previewed.summary == {"to create": 14}
    assert not emulator.control.live().get("group")
    assert stack.up().summary == {"created": 14}
    stack.assert_clean()
    assert set(inside(stack)) == {
        *("Project shop", "ProjectRateLimits shop", "ProjectSpendLimit shop", "ProjectMembers shop"),
        *("ProjectModelPermissions shop", "ProjectSpendAlert shop-high", "ProjectGroup shop-engineering"),
        *("ProjectServiceAccount shop-ci", "ProjectServiceAccount shop-web", "ProjectServiceAccountApiKey shop-web"),
        "GroupUser shop-ci-deployers",
    }
    assert [name for name, resource in inside(stack).items() if resource.get("protect")] == ["Project shop"]
    providers = [
        resource for resource in stack.export()["deployment"]["resources"] if "pulumi:providers" in resource["type"]
    ]
    assert len(providers) == 1, "all resources have the provider of the component"
    outputs = stack.outputs()
    assert set(outputs["serviceAccountIds"]) == {"ci", "web"}
    assert "gpt-4o-shared" in outputs["notLimited"]
    assert emulator.control.key(outputs["apiKeys"]["web"])
    assert outputs["apiKeys"]["web"] not in json.dumps(stack.export())

    changed = {**SHOP, "spendLimitDollars": 1200.5, "serviceAccounts": {"web": SHOP["serviceAccounts"]["web"]}}
    declare(stack, changed)
    shown = stack.ok("up", "--yes", "--skip-preview", "--diff")
    assert "~ thresholdAmount: 100000 => 120050" in shown_changes(shown.text, deep=True)
    assert shown.summary == {"updated": 2, "deleted": 2, "unchanged": 10}  # 80 % of the limit, too
    assert set(stack.outputs()["serviceAccountIds"]) == {"web"}
    stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes")

    refused = stack.run("destroy", "--yes")
    assert refused.code
    assert "cannot be deleted" in refused.text


def test_destroy_skips_only_the_settings_of_a_project_that_it_archives(stack: Stack, emulator: EmulatorServer) -> None:
    def changed(*arguments: str) -> set[str]:
        """What the requests of a destroy change in the project."""
        emulator.control.clear_requests()
        stack.ok("destroy", "--yes", *arguments)
        place = f"/organization/projects/{project_id}/"
        sent = [call for call in emulator.control.requests() if call["method"] != "GET" and place in call["path"]]
        return {f"{call['method']} {call['path'].replace(place, '').partition('/')[0]}" for call in sent}

    own = {"DELETE service_accounts", "DELETE api_keys", "DELETE users", "DELETE spend_alerts"}
    settings = {"POST rate_limits", "DELETE spend_limit", "DELETE model_permissions"}
    declare(stack, SHOP)
    stack.up()
    project_id = stack.outputs()["projectId"]
    assert changed("--exclude-protected") == own | settings
    declare(stack, {**SHOP, "protect": False})
    stack.up()
    assert stack.outputs()["projectId"] == project_id
    assert changed() == own | {"POST archive"}
    assert emulator.control.state()["projects"][project_id]["status"] == "archived"


def test_its_options_hold_for_its_resources(stack: Stack, emulator: EmulatorServer) -> None:
    key, address = emulator.admin_key, emulator.base_url
    own = {"type": "pulumi:providers:openai-admin", "properties": {"adminApiKey": key, "baseUrl": address}}
    outer = {"type": "openai-admin:Group", "properties": {"name": "Outer"}, "options": {"provider": "${own}"}}
    properties = {"others": {}, "serviceAccounts": {"ci": {}}}

    def declare_with(type_: str, name: str, **options: Any) -> None:
        aliases = {"aliases": ["urn:pulumi:dev::test::openai-admin:index:TeamProject::shop"]} if name != "shop" else {}
        given = {"provider": "${own}", "dependsOn": ["${first}"], "customTimeouts": {"create": "3m"}, **options}
        shop = {"type": type_, "name": name, "properties": properties, "options": {**given, **aliases}}
        write(stack, {"own": own, "first": {**outer, "name": "first"}, "shop": shop})

    declare_with("openai-admin:TeamProject", "shop", protect=True, retainOnDelete=True)
    stack.up(OPENAI_ADMIN_KEY="")
    assert set(inside(stack)) == {"Project shop", "ProjectServiceAccount shop-ci"}
    for created in inside(stack).values():
        assert created["protect"]
        assert created["retainOnDelete"]
        assert created["customTimeouts"] == {"create": 180}
        assert "::own::" in created["provider"]
        assert any(urn.endswith("Group::first") for urn in created["dependencies"])

    # Under another name, with an alias: nothing is replaced.
    declare_with("openai-admin:TeamProject", "store", protect=False)
    properties["formerNames"] = {"serviceAccounts.ci": "shop-ci"}
    declare_with("openai-admin:TeamProject", "store", protect=False)
    shown = stack.ok("preview", "--diff", OPENAI_ADMIN_KEY="")
    assert not {"to create", "to delete", "to replace"} & set(shown.summary), shown.text


def test_resources_of_a_program_without_it_are_taken_over(stack: Stack) -> None:
    project = {"type": "openai-admin:Project", "name": "web", "properties": {"name": "Shop"}}
    of = {"projectId": "${project.projectId}"}
    limit = {"type": "openai-admin:ProjectSpendLimit", "name": "web", "properties": {**of, "thresholdAmount": 5000}}
    ci = {"type": "openai-admin:ProjectServiceAccount", "name": "bot", "properties": {**of, "name": "ci"}}
    ci["properties"] |= {"createServiceAccountOnly": True}
    write(stack, {"project": project, "limit": limit, "ci": ci})
    stack.up()
    former = {"project": "web", "serviceAccounts.ci": "bot"}
    given = {"name": "Shop", "others": {}, "spendLimitDollars": 50, "serviceAccounts": {"ci": {}}}
    declare(stack, {**given, "formerNames": former, "protect": False})
    done = stack.up()
    assert done.summary == {"created": 2, "unchanged": 4}  # the component, and the group of every program here


def test_a_program_of_the_dynamic_component_moves_over(stack: Stack, emulator: EmulatorServer, tmp_path: Path) -> None:
    dynamic = (stack.folder / "Pulumi.yaml").read_text(encoding="utf-8")
    (stack.folder / "Pulumi.yaml").write_text("name: test\nruntime: python\n", encoding="utf-8")
    stack.program(PYTHON)
    stack.up()
    before, keys = emulator.control.state(), stack.outputs()["apiKeys"]
    old, new = tmp_path / "dynamic.json", tmp_path / "native.json"
    stack.ok("stack", "export", "--file", str(old))
    done = CliRunner().invoke(app, ["migrate", str(old), str(new)])
    assert done.exit_code == 0, done.output
    stack.ok("stack", "import", "--file", str(new))
    declare(stack, SHOP)
    stack.assert_clean()
    (component,) = (
        found
        for found in json.loads(new.read_text(encoding="utf-8"))["deployment"]["resources"]
        if found["type"] == "openai-admin:index:TeamProject"
    )
    assert set(component["outputs"]) == {"projectId", "serviceAccountIds", "notLimited"}
    stack.ok("up", "--yes", "--skip-preview", "--expect-no-changes")
    assert stack.outputs()["apiKeys"] == keys
    assert emulator.control.state() == before

    # and back, with the stack that was exported
    stack.ok("stack", "import", "--file", str(old))
    (stack.folder / "Pulumi.yaml").write_text(dynamic, encoding="utf-8")
    stack.assert_clean()


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        # The host of YAML programs knows the types: its message has the path as a tree.
        (
            {"serviceAccounts": {"web": {"apiKey": {"expiresInSeconds": "soon"}}}},
            r"(?s)serviceAccounts: .*web: .*apiKey: .*expiresInSeconds: Cannot assign type 'string' to type 'number'",
        ),
        (
            {"limits": {"gpt-4o": {"maxRequestsPer1Minute": -5}}},
            r'error: .*TeamProject resource .shop. has a problem: limits\["gpt-4o"\]\.maxRequestsPer1Minute must be',
        ),
    ],
)
def test_a_wrong_input_is_one_message_and_nothing_is_created(
    stack: Stack, emulator: EmulatorServer, properties: dict[str, Any], told: str
) -> None:
    before = set(emulator.control.state()["projects"])
    declare(stack, properties)
    refused = stack.run("up", "--yes", "--skip-preview")
    assert refused.code
    messages = refused.text.partition("Diagnostics:")[2]
    assert len(re.findall(told, messages)) == 1, refused.text
    assert len(re.findall(r"(?i)error(?:\x1b\[0m)?: ", messages)) == 1, refused.text
    assert set(emulator.control.state()["projects"]) == before


def test_a_role_that_is_known_later_makes_no_owner(stack: Stack, emulator: EmulatorServer) -> None:
    owner = {"type": "openai-admin:Group", "properties": {"name": "owner"}}
    accounts = {"ci": {"role": "${group.name}"}}
    shop = {"type": "openai-admin:TeamProject", "properties": {"others": {}, "serviceAccounts": accounts}}
    write(stack, {"group": owner, "shop": shop})
    refused = stack.run("up", "--yes", "--skip-preview")
    assert refused.code
    assert "serviceAccounts.ci.role is an Output that is 'owner'. Write 'owner' as text for an owner." in refused.text
    assert "Traceback" not in refused.text
    assert not any(project["service_accounts"] for project in emulator.control.state()["projects"].values())


def test_more_components_than_operations_at_a_time(stack: Stack) -> None:
    """Each component waits in the provider for its resources, which the same provider serves."""
    count = MAX_PARALLEL + 20
    write(
        stack,
        {
            f"team{number}": {"type": "openai-admin:TeamProject", "properties": {"others": {}}}
            for number in range(count)
        },
    )
    assert stack.preview().summary == {"to create": 2 * count + 1}
