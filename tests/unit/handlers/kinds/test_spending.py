from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import ProjectSpendAlert, ProjectSpendLimit, errors
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.handlers.kinds.spending import SpendLimit
from tests.unit.fakes import FakeOpenAI, error_body, told
from tests.unit.handlers.fake_settings import FakeSettings, next_run

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client

PATH = "/organization/projects/proj_1/spend_alerts"
ALERTS: Any = ProjectSpendAlert.handler
AMOUNT, RECIPIENTS = "threshold_amount", "notification_channel.recipients"
BOTH = ["ada@example.com", "bob@example.com"]
OURS = {AMOUNT: 20_000, RECIPIENTS: BOTH}
COMMON = {"currency": "USD", "interval": "month"}


def sent(amount: int, recipients: list[str], **further: Any) -> dict[str, Any]:
    channel = {"type": "email", "recipients": recipients, **further}
    return {**COMMON, "threshold_amount": amount, "notification_channel": channel}


@dataclass
class FakeAlerts(FakeOpenAI):
    """A project with spend alerts; an update replaces all of an alert."""

    alerts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, body: dict[str, Any]) -> dict[str, Any]:
        self._count += 1
        id_ = f"alert_{self._count}"
        self.alerts[id_] = {"id": id_, "object": "project.spend_alert", **body}
        return self.alerts[id_]

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if not path.startswith(PATH):
            return super()._answer(method, path, body)
        id_ = path.removeprefix(PATH).strip("/")
        if not id_:
            return (200, self.add(body)) if method == "POST" else self._list(self.alerts)
        if id_ not in self.alerts:
            return 404, error_body("No such alert")
        if method == "DELETE":
            return 200, {"id": self.alerts.pop(id_)["id"], "deleted": True}
        if method == "POST":
            self.alerts[id_] = {"id": id_, "object": "project.spend_alert", **body}
        return 200, self.alerts[id_]


@pytest.fixture
def openai(requests_mock: Any) -> FakeAlerts:
    return FakeAlerts(requests_mock)


def new() -> Remote:
    return Remote({"project_id": "proj_1"}, unordered=frozenset({RECIPIENTS}))


def created(client: Client, **settings: Any) -> Remote:
    remote = new()
    ALERTS.create(client, remote, Wanted({}, {**OURS, **settings}))
    return remote


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


def test_an_update_sends_all_of_it_and_keeps_what_the_program_does_not_set(client: Client, openai: FakeAlerts) -> None:
    remote = created(client)
    openai.alerts[remote.id]["notification_channel"]["subject_prefix"] = "[By hand]"
    ALERTS.read(client, remote)
    ALERTS.update(client, remote, Wanted({}, {**OURS, AMOUNT: 30_000}))
    assert openai.asked("POST")[1:] == [(f"{PATH}/alert_1", sent(30_000, BOTH, subject_prefix="[By hand]"))]


def test_an_alert_of_the_same_content_is_told(
    client: Client, openai: FakeAlerts, caplog: pytest.LogCaptureFixture
) -> None:
    openai.add(sent(20_000, BOTH))
    created(client)
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
    limit.update(next_run(client, remote), remote, Wanted({}, {AMOUNT: 20_000}))
    openai.settings["/organization/projects/proj_1/optional"][AMOUNT] = 50_000
    limit.delete(next_run(client, remote), remote)
    assert "setting stays at threshold_amount $500 instead of none (changed outside Pulumi after" in told(caplog)


# Costs


"""The beginning of 2026, which January is 31 days of."""


# What a preview warns of
