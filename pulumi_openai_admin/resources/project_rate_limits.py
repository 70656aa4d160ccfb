"""Rate limits of a whole project, under one policy."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - its annotations are read at run time
from typing import TypedDict, final

import pulumi  # noqa: TC002 - the same

from pulumi_openai_admin.dynamic.resource import PUBLIC_MODULE, AdminResource
from pulumi_openai_admin.handlers.row_set import RowSet
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit
from pulumi_openai_admin.schema.fields import Field, argument, output, path


class RateLimit(TypedDict, total=False):
    """What can be limited of one model: whole numbers, 0 or more. What is left out is not managed."""

    max_requests_per_1_minute: pulumi.Input[int]
    max_tokens_per_1_minute: pulumi.Input[int]
    max_images_per_1_minute: pulumi.Input[int]
    max_audio_megabytes_per_1_minute: pulumi.Input[int]
    max_requests_per_1_day: pulumi.Input[int]
    batch_1_day_max_input_tokens: pulumi.Input[int]


RateLimit.__module__ = PUBLIC_MODULE
LIMITS = tuple(RateLimit.__annotations__)


@final
class ProjectRateLimits(AdminResource):
    """The limits of all models of a project that a policy covers.

    The policy names models or patterns of models, and may say what holds for all others. As with
    `ProjectRateLimit`, only fields that the policy sets are managed, and rows that leave it, or all when the
    resource is destroyed, are put back as they were.

    Its id is `<project_id>`: a project has one such resource.

    Raises:
        NoMatchError: No row has a model that is named; the message names the nearest ones.
        PartialUpdateError: OpenAI refused some rows, or the run broke. What took is kept; the message says which.

    Source: GET /organization/projects/{project_id}/rate_limits and POST …/rate_limits/{rate_limit_id}
    (operations `list-project-rate-limits`, `update-project-rate-limits`).
    """

    handler = RowSet(row=ProjectRateLimit.handler, fields=LIMITS)

    project_id: Field[str] = path()
    """The project (`proj_…`). Another project replaces the resource."""
    limits: Field[dict[str, dict[str, int]], Mapping[str, RateLimit]] = argument(minimum=0)
    """Limits by model name (`gpt-4o`) or pattern (`gpt-4o*`). A name beats a pattern, the longer pattern the shorter.
    A name without a row is an error, a pattern without one a warning."""
    others: Field[dict[str, int], RateLimit | None] = argument(default=None, minimum=0)
    """What holds for every row that no key of `limits` matches: `{"max_requests_per_1_minute": 0}` makes `limits` an
    allow-list."""
    rows: Field[dict[str, dict[str, int]]] = output(hidden=True, reveals=("limits", "others"))
    """The rows that the policy covers, by model, as they are at OpenAI. Previews do not display it."""
    baseline: Field[dict[str, dict[str, int]]] = output()
    """The values found just before this resource first changed them, by model and field: what destroy puts back."""
    skipped: Field[dict[str, str]] = output()
    """Rows that a pattern or `others` covers and OpenAI refuses to change, by model: which fields, and why."""
