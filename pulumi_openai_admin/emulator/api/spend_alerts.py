"""Spend alerts: at which amount of a month's costs whom to write to. They stop nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from pulumi_openai_admin.emulator.api.projects import PROJECTS
from pulumi_openai_admin.emulator.handlers.body import Body
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.paging import LastId

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.handlers.operation import Request


class NotificationChannel(Body):
    """SpendAlertNotificationChannel."""

    type: Literal["email"]
    recipients: list[str]
    subject_prefix: str | None = None


class SpendAlertBody(Body):
    """CreateSpendAlertBody, which is the body of updates too."""

    threshold_amount: Annotated[int, Field(ge=0)]
    currency: Literal["USD"]
    interval: Literal["month"]
    notification_channel: NotificationChannel


class _SpendAlerts(Collection):
    id_name = "alert_id"
    id_prefix = "alert_"
    noun = "spend alert"
    create_body = update_body = seed_body = SpendAlertBody
    paging = LastId(minimum=0, has_order=True, has_before=True)

    def content(self, request: Request) -> dict[str, Any]:
        """Give a new alert's content: it shows no time."""
        return dict(request.body.model_dump())

    def changed(self, request: Request, record: object, given: dict[str, Any]) -> dict[str, Any]:
        """Give the alert as a new one: the body is a whole one."""
        return dict(request.body.model_dump())


class OrganizationSpendAlerts(_SpendAlerts):
    """Alerts on the costs of the organization."""

    name = "spend_alert"
    path = "/organization/spend_alerts"
    object = "organization.spend_alert"


class ProjectSpendAlerts(_SpendAlerts):
    """Alerts on the costs of a project."""

    name = "project_spend_alert"
    path = "/organization/projects/{project_id}/spend_alerts"
    parent = PROJECTS
    object = "project.spend_alert"


ORGANIZATION_SPEND_ALERTS = OrganizationSpendAlerts()
PROJECT_SPEND_ALERTS = ProjectSpendAlerts()
