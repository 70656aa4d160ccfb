"""`TeamProject` on the real engine, with both providers: its scenario, and what it takes over."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.config import MAX_PARALLEL
from tests.engine.stacks import shown_changes
from tests.engine.test_migrate import migrate

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.stacks import Program, Stack

    OpenAI = Callable[..., dict[str, Any]]

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(300)
SHOP: dict[str, Any] = {
    "name": "Shop",
    "limits": {"gpt-4o": {"max_requests_per_1_minute": 60}},
    "others": {"max_requests_per_1_minute": 0},
    "spend_limit_dollars": 1000,
    "alerts": {"high": {"threshold_share": "80%", "recipients": ["shop@example.com"]}},
    "members": [{"email": "ada@example.com", "role": "owner"}],
    "groups": {"engineering": {"group_id": "$engineering.group_id"}},
    "service_accounts": {
        "ci": {"groups": {"deployers": "$engineering.group_id"}},
        "web": {"api_key": {"expires_in_seconds": 7_776_000}},
    },
}
OUTPUTS = {name: f"$shop.{name}" for name in ("project_id", "service_account_ids", "api_keys", "not_limited")}


def declare(stack: Stack, **changes: Any) -> None:
    """Write the program with the component, and a group for it."""
    program: Program = {"engineering": ("Group", {"name": "Engineering"}), "shop": ("TeamProject", {**SHOP, **changes})}
    stack.declare(program, **OUTPUTS)


def children(stack: Stack, component: str = "::shop") -> dict[str, dict[str, Any]]:
    """The resources of the component, by kind and name."""
    resources = stack.export()["deployment"]["resources"]
    return {
        f"{resource['type'].rpartition(':')[2]} {resource['urn'].rpartition('::')[2]}": resource
        for resource in resources
        if resource.get("parent", "").endswith(f":TeamProject{component}")
    }


def test_a_project_from_preview_to_destroy(either: Stack, emulator: EmulatorServer) -> None:
    stack = either
    declare(stack)
    assert stack.preview().summary == {"to create": 14}, "the id of the group is not known yet"
    assert not emulator.control.live().get("group")
    told = stack.up().text
    stack.assert_clean()
    assert set(children(stack)) == {
        *("Project shop", "ProjectRateLimits shop", "ProjectSpendLimit shop", "ProjectMembers shop"),
        *("ProjectModelPermissions shop", "ProjectSpendAlert shop-high", "ProjectGroup shop-engineering"),
        *("ProjectServiceAccount shop-ci", "ProjectServiceAccount shop-web", "ProjectServiceAccountApiKey shop-web"),
        "GroupUser shop-ci-deployers",
    }
    assert [name for name, resource in children(stack).items() if resource.get("protect")] == ["Project shop"]
    resources = stack.export()["deployment"]["resources"]
    assert sum("pulumi:providers" in resource["type"] for resource in resources) == 1, "all have the same provider"
    outputs = stack.outputs()
    assert set(outputs["service_account_ids"]) == {"ci", "web"}
    assert "gpt-4o-shared" in outputs["not_limited"]
    assert "refuses to change the rate limits" not in told, "the project may not use these models"
    assert emulator.control.key(outputs["api_keys"]["web"])
    assert outputs["api_keys"]["web"] not in json.dumps(stack.export())

    without_ci = {"web": SHOP["service_accounts"]["web"]}
    declare(stack, spend_limit_dollars=1200.5, service_accounts=without_ci)
    shown = stack.ok("up", "--yes", "--skip-preview", "--diff")
    assert stack.spelled("~ threshold_amount: 100000 => 120050") in shown_changes(shown.text, deep=True)
    assert shown.summary == {"updated": 2, "deleted": 2, "unchanged": 10}, "80 % of the limit, too"
    assert set(stack.outputs()["service_account_ids"]) == {"web"}
    stack.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes")

    before = emulator.control.live()
    assert "cannot be deleted" in stack.refused("destroy", "--yes")
    assert emulator.control.live() == before
    declare(stack, spend_limit_dollars=1200.5, service_accounts=without_ci, protect=False)
    stack.up()
    assert emulator.control.live() == before
    stack.destroy()
    assert emulator.control.state()["projects"][outputs["project_id"]]["status"] == "archived"


def test_a_program_of_the_dynamic_component_moves_over(stack: Stack, emulator: EmulatorServer, tmp_path: Path) -> None:
    dynamic = (stack.folder / "Pulumi.yaml").read_text(encoding="utf-8")
    declare(stack)
    stack.up()
    before, keys = emulator.control.state(), stack.outputs()["api_keys"]
    migrate(stack, tmp_path)
    stack.use_native()
    declare(stack)
    stack.assert_clean()
    (component,) = (
        found
        for found in json.loads((tmp_path / "native.json").read_text(encoding="utf-8"))["deployment"]["resources"]
        if found["type"] == "openai-admin:index:TeamProject"
    )
    assert set(component["outputs"]) == {"projectId", "serviceAccountIds", "notLimited"}
    stack.ok("up", "--yes", "--skip-preview", "--expect-no-changes")
    assert stack.outputs()["api_keys"] == keys
    assert emulator.control.state() == before

    # and back, with the stack that was exported
    stack.ok("stack", "import", "--file", str(tmp_path / "dynamic.json"))
    (stack.folder / "Pulumi.yaml").write_text(dynamic, encoding="utf-8")
    stack.assert_clean()


def test_a_wrong_input_is_one_message_and_nothing_is_created(native: Stack, emulator: EmulatorServer) -> None:
    before = set(emulator.control.state()["projects"])
    declare(native, limits={"gpt-4o": {"max_requests_per_1_minute": -5}})
    refused = native.run("up", "--yes", "--skip-preview")
    assert refused.code
    (message,) = re.findall(r"(?i)error(?:\x1b\[0m)?: (.*)", refused.text.partition("Diagnostics:")[2])
    assert "TeamProject resource 'shop' has a problem: limits[\"gpt-4o\"].maxRequestsPer1Minute must be" in message
    assert set(emulator.control.state()["projects"]) == before


OPTIONS = """
name: test
runtime: yaml
variables:
  demo:
    fn::invoke:
      function: openai-admin:getProject
      arguments: {{projectId: proj_demo}}
      options: {{provider: "${{own}}"}}
      return: name
