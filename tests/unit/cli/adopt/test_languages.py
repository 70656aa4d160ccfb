"""The text of programs: Python for both providers, and YAML."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.kinds import Patterns, all_kinds
from pulumi_openai_admin.cli.adopt.languages import files, module_text, yaml_literal, yaml_text
from pulumi_openai_admin.cli.adopt.program import DYNAMIC, NATIVE_PYTHON, NATIVE_YAML, Module, Plan
from pulumi_openai_admin.cli.adopt.reading import Existing, Inventory, Scope
from pulumi_openai_admin.hosts.native.properties import camel
from pulumi_openai_admin.lifecycle.read import Adopted
from pulumi_openai_admin.lifecycle.state import Outputs
from pulumi_openai_admin.resources.project_rate_limits import LIMITS

if TYPE_CHECKING:
    from pathlib import Path


KINDS = {kind.name: kind for kind in all_kinds()}
SCOPE = Scope((), (), Patterns())


def existing(kind: str, own_id: str, name: str | None, /, **inputs: Any) -> Existing:
    parents = {"project_id": "proj_a"} if KINDS[kind].is_in_project else {}
    given = {key: value for key, value in {**parents, **inputs}.items() if value is not None}
    return Existing(KINDS[kind], parents, own_id, names=(name,) if name else (), adopted=adopted(given))


def adopted(inputs: dict[str, Any]) -> Adopted:
    return Adopted("id", inputs, Outputs({}))


def project(name: str | None = "Web shop", project_id: str = "proj_a", **others: str) -> Existing:
    return existing("Project", project_id, name, name=name, **others)


def limits(**models: dict[str, int]) -> Existing:
    return existing("ProjectRateLimits", "", None, limits={name.replace("_", "-"): it for name, it in models.items()})


def account(name: str, role: str | None = "member", id_: str = "svc_acct_1") -> Existing:
    return existing("ProjectServiceAccount", id_, name, name=name, role=role, create_service_account_only=True)


def planned(*projects: list[Existing]) -> list[Module]:
    """The modules of projects, each of which comes before what is inside."""
    plan, modules = Plan(), []
    for own, *inside in projects:
        ids, name = {"project_id": own.own_id}, next(iter(own.names), "")
        moved = [replace(each, parents=ids, adopted=adopted({**each.adopted.inputs, **ids})) for each in inside]
        modules.append(plan.project(own.own_id, name, [*([own] if name else []), *moved]))
    return modules


WEB_SHOP = [
    project(residency="EU_STORAGE_PROCESSING"),
    limits(gpt_4o={"max_requests_per_1_minute": 77, "max_tokens_per_1_minute": 400_000}),
    account("ci", "owner"),
    account("ci", None, "svc_acct_2"),
]
TRANSCRIPTION = limits(gpt_4o_transcribe=dict.fromkeys(LIMITS, 123_456), o1={"max_requests_per_1_minute": 1})
WRITTEN = '''\
"""Web shop (proj_a)."""

from pulumi_openai_admin import Project, ProjectRateLimits, ProjectServiceAccount

from projects import KEEP

project = Project(
    "web-shop",
    name="Web shop",
    residency="EU_STORAGE_PROCESSING",
    opts=KEEP,
)

ProjectRateLimits(
    "web-shop",
    project_id=project.project_id,
    limits={
        "gpt-4o": {"max_requests_per_1_minute": 77, "max_tokens_per_1_minute": 400_000},
    },
    opts=KEEP,
)

# Existing API keys continue to work. Pulumi does not have them, because OpenAI shows
# a key only once. To create a key that Pulumi manages (see README.md):
#     key = ProjectServiceAccountApiKey(
#         "web-shop-ci",
#         project_id=ci.project_id,
#         service_account_id=ci.service_account_id,
#     )
ci = ProjectServiceAccount(
    "web-shop-ci",
    project_id=project.project_id,
    name="ci",
    role="owner",
    create_service_account_only=True,
    opts=KEEP,
)
ci_2 = ProjectServiceAccount(
    "web-shop-ci-2",
    project_id=project.project_id,
    name="ci",
    create_service_account_only=True,
    opts=KEEP,
)
'''


def test_a_module_reads_well() -> None:
    (module,) = planned(WEB_SHOP)
    assert module_text(module, DYNAMIC) == WRITTEN


def test_it_is_formatted_as_formatters_would(tmp_path: Path) -> None:
    hostile = [project('a """ "b" \\ \u202e\n# x', "proj_b"), account("class", id_="x" * 90)]
    same = [project("Web-Shop", "proj_c"), limits(o1={"max_requests_per_1_minute": 1})]
    modules = planned([*WEB_SHOP, TRANSCRIPTION], hostile, same, [project(None, "proj_d")])
    modules.append(Module("across_projects", "The objects that refer to several projects", []))
    for path, text in files(modules, DYNAMIC, "org").contents.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    for command in (("format", "--check", "--diff"), ("check", "--select", "E,F,W,I,B,N,UP,D2")):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "--line-length", "88", "."],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@settings(deadline=None)
