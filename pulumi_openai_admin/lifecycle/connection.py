"""The client of one operation."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.http.client import Client
    from pulumi_openai_admin.lifecycle.host import Host


@contextmanager
def operation(host: Host) -> Iterator[Client]:
    """A client for one operation, with the settings of the environment and of the host.

    Raises:
        ConfigurationError: A setting is missing or wrong.
    """
    from pulumi_openai_admin import config  # noqa: PLC0415 - a preview needs no client

    settings = config.resolve(os.environ, host.setting)
    host.serve_in_parallel(settings.parallel)
    client = host.run.client(settings, host.guard, host.waiting)
    with client.operation(host.timeout):
        yield client
