"""`drift --unmanaged`: what exists in the places of a stack and is managed by none of its resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.cli import unmanaged, words
from pulumi_openai_admin.cli.adopt.kinds import PROJECT, selected
from pulumi_openai_admin.cli.adopt.reading import Scope, preload, read
from pulumi_openai_admin.cli.adopt.stack import StackState
from pulumi_openai_admin.cli.organization import chosen_projects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.cli.adopt.kinds import Patterns
    from pulumi_openai_admin.cli.connection import CachingClient


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


def find(stack: StackState, client: CachingClient, patterns: Patterns) -> tuple[unmanaged.Found, list[str]]:
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
    selectable = [project for project in active if patterns.selects(PROJECT, project.project_id, project.name)]
    projects = [project for project in selectable if project.project_id in stack.project_ids]
    kinds = selected(patterns, one_by_one=False, only_projects=not stack.manages_organization)
    preload(projects, client)
    inventory = read(Scope(projects, kinds, patterns, stack=stack, compared=active), client)
    not_read = [f"{place.kind.name}: {words.describe(error)}" for place, error in inventory.failed.items()]
    not_read += [f"{kind}: {reason}." for kind, reason in inventory.without_access.items()]
    found = unmanaged.Found()
    found.project_names = {project.project_id: project.name for project in active if project.name}
    found.add_all(inventory)
    if any(kind.is_project for kind in kinds) and stack.manages_organization:
        for project in selectable:
            if project.project_id not in stack.project_ids:
                found.add_project(project)
    found.name_people(client)
    not_read += found.add_keys(client, projects, stack.known, of_organization=stack.manages_organization)
    return found, sorted(set(not_read))
