from __future__ import annotations

import re
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest

from tools import demo, pinned

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "a demo"
    folder.mkdir()
    monkeypatch.setattr(demo, "HOME", folder)
    return folder


def test_an_emulator_whose_port_is_taken_gets_a_sentence(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken: int = server.getsockname()[1]
        (home / "port").write_text(f"{taken}\n", encoding="utf-8")
        assert demo.main(["emulator"]) == 1
    assert f"cannot listen on 127.0.0.1:{taken}" in capfd.readouterr().err


@pytest.mark.timeout(400)  # nine commands of the engine
def test_the_demo_shows_the_drift_and_leaves_lines_that_work(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert demo.main([]) == 0
    said = capfd.readouterr().out
    for part in ("60 => 77", "77 => 60", "[secret]", "+-1 replaced", "- 3 deleted"):
        assert part in said
    assert said.index("9 of 10") < said.index('"max_requests_per_1_minute": 10000'), "the first value is back"
    ours = [line for line in said.splitlines() if not re.match(r"[ @]|The resources in the stack", line)]
    assert [line for line in ours if len(line) > 80] == []
    lines = f'. "{home}/env" && pulumi install && pulumi stack --show-name'
    done = subprocess.run(["/bin/sh", "-c", lines], cwd=pinned.ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("emulator\n"), done.stderr


@pytest.mark.usefixtures("home")
def test_the_demo_changes_the_limit_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with demo.organization(demo.ANY_PORT) as port:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        demo.call(port, "POST", f"/organization/projects/proj_demo/rate_limits/{demo.ROW}", demo.BEHIND)


@pytest.mark.usefixtures("home")
def test_there_is_no_emulator_before_the_demo(capfd: pytest.CaptureFixture[str]) -> None:
    assert demo.main(["emulator"]) == 1
    assert "`make demo` first" in capfd.readouterr().err