resources:
  own: {{type: pulumi:providers:openai-admin, properties: {{adminApiKey: {key}, baseUrl: "{address}"}}}}
  first: {{type: openai-admin:Group, properties: {{name: "${{demo}}"}}, options: {{provider: "${{own}}"}}}}
  shop:
    type: openai-admin:TeamProject
    properties: {{others: {{}}, serviceAccounts: {{ci: {{}}}}}}
    options:
      provider: ${{own}}
      dependsOn: ["${{first}}"]
      customTimeouts: {{create: 3m}}
      protect: true
      retainOnDelete: true
"""


def test_its_options_hold_for_its_resources_and_a_function_has_a_provider(
    native: Stack, emulator: EmulatorServer
) -> None:
    program = OPTIONS.format(key=emulator.admin_key, address=emulator.base_url)
    (native.folder / "Pulumi.yaml").write_text(program, encoding="utf-8")
    native.up(OPENAI_ADMIN_KEY="")
    assert native.resource("first")["outputs"]["name"] == "Demo"
    assert set(children(native)) == {"Project shop", "ProjectServiceAccount shop-ci"}
    for created in children(native).values():
        assert created["protect"]
        assert created["retainOnDelete"]
        assert created["customTimeouts"] == {"create": 180}
        assert "::own::" in created["provider"]
        assert any(urn.endswith("Group::first") for urn in created["dependencies"])


def test_more_components_than_operations_at_a_time(native: Stack) -> None:
    """Each component waits in the provider for its resources, which the same provider serves."""
    count = MAX_PARALLEL + 20
    native.declare({f"team{number}": ("TeamProject", {"others": {}}) for number in range(count)})
    assert native.preview().summary == {"to create": 2 * count + 1}


def users(openai: OpenAI, project_id: str) -> dict[str, str]:
    found: Any = openai("GET", f"{project_id}/users")["data"]
    return {member["email"]: member["role"] for member in found}


def test_a_new_team_with_a_person_who_is_not_there_yet(stack: Stack, emulator: EmulatorServer, openai: OpenAI) -> None:
    """The example: the person is invited, becomes a member with the invite, and leaves the project with the stack."""
    stack.program((ROOT / "examples" / "team" / "new_team.py").read_text(encoding="utf-8"))
    stack.up()
    project_id = stack.outputs()["project"]
    ((id_, invite),) = emulator.control.live("invite")["invite"].items()
    assert invite["projects"] == [{"id": project_id, "role": "member"}]
    assert users(openai, project_id) == {"ada@example.com": "owner"}
    emulator.control.accept_invite(id_)
    stack.ok("up", "--yes", "--skip-preview", "--refresh")
    stack.assert_clean()
    assert users(openai, project_id) == {"ada@example.com": "owner", "hedy@example.com": "member"}
    stack.destroy()
    organization = {user["email"]: user["role"] for user in emulator.control.live("user")["user"].values()}
    assert organization == {"ada@example.com": "owner", "hedy@example.com": "reader"}


FLAT = """
from pulumi_openai_admin import Group, ProjectGroup, ProjectMembers, ProjectSpendAlert, ProjectSpendLimit, TeamProject

