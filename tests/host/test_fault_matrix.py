"""Every fault meets every kind of resource and every action, through a real process of each provider.

Each case has a project of its own, so that many run at once. What has to hold is the rule of the resource's scenario.
`make test` runs a selection in which each fault meets each kind, another one with each seed (`tests/seed.py`).
`make test-full` runs the whole matrix:

    TESTS=full [TEST_RESOURCE=Group] python -m pytest tests/host/test_fault_matrix.py
"""

from __future__ import annotations

import json
import random
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import ProjectServiceAccount
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.lifecycle.state import has_no_response
from pulumi_openai_admin.resources import ALL
from tests.every_resource import is_chosen
from tests.full import IS_FULL
from tests.host.provider_process import QUICK, DynamicProcess, NativeProcess
from tests.host.scenario import Case
from tests.host.scenarios import SCENARIOS
from tests.seed import seed_of_this_run
from tools.stacks import environ_of

if TYPE_CHECKING:
    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.scenario import Scenario, Verb

pytestmark = pytest.mark.every_resource

FAULTS: dict[str, dict[str, Any]] = {
    "500": {"kind": "status", "status": 500},
    "500-after": {"kind": "status", "status": 500, "when": "after"},
    "503-bare": {"kind": "status", "status": 503, "shape": "bare"},
    "408-after": {"kind": "status", "status": 408, "when": "after"},
    "502-html": {"kind": "status", "status": 502, "body": "<html><h1>Bad gateway</h1></html>"},
    "403-string": {
        "kind": "status",
        "status": 403,
        "shape": "string",
        "message": "Missing scopes: api.management.write.",
    },
    "401": {"kind": "status", "status": 401},
    "429-text": {"kind": "throttle", "seconds": 0.2, "advice": "text"},
    "429-header": {"kind": "throttle", "seconds": 0.2, "advice": "retry-after-ms"},
    "429-silent": {"kind": "throttle", "seconds": 0.2, "advice": "none"},
    "spend-limit": {"kind": "throttle", "code": "project_spend_limit_exceeded"},
    "delay": {"kind": "delay", "seconds": 0.3},
    "hang-before": {"kind": "hang"},
    "hang-after": {"kind": "hang", "when": "after"},
    "acts-late": {"kind": "delay", "seconds": 1.0},
    "reset-before": {"kind": "reset"},
    "reset-after": {"kind": "reset", "when": "after"},
    "truncated": {"kind": "truncate"},
    "not-json": {"kind": "not_json"},
    "empty": {"kind": "empty_body"},
    "without-id": {"kind": "without_id"},
    "null-key": {"kind": "null_api_key"},
    "redirect": {"kind": "redirect", "location": "http://127.0.0.1:1/elsewhere"},
    "no-cursor": {"kind": "paging", "how": "no_cursor"},
    "repeated-cursor": {"kind": "paging", "how": "repeated_cursor"},
    "endless": {"kind": "paging", "how": "endless"},
}
DURATIONS = {"once": 1, "for-good": None}
PROVIDERS: dict[str, type[DynamicProcess]] = {"dynamic": DynamicProcess, "native": NativeProcess}
PROCESSES = 3
AT_A_TIME = 16
"""How many steps a process serves at a time."""
PATIENT = {"openai-admin:readTimeoutSeconds": "0.7"}
IMPATIENT = {**PATIENT, "openai-admin:maxWaitSeconds": "1.5"}


STEPS = [(scenario, verb) for scenario in SCENARIOS for verb in scenario.verbs]


