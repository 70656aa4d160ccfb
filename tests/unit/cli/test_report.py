"""How a report is drawn from its columns, and which words values have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.cli.report import Column, all_values, print_csv, print_table
from pulumi_openai_admin.cli.words import ABSENT, in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = tuple[str, int | None]
COLUMNS = (
    Column[Row]("name", lambda row: row[0], {"name": lambda row: row[0]}),
    Column[Row]("none", lambda _: None),
    Column[Row](
        "number",
        lambda row: None if row[1] is None else f"{row[1]:,}",
        {"number": lambda row: row[1], "is_even": lambda row: row[1] is not None and row[1] % 2 == 0},
        is_number=True,
    ),
)


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    def shown(*rows: Row, width: int = 80, as_csv: bool = False) -> Sequence[str]:
        monkeypatch.setenv("COLUMNS", str(width))
        if as_csv:
            print_csv(all_values(COLUMNS), rows)
        else:
            print_table(COLUMNS, rows, (3, 1))
        return [line.rstrip() for line in capsys.readouterr().out.splitlines()]

    return shown


def test_a_column_without_a_value_is_omitted_and_a_missing_value_is_a_dash(lines: Any) -> None:
    assert lines(("Shop", 1_000), ("Search", None)) == [
        "name     number",
        "Shop      1,000",
        f"Search        {ABSENT}",
    ]
    assert lines() == []


def test_a_narrow_table_has_narrower_gaps_and_then_breaks_strings(lines: Any) -> None:
    assert lines(("Searching", 1_000), width=16) == ["name      number", "Searching  1,000"]
    assert lines(("Searching", 1_000), width=14) == ["name    number", "Searchi  1,000", "ng"]
    assert lines(("Searching", 1_000_000), width=17)[1] == "Searchi 1,000,000"


def test_more_rows_than_are_measured_at_a_time_have_one_head(lines: Any) -> None:
    shown = lines(*(("Shop", number) for number in range(501)))
    assert len(shown) == 502
    assert [line for line in shown if "number" in line] == shown[:1]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])  # noqa: RUF001 - they are tested
def test_csv_has_no_formula_where_a_semicolon_separates_cells(lines: Any, sign: str) -> None:
    (_, row) = lines((f"a;{sign}1;b{sign}1; {sign}2", None), as_csv=True)
    assert row == f"a;'{sign}1;b{sign}1; '{sign}2,,False"


def test_csv_has_heads_without_rows_and_no_formulas(lines: Any) -> None:
    assert lines(as_csv=True) == ["name,number,is_even"]
    shown = lines(*((text, 2) for text in ("=1", "+1", "-1", "@x", "1=1")), as_csv=True)
    assert [line.partition(",")[0] for line in shown[1:]] == ["'=1", "'+1", "'-1", "'@x", "1=1"]


# Values of resources as people write them (`cli/words.py`)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("name",), None, ABSENT),
        (("name",), "Shop", "Shop"),
        (("exclusive",), True, "true"),
        (("max_requests_per_1_minute",), 10_000, "10,000"),
        (("threshold_amount",), 123_456, "$1,234.56"),
        (("threshold_amount",), 100_000, "$1,000"),
        (("created_at",), 1_795_662_634, "2026-11-26 03:10 UTC"),
        (("created_at",), 5, "5"),
        (("model_ids",), ["gpt-4o", "gpt-4.1"], "gpt-4o, gpt-4.1"),
        (("model_ids",), [], "(empty)"),
        (("provider",), {"type": "aws"}, '{"type": "aws"}'),
    ],
)
def test_a_value(path: tuple[str, ...], value: Any, words: str) -> None:
    assert in_words(path, value) == words
