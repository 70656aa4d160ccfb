"""An exported stack is read wherever it comes from."""

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
from pulumi_openai_admin.cli import recorded
from tests.encodings import of_windows
from tests.systems import needs_scripts

if TYPE_CHECKING:
    from pathlib import Path


@needs_scripts
def test_the_command_runs_in_the_folder_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "bin" / "pulumi"
    tool.parent.mkdir()
    fails = "[ $# = 3 ] && { echo 'error: no stack selected' >&2; exit 255; }"
    tool.write_text(f'#!/bin/sh\n{fails}\necho "{{\\"folder\\": \\"$PWD\\", \\"options\\": \\"$*\\"}}"\n')
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")
    assert recorded.exported_stack(None, "prod", tool.parent) == {
        "folder": str(tool.parent),
        "options": "stack export --non-interactive --stack prod",
    }
    with pytest.raises(errors.ConfigurationError, match=r"`pulumi stack export` failed in .*: no stack selected\."):
        recorded.exported_stack(None, folder=tool.parent)


def test_a_script_of_windows_is_started_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`CreateProcess` of Windows starts `pulumi.cmd` by its full name only."""
    started: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        started.append(command)
        return subprocess.CompletedProcess(command, 0, b"{}")

    script = str(tmp_path / "pulumi.cmd")
    monkeypatch.setattr(recorded.shutil, "which", {"pulumi": script}.get)
    monkeypatch.setattr(recorded.subprocess, "run", run)
    recorded.exported_stack(None, folder=tmp_path)
    assert started == [[script, "stack", "export", "--non-interactive"]]


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(errors.ConfigurationError, match=r"There is no folder .*gone, so the state of its stack"):
        recorded.exported_stack(None, folder=tmp_path / "gone")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(errors.ConfigurationError, match="The Pulumi CLI was not found"):
        recorded.exported_stack(None, folder=tmp_path)


@needs_scripts
def test_a_command_that_can_not_be_started_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tool := tmp_path / "pulumi").write_text("no program")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(errors.ConfigurationError, match=r"could not be started \(.*pulumi\): Exec format error"):
        recorded.exported_stack(None)


@pytest.mark.parametrize("text", ["", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_empty_file_is_of_a_command_that_failed(tmp_path: Path, text: str, encoding: str) -> None:
    (tmp_path / "state.json").write_text(text, encoding=encoding)
    with pytest.raises(errors.ConfigurationError, match=r"state\.json is empty: the command that wrote it failed"):
        recorded.exported_stack(tmp_path / "state.json")


@pytest.mark.parametrize("text", ["{", "NaN", "[" * 100_000], ids=["part", "NaN", "deep"])
def test_a_file_that_is_not_json_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text)
    with pytest.raises(errors.ConfigurationError, match=r"state\.json is not JSON"):
        recorded.exported_stack(tmp_path / "state.json")


@of_windows
def test_a_file_or_a_pipe_of_powershell_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    path, text = tmp_path / "state.json", '{"version": 3, "name": "→"}'
    path.write_text(text, encoding=encoding)
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(text.encode(encoding))))
    assert recorded.exported_stack(path) == recorded.exported_stack(recorded.STDIN) == json.loads(text)