@lru_cache
def selected() -> set[tuple[str, str, str, str, str]]:
    """Fault, duration, provider, kind and verb: each kind meets each fault once, with its verbs in turn."""
    rng, found = random.Random(seed_of_this_run()), set[tuple[str, str, str, str, str]]()  # noqa: S311 - no secret
    for scenario in SCENARIOS:
        turns = [
            (verb, *how)
            for how in rng.sample([*product(DURATIONS, PROVIDERS)], len(DURATIONS) * len(PROVIDERS))
            for verb in rng.sample(scenario.verbs, len(scenario.verbs))
        ]
        for fault in rng.sample([*FAULTS], len(FAULTS)):
            if turn := next((turn for turn in turns if _changes_something(fault, scenario, turn[0])), None):
                turns.append(turns.pop(turns.index(turn)))
                verb, duration, provider = turn
                found.add((fault, duration, provider, scenario.resource.__name__, verb.name))
    return found


def _changes_something(fault: str, scenario: Scenario, verb: Verb) -> bool:
    kind = FAULTS[fault]["kind"]
    if kind == "paging":
        return scenario.method_of(verb) == "GET"
    return kind != "null_api_key" or scenario.resource is ProjectServiceAccount


@pytest.mark.timeout(1800 if IS_FULL else 180)
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("duration", DURATIONS)
@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost(emulator: EmulatorServer, fault: str, duration: str, provider: str) -> None:
    steps_of_all = [
        (scenario, verb)
        for scenario, verb in STEPS
        if is_chosen(kind := scenario.resource.__name__)
        and (IS_FULL or (fault, duration, provider, kind, verb.name) in selected())
    ]
    for place, steps in enumerate(_rounds(steps_of_all)):
        if place:
            emulator.control.reset()
        run = _Run(emulator, fault, duration, provider, steps)
        run.prepare()
        run.check(run.settle_all(run.cases, run.config))
        run.go_on()
        run.assert_no_key_shows()


def _rounds(steps: list[tuple[Scenario, Verb]]) -> list[list[tuple[Scenario, Verb]]]:
    """All steps, in as few rounds as hold one step of each setting of the organization, of which there is only one."""
    rounds: list[list[tuple[Scenario, Verb]]] = [[]]
    met: Counter[str] = Counter()
    for scenario, verb in steps:
        place = met[scenario.resource.__name__] if scenario.is_one_of_a_kind else 0
        met[scenario.resource.__name__] += 1
        rounds += [[] for _ in range(place + 1 - len(rounds))]
        rounds[place].append((scenario, verb))
    return rounds


def test_no_resource_and_no_action_is_left_out() -> None:
    assert [scenario.resource.__name__ for scenario in SCENARIOS] == list(ALL)
    for scenario in SCENARIOS:
        assert {verb.action for verb in scenario.verbs} == scenario.needed_actions, scenario.resource
        assert bool(scenario.another_team) != scenario.resource.handler.traits.manages_existing, scenario.resource
    wanted = {(scenario.resource.__name__, verb.name) for scenario, verb in STEPS}
    assert {(kind, verb) for *_, kind, verb in selected()} == wanted