@given(st.text(min_size=1))
def test_no_name_or_id_breaks_out_of_its_place(name: str) -> None:
    (module,) = planned([project(name, name), account(name, id_=name)])
    tree = ast.parse(module_text(module, DYNAMIC))
    assert [type(node) for node in tree.body] == [ast.Expr, ast.ImportFrom, ast.ImportFrom, ast.Assign, ast.Assign]
    names = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "name"]
    assert [ast.literal_eval(node) for node in names] == [name, name]
    assert module_text(module, DYNAMIC).isascii() or module_text(module, DYNAMIC).replace("\n", "").isprintable()


@pytest.mark.parametrize("title", ["2024", "true", "null", "1e3", "no", "organization", "0x10"])
def test_the_name_in_pulumi_yaml_is_a_text(title: str) -> None:
    settings = yaml.safe_load(files([], DYNAMIC, title).contents["Pulumi.yaml"])
    assert settings["name"] == title
    assert settings["runtime"]["name"] == "python"


def test_what_is_left_out_is_named_in_the_readme_and_is_no_markdown() -> None:
    found = Inventory(scope=SCOPE, left_out=["svc_1\n# owned\u202e: name is empty"])
    readme = DYNAMIC.readme(files([], DYNAMIC, "org"), (), (), found)
    assert readme.endswith("    svc_1\\u000a# owned\\u202e: name is empty\n")


def test_a_program_for_the_native_provider_has_the_names_of_its_sdk() -> None:
    (module,) = planned([*WEB_SHOP, TRANSCRIPTION])
    text = module_text(module, NATIVE_PYTHON)
    compile(text, "web_shop.py", "exec")
    imported = "import (\n    Project,\n    ProjectOwnerOrMember,\n    ProjectRateLimits,\n"
    assert f"\nfrom pulumi_openai_admin_native {imported}" in text
    assert "    role=ProjectOwnerOrMember.OWNER,\n" in text
    assert '"gpt-4o": {"max_requests_per1_minute": 77, "max_tokens_per1_minute": 400_000},\n' in text
    assert '"batch1_day_max_input_tokens": 123_456,\n' in text
    requirements = files([], NATIVE_PYTHON, "org").contents["requirements.txt"]
    assert requirements == f"pulumi_openai_admin_native>={version('pulumi-openai-admin')}\n"


# YAML


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
    assert "serviceAccountId: ${web-shop-ci.serviceAccountId}\noutputs:\n  key: ${web-shop-ci-key.apiKey}" in readme
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
    rule = existing("WorkloadIdentityFederationRule", "rule_1", "rule", attribute_matchers={"Fn::readFile": "/etc/x"})
    with pytest.raises(errors.NotAdoptableError, match="a name that begins with `fn::`"):
        NATIVE_YAML.require(rule)


@settings(deadline=None)
@given(st.text(min_size=1))
def test_no_name_or_id_breaks_out_of_its_place_in_yaml(name: str) -> None:
    module = Plan().project(name, name, [project(name, name), account(name, id_=name)])
    resources = yaml.safe_load(written(module))["resources"]
    assert [read_by_pulumi(resource["properties"]["name"]) for resource in resources.values()] == [name, name]


def test_a_project_without_a_name_is_not_declared() -> None:
    module = Plan().project("proj_a", "", [limits(o1={"max_requests_per_1_minute": 0})])
    text = written(module)
    assert "  # Without a name (proj_a).\n  # The project itself is not managed.\n" in text
    assert "projectId: proj_a\n" in text
