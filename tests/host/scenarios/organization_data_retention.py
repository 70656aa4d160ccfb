"""The scenario of an `OrganizationDataRetention`."""

from __future__ import annotations

from pulumi_openai_admin import OrganizationDataRetention
from tests.host.rules import Changeable
from tests.host.scenario import Drift, Matrix, Scenario, Step, verbs_of_setting

BEFORE = {"retention_type": "modified_abuse_monitoring"}
ZERO = {"retention_type": "zero_data_retention"}
ENHANCED = {"retention_type": "enhanced_zero_data_retention"}
SCENARIO = Scenario(
    OrganizationDataRetention,
    path="/organization/data_retention",
    inputs=ZERO,
    outputs={**ZERO, "baseline": BEFORE},
    drift=Drift(ENHANCED, "retention_type", shows="enhanced_zero_data_retention"),
    steps=[
        Step(
            ENHANCED,
            ENHANCED,
            writes=["POST data_retention"],
            keeps=("baseline",),
        ),
    ],
    replaced_by=None,
    replaces="retention_type",
    bad={
        "retention_type must be 'zero_data_retention', ": {"retention_type": "organization_default"},
        "retention_type is missing": {"retention_type": None},
    },
    is_gone_after_delete=False,
    missing="",
    is_in_project=False,
    matrix=Matrix(
        path="/organization/data_retention",
        rule=Changeable("data_retention", BEFORE),
        verbs=verbs_of_setting(ZERO, ENHANCED),
    ),
)
