"""The scenario of an `Invite`."""

from __future__ import annotations

from pulumi_openai_admin import Invite
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Scenario, verbs_of_object

PROJECTS = [{"project_id": "proj_demo", "role": "member"}]
INVITE = Scenario(
    Invite,
    inputs={"email": "eve@example.com", "role": "reader", "projects": [], "triggers": ["2026-11", 1]},
    outputs={"status": "pending", "accepted_at": ""},
    another={"triggers": ["2026-12", 1]},
    bad={
        "email must be an email address": {"email": "grace"},
        "projects[0] lacks role": {"projects": [{"project_id": "proj_demo"}]},
    },
    rule=CreatedOnce("invite", by="email"),
    verbs=verbs_of_object(
        lambda number: {"email": f"person{number}@example.com", "role": "reader", "projects": PROJECTS}
    ),
    another_team={
        "create": AnotherTeam({"role": "owner"}, by="email", other_names=("before@example.com", "after@example.com"))
    },
)
