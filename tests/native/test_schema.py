"""The schema of the native provider says what the declarations say."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.components import entries as team_entries
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.printable import capitalized
from tools import engine, languages
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


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for inner in value if isinstance(value, list) else []:
        yield from objects(inner)


DESCRIPTIONS = [text for found in objects(SCHEMA) if isinstance(text := found.get("description"), str)]


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
    others = [spec["enum"] for name, spec in enumerations.items() if not name.endswith("GroupBy")]
    assert len(others) == len({tuple(member["value"] for member in members) for members in others})


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
    unions = [union for found in objects(SCHEMA) if isinstance(union := found.get("oneOf"), list)]
    assert unions
    assert [union for union in unions if any(member.get("type") == "array" for member in union)] == []


def test_no_two_things_have_the_same_name_in_any_language() -> None:
    generated = [f"{capitalized(name_of(function))}{what}" for function in FUNCTIONS for what in ("Args", "Result")]
    generated += [f"{name_of(resource)}{what}" for resource in RESOURCES for what in ("Args", "State")]
    taken = [name_of(token) for token in (*RESOURCES, *TYPES)] + [capitalized(name_of(name)) for name in FUNCTIONS]
    lower = [name.lower() for name in taken + generated]
    assert len(lower) == len(set(lower))


def test_no_property_has_the_name_of_its_class_in_csharp() -> None:
    """C# does not allow it."""
    for token, spec in {**RESOURCES, **TYPES}.items():
        for name, property_ in spec.get("properties", {}).items():
            named = property_.get("language", {}).get("csharp", {}).get("name", capitalized(name))
            assert named != name_of(token)


def test_no_text_has_a_name_or_a_value_of_python() -> None:
    """Code with an underscore is a value or a key of OpenAI, which declarations have between quotes."""
    values = {f"`{value}`" for source in SOURCES for value in QUOTED.findall(source.read_text(encoding="utf-8"))}
    values |= {f"`{member['value']}`" for spec in TYPES.values() for member in spec.get("enum", ())}
    for text in DESCRIPTIONS:
        spans = [span for span in re.findall(r"`[^`\n]+`", text) if "…" not in span]
        assert {span for span in spans if re.search(r"[a-z]_", span)} <= values, text
        assert not [span for span in spans if '"' in span], "a value is not quoted in code"
        prose = text.partition("```")[0]
        assert not {"None", "True", "False"}.intersection(re.findall(r"\w+", prose)), text


def test_every_value_of_the_declarations_is_in_the_schema_as_it_is() -> None:
    prose = "\n".join(DESCRIPTIONS)
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
