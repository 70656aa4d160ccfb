"""150 rows declared one by one, at 100 ms a call, beside the floor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Figure, Report, beside_floor, counted
from benchmarks.program import FLOOR, HEAVY_FLOOR, ONE_BY_ONE, Program
from benchmarks.scenarios import live
from benchmarks.session import PROJECT
from benchmarks.state import sizes

if TYPE_CHECKING:
    from benchmarks.session import Session

_AT_MOST = {"create": 1.1, "update": 1.1, "preview without changes": 1.1, "refresh": 1.3}


def measure(session: Session) -> Report:
    """Create, preview, refresh, update: times as ratios to the floor, and the requests."""
    with session.emulator() as emulator:
        samples = live(session, emulator, (FLOOR, HEAVY_FLOOR, ONE_BY_ONE))
        stack = session.stack(emulator)
        session.step("the size of a state")
        program = Program(ONE_BY_ONE, {PROJECT: ["gpt-4o"]}, 60)
        stack.run("up", "--yes", "--skip-preview", environ=program.environment())
        state = sizes(stack.export(), "ProjectRateLimit")
    figures = [
        beside_floor(f"{ONE_BY_ONE}: {step}", samples[ONE_BY_ONE, step], samples[FLOOR, step], at_most)
        for step, at_most in _AT_MOST.items()
    ]
    for step in _AT_MOST:
        name = f"{ONE_BY_ONE}: {step}, beside the heavy floor"
        figures.append(beside_floor(name, samples[ONE_BY_ONE, step], samples[HEAVY_FLOOR, step]))
    previews, refreshes = samples[ONE_BY_ONE, "preview without changes"], samples[ONE_BY_ONE, "refresh"]
    asked = max(len(sample.requests) for sample in previews)
    figures += [
        Figure(f"{ONE_BY_ONE}: requests of a preview", asked, "requests", 0),
        counted(f"{ONE_BY_ONE}: lists of a refresh", refreshes, "GET", 1),
        counted(f"{ONE_BY_ONE}: POSTs of a create", samples[ONE_BY_ONE, "create"], "POST", 150),
        *state,
    ]
    return Report(figures)
