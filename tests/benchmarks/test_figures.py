from __future__ import annotations

import io
import json
import re

import pytest
from rich.console import Console

from benchmarks import records, shown
from benchmarks.large_organization import measure as measure_large_organization
from benchmarks.measure import Figure, Report, Sample, Table, beside_floor, counted
from benchmarks.session import Session
from benchmarks.simulation import Bucket, Simulation

GET, POST = {"method": "GET", "status": 200}, {"method": "POST", "status": 429}


def test_neighbours_are_divided_before_the_median_is_taken() -> None:
    ours, floors = [Sample(2.2), Sample(11.0), Sample(3.3)], [Sample(2.0), Sample(10.0), Sample(3.0)]
    figure = beside_floor("create", ours, floors, 1.1)
    assert (figure.value, figure.unit, figure.is_met) == (1.1, "x floor", True)
    assert beside_floor("create", ours, floors, 1.0).is_met is False


def test_the_worst_run_counts() -> None:
    assert counted("lists", [Sample(1, [GET]), Sample(1, [GET, GET, POST])], "GET", 1).value == 2
    assert Sample(1, [GET, POST]).refused == 1


def test_what_was_not_run_keeps_its_figures() -> None:
    old = records.merged({}, {"one": Report([Figure("a", 1, "x")]), "two": Report([Figure("b", 1, "x")])})
    new = records.merged(old, {"two": Report([Figure("b", 2, "x")]), "three": Report(notes=["skipped"])})
    assert records.values(new, "one") == {"a": 1}
    assert records.values(new, "two") == {"b": 2}
    assert "three" not in new["benchmarks"]


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    bucket = Bucket(per_minute=60, burst=2)
    assert [bucket.take(0), bucket.take(0)] == [0, 0]
    assert bucket.take(0) == pytest.approx(1)
    assert bucket.take(1) == 0
    assert bucket.ideal(12) == 10


@pytest.mark.parametrize("parallel", [1, 16])
def test_a_simulated_run_serves_everything_and_no_faster_than_possible(parallel: int) -> None:
    buckets = {"list": Bucket(60, 5), "POST": Bucket(60, 5)}
    outcome = Simulation(buckets, parallel=parallel).run([(("list", 1), ("POST", 20))] * 3)
    assert outcome.finished
    assert outcome.passed == 63
    assert Bucket(60, 5).ideal(60) <= outcome.seconds < 100


# How they are shown

WIDTH = 80
COMMITTED = records.load(records.COMMITTED)["benchmarks"]
GROWTH = Table("Growth", ["rows", "projects", "way", "step", "s", "requests", "provider MB"], [
    ["1,000", "7", "floor with our state", "refresh", "1234.56", "170,000", "1234.5"],
])  # fmt: skip


def printed(report: Report) -> list[str]:
    text = io.StringIO()
    shown.report(Console(file=text, width=WIDTH), "it", report, {"create": 2.0})
    return text.getvalue().splitlines()


def figures(name: str) -> Report:
    return Report([Figure(**figure) for figure in COMMITTED[name]["figures"]])


@pytest.mark.parametrize("name", COMMITTED)
def test_figures_fit_80_columns_and_no_number_is_cut(name: str) -> None:
    lines = printed(figures(name))
    assert max(map(len, lines)) <= WIDTH
    told = "\n".join(lines)
    assert "…" not in told
    for figure in COMMITTED[name]["figures"]:
        assert f"{figure['value']:,.4g}" in told or f"{figure['value']:,.0f}" in told
        if figure["at_most"] is not None:
            assert re.search(rf"≤ {figure['at_most']:g} (not )?met", told)


def test_tables_fit_80_columns_and_no_number_is_cut(tmp_path: object) -> None:
    report = measure_large_organization(Session(tmp_path, quick=True, large=False, step=lambda _: None))  # type: ignore[arg-type]
    for table in [*report.tables, GROWTH]:
        lines = printed(Report(tables=[table]))
        assert max(map(len, lines)) <= WIDTH
        for row in table.rows:
            for cell in row[1:]:
                assert any(cell in line for line in lines), json.dumps(row)
