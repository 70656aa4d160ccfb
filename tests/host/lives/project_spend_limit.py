"""The life of a `ProjectSpendLimit`."""

from __future__ import annotations

from pulumi_openai_admin import ProjectSpendLimit
from tests.host.rules import Deletable
from tests.host.scripted_life import PROJECT, Drift, Life, Matrix, Step, Verb

SPEND = {"threshold_amount": 10000}
LIFE = Life(
    ProjectSpendLimit,
    path="/organization/projects/proj_demo/spend_limit",
    inputs={**PROJECT, "threshold_amount": 10000},
    outputs={
        **PROJECT,
        "threshold_amount": 10000,
        "currency": "USD",
        "interval": "month",
        "enforcement_status": "inactive",
        "baseline": {},
    },
    drift=Drift({"threshold_amount": 77, "currency": "USD", "interval": "month"}, "threshold_amount", shows=77),
    steps=[
        Step(
            {**PROJECT, "threshold_amount": 20000},
            {"threshold_amount": 20000},
            writes=["POST spend_limit"],
            keeps=("baseline", "project_id"),
        ),
    ],
    replaced_by={"project_id": "proj_staging", "threshold_amount": 20000},
    replaces="project_id",
    bad={
        "threshold_amount must be a whole number of cents, 1 or more, not 0": {"threshold_amount": 0},
        "threshold_amount must be a whole number of cents, 1 or more, not a string": {"threshold_amount": "100"},
        "threshold_amount is missing": {"threshold_amount": None},
        "project_id is not an id": {"project_id": "../admin_api_keys"},
    },
    missing="proj_none",
    malformed="a/b",
    matrix=Matrix(
        path="/organization/projects/{project_id}/spend_limit",
        rule=Deletable("project_spend_limit", "threshold_amount"),
        verbs=(
            Verb("create", None, SPEND, "POST"),
            Verb("create-read", None, SPEND, "GET"),
            Verb("read", SPEND, SPEND, "GET"),
            Verb("update", SPEND, {"threshold_amount": 20000}, "POST"),
            Verb("delete", SPEND, None, "DELETE"),
        ),
    ),
)
