"""The spend limit of a project."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.kinds.spending import SpendLimit
from pulumi_openai_admin.program.fields import Field, argument, output, path
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.formats import CENTS


@final
class ProjectSpendLimit(AdminResource):
    """The amount that a project may spend in a month. OpenAI rejects requests of the project after the costs reach it.

    A project may have no spend limit. Destroying the resource restores the limit from before the first change. If there
    was no limit, it deletes the limit. Only one resource can manage the limit of a project.

    The resource ID is `<project_id>`.

    Raises:
        ProjectArchivedError: The project is archived, and an archived project cannot be changed.
        UpdateNotAppliedError: OpenAI accepted the limit but did not apply it.

    Also sends: GET /organization/costs.
    """

    handler = SpendLimit("/organization/projects/{project_id}/spend_limit")

    project_id: Field[str] = path()
    """The project (`proj_…`)."""
    threshold_amount: Field[int] = argument(minimum=1, unit=CENTS)
    """The limit in cents: 10000 is $100."""
    currency: Field[str] = output()
    """The currency of the limit: `USD`."""
    interval: Field[str] = output()
    """The period of the limit: `month`."""
    enforcement_status: Field[str] = output(wire="enforcement.status")
    """`enforcing` while OpenAI rejects requests of the project, otherwise `inactive`."""
    baseline: Field[dict[str, int]] = output()
    """The limit (`"threshold_amount"`) from before the first change, which destroy restores. Empty if there
    was none."""
