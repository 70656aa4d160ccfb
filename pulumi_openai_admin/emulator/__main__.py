"""`python -m pulumi_openai_admin.emulator`."""

from __future__ import annotations

import sys
from importlib.util import find_spec


def run() -> int:
    """Start the emulator, or say which extra is missing."""
    if find_spec("fastapi") is None or find_spec("uvicorn") is None:
        sys.stderr.write("error: the emulator needs FastAPI: pip install 'pulumi-openai-admin[emulator]'\n")
        return 2
    from pulumi_openai_admin.emulator.server.command import main  # noqa: PLC0415 - only where the extra is installed

    return main()


if __name__ == "__main__":
    sys.exit(run())
