"""150 rate limits of a project, declared in several ways, at 100 ms a call, beside the floor.

Stacks run the same scenario side by side: every step of one is followed by the same step of the others.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Figure, NotMeasuredError, Report, Sample, beside_floor, counted
from benchmarks.program import (
    FLOOR,
    HEAVY_FLOOR,
    NATIVE,
    NATIVE_WHOLE_PROJECT,
    ONE_BY_ONE,
    WHOLE_PROJECT,
    Program,
)
from benchmarks.session import DELAY_SECONDS, PROJECT, ROWS, UP, models, projects_of, python_environment
from pulumi_openai_admin.emulator.process import EmulatorServer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.session import Session

DYNAMICS = "x dynamic"
"""The unit of a figure divided by the dynamic provider's in the same run."""
MANY = "--parallel 32"
WARM_UP_ROWS = 10
LARGEST_PICKLE, LARGEST_STATE, NATIVE_STATE = 200, 2048, 0.5
_THE_ENGINES_OWN = ("stackTrace", "sourcePosition")
_MODULES = {NATIVE: "pulumi_openai_admin.hosts.native", ONE_BY_ONE: "pulumi.dynamic"}


@dataclass(frozen=True)
class Step:
    """One command of a scenario, and what the program says by then."""

    name: str
    command: tuple[str, ...]
    limit: int


UNCHANGED_PREVIEW, UNCHANGED_UP = "preview without changes", "up --refresh, nothing changed"
CREATE, UPDATE = Step("create", UP, 60), Step("update", UP, 61)
STEPS = (
    CREATE,
    Step(UNCHANGED_PREVIEW, ("preview", "--expect-no-changes"), 60),
    Step("refresh", ("refresh", "--yes", "--skip-preview"), 60),
    UPDATE,
    Step(UNCHANGED_UP, (*UP, "--refresh", "--expect-no-changes"), 61),
)

Samples = dict[tuple[str, str], list[Sample]]
"""By way and step."""


def live(
    session: Session,
    emulator: EmulatorServer,
    ways: Iterable[str],
    steps: tuple[Step, ...] = STEPS,
    delay: float = DELAY_SECONDS,
) -> Samples:
    """Run all steps for all ways, as often as the session repeats; the order of the ways turns each time.

    What runs first warms up. A way that ends in `MANY` is the one before it, with these options of the engine.
    """
    samples: Samples = defaultdict(list)
    ways = [*ways]
    for number in range(session.repetitions + 1):
        emulator.control.reset()
        emulator.control.world(latency_seconds=delay)
        projects = projects_of(emulator, ways)
        rows = models(emulator, projects[ways[0]])[: ROWS if number else WARM_UP_ROWS]
        stacks = {way: session.stack(emulator, delay) for way in ways}
        told = f"{number} of {session.repetitions}" if number else "warm-up"
        for step in steps:
            for way, stack in stacks.items():
                session.step(f"{step.name}, {way}, {delay} s a call, {told}")
                options = MANY.split() if way.endswith(MANY) else []
                program = Program(way.removesuffix(f", {MANY}"), {projects[way]: rows}, step.limit)
                sample = stack.run(*step.command, *options, program=program)
                if number:
                    samples[way, step.name].append(sample)
        ways.reverse()
    return samples


def individual(session: Session) -> Report:
    """Create, preview, refresh, update one by one: times as ratios to the floor, and the requests."""
    at_most = {"create": 1.1, "update": 1.1, UNCHANGED_PREVIEW: 1.1, "refresh": 1.3}
    with EmulatorServer() as emulator:
        samples = live(session, emulator, (FLOOR, HEAVY_FLOOR, ONE_BY_ONE))
        row = _row_in_state(session, emulator, ONE_BY_ONE)
    times = [
        beside_floor(f"{ONE_BY_ONE}: {step}", samples[ONE_BY_ONE, step], samples[FLOOR, step], most)
        for step, most in at_most.items()
    ]
    for step in at_most:
        name = f"{ONE_BY_ONE}: {step}, beside the heavy floor"
        times.append(beside_floor(name, samples[ONE_BY_ONE, step], samples[HEAVY_FLOOR, step]))
    pickled = len(base64.b64decode(row["outputs"]["__provider"]))
    return Report(
        [
            *times,
            *_requests(ONE_BY_ONE, samples),
            Figure("ProjectRateLimit: pickled provider", pickled, "bytes", LARGEST_PICKLE),
            Figure("ProjectRateLimit: state of one resource", _size(row), "bytes", LARGEST_STATE),
        ]
    )


