from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import ExternalKey, Group, Project, ProjectRateLimits, ProjectServiceAccount
from pulumi_openai_admin.cli.migrate import Migrated, Properties, Urns, migrated
from pulumi_openai_admin.errors import ConfigurationError
from pulumi_openai_admin.hosts.native.properties import camel
from pulumi_openai_admin.hosts.native.servicer import schema
from tests.exported import DYNAMIC, ENCRYPTED, HEAD, MARK, exported, plain, provider, record

if TYPE_CHECKING:
    from pulumi_openai_admin.resources.base import AdminResource

RECORDED = Path(__file__).parents[2] / "engine" / "recorded"
STACK = f"{HEAD}pulumi:pulumi:Stack::shop-dev"
DEFAULT = f"{HEAD}pulumi:providers:pulumi-python::default::old-id"
OTHER = f"{HEAD}pulumi:providers:pulumi-python::other::other-id"
NATIVE_DEFAULT = f"{HEAD}pulumi:providers:openai-admin::default::new-id"

Record = dict[str, Any]


def resource(kind: str, name: str, **others: Any) -> Record:
    values = {"inputs": {"__provider": "gAS"}, "outputs": {"__provider": "gAS"}}
    return record(kind, name, name) | {**values, "parent": STACK, "provider": DEFAULT, **others}


def stack() -> Record:
    return {"urn": STACK, "custom": False, "type": "pulumi:pulumi:Stack"}


def default(**settings: Any) -> Record:
    full = {f"openai-admin:{name}": value for name, value in settings.items()}
    values = {"inputs": full, "outputs": full} if full else {}
    return record("pulumi:providers:pulumi-python", "old-id", "default", **values)


def declared() -> Record:
    found = provider("other", id_="other-id", adminApiKey=ENCRYPTED, parallel="5")
    names = {name: list[str]() for name in found["inputs"]}
    return found | {"outputs": found["inputs"], "parent": STACK, "propertyDependencies": names}


def done(document: Any) -> Migrated:
    before = copy.deepcopy(document)
    result = migrated(document, lambda: "new-id")
    assert document == before
    return result


def records(*given: Record, **deployment: Any) -> list[Record]:
    found: list[Record] = done(exported(*given, **deployment)).document["deployment"]["resources"]
    return found


def test_a_resource_has_the_new_type_urn_and_provider_and_keeps_the_rest() -> None:
    project = resource("Project", "team", protect=True, created="2026-01-01T00:00:00Z", sourcePosition="project:///x#1")
    *_, new = records(stack(), default(), project)
    assert new == {
        **project,
        "urn": f"{HEAD}openai-admin:index:Project::team",
        "type": "openai-admin:index:Project",
        "provider": NATIVE_DEFAULT,
        "inputs": {},
        "outputs": dict.fromkeys(map(camel, Project.declaration.fields)),
    }


def test_a_provider_is_in_the_stack_before_the_resources_that_refer_to_it() -> None:
    native = record("pulumi:providers:openai-admin", "there", "default")
    found = records(stack(), default(), resource("Project", "b"), native)
    assert [resource["type"].rpartition(":")[2] for resource in found] == ["Stack", "openai-admin", "Project"]
    assert found[1] == native


def test_a_provider_keeps_the_variables_that_it_reads() -> None:
    variables = {"envVarMappings": {"RESEARCH_ADMIN_KEY": "OPENAI_ADMIN_KEY"}}
    given = declared()
    values = {**given["inputs"], "__internal": {**variables, "pluginChecksums": {"linux-amd64": "00"}}}
    found, _ = records(given | dict.fromkeys(("inputs", "outputs"), values), resource("Group", "g", provider=OTHER))
    assert found["inputs"] == found["outputs"] == {"adminApiKey": ENCRYPTED, "parallel": "5", "__internal": variables}


def test_other_dynamic_resources_stay_as_they_are() -> None:
    team = f"{HEAD}{DYNAMIC}Project::team"
    values = {"inputs": {"project_id": "proj_1", "text": team}, "propertyDependencies": {"project_id": [team]}}
    foreign = record(FOREIGN, "x", "x", provider=DEFAULT, **values)
    _, added, old, _, new = records(stack(), default(), resource("Project", "team"), foreign)
    assert old == default()
    assert added["type"] == "pulumi:providers:openai-admin"
    assert new == {**foreign, "propertyDependencies": {"project_id": [f"{HEAD}openai-admin:index:Project::team"]}}


