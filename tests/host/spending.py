"""What the scenarios of the alerts and limits for spend share, of the organization and of a project."""

from __future__ import annotations

from typing import Any

from tests.host.rules import CreatedOnce, Deletable
from tests.host.scenario import AnotherTeam, Drift, Inputs, Matrix, Scenario, Step, Verb, verbs_of_setting

_FINANCE = ["ada@example.com", "finance@example.com"]
_SPEND = {"threshold_amount": 10000}


def _alert(cents: int, **further: Any) -> dict[str, Any]:
    """The inputs of an alert."""
    return {"threshold_amount": cents, "recipients": _FINANCE, **further}


def _sent(cents: int, recipients: list[str]) -> dict[str, Any]:
    """An alert as others send it."""
    channel = {"type": "email", "recipients": recipients}
    return {"threshold_amount": cents, "currency": "USD", "interval": "month", "notification_channel": channel}


def scenario_of_alert(resource: type[Any], *, kind: str, path: str, parents: Inputs) -> Scenario:
    """The scenario of an alert.

    Args:
        resource: The class.
        kind: The emulator's name for it.
        path: Where the requests go, with the name of the id of the project.
        parents: The id of the project, or none.
    """
    return Scenario(
        resource,
        path=f"{path.format(**parents)}/{{id}}",
        inputs={**parents, **_alert(10000)},
        outputs={**parents, **_alert(10000), "currency": "USD", "interval": "month", "subject_prefix": ""},
        drift=Drift(_sent(77, _FINANCE), "threshold_amount", shows=77),
        steps=[
            Step(
                {**parents, **_alert(20000, subject_prefix="[Spend]")},
                {"threshold_amount": 20000, "subject_prefix": "[Spend]"},
                writes=["POST spend_alerts"],
                keeps=("alert_id",),
            ),
            Step(
                {**parents, **_alert(20000, recipients=["grace@example.com", "ada@example.com"])},
                {"recipients": ["ada@example.com", "grace@example.com"], "subject_prefix": ""},
                writes=["POST spend_alerts"],
                keeps=("alert_id", "threshold_amount"),
            ),
        ],
        replaced_by={"project_id": "proj_staging", **_alert(20000)} if parents else None,
        replaces="project_id" if parents else "threshold_amount",
        bad={
            "threshold_amount must be a whole number of cents, 0 or more, not -1": {"threshold_amount": -1},
            "threshold_amount is missing": {"threshold_amount": None},
            "recipients[0] must be an email address, not 'finance'": {"recipients": ["finance"]},
        },
        missing="proj_demo/none" if parents else "alert_none",
        malformed="none" if parents else "",
        is_in_project=bool(parents),
        matrix=Matrix(
            path=path,
            rule=CreatedOnce(kind, by="threshold_amount"),
            verbs=(
                Verb("create", None, _alert(1), "POST"),
                Verb("create-list", None, _alert(2), "GET"),
                Verb("read", _alert(3), _alert(3), "GET", "{id}"),
                Verb("change", _alert(4), _alert(5), "POST", "{id}"),
                Verb("delete", _alert(6), None, "DELETE", "{id}"),
            ),
        ),
        another_team={
            "create": AnotherTeam(
                None,
                _alert(7),
                path,
                {name: value for name, value in _sent(0, ["theirs@example.com"]).items() if name != "threshold_amount"},
                by="threshold_amount",
                other_names=(8, 9),
            )
        },
    )


def scenario_of_limit(resource: type[Any], *, kind: str, path: str, parents: Inputs) -> Scenario:
    """The scenario of a limit.

    Args:
        resource: The class.
        kind: The emulator's name for it.
        path: Where the requests go, with the name of the id of the project.
        parents: The id of the project, or none.
    """
    return Scenario(
        resource,
        path=path.format(**parents),
        inputs={**parents, **_SPEND},
        outputs={
            **parents,
            "threshold_amount": 10000,
            "currency": "USD",
            "interval": "month",
            "enforcement_status": "inactive",
            "baseline": {},
        },
        drift=Drift({"threshold_amount": 77, "currency": "USD", "interval": "month"}, "threshold_amount", shows=77),
        steps=[
            Step(
                {**parents, "threshold_amount": 20000},
                {"threshold_amount": 20000},
                writes=["POST spend_limit"],
                keeps=("baseline", *parents),
            ),
        ],
        replaced_by={"project_id": "proj_staging", "threshold_amount": 20000} if parents else None,
        replaces="project_id" if parents else "threshold_amount",
        bad={
            "threshold_amount must be a whole number of cents, 1 or more, not 0": {"threshold_amount": 0},
            "threshold_amount must be a whole number of cents, 1 or more, not a string": {"threshold_amount": "100"},
            "threshold_amount is missing": {"threshold_amount": None},
            **({"project_id is not an id": {"project_id": "../admin_api_keys"}} if parents else {}),
        },
        missing="proj_none" if parents else "",
        malformed="a/b" if parents else "none",
        is_in_project=bool(parents),
        matrix=Matrix(
            path=path,
            rule=Deletable(kind, "threshold_amount"),
            verbs=verbs_of_setting(_SPEND, {"threshold_amount": 20000}, end="DELETE"),
        ),
    )
