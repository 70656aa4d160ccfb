from __future__ import annotations

import fcntl
import os
import select
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools import commands, engine, pinned, registries
from tools.commands import StepError

if TYPE_CHECKING:
    from tests.tools.conftest import Machine


def keep(text: str) -> str:
    """Keep a folder with a file of this text. An empty text cannot be made."""

    def make(into: Path, _log: Path) -> None:
        with (into / "it").open("x", encoding="utf-8") as file:
            file.write(text)
        if not text:
            raise StepError("no way out")

    return (registries.keep("it", pinned.cache() / "it", make) / "it").read_text(encoding="utf-8")


@pytest.mark.usefixtures("machine")
def test_what_is_whole_is_kept_and_what_is_half_done_is_made_again() -> None:
    for _ in range(2):
        with pytest.raises(StepError, match=r"There is no it: no way out"):
            keep("")
    assert keep("first") == "first"
    assert keep("second") == "first"
    assert [path.name for path in pinned.cache().iterdir() if path.is_dir()] == ["it"]


def test_a_folder_that_cannot_be_written_gets_a_sentence(machine: Machine) -> None:
    machine.cache.parent.mkdir()
    machine.cache.write_text("a file", encoding="utf-8")
    with pytest.raises(StepError, match=r"There is no it: .* cannot be written .*; XDG_CACHE_HOME sets another folder"):
        keep("first")


def test_a_second_run_waits_for_the_first_and_downloads_nothing(machine: Machine) -> None:
    machine.cache.mkdir(parents=True)
    with Path(f"{engine.folder_of('vendor')}.lock").open("w", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "tools.engine"]
        second = subprocess.Popen(command, cwd=pinned.ROOT, stdout=-1, stderr=-1, text=True)
        assert second.stderr is not None
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(2)
        folder = machine.keep("vendor")
    said, errors = second.communicate(timeout=20)
    assert said == f"{folder}\n"
    assert errors == ""


# Commands that are run


def test_what_commands_print_is_in_the_log_and_the_end_of_it_in_an_error(tmp_path: Path) -> None:
    log = tmp_path / "log"
    commands.run(["/bin/sh", "-c", "echo before >&2"], log=log, env={})
    with pytest.raises(commands.StepError, match=r"`/bin/sh` said: b; c; d \(complete output: .*log\)"):
        commands.run(["/bin/sh", "-c", "echo a; echo b; echo c; echo d; exit 3"], log=log, env={})
    assert log.read_text(encoding="utf-8").split() == ["before", "a", "b", "c", "d"]


def test_what_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    held = tmp_path / "held"
    os.mkfifo(held)
    with os.fdopen(os.open(held, os.O_RDONLY | os.O_NONBLOCK), "rb") as reader:
        with pytest.raises(commands.StepError, match="was ended after"):
            commands.run(["/bin/sh", "-c", f"exec 3>{held}; sleep 600; :"], log=tmp_path / "log", env={}, timeout=0.3)
        # Its end comes when nobody holds it open any more: neither the shell nor its child.
        readable, _, _ = select.select([reader], [], [], 10)
        assert readable
        assert reader.read() == b""


def test_programs_of_other_projects_get_no_key_and_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_ADMIN_KEY", "PULUMI_ACCESS_TOKEN", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN"):
        monkeypatch.setenv(name, "hunter2")
    kept = {"https_proxy": "http://proxy.test:3128", "SSL_CERT_FILE": "/etc/ssl/own.pem", "PIP_INDEX_URL": "registry"}
    for name, value in kept.items():
        monkeypatch.setenv(name, value)
    env = commands.reduced_environment("PIP_")
    assert "hunter2" not in env.values()
    assert kept.items() <= env.items()
