"""Another team acts at the same time, and replies are lost: nothing of theirs is touched.

They act exactly between two requests of ours: around the POST, while a refused POST waits for its repetition, or
between two runs. Each case has a project of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.host.dynamic_host import DynamicHost
from tests.host.lives import LIVES
from tests.host.native_process import NativeProcess
from tests.host.provider_process import Failure
from tests.host.selection import IS_FULL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host
    from tests.host.scripted_life import AnotherTeam, Life

QUICK = """
import pulumi_openai_admin.handlers.collection as collection, pulumi_openai_admin.handlers.creation as once
once.LOOKS = (0, 0.1, 0.3)
collection.YOUNG_SECONDS = 3
"""
OUTSIDE_SECONDS = 3.2
"""Far enough from our POST for a clock of whole seconds to tell the two apart."""
LOST = {
    "nothing was lost": None,
    "our POST acted": {"kind": "reset", "when": "after", "times": 1},
    "our POST did not act": {"kind": "reset", "times": 1},
    "no POST of ours gets a reply": {"kind": "reset", "when": "after"},
    "no POST of ours acts": {"kind": "status", "status": 503},
}


STEPS = {f"{life.resource.__name__}-{name}": (life, step) for life in LIVES for name, step in life.another_team.items()}


def test_every_resource_that_a_post_creates_has_a_step() -> None:
    for life in LIVES:
        assert bool(life.another_team) != life.resource.handler.manages_existing, life.resource


@dataclass
class Shared:
    """One of our resources in one project, and another team's objects beside it."""

    server: EmulatorServer
    life: Life
    step: AnotherTeam
    provider: Host
    project: str = ""
    further: dict[str, Any] = field(default_factory=dict)
    """The ids of what both teams create objects in."""
    theirs: dict[str, object] = field(default_factory=dict)
    """What they have: id, and the name it has to keep."""
    id: str = ""
    state: dict[str, Any] | None = None
    error: str = ""
    told: str = ""

    def prepare(self) -> None:
        (self.project,) = self.server.control.seed({"projects": [{"name": "shared"}]})["projects"]
        with self._host() as host:
            if self.life.matrix.prepare:
                self.further = self.life.matrix.prepare(host, self.project)
            if self.step.before:
                self.id, self.state = host.create(self.life.resource, self._inputs(self.step.before))

    def up(self) -> None:
        """One `pulumi up`; what it said is kept."""
        self.error = ""
        with self._host() as host:
            try:
                news = self._inputs(self.step.after)
                if self.state is None:
                    self.id, self.state = host.create(self.life.resource, news)
                elif host.diff(self.life.resource, self.id, self.state, news)[0] is not False:
                    self.state = host.update(self.life.resource, self.id, self.state, news)
            except Failure as failure:
                self.error = failure.message
                if failure.id:
                    self.id, self.state = failure.id, failure.properties
        self.told += self.error + host.warnings + host.stderr

    def destroy(self) -> None:
        if self.state is not None:
            with self._host() as host:
                host.delete(self.life.resource, self.id, self.state)
            self.told += host.warnings + host.stderr

    def they_make(self, name: object) -> list[dict[str, Any]]:
        """The requests by which they create what is of the same kind as ours."""
        body = {
            key: value.format(**self._known) if isinstance(value, str) else value
            for key, value in self.step.body.items()
        }
        by = self.step.sent_as or self.step.by
        return [{"method": "POST", "path": self.post, "body": {by: name, **body}}]

    def note_theirs(self) -> None:
        """Take the ids of what they created from the replies that they got."""
        for fault in self.server.control.faults():
            for reply in fault.get("replies", ()):
                self.note(reply["body"])

    def note(self, created: dict[str, Any]) -> None:
        self.theirs[created["id"]] = created[self.step.by]
        if isinstance(created.get("api_key"), dict):
            self.theirs[created["api_key"]["id"]] = created["api_key"]["name"]

    def assert_theirs_is_as_it_was(self) -> None:
        assert self.theirs
        assert "Traceback" not in self.told
        live = {
            path.rpartition("/")[2]: content
            for objects in self.server.control.live().values()
            for path, content in objects.items()
        }
        for id_, name in self.theirs.items():
            assert id_ in live, (id_, self.told)
            assert live[id_].get(self.step.sent_as or self.step.by, live[id_].get("name")) == name, (id_, self.told)
            assert not live[id_].get("archived_at"), (id_, self.told)

    def interleave(self, requests: list[dict[str, Any]], when: str) -> None:
        self.server.control.fault(
            kind="interleave", method="POST", path=self.post, when=when, requests=requests, times=1
        )

    @property
    def post(self) -> str:
        return self.step.path.format(**self._known)

    @property
    def _known(self) -> dict[str, Any]:
        return {**(self.state or {}), **self.further, "project_id": self.project}

    def _inputs(self, inputs: dict[str, Any]) -> dict[str, Any]:
        project = {"project_id": self.project} if self.life.has_project else {}
        return {**project, **self.further, **inputs}

    def _host(self) -> DynamicHost | NativeProcess:
        environ = {"OPENAI_ADMIN_KEY": self.server.admin_key, "OPENAI_BASE_URL": self.server.base_url}
        return self.provider(environ, {"openai-admin:maxWaitSeconds": "9"}, prelude=QUICK)


