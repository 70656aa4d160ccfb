"""The output of `pulumi-openai-admin limits --differing` in docs/command-line.md, with the columns that there are.

python -m tools.docs_limits   # prints it
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from pulumi_openai_admin import GetProjectRateLimitResult, GetProjectResult
from pulumi_openai_admin.cli.limits import LimitsReport, ProjectLimits
from tools.docs_declarations import DocsError
from tools.pinned import ROOT

_WIDTH = 80
_USUAL = 10_000
_REQUESTS = "max_requests_per_1_minute"
_PROJECTS = {"Search": 0, "Web shop": 500}
"""Projects with their requests a minute, which differ from most projects."""


def sample() -> str:
    """The output, as a block of code.

    Raises:
        DocsError: The table can't be printed.
    """
    environ = {**os.environ, "COLUMNS": str(_WIDTH), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "tools.docs_limits"]
    run = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, encoding="utf-8", check=False)
    if run.returncode:
        raise DocsError(f"The sample of `limits` can't be printed: {run.stderr.strip()}")
    return f"```text\n{run.stdout}{textwrap.fill(run.stderr.strip(), _WIDTH)}\n```"


def show() -> None:
    """Print the table to stdout, and its legend to stderr."""
    projects = [_project(name, requests) for name, requests in _PROJECTS.items()]
    LimitsReport(projects, {("gpt-4o", _REQUESTS): _USUAL}, datetime.now(UTC), "").show_table()


def _project(name: str, requests: int) -> ProjectLimits:
    project_id = f"proj_{name}"
    project = _result(GetProjectResult, project_id=project_id, name=name, status="active", created_at=1)
    limits = _result(
        GetProjectRateLimitResult,
        project_id=project_id,
        rate_limit_id="rl-gpt-4o",
        model="gpt-4o",
        max_tokens_per_1_minute=30_000_000,
        batch_1_day_max_input_tokens=5_000_000_000,
        **{_REQUESTS: requests},
    )
    return ProjectLimits(project, [limits])


def _result(kind: type[Any], **values: Any) -> Any:
    """A result of a provider function; values that are not named are None."""
    return kind(**(dict.fromkeys(field.name for field in fields(kind)) | values))


if __name__ == "__main__":
    show()
