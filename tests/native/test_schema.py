"""The schema of the native provider says what the declarations say."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

import pulumi_openai_admin
from pulumi_openai_admin import config, resources
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.hosts.native import names
from pulumi_openai_admin.hosts.native.texts import native
from pulumi_openai_admin.hosts.native.types import pascal
from tools import engine, native_examples, native_schema, programs

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.every_resource

SCHEMA: dict[str, Any] = json.loads(native_schema.SCHEMA.read_text(encoding="utf-8"))
RESOURCES, TYPES, FUNCTIONS = SCHEMA["resources"], SCHEMA["types"], SCHEMA["functions"]


def name_of(token: str) -> str:
    return token.rpartition(":")[2]


def descriptions(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("description"), str):
            yield value["description"]
        value = list(value.values())
    for inner in value if isinstance(value, list) else []:
        yield from descriptions(inner)


def test_it_is_current() -> None:
    assert native_schema.SCHEMA.read_text(encoding="utf-8") == native_schema.text(), "Run `make generate`."


@pytest.mark.inputs("pulumi_openai_admin/hosts/native/schema.json", "tools/go.mod")
def test_the_engine_accepts_it() -> None:
    found = engine.find_or_get()
    command = [str(found.pulumi), "schema", "check", str(native_schema.SCHEMA)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in (done.stdout + done.stderr).lower()


@pytest.mark.parametrize("name", resources.ALL)
def test_what_can_be_imported_shows_the_command_and_the_rest_says_why_not(name: str) -> None:
    reason = getattr(pulumi_openai_admin, name).handler.not_adoptable
    about = RESOURCES[names.token(name)]["description"]
    assert (f"$ pulumi import {names.token(name)} example '" in about) is not bool(reason)
    assert f"It cannot be imported: {reason}." in about or not reason


@pytest.mark.parametrize("name", resources.ALL)
def test_a_resource_has_its_fields(name: str) -> None:
    kind, spec = getattr(pulumi_openai_admin, name), RESOURCES[names.token(name)]
    declaration = kind.declaration
    assert list(spec["properties"]) == [names.camel(field) for field in declaration.fields]
    assert list(spec["inputProperties"]) == [names.camel(field.name) for field in declaration.inputs]
    assert set(spec["requiredInputs"]) == {names.camel(field.name) for field in declaration.inputs if field.required}
    assert set(spec["required"]).isdisjoint(map(names.camel, kind.nullable))
    for field in declaration.fields.values():
        assert spec["properties"][names.camel(field.name)].get("secret", False) is field.is_secret


@pytest.mark.parametrize("token", [*RESOURCES, *FUNCTIONS], ids=name_of)
def test_a_resource_and_a_function_have_an_example_in_every_language(token: str) -> None:
    about = {**RESOURCES, **FUNCTIONS}[token]["description"]
    example = about.partition("{{% example %}}")[2].partition("{{% /example %}}")[0]
    assert re.findall(r"^```(\w+)$", example, re.MULTILINE) == [*programs.by_name()[name_of(token)]]


def test_every_look_up_is_a_function() -> None:
    declared = {names.function(look_up.name) for name in kinds.names() for look_up in kinds.declared(name)}
    assert set(FUNCTIONS) == declared


def test_a_look_up_of_many_gives_an_object_with_one_list() -> None:
    assert list(FUNCTIONS["openai-admin:index:listProjects"]["outputs"]["properties"]) == ["projects"]
    assert list(FUNCTIONS["openai-admin:index:listAuditLogs"]["outputs"]["properties"]) == ["auditLogs"]
    assert list(FUNCTIONS["openai-admin:index:getCosts"]["outputs"]["properties"]) == ["buckets"]


def test_a_hidden_output_has_its_public_name() -> None:
    assert "rows" in RESOURCES["openai-admin:index:ProjectRateLimits"]["properties"]


def test_numbers_that_may_need_more_than_32_bits_are_no_integers() -> None:
    properties = RESOURCES["openai-admin:index:ProjectRateLimit"]["properties"]
    assert properties["batch1DayMaxInputTokens"]["type"] == "number"
    assert properties["maxRequestsPer1Minute"]["type"] == "integer"
    assert RESOURCES["openai-admin:index:Certificate"]["properties"]["expiresAt"]["type"] == "number"
    asked = FUNCTIONS["openai-admin:index:listAuditLogs"]["inputs"]["properties"]
    assert (asked["effectiveAtGte"]["type"], asked["limit"]["type"]) == ("number", "integer")


def test_a_program_may_set_only_what_openai_takes_and_openai_may_show_more() -> None:
    role = "openai-admin:index:InviteRoleValue"
    invite = RESOURCES["openai-admin:index:Invite"]
    assert invite["inputProperties"]["role"]["$ref"] == f"#/types/{role}"
    assert invite["properties"]["role"]["type"] == "string"
    assert [member["value"] for member in TYPES[role]["enum"]] == ["owner", "reader"]


def test_mappings_with_a_type_can_be_told_apart() -> None:
    provider = RESOURCES["openai-admin:index:ExternalKey"]["inputProperties"]["provider"]
    assert set(provider["discriminator"]["mapping"]) == {"aws", "gcp", "azure", "oci"}
    assert TYPES["openai-admin:index:AwsKey"]["properties"]["type"]["const"] == "aws"


def test_a_list_is_never_one_of_several_types_because_pulumi_fails_on_it_in_python() -> None:
    def unions(value: Any) -> Iterator[list[Any]]:
        if isinstance(value, dict):
            yield from [value["oneOf"]] if isinstance(value.get("oneOf"), list) else []
            value = list(value.values())
        for inner in value if isinstance(value, list) else []:
            yield from unions(inner)

    found = list(unions(SCHEMA))
    assert found
    assert [union for union in found if any(member.get("type") == "array" for member in union)] == []


def test_no_two_things_have_the_same_name_in_any_language() -> None:
    made_by_generators = [f"{pascal(name_of(function))}{what}" for function in FUNCTIONS for what in ("Args", "Result")]
    made_by_generators += [f"{name_of(resource)}{what}" for resource in RESOURCES for what in ("Args", "State")]
    taken = [name_of(token) for token in (*RESOURCES, *TYPES)] + [pascal(name_of(name)) for name in FUNCTIONS]
    lower = [name.lower() for name in taken + made_by_generators]
    assert len(lower) == len(set(lower))


def test_no_property_has_the_name_of_its_class_in_csharp() -> None:
    """C# does not allow it."""
    for token, spec in {**RESOURCES, **TYPES}.items():
        for name, property_ in spec.get("properties", {}).items():
            named = property_.get("language", {}).get("csharp", {}).get("name", pascal(name))
            assert named != name_of(token)


