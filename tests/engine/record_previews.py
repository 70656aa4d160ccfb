"""Records a preview of each provider, for `tests/unit/cli/plan`: run when previews are printed differently.

.venv/bin/python -m tests.engine.record_previews
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.process import EmulatorServer
from tests.engine import reviewed_change
from tests.engine.stacks import Stack
from tools import engine, languages

if TYPE_CHECKING:
    from tests.engine.reviewed_change import Program
    from tools.engine import Engine

RECORDED = Path(__file__).parents[1] / "unit" / "cli" / "plan" / "recorded"
LOCAL = ("stackTrace", "sourcePosition", "created", "modified")


def write(stack: Stack, program: Program, *, is_native: bool) -> None:
    """Write the program for one of the providers."""
    if is_native:
        (stack.folder / "Pulumi.yaml").write_text(reviewed_change.in_yaml(program), encoding="utf-8")
    else:
        stack.program(reviewed_change.in_python(program))


def preview(pulumi: Engine, emulator: EmulatorServer, folder: Path, *, is_native: bool) -> tuple[Stack, str]:
    """The stack before the change, and the preview of the change, as the engine prints it."""
    emulator.control.seed(reviewed_change.PEOPLE)
    environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
    stack = Stack(languages.with_yaml(pulumi) if is_native else pulumi, folder, environ)
    write(stack, reviewed_change.BEFORE, is_native=is_native)
    stack.up()
    write(stack, reviewed_change.AFTER, is_native=is_native)
    return stack, stack.ok("preview", "--json", "--show-sames").text


def _without_local_parts(document: Any) -> Any:
    """What is the same on every machine. The remembered rows of other models are left out: they are long."""
    if isinstance(document, list):
        return [_without_local_parts(item) for item in document]
    if not isinstance(document, dict):
        return document
    kept = {name: value for name, value in document.items() if name not in LOCAL}
    for rows in ("__rows", "rows", "baseline"):
        if isinstance(kept.get(rows), dict):
            named = {"gpt-4o", "gpt-4.1", "whisper-1"}
            kept[rows] = {key: it for key, it in kept[rows].items() if not isinstance(it, dict) or key in named}
    return {name: _without_local_parts(value) for name, value in kept.items()}


def record() -> None:
    for name in ("dynamic", "native"):
        with EmulatorServer() as emulator, tempfile.TemporaryDirectory() as folder:
            _, shown = preview(engine.find_or_get(), emulator, Path(folder), is_native=name == "native")
            document = json.loads(shown)
        document.pop("diagnostics", None)  # where the plugin is on this machine
        document["duration"] = 0
        text = json.dumps(_without_local_parts(document), indent=1)
        (RECORDED / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
