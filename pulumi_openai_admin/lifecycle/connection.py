"""The client of one operation."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pulumi_openai_admin import errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.lifecycle.host import Host
    from pulumi_openai_admin.lifecycle.resource import Resource


@contextmanager
def operation(host: Host, project_key: str = "") -> Iterator[Client]:
    """A client for one operation, with the settings of the environment and of the host.

    Args:
        host: Serves the call.
        project_key: The API key of a project. Each key has its own client, with its own rate limiter and lists.

    Raises:
        ConfigurationError: A setting is missing or wrong.
    """
    from pulumi_openai_admin import config  # noqa: PLC0415 - a preview needs no client

    settings = config.resolve(os.environ, host.setting, project_key)
    host.serve_in_parallel(settings.parallel)
    client = host.run.client(settings, host.guard, host.clock)
    with client.operation(host.timeout):
        yield client


def project_key(resource: Resource, values: Mapping[str, Any]) -> str:
    """The API key of a project with which the requests of a resource are sent; empty for the admin key.

    Args:
        resource: Its declaration.
        values: The inputs, or the state.

    Raises:
        ConfigurationError: The resource needs one, and none is known.
    """
    name = resource.handler.traits.project_key
    if not name:
        return ""
    key = values.get(name)
    if not isinstance(key, str) or not key:
        raise errors.ConfigurationError(
            f"{resource.declaration.kind} is read with the API key of its project, and {name} is not set",
            f"Set {name}. To read an object that the program does not manage, use a provider function with {name}.",
        )
    return key
