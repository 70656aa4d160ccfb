"""Programs that `adopt` writes for the SDK in Python: of the right types, imported, and previewed without a change."""

from __future__ import annotations

import inspect
import os
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from pulumi_openai_admin import resources
from pulumi_openai_admin.cli.options import app
from pulumi_openai_admin.hosts.native import properties
from tests.commands import ok
from tests.company import EVERYTHING, plant
from tests.engine.adopted import NO_CHECKPOINTS
from tools.stacks import Stack

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tools.engine import Engine

pytestmark = pytest.mark.timeout(600)


def test_every_kind_in_python(
    emulator: EmulatorServer, environ: dict[str, str], pulumi: Engine, python_sdk: dict[str, str], tmp_path: Path
) -> None:
    plant(emulator)
    before = emulator.control.live()
    command = ["adopt", "--native-python", "--all", *EVERYTHING, "--exclude", "model:[!og]*", "--out"]
    done = CliRunner().invoke(app, [*command, str(tmp_path / "org")], env=environ)
    assert done.exit_code == 0, done.output
    typed = [sys.executable, "-m", "mypy", "--follow-imports", "silent", "--cache-dir", str(tmp_path / "mypy"), "."]
    ok(typed, tmp_path / "org", os.environ | python_sdk)
    (tmp_path / "org" / ".venv").symlink_to(sys.prefix)  # in place of `pulumi install`
    stack = Stack(pulumi, tmp_path / "org", environ | python_sdk, tmp_path / "home")
    stack.ok("stack", "init", "production")
    stack.ok("import", "--file", "import.json", "--generate-code=false", "--yes", **NO_CHECKPOINTS)
    assert "[diff:" not in stack.ok("preview", "--expect-no-changes", "--diff", **NO_CHECKPOINTS).text
    assert {request["method"] for request in emulator.control.requests()} == {"GET"}
    assert emulator.control.live() == before


def test_the_names_of_arguments_are_those_of_the_sdk(
    python_sdk: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(python_sdk["PYTHONPATH"])
    import pulumi_openai_admin_native as native  # noqa: PLC0415

    import pulumi_openai_admin  # noqa: PLC0415

    for name in resources.ALL:
        fields = getattr(pulumi_openai_admin, name).declaration.inputs
        arguments = inspect.signature(getattr(native, f"{name}Args").__init__).parameters
        assert {properties.python(field.name) for field in fields} == {*arguments} - {"__self__", "self"}
