"""`python -m pulumi_openai_admin.emulator`."""

from __future__ import annotations

import sys
from importlib.util import find_spec

_NEEDED = {"pydantic": "Pydantic", "uvicorn": "Uvicorn", "httptools": "httptools", "cryptography": "cryptography"}
"""The packages of the extra, and how they are called."""


def run() -> int:
    """Start the emulator, or say which extra is missing."""
    missing = next((title for name, title in _NEEDED.items() if find_spec(name) is None), None)
    if missing is not None:
        sys.stderr.write(f"error: the emulator needs {missing}: pip install 'pulumi-openai-admin[emulator]'\n")
        return 1
    from pulumi_openai_admin.emulator.server.command import main  # noqa: PLC0415 - only where the extra is installed

    return main()


if __name__ == "__main__":
    sys.exit(run())
