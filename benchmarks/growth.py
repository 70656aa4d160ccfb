"""How cost grows: 10 to 5,000 rows over several projects, without a delay, so that our own cost shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Figure, Report, Sample, Table
from benchmarks.program import FLOOR, NATIVE, ONE_BY_ONE, WHOLE_PROJECT, Program
from benchmarks.scenarios import UP, run
from benchmarks.session import models
from benchmarks.whole_project import exists

if TYPE_CHECKING:
    from benchmarks.session import Session
    from pulumi_openai_admin.emulator import EmulatorServer

SIZES = (10, 100, 1000, 5000)
ROWS_A_PROJECT = 150
_LARGEST_ONE_BY_ONE = 1000
_QUICK = 100
_STEPS = {
    "create": (UP, 60),
    "refresh": (("refresh", "--yes", "--skip-preview"), 60),
    "update": (UP, 61),
}
_COLUMNS = ["rows", "projects", "way", "step", "s", "requests", "provider MB"]
_MB = 1e6

Point = dict[str, float | str | None]


def measure(session: Session) -> Report:
    """Each size once: growth shows over decades, not in percent."""
    points: list[Point] = []
    with session.emulator() as emulator:
        for size in SIZES:
            for way in _ways(session, size):
                points += _measure(session, emulator, way, size)
    report = Report(series={"growth": points}, tables=[Table("How cost grows", _COLUMNS, list(map(_row, points)))])
    report.figures = _figures(points)
    if not session.large:
        report.notes.append(
            f"Floor and one by one end at {_QUICK if session.quick else _LARGEST_ONE_BY_ONE:,} rows: the engine's "
            "checkpoints grow with the square of the number of resources. `--large` goes on to 5,000 (hours)."
        )
    return report


def _ways(session: Session, size: int) -> list[str]:
    most = SIZES[-1] if session.large else _QUICK if session.quick else _LARGEST_ONE_BY_ONE
    ways = [FLOOR, ONE_BY_ONE, NATIVE] if size <= most else []
    return [*ways, WHOLE_PROJECT] if exists() and (size <= _LARGEST_ONE_BY_ONE or not session.quick) else ways


def _measure(session: Session, emulator: EmulatorServer, way: str, size: int) -> list[Point]:
    emulator.control.reset()
    rows = _rows(emulator, size)
    stack = session.stack(emulator)
    points = []
    for step, (command, limit) in _STEPS.items():
        session.step(f"{size:,} rows, {way}, {step}")
        sample = run(stack, emulator, Program(way, rows, limit), *command, watch_memory=True)
        points.append(_point(way, size, len(rows), step, sample))
    return points


def _rows(emulator: EmulatorServer, size: int) -> dict[str, list[str]]:
    """So many rows, in as many projects as it takes."""
    number = -(-size // ROWS_A_PROJECT)
    ids = [f"proj_bench{index:03d}" for index in range(number)]
    emulator.control.seed({"projects": [{"id": id_, "name": id_} for id_ in ids]})
    names = models(emulator, ids[0])[:ROWS_A_PROJECT]
    return {id_: names[: size - index * ROWS_A_PROJECT] for index, id_ in enumerate(ids)}


def _point(way: str, size: int, projects: int, step: str, sample: Sample) -> Point:
    return {
        "rows": size,
        "projects": projects,
        "way": way,
        "step": step,
        "seconds": round(sample.seconds, 2),
        "requests": len(sample.requests),
        "provider_mb": round(sample.provider_bytes / _MB, 1) if sample.provider_bytes else None,
    }


def _row(point: Point) -> list[str]:
    shown = {**point, "rows": f"{point['rows']:,}", "requests": f"{point['requests']:,}"}
    return ["-" if value is None else str(value) for value in shown.values()]


def _figures(points: list[Point]) -> list[Figure]:
    """What another machine should find as well: requests, memory, and time beside the floor of the same size."""
    found = []
    floors = {(point["rows"], point["step"]): point["seconds"] for point in points if point["way"] == FLOOR}
    for point in points:
        if point["way"] == FLOOR:
            continue
        name = f"{point['rows']:,} rows, {point['way']}, {point['step']}"
        floor = floors.get((point["rows"], point["step"]))
        if floor:
            ratio = round(float(point["seconds"] or 0) / float(floor), 3)
            absolute = {"seconds": float(point["seconds"] or 0), "floor_seconds": float(floor)}
            found.append(Figure(f"{name}: time", ratio, "x floor without delay", None, absolute))
        found.append(Figure(f"{name}: requests", float(point["requests"] or 0), "requests"))
        if point["provider_mb"]:
            found.append(Figure(f"{name}: provider", float(point["provider_mb"]), "MB"))
    return found
