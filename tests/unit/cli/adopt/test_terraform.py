from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli.adopt.kinds import all_kinds, with_id
from pulumi_openai_admin.cli.adopt.terraform import PROVIDERS, Counterpart, Row, TerraformState
from tests import terraform
from tests.terraform import instance, resource, state

KINDS = {kind.name: kind for kind in all_kinds()}
MKDEV = terraform.provider_named("mkdev-me/openai")
CLOUDOPSWORKS = terraform.provider_named("cloudopsworks/openai")


def named(document: Any) -> dict[tuple[str, str], str]:
    return {(chosen.kind.name, chosen.id): chosen.name for chosen in TerraformState(document).objects}


def test_names_have_modules_and_keys() -> None:
    group = instance("eng/EU", group_id="g1", name="x")
    document = state(resource("openai_group", "this", group, module='module.org["a.b"].module.groups[0]'))
    assert named(document) == {("Group", "g1"): "org a.b groups 0 this eng/EU"}
    (chosen,) = TerraformState(document).objects
    assert chosen.origin == 'module.org["a.b"].module.groups[0].openai_group.this["eng/EU"]'


@pytest.mark.parametrize("table", PROVIDERS.values(), ids=PROVIDERS)
def test_a_table_names_kinds_and_ids_that_exist(table: dict[str, Row]) -> None:
    assert all(type_.startswith("openai_") for type_ in table)
    rows = [row if isinstance(row, tuple) else (row,) for row in table.values()]
    counterparts = [each for row in rows for each in row if isinstance(each, Counterpart)]
    for each in [*counterparts, *filter(None, (each.predefined for each in counterparts))]:
        filled = re.sub(r"\{\w+\}", "x", each.id)
        assert with_id(KINDS[each.kind], filled.replace("x", "x/y") if each.joint == ":" else filled).id, each


def test_the_roles_that_openai_predefines_belong_to_the_member() -> None:
    roles = {"project_id": "p", "group_id": "g", "role_ids": ["role-api-project-member", "role_x"]}
    document = state(resource("openai_project_group", "eng", instance(**roles), provider=MKDEV))
    assert set(named(document)) == {("ProjectGroup", "p/g"), ("ProjectGroupRole", "p/g/role_x")}


def test_ids_that_another_provider_joins_or_makes_up() -> None:
    document = state(
        resource("openai_project_role", "deploy", instance(id="proj_1:role_1"), provider=MKDEV),
        resource(
            "openai_rate_limit",
            "o1",
            instance(project_id="p", model="o1", rate_limit_id="rl-o1-x", max_requests_per_minute=5.0),
            provider=MKDEV,
        ),
    )
    assert set(named(document)) == {("ProjectRole", "proj_1/role_1"), ("ProjectRateLimit", "p/rl-o1")}
    assert TerraformState(document).objects[1].known == {"max_requests_per_1_minute": 5}


def test_a_certificate_is_two_objects_where_one_resource_also_activates_it() -> None:
    document = state(
        resource("openai_organization_certificate", "on", instance(id="cert_1", active=True), provider=CLOUDOPSWORKS),
        resource("openai_organization_certificate", "off", instance(id="cert_2", active=False), provider=CLOUDOPSWORKS),
    )
    assert named(document) == {
        ("Certificate", "cert_1"): "on",
        ("OrganizationCertificateActivation", "cert_1"): "on",
        ("Certificate", "cert_2"): "off",
    }


def test_a_webhook_endpoint_is_not_moved_and_its_signing_secret_is_told() -> None:
    endpoint = {"id": "whe_1", "name": "shop", "url": "https://example.com/hook", "signing_secret": "whsec_not-real"}
    document = state(resource("openai_webhook_endpoint", "shop", instance(secret="signing_secret", **endpoint)))
    found = TerraformState(document)
    assert found.objects == []
    assert found.with_keys == ["openai_webhook_endpoint.shop"]
    (reason,) = found.left_out
    assert "declare a WebhookEndpoint, then delete the old endpoint" in reason
    assert "whsec_not-real" not in repr(found)


def test_limits_by_model_of_early_versions() -> None:
    limits = {"gpt-4o": {"max_requests_per_1_minute": 1}, "o1": {}}
    document = state(resource("openai_project_rate_limits", "all", instance(project_id="p", rate_limits=limits)))
    kind = "ProjectRateLimit"
    assert named(document) == {(kind, "p/rl-gpt-4o"): "all gpt-4o", (kind, "p/rl-o1"): "all o1"}


def test_what_cannot_be_moved_is_told() -> None:
    document = state(
        resource("openai_project", "a", {"attributes": {"project_id": "p"}, "deposed": "ab12"}),
        resource("openai_project", "b", {"attributes": None}),
        resource("openai_project", "c", instance(project_id="")),
        resource("openai_new_thing", "d", instance(id="x")),
        resource("openai_project", "e", instance(project_id="p1")),
        resource("openai_project", "f", instance(project_id="p1")),
    )
    told = "\n".join(TerraformState(document).left_out)
    for reason in (
        "openai_project.a is not moved: Terraform replaced it",
        "openai_project.b is not moved: the state has no attributes",
        "openai_project.c is not moved: the state has no id",
        "openai_new_thing.d is not moved: this version of pulumi-openai-admin does not know it",
        "openai_project.f needs no separate resource, because openai_project.e is the same Project",
    ):
        assert reason in told


@pytest.mark.parametrize(
    ("document", "advice"),
    [
        ({"encrypted_data": "x"}, "The state is encrypted"),
        ({"format_version": "1.0", "values": {}}, "`terraform show -json`"),
        ({"version": 3, "modules": []}, "not a Terraform state of version 4"),
        (state(), "no resource of a provider for OpenAI"),
        (state(resource("aws_x", "y", instance(), provider='provider["a/hashicorp/aws"]')), "openai/openai"),
    ],
)
def test_what_is_no_state_is_refused(document: Any, advice: str) -> None:
    with pytest.raises(errors.ConfigurationError) as raised:
        TerraformState(document)
    assert advice in str(raised.value)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("openai_project"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "name", "mode", "instances", "attributes", "index_key"]), inner)
    ),
    max_leaves=12,
)


@given(st.lists(VALUES, max_size=4), VALUES)
def test_any_state_is_read_or_refused(resources: list[Any], instances: Any) -> None:
    ours = resource("openai_project_user_role", "x") | {"instances": instances}
    try:
        TerraformState(state(*resources, ours))
    except errors.ConfigurationError:
        return
