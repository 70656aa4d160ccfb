"""The schema of the native provider says what the declarations say."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

import pulumi_openai_admin
from pulumi_openai_admin import config, resources
from pulumi_openai_admin.components import entries as team_entries
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.printable import capitalized
from pulumi_openai_admin.schema import shapes
from tools import engine, examples, languages
from tools.pinned import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.every_resource

SCHEMA: dict[str, Any] = json.loads(languages.SCHEMA.read_text(encoding="utf-8"))
RESOURCES, TYPES, FUNCTIONS = SCHEMA["resources"], SCHEMA["types"], SCHEMA["functions"]
PLACES = ("resources/*.py", "data_sources/*.py", "schema/constraints.py", "hosts/native/component_types.py")
SOURCES = [source for place in PLACES for source in sorted((ROOT / "pulumi_openai_admin").glob(place))]
QUOTED = re.compile(r'`"([\w., -]+)"`')
"""A value, or the key of a mapping, in the texts of declarations."""


def name_of(token: str) -> str:
    return token.rpartition(":")[2]


def descriptions(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("description"), str):
            yield value["description"]
        value = list(value.values())
    for inner in value if isinstance(value, list) else []:
        yield from descriptions(inner)


def test_the_first_sentence_of_each_function_is_about_that_function_alone() -> None:
    items = [spec for token, spec in TYPES.items() if token.endswith("Item")]
    for specs in (FUNCTIONS.values(), items):
        sentences = [re.split(r"(?<=\.)\s", spec["description"])[0] for spec in specs]
        assert len(sentences) == len(set(sentences))


@pytest.mark.inputs("pulumi_openai_admin/hosts/native/schema.json", "tools/go.mod")
def test_the_engine_accepts_it() -> None:
    found = engine.find_or_get()
    command = [str(found.pulumi), "schema", "check", str(languages.SCHEMA)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in (done.stdout + done.stderr).lower()


@pytest.mark.parametrize("name", resources.ALL)
def test_what_can_be_imported_shows_the_command_and_the_rest_says_why_not(name: str) -> None:
    reason = getattr(pulumi_openai_admin, name).handler.traits.not_adoptable
    about = RESOURCES[properties.token(name)]["description"]
    assert (f"$ pulumi import {properties.token(name)} example '" in about) is not bool(reason)
    assert f"It cannot be imported: {reason}." in about or not reason


@pytest.mark.parametrize("name", resources.ALL)
def test_a_resource_has_its_fields(name: str) -> None:
    kind, spec = getattr(pulumi_openai_admin, name), RESOURCES[properties.token(name)]
    declaration = kind.declaration
    assert list(spec["properties"]) == [properties.camel(field) for field in declaration.fields]
    assert list(spec["inputProperties"]) == [properties.camel(field.name) for field in declaration.inputs]
    assert set(spec["requiredInputs"]) == {
        properties.camel(field.name) for field in declaration.inputs if field.required
    }
    assert set(spec["required"]).isdisjoint(map(properties.camel, kind.nullable))
    for field in declaration.fields.values():
        assert spec["properties"][properties.camel(field.name)].get("secret", False) is field.is_secret


@pytest.mark.parametrize("token", [*RESOURCES, *FUNCTIONS], ids=name_of)
def test_a_resource_and_a_function_have_an_example_in_every_language(token: str) -> None:
    about = {**RESOURCES, **FUNCTIONS}[token]["description"]
    example = about.partition("{{% example %}}")[2].partition("{{% /example %}}")[0]
    assert re.findall(r"^```(\w+)$", example, re.MULTILINE) == [*examples.by_name()[name_of(token)]]


def test_every_look_up_is_a_function() -> None:
    declared = {properties.function(look_up.name) for name in kinds.names() for look_up in kinds.declared(name)}
    assert set(FUNCTIONS) == declared


def test_every_number_is_exact_up_to_53_bits() -> None:
    """An `integer` has 32 bits in .NET and Java."""
    assert '"integer"' not in json.dumps(SCHEMA)


@pytest.mark.parametrize("structure", sorted(name for name in vars(team_entries) if name.startswith("Team")))
def test_a_structure_of_the_component_has_the_enumerations_of_its_resource(structure: str) -> None:
    (resource,) = re.findall(r"see `(\w+)`", vars(team_entries)[structure].__doc__)
    inputs = RESOURCES[properties.token(resource)]["inputProperties"]
    items = [spec["items"].get("$ref", "").removeprefix("#/types/") for spec in inputs.values() if "items" in spec]
    in_items = [TYPES[item]["properties"] for item in items if item in TYPES]
    of_resource = {name: spec for part in (inputs, *in_items) for name, spec in part.items()}
    for name, spec in TYPES[properties.token(structure)]["properties"].items():
        if name in of_resource and {"oneOf", "$ref"} & of_resource[name].keys():
            kept = {"oneOf", "$ref"} & spec.keys()
            assert kept
            assert [spec[key] for key in kept] == [of_resource[name][key] for key in kept], name


def test_every_enumeration_has_one_name() -> None:
    enumerations = {token: spec for token, spec in TYPES.items() if "enum" in spec}
    assert {name_of(token) for token in enumerations} >= {"OrganizationRole", "ProjectRoleName", "BucketWidth"}
    assert [token for token in enumerations if re.search(r"Value$|(\w{4,})\1", name_of(token))] == []
    texts = [tuple(member["value"] for member in spec["enum"]) for spec in enumerations.values()]
    grouping = [name for name in enumerations if name.endswith("GroupBy")]
    assert len(texts) - len(grouping) == len(
        {text for name, text in zip(enumerations, texts, strict=True) if name not in grouping}
    )


def closed(value: Any) -> set[tuple[str, ...]]:
    """The strings of each enumeration that a value has to be of, at any depth."""
    if isinstance(value, list):
        return set().union(*map(closed, value))
    if not isinstance(value, dict):
        return set()
    if "enum" in value:
        return {tuple(member["value"] for member in value["enum"])}
    if {"type": "string"} in value.get("oneOf", ()):
        return set()
    named = TYPES.get(value.get("$ref", "").removeprefix("#/types/"))
    return closed(named).union(*map(closed, value.values()))


@pytest.mark.parametrize("name", resources.ALL)
def test_an_input_takes_the_strings_that_the_provider_takes_and_an_output_any(name: str) -> None:
    spec = RESOURCES[properties.token(name)]
    for field in getattr(pulumi_openai_admin, name).declaration.inputs:
        parts = shapes.parts(field.shape)
        items = [part.item for part in parts if isinstance(part, shapes.Items)]  # see `Types.relaxed`
        texts = [part for part in parts if isinstance(part, shapes.Text) and part not in items]
        refuses = {frozenset(text.choices) for text in texts if text.choices}
        assert {frozenset(each) for each in closed(spec["inputProperties"][properties.camel(field.name)])} == refuses
    assert closed(spec["properties"]) == set()


def test_an_argument_of_a_function_takes_the_strings_that_the_function_takes() -> None:
    for look_up in (look_up for name in kinds.names() for look_up in kinds.declared(name)):
        spec = FUNCTIONS[properties.function(look_up.name)]
        single = [asked.choices for asked in look_up.asked if asked.choices and asked.type is str]
        assert closed(spec.get("inputs")) == {tuple(choices.texts) for choices in single}
        assert closed(spec["outputs"]) == set()


def test_ids_are_no_keys_of_mappings() -> None:
    """A program can't use an Output as a key, and the schema has no name for what the keys are."""
    mappings = {
        name
        for spec in RESOURCES.values()
        for name, property_ in {**spec["properties"], **spec["inputProperties"]}.items()
        if "additionalProperties" in property_
    }
    by_model = {"limits", "rows", "skipped", "notLimited"}
    by_entry = {"alerts", "groups", "serviceAccounts", "serviceAccountIds", "apiKeys", "formerNames"}
    by_property_of_openai = {"properties", "object", "secretValues", "found", "baseline", "attributeMatchers"}
    assert mappings == by_model | by_entry | by_property_of_openai


