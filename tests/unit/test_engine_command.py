from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.provider import engine_command

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
    ],
)
def test_only_a_destroy_of_the_whole_stack_is_one(command: str, expected: bool) -> None:
    assert engine_command.is_whole_destroy(command.split()) is expected


PROGRAM = """
from pulumi_openai_admin.provider import engine_command
engine_command._linux = {reader}
print(engine_command.destroys_whole_stack())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows shows no command line without a further library")
@pytest.mark.parametrize("reader", ["engine_command._linux", "engine_command._posix"])
@pytest.mark.parametrize(("command", "expected"), [("destroy", "True"), ("up", "False")])
def test_the_command_is_read_off_the_engines_process(tmp_path: Path, reader: str, command: str, expected: str) -> None:
    engine = tmp_path / "pulumi"
    engine.symlink_to(sys.executable)
    code = f"import subprocess, sys; print(subprocess.run([{sys.executable!r}, '-c', sys.argv[2]], check=True) and '')"
    done = subprocess.run(
        [str(engine), "-c", code, command, PROGRAM.format(reader=reader)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [expected]
