"""The scenario of an `Invite`."""

from __future__ import annotations

from pulumi_openai_admin import Invite
from tests.host.rules import CreatedOnce
from tests.host.scenario import AnotherTeam, Matrix, Scenario, Verb

PROJECTS = [{"project_id": "proj_demo", "role": "member"}]


def _to(person: str) -> dict[str, object]:
    return {"email": f"{person}@example.com", "role": "reader"}


SCENARIO = Scenario(
    Invite,
    path="",
    inputs={**_to("grace"), "projects": [], "triggers": ["2026-11", 1]},
    outputs={**_to("grace"), "projects": [], "status": "pending", "accepted_at": ""},
    drift=None,
    steps=[],
    replaced_by={**_to("grace"), "projects": [], "triggers": ["2026-12", 1]},
    replaces="triggers",
    bad={
        "email must be an email address": {"email": "grace"},
        "role is missing": {"role": None},
        "role must be 'owner' or 'reader'": {"role": "member"},
        "projects[0] lacks role": {"projects": [{"project_id": "proj_demo"}]},
        "triggers must be a list, not a string": {"triggers": "2026"},
    },
    missing="invite-none",
    malformed="",
    is_in_project=False,
    matrix=Matrix(
        path="/organization/invites",
        rule=CreatedOnce("invite", by="email"),
        verbs=(
            Verb("create", None, {**_to("made"), "projects": PROJECTS}, "POST"),
            Verb("create-list", None, _to("listed"), "GET"),
            Verb("read", _to("read"), _to("read"), "GET", "{id}"),
            Verb("delete", _to("deleted"), None, "DELETE", "{id}"),
        ),
    ),
    another_team={
        "create": AnotherTeam(
            None,
            _to("shop"),
            "/organization/invites",
            {"role": "owner"},
            by="email",
            other_names=("before@example.com", "after@example.com"),
        ),
    },
)
