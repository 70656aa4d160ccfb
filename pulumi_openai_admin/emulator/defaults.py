"""Values that both the emulator and the process that starts it need. The standard library only."""

from __future__ import annotations

from typing import NamedTuple

ADMIN_KEY = "sk-admin-emulator"
"""The Admin API key that is accepted where no other is given."""

BASE_PATH = "/v1"
"""Where the API begins, as in `https://api.openai.com/v1`."""

READY = "OpenAI emulator listening on "
"""How the first line on standard output begins; the base URL follows."""

PAGE = "Its page for a browser: "
"""How the second line begins; the address of the page follows."""


class Option(NamedTuple):
    """An option of the command line."""

    flag: str
    default: str | int | None
    help: str
    metavar: str | None = None


HOST = Option("--host", "127.0.0.1", "A loopback address.")
PORT = Option("--port", 0, "0 for any free port.")
STATE = Option("--state", None, "Keep the organization in this file.", "FILE")
SEED = Option("--seed", None, "JSON: what exists at the start.", "FILE")
KEY = Option("--admin-key", ADMIN_KEY, "The Admin API key to accept.", "KEY")
UNTIL_STDIN_CLOSES = Option("--until-stdin-closes", None, "Stop when the process that started this one ends.")