def test_the_settings_are_those_of_a_stack() -> None:
    variables = SCHEMA["config"]["variables"]
    assert set(variables) == set(config.SETTINGS)
    assert variables["adminApiKey"]["secret"]
    assert SCHEMA["provider"]["inputProperties"] == variables


def test_no_text_has_a_name_or_a_value_of_python() -> None:
    in_python = {
        field.name
        for name in resources.ALL
        for field in getattr(pulumi_openai_admin, name).declaration.fields.values()
        if "_" in field.name
    }
    for text in descriptions(SCHEMA):
        code = {word for span in re.findall(r"`[^`\n]+`", text) for word in re.findall(r"\w+", span)}
        assert not code & {*in_python, "None", "True", "False"}, text


def test_code_in_a_text_is_written_in_camel_case_and_values_are_not() -> None:
    text = "`None` unless `project_id` is set; `allow_list` with `include_archived=True`, project_id"
    expected = "`null` unless `projectId` is set; `allow_list` with `includeArchived=true`, project_id"
    assert native(text, {"project_id", "include_archived"}) == expected


def test_a_program_is_written_in_yaml() -> None:
    source = """
from pulumi_openai_admin import ProjectRateLimits
project = Project("shop", name="Web shop")
ProjectRateLimits("limits", project_id=project.project_id, limits={"gpt_4": {"max_requests_per_1_minute": 5 * 100}})
pulumi.export("rows", limits.rows["gpt_4"])
"""
    assert native_examples.program(source) == (
        "name: example\nruntime: yaml\nresources:\n"
        "  project:\n    type: openai-admin:Project\n    properties:\n      name: Web shop\n"
        "  limits:\n    type: openai-admin:ProjectRateLimits\n    properties:\n"
        "      projectId: ${project.projectId}\n"
        "      limits:\n        gpt_4:\n          maxRequestsPer1Minute: 500\n"
        'outputs:\n  rows: ${limits.rows["gpt_4"]}\n'
    )


def test_a_required_key_of_an_account_comes_from_the_configuration() -> None:
    source = """
account = ProjectServiceAccount("hooks", project_id="proj_demo", name="hooks")
WebhookEndpoint("batches", api_key=account.api_key, name="batches")
"""
    assert native_examples.program(source) == (
        "name: example\nruntime: yaml\nconfig:\n  apiKey:\n    type: string\n    secret: true\n"
        "resources:\n  batches:\n    type: openai-admin:WebhookEndpoint\n    properties:\n"
        "      apiKey: ${apiKey}\n      name: batches\n"
    )


@pytest.mark.parametrize("source", ["for _ in range(2): pass", "Project('a', name=input())"])
def test_a_program_with_more_than_literals_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"is (neither|not) a"):
        native_examples.program(source)
