"""Previews that the engine printed, for a reviewer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pulumi_openai_admin import errors, resources
from pulumi_openai_admin.cli.plan import MAX_CHARACTERS, Review, in_code, in_markdown
from pulumi_openai_admin.hosts.native import properties
from tests import keyed
from tests.browser.pages import SOURCE
from tests.exported import DYNAMIC, NATIVE

RECORDED = Path(__file__).with_name("recorded")
PROVIDERS = ("dynamic", "native")
UNKNOWN_MARKER = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


@pytest.fixture(params=[DYNAMIC, NATIVE])
def type_(request: pytest.FixtureRequest) -> str:
    """The first characters of the types of each provider."""
    return str(request.param)


def read(*steps: dict[str, Any], **more: Any) -> Review:
    document = {"steps": list(steps), "duration": 1, "changeSummary": {"same": 1}, **more}
    return Review(document, SOURCE)


def step(op: str, type_: str, old: dict[str, Any] | None, new: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:dev::test::{type_}::it"
    states = {"oldState": old, "newState": new}
    shown = {name: {"type": type_, "urn": urn, **state} for name, state in states.items() if state is not None}
    return {"op": op, "urn": urn, **shown, **more}


def side(type_: str, kind: str, values: dict[str, Any], id_: str = "") -> dict[str, Any]:
    """A resource as the engine writes it; its inputs are those of its values that a program sets."""
    declaration = resources.class_of(kind).declaration
    inputs = {name: value for name, value in values.items() if name in {field.name for field in declaration.inputs}}
    outputs = values
    if type_ == NATIVE:
        inputs, outputs = properties.from_inputs(declaration, inputs), properties.from_state(declaration, values)
    return {"id": id_ or IDS[kind], "inputs": inputs, "outputs": outputs}


def camel_of(type_: str, name: str) -> str:
    """A property with its name in programs of the provider."""
    return properties.camel(name) if type_ == NATIVE else name


def named(shown: dict[str, Any], name: str) -> dict[str, Any]:
    """A step of a resource with another name."""
    return {**shown, "urn": shown["urn"].removesuffix("it") + name}


def lines(found: Review) -> list[tuple[str, ...]]:
    return [
        (section.title, line.part.value, line.mark.value, line.what, line.before, line.after)
        for section in found.sections
        for line in section.lines
    ]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_recorded_preview(provider: str) -> None:
    found = Review(json.loads((RECORDED / f"{provider}.json").read_text("utf-8")), SOURCE)
    assert found.operations == {"create": 4, "update": 5, "replace": 3, "delete": 3}
    assert (found.people["added"], found.people["removed"], found.keys) == (3, 2, 3)
    shop = next(section.id for section in found.sections if section.title == "Web shop")
    nothing, people, keys, limits = "\N{EN DASH}", "People and roles", "Keys and accounts", "Rate limits"
    access, every = "Effective permissions", "every permission (not documented by OpenAI)"
    other = "Other settings"
    rotation = ("revoked at the end of the update", "a new key (triggers changed)")
    assert lines(found) == [
        ("The organization", people, "removed", "user-edsger", nothing, nothing),
        ("The organization", people, "added", "user-katherine", nothing, nothing),
        ("The organization", keys, "replaced", "ci", *rotation),
        ("Project proj_demo", limits, "changed", "gpt-4.1: Requests/min", "0", "9"),
        ("Project proj_demo", limits, "changed", "gpt-4o*: Requests/min", "30", "300"),
        ("Project proj_demo", limits, "changed", "whisper-1: Requests/min", "50", "0"),
        (
            "Project proj_demo",
            other,
            "replaced",
            "projectId" if provider == "native" else "project_id",
            shop,
            "proj_demo",
        ),
        ("Search", people, "added", "grace@example.com", nothing, "owner"),
        ("Search", access, "added", "grace@example.com", nothing, every),
        ("Search", keys, "added", "indexer", nothing, "a new key"),
        ("Search", limits, "added", "gpt-4o: Requests/min", nothing, "600"),
        ("Search", other, "added", "name", nothing, "Search"),
        ("Web shop", people, "removed", "edsger@example.com", "member", nothing),
        ("Web shop", people, "left", "katherine@example.com", "member", "now managed by ProjectMembers 'people'"),
        ("Web shop", people, "added", "user-katherine", nothing, "viewer"),
        ("Web shop", people, "changed", "grace@example.com", "member", "owner"),
        ("Web shop", access, "added", "grace@example.com", nothing, every),
        ("Web shop", keys, "replaced", "web", *rotation),
        ("Web shop", limits, "changed", "gpt-4o: Requests/min", "10,000", "60"),
        ("Web shop", "Spending", "removed", "alert", "recipients: shop@example.com; spend alert: $800", "deleted"),
        ("Web shop", "Spending", "changed", "spend limit", "$1,000", "$2,500"),
        (
            "Web shop",
            other,
            "removed",
            "models",
            "mode: allow_list; model_ids: gpt-4.1-mini, gpt-4o",
            "as it was before",
        ),
    ]
    assert sorted(found.lost) == [
        "deletes ProjectModelPermissions models in Web shop",
        "deletes ProjectSpendAlert alert in Web shop",
        "replaces ProjectDataRetention retention in Project proj_demo",
        "rotates AdminApiKey ci",
        "rotates ProjectServiceAccountApiKey web-key in Web shop",
    ]
    assert found.greatest == {"max_requests_per_1_minute": 10_000}


def test_a_secret_that_changes_is_told_and_not_shown(type_: str) -> None:
    state = {"inputs": {"name": "[secret]"}, "outputs": {"name": "[secret]", "__managed": "[secret]"}}
    changed = step("update", f"{type_}Group", state, state, diffReasons=["name"], detailedDiff=None)
    (line,) = lines(read(changed))
    assert line[2:] == ("changed", "name", "secret", "another secret")
    assert lines(read({**changed, "diffReasons": []})) == []


def test_a_declared_secret_in_plain_text_is_not_shown(type_: str) -> None:
    """As `pulumi preview --show-secrets` writes it."""
    old, new = ({"name": "it", "url": "https://a.example", "api_key": f"sk-proj-{when}"} for when in ("old", "new"))
    both = [side(type_, "WebhookEndpoint", values, "proj_1/whe_1") for values in (old, new)]
    name = "apiKey" if type_ == NATIVE else "api_key"
    found = read(step("update", f"{type_}WebhookEndpoint", *both, diffReasons=[name]))
    assert "sk-proj" not in in_markdown(found)
    assert [line[-2:] for line in lines(found)] == [("secret", "another secret")]


def test_marked_secrets_in_plain_text_are_not_shown() -> None:
    old = {"inputs": {"name": "before-s3cret"}, "outputs": {"__managed": {"inputs": ["name"], "secret": ["name"]}}}
    new = {"inputs": {"name": "after-s3cret", "__secret": ["name"]}}
    found = read(step("update", f"{DYNAMIC}Group", old, new, diffReasons=["name"]))
    assert "s3cret" not in in_markdown(found)
    assert [line[-2:] for line in lines(found)] == [("secret", "another secret")]


def test_an_update_that_finishes_another_one_says_so() -> None:
    managed = {"inputs": ["name"], "unfinished": "Set the role.", "due": [["The key was revoked", "create another"]]}
    state = {"inputs": {"project_id": "proj_1", "name": "ci"}, "outputs": {"__managed": managed}}
    found = read(step("update", f"{DYNAMIC}ProjectServiceAccount", state, state))
    assert [line[-1] for line in lines(found)] == ["Set the role.", "The key was revoked: create another"]


def test_access_that_ends_is_said_and_access_that_has_ended_is_not_added(type_: str) -> None:
    def members(*user_ids: str) -> dict[str, Any]:
        until = keyed.until({"user-ada": "2020-01-31", "user-bob": "2020-02-29"})
        managed = {"inputs": ["group_id", "until", "user_ids"], "ended": ["user-ada"]}
        values = {"group_id": "group_1", "user_ids": [*user_ids], "until": until, "__managed": managed}
        return side(type_, "GroupMembers", values, "group_1")

    old, new = members("user-bob"), members("user-ada", "user-bob", "user-eve")
    old["inputs"] = members("user-ada", "user-bob")["inputs"]
    told = in_markdown(read(step("update", f"{type_}GroupMembers", old, {**new, "outputs": {}})))
    assert "The access of user user-bob of group group_1 ended on 2020-02-29: remove the access" in told
    assert "user-eve" in told
    assert "user-ada" not in told


def test_other_packages_are_counted_and_messages_are_told_once() -> None:
    message = {"severity": "warning", "message": "<{%fg 3%}>warning: <{%reset%}>The invite\nexpired.<{%reset%}>\n"}
    path = "using pulumi-resource-openai-admin from $PATH at /home/ada/bin/pulumi-resource-openai-admin"
    plugin = {"severity": "warning", "message": f"<{{%fg 3%}}>warning: {path}"}
    found = read(
        step("create", "aws:s3/bucket:Bucket", None, {"inputs": {}}),
        step("create", "pulumi:providers:aws", None, {"inputs": {}}),
        diagnostics=[plugin, message, message, {"severity": "info", "message": "any"}],
    )
    assert (found.preview.others, found.sections) == (1, [])
    assert found.preview.diagnostics == [("warning", "The invite expired.")]


def test_the_errors_of_a_program_in_yaml_are_errors() -> None:
    """The host of YAML programs writes errors to its standard error. Other programs write other things there, too."""
    texts = (
        "starting",
        "\x1b[31mError\x1b[0m: no such type\n\n",
        "  on Pulumi.yaml line 9:\n\n",
        "   9: \x1b[1;4mx\x1b[0m",
    )
    messages = [{"severity": "info#err", "message": text} for text in texts]
    assert read(diagnostics=messages[:1]).preview.errors == []
    assert read(diagnostics=messages).preview.errors == ["no such type on Pulumi.yaml line 9: 9: x"]


@pytest.mark.parametrize("document", [{}, [], {"steps": 1}, {"changeSummary": None}])
def test_what_is_no_preview_is_refused(document: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match="pulumi preview --json"):
        Review(document, SOURCE)


LEAVING = "leaves Shop, stays in the organization"
NOTHING = "no longer managed, nothing changes at OpenAI"
ADA: dict[str, Any] = {"email": "ada@example.com", "role": "reader"}
MEMBER = {
    **ADA,
    "user_id": "user-ada",
    "projects": keyed.projects({"proj_1": "member"}),
    "__managed": {"objects": {"organization": {}, "proj_1": {}}},
}
IDS = {
    "OrganizationMember": "ada@example.com",
    "ProjectUser": "proj_1/user-ada",
    "ProjectMembers": "proj_1",
    "ProjectRateLimit": "proj_1/rl-gpt-4o",
    "Invite": "invite-1",
}


IN_SHOP = {"project_id": "proj_1", "email": "ada@example.com", "role": "member"}
MEMBERS = {
    "project_id": "proj_1",
    "members": keyed.members({"ada@example.com": "owner"}),
    resources.class_of("ProjectMembers").declaration.fields["users"].stored: [
        {"email": "ada@example.com", "user_id": "user-ada"}
    ],
    "__managed": {"objects": {"user-ada": {}}},
}


@pytest.mark.parametrize(
    ("kind", "outputs", "mark", "says"),
    [
        ("OrganizationMember", MEMBER, "left", LEAVING),
        ("OrganizationMember", {**MEMBER, "remove_on_destroy": True}, "removed", "is removed from the organization"),
        ("OrganizationMember", {**MEMBER, "__managed": {"ended": [""]}}, "left", NOTHING),
        ("Invite", {**ADA, "status": "pending"}, "removed", "the invite is withdrawn"),
    ],
)
def test_what_becomes_of_a_person_whose_declaration_ends(
    type_: str, kind: str, outputs: dict[str, Any], mark: str, says: str
) -> None:
    project = {"id": "proj_1", "inputs": {"name": "Shop"}}
    deleted = step("delete", f"{type_}{kind}", side(type_, kind, outputs), None)
    found = read(step("same", f"{type_}Project", project, project), deleted)
    ours = [line for line in lines(found) if line[:2] == ("The organization", "People and roles")]
    assert [(line[2], line[3], line[5]) for line in ours] == [(mark, "ada@example.com", says)]
    in_projects = [line for line in lines(found) if line[0] == "Shop"]
    left = [("Shop", "People and roles", "removed", "ada@example.com", "member", "\N{EN DASH}")]
    assert in_projects == (left if outputs.get("__managed") == MEMBER["__managed"] else [])
    verb = "deletes" if mark == "removed" else "no longer manages"
    assert found.lost == [f"{verb} {kind} it: {says}"]


UNKNOWN_END = "what ends is not known, because it is secret in the state"


def with_secrets(shown: dict[str, Any], *names: str) -> dict[str, Any]:
    """A resource with some inputs that are secret, and with all that Pulumi then encrypts."""
    outputs = shown["outputs"]
    hidden = [*names, *({"__managed", "__users", "users", "__rows", "rows", "baseline"} & outputs.keys())]
    inputs = {**shown["inputs"], **dict.fromkeys(names, "[secret]")}
    return {**shown, "inputs": inputs, "outputs": {**outputs, **dict.fromkeys(hidden, "[secret]")}}


@pytest.mark.parametrize(
    ("kind", "outputs", "name"),
    [
        ("ProjectMembers", MEMBERS, "members"),
        ("ProjectRateLimits", {"project_id": "proj_1", "limits": {"gpt-4o": 5}, "__rows": {}}, "limits"),
        ("OrganizationMember", MEMBER, "projects"),
        ("ProjectUser", IN_SHOP, "role"),
    ],
)
def test_what_a_removal_ends_is_not_known_if_it_is_secret(
    type_: str, kind: str, outputs: dict[str, Any], name: str
) -> None:
    values = {"__managed": {}, **outputs}
    secret = with_secrets(side(type_, kind, values, "proj_1" if kind == "ProjectRateLimits" else ""), name)
    found = read(step("delete", f"{type_}{kind}", secret, None))
    (*_, mark, _, _, after) = lines(found)[0]
    assert (mark, after) == ("removed", UNKNOWN_END)
    (lost,) = found.lost
    assert lost.endswith(f": {UNKNOWN_END}")
    changed = lines(read(step("update", f"{type_}{kind}", secret, secret, diffReasons=[name])))
    assert [line[-2:] for line in changed] == [("secret", "another secret")]


def test_a_person_may_leave_each_project_if_the_rest_is_secret(type_: str) -> None:
    secret = with_secrets(side(type_, "OrganizationMember", MEMBER), "role")
    found = lines(read(step("delete", f"{type_}OrganizationMember", secret, None)))
    assert [(line[0], *line[2:]) for line in found] == [
        ("The organization", "removed", "ada@example.com", "[secret]", UNKNOWN_END),
        ("Project proj_1", "removed", "ada@example.com", "member", UNKNOWN_END),
    ]


def test_a_secret_project_is_known_from_the_id_of_what_is_in_it(type_: str) -> None:
    def limit(project: str) -> dict[str, Any]:
        values = {"project_id": "proj", "threshold_amount": 500, "__managed": {}}
        return with_secrets(side(type_, "ProjectSpendLimit", values, project), camel_of(type_, "project_id"))

    steps = [named(step("delete", f"{type_}ProjectSpendLimit", limit(it), None), it) for it in ("proj_1", "proj_2")]
    replaced = step("replace", f"{type_}ProjectSpendLimit", limit("proj_3"), {**limit("new"), "id": "", "outputs": {}})
    found = read(*steps, replaced)
    assert [it.title for it in found.sections] == ["Project proj_1", "Project proj_2", "Projects whose ids are secret"]
    assert [it.id for it in found.sections] == ["proj_1", "proj_2", ""]


def test_what_ends_whole_is_known_although_its_name_is_secret(type_: str) -> None:
    secret = with_secrets({"id": "proj_1", "inputs": {"name": "Shop"}, "outputs": {"__managed": {}}}, "name")
    (line,) = lines(read(step("delete", f"{type_}Project", secret, None)))
    assert line[-1] == "archived, which cannot be undone"


@pytest.mark.parametrize(
    ("old", "new", "manager"),
    [
        (("OrganizationMember", MEMBER), ("OrganizationMember", MEMBER), "OrganizationMember 'other'"),
        (("OrganizationMember", MEMBER), ("OrganizationMember", {**MEMBER, "email": "eve@example.com"}), ""),
        (("ProjectUser", IN_SHOP), ("ProjectMembers", MEMBERS), "ProjectMembers 'other'"),
        (("ProjectUser", IN_SHOP), ("ProjectMembers", {**MEMBERS, "project_id": "proj_2"}), ""),
        (("ProjectUser", IN_SHOP), ("ProjectMembers", {**MEMBERS, "project_id": UNKNOWN_MARKER}), ""),
    ],
)
def test_a_declaration_that_moves_ends_nothing(
    type_: str, old: tuple[str, dict[str, Any]], new: tuple[str, dict[str, Any]], manager: str
) -> None:
    created = step("create", f"{type_}{new[0]}", None, {**side(type_, *new), "outputs": {}})
    found = read(named(created, "other"), step("delete", f"{type_}{old[0]}", side(type_, *old), None))
    moved = {line[-1] for line in lines(found) if line[2] == "left"}
    assert moved == (
        {f"now managed by {manager}"}
        if manager
        else {LEAVING.replace("Shop", "proj_1")}
        if old[0] == "OrganizationMember"
        else set()
    )
    assert bool(found.lost) is not bool(manager)


def test_each_project_of_a_person_has_a_line_and_each_other_input_its_name(type_: str) -> None:
    new = {
        **MEMBER,
        "role": "owner",
        "projects": keyed.projects({"proj_2": "owner", UNKNOWN_MARKER: "member"}),
        "until": "2030-01-31",
    }
    shown = step(
        "update", f"{type_}OrganizationMember", *(side(type_, "OrganizationMember", it) for it in (MEMBER, new))
    )
    project = step("create", f"{type_}Project", None, {"inputs": {"name": "Search"}})
    shown["newState"]["propertyDependencies"] = {"projects": [project["urn"]]}
    people, dash, ada = "People and roles", "\N{EN DASH}", "ada@example.com"
    found = [line for line in lines(read(project, shown)) if line[1] == people]
    assert sorted(found) == sorted(
        [
            ("The organization", people, "changed", ada, "reader", "owner"),
            ("The organization", people, "changed", f"{ada}: until", dash, "2030-01-31"),
            ("Search", people, "added", ada, dash, "member"),
            ("Project proj_1", people, "removed", ada, "member", dash),
            ("Project proj_2", people, "added", ada, dash, "owner"),
        ]
    )


def test_a_time_at_which_access_ends_is_no_person_who_joins_or_leaves(type_: str) -> None:
    values = {**MEMBERS, "until": [{"email": "ada@example.com", "ends_at": "2030-01-31"}]}
    both = [side(type_, "ProjectMembers", it) for it in (values, MEMBERS)]
    found = read(step("update", f"{type_}ProjectMembers", *both))
    line = ("changed", "ada@example.com: until", "2030-01-31", "\N{EN DASH}")
    assert [it[2:] for it in lines(found)] == [line]
    assert (found.people["added"], found.people["removed"]) == (0, 0)
    created = read(step("create", f"{type_}ProjectMembers", None, both[0]))
    assert ("changed", "ada@example.com: until", "\N{EN DASH}", "2030-01-31") in [it[2:] for it in lines(created)]


@pytest.mark.parametrize("op", ["update", "replace"])
def test_a_key_whose_time_has_come_rotates(type_: str, op: str) -> None:
    inputs = {"name": "ci", "rotate_every": "90d", **({"overlap": "7d"} if op == "update" else {})}
    managed = {"version": 1, "inputs": sorted(inputs)}
    state = side(type_, "AdminApiKey", {**inputs, "created_at": 1_600_000_000, "__managed": managed}, "key_1")
    found = read(step(op, f"{type_}AdminApiKey", state, state))
    (line,) = lines(found)
    assert line[1:4] == ("Keys and accounts", "replaced", "ci")
    assert "ago and is rotated every 90 days" in line[-1]
    assert found.lost == ["rotates AdminApiKey it"]
    assert found.keys == 1


def test_a_person_who_moves_without_a_project_leaves_it(type_: str) -> None:
    created = step("create", f"{type_}OrganizationMember", None, {"inputs": {"email": "ada@example.com"}})
    deleted = step("delete", f"{type_}OrganizationMember", side(type_, "OrganizationMember", MEMBER), None)
    found = read(named(created, "other"), deleted)
    says = "leaves proj_1, now managed by OrganizationMember 'other'"
    assert [line[-1] for line in lines(found) if line[2] in ("left", "removed")] == [says, "\N{EN DASH}"]


@pytest.mark.parametrize(("kind", "advises"), [("ProjectRateLimit", True), ("ProjectRateLimits", False)])
def test_original_values_that_a_renaming_loses_are_said_with_the_alias(type_: str, kind: str, advises: bool) -> None:
    limit, place = {"max_requests_per_1_minute": 60}, {"project_id": "proj_1"}
    row = {**place, "model": "gpt-4o", **limit}
    baseline = {"rate_limit_id": "rl-gpt-4o", "baseline": {"max_requests_per_1_minute": 500}}
    values = {**row, **baseline, "__managed": {"written": limit, "touched": [*limit]}}
    news = row if kind == "ProjectRateLimit" else {**place, "limits": {"gpt-4o": limit}}
    created = step("create", f"{type_}{kind}", None, {"inputs": side(type_, kind, news, "x")["inputs"]})
    inputs = side(type_, "ProjectRateLimit", row)["inputs"]
    old = {**side(type_, "ProjectRateLimit", values), "inputs": inputs}
    deleted = step("delete", f"{type_}ProjectRateLimit", old, None)
    found = read(named(created, "new"), deleted)
    (line,) = [line for line in lines(found) if line[2] == "left"]
    assert line[3:] == ("gpt-4o: Requests/min", "60", f"now managed by {kind} 'new'")
    renamed = f" If you only renamed it, add {deleted['urn']} to the resource option aliases of {kind} 'new'"
    assert found.lost == [
        f"no longer manages ProjectRateLimit it in Project proj_1: now managed by {kind} 'new'. The original values "
        "will be lost: max_requests_per_1_minute stays at 60 instead of 500 (another resource manages it now)."
        + (f"{renamed}: that keeps them." if advises else "")
    ]


def test_a_replacement_names_the_person_who_leaves(type_: str) -> None:
    ada, eve = (
        side(type_, "GroupUser", {"group_id": "group_1", "user_id": user_id}, f"group_1/{user_id}")
        for user_id in ("user-ada", "user-eve")
    )
    found = read(step("replace", f"{type_}GroupUser", ada, eve, replaceReasons=["user_id"]))
    assert [line[2:4] for line in lines(found)] == [("removed", "user-ada"), ("replaced", "user-eve")]


FAILED = {"severity": "error", "message": "error: Program failed with an unhandled exception:\nValueError: bad\n"}


@pytest.mark.parametrize("steps", [(), (step("create", f"{DYNAMIC}Group", None, {"inputs": {"name": "x"}}),)], ids=len)
def test_a_preview_that_failed_says_so_first(steps: tuple[dict[str, Any], ...]) -> None:
    found = read(*steps, diagnostics=[{"severity": "warning", "message": "any"}, FAILED])
    assert found.preview.errors == ["Program failed with an unhandled exception: ValueError: bad"]
    head = in_markdown(found).splitlines()
    assert head[2].startswith("**The preview failed**, so the update may change more than this comment shows.")
    assert head[4:7] == ["Messages of the preview:", "", f"- error: `{found.preview.errors[0]}`"]
    assert "Nothing changes" not in in_markdown(found)


def test_what_existed_before_is_restored_and_a_project_is_archived() -> None:
    row = {"id": "proj_1/rl-gpt-4o", "inputs": {"project_id": "proj_1", "model": "gpt-4o", "max_requests_per_1_day": 5}}
    project = {"id": "proj_1", "inputs": {"name": "Shop"}}
    limit = step("delete", f"{DYNAMIC}ProjectRateLimit", row, None)
    found = read(limit, step("delete", f"{DYNAMIC}Project", project, None))
    assert lines(found) == [
        ("Shop", "Rate limits", "removed", "gpt-4o: Requests/day", "5", "as it was before"),
        ("Shop", "Other settings", "removed", "Shop", "name: Shop", "archived, which cannot be undone"),
    ]
    archives = "archives Project it in Shop: archiving cannot be undone"
    assert found.lost == ["deletes ProjectRateLimit it in Shop", archives]


@pytest.mark.parametrize(
    ("kind", "part", "inputs"),
    [
        ("ProjectRateLimit", "Rate limits", {"model": "gpt-4o"}),
        ("ProjectMembers", "People and roles", {"members": keyed.members({"ada@example.com": "owner"})}),
        ("AdminApiKey", "Keys and accounts", {"name": "ci"}),
    ],
)
def test_what_is_retained_is_left_and_forgotten(type_: str, kind: str, part: str, inputs: dict[str, Any]) -> None:
    id_ = "proj_1/it_1" if kind == "ProjectRateLimit" else "it_1"
    state = {"id": id_, "retainOnDelete": True, "inputs": inputs}
    found = read(step("delete", f"{type_}{kind}", state, None))
    ((_, shown, mark, _, _, after),) = lines(found)
    assert (shown, mark, after) == (part, "left", "left unchanged, and no longer managed")
    (lost,) = found.lost
    assert lost.startswith(f"leaves {kind} it")
    assert lost.endswith(", and forgets it")
    assert (found.operations, found.people["removed"], found.keys) == ({"leave": 1}, 0, 0)
    assert "1 to leave unchanged." in in_markdown(found)


@pytest.mark.parametrize(("with_project", "operation"), [(True, "leave"), (False, "delete")])
def test_what_is_deleted_with_its_project_is_left_and_forgotten(with_project: bool, operation: str) -> None:
    project = step("delete", f"{NATIVE}Project", {"id": "proj_1", "inputs": {"name": "Shop"}}, None)
    limit_inputs = {"projectId": "proj_1", "thresholdAmount": 100}
    old = {"id": "proj_1", "inputs": limit_inputs, "deletedWith": project["urn"]}
    limit = step("delete", f"{NATIVE}ProjectSpendLimit", old, None)
    found = read(*([limit, project] if with_project else [limit]))
    assert found.operations.get(operation) == 1
    assert found.operations.get("delete") == 1


def test_a_key_that_is_retained_stays_valid_when_it_rotates() -> None:
    state = {"id": "key_1", "retainOnDelete": True, "inputs": {"name": "ci", "triggers": ["1"]}}
    new = {"inputs": {"name": "ci", "triggers": ["2"]}}
    found = read(step("replace", f"{DYNAMIC}AdminApiKey", state, new, replaceReasons=["triggers"]))
    assert found.lost == ["rotates AdminApiKey it, and leaves the former one"]
    assert lines(found)[0][-2:] == ("still valid, and no longer managed", "a new key (triggers changed)")


# The comment


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "`plain`"),
        ("a`b``c", "```a`b``c```"),
        ("`", "`` ` ``"),
        ("a|b", r"`a\|b`"),
        ("@admin <img src=x> [x](y)", "`@admin <img src=x> [x](y)`"),
        ("line\nend", r"`line\u000aend`"),
        (" ", ""),
    ],
)
def test_no_name_is_markup(text: str, shown: str) -> None:
    assert in_code(text, is_cell=True) == shown


def test_a_comment_is_never_too_long() -> None:
    steps = []
    for number in range(900):
        inputs = {"project_id": f"proj_{number}", "model": "m" * 50, "max_requests_per_1_minute": number}
        created = step("create", f"{DYNAMIC}ProjectRateLimit", None, {"inputs": inputs})
        steps.append({**created, "urn": f"{created['urn']}{number}"})
    comment = in_markdown(read(*steps))
    assert len(comment) < MAX_CHARACTERS + 1000
    assert "more projects are not shown" in comment
