"""150 rows against an OpenAI that takes 10 requests a second, with and without advice on how long to wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Figure, Report, Sample, Table
from benchmarks.program import ONE_BY_ONE, WHOLE_PROJECT, Program
from benchmarks.session import PROJECT, ROWS, UP, models
from pulumi_openai_admin.emulator.process import EmulatorServer

if TYPE_CHECKING:
    from benchmarks.session import Session

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
    report = Report(tables=[Table(f"150 rows; the ideal is {IDEAL_SECONDS:.0f} s", _COLUMNS, [])])
    with EmulatorServer() as emulator:
        for way in (ONE_BY_ONE, WHOLE_PROJECT):
            for advice, told in _ADVICE.items():
                sample = _slowest(session, emulator, way, advice)
                posts = [request for request in sample.requests if request["method"] == "POST"]
                span = posts[-1]["time"] - posts[0]["time"]
                shown = [f"{sample.seconds:.1f}", f"{span:.1f}", str(len(posts)), str(sample.refused)]
                report.tables[0].rows.append([way, told, *shown])
                absolute: dict[str, float] = {
                    "seconds": round(sample.seconds, 2),
                    "requests": len(sample.requests),
                    "refused": sample.refused,
                }
                ratio = round(sample.seconds / IDEAL_SECONDS, 3)
                report.figures.append(Figure(f"throttled, {way}: {told}", ratio, "x ideal", AT_MOST, absolute))
    return report


def _slowest(session: Session, emulator: EmulatorServer, way: str, advice: str) -> Sample:
    samples = []
    for number in range(1 if session.quick else 2):
        session.step(f"{way}, {_ADVICE[advice]}, run {number + 1}")
        emulator.control.reset()
        program = Program(way, {PROJECT: models(emulator)[:ROWS]}, 60)
        stack = session.stack(emulator)
        emulator.control.world(throttle={"per_minute": 60 * A_SECOND, "burst": BURST, "advice": advice})
        samples.append(stack.run(*UP, program=program))
    return max(samples, key=lambda sample: sample.seconds)
