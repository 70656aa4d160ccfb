"""`TeamProject` with the mocks of an engine: which resources it declares, and what it refuses."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.sync_await import _sync_await

from pulumi_openai_admin import Project, TeamApiKey, TeamProject
from pulumi_openai_admin.cli.adopt.program import Names
from pulumi_openai_admin.components.entries import Arguments
from pulumi_openai_admin.components.team import Team, former_names
from pulumi_openai_admin.components.team_project import defaults
from pulumi_openai_admin.program.arguments import DeclarationError
from pulumi_openai_admin.resources.project_service_account_api_key import ProjectServiceAccountApiKey
from pulumi_openai_admin.schema.fields import FieldRole
from tests import keyed
from tests.unit.fakes import Mocks

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "sk-of-the-test"
TWO_STORES = {"command": {"arguments": ["op"]}, "pulumi_esc": {"environment": "a/b/c", "path": "k"}}
ZERO = {"max_requests_per_1_minute": 0, "max_tokens_per_1_minute": 0, "batch_1_day_max_input_tokens": 0}


class OpenAI(Mocks):
    """Gives ids and keys as the provider would."""

    def __init__(self) -> None:
        super().__init__()
        self.inputs: dict[str, dict[str, Any]] = {}

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[Any, Any]]:
        kind = args.typ.rpartition(":")[2]
        self.inputs[f"{kind} {args.name}"] = {key: it for key, it in args.inputs.items() if not key.startswith("__")}
        ids = {
            "Project": "proj_1",
            "ProjectServiceAccount": f"proj_1/svc_{args.name}",
            "ProjectServiceAccountApiKey": f"proj_1/svc_1/key_{args.name}",
        }
        has_key = "key" in kind.lower() or not args.inputs.get("create_service_account_only")
        made = {"api_key": "" if "deliver_to" in args.inputs else KEY} if has_key else {}
        return ids.get(kind, f"{args.name}_id"), {**args.inputs, **made}


@pytest.fixture
def openai(no_mocks: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> OpenAI:  # noqa: ARG001 - afterwards
    monkeypatch.setattr(_CallbackServicer, "_servicers", [])  # those of other tests
    openai = OpenAI()
    pulumi.runtime.set_mocks(openai, preview=False, monitor=openai.monitor)
    return openai


def declare(**arguments: Any) -> list[Any]:
    """What the outputs are in the end, and whether the keys are secret."""
    found: list[Any] = []

    @pulumi.runtime.test
    def program() -> pulumi.Output[Any]:
        team = TeamProject("shop", **arguments)
        outputs = pulumi.Output.all(team.project_id, team.service_account_ids, team.api_keys)
        secret = pulumi.Output.from_input(team.api_keys.is_secret())
        return pulumi.Output.all(outputs, secret).apply(found.extend)

    program()
    return found


def inputs_of(kind: str, **arguments: Any) -> Any:
    """The inputs of a resource of the component, without an engine: an Output that fails would end the mocks."""
    team = Team("shop", {**defaults(), **arguments}, Arguments("TeamProject 'shop': "))
    (found,) = (child.inputs for child in team.children if child.kind.__name__ == kind)
    return found


def test_nothing_but_a_name_is_a_project_that_accepts_no_request(openai: OpenAI) -> None:
    assert declare() == [["proj_1", {}, {}], True]
    assert openai.inputs == {
        "TeamProject shop": {},
        "Project shop": {},
        "ProjectRateLimits shop": {"project_id": "proj_1", "limits": {"*": ZERO}},
        "ProjectModelPermissions shop": {"project_id": "proj_1", "mode": "allow_list", "model_ids": []},
    }


def test_each_argument_is_a_resource(openai: OpenAI) -> None:
    outputs, is_secret = declare(
        name="Shop",
        residency="EU_STORAGE_PROCESSING",
        external_key_id="extkey_1",
        limits={"gpt-4o": {"max_requests_per_1_minute": 60}},
        spend_limit_dollars=1000.5,
        alerts={
            "high": {"threshold_dollars": 800, "recipients": ["a@example.com"], "subject_prefix": "Shop"},
            "80": {"threshold_share": "80%", "recipients": ["a@example.com"]},
        },
        members=[{"email": "ada@example.com", "until": "2999-12-31"}, pulumi.Output.from_input("user-1")],
        exclusive=True,
        groups={"eng": pulumi.Output.from_input("group_1"), "ops": {"group_id": "group_2", "role": "owner"}},
        service_accounts={
            "ci": {"groups": {"deployers": "group_1", "ops": pulumi.Output.from_input("group_ops")}},
            "web": {
                "name": "Web",
                "groups": None,
                "api_key": {"expires_in_seconds": 60, "scopes": ["api.responses.write"]},
            },
            "old": {"create_service_account_only": None, "expires_in_seconds": 60, "role": "member"},
        },
        models=["gpt-4o"],
    )
    of = {"project_id": "proj_1"}
    keyless = {**of, "create_service_account_only": True}
    assert openai.inputs == {
        "TeamProject shop": {},
        "Project shop": {"name": "Shop", "residency": "EU_STORAGE_PROCESSING", "external_key_id": "extkey_1"},
        "ProjectRateLimits shop": {**of, "limits": {"gpt-4o": {"max_requests_per_1_minute": 60}}, "others": ZERO},
        "ProjectSpendLimit shop": {**of, "threshold_amount": 100_050},
        "ProjectSpendAlert shop-high": {
            **of,
            "threshold_amount": 80_000,
            "recipients": ["a@example.com"],
            "subject_prefix": "Shop",
        },
        "ProjectSpendAlert shop-80": {**of, "threshold_amount": 80_040, "recipients": ["a@example.com"]},
        "ProjectMembers shop": {
            **of,
            "members": keyed.members({"ada@example.com": "member", "user-1": "member"}),
            "exclusive": True,
            "until": keyed.until({"ada@example.com": "2999-12-31"}),
        },
        "ProjectGroup shop-eng": {**of, "group_id": "group_1", "role": "member"},
        "ProjectGroup shop-ops": {**of, "group_id": "group_2", "role": "owner"},
        "ProjectModelPermissions shop": {**of, "mode": "allow_list", "model_ids": ["gpt-4o"]},
        "ProjectServiceAccount shop-ci": {**keyless, "name": "ci"},
        "GroupUser shop-ci-deployers": {"group_id": "group_1", "user_id": "svc_shop-ci"},
        "GroupUser shop-ci-ops": {"group_id": "group_ops", "user_id": "svc_shop-ci"},
        "ProjectServiceAccount shop-web": {**keyless, "name": "Web", "role": "member"},
        "ProjectServiceAccountApiKey shop-web": {
            **of,
            "service_account_id": "svc_shop-web",
            "name": "Web",
            "expires_in_seconds": 60,
            "scopes": ["api.responses.write"],
        },
        "ProjectServiceAccount shop-old": {**of, "name": "old", "expires_in_seconds": 60, "role": "member"},
    }
    accounts = {"ci": "svc_shop-ci", "web": "svc_shop-web", "old": "svc_shop-old"}
    assert outputs == ["proj_1", accounts, {"web": KEY, "old": KEY}]
    assert is_secret


def test_people_who_are_not_in_the_organization_are_invited(openai: OpenAI) -> None:
    members = [
        {"email": "Ada@example.com", "role": "owner"},
        {"email": "eve@example.com", "role": pulumi.Output.from_input("member"), "until": "2999-12-31"},
        {"user_id": "user-grace", "role": "viewer"},
        {"user_id": "user-1", "until": "2999-12-31"},
    ]
    declare(others=None, invite=True, members=members)
    assert openai.inputs == {
        "TeamProject shop": {},
        "Project shop": {},
        "OrganizationMember shop-ada@example.com": {
            "email": "Ada@example.com",
            "projects": keyed.projects({"proj_1": "owner"}),
        },
        "OrganizationMember shop-eve@example.com": {
            "email": "eve@example.com",
            "projects": keyed.projects({"proj_1": "member"}),
            "until": "2999-12-31",
            "remove_after_until": False,
        },
        "ProjectMembers shop": {
            "project_id": "proj_1",
            "members": keyed.members({"user-grace": "viewer", "user-1": "member"}),
            "until": keyed.until({"user-1": "2999-12-31"}),
        },
    }


ALLOW = {"gpt-4o": {"max_requests_per_1_minute": 60}, "o1": {"max_requests_per_1_minute": 5}}


@pytest.mark.parametrize(
    ("arguments", "model_ids"),
    [
        ({"limits": ALLOW}, ["gpt-4o", "o1"]),
        ({"limits": ALLOW, "others": {"max_tokens_per_1_minute": 0}}, ["gpt-4o", "o1"]),
        ({"limits": ALLOW, "models": ["gpt-4o"]}, ["gpt-4o"]),
        ({"limits": ALLOW, "models": None}, None),
        ({"limits": ALLOW, "others": {}}, None),
        ({"limits": ALLOW, "others": {"max_requests_per_1_minute": 9}}, None),
        ({"limits": {**ALLOW, "gpt-5*": ALLOW["o1"]}}, None),
        ({"limits": ALLOW, "project_id": "proj_2"}, None),
    ],
)
def test_an_allow_list_of_names_is_the_models_that_the_project_may_use(
    openai: OpenAI, arguments: dict[str, Any], model_ids: list[str] | None
) -> None:
    declare(**arguments)
    found = openai.inputs.get("ProjectModelPermissions shop")
    assert (found and found["model_ids"]) == model_ids


@pytest.mark.parametrize(
    ("arguments", "protected"),
    [
        ({}, {"Project"}),
        ({"protect": False}, set()),
        ({"opts": pulumi.ResourceOptions(protect=False)}, set()),
        ({"protect": False, "opts": pulumi.ResourceOptions(protect=True)}, {"Project", "ProjectSpendLimit"}),
    ],
)
def test_the_project_is_protected(openai: OpenAI, arguments: dict[str, Any], protected: set[str]) -> None:
    declare(spend_limit_dollars=1, others=None, **arguments)
    inside = [request for request in openai.monitor.requests if request.custom]
    assert {request.type.rpartition(":")[2] for request in inside if request.protect} == protected


def test_limits_may_be_known_later(openai: OpenAI) -> None:
    limits = {"gpt-4o": {"max_requests_per_1_minute": 60}}
    declare(limits=pulumi.Output.from_input(limits), spend_limit_dollars=pulumi.Output.from_input(5))
    assert openai.inputs["ProjectRateLimits shop"] == {"project_id": "proj_1", "limits": limits, "others": ZERO}
    assert "ProjectModelPermissions shop" not in openai.inputs, "it is not known which models they name"
    assert openai.inputs["ProjectSpendLimit shop"]["threshold_amount"] == 500


def test_an_existing_project_is_not_declared(openai: OpenAI) -> None:
    assert declare(project_id="proj_2", spend_limit_dollars=1, others=None)[0][0] == "proj_2"
    limit = {"project_id": "proj_2", "threshold_amount": 100}
    assert openai.inputs == {"TeamProject shop": {}, "ProjectSpendLimit shop": limit}


def test_everything_is_inside_it_and_has_its_former_names(openai: OpenAI) -> None:
    declare(spend_limit_dollars=1, service_accounts={"CI Bot": {}})
    inside = {request.name: request for request in openai.monitor.requests if request.custom}
    parents = {request.parent.rpartition("$")[2] for request in inside.values()}
    assert parents == {"openai-admin:index:TeamProject::shop"}
    aliases = {name: [(it.spec.name, it.spec.noParent) for it in request.aliases] for name, request in inside.items()}
    assert aliases == {"shop": [("shop", True)], "shop-CI Bot": [("shop-CI Bot", True), ("shop-ci-bot", True)]}


SETTINGS = {"ProjectRateLimits", "ProjectSpendLimit", "ProjectModelPermissions"}
EVERYTHING: dict[str, Any] = {
    "limits": {"gpt-4o": {"max_requests_per_1_minute": 60}},
    "spend_limit_dollars": 1,
    "alerts": {"high": {"threshold_dollars": 1, "recipients": ["a@example.com"]}},
    "members": ["ada@example.com", "eve@example.com"],
    "groups": {"eng": "group_1"},
    "service_accounts": {"ci": {"groups": {"eng": "group_1"}, "api_key": {"expires_in_seconds": 60}}},
}


def deleted_with(openai: OpenAI, **arguments: Any) -> set[str]:
    """The kinds that are not deleted by themselves if their project is archived."""
    declare(**EVERYTHING | arguments)
    with_project = [request for request in openai.monitor.requests if request.deletedWith]
    assert {request.deletedWith.rpartition(":")[2] for request in with_project} <= {"shop"}
    return {request.type.rpartition(":")[2] for request in with_project}


def test_only_the_settings_of_a_project_that_may_be_archived_end_with_it(openai: OpenAI) -> None:
    assert deleted_with(openai, protect=False) == SETTINGS


def test_nothing_ends_with_a_project_that_a_transform_may_keep(openai: OpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_CallbackServicer, "_servicers", [SimpleNamespace(_loop=None, _transforms={})])
    assert deleted_with(openai, protect=False) == set()


@pytest.mark.parametrize(
    "options",
    [
        {"protect": True},
        {"retain_on_delete": True},
        {"transforms": [lambda _: None]},  # each could retain the project
        {"transformations": [lambda _: None]},
    ],
    ids=["protect", "retain_on_delete", "transforms", "transformations"],
)
def test_nothing_ends_with_a_project_that_may_stay(openai: OpenAI, options: dict[str, Any]) -> None:
    assert deleted_with(openai) == set()
    assert deleted_with(openai, protect=False, opts=pulumi.ResourceOptions(**options)) == set()


def test_a_protected_parent_protects_a_project_of_any_component(openai: OpenAI) -> None:
    @pulumi.runtime.test
    def program() -> pulumi.Output[Any]:
        outer = pulumi.ComponentResource("my:Company", "company", opts=pulumi.ResourceOptions(protect=True))
        inside = pulumi.ResourceOptions(parent=outer)
        team = TeamProject("shop", spend_limit_dollars=1, opts=inside)
        project = Project("flat", name="Flat", opts=inside)
        return pulumi.Output.all(team.project_id, project.project_id)

    program()
    limit = next(request for request in openai.monitor.requests if request.type.endswith(":ProjectSpendLimit"))
    parents = [(alias.spec.noParent, alias.spec.parentUrn.rpartition("::")[2]) for alias in limit.aliases]
    assert parents == [(True, ""), (False, "company")]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"service_acounts": {}}, "TeamProject has no argument 'service_acounts'(…). Did you mean 'service_accounts'?"),
        ({"api_keys": {}}, "'api_keys' is an output of TeamProject, not an argument(…)."),
        ({"service_accounts": {"": {}}}, "service_accounts has the name ''(…). Name each entry, as in {\"web\": {}}."),
        (
            {"service_accounts": {"web": {"api_keey": {}}}},
            "service_accounts['web'] has no property 'api_keey'(…). Did you mean 'api_key'?",
        ),
        (
            {"alerts": {"high": {"threshold_dollars": -1, "recipients": []}}},
            "alerts['high']['threshold_dollars'] is -1, not an amount in dollars(…). Write it as 1000",
        ),
        (
            {"spend_limit_dollars": 1, "alerts": {"high": {"threshold_share": "101%", "recipients": []}}},
            "alerts['high']['threshold_share'] is '101%', not a share of the spend limit(…). Write it as '80%'",
        ),
        (
            {"alerts": {"high": {"recipients": []}}},
            "alerts['high'] has neither of threshold_dollars and threshold_share(…). Set one of them.",
        ),
        (
            {"alerts": {"high": {"threshold_dollars": 1, "threshold_share": "1%", "recipients": []}}},
            "alerts['high'] has both threshold_dollars and threshold_share(…). Set one of them.",
        ),
        ({"exclusive": True}, "exclusive is set without members(…). Set members, too: [] removes everybody."),
        ({"models": "gpt-4o"}, 'models is a string, not a list(…). Write it as ["gpt-4o"].'),
        (
            {"invite": True, "members": [pulumi.Output.from_input("ada@example.com")]},
            "members has an Output, and only addresses that are known in the program can be invited(…). Write the ad",
        ),
        (
            {"invite": True, "members": {"ada@example.com": "viewer"}},
            "members['ada@example.com'] is 'viewer', and an invite gives the role 'member' or 'owner'(…). Change the",
        ),
        (
            {"invite": True, "members": ["Ada@Example.com", "eve@example.com", "ada@example.com"]},
            "members[2] is the same as the entry [0](…). Remove one of them.",
        ),
        (
            {"invite": True, "members": {"Ada@example.com": "owner", "ada@example.com": "member"}},
            "members['ada@example.com'] is the same as the entry ['Ada@example.com'](…). Remove one of them.",
        ),
        (
            {"service_accounts": {"a": {"groups": {"b-c": "group_1"}}, "a-b": {"groups": {"c": "group_2"}}}},
            (
                "service_accounts.a.groups.b-c and service_accounts.a-b.groups.c are both named "
                "'shop-a-b-c' in the program"
            ),
        ),
        (
            {"former_names": {"service_account.web": "web"}, "service_accounts": {"web": {}}},
            "former_names has 'service_account.web', which the component does not declare(…). Did you mean 'service_",
        ),
        ({"project_id": 5}, "project_id must be an id, not a number"),
        (
            {"alerts": {"high": {"threshold_dollars": 1, "recipients": ["ada"]}}},
            "alerts['high']['recipients'][0] must be an email address",
        ),
        ({"models": {"mode": "all", "model_ids": ["gpt-4o"]}}, "models['mode'] must be 'allow_list' or 'deny_list'"),
        ({"service_accounts": {"ci": {"role": "admin"}}}, "service_accounts['ci']['role'] must be 'member' or 'owner'"),
        (
            {"service_accounts": {"ci": {"api_key": {"expires_in_seconds": 60, "rotate_every": "1h"}}}},
            "service_accounts['ci']['api_key']: rotate_every must be shorter than expires_in_seconds: otherwise ",
        ),
        (
            {"service_accounts": {"ci": {"api_key": {"expires_in_seconds": None, "deliver_to": TWO_STORES}}}},
            "service_accounts['ci']['api_key']: deliver_to has command and pulumi_esc: set exactly one of ",
        ),
        ({"members": {pulumi.Output.from_input("user-1"): "owner"}}, "members has an Output as a key, and a key must"),
    ],
)
def test_a_wrong_argument_is_told_in_one_line_before_anything_is_registered(
    openai: OpenAI, arguments: dict[str, Any], told: str
) -> None:
    with pytest.raises(pulumi.RunError) as refused:
        TeamProject("shop", **arguments)
    before, place, after = told.partition("(…)")
    text = str(refused.value)
    assert text.removeprefix("TeamProject 'shop': ").startswith(f"{before} (" if place else before)
    assert "test_team_project.py, line " in text
    assert after in text
    assert "\n" not in text
    assert openai.monitor.requests == []


def test_an_output_that_is_less_than_a_cent_is_refused_when_it_is_known() -> None:
    alerts = {"low": {"threshold_share": "1%", "recipients": ["a@example.com"]}}
    limit = pulumi.Output.from_input(0.1)
    arguments = inputs_of("ProjectSpendAlert", project_id="proj_1", spend_limit_dollars=limit, alerts=alerts)
    with pytest.raises(DeclarationError, match=r"is less than one cent of spend_limit_dollars"):
        _sync_await(arguments["threshold_amount"].future())


@pytest.mark.parametrize(
    ("argument", "given", "resource"),
    [
        ("members", lambda role: {"ada@example.com": role}, "ProjectMembers"),
        ("groups", lambda role: {"eng": {"group_id": "group_1", "role": role}}, "ProjectGroup"),
        ("service_accounts", lambda role: {"web": {"role": role}}, "ProjectServiceAccount"),
    ],
)
@pytest.mark.parametrize("role", ["owner", "member"])
def test_an_output_makes_no_owner(argument: str, given: Callable[[Any], Any], resource: str, role: str) -> None:
    arguments = inputs_of(resource, others=None, **{argument: given(pulumi.Output.from_input(role))})
    output = arguments["members"][0]["role"] if argument == "members" else arguments["role"]
    if role == "owner":
        told = r"is an Output that is 'owner' .* Write 'owner' as text for an owner\."
        with pytest.raises(DeclarationError, match=told):
            _sync_await(output.future())
    else:
        assert _sync_await(output.future()) == role


def test_a_key_has_the_arguments_of_its_resource() -> None:
    fields = ProjectServiceAccountApiKey.declaration
    paths = {field.name for field in fields.with_role(FieldRole.PATH)}
    assert set(TeamApiKey.__annotations__) == {field.name for field in fields.inputs} - paths


@pytest.mark.parametrize("dollars", ["1000", 0, -5, 10.005, True, float("nan"), [1000]], ids=str)
def test_an_output_is_an_amount(dollars: Any) -> None:
    inputs = inputs_of("ProjectSpendLimit", project_id="proj_1", spend_limit_dollars=pulumi.Output.from_input(dollars))
    told = r"spend_limit_dollars is an Output that is not an amount in dollars \(.* line \d+\)\. Write it as 1000 or "
    with pytest.raises(DeclarationError, match=told):
        _sync_await(inputs["threshold_amount"].future())


# The former names of the resources

GIVEN = {"project": "web", "service_accounts.ci": "bot"}


@pytest.mark.parametrize(
    ("given", "child", "entry", "expected"),
    [
        (None, "project", "", ["shop"]),
        (None, "service_accounts.ci", "ci", ["shop-ci"]),
        (None, "service_accounts.CI Bot!", "CI Bot!", ["shop-CI Bot!", "shop-ci-bot"]),
        ("web", "limits", "", ["web"]),
        ("web", "alerts.high", "high", ["web-high"]),
        (GIVEN, "project", "", ["web"]),
        (GIVEN, "limits", "", ["web"]),
        (GIVEN, "service_accounts.ci", "ci", ["bot"]),
        (GIVEN, "api_keys.ci", "ci", ["web-ci"]),
        ({"limits": "rows"}, "project", "", ["shop"]),
    ],
)
def test_the_names_of_a_child(given: Any, child: str, entry: str, expected: list[str]) -> None:
    assert [*former_names("shop", given, child, entry)] == expected


@pytest.mark.parametrize("account", ["ci", "CI Bot", "Crème brûlée", "a/b::c", "x" * 90])
def test_an_adopted_account_has_one_of_them(account: str) -> None:
    assert Names("-").give("svc_1", f"shop {account}") in former_names("shop", None, f"accounts.{account}", account)
