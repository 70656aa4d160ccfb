"""Records what this version puts into a state, for `test_recorded_state.py`: run once before a release.

.venv/bin/python -m tests.engine.record_state 0.2.0
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from pulumi_openai_admin.emulator.process import EmulatorServer
from tests.engine.stacks import Stack
from tests.engine.test_recorded_state import PROGRAM, RECORDED
from tools import engine

LOCAL = ("stackTrace", "sourcePosition", "created", "modified")


def record(version: str) -> None:
    with EmulatorServer() as emulator, tempfile.TemporaryDirectory() as folder:
        environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
        stack = Stack(engine.find_or_get(), Path(folder), environ)
        stack.program(PROGRAM)
        stack.up()
        exported = stack.export("--show-secrets")
        key = stack.outputs()["api_key"]
    exported["deployment"].pop("secrets_providers")
    for resource in exported["deployment"]["resources"]:
        for name in LOCAL:
            resource.pop(name, None)
    text = json.dumps(exported, indent=2).replace(key, "sk-svcacct-recorded")
    (RECORDED / f"{version}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    record(sys.argv[1])
