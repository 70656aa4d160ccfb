"""What `import pulumi_openai_admin` costs a program beyond `import pulumi`, by Python's own -X importtime."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.measure import Figure, NotMeasuredError, Report, Table
from benchmarks.session import python_environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.session import Session

AT_MOST_MILLISECONDS = 15
_LINE = re.compile(r"^import time:\s+(\d+) \|\s+(\d+) \| ( *)(\S+)$", re.MULTILINE)
_PROGRAM = """
import pulumi
import pulumi_openai_admin
from pulumi_openai_admin import *
import requests
import tenacity
import pulumi_openai_admin.http.client
"""
"""Names may be made when they are first asked for; the last three are what a provider imports at its first request."""
_SHOWN = 12


def measure(session: Session) -> Report:
    """The median of several fresh interpreters, each with its own `import pulumi` to compare with."""
    times = 9 if session.quick else 21
    environ = {**os.environ, **python_environment(session.work)}
    _imports(environ)  # warm-up: bytecode and file cache
    runs = []
    for number in range(1, times + 1):
        session.step(f"a fresh interpreter, {number} of {times}")
        runs.append(_imports(environ))
    ours, pulumi = _median(runs, "pulumi_openai_admin"), _median(runs, "pulumi")
    # The package's modules that nothing of ours imports: itself, and what its names import when asked for.
    all_names = median(
        sum(cumulated for name, (_, cumulated, depth) in run.items() if _is_ours(name) and not depth) for run in runs
    )
    later = {
        name: round(_median(runs, name), 2) for name in ("requests", "tenacity", "pulumi_openai_admin.http.client")
    }
    figures = [
        Figure(
            "import pulumi_openai_admin, beyond import pulumi",
            round(ours, 2),
            "ms",
            AT_MOST_MILLISECONDS,
            {"pulumi_ms": round(pulumi, 2), **{f"{name}_ms": cost for name, cost in later.items()}},
        ),
        Figure("the same, with all its names used", round(all_names, 2), "ms"),
        Figure("with all its names, divided by import pulumi", round(all_names / pulumi, 4), "x import pulumi"),
    ]
    return Report(figures, [_parts(runs)])


Imports = dict[str, tuple[float, float, int]]
"""By module: self and cumulated milliseconds, and depth."""


def _imports(environ: Mapping[str, str]) -> Imports:
    """What each module cost, cumulated over what it imports, in milliseconds."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-X", "importtime", "-c", _PROGRAM],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise NotMeasuredError(f"the imports failed:\n{done.stderr[-2000:]}")
    lines = _LINE.findall(done.stderr)
    return {name: (int(own) / 1000, int(all_) / 1000, len(depth)) for own, all_, depth, name in lines}


def _median(runs: list[Imports], module: str) -> float:
    return median(run[module][1] if module in run else 0.0 for run in runs)


def _parts(runs: list[Imports]) -> Table:
    """What stands behind our own figure: the modules between `pulumi` and the last of ours before the first request."""
    names = list(runs[0])
    last = max(names.index(name) for name in names if _is_ours(name) and not runs[0][name][2])
    between = names[names.index("pulumi") + 1 : last + 1]
    own = {name: median(run[name][0] for run in runs if name in run) for name in between}
    dearest = sorted(own, key=lambda name: -own[name])[:_SHOWN]
    rows = [[name, f"{own[name]:.2f}"] for name in dearest]
    return Table("What all names of pulumi_openai_admin spend their imports on", ["module", "own ms"], rows)


def _is_ours(name: str) -> bool:
    return name.startswith("pulumi_openai_admin") and name != "pulumi_openai_admin.http.client"
