"""150 rows declared one by one, several at a time: beside the floor with the four workers of Pulumi's host.

The engine begins four steps for each core at a time, unless `--parallel` says otherwise; the host then serves as many
of them as `openai-admin:parallel` says.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from benchmarks.measure import Report, beside_floor
from benchmarks.program import FLOOR, NATIVE, ONE_BY_ONE, Program
from benchmarks.scenarios import UP, Samples, Step, run
from benchmarks.session import ROWS, models, projects_of

if TYPE_CHECKING:
    from benchmarks.session import Session
    from pulumi_openai_admin.emulator import EmulatorServer

DELAYS_SECONDS = (0.1, 0.4)
MANY = "--parallel 32"
_STEPS = (Step("create", UP, 60), Step("update", UP, 61))
_WAYS: dict[str, tuple[str, tuple[str, ...]]] = {
    FLOOR: (FLOOR, ()),
    ONE_BY_ONE: (ONE_BY_ONE, ()),
    f"{ONE_BY_ONE}, {MANY}": (ONE_BY_ONE, tuple(MANY.split())),
    NATIVE: (NATIVE, ()),
    f"{NATIVE}, {MANY}": (NATIVE, tuple(MANY.split())),
}
_AT_MOST = {
    ONE_BY_ONE: 0.85,
    f"{ONE_BY_ONE}, {MANY}": 0.45,
    NATIVE: 0.85,
    f"{NATIVE}, {MANY}": 0.45,
}


def measure(session: Session) -> Report:
    """Create and update at two latencies, without and with more steps of the engine at a time."""
    report = Report()
    with session.emulator() as emulator:
        for delay in DELAYS_SECONDS:
            samples: Samples = defaultdict(list)
            for number in range(1, session.repetitions + 1):
                _one_scenario(session, emulator, delay, samples, f"{number} of {session.repetitions}")
            report.figures += [
                beside_floor(
                    f"{way}: {step.name}, {delay} s a call", samples[way, step.name], samples[FLOOR, step.name], at_most
                )
                for way, at_most in _AT_MOST.items()
                for step in _STEPS
            ]
    return report


def _one_scenario(session: Session, emulator: EmulatorServer, delay: float, samples: Samples, told: str) -> None:
    """Each step of each way, one after the other, in a project of its own; the samples grow by one each."""
    emulator.control.reset()
    emulator.control.world(latency_seconds=delay)
    projects = projects_of(emulator, _WAYS)
    rows = models(emulator, projects[FLOOR])[:ROWS]
    stacks = {way: session.stack(emulator, delay) for way in _WAYS}
    for step in _STEPS:
        for way, stack in stacks.items():
            declared, options = _WAYS[way]
            session.step(f"{step.name}, {way}, {delay} s a call, {told}")
            program = Program(declared, {projects[way]: rows}, step.limit)
            samples[way, step.name].append(run(stack, emulator, program, *step.command, *options))
