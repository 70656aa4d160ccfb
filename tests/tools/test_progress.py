from __future__ import annotations

import os
import queue
import re
import select
from typing import TYPE_CHECKING

import pytest

from tools import progress

if TYPE_CHECKING:
    from pathlib import Path


def test_it_says_how_far_it_is_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    said: queue.Queue[str] = queue.Queue()
    monkeypatch.setattr(progress, "REPEAT_SECONDS", 0.01)
    monkeypatch.setattr(progress, "say", said.put)
    with progress.progress("Building") as shown:
        assert said.get(timeout=10) == "Building"
        shown.note = "812 of 1729 packages"
        lines = [said.get(timeout=10) for _ in range(3)]
    assert re.fullmatch(r"Building: 812 of 1729 packages, \d+ s", lines[-1])


def test_it_says_how_long_the_rest_will_take_once_that_is_known() -> None:
    shown = progress.Progress("Building")
    shown._began -= 80
    assert str(shown) == "Building: 1 min 20 s"
    shown.done = 0.01
    assert str(shown) == "Building: 1 min 20 s"
    shown.note, shown.done = "432 of 1729 packages", 0.25
    assert str(shown) == "Building: 432 of 1729 packages, 1 min 20 s, about 4 min 0 s left"


def test_lines_are_logged_and_handed_on(tmp_path: Path) -> None:
    seen: list[str] = []
    progress.run(["/bin/sh", "-c", "echo one; echo two >&2"], log=tmp_path / "log", env={}, on_line=seen.append)
    assert seen == ["one", "two"]
    assert (tmp_path / "log").read_text(encoding="utf-8") == "one\ntwo\n"


def test_a_failure_shows_the_end_of_what_was_said(tmp_path: Path) -> None:
    with pytest.raises(progress.StepError, match=r"`/bin/sh` said: b; c; d \(complete output: .*log\)"):
        progress.run(["/bin/sh", "-c", "echo a; echo b; echo c; echo d; exit 3"], log=tmp_path / "log", env={})


def test_what_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    held = tmp_path / "held"
    os.mkfifo(held)
    with os.fdopen(os.open(held, os.O_RDONLY | os.O_NONBLOCK), "rb") as reader:
        with pytest.raises(progress.StepError, match="was ended after"):
            progress.run(["/bin/sh", "-c", f"exec 3>{held}; sleep 600; :"], log=tmp_path / "log", env={}, timeout=0.3)
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
    env = progress.reduced_environment("PIP_")
    assert "hunter2" not in env.values()
    assert kept.items() <= env.items()
