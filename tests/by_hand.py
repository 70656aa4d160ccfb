"""What people and other programs change at OpenAI, outside Pulumi, and what its lists show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer


def respond(
    emulator: EmulatorServer, method: str, path: str, body: object = None, *, key: str = "", timeout: float = 30
) -> requests.Response:
    """Send a request with Ada's key or another one; returns the response, whatever its status is."""
    headers = {"Authorization": f"Bearer {key or emulator.admin_key}"}
    return requests.request(method, emulator.base_url + path, json=body, headers=headers, timeout=timeout)


def request(emulator: EmulatorServer, method: str, path: str, body: object = None, *, key: str = "") -> Any:
    """Send a request that has to succeed; returns the JSON of the response."""
    reply = respond(emulator, method, path, body, key=key)
    reply.raise_for_status()
    return reply.json()


def writes(emulator: EmulatorServer, first: int = 0) -> list[str]:
    """The requests that change something, as method and path: all, or without the first ones of all requests."""
    requests = emulator.control.requests()[first:]
    return [f"{request['method']} {request['path']}" for request in requests if request["method"] != "GET"]


def send(emulator: EmulatorServer, path: str, method: str = "POST", **body: Any) -> Any:
    """Send a request as Ada's key does; returns the response. The path is inside of `/organization`."""
    return request(emulator, method, f"/organization/{path}", body or None)


def lists(emulator: EmulatorServer, path: str, *rows: dict[str, Any], times: int | None = None) -> None:
    """Make the lists of a path show these rows, whatever the organization has."""
    body = {"object": "list", "data": rows, "has_more": False}
    emulator.control.fault(kind="status", status=200, body=body, path=path, times=times)