def test_references_between_resources_have_the_new_urns() -> None:
    team = f"{HEAD}{DYNAMIC}Project::team"
    new_team = f"{HEAD}openai-admin:index:Project::team"
    limits = resource(
        "ProjectRateLimit",
        "l",
        urn=f"{HEAD}{DYNAMIC}Project${DYNAMIC}ProjectRateLimit::l",
        parent=team,
        dependencies=[team],
        deletedWith=team,
        replaceWith=[team],
        aliases=[f"{HEAD}{DYNAMIC}ProjectRateLimit::before"],
        viewOf=team,
        propertyDependencies={"__provider": [], "project_id": [team], "max_requests_per_1_minute": []},
        additionalSecretOutputs=["rate_limit_id"],
        ignoreChanges=["max_requests_per_1_minute"],
    )
    *_, new = records(stack(), default(), resource("Project", "team"), limits)
    assert new["urn"] == f"{HEAD}openai-admin:index:Project$openai-admin:index:ProjectRateLimit::l"
    assert new["parent"] == new["deletedWith"] == new["viewOf"] == new_team
    assert new["dependencies"] == new["replaceWith"] == [new_team]
    assert new["aliases"] == [f"{HEAD}openai-admin:index:ProjectRateLimit::before"]
    assert new["propertyDependencies"] == {"projectId": [new_team], "maxRequestsPer1Minute": []}
    assert new["additionalSecretOutputs"] == ["rateLimitId"]
    assert new["ignoreChanges"] == ["maxRequestsPer1Minute"]


def test_the_rest_of_the_export_is_kept_and_the_kinds_are_counted() -> None:
    secrets = {"type": "passphrase", "state": {"salt": "v1:x"}}
    pending = [{"resource": {"urn": f"{HEAD}a:b:C::x", "type": "a:b:C"}, "type": "creating"}]
    given = (stack(), default(), declared(), resource("Project", "a"), resource("Project", "b"))
    result = done(exported(*given, secrets_providers=secrets, pending_operations=pending))
    assert result.document["version"] == 3
    assert result.document["deployment"]["secrets_providers"] == secrets
    assert result.document["deployment"]["pending_operations"] == pending
    assert result.counts == {"Project": 2}
    assert result.providers == ("other",)


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*/dynamic.json")), ids=lambda path: path.parent.name)
def test_the_state_of_an_older_version_is_migrated(path: Path) -> None:
    result = done(json.loads(path.read_text(encoding="utf-8")))
    resources = json.loads(schema())["resources"]
    for resource in result.document["deployment"]["resources"]:
        assert "pulumi-python" not in json.dumps(resource)
        if resource["custom"] and resource["type"] in resources:
            assert {*resource["inputs"]} <= {*resources[resource["type"]]["inputProperties"]}
            assert {*resource["outputs"]} - {"__managed"} == {*resources[resource["type"]]["properties"]}


NATIVE_PROJECT = record("Project", "x", "x", native=True)
INTERRUPTED = {"resource": resource("Project", "y"), "type": "creating"}
RESERVED = {**declared(), "urn": f"{HEAD}pulumi:providers:pulumi-python::default_1_0_0"}
TEAM = resource("Project", "team")
INSIDE = f"{HEAD}{DYNAMIC}Project$pulumi:providers:pulumi-python::other"
FOREIGN = "pulumi-python:dynamic:Resource"
DANGLING = [
    TEAM,
    {**declared(), "urn": INSIDE, "parent": TEAM["urn"]},
    record(FOREIGN, "x", "x", provider=f"{INSIDE}::other-id"),
    {**resource("Group", "g"), "provider": f"{INSIDE}::other-id"},
]
"""A provider that the program's own dynamic providers still need, inside of a migrated resource."""
NO_STACKS = (
    None,
    {"version": 3},
    exported({"urn": "x", "type": "a:b:C"}),
    exported(stack(), default(), {**resource("Project", "a"), "outputs": "text"}),
    {"version": 9, "deployment": {"resources": []}},
)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (exported(stack()), "The stack has no resources of pulumi-openai-admin"),
        (exported(resource("Nothing", "x")), "This version of pulumi-openai-admin does not have Nothing"),
        (exported(resource("Project", "x")), "refers to a provider that it does not contain: default"),
        (
            exported(default(), resource("Project", "x"), pending_operations=[INTERRUPTED]),
            "An operation was interrupted, and its result is not in the stack: Project 'y'",
        ),
        (
            exported(default(), resource("Project", "x"), NATIVE_PROJECT),
            "both providers with the same name: Project 'x'",
        ),
        (exported(stack(), NATIVE_PROJECT), "The stack already uses the native provider"),
        (
            exported(stack(), RESERVED, resource("Project", "a")),
            "Provider 'default_1_0_0' has a name that the engine reserves for its default providers",
        ),
        (exported(stack(), default(), *DANGLING), "would refer to a resource that it does not contain"),
        *((document, "not an exported stack") for document in NO_STACKS),
    ],
)
def test_what_can_not_be_migrated_is_refused_in_words(document: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        done(document)


IN_TEAM = f"{HEAD}shop:index:Team$pulumi:providers:pulumi-python::other"
URNS = Urns(frozenset([IN_TEAM]))


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (f"{DYNAMIC}Project", "openai-admin:index:Project"),
        (f"shop:index:Team${DYNAMIC}Project", "shop:index:Team$openai-admin:index:Project"),
        (f"{DYNAMIC}Project${DYNAMIC}Group", "openai-admin:index:Project$openai-admin:index:Group"),
        (f"{DYNAMIC}Project$aws:s3/bucket:Bucket", "openai-admin:index:Project$aws:s3/bucket:Bucket"),
        ("pulumi-python:dynamic:Resource", "pulumi-python:dynamic:Resource"),
        ("pulumi-python:dynamic/other:Project", "pulumi-python:dynamic/other:Project"),
        ("pulumi:providers:pulumi-python", "pulumi:providers:pulumi-python"),
        (
            f"shop:index:Team$pulumi:providers:pulumi-python${DYNAMIC}Group",
            "shop:index:Team$pulumi:providers:openai-admin$openai-admin:index:Group",
        ),
    ],
)
def test_a_urn_has_the_new_types_of_a_resource_and_of_its_parents(types: str, expected: str) -> None:
    assert URNS.native(f"{HEAD}{types}::a::b c") == f"{HEAD}{expected}::a::b c"


