"""Limits on what is spent: alerts, which stop nothing, and hard limits.

Requests to OpenAI's APIs are refused when a month's costs have reached a hard limit.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from pulumi_openai_admin.emulator.api.projects import PROJECTS, of_projects
from pulumi_openai_admin.emulator.api.usage import USAGE_RECORDS, UsageRecord, month_by_project
from pulumi_openai_admin.emulator.handlers.collection import Collection
from pulumi_openai_admin.emulator.handlers.errors import Refused
from pulumi_openai_admin.emulator.handlers.kind import Body, Organization, Request, action
from pulumi_openai_admin.emulator.handlers.paging import LastId
from pulumi_openai_admin.emulator.handlers.setting import OptionalSetting
from pulumi_openai_admin.emulator.store.store import Record


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


class SpendAlerts(Collection):
    """At which amount of a month's costs whom to write to."""

    name = "spend_alert"
    noun = "spend alert"
    path = "/organization/spend_alerts"
    id_name = "alert_id"
    id_prefix = "alert_"
    object = "organization.spend_alert"
    times = ()
    create_body = update_body = seed_body = SpendAlertBody
    paging = LastId(minimum=0, has_order=True, has_before=True)

    def changed(self, request: Request, record: Record, given: dict[str, Any]) -> dict[str, Any]:
        """Give the alert as a new one: the body is a whole one."""
        return dict(request.body.model_dump())


class SpendLimitUpdate(Body):
    """UpdateOrganizationSpendLimitBody and UpdateProjectSpendLimitBody."""

    threshold_amount: Annotated[int, Field(ge=1)]
    currency: Literal["USD"]
    interval: Literal["month"]


class _SpendLimit(OptionalSetting):
    update_body = seed_body = SpendLimitUpdate
    scope: ClassVar[str]
    """Whose limit it is, in messages and codes."""

    def show(self, request: Request, record: Record) -> dict[str, Any]:
        """Give schema OrganizationSpendLimitResource or ProjectSpendLimitResource."""
        organization = request.organization
        is_enforcing = self.is_reached(organization, record) or organization.behavior.spend_limits_always_enforce
        status = "enforcing" if is_enforcing else "inactive"
        return {**super().show(request, record), "enforcement": {"status": status}}

    def is_reached(self, organization: Organization, record: Record) -> bool:
        """Return whether this month's costs have reached the limit."""
        spent = month_by_project(organization)
        cents = 100 * (spent.get(record.parent, Decimal()) if record.parent else sum(spent.values()))
        return bool(cents >= record["threshold_amount"])

    def refuse_spending(self, organization: Organization, parent: str) -> None:
        """Refuse a request to one of OpenAI's APIs if the limit is reached."""
        record = organization.store.get(self.name, "", parent)
        if record is not None and self.is_reached(organization, record):
            dollars = record["threshold_amount"] / 100
            message = f"This {self.scope} has reached its spend limit of ${dollars:,.2f} for this month."
            raise Refused(429, message, code=f"{self.scope}_spend_limit_exceeded")


class OrganizationSpendLimit(_SpendLimit):
    """The limit on what all projects spend in a month."""

    name = "spend_limit"
    path = "/organization/spend_limit"
    object = "organization.spend_limit"
    scope = "organization"


class ProjectSpendLimit(_SpendLimit):
    """The limit on what one project spends in a month."""

    name = "project_spend_limit"
    noun = "spend limit of project"
    path = "/organization/projects/{project_id}/spend_limit"
    parent = PROJECTS
    object = "project.spend_limit"
    scope = "project"

    @action("POST", "/_emulator/usage", body=UsageRecord, takes_no_body=False)
    def use(self, request: Request) -> dict[str, Any]:
        """Record a request to one of OpenAI's APIs, or refuse it where a spend limit is reached."""
        self.refuse_spending(request.organization, request.body.project_id)
        ORGANIZATION_SPEND_LIMIT.refuse_spending(request.organization, "")
        return {"id": USAGE_RECORDS.add(request).id}


ORGANIZATION_SPEND_ALERTS = SpendAlerts()
PROJECT_SPEND_ALERTS = of_projects(SpendAlerts)
ORGANIZATION_SPEND_LIMIT = OrganizationSpendLimit()
PROJECT_SPEND_LIMIT = ProjectSpendLimit()
