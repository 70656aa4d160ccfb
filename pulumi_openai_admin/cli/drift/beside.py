"""`drift --unmanaged`: what exists in the places of a stack and is managed by none of its resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pulumi_openai_admin.cli import unmanaged, words
from pulumi_openai_admin.cli.adopt.kinds import selected
from pulumi_openai_admin.cli.adopt.limits import Limits
from pulumi_openai_admin.cli.adopt.objects import Reader
from pulumi_openai_admin.cli.adopt.organization import AdoptedOrganization
from pulumi_openai_admin.cli.adopt.patterns import PROJECT as PROJECTS
from pulumi_openai_admin.cli.adopt.patterns import Patterns, Unmatched
from pulumi_openai_admin.cli.adopt.stack import StackState
from pulumi_openai_admin.cli.concurrency import run_with_progress
from pulumi_openai_admin.cli.organization import chosen_projects, read_list
from pulumi_openai_admin.data_sources.project_rate_limit import KIND as RATE_LIMITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_openai_admin import GetProjectResult
    from pulumi_openai_admin.cli.adopt.import_file import Import
    from pulumi_openai_admin.cli.adopt.replies import JournaledReplies
    from pulumi_openai_admin.http.client import Client


def stack_of(document: Mapping[str, Any], provider: str, explicit: Mapping[str, Any]) -> StackState:
    """What the resources of one provider manage.

    Args:
        document: The exported stack.
        provider: The reference to an explicit provider; empty for the default one.
        explicit: The references to all explicit providers.

    Raises:
        errors.ConfigurationError: An operation of the stack was interrupted.
    """
    deployment = document["deployment"]

    def is_of_provider(record: Mapping[str, Any]) -> bool:
        provider_of_record = str(record.get("provider") or "")
        return (provider_of_record if provider_of_record in explicit else "") == provider

    records = [record for record in deployment.get("resources") or () if is_of_provider(record)]
    return StackState.of({**document, "deployment": {**deployment, "resources": records}})


def find(stack: StackState, client: Client, patterns: Patterns) -> tuple[unmanaged.Found, list[str]]:
    """What exists in the projects of a stack, and in the organization if the stack manages something there.

    Args:
        stack: What the stack manages.
        client: Reads, and keeps what it has read.
        patterns: What is omitted.

    Returns:
        What is not managed, and the lists that could not be read, each as a sentence.

    Raises:
        errors.AdminError: OpenAI can't be reached, or refuses the key.
    """
    active = chosen_projects(client, ())
    selectable = [project for project in active if patterns.selects(PROJECTS, project.project_id, project.name)]
    projects = [project for project in selectable if project.project_id in stack.project_ids]
    kinds = selected(patterns, one_by_one=False, only_projects=not stack.manages_organization)
    replies = cast("JournaledReplies", client.requestor)
    organization = AdoptedOrganization(projects, kinds, replies, client.parallel)
    failed = organization.read_what_can_be_read()
    not_read = [f"{place.kind.name}: {words.describe(error)}" for place, error in failed.items()]
    not_read += [f"{kind}: {reason}." for kind, reason in organization.without_access.items()]
    found = unmanaged.Found()
    found.project_names = {project.project_id: project.name for project in active if project.name}
    reader = _reader(organization, client, patterns, stack, active)
    found.add_all(organization, reader)
    if any(kind.is_project for kind in kinds) and stack.manages_organization:
        for project in selectable:
            if project.project_id not in stack.project_ids:
                found.add_project(project)
    found.name_people(client)
    not_read += found.add_keys(client, projects, stack.known, of_organization=stack.manages_organization)
    return found, sorted(set(not_read))


def _reader(
    organization: AdoptedOrganization,
    client: Client,
    patterns: Patterns,
    stack: StackState,
    active: Sequence[GetProjectResult],
) -> Reader:
    """Gives what the stack does not manage. A rate limit is listed if it differs from most projects."""
    unmatched = Unmatched(patterns, [])
    common: dict[tuple[str, str], int] = {}
    if organization.has_limits and organization.projects:
        common = organization.common_limits(patterns, unmatched, _with_limits(client, active))
    return Reader(patterns, Limits(patterns, common, only_known=True), unmatched, _accept, stack=stack)


def _with_limits(client: Client, projects: Sequence[GetProjectResult]) -> list[GetProjectResult]:
    """The projects whose rate limits can be read; they are read in parallel."""

    def read(project: GetProjectResult) -> None:
        read_list(client, RATE_LIMITS, project_id=project.project_id)

    readable = []
    for project, error in run_with_progress("Comparing limits", read, projects, client.parallel):
        if error is None:
            readable.append(project)
        elif not isinstance(error, unmanaged.OF_ONE_LIST):
            raise error
    return readable


def _accept(_import: Import) -> None:
    """Accept what a program could not contain: it is listed, not written."""
