"""Whatever is lost on the way, and in whatever order: once rows are let go, they hold what they did before."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
import requests_mock
from hypothesis import given
from hypothesis import strategies as st

from pulumi_openai_admin import ProjectRateLimit, ProjectRateLimits
from tests.unit.fakes import FakeOpenAI
from tests.unit.scenario import FATES, SCENARIOS, Scenario

if TYPE_CHECKING:
    from pulumi_openai_admin.http.requestor import Requestor

RPM, TPM = "max_requests_per_1_minute", "max_tokens_per_1_minute"
BEFORE = {"a": {RPM: 500, TPM: 30_000}, "b": {RPM: 900, TPM: 90_000}}
"""The rows by model, before anybody looks after them."""

LIMITS = st.dictionaries(st.sampled_from([RPM, TPM]), st.sampled_from([0, 60, 70, 500]), min_size=1)
ONE_ROW = LIMITS.map(lambda limits: {"project_id": "proj_1", "model": "a", **limits})
ALL_ROWS = st.builds(
    lambda limits, others: {"project_id": "proj_1", "limits": limits, **others},
    st.dictionaries(st.sampled_from(["a", "b", "*"]), LIMITS),
    st.one_of(st.just({}), LIMITS.map(lambda limits: {"others": limits})),
)
FAULTS = st.dictionaries(st.sampled_from(["POST rl-a$", "POST rl-b$"]), st.sampled_from(sorted(FATES)))


@pytest.mark.parametrize(
    ("resource", "inputs"),
    [(ProjectRateLimit, ONE_ROW), (ProjectRateLimits, ALL_ROWS)],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_rows_that_are_let_go_hold_what_they_did(
    resource: type[Any],
    inputs: st.SearchStrategy[dict[str, Any]],
    requestor: Requestor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    @SCENARIOS
    @given(st.lists(st.one_of(st.none(), st.tuples(inputs, FAULTS)), max_size=6))
    def live(steps: list[tuple[dict[str, Any], dict[str, str]] | None]) -> None:
        caplog.clear()
        with requests_mock.Mocker() as mock:
            openai = FakeOpenAI(mock)
            for model, limits in BEFORE.items():
                openai.add_row(model, **limits)
            scenario = Scenario(resource, openai, requestor)
            for step in steps:
                scenario.up(*step) if step else scenario.refresh({})
            scenario.destroy({})
        assert {row["model"]: {RPM: row[RPM], TPM: row[TPM]} for row in openai.rows.values()} == BEFORE
        warnings = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
        assert [warning for warning in warnings if "matches" not in warning and "Waiting" not in warning] == []

    live()
