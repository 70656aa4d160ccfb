"""`TeamProject` for programs in every language: the engine asks this process to construct it.

Pulumi's own server of components does what every such process has to: it connects its runtime to the engine's monitor,
reads inputs with their dependencies and secrets, and responds when all resources are registered. It is imported with
the first component, not when the provider starts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pulumi
from pulumi.provider import ConstructResult, Provider
from pulumi.provider.server import ProviderServicer
from pulumi.resource import CustomTimeouts, DependencyProviderResource

from pulumi_openai_admin import config, errors
from pulumi_openai_admin.components.entries import Arguments
from pulumi_openai_admin.components.team import Child, Team
from pulumi_openai_admin.components.team_project import TYPE, defaults, register
from pulumi_openai_admin.hosts.native import component_types, properties
from pulumi_openai_admin.hosts.native.properties import camel, respelled, token


def construct(request: Any, engine_address: str, provider: str) -> Any:
    """Register a component and its resources, and return the answer for the engine.

    Args:
        engine_address: The engine, for messages.
        provider: The reference to the provider that this process serves: its resources belong to it, too.

    Raises:
        AdminError: There is no such component, or an input is wrong. Nothing is registered.
    """
    if request.type != TYPE:
        raise errors.ConfigurationError(f"{config.NAMESPACE} has no component {request.type}", "Check the name.")

    async def serve() -> Any:
        # Each registration waits in a thread for the engine's answer, so there are as many as operations at a time.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(config.MAX_PARALLEL))
        servicer = ProviderServicer(_Components(request, provider), [], engine_address)
        no_context: Any = None  # only used for errors of a class that nothing here raises
        return await servicer.Construct(request, no_context)

    try:
        return asyncio.run(serve())
    except errors.AdminError:
        raise
    except Exception as error:  # noqa: BLE001 - Pulumi's server puts a traceback into the message of another error
        raise error.__context__ or error from None


def described(name: str, inputs: Mapping[str, Any]) -> Team:
    """What a component declares, from the inputs of a program in any language. Values may be Outputs.

    Raises:
        DeclarationError: An input is wrong; the message has its property path.
    """
    checked = Arguments(respell=partial(respelled, component_types.names()))
    return Team(name, {**defaults(), **component_types.to_arguments(inputs, checked)}, checked)


class _Components(Provider):
    """What Pulumi's server asks for the resources of one component."""

    def __init__(self, request: Any, provider: str) -> None:
        super().__init__(None)
        self._request = request
        self._provider = provider

    def construct(
        self,
        name: str,
        resource_type: str,  # noqa: ARG002 - Pulumi's interface
        inputs: Mapping[str, Any],
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Register the component, and then its resources."""
        given = options or pulumi.ResourceOptions()
        if self._request.HasField("customTimeouts"):  # Pulumi's server omits them
            limits = self._request.customTimeouts
            given.custom_timeouts = CustomTimeouts(limits.create or None, limits.update or None, limits.delete or None)
        if self._provider and config.NAMESPACE not in self._request.providers:
            own = {config.NAMESPACE: DependencyProviderResource(self._provider)}
            by_package: Any = given.providers  # as Pulumi's server gives them
            given.providers = {**by_package, **own}
        team = described(name, inputs)
        component = pulumi.ComponentResource(TYPE, name, {}, given)
        # Pulumi's server does not tell "not set" from False.
        given.protect = self._request.protect if self._request.HasField("protect") else None
        registered = register(team, component, given, _declared, camel)
        outputs = {camel(name): output for name, output in registered.items()}
        component.register_outputs({name: output for name, output in outputs.items() if name != "apiKeys"})
        return ConstructResult(component.urn, outputs)


def _declared(child: Child, inputs: Mapping[str, Any], options: pulumi.ResourceOptions) -> pulumi.Resource:
    """Declare a resource by its token of the native provider."""
    declaration = child.kind.declaration
    given = {name: value for name, value in inputs.items() if value is not None}
    # None for each output: Pulumi only fills in existing entries.
    values = dict[str, Any].fromkeys(map(camel, declaration.fields))
    values |= properties.from_inputs(declaration, given, partial(component_types.later, properties.renamed))
    options.additional_secret_outputs = [*map(camel, declaration.secrets)]
    return pulumi.CustomResource(token(child.kind.__name__), child.name, values, options)