def faults(*lost: str) -> pytest.MarkDecorator:
    """Each step with each lost reply: with one provider in `make test`, in turn, and with both in `make test-full`."""
    providers: list[Host] = [DynamicHost, NativeProcess]
    cases = [
        pytest.param((STEPS[step], provider), fault, id=f"{step}-{fault}-{provider.__name__}")
        for (row, step), (column, fault), (place, provider) in product(*map(enumerate, (STEPS, lost, providers)))
        if IS_FULL or (row + column) % len(providers) == place
    ]
    return pytest.mark.parametrize(("case", "lost"), cases, indirect=["case"])


@pytest.fixture
def case(request: pytest.FixtureRequest, emulator: EmulatorServer) -> Iterator[Shared]:
    step, provider = request.param
    case = Shared(emulator, *step, provider)
    case.prepare()
    yield case
    emulator.control.clear_faults()
    emulator.control.world(clock_offset_seconds=0)


@faults(*LOST)
def test_theirs_of_another_name_made_while_ours_is_made(case: Shared, lost: str) -> None:
    for name, when in zip(case.step.other_names, ("before", "after"), strict=True):
        case.interleave(case.they_make(name), when)
    _up_with(case, LOST[lost])
    case.note_theirs()
    _go_on(case)


@faults(*(lost for lost in LOST if lost != "nothing was lost"))
def test_theirs_of_the_same_name_made_while_ours_waits_to_be_sent(case: Shared, lost: str) -> None:
    name = case.step.after[case.step.by]
    case.interleave(case.they_make(name), "after")
    case.server.control.fault(
        kind="throttle", method="POST", path=case.post, seconds=OUTSIDE_SECONDS, advice="retry-after-ms", times=1
    )
    _up_with(case, LOST[lost])
    case.note_theirs()
    _go_on(case)


@faults("no POST of ours gets a reply", "no POST of ours acts")
def test_theirs_made_between_two_runs(case: Shared, lost: str) -> None:
    _up_with(case, LOST[lost])
    case.server.control.clear_faults()
    case.server.control.world(clock_offset_seconds=60)
    (request,) = case.they_make(case.step.other_names[0] if case.step.is_unique else case.step.after[case.step.by])
    headers = {"Authorization": f"Bearer {case.server.admin_key}"}
    path = case.server.base_url + request["path"]
    case.note(requests.request(request["method"], path, json=request["body"], headers=headers, timeout=10).json())
    _go_on(case)


def _up_with(case: Shared, fault: dict[str, Any] | None) -> None:
    if fault:
        case.server.control.fault(method="POST", path=case.post, **fault)
    case.up()


def _go_on(case: Shared) -> None:
    """The next run, and destroy: what is theirs outlives both, except keys of an account that is ours."""
    case.assert_theirs_is_as_it_was()
    case.server.control.clear_faults()
    case.up()
    case.assert_theirs_is_as_it_was()
    if case.step.before is None:
        case.destroy()
        case.assert_theirs_is_as_it_was()
