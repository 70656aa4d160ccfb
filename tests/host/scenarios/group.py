"""The scenario of a `Group`."""

from __future__ import annotations

from pulumi_openai_admin import Group
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Drift, Scenario, Step, verbs_of_object

GROUP = Scenario(
    Group,
    inputs={"name": "Engineering"},
    outputs={"is_scim_managed": False},
    drift=Drift({"name": "renamed by hand"}),
    steps=(Step({"name": "Research"}),),
    rule=CreatedOnce("group"),
    verbs=verbs_of_object(lambda number: {"name": f"group {number}"}, {"name": "renamed"}),
    another_team={"create": AnotherTeam()},
)
