"""Another team acts at the same time, and replies are lost: nothing of theirs is touched.

They act exactly between two requests of ours: around the POST, while a refused POST waits for its repetition, or
between two runs. Each case has a project of its own, or a path that no other case posts to.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.lifecycle.state import has_no_response
from tests.by_hand import request
from tests.every_resource import is_chosen
from tests.full import IS_FULL
from tests.host.dynamic_host import DynamicHost
from tests.host.native_process import NativeProcess
from tests.host.provider_process import QUICK
from tests.host.scenario import AnotherTeam, Case
from tests.host.scenarios import SCENARIOS
from tests.seed import seed_of_this_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.native_process import Host

    AnyHost = DynamicHost | NativeProcess

pytestmark = pytest.mark.every_resource

UNLISTED = "OpenAI has no list of"
"""What an error says of a kind of which nobody can find what a lost request made."""
OUTSIDE_SECONDS = 3.2
"""Far enough from our POST for a clock of whole seconds to tell the two apart."""
LOST = {
    "nothing was lost": None,
    "our POST acted": {"kind": "reset", "when": "after", "times": 1},
    "our POST did not act": {"kind": "reset", "times": 1},
    "no POST of ours gets a reply": {"kind": "reset", "when": "after"},
    "no POST of ours acts": {"kind": "status", "status": 503},
}


STEPS = [
    (scenario, verb, scenario.another_team[verb.name])
    for scenario in SCENARIOS
    if is_chosen(scenario.resource.__name__)
    for verb in scenario.verbs
    if verb.name in scenario.another_team
]
PROVIDERS: tuple[Host, Host] = (DynamicHost, NativeProcess)


def test_every_resource_that_a_post_creates_has_a_step() -> None:
    for scenario in SCENARIOS:
        assert bool(scenario.another_team) != scenario.resource.handler.traits.manages_existing, scenario.resource


@dataclass
class Shared(Case):
    """One of our resources in one project, and another team's objects beside it."""

    team: AnotherTeam = field(default_factory=AnotherTeam)
    theirs: dict[str, object] = field(default_factory=dict)
    """What they have: id, and the name it has to keep."""

    def begin(self, host: AnyHost) -> None:
        """Make the project, and what both teams create objects in."""
        (self.project,) = self.server.control.seed({"projects": [{"name": "shared"}]})["projects"]
        self.prepare(host)
        assert not self.outcome.error

    def up(self, host: AnyHost) -> None:
        """One `pulumi up`; what it said is kept."""
        self.settle(host, self.verb.after)
        if UNLISTED in self.outcome.error and has_no_response(self.outcome.id):
            self.outcome.state = None  # as the message says
            self.settle(host, self.verb.after)

    def destroy(self, host: AnyHost) -> None:
        """What we have. An account that was there before is left: keys of theirs may belong to it."""
        if self.verb.before is None or has_no_response(self.outcome.id):
            self.settle(host, None)
            assert not self.outcome.error or UNLISTED in self.outcome.error

    def they_make(self, name: object) -> list[dict[str, Any]]:
        """The requests by which they create what is of the same kind as ours."""
        body = {
            key: value.format(**self.known) if isinstance(value, str) else value
            for key, value in self.team.body.items()
        }
        by = self.team.sent_as or self.team.by
        field = self.scenario.resource.declaration.fields.get(self.team.by)
        value = field.to_handler(name) if field else name
        project = {"project_id": self.project} if self.project_key else {}
        return [{"method": "POST", "path": self.path, "body": {**body, by: value}, **project}]

    def note_theirs(self) -> None:
        """Take the ids of what they created from the replies that they got."""
        for fault in self.server.control.faults():
            for reply in fault.get("replies", ()) if fault["path"] == self.path else ():
                self.note(reply["body"])

    def note(self, created: dict[str, Any]) -> None:
        self.theirs[created["id"]] = created[self.team.by]
        if isinstance(created.get("api_key"), dict):
            self.theirs[created["api_key"]["id"]] = created["api_key"]["name"]

    def assert_theirs_is_as_it_was(self) -> None:
        assert self.theirs
        assert "Traceback" not in self.outcome.told
        live = {
            path.rpartition("/")[2]: content
            for objects in self.server.control.live().values()
            for path, content in objects.items()
        }
        for id_, name in self.theirs.items():
            assert id_ in live, (id_, self.outcome.told)
            assert live[id_].get(self.team.sent_as or self.team.by, live[id_].get("name")) == name, (
                id_,
                self.outcome.told,
            )
            assert not live[id_].get("archived_at"), (id_, self.outcome.told)

    def interleave(self, requests: list[dict[str, Any]], when: str) -> None:
        self.server.control.fault(
            kind="interleave", method="POST", path=self.path, when=when, requests=requests, times=1
        )

    @property
    def project_key(self) -> str:
        """The key of the project with which both teams send requests; empty if it is the admin key."""
        return str(self.further.get(self.scenario.resource.handler.traits.project_key, ""))

    @property
    def ours(self) -> Any:
        """What `by` is of our object."""
        return documents.get(self.verb.after or {}, self.team.given_as or self.team.by)


