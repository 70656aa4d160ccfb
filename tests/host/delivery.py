"""A secret store that is a program, whose failures a test chooses."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
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

_PROGRAM = """
import os, pathlib, sys, time
folder, step = pathlib.Path(sys.argv[1]), sys.argv[2]
mode = (folder / "mode").read_text()
if step == "check":
    sys.exit("you may not write it" if mode == "refuses" else 0)
key = sys.stdin.read()
if mode == "fails before writing":
    sys.exit("no room for " + key)
(folder / "secret").write_text(key)
(folder / "versions").open("a").write(key + "\\n")
if mode == "fails after writing":
    sys.exit("the reply was lost")
if mode == "waits":
    (folder / "pid.new").write_text(str(os.getpid()))
    (folder / "pid.new").rename(folder / "pid")  # whole when a test sees it
    while (folder / "mode").read_text() == "waits":
        time.sleep(0.05)
"""


@dataclass(frozen=True)
class CommandStore:
    """A folder with the program, and the secret that it wrote."""

    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        (self.folder / "store.py").write_text(_PROGRAM, encoding="utf-8")
        self.behave("works")

    def behave(self, mode: str) -> None:
        """What the program does from now on."""
        (self.folder / "mode").write_text(mode, encoding="utf-8")

    @property
    def deliver_to(self) -> dict[str, Any]:
        """The input of a resource."""
        program = [sys.executable, str(self.folder / "store.py"), str(self.folder)]
        command = {"arguments": [*program, "deliver"], "check_arguments": [*program, "check"], "timeout_seconds": 20}
        return {"command": {**command, "show_errors": True}}

    @property
    def secret(self) -> str:
        """What readers of the secret get; empty if there is none."""
        path = self.folder / "secret"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def versions(self) -> list[str]:
        """All keys that were ever written."""
        path = self.folder / "versions"
        return path.read_text(encoding="utf-8").split() if path.exists() else []

    @property
    def is_waiting(self) -> bool:
        """Whether a delivery waits: the key is written, and the provider does not know that."""
        return (self.folder / "pid").exists()


def arguments_and_environments() -> str:
    """What a list of processes shows of all that this user may see; empty where there is no /proc."""
    shown = ""
    for path in [*Path("/proc").glob("[0-9]*/cmdline"), *Path("/proc").glob("[0-9]*/environ")]:
        with suppress(OSError):  # it has ended, or is another user's
            shown += path.read_text(encoding="utf-8", errors="replace")
    return shown
