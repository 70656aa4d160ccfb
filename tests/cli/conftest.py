from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from pulumi_openai_admin.cli.app import app

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


class Command:
    """`pulumi-openai-admin …`, in this process."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.environ = environ

    def __call__(self, *arguments: str, **environ: str) -> Done:
        done = CliRunner().invoke(app, arguments, env={**self.environ, **environ})
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return Done(done.exit_code, done.stdout, done.stderr)

    def ok(self, *arguments: str, **environ: str) -> Done:
        """A command that has to succeed."""
        done = self(*arguments, **environ)
        assert done.code == 0, done.err
        return done


@pytest.fixture
def command(emulator: EmulatorServer) -> Command:
    return Command(
        {
            "OPENAI_ADMIN_KEY": emulator.admin_key,
            "OPENAI_BASE_URL": emulator.base_url,
            "COLUMNS": "160",
            "TERM": "dumb",
        }
    )
