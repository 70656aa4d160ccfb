from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.emulator import EmulatorServer, __main__
from pulumi_openai_admin.emulator.process import EmulatorError
from pulumi_openai_admin.emulator.server.command import main
from pulumi_openai_admin.emulator.store.catalogue import REQUESTS
from tests.encodings import of_windows
from tests.systems import needs_signals

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGES = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "pulumi_openai_admin.emulator", "--port", "0"]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PACKAGES)}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run the command where it must refuse; give what it says."""

    def refused(*arguments: str) -> str:
        assert main(arguments) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1
        return said.err

    return refused


@needs_signals
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_signal_ends_it_quietly(number: signal.Signals, code: int) -> None:
    with subprocess.Popen(
        COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=environment()
    ) as process:
        line = process.stdout.readline()
        assert line.startswith("OpenAI emulator listening on http://127.0.0.1:")
        assert line.endswith("/v1\n")
        address = line.strip().removesuffix("/v1").rpartition("/")[2].split(":")
        with socket.create_connection((address[0], int(address[1])), timeout=5):
            process.send_signal(number)
            assert process.wait(timeout=10) == code
        page = f"Its page for a browser: http://{address[0]}:{address[1]}/\n"
        assert (process.stdout.read(), process.stderr.read()) == (page, "")


def test_it_ends_with_the_process_that_started_it() -> None:
    with subprocess.Popen(
        [*COMMAND, "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=environment(),
    ) as process:
        process.stdout.readline()
        process.stdin.close()
        assert process.wait(timeout=10) == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com", "::"])  # noqa: S104 - it is refused
def test_only_this_machine_is_served(host: str, run: Callable[..., str]) -> None:
    assert run("--host", host) == f"error: {host} is not a loopback address; the emulator serves your machine only\n"


def test_a_taken_port_is_one_sentence(run: Callable[..., str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = run("--port", str(port))
    said_of_port = rf"error: cannot listen on 127\.0\.0\.1:{port}: [^\n]+; --port 0 takes any free port\n"
    assert re.fullmatch(said_of_port, said)  # each system describes the reason in its own words


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot read the seed file"),
        ("{", "is not JSON"),
        (
            '{"projects": [{"name": "P", "rate_limits": {"rl-x": {"max_rpm": 1}}}]}',
            f"max_rpm.[key]: Value error, it is none of {REQUESTS}, ",
        ),
        (
            '{"projects": [{"name": "P", "user_keys": [{"user": {"email": "lin@example.com"}}]}]}',
            "projects.0.user_keys.0.user: Value error, 'id' is required for the user lin@example.com.",
        ),
    ],
)
def test_an_unreadable_seed_is_one_sentence(
    tmp_path: Path, content: str | None, message: str, run: Callable[..., str]
) -> None:
    path = tmp_path / "seed.json"
    if content is not None:
        path.write_text(content)
    assert message in run("--seed", str(path))


@of_windows
def test_a_seed_that_powershell_wrote(tmp_path: Path, run: Callable[..., str], encoding: str) -> None:
    path = tmp_path / "seed.json"
    path.write_text('{"projetcs": []}', encoding=encoding)
    assert "projetcs: Extra inputs are not permitted" in run("--seed", str(path))


@pytest.mark.parametrize(
    ("installed", "missing"),
    [
        ({"uvicorn"}, "Pydantic"),
        ({"pydantic", "uvicorn"}, "httptools"),
        ({"pydantic", "uvicorn", "httptools"}, "cryptography"),
    ],
)
def test_without_the_extra_it_names_it(
    installed: set[str], missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(__main__, "find_spec", dict.fromkeys(installed, "found").get)
    assert __main__.run() == 1
    expected = f"error: the emulator needs {missing}: pip install 'pulumi-openai-admin[emulator]'\n"
    assert capsys.readouterr().err == expected


def test_a_server_that_does_not_run_has_no_address() -> None:
    with pytest.raises(EmulatorError, match="not running"):
        _ = EmulatorServer().base_url


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(EmulatorError, match="cannot read the seed file"):
        EmulatorServer(seed=tmp_path / "nothing").start()
