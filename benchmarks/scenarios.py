"""Stacks that run the same scenario side by side: every step of one is followed by the same step of the other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.measure import Sample
from benchmarks.program import Program
from benchmarks.session import DELAY_SECONDS, ROWS, models, projects_of

if TYPE_CHECKING:
    from benchmarks.session import Session
    from benchmarks.stack import Stack
    from pulumi_openai_admin.emulator import EmulatorServer


UP = ("up", "--yes", "--skip-preview")
WARM_UP_ROWS = 10


@dataclass(frozen=True)
class Step:
    """One command of a scenario, and what the program says by then."""

    name: str
    command: tuple[str, ...]
    limit: int


STEPS = (
    Step("create", UP, 60),
    Step("preview without changes", ("preview", "--expect-no-changes"), 60),
    Step("refresh", ("refresh", "--yes", "--skip-preview"), 60),
    Step("update", UP, 61),
    Step("up --refresh, nothing changed", (*UP, "--refresh", "--expect-no-changes"), 61),
)

Samples = dict[tuple[str, str], list[Sample]]
"""By way and step."""


def live(session: Session, emulator: EmulatorServer, ways: tuple[str, ...]) -> Samples:
    """Run all steps for all ways, as often as the session repeats; the order of the ways turns each time."""
    emulator.control.world(latency_seconds=DELAY_SECONDS)
    rows = models(emulator)[:ROWS]
    _one_scenario(session, emulator, ways, rows[:WARM_UP_ROWS], "warm-up")
    samples: Samples = defaultdict(list)
    for number in range(1, session.repetitions + 1):
        told = f"{number} of {session.repetitions}"
        for key, sample in _one_scenario(session, emulator, ways, rows, told).items():
            samples[key].append(sample)
        ways = ways[::-1]
    return samples


def _one_scenario(
    session: Session, emulator: EmulatorServer, ways: tuple[str, ...], rows: list[str], told: str
) -> dict[tuple[str, str], Sample]:
    emulator.control.reset()
    emulator.control.world(latency_seconds=DELAY_SECONDS)
    projects = projects_of(emulator, ways)
    stacks = {way: session.stack(emulator, DELAY_SECONDS) for way in ways}
    samples = {}
    for step in STEPS:
        for way, stack in stacks.items():
            session.step(f"{step.name}, {way}, {told}")
            program = Program(way, {projects[way]: rows}, step.limit)
            samples[way, step.name] = run(stack, emulator, program, *step.command)
    return samples


def run(stack: Stack, emulator: EmulatorServer, program: Program, *command: str, watch_memory: bool = False) -> Sample:
    """Run one command on a program, and keep what the emulator was asked meanwhile."""
    emulator.control.clear_requests()
    done = stack.run(*command, environ=program.environment(), watch_memory=watch_memory)
    return Sample(done.seconds, emulator.control.requests(), done.provider_bytes)
