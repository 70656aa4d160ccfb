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
from tools import engine

if TYPE_CHECKING:
    from tools.engine import Engine

RECORDED = Path(__file__).parents[1] / "unit" / "cli" / "plan" / "recorded"
READ = ("type", "id", "inputs", "outputs", "propertyDependencies", "retainOnDelete", "deletedWith")
"""What `plan` reads of the state of a resource."""
RELEVANT = {"gpt-4o", "gpt-4.1", "whisper-1"}
"""The models that the program names."""


def preview(pulumi: Engine, emulator: EmulatorServer, folder: Path, *, is_native: bool) -> tuple[Stack, str]:
    """The stack before the change, and the preview of the change, as the engine prints it."""
    emulator.control.seed(reviewed_change.PEOPLE)
    environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url}
    stack = Stack(pulumi, folder, environ)
    if is_native:
        stack.use_native()
    stack.declare(reviewed_change.BEFORE)
    stack.up()
    stack.declare(reviewed_change.AFTER)
    return stack, stack.ok("preview", "--json", "--show-sames").text


def _state(record: dict[str, Any]) -> dict[str, Any]:
    kept = {name: record[name] for name in READ if record.get(name)}
    for values in (kept.get("inputs", {}), kept.get("outputs", {})):
        values.pop("__provider", None)
        for rows in ("__rows", "rows"):  # the rows of other models
            if isinstance(values.get(rows), dict):
                values[rows] = {key: row for key, row in values[rows].items() if key in RELEVANT}
        values.get("__managed", {}).pop("baseline", None)
    if "propertyDependencies" in kept:
        kept["propertyDependencies"] = {name: urns for name, urns in kept["propertyDependencies"].items() if urns}
    return kept


def _step(shown: dict[str, Any]) -> dict[str, Any]:
    kept = {name: shown[name] for name in ("op", "urn", "diffReasons", "replaceReasons") if shown.get(name)}
    return kept | {name: _state(shown[name]) for name in ("oldState", "newState") if shown.get(name)}


def in_lines(document: dict[str, Any]) -> str:
    """What `plan` reads of a preview, with a line for each step."""
    steps = ",\n".join(json.dumps(_step(step)) for step in document["steps"])
    return f'{{"changeSummary": {json.dumps(document["changeSummary"])}, "steps": [\n{steps}\n]}}\n'


def record() -> None:
    for name in ("dynamic", "native"):
        with EmulatorServer() as emulator, tempfile.TemporaryDirectory() as folder:
            _, shown = preview(engine.find_or_get(), emulator, Path(folder), is_native=name == "native")
            document = json.loads(shown)
        (RECORDED / f"{name}.json").write_text(in_lines(document), encoding="utf-8")


if __name__ == "__main__":
    record()
