from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.languages import files, yaml_literal, yaml_text
from pulumi_openai_admin.cli.adopt.program import NATIVE_YAML, Plan
from pulumi_openai_admin.cli.adopt.reading import Inventory
from pulumi_openai_admin.hosts.native.properties import camel
from tests.unit.cli.adopt.test_python_program import SCOPE, account, existing, limits, project

if TYPE_CHECKING:
    from pulumi_openai_admin.cli.adopt.program import Module


def written(*modules: Module) -> str:
    return files(modules, NATIVE_YAML, "org").contents["Pulumi.yaml"]


def test_resources_are_protected_and_refer_to_each_other() -> None:
    some = {"max_requests_per_1_minute": 77, "max_tokens_per_1_minute": 400_000}
    module = Plan().project("proj_a", "Web shop", [project(), limits(gpt_4o=some), account("ci")])
    text = written(module)
    assert text.startswith('name: "org"\ndescription: ')
    assert "\nresources:\n  # Web shop (proj_a).\n  web-shop:\n    type: openai-admin:Project\n" in text
    assert "  #   web-shop-ci-key:\n  #     type: openai-admin:ProjectServiceAccountApiKey\n" in text
    assert yaml.safe_load(text)["resources"]["web-shop-project-rate-limits"] == {
        "type": "openai-admin:ProjectRateLimits",
        "name": "web-shop",
        "properties": {
            "projectId": "${web-shop.projectId}",
            "limits": {"gpt-4o": {camel(name): value for name, value in some.items()}},
        },
        "options": {"protect": True},
    }
    readme = NATIVE_YAML.readme(files([module], NATIVE_YAML, "org"), (), (), Inventory(scope=SCOPE))
    assert (
        "      serviceAccountId: ${web-shop-ci.serviceAccountId}\noutputs:\n  key: ${web-shop-ci-key.apiKey}" in readme
    )
    assert "(`OPENAI_ADMIN_KEY`). The preview after it shows no change." in readme


@pytest.mark.parametrize(
    "char", ["\u202e", "\u2066", "\u200f", "\u061c", "\u200b", "\u200d", "\u2060", "\ufeff", "\xad", "\U000e0041"]
)
@pytest.mark.parametrize("text", ["shop{}", "東京 {}\nZürich", "1{}"])
def test_what_is_invisible_or_reorders_a_line_is_escaped(text: str, char: str) -> None:
    document = {"a": text.format(char), text.format(char): ["東京"]}
    written = yaml_text(document)
    assert char not in written
    assert written.endswith("東京\n")  # other names are as people write them
    assert yaml.safe_load(written) == document


@pytest.mark.parametrize(
    "text", ["1e3", "0o7", ".5", "+1", "1_000", "2024-01-01", "12e03", "yes", "on", "~", "", "a: b"]
)
def test_what_any_version_of_yaml_reads_as_another_type_is_quoted(text: str) -> None:
    assert re.fullmatch(r"""(['"]).*\1\n""", yaml_text(text))


@settings(deadline=None)
@given(
    st.recursive(
        st.text() | st.integers() | st.booleans(), lambda some: st.dictionaries(st.text(), some) | st.lists(some)
    )
)
def test_any_value_comes_back_as_it_was(value: Any) -> None:
    assert yaml.safe_load(yaml_text({"resources": value})) == {"resources": value}


def read_by_pulumi(text: str) -> str:
    """As `parseInterpolate` of Pulumi YAML reads a text; an expression fails."""
    read = ""
    while text:
        assert not text.startswith("${")
        taken = 2 if text.startswith("$$") else 1
        read, text = read + text[0], text[taken:]
    return read


@given(st.text(alphabet="${}a"))
def test_no_text_is_an_expression(text: str) -> None:
    assert read_by_pulumi(yaml_literal(text)) == text


def test_a_dollar_sign_stays_where_it_means_nothing() -> None:
    assert [yaml_literal(value) for value in ("US$", "5 $", 5)] == ["US$", "5 $", 5]


def test_a_mapping_that_would_call_a_function_is_left_out() -> None:
    rule = existing(
        "WorkloadIdentityFederationRule", "rule_1", "rule", attribute_matchers={"Fn::readFile": "/etc/passwd"}
    )
    with pytest.raises(errors.NotAdoptableError, match="a name that begins with `fn::`"):
        NATIVE_YAML.require(rule)


@settings(deadline=None)
@given(st.text(min_size=1))
def test_no_name_or_id_breaks_out_of_its_place(name: str) -> None:
    module = Plan().project(name, name, [project(name, name), account(name, id_=name)])
    resources = yaml.safe_load(written(module))["resources"]
    assert [read_by_pulumi(resource["properties"]["name"]) for resource in resources.values()] == [name, name]


def test_a_project_without_a_name_is_not_declared() -> None:
    module = Plan().project("proj_a", "", [limits(o1={"max_requests_per_1_minute": 0})])
    text = written(module)
    assert "  # Without a name (proj_a).\n  # The project itself is not managed.\n" in text
    assert "projectId: proj_a\n" in text
