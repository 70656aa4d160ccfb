from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING

import pytest

from tools import commands

if TYPE_CHECKING:
    from pathlib import Path


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
