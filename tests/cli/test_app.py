"""What holds for the command as a whole: help, versions, completion, the missing extra, the emulator, streams."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import textwrap
from importlib.metadata import version
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import ProxyHandler, build_opener

import pytest

from pulumi_openai_admin.cli import __main__, connection
from pulumi_openai_admin.cli.options import COMMANDS, declared
from pulumi_openai_admin.config import Settings
from pulumi_openai_admin.emulator.server.command import _parser
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.schema.constraints import KNOWN
from tests.systems import needs_scripts, needs_signals

if TYPE_CHECKING:
    from conftest import Command

DOCS = Path(__file__).parents[2] / "docs"


def test_help_names_all_commands(command: Command) -> None:
    shown = command.ok("--help").out
    for name in COMMANDS:
        assert name in shown
    assert command("nonsense").code == 2


@pytest.mark.parametrize("name", COMMANDS)
def test_a_declaration_names_its_page_and_known_scopes(name: str) -> None:
    page, _, heading = declared(name).page.partition("#")
    text = (DOCS / page).read_text(encoding="utf-8")
    assert heading in {line.removeprefix("## ").lower() for line in text.splitlines()}
    assert set(declared(name).scopes) <= set(KNOWN)
    assert declared(name).name == name


def test_a_command_loads_no_other_command() -> None:
    program = """
        import sys
        from pulumi_openai_admin.cli.options import COMMANDS, app
        app(["limits", "--help"], standalone_mode=False)
        print([name for name in COMMANDS if f"pulumi_openai_admin.cli.{name}" in sys.modules])
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "['limits']"


def test_version(command: Command) -> None:
    assert command.ok("--version").out.strip() == version("pulumi-openai-admin")


def test_completion() -> None:
    typed = {"COMP_WORDS": "pulumi-openai-admin ad", "COMP_CWORD": "1"}
    environ = {**os.environ, "_PULUMI_OPENAI_ADMIN_COMPLETE": "complete_bash", **typed}
    script = Path(sys.executable).with_name("pulumi-openai-admin")
    done = subprocess.run([script], env=environ, capture_output=True, encoding="utf-8", check=False, timeout=60)
    assert done.stdout.split() == ["adopt"]


def test_without_its_extra_it_says_so() -> None:
    program = """
        import sys
        for name in ("typer", "rich", "jinja2"):
            sys.modules[name] = None
        import importlib.util
        importlib.util.find_spec = lambda name, package=None: None
        from pulumi_openai_admin.cli.__main__ import run
        sys.exit(run())
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr == "error: the command line needs its extra: pip install 'pulumi-openai-admin[cli]'\n"


def test_emulate_has_the_emulators_options() -> None:
    ours = {option for parameter in declared("emulate").parser().params for option in parameter.opts}
    its = {option for action in _parser()._actions for option in action.option_strings}
    assert its - ours == {"-h", "--help", "--until-stdin-closes"}


@needs_signals
def test_emulate_starts_one() -> None:
    arguments = [sys.executable, "-m", "pulumi_openai_admin.cli", "emulate", "--port", "0", "--admin-key", "sk-admin-x"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert address
        with build_opener(ProxyHandler({})).open(f"{address.group()}/_emulator/state", timeout=10) as reply:
            assert reply.status == 200
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert process.returncode == 130


@pytest.mark.parametrize("name", COMMANDS)
def test_help_fits_80_columns(command: Command, name: str) -> None:
    shown = command.ok(name, "--help", COLUMNS="80").out
    examples = declared(name).text.partition("```console\n")[2].partition("```")[0].split("\n")
    assert len(examples) > 2
    assert any(f"pulumi-openai-admin {name}" in example for example in examples)
    shown_lines = [line.strip() for line in shown.split("\n")]
    for example in filter(None, map(str.strip, examples)):
        assert example in shown_lines  # on one line, to be copied
    assert max(map(len, shown.split("\n"))) <= 80
    assert "bool" not in shown.lower()  # a flag has no value


def test_a_command_that_reads_can_send_nothing_else() -> None:
    client = connection.read_only_client(Settings("sk-admin-x", "a test", "http://127.0.0.1:1/v1"))
    with pytest.raises(RuntimeError, match="only reads"):
        client.send(Call("POST", "/organization/projects", "make one"))


@pytest.mark.parametrize(("wanted", "encoding"), [(None, "utf-8"), ("cp1252", "cp1252")])
def test_on_windows_a_pipe_gets_utf_8_unless_another_encoding_is_set(
    wanted: str | None, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    if wanted:
        monkeypatch.setenv("PYTHONIOENCODING", wanted)
    stream = TextIOWrapper(BytesIO(), encoding="cp1252")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        patch.setattr(os, "name", "nt")
        __main__._write_any_name()
    stream.write("Zoë 東京")
    stream.flush()
    assert stream.buffer.getvalue() == "Zoë 東京".encode(encoding, "backslashreplace")  # type: ignore[attr-defined] # of BytesIO


# Standard streams that are closed, or that nothing can be written to

RUNS = [
    ("check --max-wait 1", ">&-"),
    ("check --json --max-wait 1", "2>&-"),
    ("drift --state -", "<&- >&- 2>&-"),
    ("plan", "<&-"),
    ("--help", ">&-"),
]


def run(command: str, redirection: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "OPENAI_ADMIN_KEY": "sk-admin-x", "OPENAI_BASE_URL": "http://127.0.0.1:1"}
    line = f"exec {sys.executable} -m pulumi_openai_admin.cli {command} {redirection}"
    return subprocess.run(  # noqa: S602 - the shell closes the streams
        line, shell=True, input="", capture_output=True, encoding="utf-8", env=environ, cwd=folder, check=False
    )


@needs_scripts
@pytest.mark.parametrize(("command", "redirection"), RUNS)
def test_a_command_runs_with_closed_streams(tmp_path: Path, command: str, redirection: str) -> None:
    done = run(command, redirection, tmp_path)
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == (0 if command.startswith("--") else 1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("command", ["check --json --max-wait 1", "--version"])
def test_output_that_can_not_be_written_is_an_error_of_one_sentence(tmp_path: Path, command: str) -> None:
    done = run(command, "> /dev/full", tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("error: No space left on device") == 1
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
