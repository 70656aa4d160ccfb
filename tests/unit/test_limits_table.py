from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_openai_admin import GetProjectRateLimitResult
from pulumi_openai_admin.cli import limits_table as table
from pulumi_openai_admin.cli.limits_table import UNLIMITED, ProjectLimits, Survey
from pulumi_openai_admin.resources.project_rate_limits import LIMITS
from tests.results import project_result

RPM, TPM, IPM, AUDIO, RPD, BATCH = LIMITS


def limits(model: str, **values: int) -> GetProjectRateLimitResult:
    fields: dict[str, Any] = dict.fromkeys(LIMITS) | values
    return GetProjectRateLimitResult(project_id="proj_1", rate_limit_id=f"rl-{model}", model=model, **fields)


def project(name: str | None, *rows: GetProjectRateLimitResult, project_id: str = "proj_1") -> ProjectLimits:
    return ProjectLimits(project_result(project_id=project_id, name=name), rows)


def test_every_field_has_a_title_and_no_two_have_the_same() -> None:
    assert set(table.TITLES) == set(LIMITS)
    assert len(set(table.TITLES.values())) == len(LIMITS)
    assert max(map(len, table.TITLES.values())) <= 16


def test_projects_come_by_name_whatever_its_case_and_those_without_one_last() -> None:
    projects = [
        project(None, project_id="proj_0"),
        project("web"),
        project("Search"),
        project("", project_id="proj_1"),
        project("api", project_id="proj_9"),
        project("API", project_id="proj_2"),
    ]
    assert [
        (each_project.name, each_project.project_id)
        for each_project in table.in_order(each_project.project for each_project in projects)
    ] == [
        ("API", "proj_2"),
        ("api", "proj_9"),
        ("Search", "proj_1"),
        ("web", "proj_1"),
        (None, "proj_0"),
        ("", "proj_1"),
    ]


def test_models_come_by_name_whatever_its_case() -> None:
    assert [row.model for row in table.models_in_order([limits("o3"), limits("GPT-5"), limits("gpt-4o")])] == [
        *("gpt-4o", "GPT-5", "o3"),
    ]


def test_a_column_is_shown_where_any_model_has_the_limit_and_0_is_one() -> None:
    projects = [project("a", limits("x", **{BATCH: 5})), project("b", limits("y", **{RPM: 0})), project("c")]
    assert Survey.of(projects, None).fields == (RPM, BATCH)
    assert Survey.of([project("c", limits("x"))], None).fields == ()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1_000, "1k"),
        (1_500, "1.5k"),
        (10_000, "10k"),
        (12_345, "12,345"),
        (150_000_000, "150M"),
        (1_234_000, "1.234M"),
        (1_234_567, "1,234,567"),
        (5_000_000_000, "5B"),
        (15_000_000_000, "15B"),
        (UNLIMITED, "∞"),
        (UNLIMITED + 1, "2,147,483,648"),
        (2_000_000_000_000, "2,000,000,000,000"),
    ],
)
def test_numbers_in_short(value: int, words: str) -> None:
    assert table.in_short(value, "∞") == words


@given(st.integers(0, 10**13).filter(lambda value: value != UNLIMITED))
def test_a_short_number_is_exact(value: int) -> None:
    short = table.in_short(value, "∞")
    units = {"k": 10**3, "M": 10**6, "B": 10**9}
    number = Decimal(short.rstrip("kMB").replace(",", "")) * units.get(short[-1], 1)
    assert number == value
    assert len(short) <= len(f"{value:,}")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, table.NOTHING),
        (0, "0"),
        (999, "999"),
        (1_234_567, "1,234,567"),
        (UNLIMITED, "unlimited"),
        (UNLIMITED + 1, "2,147,483,648"),
        (15_000_000_000, "15,000,000,000"),
    ],
)
def test_numbers_in_words(value: int | None, words: str) -> None:
    assert table.in_words(value) == words


@pytest.mark.parametrize("field", LIMITS)
def test_a_limit_of_0_blocks_and_none_does_not(field: str) -> None:
    assert table.is_blocked(limits("x", **{field: 0}))
    assert not table.is_blocked(limits("x", **{field: 1}))
    assert not table.is_blocked(limits("x"))


def test_what_differs_is_said_with_what_most_have() -> None:
    common = {("gpt-4o", RPM): 10_000, ("gpt-4o", TPM): 0}
    here = limits("gpt-4o", **{RPM: 500, TPM: 0, BATCH: 7})
    assert table.common_if_different(here, RPM, common) == 10_000
    assert table.common_if_different(here, TPM, common) is None
    assert table.common_if_different(here, BATCH, common) is None  # nothing is common
    assert table.common_if_different(here, RPM, None) is None
    assert table.common_if_different(limits("gpt-4o", **{TPM: 5}), TPM, common) == 0
    assert table.common_if_different(limits("gpt-4o"), RPM, common) is None  # this one has no such limit
    assert table.common_if_different(limits("other", **{RPM: 1}), RPM, common) is None
    assert table.differs(here, common)
    assert not table.differs(here, None)
    assert not table.differs(limits("gpt-4o", **{RPM: 10_000}), common)


def test_bars_compare_with_the_greatest_number_of_the_field_in_all_projects() -> None:
    projects = [
        project("a", limits("x", **{RPM: 5, TPM: UNLIMITED})),
        project("b", limits("y", **{RPM: 50, TPM: 7, BATCH: UNLIMITED + 1, RPD: UNLIMITED, IPM: 0})),
    ]
    survey = Survey.of(projects, {("x", RPM): 50})
    assert survey.greatest == {RPM: 50, TPM: 7, IPM: 0, RPD: 0, BATCH: UNLIMITED + 1}
    assert survey.models == {"x", "y"}
    assert [(each_project.rows, each_project.blocked, each_project.different) for each_project in survey.projects] == [
        (1, 0, 1),
        (1, 1, 0),
    ]


@pytest.mark.parametrize(
    ("value", "share"),
    [
        (None, 0),
        (0, 0),
        (1, table.MIN_BAR),
        (10_000, 0.2),
        (10_000_000, 0.8),
        (100_000_000, 1),
        (UNLIMITED, 1),
    ],
)
def test_a_tenth_of_a_limit_has_a_bar_shorter_by_a_fifth(value: int | None, share: float) -> None:
    assert table.share_of_bar(value, 100_000_000) == pytest.approx(share)


def test_a_bar_where_nothing_is_comparable_is_whole_or_none() -> None:
    assert table.share_of_bar(UNLIMITED, 0) == 1
    assert table.share_of_bar(0, 0) == 0
