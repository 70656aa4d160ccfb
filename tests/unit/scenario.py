"""A resource from one engine operation to the next, without processes."""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import errors
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.lifecycle import lost, state
from pulumi_openai_admin.lifecycle.read import _read_known
from tests.unit.fakes import through_pulumi

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_openai_admin.http.requestor import Requestor
    from tests.unit.fakes import FakeOpenAI

_SECONDS = 50
"""The time limit of an update: it ends before a lost request can no longer act."""


@dataclass
class Scenario:
    """A resource as the engine has it.

    `faults` name requests without a response: `{"POST rl-a$": "made late"}`. OpenAI acts when it gets them ("made"), or
    when the run is over.
    """

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
        for request, fate in faults.items():
            method, _, path = request.partition(" ")
            acts = (lambda: late.append(self.openai.calls[-1])) if fate == "made late" else True
            self.openai.surprise(method, path, (500, {}), acts=acts, times=99)
        yield
        self.openai.surprises.clear()
        for call in late:
            self.openai._answer(*call)
