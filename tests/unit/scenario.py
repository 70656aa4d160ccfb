"""A resource from one engine operation to the next, without processes, so that thousands of scenarios can be lived."""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hypothesis import settings

from pulumi_openai_admin import errors
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.lifecycle import lost, state
from pulumi_openai_admin.lifecycle.read import _read_known
from tests.full import IS_FULL
from tests.unit.fakes import through_pulumi

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_openai_admin.http.requestor import Requestor
    from tests.unit.fakes import FakeOpenAI

SCENARIOS = settings(deadline=None, max_examples=300 if IS_FULL else 50, derandomize=False)
"""Some random scenarios: others with each seed (`tests/seed.py`), also in CI, where Hypothesis would repeat them."""
LOST, REFUSED = 500, 403
_SECONDS = 50
"""The time limit of an update: it ends before a lost request can no longer act."""
NEVER, AT_ONCE, LATE = "never", "at once", "when the run is over"
FATES = {
    "not made": [(LOST, NEVER, 99)],
    "not made once": [(LOST, NEVER, 1)],
    "made": [(LOST, AT_ONCE, 99)],
    "made once": [(LOST, AT_ONCE, 1)],
    "made late": [(LOST, LATE, 99)],
    "refused": [(REFUSED, NEVER, 99)],
    "refused once": [(REFUSED, NEVER, 1)],
    "not made, then refused": [(LOST, NEVER, 1), (REFUSED, NEVER, 99)],
    "made, then refused": [(LOST, AT_ONCE, 1), (REFUSED, NEVER, 99)],
    "made, then refused once": [(LOST, AT_ONCE, 1), (REFUSED, NEVER, 1)],
}
"""What becomes of some requests of one run: statuses, when OpenAI acts all the same, how often."""


@dataclass
class Scenario:
    """A resource as the engine has it; `faults` name fates of requests: `{"POST rl-a$": "made late"}`."""

    resource: type[Any]
    openai: FakeOpenAI
    requestor: Requestor
    id: str = ""
    outputs: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    def wait(self, seconds: int) -> None:
        """Let time pass at OpenAI, of which the next operation learns from a reply."""
        self.openai.now += seconds
        self.requestor.clock.set(self.openai.now)

    def up(self, inputs: dict[str, Any], faults: Mapping[str, str]) -> None:
        """Create or update; what a failed step did is kept."""
        declaration, endpoint, self.error = self.resource.declaration, self.resource.handler, ""
        with self._faults(faults):
            if lost.is_unknown(self.id):
                self._destroy()
                if self.error:
                    return
            remote = self._remote() if self.id else state.new_remote(declaration, inputs)
            try:
                step = endpoint.update if self.id else endpoint.create
                wanted = state.to_wanted(declaration, inputs)
                remote.options = wanted.options
                client = Client(self.requestor)
                with client.operation(_SECONDS):
                    step(client, remote, wanted)
                    if self.id:
                        lost.resolve(self.resource, client, remote)
                remote.pending, remote.due = [], []
            except errors.AdminError as error:
                self.error = str(error)
                lost.become_unknown(remote, state.to_wanted(declaration, inputs))
                if not (remote.id and remote.step.has_changed):
                    return
                remote.pending = [self.error]
        self._keep(remote, inputs)

    def refresh(self, faults: Mapping[str, str]) -> None:
        """Read; what is gone leaves the state."""
        if not self.id:
            return
        remote = self._remote()
        with self._faults(faults):
            try:
                _read_known(self.resource, Client(self.requestor), remote)
            except errors.ResourceGoneError:
                self.id = ""
                return
            except errors.AdminError:
                return
        self._keep(remote, dict.fromkeys(state.managed_inputs(self.outputs) or ()))

    def destroy(self, faults: Mapping[str, str]) -> None:
        """Delete, or put back."""
        self.error = ""
        if not self.id:
            return
        with self._faults(faults):
            self._destroy()

    def _destroy(self) -> None:
        client, remote = Client(self.requestor), self._remote()
        try:
            if not lost.is_unknown(self.id):
                self.resource.handler.delete(client, remote)
            lost.resolve(self.resource, client, remote, math.inf)
        except errors.AdminError as error:
            self.error = str(error)
        else:
            self.id = ""

    def _remote(self) -> Any:
        return state.to_remote(self.resource.declaration, self.id, through_pulumi(self.outputs))

    def _keep(self, remote: Any, inputs: Mapping[str, Any]) -> None:
        self.id = state.make_id(self.resource.declaration, remote)
        self.outputs = state.outputs(self.resource.declaration, remote, inputs).values

    @contextmanager
    def _faults(self, faults: Mapping[str, str]) -> Iterator[None]:
        late: list[tuple[str, str, Any]] = []
        acts = {NEVER: False, AT_ONCE: True, LATE: lambda: late.append(self.openai.calls[-1])}
        for request, fate in faults.items():
            method, _, path = request.partition(" ")
            for status, when, times in FATES[fate]:
                self.openai.surprise(method, path, (status, {}), acts=acts[when], times=times)
        yield
        self.openai.surprises.clear()
        for call in late:
            self.openai._answer(*call)
