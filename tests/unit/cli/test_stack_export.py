"""An exported stack is read from its beginning, wherever it comes from."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin import errors
from pulumi_openai_admin.cli import json_stream, stack_export
from tests.encodings import of_windows
from tests.systems import needs_scripts

if TYPE_CHECKING:
    from pathlib import Path


@needs_scripts
def test_the_command_runs_in_the_folder_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "bin" / "pulumi"
    tool.parent.mkdir()
    tool.write_text('#!/bin/sh\necho "{\\"folder\\": \\"$PWD\\", \\"options\\": \\"$*\\"}"\n')
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")
    assert stack_export.document(None, "prod", tool.parent) == {
        "folder": str(tool.parent),
        "options": "stack export --non-interactive --stack prod",
    }


def test_a_script_of_windows_is_started_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`CreateProcess` of Windows starts `pulumi.cmd` by its full name only."""
    started: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        started.append(command)
        return subprocess.CompletedProcess(command, 0)

    script = str(tmp_path / "pulumi.cmd")
    monkeypatch.setattr(stack_export.shutil, "which", {"pulumi": script}.get)
    monkeypatch.setattr(stack_export.subprocess, "run", run)
    with stack_export.opened(None, folder=tmp_path):
        assert started == [[script, "stack", "export", "--non-interactive"]]


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(errors.ConfigurationError, match=r"There is no folder .*gone, so the state of its stack"):
        stack_export.document(None, folder=tmp_path / "gone")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(errors.ConfigurationError, match="The Pulumi CLI was not found"):
        stack_export.document(None, folder=tmp_path)


@needs_scripts
def test_a_command_that_can_not_be_started_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tool := tmp_path / "pulumi").write_text("no program")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(errors.ConfigurationError, match=r"could not be started \(.*pulumi\): Exec format error"):
        stack_export.document(None)


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b'{"version": 3}')))
    assert stack_export.document(json_stream.STDIN) == {"version": 3}


def test_a_file_that_is_not_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text("{")
    with pytest.raises(errors.ConfigurationError, match=r"state\.json is not JSON"):
        stack_export.document(tmp_path / "state.json")


@of_windows
def test_a_file_of_powershell_is_read(tmp_path: Path, encoding: str) -> None:
    path, text = tmp_path / "state.json", f'{{"version": 3, "deployment": {{"resources": ["{"x" * 3_000_000}→"]}}}}'
    path.write_text(text, encoding=encoding)
    assert stack_export.document(path) == json.loads(text)
    with json_stream.opened(path) as file:
        items = list(json_stream.items(file, "deployment.resources.item", "The state", "Export it."))
        assert items == ["x" * 3_000_000 + "→"]


@of_windows
def test_a_pipe_of_powershell_is_read(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO('{"version": 3}'.encode(encoding))))
    with stack_export.opened(json_stream.STDIN) as file:
        assert list(json_stream.items(file, "version", "The state", "Export it.")) == [3]


def test_a_file_that_ends_within_a_character_is_not_json(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_bytes('{"version": 3}'.encode("utf-16")[:-1])
    with pytest.raises(errors.ConfigurationError, match=r"state\.json is not JSON"):
        stack_export.document(tmp_path / "state.json")
