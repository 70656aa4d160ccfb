from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_openai_admin.cli import limits as table
from pulumi_openai_admin.cli.connection import in_order
from pulumi_openai_admin.cli.limits import (
    COLUMNS,
    LIMIT_COLUMNS,
    UNLIMITED,
    LimitsReport,
    common_limits,
    is_blocked,
    low_common_limits,
    shown_columns,
)
from pulumi_openai_admin.cli.report import Source
from pulumi_openai_admin.cli.words import ABSENT
from pulumi_openai_admin.resources.project_rate_limits import LIMITS
from tests.results import limits, project_limits, project_result

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_openai_admin import GetProjectRateLimitResult
    from pulumi_openai_admin.cli.limits import LimitColumn

RPM, TPM, IPM, AUDIO, RPD, BATCH = LIMIT_COLUMNS


def test_every_limit_of_openai_has_a_column() -> None:
    assert list(LIMIT_COLUMNS) == list(LIMITS)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_table_page_csv_and_json_show_the_value_of_a_column(
    column: LimitColumn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(table, "COLUMNS", (column,))
    row = limits("gpt-4o", **{name: 10_000 + place for place, name in enumerate(LIMITS)})
    value, page = column.of(row), tmp_path / "limits.html"

    def shown(html: Path | None = None, **forms: bool) -> str:
        report = LimitsReport([project_limits("Web", row)], None, Source(0, "the OpenAI API"))
        report.show(html, **{"as_json": False, **forms})
        return capsys.readouterr().out

    assert json.loads(shown(as_json=True))[0]["limits"][0][column.name] == value
    heads, cells = csv.reader(shown(as_csv=True).splitlines())
    assert dict(zip(heads, cells, strict=True))[column.name] == str(value)
    _, head, body = shown().splitlines()
    assert (head.split()[-1], body.split()[-1]) == (column.head, table.in_short(value, "none"))
    shown(html=page)
    assert f">{column.title}<" in page.read_text("utf-8")
    assert re.search(rf"<td[^>]*>{re.escape(table.in_full(value))}", page.read_text("utf-8"))


def test_projects_come_by_name_and_those_without_one_last() -> None:
    named = [("API", "proj_2"), ("api", "proj_9"), ("Search", "proj_1"), ("web", "proj_1"), (None, "proj_0")]
    projects = [project_result(name=name, project_id=id_) for name, id_ in [("", "proj_1"), *reversed(named)]]
    assert [(project.name, project.project_id) for project in in_order(projects)] == [*named, ("", "proj_1")]


def test_a_column_is_shown_with_its_greatest_number_where_any_model_has_the_limit() -> None:
    rows = [
        limits("x", **{RPM: 5, TPM: UNLIMITED}),
        limits("y", **{RPM: 50, TPM: 7, BATCH: UNLIMITED + 1, RPD: UNLIMITED, IPM: 0}),
    ]
    greatest = {RPM: 50, TPM: 7, IPM: 0, RPD: 0, BATCH: UNLIMITED + 1}
    assert {column.name: number for column, number in shown_columns(rows).items()} == greatest
    assert shown_columns([limits("x")]) == {}


@given(st.integers(0, 10**13).filter(lambda value: value != UNLIMITED))
def test_a_short_number_is_exact(value: int) -> None:
    short = table.in_short(value, "∞")
    units = {"k": 10**3, "M": 10**6, "B": 10**9}
    number = Decimal(short.rstrip("kMB").replace(",", "")) * units.get(short[-1], 1)
    assert number == value
    assert len(short) <= len(f"{value:,}")


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, ABSENT), (0, "0"), (UNLIMITED, "unlimited"), (UNLIMITED + 1, "2,147,483,648")],
)
def test_limits_in_full(value: int | None, words: str) -> None:
    assert table.in_full(value) == words


@pytest.mark.parametrize("field", LIMITS)
def test_a_limit_of_0_blocks_and_none_does_not(field: str) -> None:
    assert is_blocked(limits("x", **{field: 0}))
    assert not is_blocked(limits("x", **{field: 1}))
    assert not is_blocked(limits("x"))


def test_what_differs_is_said_with_what_most_have() -> None:
    common = {("gpt-4o", RPM): 10_000, ("gpt-4o", TPM): 0}
    here = limits("gpt-4o", **{RPM: 500, TPM: 0, BATCH: 7})
    found = {name: table.common_if_different(here, column, common) for name, column in LIMIT_COLUMNS.items()}
    assert {name: most for name, most in found.items() if most is not None} == {RPM: 10_000}
    assert not table.differs(limits("gpt-4o"), common)  # this one has no such limit


@pytest.mark.parametrize(
    ("value", "css"),
    [(None, ""), (0, "zero"), (1, "b2"), (10_000, "b20"), (100_000_000, "b100"), (10**9, "b100"), (UNLIMITED, "max")],
)
def test_a_tenth_of_a_limit_has_a_bar_shorter_by_a_fifth(value: int | None, css: str) -> None:
    assert table.css_of(value, 100_000_000) == css


def test_the_color_of_a_limit_in_the_matrix_is_beside_the_highest_number() -> None:
    projects = [
        project_limits("Web", limits("x", **{RPM: value}), project_id=f"proj_{value}")
        for value in (10_000, 5_000, UNLIMITED)
    ]
    page = LimitsReport(projects, None, Source(0, "the OpenAI API")).page()
    assert [cell.css for cell in page["matrix"].rows[0].cells.values()] == ["b100", "b50", "b100"]


def organization(*values: int) -> list[list[GetProjectRateLimitResult]]:
    return [[limits("gpt-4o", max_requests_per_1_minute=value)] for value in values]


@pytest.mark.parametrize(
    ("values", "common"), [([500, 500, 7], 500), ([500, 500, 7, 7], None), ([500], None), ([0, 0, 5], 0)]
)
def test_what_more_than_half_of_the_projects_have_is_common(values: list[int], common: int | None) -> None:
    others = [[limits("gpt-5", max_images_per_1_minute=None)]] * 4
    expected = {} if common is None else {("gpt-4o", RPM): common}
    assert common_limits([*organization(*values), *others]) == expected


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ((50, 50, 50, 10_000), {"gpt-4o": ["Requests/min 50 in 3 of 4 projects, the highest is 10,000"]}),
        ((10_000, 10_000, 10_000, 50), {}),
        ((0, 0, 2**31 - 1), {"gpt-4o": ["Requests/min 0 in 2 of 3 projects, the highest is unlimited"]}),
        ((7, 7), {}),
    ],
)
def test_a_common_value_below_the_highest_is_named(values: tuple[int, ...], says: dict[str, list[str]]) -> None:
    projects = organization(*values)
    assert low_common_limits(projects, common_limits(projects)) == says
