from __future__ import annotations

import io
import json
import re

import pytest
from rich.console import Console

from benchmarks import records, shown
from benchmarks.large_organization import measure as measure_large_organization
from benchmarks.measure import Figure, Report, Table
from benchmarks.session import Session

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
