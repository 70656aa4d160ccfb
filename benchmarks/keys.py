"""`keys` with 10,000 keys: requests, time and memory of the command, beside the same in an organization with few."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from benchmarks.measure import Figure, Report, Sample, Table, counted
from benchmarks.stack import NotMeasuredError
from tools.pinned import ROOT

if TYPE_CHECKING:
    from benchmarks.session import Session
    from pulumi_openai_admin.emulator import EmulatorServer

KEYS_IN_PROJECT, PROJECTS, QUICK_PROJECTS = 100, 100, 10
_A_PAGE = 100
_AT_MOST_MB = 100
_FORMS = ("table", "--json", "--csv", "--html")
_COMMAND = """
import resource, sys
from pulumi_openai_admin.cli.__main__ import run
try:
    run()
finally:
    sys.stderr.write(f"\\n{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}")
"""
"""The command, and its peak memory in the last line of stderr."""
_UNIT = 1 if sys.platform == "darwin" else 1024
_MB = 1_000_000


def measure(session: Session) -> Report:
    """Measure each form of the report."""
    projects = QUICK_PROJECTS if session.quick else PROJECTS
    keys = projects * KEYS_IN_PROJECT
    report, rows = Report(), []
    with session.emulator() as emulator:
        few = {form: _run(emulator, form) for form in _FORMS}
        for number in range(projects):
            owned = [{"id": f"key_{number:03}_{key:03}"} for key in range(KEYS_IN_PROJECT)]
            emulator.control.seed({"projects": [{"id": f"proj_{number}", "name": f"p{number}", "user_keys": owned}]})
        for form in _FORMS:
            session.step(f"{keys:,} keys: {form}")
            sample, memory = _run(emulator, form)
            more = round((memory - few[form][1]) / _MB, 1)
            rows.append(
                [form, str(len(sample.requests)), f"{sample.seconds:.2f}", f"{memory / _MB:.0f}", f"{more:.0f}"]
            )
            report.figures.append(Figure(f"{keys:,} keys, {form}: memory", more, "MB more than few keys", _AT_MOST_MB))
    pages = -(-(projects + 4) // _A_PAGE)
    report.figures.append(counted(f"{keys:,} keys: requests", [sample], "GET", projects + 4 + pages + 2))
    report.tables.append(Table(f"{keys:,} keys", ["form", "requests", "s", "MB", "MB more than few keys"], rows))
    return report


def _run(emulator: EmulatorServer, form: str) -> tuple[Sample, int]:
    """One run, and its peak memory in bytes."""
    options = {"table": [], "--html": ["--html", os.devnull]}.get(form, [form])
    environ = {"OPENAI_ADMIN_KEY": emulator.admin_key, "OPENAI_BASE_URL": emulator.base_url, "PYTHONPATH": str(ROOT)}
    emulator.control.clear_requests()
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", _COMMAND, "keys", *options],
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        raise NotMeasuredError(f"`keys` failed with exit code {done.returncode}:\n{done.stderr[-2000:]}")
    return Sample(seconds, emulator.control.requests()), int(done.stderr.split()[-1]) * _UNIT
