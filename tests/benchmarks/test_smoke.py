from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks import records
from benchmarks.imports import measure as measure_imports
from benchmarks.large_organization import measure as measure_large_organization
from benchmarks.program import FLOOR, HEAVY_FLOOR, NATIVE, NATIVE_WHOLE_PROJECT, ONE_BY_ONE, WHOLE_PROJECT, Program
from benchmarks.session import PROJECT, UP, Session, models
from pulumi_openai_admin.emulator.process import EmulatorServer

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(tmp_path, quick=True, large=False, step=lambda _: None)


def test_every_way_of_declaring_runs_on_the_engine(session: Session) -> None:
    posts = {FLOOR: 0, HEAVY_FLOOR: 0, ONE_BY_ONE: 2, NATIVE: 2, WHOLE_PROJECT: 2, NATIVE_WHOLE_PROJECT: 2}
    with EmulatorServer() as emulator:
        rows = models(emulator)[:2]
        for way, expected in posts.items():
            emulator.control.reset()
            stack, program = session.stack(emulator), Program(way, {PROJECT: rows}, 60)
            sample = stack.run(*UP, program=program, watch_memory=True)
            assert sample.count("POST") == expected
            assert sample.seconds > 0
            assert sample.peak_bytes is None or sample.peak_bytes > 10_000_000


def test_imports_and_simulation_report_figures(session: Session) -> None:
    assert all(figure.value >= 0 for figure in measure_imports(session).figures)
    report = measure_large_organization(session)
    assert {len(row) for row in report.tables[0].rows} == {len(report.tables[0].columns)}


def test_pictures_are_drawn_from_the_records(tmp_path: Path) -> None:
    plots = pytest.importorskip("benchmarks.plots")
    point = {"rows": 10, "way": FLOOR, "step": "create", "seconds": 1.0, "requests": 0, "provider_mb": 50.0}
    points = [{**point, "rows": rows, "way": way} for rows in (10, 100) for way in (FLOOR, ONE_BY_ONE)]
    document = {"benchmarks": {"growth": {"series": {"growth": points}}}}
    drawn = list(plots.draw(document, tmp_path))
    assert len(drawn) == 3
    assert all(path.read_text(encoding="utf-8").startswith("<?xml") for path in drawn)


def test_the_committed_figures_name_no_machine() -> None:
    document = records.load(records.COMMITTED)
    assert set(document) <= {"python", "pulumi", "cores", "benchmarks"}
