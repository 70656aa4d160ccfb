"""Where scenarios of keys deliver them to, and wrong inputs for it."""

from __future__ import annotations

from typing import Any

VAULT = {"path": "ci/openai", "mount": "secret", "field": "key", "address": "https://vault.example.com"}
TO_NOBODY = {"command": {"arguments": ["cat"]}}
"""A command that gets the key, and whose output nobody sees."""
REFUSED: dict[str, dict[str, Any]] = {
    "deliver_to is empty": {"deliver_to": {}},
    "deliver_to has command and vault: set exactly one of command, aws_secrets_manager": {
        "deliver_to": {"command": {"arguments": ["cat"]}, "vault": VAULT}
    },
    "deliver_to['command'] lacks arguments": {"deliver_to": {"command": {}}},
    "deliver_to['command']['arguments'] is an empty list": {"deliver_to": {"command": {"arguments": []}}},
    "deliver_to['command']['timeout_seconds'] must be a whole number, 1 or more, not 0": {
        "deliver_to": {"command": {"arguments": ["cat"], "timeout_seconds": 0}}
    },
}
"""Wrong inputs of every kind of key that can be delivered, by what is said of them."""
