"""How cost grows: 10 to 5,000 rows over several projects, without a delay, so that our own cost shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Figure, Report, Table
from benchmarks.program import FLOOR, NATIVE, ONE_BY_ONE, WHOLE_PROJECT, Program
from benchmarks.session import UP, models
from pulumi_openai_admin.emulator.process import EmulatorServer

if TYPE_CHECKING:
    from benchmarks.session import Session

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
    most = SIZES[-1] if session.large else _QUICK if session.quick else _LARGEST_ONE_BY_ONE
    with EmulatorServer() as emulator:
        for size in SIZES:
            ways = [FLOOR, ONE_BY_ONE, NATIVE] if size <= most else []
            if size <= _LARGEST_ONE_BY_ONE or not session.quick:
                ways.append(WHOLE_PROJECT)
            for way in ways:
                points += _measure(session, emulator, way, size)
    rows = []
    for point in points:
        shown = {**point, "rows": f"{point['rows']:,}", "requests": f"{point['requests']:,}"}
        rows.append(["-" if value is None else str(value) for value in shown.values()])
    report = Report(_figures(points), [Table("How cost grows", _COLUMNS, rows)], {"growth": points})
    if not session.large:
        report.notes.append(
            f"Floor and one by one end at {_QUICK if session.quick else _LARGEST_ONE_BY_ONE:,} rows: the engine's "
            "checkpoints grow with the square of the number of resources. `--large` goes on to 5,000 (hours)."
        )
    return report


def _measure(session: Session, emulator: EmulatorServer, way: str, size: int) -> list[Point]:
    emulator.control.reset()
    rows = _rows(emulator, size)
    stack = session.stack(emulator)
    points: list[Point] = []
    for step, (command, limit) in _STEPS.items():
        session.step(f"{size:,} rows, {way}, {step}")
        sample = stack.run(*command, program=Program(way, rows, limit), watch_memory=True)
        points.append(
            {
                "rows": size,
                "projects": len(rows),
                "way": way,
                "step": step,
                "seconds": round(sample.seconds, 2),
                "requests": len(sample.requests),
                "provider_mb": round(sample.peak_bytes / _MB, 1) if sample.peak_bytes else None,
            }
        )
    return points


def _rows(emulator: EmulatorServer, size: int) -> dict[str, list[str]]:
    """So many rows, in as many projects as it takes."""
    number = -(-size // ROWS_A_PROJECT)
    ids = [f"proj_bench{index:03d}" for index in range(number)]
    emulator.control.seed({"projects": [{"id": id_, "name": id_} for id_ in ids]})
    names = models(emulator, ids[0])[:ROWS_A_PROJECT]
    return {id_: names[: size - index * ROWS_A_PROJECT] for index, id_ in enumerate(ids)}


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
