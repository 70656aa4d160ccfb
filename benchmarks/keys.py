"""`keys` with 10,000 keys: requests, time and memory of the command, beside the same in an organization with few."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from benchmarks.measure import Figure, Report, Table, counted
from benchmarks.session import run_command
from pulumi_openai_admin.emulator.process import EmulatorServer

if TYPE_CHECKING:
    from benchmarks.session import Session

KEYS_IN_PROJECT, PROJECTS, QUICK_PROJECTS = 100, 100, 10
_A_PAGE = 100
_AT_MOST_MB = 100
_FORMS = {"table": [], "--json": ["--json"], "--csv": ["--csv"], "--html": ["--html", os.devnull]}
_MB = 1_000_000


def measure(session: Session) -> Report:
    """Measure each form of the report."""
    projects = QUICK_PROJECTS if session.quick else PROJECTS
    keys = projects * KEYS_IN_PROJECT
    report, rows = Report(), []
    with EmulatorServer() as emulator:
        few = {form: run_command(emulator, "keys", *options) for form, options in _FORMS.items()}
        for number in range(projects):
            owned = [{"id": f"key_{number:03}_{key:03}"} for key in range(KEYS_IN_PROJECT)]
            emulator.control.seed({"projects": [{"id": f"proj_{number}", "name": f"p{number}", "user_keys": owned}]})
        for form, options in _FORMS.items():
            session.step(f"{keys:,} keys: {form}")
            sample = run_command(emulator, "keys", *options)
            memory = sample.peak_bytes or 0
            more = round((memory - (few[form].peak_bytes or 0)) / _MB, 1)
            rows.append(
                [form, str(len(sample.requests)), f"{sample.seconds:.2f}", f"{memory / _MB:.0f}", f"{more:.0f}"]
            )
            report.figures.append(Figure(f"{keys:,} keys, {form}: memory", more, "MB more than few keys", _AT_MOST_MB))
    pages = -(-(projects + 4) // _A_PAGE)
    report.figures.append(counted(f"{keys:,} keys: requests", [sample], "GET", projects + 4 + pages + 2))
    report.tables.append(Table(f"{keys:,} keys", ["form", "requests", "s", "MB", "MB more than few keys"], rows))
    return report