engineering = Group("engineering", name="Engineering")
shop = Project("proj", name="Shop")
project_id = shop.project_id
ProjectRateLimits("proj", project_id=project_id, limits={"gpt-4o": {"max_requests_per_1_minute": 60}})
ProjectSpendLimit("proj", project_id=project_id, threshold_amount=100_000)
ProjectSpendAlert("eighty", project_id=project_id, threshold_amount=80_000, recipients=["shop@example.com"])
ProjectMembers("proj", project_id=project_id, members=[{"email": "ada@example.com", "role": "owner"}])
ProjectGroup("eng", project_id=project_id, group_id=engineering.group_id, role="member")
ci = ProjectServiceAccount("bot", project_id=project_id, name="CI Bot")
key = ProjectServiceAccountApiKey(
    "bot", project_id=project_id, service_account_id=ci.service_account_id, expires_in_seconds=7_776_000
)
pulumi.export("key", key.api_key)
TeamProject("lab", name="Lab", others=None, protect=False, spend_limit_dollars=10, service_accounts={"ci": {}})
"""
MOVED = """
from pulumi_openai_admin import Group, TeamProject

engineering = Group("engineering", name="Engineering")
team = TeamProject(
    "web",
    name="Shop",
    limits={"gpt-4o": {"max_requests_per_1_minute": 60}},
    others=None,
    spend_limit_dollars=1_000,
    alerts={"high": {"threshold_dollars": 800, "recipients": ["shop@example.com"]}},
    members={"ada@example.com": "owner"},
    groups={"engineering": engineering.group_id},
    service_accounts={
        "CI Bot": {
            "role": None,
            "create_service_account_only": None,
            "api_key": {"name": None, "expires_in_seconds": 7_776_000},
        },
    },
    protect=False,
    former_names=FORMER_NAMES,
)
pulumi.export("key", team.api_keys["CI Bot"])
TeamProject(
    "laboratory", name="Lab", others=None, protect=False, spend_limit_dollars=10, service_accounts={"ci": {}},
    opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="lab")]),
)
"""
FORMER_NAMES = {
    **dict.fromkeys(("project", "limits", "spend_limit", "members"), "proj"),
    "alerts.high": "eighty",
    "groups.engineering": "eng",
    **dict.fromkeys(("service_accounts.CI Bot", "api_keys.CI Bot"), "bot"),
}


def test_a_flat_program_is_taken_over_and_a_component_gets_another_name(stack: Stack, emulator: EmulatorServer) -> None:
    stack.program(FLAT)
    stack.up()
    before, keys = emulator.control.live(), stack.outputs()
    emulator.control.clear_requests()

    stack.program(MOVED.replace("FORMER_NAMES", repr(FORMER_NAMES)))
    preview = stack.preview()
    assert preview.summary == {"to create": 1, "unchanged": 14}, preview.text
    assert stack.up().summary == {"created": 1, "unchanged": 14}
    assert {request["method"] for request in emulator.control.requests()} <= {"GET"}
    assert emulator.control.live() == before
    assert stack.outputs() == keys
    assert len(children(stack, "::web")) == 8
    renamed = {"Project laboratory", "ProjectSpendLimit laboratory", "ProjectServiceAccount laboratory-ci"}
    assert set(children(stack, "::laboratory")) == renamed
    # The former names are of no use any more, and may stay or go.
    stack.program(MOVED.replace("FORMER_NAMES", "None"))
    stack.assert_clean()
