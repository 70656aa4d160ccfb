from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai
import pytest

if TYPE_CHECKING:
    from openai.resources.admin.organization import Organization

    from pulumi_openai_admin.emulator import Control

ALERT: dict[str, Any] = {
    "threshold_amount": 100_000,
    "currency": "USD",
    "interval": "month",
    "notification_channel": {"type": "email", "recipients": ["finance@example.com"], "subject_prefix": "Spend"},
}


def test_alerts_of_the_organization(organization: Organization, control: Control) -> None:
    before, alerts = control.live(), organization.spend_alerts
    alert = alerts.create(**ALERT)
    assert (alert.object, alert.threshold_amount) == ("organization.spend_alert", 100_000)
    assert alert.id.startswith("alert_")
    channel = {"type": "email", "recipients": ["finance@example.com", "it@example.com"]}
    changed = alerts.update(alert.id, **{**ALERT, "threshold_amount": 0, "notification_channel": channel})
    assert alerts.retrieve(alert.id) == changed
    assert changed.notification_channel.recipients == channel["recipients"]
    assert (changed.threshold_amount, changed.notification_channel.subject_prefix) == (0, None)
    assert alerts.delete(alert.id).object == "organization.spend_alert.deleted"
    with pytest.raises(openai.NotFoundError, match=f"The spend alert {alert.id} was not found"):
        alerts.retrieve(alert.id)
    assert control.live() == before
