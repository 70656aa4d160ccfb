"""Rate limits of all models of a project in one resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict, final

import pulumi  # noqa: TC002 - annotations are read at run time

from pulumi_openai_admin.handlers.shapes.rate_limits import RateLimitRows
from pulumi_openai_admin.program.fields import Field, argument, output, path
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit


class RateLimit(TypedDict, total=False):
    """The limits of one model: whole numbers, 0 or more. A limit that is omitted is not managed."""

    max_requests_per_1_minute: pulumi.Input[int]
    """Maximum requests per minute."""
    max_tokens_per_1_minute: pulumi.Input[int]
    """Maximum tokens per minute."""
    max_images_per_1_minute: pulumi.Input[int]
    """Maximum images per minute. Only for models that create images."""
    max_audio_megabytes_per_1_minute: pulumi.Input[int]
    """Maximum megabytes of audio per minute. Only for models with audio."""
    max_requests_per_1_day: pulumi.Input[int]
    """Maximum requests per day. Only for models with such a limit."""
    batch_1_day_max_input_tokens: pulumi.Input[int]
    """Maximum input tokens in the batch queue per day. Only for models in the Batch API."""


LIMITS = tuple(RateLimit.__annotations__)


@final
class ProjectRateLimits(AdminResource):
    """The rate limits of a project, by model, by pattern, and for all other models.

    As with `ProjectRateLimit`, the resource manages only the fields that `limits` or `others` set. When neither covers
    a model any longer, the provider restores the original values of the model. When the resource is destroyed, the
    provider restores the values of all models.

    The resource ID is `<project_id>`: a project has one such resource.

    Raises:
        NoMatchError: The project has no rate limits for a model in `limits`. The message gives the nearest names.
        PartialUpdateError: Some rate limits could not be updated. The message names their models, and the state records
            the other updates.

    Also sends: GET /organization/projects/{project_id}/model_permissions.
    """

    handler = RateLimitRows(row=ProjectRateLimit.handler, fields=LIMITS)

    project_id: Field[str] = path()
    """The project (`proj_…`)."""
    limits: Field[dict[str, dict[str, int]], Mapping[str, RateLimit]] = argument(minimum=0)
    """Limits by model name (`gpt-4o`) or pattern (`gpt-4o*`). A name takes precedence over a pattern, and a longer
    pattern over a shorter one. A name that matches no model is an error. A pattern that matches no model is a
    warning."""
    others: Field[dict[str, int], RateLimit | None] = argument(default=None, minimum=0)
    """The limits of every model that no key of `limits` matches. Zeros for `max_requests_per_1_minute`,
    `max_tokens_per_1_minute` and `batch_1_day_max_input_tokens` make `limits` an allow-list. `not_limited` lists the
    models that the allow-list does not cover."""
    rows: Field[dict[str, dict[str, int]]] = output(hidden=True, reveals=("limits", "others"))
    """The current limits of the models that this resource covers, by model and limit (`"max_requests_per_1_minute"`).
    Previews do not display them."""
    baseline: Field[dict[str, dict[str, int]]] = output()
    """The values from before the first change, by model and limit, which destroy restores."""
    skipped: Field[dict[str, str]] = output()
    """The limits that a pattern or `others` covers and that OpenAI refuses to change, by model, with fields and
    reasons."""
    not_limited: Field[dict[str, dict[str, int]]] = output(reveals=("limits", "others"))
    """The models that a pattern or `others` covers, but that accept requests beyond these limits, because OpenAI
    refuses to change their limits. For each model, its current limits."""