def native(session: Session) -> Report:
    """The same commands with the native provider, beside the dynamic one, then the state, the memory and the start."""
    at_most = {"create": 0.75, "update": 0.75, UNCHANGED_PREVIEW: 1.0}
    sizes, peaks = {}, {}
    with EmulatorServer() as emulator:
        samples = live(session, emulator, (FLOOR, ONE_BY_ONE, NATIVE))
        for way in (ONE_BY_ONE, NATIVE):
            session.step(f"the size of a state and the memory, {way}")
            sizes[way] = _size(_row_in_state(session, emulator, way))
            emulator.control.reset()
            program = Program(way, {PROJECT: models(emulator)[:ROWS]}, 60)
            peaks[way] = session.stack(emulator).run(*UP, program=program, watch_memory=True).peak_bytes or 0
    figures = []
    for step in (step.name for step in STEPS):
        ours, dynamic = samples[NATIVE, step], samples[ONE_BY_ONE, step]
        figures.append(beside_floor(f"{NATIVE}: {step}", ours, samples[FLOOR, step], at_most.get(step)))
        seconds, of_dynamic = ([sample.seconds for sample in each] for each in (ours, dynamic))
        figures.append(_divided(f"{NATIVE}: {step}, beside the dynamic provider", seconds, of_dynamic))
    figures += _requests(NATIVE, samples)
    name = f"{NATIVE}: state of one resource"
    figures.append(_divided(name, [sizes[NATIVE]], [sizes[ONE_BY_ONE]], "bytes", NATIVE_STATE))
    if all(peaks.values()):  # there is no /proc everywhere
        figures.append(_divided(f"{NATIVE}: peak memory", [peaks[NATIVE]], [peaks[ONE_BY_ONE]], "bytes"))
    return Report([*figures, _start(session)])


def whole_project(session: Session) -> Report:
    """All limits in one resource: create and update; what an `up --refresh` asks where nothing changed."""
    ways = (WHOLE_PROJECT, NATIVE_WHOLE_PROJECT)
    with EmulatorServer() as emulator:
        samples = live(session, emulator, (FLOOR, *ways))
    figures = [
        beside_floor(f"{way}: {step}", samples[way, step], samples[FLOOR, step], 0.45)
        for way in ways
        for step in ("create", "update")
    ]
    for way in ways:
        unchanged = samples[way, UNCHANGED_UP]
        figures += [
            counted(f"{way}: lists, {UNCHANGED_UP}", unchanged, "GET", 1),
            counted(f"{way}: POSTs, {UNCHANGED_UP}", unchanged, "POST", 0),
        ]
    return Report(figures)


def at_a_time(session: Session) -> Report:
    """Create and update one by one at two latencies, without and with more steps of the engine at a time.

    The engine begins four steps for each core at a time, unless `--parallel` says otherwise; the host then serves as
    many of them as `openai-admin:parallel` says. The floor has the four workers of Pulumi's host.
    """
    at_most = {ONE_BY_ONE: 0.85, f"{ONE_BY_ONE}, {MANY}": 0.45, NATIVE: 0.85, f"{NATIVE}, {MANY}": 0.45}
    report, steps = Report(), (CREATE, UPDATE)
    with EmulatorServer() as emulator:
        for delay in (0.1, 0.4):
            samples = live(session, emulator, (FLOOR, *at_most), steps, delay)
            for way, most in at_most.items():
                for step in (step.name for step in steps):
                    name = f"{way}: {step}, {delay} s a call"
                    report.figures.append(beside_floor(name, samples[way, step], samples[FLOOR, step], most))
    return report


def _requests(way: str, samples: Samples) -> list[Figure]:
    asked = max(len(preview.requests) for preview in samples[way, UNCHANGED_PREVIEW])
    return [
        Figure(f"{way}: requests of a preview", asked, "requests", 0),
        counted(f"{way}: lists of a refresh", samples[way, "refresh"], "GET", 1),
        counted(f"{way}: POSTs of a create", samples[way, "create"], "POST", ROWS),
    ]


def _row_in_state(session: Session, emulator: EmulatorServer, way: str) -> dict[str, Any]:
    """One rate limit in the state, without what the engine records of every resource."""
    emulator.control.reset()
    stack = session.stack(emulator)
    stack.run(*UP, program=Program(way, {PROJECT: ["gpt-4o"]}, 60))
    (row,) = (resource for resource in stack.export() if resource["type"].endswith(":ProjectRateLimit"))
    return {key: value for key, value in row.items() if key not in _THE_ENGINES_OWN}


def _size(row: dict[str, Any]) -> int:
    return len(json.dumps(row, separators=(",", ":")))


def _start(session: Session) -> Figure:
    """The start of the process until it says its port. The dynamic host imports this package at the first call."""
    environ = {**os.environ, **python_environment(session.work)}
    starts: dict[str, list[float]] = {way: [] for way in _MODULES}
    for number in range(1 + 2 * session.repetitions):
        for way, module in _MODULES.items():
            session.step(f"start of a process, {way}, {number + 1} of {1 + 2 * session.repetitions}")
            began = time.perf_counter()
            command = [sys.executable, "-u", "-m", module, "127.0.0.1:1"]
            with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
                port = process.stdout.readline().strip() if process.stdout else ""
                seconds = time.perf_counter() - began
                process.kill()
            if not port.isdigit():
                raise NotMeasuredError(f"{module} did not start")
            if number:  # the first one compiles
                starts[way].append(seconds)
    return _divided(f"{NATIVE}: start of the process", starts[NATIVE], starts[ONE_BY_ONE])


def _divided(
    name: str, ours: list[float], theirs: list[float], unit: str = "seconds", at_most: float | None = None
) -> Figure:
    """The median of the ratios of neighbours to the dynamic provider."""
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    absolute = {unit: round(median(ours), 3), f"dynamic_{unit}": round(median(theirs), 3)}
    return Figure(name, round(median(ratios), 3), DYNAMICS, at_most, absolute)
