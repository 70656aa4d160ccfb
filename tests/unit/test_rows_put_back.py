"""Whatever is lost on the way, and in whatever order: once rows are let go, they hold what they did before.

The whole of a resource's life without processes, so that thousands of them can be lived.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import requests_mock
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_openai_admin import ProjectRateLimit, ProjectRateLimits, errors
from pulumi_openai_admin.api.client import Client
from pulumi_openai_admin.provider import state
from tests.unit.fakes import FakeOpenAI, through_pulumi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.api.requestor import Requestor

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
LOST, REFUSED = 500, 403
FATES = {
    "not made": [(LOST, False, 99)],
    "made": [(LOST, True, 99)],
    "made late": [(LOST, False, 99)],
    "refused": [(REFUSED, False, 99)],
    "not made, then refused": [(LOST, False, 1), (REFUSED, False, 99)],
    "made, then refused": [(LOST, True, 1), (REFUSED, False, 99)],
    "refused once": [(REFUSED, False, 1)],
    "refused the second time": [(LOST, True, 1), (REFUSED, False, 1)],
}
"""What becomes of a row's changes in one run: statuses, whether OpenAI acts all the same, how often."""
FAULTS = st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(sorted(FATES)))


@dataclass
class Life:
    """A resource from one run to the next, as the engine has it."""

    resource: type[Any]
    openai: FakeOpenAI
    requestor: Requestor
    id: str = ""
    outputs: dict[str, Any] = field(default_factory=dict)

    def up(self, inputs: dict[str, Any], faults: dict[str, str]) -> None:
        """Create or update, while the replies to changes of some rows are lost."""
        declaration, endpoint = self.resource.declaration, self.resource.endpoint
        remote = self._remote() if self.id else state.new_remote(declaration, inputs)
        with self._losing(faults):
            try:
                step = endpoint.update if self.id else endpoint.create
                step(Client(self.requestor), remote, state.to_wanted(declaration, inputs))
                remote.unfinished = []
            except errors.AdminError as error:
                if not remote.has_changed:
                    return
                remote.unfinished = [str(error)]
        self.id = state.make_id(declaration, remote)
        self.outputs = state.to_outputs(declaration, remote, inputs)

    def refresh(self) -> None:
        if self.id:
            remote = self._remote()
            self.resource.endpoint.read(Client(self.requestor), remote)
            self.outputs = state.to_outputs(self.resource.declaration, remote, state.managed_inputs(self.outputs) or ())

    def destroy(self) -> None:
        if self.id:
            self.resource.endpoint.delete(Client(self.requestor), self._remote())

    def _remote(self) -> Any:
        return state.to_remote(self.resource.declaration, self.id, through_pulumi(self.outputs))

    @contextmanager
    def _losing(self, faults: dict[str, str]) -> Iterator[None]:
        before = len(self.openai.calls)
        for model, fate in faults.items():
            for status, acts, times in FATES[fate]:
                self.openai.surprise("POST", f"rl-{model}$", (status, {}), acts=acts, times=times)
        yield
        self.openai.surprises.clear()
        for method, path, body in self.openai.calls[before:]:
            if method == "POST" and faults.get(path.rpartition("rl-")[2]) == "made late":
                self.openai._answer(method, path, body)


@pytest.mark.parametrize(
    ("resource", "inputs"),
    [(ProjectRateLimit, ONE_ROW), (ProjectRateLimits, ALL_ROWS)],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_rows_that_are_let_go_hold_what_they_did(
    resource: type[Any],
    inputs: st.SearchStrategy[dict[str, Any]],
    requestor: Requestor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    @settings(deadline=None, max_examples=150)
    @given(st.lists(st.one_of(st.none(), st.tuples(inputs, FAULTS)), max_size=6))
    def live(steps: list[tuple[dict[str, Any], dict[str, str]] | None]) -> None:
        caplog.clear()
        with requests_mock.Mocker() as mock:
            openai = FakeOpenAI(mock)
            for model, limits in BEFORE.items():
                openai.add_row(model, **limits)
            life = Life(resource, openai, requestor)
            for step in steps:
                life.up(*step) if step else life.refresh()
            life.destroy()
        assert {row["model"]: {RPM: row[RPM], TPM: row[TPM]} for row in openai.rows.values()} == BEFORE
        warnings = [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]
        assert [one for one in warnings if "matches" not in one and "Waiting" not in one] == []

    live()
