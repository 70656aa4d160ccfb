"""Values that both the emulator and the process that starts it need. The standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")

ADMIN_KEY = "sk-admin-emulator"
"""The Admin API key that is accepted if no other key is set."""

BASE_PATH = "/v1"
"""Where the API begins, as in `https://api.openai.com/v1`."""

READY = "OpenAI emulator listening on "
"""How the first line on standard output begins; the base URL follows."""

PAGE = "Its page for a browser: "
"""How the second line begins; the address of the page follows."""


@dataclass(frozen=True)
class Option(Generic[T]):
    """An option of the commands that start an emulator, `emulate` and `python -m pulumi_openai_admin.emulator`."""

    flag: str
    default: T
    help: str
    metavar: str
    """Empty for an option without a value."""


HOST = Option("--host", "127.0.0.1", "A loopback address.", "ADDRESS")
PORT = Option("--port", 8000, "The port, or 0 for any free port.", "NUMBER")
STATE: Option[Path | None] = Option("--state", None, "Keep the organization in this file between runs.", "FILE")
SEED: Option[Path | None] = Option("--seed", None, "Load the initial organization from this JSON file.", "FILE")
KEY = Option("--admin-key", ADMIN_KEY, "The Admin API key to accept.", "KEY")
UNTIL_STDIN_CLOSES = Option("--until-stdin-closes", False, "Stop when the process that started this one ends.", "")  # noqa: FBT003
OPTIONS: tuple[Option[Any], ...] = (HOST, PORT, STATE, SEED, KEY, UNTIL_STDIN_CLOSES)
"""All options of `python -m pulumi_openai_admin.emulator`. `emulate` has those with a value."""
