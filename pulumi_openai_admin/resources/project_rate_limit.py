"""Rate limits of a project, one model at a time."""

from __future__ import annotations

from typing import final

from pulumi_openai_admin.dynamic.resource import AdminResource
from pulumi_openai_admin.handlers.row import Row
from pulumi_openai_admin.schema.fields import Field, argument, output, path, selector
from pulumi_openai_admin.schema.rules import AnyArgument, ExactlyOneSelector


@final
class ProjectRateLimit(AdminResource):
    """The limits of one model in one project.

    OpenAI makes a row for each model in each project; it can be changed, and neither made nor deleted. So
    this resource begins to look after fields of an existing row, and puts them back as they were when it is
    destroyed or a field is taken out of the program. Only fields that the program sets are managed: the
    others are never sent and never a difference. `0` is a value: it blocks the model for the project.

    Its id is `<project_id>/<rate_limit_id>`.

    Raises:
        NoMatchError: No row has that model or id; the message names the nearest ones.
        BadRequestError: OpenAI does not accept a value; the message says why, and what it would accept.

    Source: GET /organization/projects/{project_id}/rate_limits and POST …/rate_limits/{rate_limit_id}
    (operations `list-project-rate-limits`, `update-project-rate-limits`).
    """

    handler = Row("/organization/projects/{project_id}/rate_limits", noun="rate limit")
    rules = (ExactlyOneSelector(), AnyArgument())

    project_id: Field[str] = path()
    """The project (`proj_…`). Another project replaces the resource."""
    model: Field[str, str | None] = selector(default=None)
    """The model, as the row names it (`gpt-4o`). Set this or `rate_limit_id`. Another row replaces the resource."""
    rate_limit_id: Field[str, str | None] = selector(default=None, wire="id", identity=True)
    """The row's id, as OpenAI lists it. Set this or `model`. Another row replaces the resource."""
    max_requests_per_1_minute: Field[int | None] = argument(default=None, minimum=0)
    """Requests a minute."""
    max_tokens_per_1_minute: Field[int | None] = argument(default=None, minimum=0)
    """Tokens a minute."""
    max_images_per_1_minute: Field[int | None] = argument(default=None, minimum=0)
    """Images a minute. Only where the model makes images; `None` elsewhere."""
    max_audio_megabytes_per_1_minute: Field[int | None] = argument(default=None, minimum=0)
    """Megabytes of audio a minute. Only where the model hears or speaks; `None` elsewhere."""
    max_requests_per_1_day: Field[int | None] = argument(default=None, minimum=0)
    """Requests a day. Only where the model has such a limit; `None` elsewhere."""
    batch_1_day_max_input_tokens: Field[int | None] = argument(default=None, minimum=0)
    """Input tokens in the batch queue a day. Only where the model can be batched; `None` elsewhere."""
    baseline: Field[dict[str, int]] = output()
    """For each managed field, the value found just before this resource first changed it: what destroy puts back. A
    field that had none is not in it."""
