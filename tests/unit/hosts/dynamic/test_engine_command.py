from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.hosts.dynamic import engine_command

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("pulumi destroy --yes", True),
        ("/opt/pulumi/bin/pulumi --cwd folder destroy -f", True),
        (r"C:\pulumi\pulumi.exe down", True),
        ("pulumi destroy --target urn:x", False),
        ("pulumi destroy --target=urn:x", False),
        ("pulumi destroy -t urn:x", False),
        ("pulumi destroy --target-dependents --target urn:x", False),
        ("pulumi destroy --exclude-protected", False),
        ("pulumi destroy --exclude urn:x", False),
        ("pulumi up --yes", False),
        ("pulumi refresh", False),
        ("python destroy", False),
        ("", False),
        # combined short options, and options whose value is attached
        ("pulumi destroy -yf -sdev -p4 -s=dev -v3", True),
        ("pulumi destroy -yt urn:x", False),
        ("pulumi destroy -ft urn:x", False),
        ("pulumi destroy -yturn:x", False),
        ("pulumi destroy -yx urn:x", False),
        ("pulumi destroy -yr -f", True),
        ("pulumi destroy -y=true -r=true", True),
        ("pulumi destroy -sy dev", False),
        # values of options are not commands, and no option is a command's value
        ("pulumi up -m destroy", False),
        ("pulumi up -s down", False),
        ("pulumi -C destroy up", False),
        ("pulumi --stack=dn up", False),
        ("pulumi destroy -m up --stack up", True),
        ("pulumi -C -t destroy", True),
        ("pulumi destroy up", False),
        ("pulumi destroy -m", False),
        ("pulumi destroy --message", False),
        ("pulumi destroy -", False),
        ("pulumi destroy -- -y", False),
        # options that only a later engine has may exclude a part
        ("pulumi destroy --yes --leave-projects", False),
        ("pulumi destroy -yZ", False),
        ("pulumi destroy --exclude-dependents", False),
        ("pulumi destroy --preview-only", False),
        ("pulumi destroy --remote", False),
        # as the Automation API runs it
        ("pulumi destroy --skip-preview --yes --refresh --client=127.0.0.1:1 --exec-kind auto.inline --stack d", True),
        ("pulumi destroy --yes --event-log /tmp/log --non-interactive --parallel 9 --color never --remove", True),
    ],
)
def test_only_a_destroy_of_the_whole_stack_is_one(command: str, expected: bool) -> None:
    assert engine_command.is_whole_destroy(command.split(), {}) is expected


def test_a_destroy_with_an_empty_value_is_understood() -> None:
    assert engine_command.is_whole_destroy(["pulumi", "destroy", "-m", ""], {})


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("PULUMI_OPTION_TARGET", False),
        ("PULUMI_OPTION_EXCLUDE", False),
        ("PULUMI_OPTION_EXCLUDE_PROTECTED", False),
        ("PULUMI_OPTION_TARGET_DEPENDENTS", False),
        ("PULUMI_OPTION_LEAVE_PROJECTS", False),
        ("PULUMI_OPTION_REFRESH", True),
        ("PULUMI_OPTION_SKIP_PREVIEW", True),
        ("PULUMI_OPTION_STACK", True),
        ("PULUMI_STACK", True),
    ],
)
def test_options_in_the_environment_count(variable: str, expected: bool) -> None:
    assert engine_command.is_whole_destroy(["pulumi", "destroy"], {variable: "x"}) is expected
    assert engine_command.is_whole_destroy(["pulumi", "destroy"], {variable: ""})


def test_the_nearest_engine_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    """A destroy of another stack may have started it, through a program or a command."""
    engine_command.destroys_whole_stack.cache_clear()
    commands = [["sh", "-c", "provider"], ["pulumi", "up"], ["python", "run.py"], ["pulumi", "destroy"]]
    monkeypatch.setattr(engine_command, "_ancestors", lambda: iter(commands))
    assert not engine_command.destroys_whole_stack()
    engine_command.destroys_whole_stack.cache_clear()
    monkeypatch.setattr(engine_command, "_ancestors", lambda: iter(commands[2:]))
    assert engine_command.destroys_whole_stack()
    engine_command.destroys_whole_stack.cache_clear()


PROGRAM = """
from pulumi_openai_admin.hosts.dynamic import engine_command
engine_command._linux = {reader}
print(engine_command.destroys_whole_stack())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Python for macOS does not keep the name of a link to it")
@pytest.mark.parametrize("reader", ["engine_command._linux", "engine_command._posix"])
@pytest.mark.parametrize(("command", "expected"), [("destroy", "True"), ("up", "False")])
def test_the_command_is_read_off_the_engines_process(tmp_path: Path, reader: str, command: str, expected: str) -> None:
    (tmp_path / "pulumi").symlink_to(sys.executable)
    (tmp_path / "provider.py").write_text(PROGRAM.format(reader=reader), encoding="utf-8")
    starts = f"import subprocess; print(subprocess.run([{sys.executable!r}, 'provider.py'], check=True) and '')"
    (tmp_path / command).write_text(starts, encoding="utf-8")
    engine = [str(tmp_path / "pulumi"), command, "--yes", "-m", "none"]
    done = subprocess.run(engine, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.split() == [expected]