@dataclass
class Teams:
    """All steps at the same time, half of them with each provider, beside another team."""

    cases: list[tuple[Host, Shared]] = field(repr=False)
    environ: dict[str, str]
    subtests: pytest.Subtests

    def operate(self, step: Callable[[Shared, AnyHost], None]) -> None:
        """One engine operation of each provider; what it said is kept."""
        for provider in PROVIDERS:
            cases = [case for its_provider, case in self.cases if its_provider is provider]
            if not cases:  # the run is about one resource
                continue
            with (
                provider(self.environ, {"openai-admin:maxWaitSeconds": "9"}, prelude=QUICK) as host,
                ThreadPoolExecutor(len(cases)) as pool,
            ):
                done = {case.name: pool.submit(step, case, host) for case in cases}
            for case in cases:
                case.outcome.told += host.warnings + host.stderr
                with self.subtests.test(f"{step.__name__} {case.name}"):
                    done[case.name].result()

    def assert_theirs_is_as_it_was(self) -> None:
        for _, case in self.cases:
            with self.subtests.test(case.name):
                case.assert_theirs_is_as_it_was()


def faults(*lost: str) -> pytest.MarkDecorator:
    """All steps with each lost reply: with one provider in `make test`, in turn, and with both in `make test-full`."""
    turns = range(len(PROVIDERS) if IS_FULL else 1)
    cases = [
        pytest.param(column + turn, fault, id=f"{fault}-{turn}") for column, fault in enumerate(lost) for turn in turns
    ]
    return pytest.mark.parametrize(("teams", "lost"), cases, indirect=["teams"])


@pytest.fixture
def teams(
    request: pytest.FixtureRequest, emulator: EmulatorServer, environ: dict[str, str], subtests: pytest.Subtests
) -> Teams:
    if not STEPS:
        pytest.skip("this run is about a resource that no POST creates")
    turn = seed_of_this_run() + request.param
    cases = [
        (PROVIDERS[(turn + row) % len(PROVIDERS)], Shared(emulator, scenario, verb, team=team))
        for row, (scenario, verb, team) in enumerate(STEPS)
    ]
    teams = Teams(cases, environ, subtests)
    teams.operate(Shared.begin)
    return teams


@faults(*LOST)
def test_theirs_of_another_name_made_while_ours_is_made(teams: Teams, lost: str) -> None:
    for _, case in teams.cases:
        for name, when in zip(case.team.other_names, ("before", "after"), strict=True):
            case.interleave(case.they_make(name), when)
    _up_with(teams, LOST[lost])
    for _, case in teams.cases:
        case.note_theirs()
    _go_on(teams)


@faults(*(lost for lost in LOST if lost != "nothing was lost"))
def test_theirs_of_the_same_name_made_while_ours_waits_to_be_sent(teams: Teams, lost: str) -> None:
    for _, case in teams.cases:
        case.interleave(case.they_make(case.ours), "after")
        case.server.control.fault(
            kind="throttle", method="POST", path=case.path, seconds=OUTSIDE_SECONDS, advice="retry-after-ms", times=1
        )
    _up_with(teams, LOST[lost])
    for _, case in teams.cases:
        case.note_theirs()
    _go_on(teams)


@faults("no POST of ours gets a reply", "no POST of ours acts")
def test_theirs_made_between_two_runs(teams: Teams, emulator: EmulatorServer, lost: str) -> None:
    _up_with(teams, LOST[lost])
    emulator.control.clear_faults()
    emulator.control.world(clock_offset_seconds=60)
    for _, case in teams.cases:
        (sent,) = case.they_make(case.team.other_names[0] if case.team.is_unique else case.ours)
        case.note(request(emulator, sent["method"], sent["path"], sent["body"], key=case.project_key))
    _go_on(teams)


def _up_with(teams: Teams, fault: dict[str, Any] | None) -> None:
    for _, case in teams.cases if fault else ():
        case.server.control.fault(method="POST", path=case.path, **(fault or {}))
    teams.operate(Shared.up)


def _go_on(teams: Teams) -> None:
    """The next run, and destroy: what is theirs outlives both, except keys of an account that is ours."""
    teams.assert_theirs_is_as_it_was()
    teams.cases[0][1].server.control.clear_faults()
    teams.operate(Shared.up)
    teams.assert_theirs_is_as_it_was()
    teams.operate(Shared.destroy)
    teams.assert_theirs_is_as_it_was()
