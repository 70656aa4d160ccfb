"""150 rows declared one by one with the native provider, beside the dynamic provider and the floor, in one run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.measure import Figure, Report, beside_floor, counted
from benchmarks.program import FLOOR, NATIVE, ONE_BY_ONE, Program
from benchmarks.scenarios import STEPS, UP, Samples, live, run
from benchmarks.session import PROJECT, ROWS, models
from benchmarks.stack import NotMeasuredError, with_bytecode
from benchmarks.state import state_bytes
from tools.pinned import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.session import Session
    from pulumi_openai_admin.emulator import EmulatorServer

DYNAMICS = "x dynamic"
"""The unit of a figure divided by the dynamic provider's in the same run."""
_AT_MOST = {"create": 0.75, "update": 0.75, "preview without changes": 1.0}
_STATE_AT_MOST = 0.5
_MODULES = {NATIVE: "pulumi_openai_admin.hosts.native", ONE_BY_ONE: "pulumi.dynamic"}


def measure(session: Session) -> Report:
    """The same commands as `individual`, then the state, the memory and the start."""
    with session.emulator() as emulator:
        samples = live(session, emulator, (FLOOR, ONE_BY_ONE, NATIVE))
        figures = [*_times(samples), *_after_one_up(session, emulator)]
    return Report([*figures, _start(session)])


def _times(samples: Samples) -> list[Figure]:
    times = []
    for step in (step.name for step in STEPS):
        ours = samples[NATIVE, step]
        times.append(beside_floor(f"{NATIVE}: {step}", ours, samples[FLOOR, step], _AT_MOST.get(step)))
        name = f"{NATIVE}: {step}, beside the dynamic provider"
        times.append(
            _divided(
                name, [sample.seconds for sample in ours], [sample.seconds for sample in samples[ONE_BY_ONE, step]]
            )
        )
    previews = samples[NATIVE, "preview without changes"]
    return [
        *times,
        Figure(f"{NATIVE}: requests of a preview", max(len(preview.requests) for preview in previews), "requests", 0),
        counted(f"{NATIVE}: lists of a refresh", samples[NATIVE, "refresh"], "GET", 1),
        counted(f"{NATIVE}: POSTs of a create", samples[NATIVE, "create"], "POST", ROWS),
    ]


def _after_one_up(session: Session, emulator: EmulatorServer) -> list[Figure]:
    """How large one row is in the state, and the provider of all rows in memory."""
    sizes, peaks = {}, {}
    for way in (ONE_BY_ONE, NATIVE):
        emulator.control.reset()
        session.step(f"the size of a state and the memory, {way}")
        single, all_ = session.stack(emulator), session.stack(emulator)
        run(single, emulator, Program(way, {PROJECT: ["gpt-4o"]}, 60), *UP)
        sizes[way] = float(state_bytes(single.export(), "ProjectRateLimit"))
        emulator.control.reset()
        rows = Program(way, {PROJECT: models(emulator)[:ROWS]}, 60)
        peaks[way] = float(run(all_, emulator, rows, *UP, watch_memory=True).provider_bytes or 0)
    figures = [
        _divided(f"{NATIVE}: state of one resource", [sizes[NATIVE]], [sizes[ONE_BY_ONE]], "bytes", _STATE_AT_MOST)
    ]
    if all(peaks.values()):  # there is no /proc everywhere
        figures.append(_divided(f"{NATIVE}: peak memory", [peaks[NATIVE]], [peaks[ONE_BY_ONE]], "bytes"))
    return figures


def _start(session: Session) -> Figure:
    """The start of the process until it says its port. The dynamic host imports this package at the first call."""
    environ = with_bytecode(os.environ, session.work)
    environ["PYTHONPATH"] = str(ROOT) + os.pathsep + environ.get("PYTHONPATH", "")
    starts: dict[str, list[float]] = {way: [] for way in _MODULES}
    for number in range(1 + 2 * session.repetitions):
        for way, module in _MODULES.items():
            session.step(f"start of a process, {way}, {number + 1} of {1 + 2 * session.repetitions}")
            seconds = _seconds_to_port(module, environ)
            if number:  # the first one compiles
                starts[way].append(seconds)
    return _divided(f"{NATIVE}: start of the process", starts[NATIVE], starts[ONE_BY_ONE])


def _seconds_to_port(module: str, environ: Mapping[str, str]) -> float:
    began = time.perf_counter()
    command = [sys.executable, "-u", "-m", module, "127.0.0.1:1"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        port = process.stdout.readline().strip() if process.stdout else ""
        seconds = time.perf_counter() - began
        process.kill()
    if not port.isdigit():
        raise NotMeasuredError(f"{module} did not start")
    return seconds


def _divided(
    name: str, ours: list[float], theirs: list[float], unit: str = "seconds", at_most: float | None = None
) -> Figure:
    """The median of the ratios of neighbours to the dynamic provider."""
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    absolute = {unit: round(median(ours), 3), f"dynamic_{unit}": round(median(theirs), 3)}
    return Figure(name, round(median(ratios), 3), DYNAMICS, at_most, absolute)
