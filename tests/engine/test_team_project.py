"""`TeamProject` on the real engine: its scenario, and taking over what was declared, or adopted, without it."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.company import plant
from tests.engine.adopted import NO_CHECKPOINTS, NOWHERE
from tests.engine.stacks import shown_changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.engine.adopted import AdoptedStack
    from tests.engine.stacks import Stack

    OpenAI = Callable[..., dict[str, Any]]

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(300)
IMPORTS = "from pulumi_openai_admin import Group, Provider, TeamProject\n"
TEAM = """\
engineering = Group("engineering", name="Engineering")
team = TeamProject(
    "shop",
    name="Shop",
    limits={"gpt-4o": {"max_requests_per_1_minute": 60}},
    others={"max_requests_per_1_minute": 0},
    spend_limit_dollars=1_000,
    alerts={"high": {"threshold_share": "80%", "recipients": ["shop@example.com"]}},
    members=["ada@example.com"],
    groups={"engineering": engineering.group_id},
    service_accounts={"ci": {}, "web": {"api_key": {"expires_in_seconds": 7_776_000}}},
)
pulumi.export("project_id", team.project_id)
pulumi.export("accounts", team.service_account_ids)
pulumi.export("keys", team.api_keys)
pulumi.export("not_limited", team.not_limited)
"""


def children(stack: Stack, component: str = "::shop") -> dict[str, dict[str, Any]]:
    """The resources of the component, by kind and name."""
    resources = stack.export()["deployment"]["resources"]
    return {
        f"{resource['type'].rpartition(':')[2]} {resource['urn'].rpartition('::')[2]}": resource
        for resource in resources
        if resource.get("parent", "").endswith(f":TeamProject{component}")
    }


def rate_limits(openai: OpenAI, project_id: str) -> dict[str, Any]:
    rows: Any = openai("GET", f"{project_id}/rate_limits?limit=1000")["data"]
    return {row["model"]: row["max_requests_per_1_minute"] for row in rows}


def test_a_project_from_up_to_destroy(stack: Stack, emulator: EmulatorServer, openai: OpenAI) -> None:
    stack.program(IMPORTS + TEAM)
    told = stack.up().text
    stack.assert_clean()
    assert set(children(stack)) == {
        *("Project shop", "ProjectRateLimits shop", "ProjectSpendLimit shop", "ProjectMembers shop"),
        *("ProjectModelPermissions shop", "ProjectSpendAlert shop-high", "ProjectGroup shop-engineering"),
        *("ProjectServiceAccount shop-ci", "ProjectServiceAccount shop-web", "ProjectServiceAccountApiKey shop-web"),
    }
    outputs = stack.outputs()
    project_id = outputs["project_id"]
    assert set(outputs["accounts"]) == {"ci", "web"}
    assert set(outputs["keys"]) == {"web"}
    assert emulator.control.key(outputs["keys"]["web"])
    text = (stack.folder / "exported.json").as_posix()
    stack.ok("stack", "export", "--file", text)
    assert outputs["keys"]["web"] not in (stack.folder / "exported.json").read_text(encoding="utf-8")
    limits = rate_limits(openai, project_id)
    not_limited = outputs["not_limited"]
    assert {model: limit for model, limit in limits.items() if limit and model not in not_limited} == {"gpt-4o": 60}
    assert not_limited["gpt-4o-shared"] == {"max_requests_per_1_minute": 10_000, "max_tokens_per_1_minute": 2_000_000}
    assert "refuses to change the rate limits" not in told, "the project may not use these models"
    allowed: Any = openai("GET", f"{project_id}/model_permissions")
    assert (allowed["mode"], allowed["model_ids"]) == ("allow_list", ["gpt-4o"])
    roles = {
        account["role"] for account in emulator.control.state()["projects"][project_id]["service_accounts"].values()
    }
    assert "owner" not in roles

    # What changes behind its back shows, and is taken back.
    openai("POST", f"{project_id}/rate_limits/rl-o1", max_requests_per_1_minute=7)
    openai("POST", f"{project_id}/spend_limit", threshold_amount=999_999, currency="USD", interval="month")
    drift = shown_changes(stack.ok("preview", "--refresh", "--diff").text, deep=True)
    assert sorted(drift) == [
        "+ max_requests_per_1_minute: 7",
        "~ max_requests_per_1_minute: 7 => 0",
        "~ threshold_amount: 100000 => 999999",
        "~ threshold_amount: 999999 => 100000",
    ]
    stack.ok("up", "--yes", "--skip-preview", "--refresh")
    assert rate_limits(openai, project_id)["o1"] == 0
    stack.assert_clean()

    # The project is protected, so the preview of destroy fails and nothing is destroyed.
    before = emulator.control.live()
    refused = stack.run("destroy", "--yes")
    assert refused.code
    assert "cannot be deleted" in refused.text, refused.text
    assert emulator.control.live() == before
    stack.assert_clean()
    stack.program(IMPORTS + TEAM.replace('    name="Shop",\n', '    name="Shop",\n    protect=False,\n'))
    stack.ok("up", "--yes", "--skip-preview")
    assert emulator.control.live() == before
    stack.destroy()
    assert emulator.control.state()["projects"][project_id]["status"] == "archived"


RETAINED = """
def retain(args):
    if args.type_.endswith(":Project"):
        retained = pulumi.ResourceOptions(retain_on_delete=True)
        return pulumi.ResourceTransformResult(args.props, pulumi.ResourceOptions.merge(args.opts, retained))


