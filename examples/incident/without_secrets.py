"""Read an exported stack, and write it without its secrets: for a stack whose passphrase is lost.

pulumi stack export | python without_secrets.py > without-secrets.json
"""

import json
import sys
from typing import Any

MARK = "4dabf18193072939515e22adb298388d"
"""The property with which Pulumi marks an encrypted value."""


def without_secrets(value: Any) -> Any:
    """Return a value with `null` for each secret in it."""
    if isinstance(value, dict):
        return None if MARK in value else {name: without_secrets(item) for name, item in value.items()}
    return [without_secrets(item) for item in value] if isinstance(value, list) else value


if __name__ == "__main__":
    exported = without_secrets(json.load(sys.stdin))
    exported["deployment"].pop("secrets_providers", None)  # the new stack has its own
    json.dump(exported, sys.stdout, indent=2)
