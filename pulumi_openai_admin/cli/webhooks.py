"""The command `webhooks test`: OpenAI sends a sample event to an endpoint.

The key of the project comes from the environment or a file, not from an argument.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pulumi_openai_admin import config, errors
from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.cli.options import AsJson, DeclaredCommand, MaxWait, declare, file_or_stdin
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.schema.paths import fill

KEY = "OPENAI_API_KEY"
"""The environment variable with the API key of the project."""


@declare(name="test", page="resources/WebhookEndpoint.md", scopes=["api.webhooks.read", "api.webhooks.write"])
def send_test(
    endpoint: str,
    *,
    event_type: str = "",
    key_file: Path | None = None,
    as_json: AsJson = False,
    max_wait: MaxWait = 60,
) -> int:
    """Make OpenAI send a sample event to a webhook endpoint, and show the status of its response.

    The API key of the endpoint's project is read from the environment variable `OPENAI_API_KEY`, or from a file. It is
    never an argument, because other users of the machine can see arguments. The exit code is 0 if the endpoint
    responded with a status from 200 to 299, otherwise 1.

    Examples:
    ```console
    pulumi-openai-admin webhooks test whe_abc
    pulumi-openai-admin webhooks test whe_abc --event-type batch.completed --key-file key.txt
    ```

    Options:
        endpoint (ID): The endpoint's id (`whe_…`).
        event_type (TYPE): The type of the event.  [default: the first type that the endpoint receives]
        key_file (FILE): A file with the API key of the project, or `-` for stdin.  [default: `OPENAI_API_KEY`]
    """
    client = Client(Requestor(_settings(key_file, max_wait)))
    name = f"webhook endpoint {endpoint}"
    path = fill("/webhook_endpoints/{id}", id=endpoint)
    with client.operation():
        types = [event_type] if event_type else client.send(Call("GET", path, f"read {name}")).get("event_types")
        if not isinstance(types, list) or not types:
            raise errors.ConfigurationError(f"OpenAI shows no event types of {name}", "Give one with --event-type.")
        type_ = str(types[0])
        action = f"send a {type_} event to {name}"
        # A second event would do no harm, but nobody asked for it.
        sent = client.send(Call("POST", path + "/test", action, body={"event_type": type_}, idempotent=False))
    status = sent.get("status_code")
    if as_json:
        terminal.show_json({"webhook_endpoint_id": endpoint, "event_type": type_, "status_code": status})
    else:
        terminal.show_line(f"OpenAI sent a {type_} event to {name}. The endpoint responded with status {status}.")
    return terminal.DONE if status in range(200, 300) else terminal.FAILED


webhooks = DeclaredCommand(
    "webhooks",
    send_test.page,
    send_test.scopes,
    about=(
        "Test webhook endpoints, with an API key of their project.\n\n"
        "Examples:\n```console\npulumi-openai-admin webhooks test whe_abc\n"
        "pulumi-openai-admin webhooks test whe_abc --key-file key.txt\n```"
    ),
    commands=[send_test],
)


def _settings(key_file: Path | None, max_wait: float) -> config.Settings:
    if key_file is None:
        key, source = os.environ.get(KEY, ""), KEY
    elif (file := file_or_stdin(key_file, "--key-file", "Name a file, or write the key to stdin.")) is not None:
        key, source = terminal.decoded(file.read_bytes()), str(file)
    else:
        key, source = terminal.decoded(sys.stdin.buffer.read()), "stdin"
    if not key.strip():
        what = f"There is no API key of a project in {source}"
        raise errors.ConfigurationError(what, f"Set {KEY} to a key of the endpoint's project, or use --key-file.")
    stack = {f"{config.NAMESPACE}:maxWaitSeconds": max_wait}
    return config.resolve(os.environ, stack.get, key.strip(), source)
