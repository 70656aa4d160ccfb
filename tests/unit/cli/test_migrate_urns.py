from __future__ import annotations

import pytest

from pulumi_openai_admin.cli.migrate import Urns

HEAD = "urn:pulumi:dev::shop::"
OTHER = f"{HEAD}shop:index:Team$pulumi:providers:pulumi-python::other"
URNS = Urns(frozenset([OTHER]))
DYNAMIC = "pulumi-python:dynamic/openai-admin:"


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (f"{DYNAMIC}Project", "openai-admin:index:Project"),
        (f"shop:index:Team${DYNAMIC}Project", "shop:index:Team$openai-admin:index:Project"),
        (f"{DYNAMIC}Project${DYNAMIC}Group", "openai-admin:index:Project$openai-admin:index:Group"),
        (
            f"{DYNAMIC}Project$random:index/randomId:RandomId",
            "openai-admin:index:Project$random:index/randomId:RandomId",
        ),
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


def test_a_provider_of_the_program_becomes_one_of_the_native_package() -> None:
    assert URNS.native(OTHER) == f"{HEAD}shop:index:Team$pulumi:providers:openai-admin::other"


def test_urns_are_found_at_any_depth_and_other_texts_stay() -> None:
    urn = f"{HEAD}{DYNAMIC}Project::shop"
    new = f"{HEAD}openai-admin:index:Project::shop"
    assert URNS.everywhere({"name": [urn, "urn:pulumi:", "text", 1, None]}) == {
        "name": [new, "urn:pulumi:", "text", 1, None]
    }


def test_in_values_only_references_to_resources_are_renamed() -> None:
    urn = f"{HEAD}{DYNAMIC}Project::shop"
    reference = {"4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", "urn": urn, "id": "proj_1"}
    found = URNS.in_references({"text": urn, "list": [reference]})
    assert found == {"text": urn, "list": [{**reference, "urn": f"{HEAD}openai-admin:index:Project::shop"}]}
