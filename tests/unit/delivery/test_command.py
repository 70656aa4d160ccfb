"""A command gets the key on standard input, and nobody else sees it: real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.delivery import command as delivery_command
from pulumi_openai_admin.delivery.command import Command, end_with_children, own_group
from pulumi_openai_admin.delivery.secret_store import DeliveryError, Presence, fingerprint
from tests.systems import needs_linux, needs_signals

if TYPE_CHECKING:
    from collections.abc import Sequence

KEY = "sk-svcacct-VALUE0001-with-more"
PROC = Path("/proc/self")


def python(program: str, *more: str) -> list[str]:
    return [sys.executable, "-c", program, *more]


def failing(program: str, *, has_read: bool = True, **options: object) -> DeliveryError:
    command = Command(python(program), **{"show_errors": True, **options})  # type: ignore[arg-type]
    with pytest.raises(DeliveryError) as raised:
        command.deliver(KEY)
    assert raised.value.may_have_acted is has_read
    assert KEY not in str(raised.value)
    return raised.value


def test_the_key_arrives_on_standard_input_without_a_line_break(tmp_path: Path) -> None:
    got = tmp_path / "got.json"
    program = (
        "import json, os, sys; json.dump([sys.stdin.read(), sys.argv[1:], dict(os.environ)], open(sys.argv[1], 'w'))"
    )
    assert Command(python(program, str(got), "two words; $HOME")).deliver(KEY) == fingerprint(KEY)
    given, arguments, environment = json.loads(got.read_text(encoding="utf-8"))
    assert given == KEY
    assert arguments == [str(got), "two words; $HOME"], "no shell changes them"
    assert KEY not in json.dumps([arguments, environment])


def test_what_a_command_prints_is_shown_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    Command(python("import sys; key = sys.stdin.read(); print(key); print(key, file=sys.stderr)")).deliver(KEY)
    assert capfd.readouterr() == ("", "")


def test_a_failure_shows_what_was_printed_only_if_the_program_asks_for_it() -> None:
    """Reversed, upper-cased, spaced or in base32, no mask finds the key."""
    program = (
        "import base64, sys; key = sys.stdin.read()\n"
        "for form in (key, key[::-1], key.upper(), ' '.join(key), base64.b32encode(key.encode()).decode()):\n"
        "    print(form, file=sys.stderr)\n"
        "sys.exit(3)"
    )
    error = failing(program, show_errors=False)
    assert error.what.endswith(" failed with exit code 3")
    assert error.advice == (
        "Correct the reason, then run the command again. To see what it prints, set show_errors in deliver_to."
    )


def test_a_failure_shows_the_exit_code_and_the_last_lines_without_the_key() -> None:
    error = failing(
        "import sys; key = sys.stdin.read()\n"
        "for line in ('first', '', 'cannot store ' + key, 'denied', 'bye'): print(line, file=sys.stderr)\n"
        "sys.exit(3)"
    )
    name = os.path.basename(sys.executable)  # noqa: PTH119
    assert error.what == f"The command '{name}' failed with exit code 3: cannot store *** / denied / bye"
    assert error.advice == "Correct the reason, then run the command again."


def test_much_output_is_shortened_after_the_key_is_masked() -> None:
    error = failing("import sys; print('x' * 500 + sys.stdin.read(), file=sys.stderr); sys.exit(1)")
    assert error.what.endswith("x***")
    assert len(error.what) < 400


def test_a_command_that_hangs_is_ended_with_what_it_started(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    program = (
        "import os, subprocess, sys, time\n"
        f"child = subprocess.Popen([{sys.executable!r}, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "time.sleep(60)"
    )
    error = failing(program, has_read=False, timeout_seconds=3)
    assert "did not finish within 3 s, and was stopped" in error.what
    if PROC.exists():
        for pid in pids.read_text(encoding="utf-8").split():
            _wait_until_it_ends(int(pid))


def test_a_process_left_behind_does_not_fail_the_delivery(tmp_path: Path) -> None:
    """It has the standard error of the program, which took the key and ended with 0."""
    pids = tmp_path / "pids"
    program = (
        "import subprocess, sys; sys.stdin.read()\n"
        f"child = subprocess.Popen([{sys.executable!r}, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(pids)!r}, 'a').write(f'{{child.pid}} ')"
    )
    try:
        for shows in (False, True):
            command = Command(python(program), timeout_seconds=20, show_errors=shows)
            assert command.deliver(KEY) == fingerprint(KEY)
    finally:
        for pid in pids.read_text(encoding="utf-8").split():
            os.kill(int(pid), signal.SIGTERM)


@pytest.mark.parametrize(
    ("program", "has_read"),
    [("", False), ("import os; os.close(0)", False), ("import os; os.read(0, 5)", True)],
    ids=["nothing", "closed", "a part"],
)
def test_a_program_that_did_not_read_the_key_has_not_stored_it(program: str, *, has_read: bool) -> None:
    error = failing(program, has_read=has_read)
    assert error.what.endswith(" ended with exit code 0, but did not read the key from standard input")
    assert error.advice == "Name a program that reads all of it, then run the command again."


def test_a_failure_before_the_key_was_read_leaves_no_doubt() -> None:
    assert "not logged in" in failing("raise SystemExit('not logged in')", has_read=False).what


@needs_linux
def test_of_much_standard_error_only_the_end_is_kept() -> None:
    program = "import sys; sys.stdin.read()\nfor _ in range(64): sys.stderr.write('x' * 2**20)\nsys.exit('the end')"
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert failing(program).what.endswith("xthe end")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 * 1024, "KiB"


def test_a_program_that_writes_without_end_is_stopped_at_the_time_limit() -> None:
    error = failing("import sys; sys.stdin.read()\nwhile True: sys.stderr.write('x' * 2**16)", timeout_seconds=2)
    assert "did not finish within 2 s, and was stopped" in error.what


def test_the_keys_of_the_provider_are_not_passed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secrets = {
        "OPENAI_ADMIN_KEY": "made-up-admin",
        "PULUMI_CONFIG_PASSPHRASE": "passphrase",
        "PULUMI_CONFIG_PASSPHRASE_FILE": "/run/passphrase",
        "PULUMI_ACCESS_TOKEN": "pul-made-up",
        "TEAM_KEY": " made-up-admin",  # of `envVarMappings`
        "OTHER_KEY": "sk-admin-made-up",
    }
    for name, value in {**secrets, "VAULT_TOKEN": "of the store"}.items():
        monkeypatch.setenv(name, value)
    got = tmp_path / "got.json"
    program = python(
        "import json, os, sys; sys.stdin.read(); json.dump(dict(os.environ), open(sys.argv[1], 'w'))", str(got)
    )
    Command(program).deliver(KEY)
    found = json.loads(got.read_text(encoding="utf-8"))
    assert found["VAULT_TOKEN"] == "of the store"
    assert not secrets.keys() & found.keys()
    for named in (["PULUMI_ACCESS_TOKEN"], ["TEAM_KEY", "OPENAI_ADMIN_KEY"]):
        Command(program, check_arguments=program, environment=named).check()
        found = json.loads(got.read_text(encoding="utf-8"))
        assert sorted(secrets.keys() & found.keys()) == sorted(named)


def test_a_variable_that_is_named_has_to_be_set() -> None:
    for verb in (command := Command(python(""), environment=["NOT_SET"])).check, lambda: command.deliver(KEY):
        with pytest.raises(DeliveryError, match="names a variable that is not set: NOT_SET") as raised:
            verb()
        assert not raised.value.may_have_acted


def _wait_until_it_ends(pid: int) -> None:
    stat = Path(f"/proc/{pid}/stat")
    while stat.exists() and stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z":
        time.sleep(0.05)


@pytest.mark.parametrize("arguments", [["/nowhere/program"], ["no-such-program-anywhere"]])
def test_a_program_that_is_missing_is_noticed_before_a_key_is_created(arguments: Sequence[str]) -> None:
    with pytest.raises(DeliveryError, match=f"There is no program '{arguments[0]}'") as raised:
        Command(arguments).check()
    assert raised.value.advice == "Install it, or correct deliver_to; then run the command again."


def test_a_program_that_cannot_be_started_is_an_error(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("no program")
    program.chmod(0o755)
    with pytest.raises(
        DeliveryError, match=r"The command 'program' could not be started: (Exec format error|%1 is not)"
    ) as raised:
        Command([str(program)]).deliver(KEY)
    assert not raised.value.may_have_acted


def test_a_check_decides_and_gets_no_key(tmp_path: Path) -> None:
    got = tmp_path / "got"
    reads = python(f"import sys; open({str(got)!r}, 'w').write(sys.stdin.read())")
    Command(python("raise SystemExit(9)"), check_arguments=reads).check()
    assert got.read_text(encoding="utf-8") == ""
    with pytest.raises(DeliveryError, match=r"The check of the command '.*' failed with exit code 4: no permission"):
        Command(
            reads, check_arguments=python("import sys; print('no permission', file=sys.stderr); sys.exit(4)")
        ).check()


def test_nothing_is_known_of_what_a_command_did_and_nothing_is_removed() -> None:
    command = Command(python("raise SystemExit(1)"))
    assert command.presence(fingerprint(KEY)) is Presence.UNKNOWN
    command.remove(fingerprint(KEY))


def test_the_place_has_no_arguments() -> None:
    assert Command(["/usr/bin/op", "--token", "secret"]).place == "the command 'op'"


@pytest.mark.parametrize(
    ("arguments", "characters"),
    [
        (["az.cmd", "--name", "a&calc"], "'&'"),
        (["az.cmd", "100%", "a^b"], "'%' '^'"),
        (["az.BAT", 'say "it"\nagain'], "'\\n' '\"'"),
        (["az.cmd", "--name", "two words (1)"], ""),
        (["az.exe", "a&b"], ""),
    ],
)
def test_on_windows_a_batch_file_gets_no_argument_that_cmd_changes(
    monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str], characters: str
) -> None:
    """Before a key is created: cmd.exe would run a part of the argument as a command."""
    monkeypatch.setattr("pulumi_openai_admin.delivery.command.shutil.which", str)
    Command(arguments).check()
    given = (Command(arguments), Command(["az.exe"], check_arguments=arguments))
    told = []
    with monkeypatch.context() as windows:
        windows.setattr("pulumi_openai_admin.delivery.command.os.name", "nt")
        for command in given if characters else given[:1]:
            try:
                command.check()
            except DeliveryError as error:
                told.append(str(error))
    expected = f" is a batch file, and cmd.exe would change these characters of its arguments: {characters}. Name"
    assert all(expected in message and "calc" not in message for message in told)
    assert len(told) == (2 if characters else 0)


@needs_signals
def test_a_program_that_has_ended_needs_no_end() -> None:
    with subprocess.Popen(python(""), **own_group()) as process:
        assert os.getpgid(process.pid) == process.pid
    end_with_children(process)


class Process:
    """A process of Windows."""

    pid = 7
    is_killed = False

    def kill(self) -> None:
        self.is_killed = True


@pytest.mark.parametrize("is_there", [True, False], ids=["taskkill", "without taskkill"])
def test_on_windows_the_tree_is_ended_or_the_program_alone(monkeypatch: pytest.MonkeyPatch, *, is_there: bool) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> None:
        commands.append(command)
        if not is_there:
            raise FileNotFoundError("taskkill.exe")

    monkeypatch.setattr(delivery_command.os, "name", "nt")
    monkeypatch.setattr(delivery_command, "Path", PureWindowsPath)
    monkeypatch.setattr(delivery_command.subprocess, "run", run)
    monkeypatch.setenv("SystemRoot", r"D:\Windows")
    assert own_group() == {"creationflags": 512}
    end_with_children(process := Process())  # type: ignore[arg-type] # all that it needs of a process
    assert commands == [[r"D:\Windows\System32\taskkill.exe", "/PID", "7", "/T", "/F"]]
    assert process.is_killed is not is_there
