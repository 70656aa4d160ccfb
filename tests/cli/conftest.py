from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from pulumi_openai_admin.cli.options import app
from tests.company import person
from tools.stacks import environ_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_openai_admin.emulator.process import EmulatorServer


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Its messages, without line breaks."""
        return " ".join(self.err.split())

    @property
    def rows(self) -> list[list[str]]:
        """The cells of the table that it printed, row by row."""
        return [re.split(r"\s{2,}", line.strip()) for line in self.out.split("\n") if line.strip()]


class Command:
    """`pulumi-openai-admin …`, in this process."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.environ = environ

    def __call__(self, *arguments: str, stdin: str | bytes | None = None, **environ: str) -> Done:
        done = CliRunner().invoke(app, arguments, input=stdin, env={**self.environ, **environ})
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return Done(done.exit_code, done.stdout, done.stderr)

    def ok(self, *arguments: str, stdin: str | bytes | None = None, **environ: str) -> Done:
        """A command that has to succeed."""
        done = self(*arguments, stdin=stdin, **environ)
        assert done.code == 0, done.err
        return done

    def fails(self, *arguments: str, code: int = 1, stdin: str | bytes | None = None, **environ: str) -> Done:
        """A command that has to fail, with this exit code."""
        done = self(*arguments, stdin=stdin, **environ)
        assert done.code == code, done.out + done.err
        return done

    def start(
        self,
        *arguments: str,
        encoding: str = "utf-8",
        environ: Mapping[str, str] = MappingProxyType({}),
        **streams: Any,
    ) -> subprocess.Popen[str]:
        """A command in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "pulumi_openai_admin.cli", *arguments],
            env={**os.environ, **self.environ, **environ},
            encoding=encoding,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams},
        )


@pytest.fixture
def command(emulator: EmulatorServer) -> Command:
    return Command({**environ_of(emulator), "COLUMNS": "160", "TERM": "dumb"})


@pytest.fixture
def usual_signals() -> Iterator[None]:
    """Processes start with the usual handlers of signals: background jobs ignore some."""
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL, signal.SIGHUP: signal.SIG_DFL}
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def company(emulator: EmulatorServer) -> EmulatorServer:
    """Alan has a role of Shop, and one of the organization through a group, as the account `ci`; Lin is invited."""
    ops = {"id": "role_ops", "role_name": "Ops", "permissions": ["api.responses.write", "api.files.read"]}
    deploy = {"id": "role_deploy", "role_name": "Deploy", "permissions": ["api.responses.write"]}
    emulator.control.seed(
        {
            "projects": [
                {"id": "proj_shop", "name": "Shop", "service_accounts": [{"id": "svc_acct_ci", "name": "ci"}]},
                {"id": "proj_search", "name": "Search"},
            ],
            "users": [person("grace", "owner"), person("alan")],
            "groups": [{"id": "group_eng", "name": "Engineers"}],
            "group_users": [{"group_id": "group_eng", "user_id": id_} for id_ in ("user-alan", "svc_acct_ci")],
            "roles": [
                {"id": "role_fin", "role_name": "Finance", "permissions": ["api.usage.read"]},
                {"id": "role_idle", "role_name": "Idle", "permissions": []},
            ],
            "group_roles": [{"group_id": "group_eng", "role_id": "role_fin"}],
            "project_roles": [{"project_id": "proj_shop", **role} for role in (ops, deploy)],
            "project_users": [{"project_id": "proj_shop", "user_id": "user-alan", "role": "viewer"}],
            "project_user_roles": [{"project_id": "proj_shop", "user_id": "user-alan", "role_id": "role_ops"}],
            "project_groups": [{"project_id": "proj_shop", "group_id": "group_eng", "role": "role_deploy"}],
            "invites": [
                {"email": "lin@example.com", "role": "reader", "projects": [{"id": "proj_shop", "role": "owner"}]}
            ],
        }
    )
    return emulator
