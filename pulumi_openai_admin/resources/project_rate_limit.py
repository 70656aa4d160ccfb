"""Rate limits of a project, one model at a time."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.handlers.shapes.rate_limit import RateLimitRow
from pulumi_openai_admin.program.fields import Field, argument, output, path, selector
from pulumi_openai_admin.resources.base import AdminResource
from pulumi_openai_admin.schema.rules import AnyArgument, ExactlyOneSelector


@final
class ProjectRateLimit(AdminResource):
    """The rate limits of one model in one project.

    OpenAI creates the rate limits of each model in each project. They can be updated, but not created or deleted. So
    this resource manages fields of existing rate limits, and restores the original values when it is destroyed or when
    a field is removed from the program. Only fields that the program sets are managed: the others are never sent, and
    never show a difference. `0` is a valid value: it blocks the model for the project.

    The resource ID is `<project_id>/<rate_limit_id>`.

    Raises:
        NoMatchError: The project has no rate limit for the model or id. The message gives the nearest names.
        BadRequestError: OpenAI does not accept a value. The message gives the reason, and the maximum if there is one.
    """

    handler = RateLimitRow("/organization/projects/{project_id}/rate_limits", noun="rate limit")
    rules = (ExactlyOneSelector(), AnyArgument())

    project_id: Field[str] = path()
    """The project (`proj_…`)."""
    model: Field[str, str | None] = selector(default=None)
    """The model (`gpt-4o`). Set this or `rate_limit_id`."""
    rate_limit_id: Field[str, str | None] = selector(default=None, wire="id", identity=True)
    """The rate limit's id in OpenAI's list. Set this or `model`."""
    max_requests_per_1_minute: Field[int, int | None] = argument(default=None, minimum=0)
    """Maximum requests per minute."""
    max_tokens_per_1_minute: Field[int, int | None] = argument(default=None, minimum=0)
    """Maximum tokens per minute."""
    max_images_per_1_minute: Field[int | None] = argument(default=None, minimum=0)
    """Maximum images per minute. Only for models that create images; `None` for others."""
    max_audio_megabytes_per_1_minute: Field[int | None] = argument(default=None, minimum=0)
    """Maximum megabytes of audio per minute. Only for models with audio; `None` for others."""
    max_requests_per_1_day: Field[int | None] = argument(default=None, minimum=0)
    """Maximum requests per day. Only for models with such a limit; `None` for others."""
    batch_1_day_max_input_tokens: Field[int | None] = argument(default=None, minimum=0)
    """Maximum input tokens in the batch queue per day. Only for models in the Batch API; `None` for others."""
    baseline: Field[dict[str, int]] = output()
    """The value of each managed limit (`"max_requests_per_1_minute"`) from before the first change, which destroy
    restores. A limit that had no value is omitted."""
