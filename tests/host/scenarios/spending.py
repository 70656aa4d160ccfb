"""The scenarios of the alerts and limits for spend, of the organization and of a project."""

from __future__ import annotations

from typing import Any

from pulumi_openai_admin import OrganizationSpendAlert, OrganizationSpendLimit, ProjectSpendAlert, ProjectSpendLimit
from tests.host.rules import CreatedOnce, Setting
from tests.host.scenario import PROJECT, AnotherTeam, Drift, Inputs, Scenario, Step, verbs_of_object, verbs_of_setting

_MONTHLY = {"currency": "USD", "interval": "month"}
_FINANCE = ["ada@example.com", "finance@example.com"]


def _alert(resource: type[Any], *, kind: str, parents: Inputs) -> Scenario:
    """The scenario of an alert: `kind` is the emulator's name for it."""
    return Scenario(
        resource,
        inputs={**parents, "threshold_amount": 10000, "recipients": _FINANCE},
        outputs={**_MONTHLY, "subject_prefix": ""},
        drift=Drift({"threshold_amount": 77}, also={"recipients": _FINANCE}),
        steps=(
            Step({"threshold_amount": 20000, "subject_prefix": "[Spend]"}),
            Step(
                {"recipients": ["grace@example.com", "ada@example.com"], "subject_prefix": None},
                {"recipients": ["ada@example.com", "grace@example.com"], "subject_prefix": ""},
            ),
        ),
        bad={"recipients[0] must be an email address, not 'finance'": {"recipients": ["finance"]}},
        rule=CreatedOnce(kind, by="threshold_amount"),
        verbs=verbs_of_object(
            lambda number: {"threshold_amount": number, "recipients": _FINANCE}, {"threshold_amount": 6}
        ),
        another_team={
            "create": AnotherTeam({"recipients": ["theirs@example.com"]}, by="threshold_amount", other_names=(8, 9))
        },
    )


def _limit(resource: type[Any], *, kind: str, parents: Inputs) -> Scenario:
    """The scenario of a limit: `kind` is the emulator's name for it."""
    return Scenario(
        resource,
        inputs={**parents, "threshold_amount": 10000},
        outputs={**_MONTHLY, "enforcement_status": "inactive", "baseline": {}},
        drift=Drift({"threshold_amount": 77}),
        steps=(Step({"threshold_amount": 20000}),),
        rule=Setting(kind, {"threshold_amount": None}),
        verbs=verbs_of_setting({"threshold_amount": 10000}, {"threshold_amount": 20000}, end="DELETE"),
    )


ALERT = _alert(OrganizationSpendAlert, kind="spend_alert", parents={})
PROJECT_ALERT = _alert(ProjectSpendAlert, kind="project_spend_alert", parents=PROJECT)
LIMIT = _limit(OrganizationSpendLimit, kind="spend_limit", parents={})
PROJECT_LIMIT = _limit(ProjectSpendLimit, kind="project_spend_limit", parents=PROJECT)
