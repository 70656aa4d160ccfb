"""The life of an `OrganizationSpendLimit`."""

from __future__ import annotations

from pulumi_openai_admin import OrganizationSpendLimit
from tests.host.rules import Deletable
from tests.host.scripted_life import Drift, Life, Matrix, Step, Verb

SPEND = {"threshold_amount": 10000}
LIFE = Life(
    OrganizationSpendLimit,
    path="/organization/spend_limit",
    inputs=SPEND,
    outputs={
        "threshold_amount": 10000,
        "currency": "USD",
        "interval": "month",
        "enforcement_status": "inactive",
        "baseline": {},
    },
    drift=Drift({"threshold_amount": 77, "currency": "USD", "interval": "month"}, "threshold_amount", shows=77),
    steps=[
        Step(
            {"threshold_amount": 20000},
            {"threshold_amount": 20000},
            writes=["POST spend_limit"],
            keeps=("baseline",),
        ),
    ],
    replaced_by=None,
    replaces="threshold_amount",
    bad={
        "threshold_amount must be a whole number of cents, 1 or more, not 0": {"threshold_amount": 0},
        "threshold_amount is missing": {"threshold_amount": None},
    },
    missing="",
    is_in_project=False,
    matrix=Matrix(
        path="/organization/spend_limit",
        rule=Deletable("spend_limit", "threshold_amount"),
        verbs=(
            Verb("create", None, SPEND, "POST"),
            Verb("create-read", None, SPEND, "GET"),
            Verb("read", SPEND, SPEND, "GET"),
            Verb("update", SPEND, {"threshold_amount": 20000}, "POST"),
            Verb("delete", SPEND, None, "DELETE"),
        ),
    ),
)