pulumi.runtime.register_resource_transform(retain)
"""


def test_destroy_skips_only_the_settings_of_a_project_that_it_archives(
    stack: Stack, emulator: EmulatorServer, openai: OpenAI
) -> None:
    team = TEAM.replace('    name="Shop",\n', '    name="Shop",\n    protect=False,\n')

    def destroyed() -> tuple[str, set[str]]:
        """The project, and what the requests of destroy changed in it."""
        stack.up()
        project_id = stack.outputs()["project_id"]
        emulator.control.clear_requests()
        stack.destroy()
        place = f"/organization/projects/{project_id}/"
        sent = [f"{call['method']} {call['path']}" for call in emulator.control.requests()]
        inside = [call.replace(place, "") for call in sent if place in call and not call.startswith("GET")]
        return project_id, {call.partition("/")[0] for call in inside}

    own = {"DELETE service_accounts", "DELETE api_keys", "DELETE users", "DELETE spend_alerts"}
    settings = {"POST rate_limits", "DELETE spend_limit", "DELETE model_permissions"}
    stack.program(IMPORTS + team)
    project_id, changed = destroyed()
    assert changed == own | {"POST archive"}
    assert emulator.control.state()["projects"][project_id]["status"] == "archived"

    stack.program(IMPORTS + RETAINED + team)
    project_id, changed = destroyed()
    assert changed == own | settings
    assert emulator.control.state()["projects"][project_id]["status"] == "active"
    assert all(rate_limits(openai, project_id).values())


def users(openai: OpenAI, project_id: str) -> dict[str, str]:
    """The people of a project, each with the role."""
    found: Any = openai("GET", f"{project_id}/users")["data"]
    return {member["email"]: member["role"] for member in found}


def test_a_new_team_with_a_person_who_is_not_there_yet(stack: Stack, emulator: EmulatorServer, openai: OpenAI) -> None:
    text = (ROOT / "examples" / "team" / "new_team.py").read_text(encoding="utf-8")
    stack.ok("config", "set", "openai-admin:previewReads", "true")
    stack.program(text.replace("    invite=True,\n", ""))
    refused = stack.run("preview")
    assert refused.code
    assert "The organization has no user with the address hedy@example.com" in refused.text

    stack.program(text)
    assert "Member hedy@example.com, at OpenAI now: not found => invited." in stack.preview().text
    stack.up()
    project_id = stack.outputs()["project"]
    (invite,) = emulator.control.live("invite")["invite"].items()
    assert invite[1]["projects"] == [{"id": project_id, "role": "member"}]
    assert users(openai, project_id) == {"ada@example.com": "owner"}
    organization = {user["email"]: user["role"] for user in emulator.control.live("user")["user"].values()}
    assert organization == {"ada@example.com": "owner"}, "the role in the organization stays"

    emulator.control.accept_invite(invite[0])
    stack.ok("up", "--yes", "--skip-preview", "--refresh")
    stack.assert_clean()
    there = {"ada@example.com": "owner", "hedy@example.com": "member"}
    assert users(openai, project_id) == there

    # Everybody stays where the people move from one kind of resource to another, and back.
    emulator.control.clear_requests()
    for program in (text.replace("    invite=True,\n", ""), text):
        stack.program(program)
        stack.ok("up", "--yes", "--skip-preview")
        assert users(openai, project_id) == there
    assert {request["method"] for request in emulator.control.requests()} == {"GET"}

    stack.program(text.replace('"hedy@example.com": "member"', ""))
    stack.ok("up", "--yes", "--skip-preview")
    assert users(openai, project_id) == {"ada@example.com": "owner"}
    stack.destroy()
    organization = {user["email"]: user["role"] for user in emulator.control.live("user")["user"].values()}
    assert organization == {"ada@example.com": "owner", "hedy@example.com": "reader"}


FLAT_IMPORTS = """\
from pulumi_openai_admin import ProjectGroup, ProjectMembers, ProjectSpendAlert, ProjectSpendLimit

