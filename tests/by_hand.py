"""What people and other programs change at OpenAI, outside Pulumi."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer


def send(emulator: EmulatorServer, path: str, method: str = "POST", **body: Any) -> Any:
    """Send a request as Ada's key does; returns the response. The path is inside of `/organization`."""
    url, headers = f"{emulator.base_url}/organization/{path}", {"Authorization": f"Bearer {emulator.admin_key}"}
    reply = requests.request(method, url, json=body or None, headers=headers, timeout=30)
    reply.raise_for_status()
    return reply.json()