def test_a_list_is_never_one_of_several_types_which_fail_in_python() -> None:
    def unions(value: Any) -> Iterator[list[Any]]:
        if isinstance(value, dict):
            yield from [value["oneOf"]] if isinstance(value.get("oneOf"), list) else []
            value = list(value.values())
        for inner in value if isinstance(value, list) else []:
            yield from unions(inner)

    found = list(unions(SCHEMA))
    assert [union for union in found if any(member.get("type") == "array" for member in union)] == []


def test_no_two_things_have_the_same_name_in_any_language() -> None:
    made_by_generators = [
        f"{capitalized(name_of(function))}{what}" for function in FUNCTIONS for what in ("Args", "Result")
    ]
    made_by_generators += [f"{name_of(resource)}{what}" for resource in RESOURCES for what in ("Args", "State")]
    taken = [name_of(token) for token in (*RESOURCES, *TYPES)] + [capitalized(name_of(name)) for name in FUNCTIONS]
    lower = [name.lower() for name in taken + made_by_generators]
    assert len(lower) == len(set(lower))


def test_no_property_has_the_name_of_its_class_in_csharp() -> None:
    """C# does not allow it."""
    for token, spec in {**RESOURCES, **TYPES}.items():
        for name, property_ in spec.get("properties", {}).items():
            named = property_.get("language", {}).get("csharp", {}).get("name", capitalized(name))
            assert named != name_of(token)