def test_in_values_only_references_to_resources_are_renamed() -> None:
    urn = f"{HEAD}{DYNAMIC}Project::shop"
    reference = {"4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", "urn": urn, "id": "proj_1"}
    found = URNS.renamed({"text": urn, "list": [reference]}, only_in_references=True)
    assert found == {"text": urn, "list": [{**reference, "urn": f"{HEAD}openai-admin:index:Project::shop"}]}


# The properties of a resource


def of(resource: type[AdminResource]) -> Properties:
    return Properties(f"{resource.__name__} 'it'", resource.declaration)


def test_encrypted_values_are_moved_as_they_are_also_inside_of_mappings() -> None:
    limits = {"gpt-4o": {"max_requests_per_1_minute": ENCRYPTED, "max_tokens_per_1_minute": 5}}
    assert of(ProjectRateLimits).inputs({"limits": limits})["limits"] == {
        "gpt-4o": {"maxRequestsPer1Minute": ENCRYPTED, "maxTokensPer1Minute": 5}
    }
    state = of(ProjectRateLimits).state({"__rows": ENCRYPTED, "__managed": ENCRYPTED})
    assert state["rows"] == state["__managed"] == ENCRYPTED


@pytest.mark.parametrize(
    ("resource", "name", "value"),
    [
        (ExternalKey, "provider", ENCRYPTED),
        (ProjectRateLimits, "others", ENCRYPTED),
        (ProjectRateLimits, "limits", ENCRYPTED),
        (ProjectRateLimits, "limits", {"gpt-4o": ENCRYPTED}),
    ],
)
def test_a_structure_that_is_encrypted_whole_is_refused(resource: type[AdminResource], name: str, value: Any) -> None:
    for move in (of(resource).inputs, of(resource).state):
        with pytest.raises(ConfigurationError, match=f"has the secret {name}, .* --show-secrets"):
            move({name: value})


def test_values_in_plain_text_are_renamed_and_stay_secret() -> None:
    limits = {"gpt-4o": {"max_requests_per_1_minute": 60}}
    new = plain({"gpt-4o": {"maxRequestsPer1Minute": 60}})
    assert of(ProjectRateLimits).inputs({"limits": plain(limits)}) == {"limits": new}
    inside = {"gpt-4o": {"max_requests_per_1_minute": plain(60)}}
    assert of(ProjectRateLimits).inputs({"limits": plain(inside)}) == {
        "limits": plain({"gpt-4o": {"maxRequestsPer1Minute": plain(60)}})
    }


def test_a_key_that_there_is_not_is_null_though_its_absence_is_encrypted() -> None:
    account = of(ProjectServiceAccount)
    assert account.state({"api_key": plain("")})["apiKey"] is None
    assert account.state({"api_key": ENCRYPTED, "api_key_id": "", "api_key_expires_at": ""})["apiKey"] is None


@pytest.mark.parametrize("beside", [{}, {"api_key_id": "key_1", "api_key_expires_at": ""}])
def test_a_key_that_there_may_be_is_kept(beside: dict[str, Any]) -> None:
    assert of(ProjectServiceAccount).state({"api_key": ENCRYPTED, **beside})["apiKey"] == ENCRYPTED


def test_a_secret_that_was_edited_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="Group 'it' has a secret that is not JSON"):
        of(Group).inputs({"name": {**MARK, "plaintext": "{"}})


def test_names_and_paths_of_properties() -> None:
    limits = of(ProjectRateLimits)
    assert limits.names(["__provider", "__secret", "project_id", "__rows", "limits"]) == ["projectId", "rows", "limits"]
    assert limits.path('limits["gpt-4o"].max_requests_per_1_minute') == 'limits["gpt-4o"].maxRequestsPer1Minute'
