"""The scenario of a `Group`."""

from __future__ import annotations

from pulumi_openai_admin import Group
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Drift, Matrix, Scenario, Step, Verb

SCENARIO = Scenario(
    Group,
    path="/organization/groups/{id}",
    inputs={"name": "Engineering"},
    outputs={"name": "Engineering", "is_scim_managed": False},
    drift=Drift({"name": "renamed by hand"}, "name", shows="renamed by hand"),
    steps=[
        Step(
            {"name": "Research"},
            {"name": "Research"},
            writes=["POST groups"],
            keeps=("group_id", "created_at"),
        ),
    ],
    replaced_by=None,
    replaces="name",
    bad={"name is empty": {"name": ""}, "name must be a string of 1 to 255 characters, not a number": {"name": 3}},
    missing="group_none",
    malformed="",
    is_in_project=False,
    matrix=Matrix(
        path="/organization/groups",
        rule=CreatedOnce("group"),
        verbs=(
            Verb("create", None, {"name": "g-made"}, "POST"),
            Verb("create-list", None, {"name": "g-listed"}, "GET"),
            Verb("read", {"name": "g-read"}, {"name": "g-read"}, "GET", "{id}"),
            Verb("rename", {"name": "g-old"}, {"name": "g-renamed"}, "POST", "{id}"),
            Verb("delete", {"name": "g-deleted"}, None, "DELETE", "{id}"),
        ),
    ),
    another_team={"create": AnotherTeam(None, {"name": "shop"}, "/organization/groups", {})},
)