def test_the_settings_are_those_of_a_stack() -> None:
    variables = SCHEMA["config"]["variables"]
    assert set(variables) == set(config.SETTINGS)
    assert variables["adminApiKey"]["secret"]
    assert SCHEMA["provider"]["inputProperties"] == variables


def test_no_text_has_a_name_or_a_value_of_python() -> None:
    """Code with an underscore is a value or a key of OpenAI, which declarations have between quotes."""
    values = {f"`{value}`" for source in SOURCES for value in QUOTED.findall(source.read_text(encoding="utf-8"))}
    values |= {f"`{member['value']}`" for spec in TYPES.values() for member in spec.get("enum", ())}
    for text in descriptions(SCHEMA):
        spans = [span for span in re.findall(r"`[^`\n]+`", text) if "…" not in span]
        assert {span for span in spans if re.search(r"[a-z]_", span)} <= values, text
        assert not [span for span in spans if '"' in span], "a value is not quoted in code"
        prose = text.partition("```")[0]
        assert not {"None", "True", "False"}.intersection(re.findall(r"\w+", prose)), text


def test_every_value_of_the_declarations_is_in_the_schema_as_it_is() -> None:
    prose = "\n".join(descriptions(SCHEMA))
    for source in SOURCES:
        for value in QUOTED.findall(source.read_text(encoding="utf-8")):
            assert f"`{value}`" in prose, f"{source}: {value}"


def test_nothing_lacks_a_description() -> None:
    def without(path: str, value: Any) -> Iterator[str]:
        if not isinstance(value, dict):
            return
        for name, property_ in {**value.get("properties", {}), **value.get("inputProperties", {})}.items():
            if not property_.get("description"):
                yield f"{path}.{name}"
        for member in value.get("enum", ()):
            if not member.get("description"):
                yield f"{path}.{member['value']}"
        for part in ("inputs", "outputs"):
            yield from without(f"{path}.{part}", value.get(part))

    named = {**RESOURCES, **TYPES, **FUNCTIONS, "provider": SCHEMA["provider"]}
    assert [path for name, value in named.items() for path in without(name, value)] == []
    assert [name for name, value in named.items() if not value.get("description")] == []


def test_a_function_without_arguments_has_no_inputs_before_its_options() -> None:
    without = {name_of(token) for token, function in FUNCTIONS.items() if "inputs" not in function}
    assert {"listRoles", "listGroups", "getOrganizationSpendLimit"} <= without
    assert [token for token, spec in FUNCTIONS.items() if not spec.get("inputs", {}).get("properties", True)] == []


@pytest.mark.parametrize("setting", config.VARIABLES)
def test_a_setting_says_which_variable_sets_it_and_has_no_default(setting: str) -> None:
    variable = SCHEMA["config"]["variables"][setting]
    assert f"`{config.VARIABLES[setting]}`" in variable["description"]
    assert "instead of the stack configuration" in variable["description"]
    assert "defaultInfo" not in variable
