"""`TeamProject` as a component of the native provider."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

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


@pytest.fixture
def stack(tmp_path: Path, pulumi: Engine, emulator: EmulatorServer) -> Stack:
    environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
    return Stack(languages.with_yaml(pulumi), tmp_path, environ)


def declare(stack: Stack, properties: dict[str, Any], **options: Any) -> None:
    team = {"type": "openai-admin:TeamProject", "properties": properties, "options": options}
    outputs = {name: f"${{shop.{name}}}" for name in ("projectId", "serviceAccountIds", "apiKeys", "notLimited")}
    program = {"name": "test", "runtime": "yaml", "resources": {"engineering": GROUP, "shop": team}}
    (stack.folder / "Pulumi.yaml").write_text(yaml.safe_dump({**program, "outputs": outputs}), encoding="utf-8")


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
    assert shown_changes(shown.text, deep=True)[:1] == ["~ thresholdAmount: 100000 => 120050"]
    assert shown.summary == {"updated": 2, "deleted": 2, "unchanged": 10}  # 80 % of the limit, too
    assert set(stack.outputs()["serviceAccountIds"]) == {"web"}
    stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes")

    refused = stack.run("destroy", "--yes")
    assert refused.code
    assert "cannot be deleted" in refused.text
    declare(stack, {**changed, "protect": False})
    stack.up()
    stack.destroy()
    assert emulator.control.state()["projects"][outputs["projectId"]]["status"] == "archived"
