"""150 rows against an OpenAI that takes 10 requests a second, with and without advice on how long to wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.measure import Figure, Report, Sample, Table
from benchmarks.program import ONE_BY_ONE, WHOLE_PROJECT, Program
from benchmarks.scenarios import UP, run
from benchmarks.session import PROJECT, ROWS, models
from benchmarks.whole_project import exists

if TYPE_CHECKING:
    from benchmarks.session import Session
    from pulumi_openai_admin.emulator import EmulatorServer

A_SECOND = 10
BURST = 10
IDEAL_SECONDS = (ROWS - BURST) / A_SECOND
AT_MOST = 1.3
_ADVICE = {
    "retry-after": "Retry-After in whole seconds",
    "text": "the wait in the text",
    "none": "no advice",
}
_COLUMNS = ["way", "advice", "up, s", "first to last POST, s", "POSTs", "of them refused"]


def measure(session: Session) -> Report:
    """Create all rows under each advice; a failure of any row would end the run."""
    ways = [ONE_BY_ONE, *([WHOLE_PROJECT] if exists() else [])]
    repetitions = 1 if session.quick else 2
    report = Report(tables=[Table(f"150 rows; the ideal is {IDEAL_SECONDS:.0f} s", _COLUMNS, [])])
    with session.emulator() as emulator:
        for way in ways:
            for advice, told in _ADVICE.items():
                samples = []
                for number in range(1, repetitions + 1):
                    session.step(f"{way}, {told}, {number} of {repetitions}")
                    samples.append(_create(session, emulator, way, advice))
                worst = max(samples, key=lambda sample: sample.seconds)
                report.figures.append(_figure(f"throttled, {way}: {told}", worst))
                report.tables[0].rows.append(_row(way, told, worst))
    return report


def _create(session: Session, emulator: EmulatorServer, way: str, advice: str) -> Sample:
    emulator.control.reset()
    rows = models(emulator)[:ROWS]
    stack = session.stack(emulator)
    emulator.control.world(throttle={"per_minute": 60 * A_SECOND, "burst": BURST, "advice": advice})
    return run(stack, emulator, Program(way, {PROJECT: rows}, 60), *UP)


def _figure(name: str, sample: Sample) -> Figure:
    absolute: dict[str, float] = {
        "seconds": round(sample.seconds, 2),
        "requests": len(sample.requests),
        "refused": sample.refused,
    }
    return Figure(name, round(sample.seconds / IDEAL_SECONDS, 3), "x ideal", AT_MOST, absolute)


def _row(way: str, told: str, sample: Sample) -> list[str]:
    posts: list[dict[str, Any]] = [request for request in sample.requests if request["method"] == "POST"]
    span = posts[-1]["time"] - posts[0]["time"]
    return [way, told, f"{sample.seconds:.1f}", f"{span:.1f}", str(len(posts)), str(sample.refused)]