engineering = Group("engineering", name="Engineering")
"""
FLAT = """\
shop = Project("{name}", name="Shop")
project_id = shop.project_id
ProjectRateLimits("{name}", project_id=project_id, limits={{"gpt-4o": {{"max_requests_per_1_minute": 60}}}})
ProjectSpendLimit("{name}", project_id=project_id, threshold_amount=100_000)
ProjectSpendAlert("{alert}", project_id=project_id, threshold_amount=80_000, recipients=["shop@example.com"])
ProjectMembers("{name}", project_id=project_id, members=[{{"email": "ada@example.com", "role": "owner"}}])
ProjectGroup("{group}", project_id=project_id, group_id=engineering.group_id, role="member")
ci = ProjectServiceAccount("{account}", project_id=project_id, name="CI Bot")
key = ProjectServiceAccountApiKey(
    "{account}", project_id=project_id, service_account_id=ci.service_account_id, expires_in_seconds=7_776_000
)
pulumi.export("{component}", key.api_key)
"""
MOVED = """\
team = TeamProject(
    "{component}",
    name="Shop",
    limits={{"gpt-4o": {{"max_requests_per_1_minute": 60}}}},
    others=None,
    spend_limit_dollars=1_000,
    alerts={{"high": {{"threshold_dollars": 800, "recipients": ["shop@example.com"]}}}},
    members={{"ada@example.com": "owner"}},
    groups={{"engineering": engineering.group_id}},
    service_accounts={{
        "CI Bot": {{
            "role": None,
            "create_service_account_only": None,
            "api_key": {{"name": None, "expires_in_seconds": 7_776_000}},
        }},
    }},
    protect=False,
    former_names={former_names!r},
)
pulumi.export("{component}", team.api_keys["CI Bot"])
"""
FLAT_NAMES = {
    "shop": {"name": "shop", "alert": "shop-high", "group": "shop-engineering", "account": "shop-ci-bot"},
    "store": {"name": "s", "alert": "s-high", "group": "s-engineering", "account": "s-CI Bot"},
    "web": {"name": "proj", "alert": "eighty", "group": "eng", "account": "bot"},
}
"""The names without the component: those that it gives, those of another name, and any names."""
FORMER_NAMES = {
    "shop": None,
    "store": "s",
    "web": {
        **dict.fromkeys(("project", "limits", "spend_limit", "members"), "proj"),
        "alerts.high": "eighty",
        "groups.engineering": "eng",
        **dict.fromkeys(("service_accounts.CI Bot", "api_keys.CI Bot"), "bot"),
    },
}


def test_a_wrong_entry_creates_nothing_even_without_a_preview(stack: Stack, emulator: EmulatorServer) -> None:
    for wrong, told in {
        TEAM.replace('"ci": {}', '"ci": {"api_keys": {}}'): " has no property 'api_keys' (__main__.py, line ",
        TEAM.replace('"ci": {}', '"ci": {"role": "admin"}'): "['role'] must be 'member' or 'owner', not 'admin' (__ma",
    }.items():
        stack.program(IMPORTS + wrong)
        run = stack.run("up", "--yes", "--skip-preview")
        assert run.code
        assert f"error: TeamProject 'shop': service_accounts['ci']{told}" in " ".join(run.text.split())
        assert "Traceback" not in run.text
        assert children(stack) == {}
    assert [
        project["name"] for project in emulator.control.live("project")["project"].values() if project["name"] == "Shop"
    ] == []


def test_flat_programs_are_taken_over_and_a_component_gets_another_name(stack: Stack, emulator: EmulatorServer) -> None:
    renamed = (
        'TeamProject("{name}", name="Lab", others=None, protect=False, '
        'spend_limit_dollars=10, service_accounts={{"ci": {{}}}}{opts})\n'
    )
    head = f"{IMPORTS}{FLAT_IMPORTS}"
    flat = [FLAT.format(component=component, **names) for component, names in FLAT_NAMES.items()]
    stack.program(head + "".join(flat) + renamed.format(name="lab", opts=""))
    stack.up()
    before, keys = emulator.control.live(), stack.outputs()
    emulator.control.clear_requests()

    alias = ', opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="lab")])'
    last = renamed.format(name="laboratory", opts=alias)

    def moved(former_names: dict[str, Any]) -> str:
        return (
            head
            + "".join(
                MOVED.format(component=flat_name, former_names=former_names[flat_name]) for flat_name in FLAT_NAMES
            )
            + last
        )

    stack.program(moved(FORMER_NAMES))
    preview = stack.preview()
    assert preview.summary == {"to create": 3, "unchanged": 30}, preview.text
    assert stack.up().summary == {"created": 3, "unchanged": 30}
    assert {request["method"] for request in emulator.control.requests()} <= {"GET"}
    assert emulator.control.live() == before
    assert stack.outputs() == keys
    for component in FLAT_NAMES:
        assert len(children(stack, f"::{component}")) == 8, component
    assert set(children(stack, "::laboratory")) == {
        "Project laboratory",
        "ProjectSpendLimit laboratory",
        "ProjectServiceAccount laboratory-ci",
    }
    # The former names are of no use any more, and may stay or go.
    stack.program(moved(dict.fromkeys(FLAT_NAMES)))
    stack.assert_clean()


ADOPTED = '''\
"""Shop (proj_shop)."""

from pulumi_openai_admin import (
    ExternalStorage,
    ProjectCertificateActivation,
    ProjectDataRetention,
    ProjectGroupRoles,
    ProjectHostedToolPermissions,
    ProjectRole,
    ProjectServiceTierSettings,
    TeamProject,
    WorkloadIdentityFederationRule,
)

import organization
from projects import KEEP

project = TeamProject(
    "shop",
    name="Shop",
    residency="EU_STORAGE_PROCESSING",
    external_key_id=organization.data.external_key_id,
    limits={"o1": {"max_requests_per_1_minute": 5}},
    others=None,
    spend_limit_dollars=1_000,
    alerts={"80000": {"threshold_dollars": 800, "recipients": ["finance@example.com", "zoe@example.com"]}},
    members={"edsger@example.com": "member"},
    groups={"engineering": organization.engineering.group_id},
    service_accounts={"web": {"role": "owner"}},
    models=["gpt-4o", "o1"],
    opts=KEEP,
)
project_id = project.project_id
'''


def test_an_adopted_project_is_taken_over(emulator: EmulatorServer, adopt: Callable[..., AdoptedStack]) -> None:
    plant(emulator)
    stack = adopt("--all")
    stack.take_over()
    before = emulator.control.state()
    module = stack.folder / "projects" / "shop.py"
    module.write_text(with_component(module.read_text(encoding="utf-8")), encoding="utf-8")
    shown = stack.ok("preview", "--diff", **NO_CHECKPOINTS, **NOWHERE)
    assert shown.summary["to create"] == 1
    assert set(shown.summary) == {"to create", "unchanged"}, shown.text
    done = stack.up()
    assert set(done.summary) == {"created", "unchanged"}, done.text
    assert emulator.control.state() == before
    moved = children(stack)
    assert set(moved) == {
        *("Project shop", "ProjectRateLimits shop", "ProjectSpendLimit shop", "ProjectMembers shop"),
        *("ProjectModelPermissions shop", "ProjectSpendAlert shop-80000", "ProjectGroup shop-engineering"),
        "ProjectServiceAccount shop-web",
    }
    assert all(moved_item["protect"] for moved_item in moved.values())
    stack.ok("up", "--refresh", "--yes", "--skip-preview", "--expect-no-changes")


def with_component(module: str) -> str:
    """The module that `adopt` wrote, with the component in place of what it declares."""
    moved = (
        *("Project", "ProjectMembers", "ProjectModelPermissions", "ProjectRateLimits", "ProjectSpendAlert"),
        *("ProjectSpendLimit", "ProjectGroup", "ProjectServiceAccount"),
    )
    _, *declarations = module.partition("from projects import KEEP\n")[2].split("\n\n")
    stay = [text for text in declarations if not any(f'{kind}(\n    "shop' in text for kind in moved)]
    others = "\n\n".join(stay).replace("project.project_id", "project_id")
    others = others.replace("engineering.group_id", "organization.engineering.group_id")
    return ADOPTED + "\n" + others.replace("web.service_account_id", 'project.service_account_ids["web"]')


def test_its_options_hold_for_its_resources(stack: Stack, emulator: EmulatorServer) -> None:
    stack.program(
        IMPORTS
        + textwrap.dedent(f"""\
            own = Provider("own", admin_api_key={emulator.admin_key!r}, base_url={emulator.base_url!r})

            def prefixed(args):
                if args.type_.endswith(":Project"):
                    props = {{**args.props, "name": "Team " + args.props["name"]}}
                    return pulumi.ResourceTransformResult(props, args.opts)
                return None

            first = Group("first", name="First", opts=pulumi.ResourceOptions(provider=own))
            TeamProject(
                "shop",
                name="shop",
                others=None,
                service_accounts={{"ci": {{}}}},
                opts=pulumi.ResourceOptions(
                    providers=[own], protect=True, depends_on=[first], transforms=[prefixed]
                ),
            )
            """)
    )
    stack.up(OPENAI_ADMIN_KEY="")
    project, account = children(stack)["Project shop"], children(stack)["ProjectServiceAccount shop-ci"]
    assert project["outputs"]["name"] == "Team shop"
    for created in (project, account):
        assert created["protect"]
        assert "::own::" in created["provider"]
        assert any(urn.endswith("Group::first") for urn in created["dependencies"])
    assert "protect" in stack.run("destroy", "--yes", "--skip-preview", OPENAI_ADMIN_KEY="").text
    stack.ok("preview", "--expect-no-changes", OPENAI_ADMIN_KEY="")
