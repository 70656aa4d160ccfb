"""The command `webhooks test`: OpenAI sends a sample event to an endpoint.

The key of the project comes from the environment or a file, not from an argument.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import config, errors
from pulumi_openai_admin.cli import terminal
from pulumi_openai_admin.engine.process import log_requests
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.schema.paths import fill

if TYPE_CHECKING:
    from pathlib import Path

KEY = "OPENAI_API_KEY"
"""The environment variable with the API key of the project."""
_ENDPOINT = "/webhook_endpoints/{id}"
_SUCCESS = range(200, 300)


@dataclass(frozen=True)
class TestOptions:
    """The options of the command."""

    endpoint_id: str
    event_type: str = ""
    """Empty for the first type that the endpoint receives."""
    key_file: Path | None = None
    """The file with the API key of the project; None for the environment."""
    reads_stdin: bool = False
    """Whether the key is read from stdin."""
    as_json: bool = False


def test(options: TestOptions, *, max_wait: float) -> bool:
    """Have OpenAI send a sample event; returns whether the endpoint accepted it.

    Raises:
        errors.AdminError: There is no key, or OpenAI refused the request.
    """
    settings = _settings(options, max_wait)
    client = Client(Requestor(settings))
    name = f"webhook endpoint {options.endpoint_id}"
    path = fill(_ENDPOINT, id=options.endpoint_id)
    with client.operation():
        event_type = options.event_type or _first_type(client.send(Call("GET", path, f"read {name}")), name)
        action = f"send a {event_type} event to {name}"
        # A second event would do no harm, but nobody asked for it.
        sent = client.send(Call("POST", path + "/test", action, body={"event_type": event_type}, idempotent=False))
    status = sent.get("status_code")
    if options.as_json:
        terminal.show_json(
            {"webhook_endpoint_id": options.endpoint_id, "event_type": event_type, "status_code": status}
        )
    else:
        terminal.show_line(f"OpenAI sent a {event_type} event to {name}. The endpoint responded with status {status}.")
    return status in _SUCCESS


def _first_type(endpoint: dict[str, Any], name: str) -> str:
    types = endpoint.get("event_types")
    if not isinstance(types, list) or not types:
        raise errors.ConfigurationError(f"OpenAI shows no event types of {name}", "Give one with --event-type.")
    return str(types[0])


def _settings(options: TestOptions, max_wait: float) -> config.Settings:
    """The settings, with the key from the file, from stdin or from the environment."""
    if options.reads_stdin:
        key, source = _text_of(sys.stdin.buffer.read()), "stdin"
    elif options.key_file is not None:
        key, source = _text_of(options.key_file.read_bytes()), str(options.key_file)
    else:
        key, source = os.environ.get(KEY, ""), KEY
    if not key.strip():
        what = f"There is no API key of a project in {source}"
        raise errors.ConfigurationError(what, f"Set {KEY} to a key of the endpoint's project, or use --key-file.")
    log_requests(os.environ.get("OPENAI_LOG", ""))
    stack = {f"{config.NAMESPACE}:maxWaitSeconds": max_wait}
    return config.resolve(os.environ, stack.get, key.strip(), source)


def _text_of(content: bytes) -> str:
    """The text of a file: PowerShell's `>` writes UTF-16."""
    return content.decode(json.detect_encoding(content), errors="replace")
