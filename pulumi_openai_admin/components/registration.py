"""Registers the resources of a `TeamProject` with the engine, in the provider of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pulumi
from pulumi.runtime._callbacks import _CallbackServicer

from pulumi_openai_admin.components.children import Child, Later, with_outputs
from pulumi_openai_admin.components.former_names import FormerNames

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.components.team import Team


class Registrar(Protocol):
    """A provider's way to declare a resource."""

    def register(self, child: Child, inputs: Mapping[str, Any], options: pulumi.ResourceOptions) -> Any:
        """Register a resource; returns it."""

    def output(self, resource: Any, name: str) -> pulumi.Output[Any]:
        """An output of a registered resource, by the name in its declaration."""
        ...


def register(
    team: Team, component: pulumi.Resource, given: pulumi.ResourceOptions, registrar: Registrar
) -> dict[str, pulumi.Output[Any]]:
    """Register all resources of a component that is registered.

    Args:
        team: The resources.
        component: Their parent.
        given: The options of the component.
        registrar: Registers one resource.

    Returns:
        The outputs of `TeamProject`, by their names.
    """
    former = FormerNames(team.name, team.former_names, given.parent)
    registered: dict[Child, Any] = {}
    archived = _archived(team, component, given)

    def output(value: Any) -> Any:
        return registrar.output(registered[value.of], value.output) if isinstance(value, Later) else value

    for child in team.children:
        inputs = with_outputs(child.inputs, output)
        options = _options(child, component, given, former)
        if archived and child.kind.handler.traits.ends_with_project:
            options.deleted_with = registered[archived]
        registered[child] = registrar.register(child, inputs, options)
    accounts = team.accounts.items()
    ids = {name: output(Later(account.account, "service_account_id")) for name, account in accounts}
    keys = {name: output(Later(account.with_key, "api_key")) for name, account in accounts if account.with_key}
    return {
        "project_id": pulumi.Output.from_input(output(team.project_id)),
        "not_limited": _not_limited(output(Later(team.limited, "not_limited")) if team.limited else None),
        "service_account_ids": _together(ids),
        "api_keys": pulumi.Output.secret(_together(keys)),
    }


def _options(
    child: Child, component: pulumi.Resource, given: pulumi.ResourceOptions, former: FormerNames
) -> pulumi.ResourceOptions:
    """The options of a resource: those of the component that Pulumi does not pass on, and its former names."""
    return pulumi.ResourceOptions(
        parent=component,
        depends_on=given.depends_on,
        retain_on_delete=given.retain_on_delete,
        custom_timeouts=given.custom_timeouts,
        aliases=former.aliases(child.called, child.entry),
        # With False, the component's own option holds.
        protect=True if child.is_protected and given.protect is not False else None,
    )


def _archived(team: Team, component: pulumi.Resource, given: pulumi.ResourceOptions) -> Child | None:
    """The project that the engine archives when it deletes the component; None if the component can't know."""
    if not isinstance(team.project_id, Later):
        return None
    project = team.project_id.of
    is_retained = given.retain_on_delete or _has_transforms(component, given)
    is_protected = component._protect or (project.is_protected and given.protect is not False)  # noqa: SLF001 - with that of its parents
    return None if is_retained or is_protected else project


def _has_transforms(component: pulumi.Resource, given: pulumi.ResourceOptions) -> bool:
    """Whether the program has a transform, which may retain the project and not its settings.

    Not seen are the transforms of a component around this one, and those of a program that is not in Python.
    """
    of_component = given.transforms or component._transformations  # noqa: SLF001 - with those of its parents and the stack
    return bool(of_component or _CallbackServicer._servicers)  # noqa: SLF001 - Pulumi does not tell otherwise


def _not_limited(shown: pulumi.Output[Any] | None) -> pulumi.Output[dict[str, dict[str, int]]]:
    if shown is None:
        return pulumi.Output.from_input({})
    return shown.apply(lambda known: known or {})  # a state may be older than this output


def _together(outputs: dict[str, pulumi.Output[str]]) -> pulumi.Output[dict[str, str]]:
    """One Output of all values that there are: an account may have no key, and a key may be kept elsewhere."""
    known: pulumi.Output[Any] = pulumi.Output.from_input(outputs)
    return known.apply(lambda values: {name: value for name, value in values.items() if value})