class _Run:
    """Some verbs meet one fault, each in a project of its own."""

    def __init__(
        self, server: EmulatorServer, fault: str, duration: str, provider: str, steps: list[tuple[Scenario, Verb]]
    ) -> None:
        self.server = server
        self.provider = PROVIDERS[provider]
        self.fault = {**FAULTS[fault], "times": DURATIONS[duration]}
        self.config = PATIENT if DURATIONS[duration] else IMPATIENT
        self.environ = {**environ_of(server), "OPENAI_LOG": "debug"}
        self.stderr = ""
        self.cases = [Case(server, scenario, verb) for scenario, verb in steps]

    def prepare(self) -> None:
        ids = self.server.control.seed({"projects": [{"name": case.name} for case in self.cases]})["projects"]
        with self.provider(self.environ) as host:
            for case, project in zip(self.cases, ids, strict=True):
                case.project = project
                case.prepare(host)
        for case in self.cases:
            pattern = re.escape(case.path).replace(r"\*", "[^/]+")
            self.server.control.fault(method=case.scenario.method_of(case.verb), path_regex=pattern, **self.fault)

    def settle_all(self, cases: list[Case], config: dict[str, str]) -> str:
        """All cases at once, in as few processes as serve them; what the user was warned of."""
        processes = min(PROCESSES, -(-len(cases) // AT_A_TIME))
        shares = [cases[first::processes] for first in range(processes)]

        def settle(share: list[Case]) -> str:
            with self.provider(self.environ, config, prelude=QUICK) as host, ThreadPoolExecutor(AT_A_TIME) as pool:
                list(pool.map(lambda case: case.settle(host, case.verb.after), share))
            self.stderr += host.stderr + "".join(message for _, message in host.engine.notes)
            return host.warnings

        with ThreadPoolExecutor(PROCESSES) as pool:
            return "\n".join(pool.map(settle, shares))

    def go_on(self) -> None:
        """The fault is over, and the user runs the same command."""
        self.server.control.clear_faults()
        while self.fault["kind"] == "delay" and any(call["ended"] == "open" for call in self.server.control.requests()):
            time.sleep(0.05)  # what acts late acts before the next run, however slow this machine is
        failed = [case for case in self.cases if case.outcome.error]
        warnings = self.settle_all(failed, {})
        unlisted = [case for case in failed if case.outcome.error and has_no_response(case.outcome.id)]
        for case in unlisted:
            assert "OpenAI has no list of" in case.outcome.error
            assert "`pulumi state delete 'urn:" in case.outcome.error
            case.outcome.state = None  # as the message says
        warnings += self.settle_all(unlisted, {})
        unique = [case for case in failed if any(team.is_unique for team in case.scenario.another_team.values())]
        taken = [case for case in unique if case.outcome.error]  # OpenAI refuses a second object of the same name
        self._delete([(case, orphan) for case in taken for orphan in self._namesakes(case)])  # as the message says
        warnings += self.settle_all(taken, {})
        left = [(case, orphan) for case in failed for orphan in sorted(case.scenario.rule.orphans(case))]
        assert not [case.outcome for case in failed if case.outcome.error]
        for case, orphan in left:
            told = case.outcome.told + warnings
            assert orphan in told or "may have been created" in told, (case, orphan, told)
        self._delete(left)  # as the message says
        self.check(warnings)

    def _namesakes(self, case: Case) -> list[str]:
        """OpenAI created the object after the first run had ended: the second one is refused, and says so."""
        orphans = sorted(case.scenario.rule.orphans(case))
        assert orphans, case
        assert case.outcome.state is None, case
        assert all(f"{orphan} has this name" in case.outcome.error for orphan in orphans), case
        return orphans

    def check(self, warnings: str) -> None:
        self.stderr += warnings
        assert "Traceback" not in self.stderr
        for case in self.cases:
            outcome = case.outcome
            outcome.told += warnings
            assert "Traceback" not in outcome.error
            assert not outcome.error or outcome.error.rstrip().endswith((".", "?")), "ends in what to do"
            case.scenario.rule.check(case)

    def _delete(self, orphans: list[tuple[Case, str]]) -> None:
        if not orphans:
            return
        with self.provider(self.environ) as host:
            for case, orphan in orphans:
                id_ = "/".join([*case.parent_ids, orphan])
                state = {**case.further, "__managed": {"inputs": [], "anchor": case.project}}
                host.delete(case.scenario.resource, id_, state)

    def assert_no_key_shows(self) -> None:
        """No key is in a message, a log line or what the emulator shows."""
        shown = self.stderr + "".join(case.outcome.error + case.outcome.told for case in self.cases)
        shown += json.dumps([self.server.control.requests(), self.server.control.state()])
        secrets = [self.server.admin_key]
        for case in self.cases:
            state = case.outcome.state or {}
            for name in case.scenario.resource.declaration.secrets:
                secrets += [secret for secret in documents.leaves(state.get(name)) if secret]
        for secret in secrets:
            assert secret not in shown
