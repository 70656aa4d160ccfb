"""Another client of an organization in the emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer


def send(server: EmulatorServer, method: str, path: str, body: object = None, *, key: str = "") -> Any:
    """Send a request behind the back of Pulumi, with the admin key or another one; what it returns."""
    headers = {"Authorization": f"Bearer {key or server.admin_key}"}
    reply = requests.request(method, server.base_url + path, json=body, headers=headers, timeout=30)
    reply.raise_for_status()
    return reply.json()
