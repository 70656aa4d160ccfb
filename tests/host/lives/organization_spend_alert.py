"""The life of an `OrganizationSpendAlert`."""

from __future__ import annotations

from typing import Any

from pulumi_openai_admin import OrganizationSpendAlert
from tests.host.rules import CreatedOnce
from tests.host.scripted_life import AnotherTeam, Drift, Life, Matrix, Step, Verb

PATH = "/organization/spend_alerts"
FINANCE = ["ada@example.com", "finance@example.com"]


def alert(cents: int, **further: Any) -> dict[str, Any]:
    """The inputs of an alert."""
    return {"threshold_amount": cents, "recipients": FINANCE, **further}


def sent(cents: int, recipients: list[str]) -> dict[str, Any]:
    """An alert as others send it."""
    channel = {"type": "email", "recipients": recipients}
    return {"threshold_amount": cents, "currency": "USD", "interval": "month", "notification_channel": channel}


LIFE = Life(
    OrganizationSpendAlert,
    path="/organization/spend_alerts/{id}",
    inputs={**alert(10000)},
    outputs={**alert(10000), "currency": "USD", "interval": "month", "subject_prefix": ""},
    drift=Drift(sent(77, FINANCE), "threshold_amount", shows=77),
    steps=[
        Step(
            {**alert(20000, subject_prefix="[Spend]")},
            {"threshold_amount": 20000, "subject_prefix": "[Spend]"},
            writes=["POST spend_alerts"],
            keeps=("alert_id",),
        ),
        Step(
            {**alert(20000, recipients=["grace@example.com", "ada@example.com"])},
            {"recipients": ["ada@example.com", "grace@example.com"], "subject_prefix": ""},
            writes=["POST spend_alerts"],
            keeps=("alert_id", "threshold_amount"),
        ),
    ],
    replaced_by=None,
    replaces="threshold_amount",
    bad={
        "threshold_amount must be a whole number of cents, 0 or more, not -1": {"threshold_amount": -1},
        "threshold_amount is missing": {"threshold_amount": None},
        "recipients is an empty list": {"recipients": []},
        "recipients[0] must be an email address, not 'finance'": {"recipients": ["finance"]},
    },
    missing="alert_none",
    malformed="",
    is_in_project=False,
    matrix=Matrix(
        path=PATH,
        rule=CreatedOnce("spend_alert", by="threshold_amount"),
        verbs=(
            Verb("create", None, alert(1), "POST"),
            Verb("create-list", None, alert(2), "GET"),
            Verb("read", alert(3), alert(3), "GET", "{id}"),
            Verb("change", alert(4), alert(5), "POST", "{id}"),
            Verb("delete", alert(6), None, "DELETE", "{id}"),
        ),
    ),
    another_team={
        "create": AnotherTeam(
            None,
            alert(7),
            PATH,
            {name: value for name, value in sent(0, ["theirs@example.com"]).items() if name != "threshold_amount"},
            by="threshold_amount",
            other_names=(8, 9),
        )
    },
)
