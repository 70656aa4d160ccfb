from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import ProjectSpendAlert, ProjectSpendLimit, errors
from pulumi_openai_admin.handlers.handler import Remote, StepContext, Wanted
from pulumi_openai_admin.handlers.kinds.spending import SpendLimit
from tests.host.scenarios.spending import PROJECT_ALERT
from tests.unit.fakes import listed, told
from tests.unit.handlers.fake_settings import FakeSettings, next_run

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client
    from tests.unit.fakes import FakeOpenAI

PATH = "/organization/projects/proj_1/spend_alerts"
ALERTS: Any = ProjectSpendAlert.handler
AMOUNT, RECIPIENTS = "threshold_amount", "recipients"
BOTH = ["ada@example.com", "bob@example.com"]
OURS = {AMOUNT: 20_000, RECIPIENTS: BOTH}


def sent(amount: int, recipients: list[str], **further: Any) -> dict[str, Any]:
    return PROJECT_ALERT.sent({AMOUNT: amount, RECIPIENTS: recipients, **further})


def shown(id_: str, amount: int, recipients: list[str], **further: Any) -> dict[str, Any]:
    return {"id": id_, "object": "project.spend_alert", **sent(amount, recipients, **further)}


@pytest.mark.parametrize(
    ("settings", "note"),
    [
        ({AMOUNT: 1000}, "threshold_amount is in cents: 1000 is $10 a month."),
        ({AMOUNT: 1050}, "threshold_amount is in cents: 1050 is $10.50 a month."),
        ({AMOUNT: 10_000}, ""),
        ({}, ""),
    ],
)
def test_a_preview_says_what_a_low_limit_is_in_dollars(settings: dict[str, int], note: str) -> None:
    assert ProjectSpendLimit.handler.creation_note(Wanted({}, settings)) == note


# Alerts


def test_an_update_sends_all_of_it_and_keeps_what_the_program_does_not_set(client: Client, openai: FakeOpenAI) -> None:
    remote = Remote({"project_id": "proj_1"}, "alert_1", shown("alert_1", 20_000, BOTH))
    further = {"subject_prefix": "[By hand]"}
    openai.surprise("GET", "alert_1$", (200, shown("alert_1", 20_000, BOTH, **further)))
    openai.surprise("POST", "alert_1$", (200, shown("alert_1", 30_000, BOTH, **further)))
    ALERTS.read(client, remote)
    ALERTS.update(client, remote, Wanted({}, {**OURS, AMOUNT: 30_000}))
    assert openai.asked("POST") == [(f"{PATH}/alert_1", sent(30_000, BOTH, **further))]


def test_an_alert_of_the_same_content_is_told(
    client: Client, openai: FakeOpenAI, caplog: pytest.LogCaptureFixture
) -> None:
    openai.surprise("GET", "spend_alerts$", listed(shown("alert_1", 20_000, BOTH[::-1])), times=9)
    openai.surprise("POST", "spend_alerts$", (200, shown("alert_2", 20_000, BOTH)))
    remote = Remote({"project_id": "proj_1"}, unordered=frozenset({RECIPIENTS}))
    ALERTS.create(client, remote, Wanted({}, OURS))
    assert (
        "Project proj_1 already has a spend alert with the amount and recipients "
        "'$200 for ada@example.com, bob@example.com': alert_1."
    ) in told(caplog)


def test_messages_about_a_limit_show_dollars(
    requests_mock: Any, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    limit = SpendLimit("/organization/projects/{project_id}/optional", settable=(AMOUNT,))
    openai, remote = FakeSettings(requests_mock), Remote({"project_id": "proj_1"})
    openai.surprise("POST", "optional$", (200, {AMOUNT: 7}))
    with pytest.raises(
        errors.UpdateNotAppliedError,
        match=r"threshold_amount is \$0\.07, expected \$200",
    ):
        limit.create(client, remote, Wanted({}, {AMOUNT: 20_000}))
    openai.surprise("POST", "optional$", (200, {AMOUNT: 7}))
    hidden = Remote({"project_id": "proj_1"}, step=StepContext(secret=(AMOUNT,)))
    with pytest.raises(errors.UpdateNotAppliedError, match=r"threshold_amount is \[secret\], expected \[secret\]"):
        limit.create(client, hidden, Wanted({}, {AMOUNT: 20_000}))
    limit.update(next_run(client, remote), remote, Wanted({}, {AMOUNT: 20_000}))
    openai.settings["/organization/projects/proj_1/optional"][AMOUNT] = 50_000
    limit.delete(next_run(client, remote), remote)
    assert "setting stays at threshold_amount $500 instead of none (changed outside Pulumi after" in told(caplog)
