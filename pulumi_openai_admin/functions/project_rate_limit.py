"""Looking up a project's rate limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_openai_admin.api.remote import Remote
from pulumi_openai_admin.functions.look_up import Kind, check_id, connection, exactly_one, lifted, look_up, wire
from pulumi_openai_admin.resources.project_rate_limit import ProjectRateLimit

if TYPE_CHECKING:
    import pulumi


@dataclass(frozen=True, kw_only=True)
class GetProjectRateLimitResult:
    """The limits of one model in one project, as OpenAI shows them."""

    project_id: str
    """The project (`proj_…`)."""
    rate_limit_id: str = field(metadata=wire("id"))
    """The row's id, as OpenAI lists it."""
    model: str
    """The model."""
    max_requests_per_1_minute: int | None
    """Requests a minute; like the others, `None` where the model has no such limit."""
    max_tokens_per_1_minute: int | None
    """Tokens a minute."""
    max_images_per_1_minute: int | None
    """Images a minute."""
    max_audio_megabytes_per_1_minute: int | None
    """Megabytes of audio a minute."""
    max_requests_per_1_day: int | None
    """Requests a day."""
    batch_1_day_max_input_tokens: int | None
    """Input tokens in the batch queue a day."""


KIND = Kind(
    GetProjectRateLimitResult,
    ProjectRateLimit.endpoint.noun,
    "Settings > Project > Limits",
    lambda client, parents: ProjectRateLimit.endpoint.listing(client, Remote(parents)),
)


@look_up
def list_project_rate_limits(
    *, project_id: str, opts: pulumi.InvokeOptions | None = None
) -> list[GetProjectRateLimitResult]:
    """All rate limits of a project: one row for each model, about 170.

    The list is fetched once a run of the program, all pages of it: later calls see what the first one saw.

    Args:
        project_id: The project (`proj_…`).
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpFailed: The project is missing or archived, the id will not do, there is no admin key, or OpenAI could
            not be asked or said no. It is an `AdminError`, and ends a program without a traceback.

    Source: GET /organization/projects/{project_id}/rate_limits (operation `list-project-rate-limits`).
    """
    check_id(project_id=project_id)
    with connection(opts) as client:
        return KIND.all(client, project_id=project_id)


def list_project_rate_limits_output(
    *, project_id: pulumi.Input[str], opts: pulumi.InvokeOptions | None = None
) -> pulumi.Output[list[GetProjectRateLimitResult]]:
    """`list_project_rate_limits` for Outputs: unknown in a preview where an argument is."""
    return lifted(list_project_rate_limits, opts, project_id=project_id)


@look_up
def get_project_rate_limit(
    *,
    project_id: str,
    model: str | None = None,
    rate_limit_id: str | None = None,
    opts: pulumi.InvokeOptions | None = None,
) -> GetProjectRateLimitResult:
    """The rate limits of one model in a project.

    Args:
        project_id: The project (`proj_…`).
        model: The model, as the row names it (`gpt-4o`). Set this or `rate_limit_id`.
        rate_limit_id: The row's id, as OpenAI lists it. Set this or `model`.
        opts: Pulumi's options: `provider` or `parent` say which of several organizations is asked.

    Raises:
        LookUpFailed: No row has that model or id (the message names the nearest), or as for
            `list_project_rate_limits`.

    Source: GET /organization/projects/{project_id}/rate_limits (operation `list-project-rate-limits`).
    """
    check_id(project_id=project_id)
    key, value = exactly_one(model=model, rate_limit_id=rate_limit_id)
    with connection(opts) as client:
        return KIND.find(client, key, value, project_id=project_id)


def get_project_rate_limit_output(
    *,
    project_id: pulumi.Input[str],
    model: pulumi.Input[str | None] = None,
    rate_limit_id: pulumi.Input[str | None] = None,
    opts: pulumi.InvokeOptions | None = None,
) -> pulumi.Output[GetProjectRateLimitResult]:
    """`get_project_rate_limit` for Outputs: unknown in a preview where an argument is."""
    return lifted(get_project_rate_limit, opts, project_id=project_id, model=model, rate_limit_id=rate_limit_id)
