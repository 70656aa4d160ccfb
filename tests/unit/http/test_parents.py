from __future__ import annotations

import pytest

from pulumi_openai_admin.schema.paths import GROUP, PROJECT, describe, ids_in, parents_in, template_of


def test_parents_are_found_in_the_order_of_the_path() -> None:
    ids = {"project_id": "proj_1", "thing_id": "thing_1", "group_id": "group_1"}
    assert list(parents_in(ids)) == [(PROJECT, "proj_1"), (GROUP, "group_1")]


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        ({"project_id": "proj_1", "group_id": "group_1"}, "project proj_1"),
        ({"group_id": "group_1"}, "group group_1"),
        ({"workload_identity_provider_id": "wip_1"}, "workload identity provider wip_1"),
        ({"thing_id": "thing_1"}, "the organization"),
        ({}, "the organization"),
    ],
)
def test_messages_name_what_an_object_is_in(ids: dict[str, str], words: str) -> None:
    assert describe(ids) == words


@pytest.mark.parametrize(
    ("path", "ids", "template"),
    [
        ("/organization/things", {}, "/organization/things"),
        (
            "/organization/projects/proj_1/things",
            {"project_id": "proj_1"},
            "/organization/projects/{project_id}/things",
        ),
        (
            "/projects/proj_1/groups/g_1/x",
            {"project_id": "proj_1", "group_id": "g_1"},
            "/projects/{project_id}/groups/{group_id}/x",
        ),
        ("/organization/projects/proj_1", {}, "/organization/projects/proj_1"),
        ("/organization/things/users/x/y", {}, "/organization/things/users/x/y"),
    ],
)
def test_parents_stand_in_a_whole_path(path: str, ids: dict[str, str], template: str) -> None:
    assert ids_in(path) == ids
    assert template_of(path) == template
    assert {parent.id_name: id_ for parent, id_ in parents_in({"path": path})} == ids
