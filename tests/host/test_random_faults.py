"""Random faults meet random engine steps: the rule of `nothing_lost.py`, under Hypothesis.

A stack of one account and one rate limit. Each step is one engine operation, so a process of its own; what the engine
does between them is modelled in `_Held`. A failure prints its shortest sequence as calls of the rules below. The
sequences come from the seed of the run (`tests/seed.py`).

    HYPOTHESIS_PROFILE=long pytest tests/host/test_random_faults.py --timeout 3600    # new sequences, for many minutes
"""

from __future__ import annotations

import itertools
import json
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
import requests
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pulumi_openai_admin import ProjectRateLimit, ProjectServiceAccount
from tests.host.dynamic_host import DynamicHost
from tests.host.nothing_lost import Outcome, assert_limits_can_be_put_back, assert_nothing_lost, live_accounts
from tests.host.provider_process import Failure
from tests.host.test_fault_matrix import FAULTS, QUICK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pulumi_openai_admin.emulator.process import EmulatorServer

COMMON = settings(
    deadline=None, print_blob=True, derandomize=False, database=None, suppress_health_check=list(HealthCheck)
)
PROFILES = {
    "quick": settings(COMMON, max_examples=6, stateful_step_count=6),
    "long": settings(COMMON, max_examples=300, stateful_step_count=10),
}

# As in the matrix, and what it leaves at full length: the looks for unknown keys, and the waits between repetitions.
QUICKER = f"""{QUICK}
import types
import pulumi_openai_admin.handlers.keys.project_api_keys as keys, pulumi_openai_admin.http.requestor as requestor
requestor.random = types.SimpleNamespace(uniform=lambda *_: 0.1)
"""
CONFIG = {"openai-admin:readTimeoutSeconds": "0.5", "openai-admin:maxWaitSeconds": "4"}

Inputs = dict[str, Any]

# Every name holds 'ci': by that the rule knows a message about an account that may exist.
ACCOUNTS: list[Inputs | None] = [
    {"name": "ci"},
    {"name": "ci", "role": "owner"},
    {"name": "ci", "create_service_account_only": True},
    {"name": "ci", "expires_in_seconds": 86_400},
    {"name": "another 'ci'"},
    None,
]
LIMITS: list[Inputs | None] = [
    {"model": "gpt-4o", "max_requests_per_1_minute": 60},
    {"model": "gpt-4o", "max_requests_per_1_minute": 70},
    {"model": "gpt-4o", "max_requests_per_1_minute": 60, "max_tokens_per_1_minute": 7},
    {"model": "gpt-4o", "max_tokens_per_1_minute": 8},
    None,
]
# The wide ones come several times: they hit whatever a step does, and the narrow ones what it does late.
WRITES = [
    *["POST **", "POST **", "POST **", "DELETE **", "DELETE **"],
    "POST service_accounts",
    "POST service_accounts/*",
    "POST service_accounts/*/api_keys",
    "DELETE api_keys/*",
    "POST rate_limits/*",
]
READS = [*["GET **", "GET **"], "GET service_accounts", "GET api_keys", "GET rate_limits"]
ON_WRITES = [kind for kind, fault in FAULTS.items() if fault["kind"] != "paging"]
ON_READS = [kind for kind, fault in FAULTS.items() if fault.get("when") != "after"]


@dataclass(frozen=True)
class Fault:
    """One of the matrix, on the next calls of a kind after the first few: `times` None is for good."""

    kind: str
    call: str
    times: int | None
    skip: int

    def set(self, emulator: EmulatorServer, project: str) -> None:
        method, _, path = self.call.partition(" ")
        pattern = f"/organization/projects/{project}/" + path.replace("**", ".+").replace("*", "[^/]+")
        fault = {**FAULTS[self.kind], "times": self.times, "skip": self.skip}
        emulator.control.fault(method=method, path_regex=pattern, **fault)


@dataclass
class _Held:
    """One resource of the stack, as the engine has it."""

    resource: type[Any]
    outcome: Outcome = field(default_factory=lambda: Outcome(None))
    """`error` is that of the last update or deletion: a refresh that works settles nothing."""
    inputs: Inputs | None = None
    """Those in the state."""
    wanted: Inputs | None = None
    """Those of the program, without the project."""
    is_half_done: bool = False
    """The engine keeps that a step failed beside what it did, and then runs an update even if nothing differs."""

    def settle(self, host: DynamicHost, project: str, wanted: Inputs | None) -> None:
        """What `pulumi up` does with the resource."""
        # A deletion that failed may have acted, which only a refresh shows: so it is gone on with, and nothing else.
        self.wanted = None if self.outcome.error and self.wanted is None else wanted
        news = None if self.wanted is None else {"project_id": project, **self.wanted}
        self.outcome.error = ""
        try:
            self._settle(host, news)
        except Failure as failure:
            self.outcome.error = failure.message
            self.outcome.told += failure.message
            if failure.id:
                self.outcome.id, self.outcome.state = failure.id, failure.properties
                self.inputs, self.is_half_done = news, True

    def _settle(self, host: DynamicHost, news: Inputs | None) -> None:
        outcome = self.outcome
        if news is None:
            if outcome.state is not None:
                host.delete(self.resource, outcome.id, outcome.state)
            outcome.state, self.is_half_done = None, False
            return
        news, faults = host.check(self.resource, news, self.inputs)
        assert not faults
        if outcome.state is None:
            outcome.id, outcome.state = host.create(self.resource, news)
        elif self._differs(host, outcome.state, news):
            outcome.state = host.update(self.resource, outcome.id, outcome.state, news)
        self.inputs, self.is_half_done = news, False
        assert host.diff(self.resource, outcome.id, outcome.state, news) == (False, [])

    def _differs(self, host: DynamicHost, state: Inputs, news: Inputs) -> bool:
        changes, replaces = host.diff(self.resource, self.outcome.id, state, news)
        assert not replaces
        return self.is_half_done or (self.inputs != news if changes is None else changes)

    def refresh(self, host: DynamicHost) -> None:
        """What `pulumi refresh` does with it: nothing at OpenAI."""
        if self.outcome.state is None:
            return
        try:
            id_, state, inputs = host.read(self.resource, self.outcome.id, self.outcome.state)
        except Failure as failure:
            self.outcome.told += failure.message
            return
        self.outcome.state, self.inputs, self.is_half_done = (state, inputs, False) if id_ else (None, None, False)


def _faults_on(calls: list[str], kinds: list[str]) -> st.SearchStrategy[Fault]:
    times, skip = st.sampled_from([1, 2, None]), st.sampled_from([0, 0, 1])
    return st.builds(Fault, kind=st.sampled_from(kinds), call=st.sampled_from(calls), times=times, skip=skip)


FAULTS_OF_A_STEP = st.lists(_faults_on(WRITES, ON_WRITES) | _faults_on(READS, ON_READS), max_size=3)


class RandomFaults(RuleBasedStateMachine):
    """A user runs engine operations, one after the other, over a wire that breaks."""

    emulator: ClassVar[EmulatorServer]
    projects: ClassVar[Iterator[int]] = itertools.count()

    def __init__(self) -> None:
        super().__init__()
        self.account, self.limit = _Held(ProjectServiceAccount), _Held(ProjectRateLimit)
        self.shown = ""

    @initialize()
    def a_new_project(self) -> None:
        self.emulator.control.reset()
        name = f"random-{next(self.projects)}"
        (self.project,) = self.emulator.control.seed({"projects": [{"name": name}]})["projects"]

    @rule(account=st.sampled_from(ACCOUNTS), limit=st.sampled_from(LIMITS), faults=FAULTS_OF_A_STEP)
    def up(self, account: Inputs | None, limit: Inputs | None, faults: list[Fault]) -> None:
        self._delete_what_the_messages_named()
        self._run(faults, lambda host: self._settle(host, account, limit))

    @rule(faults=FAULTS_OF_A_STEP)
    @precondition(lambda self: self.account.outcome.state or self.limit.outcome.state)
    def refresh(self, faults: list[Fault]) -> None:
        self._run(faults, self._refresh)

    @rule()
    @precondition(lambda self: self.account.outcome.error or self.limit.outcome.error)
    def go_on(self) -> None:
        """The wire is well again, and the user runs the same program: all comes right."""
        self.up(self.account.wanted, self.limit.wanted, [])
        assert not self.account.outcome.error
        assert not self.limit.outcome.error

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "project"):
            return
        assert_nothing_lost(self.emulator, self.project, self.account.outcome)
        self._assert_account_is_as_wanted()
        fields = {name: value for name, value in (self.limit.wanted or {}).items() if name.startswith("max_")}
        assert_limits_can_be_put_back(self.emulator, self.project, self.limit.outcome, fields)

    def _assert_account_is_as_wanted(self) -> None:
        """Without an error, the account has the name and the role that the program says."""
        if self.account.wanted is None or self.account.outcome.error:
            return
        (account,) = live_accounts(self.emulator, self.project).values()
        for name in {"name", "role"} & set(self.account.wanted):
            assert account[name] == self.account.wanted[name], self.account.outcome

    def _settle(self, host: DynamicHost, account: Inputs | None, limit: Inputs | None) -> None:
        self.account.settle(host, self.project, account)
        self.limit.settle(host, self.project, limit)

    def _refresh(self, host: DynamicHost) -> None:
        self.account.refresh(host)
        self.limit.refresh(host)

    def _run(self, faults: list[Fault], step: Callable[[DynamicHost], None]) -> None:
        """One engine operation, and what its user sees of it."""
        for fault in faults:
            fault.set(self.emulator, self.project)
        environ = {
            "OPENAI_ADMIN_KEY": self.emulator.admin_key,
            "OPENAI_BASE_URL": self.emulator.base_url,
            "OPENAI_LOG": "debug",
        }
        with DynamicHost(environ, CONFIG, prelude=QUICKER) as host:
            step(host)
        _wait_until_quiet(self.emulator)
        self.emulator.control.clear_faults()
        self.shown += host.stderr
        for held in (self.account, self.limit):
            held.outcome.told += host.warnings
            assert not held.outcome.error or held.outcome.error.rstrip().endswith((".", "?")), "ends in what to do"
            self.shown += held.outcome.told
        assert "Traceback" not in self.shown
        self._assert_no_key_shows()

    def _assert_no_key_shows(self) -> None:
        key = (self.account.outcome.state or {}).get("api_key")
        shown = self.shown + json.dumps([self.emulator.control.requests(), self.emulator.control.state()])
        assert self.emulator.admin_key not in shown
        assert not key or key not in shown

    def _delete_what_the_messages_named(self) -> None:
        """As they say; that they name it is what `nothing_is_lost` saw to. What was said before is forgotten then."""
        known = (self.account.outcome.state or {}).get("service_account_id")
        for account in set(live_accounts(self.emulator, self.project)) - {known}:
            url = f"{self.emulator.base_url}/organization/projects/{self.project}/service_accounts/{account}"
            headers = {"Authorization": f"Bearer {self.emulator.admin_key}"}
            requests.delete(url, headers=headers, timeout=10).raise_for_status()
        self.account.outcome.told = self.limit.outcome.told = ""


def _wait_until_quiet(emulator: EmulatorServer) -> None:
    """Let calls end whose client has given up: some act late."""
    deadline = time.monotonic() + 10
    while any(call["ended"] == "open" for call in emulator.control.requests()):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.timeout(1800)  # a failure takes its time to find the shortest sequence; a success takes half a minute
def test_nothing_is_lost_whatever_comes_in_whatever_order(emulator: EmulatorServer, tmp_path: Path) -> None:
    set_hypothesis_home_dir(tmp_path)  # it would leave a folder in the repository
    RandomFaults.emulator = emulator
    run_state_machine_as_test(RandomFaults, settings=PROFILES[os.environ.get("HYPOTHESIS_PROFILE", "quick")])


def test_a_write_that_never_arrived_does_not_cost_the_baseline(user: RandomFaults) -> None:
    user.up(None, LIMITS[0], [])
    user.up(None, LIMITS[1], [Fault("reset-before", "POST rate_limits/*", None, 0)])
    user.up(None, None, [])
    user.nothing_is_lost()


def test_a_lost_change_is_put_back_although_another_field_was_changed_since(user: RandomFaults) -> None:
    user.up(None, LIMITS[0], [])
    user.up(None, LIMITS[1], [Fault("500", "POST rate_limits/*", None, 0)])
    user.up(None, LIMITS[3], [])
    user.nothing_is_lost()


def test_a_revoked_key_does_not_pass_for_a_live_one(user: RandomFaults) -> None:
    user.up(ACCOUNTS[0], None, [])
    user.up(ACCOUNTS[2], None, [Fault("reset-after", "DELETE api_keys/*", None, 0)])
    user.up(ACCOUNTS[0], None, [])
    user.nothing_is_lost()


def test_an_owner_does_not_pass_for_a_member(user: RandomFaults) -> None:
    user.up({"name": "ci", "role": "member"}, None, [])
    user.up({"name": "ci", "role": "owner"}, None, [Fault("reset-after", "POST service_accounts/*", None, 0)])
    user.up({"name": "ci", "role": "member"}, None, [])
    user.nothing_is_lost()


@pytest.fixture
def user(emulator: EmulatorServer) -> RandomFaults:
    """For sequences that were found, each the shortest."""
    RandomFaults.emulator = emulator
    user = RandomFaults()
    user.a_new_project()
    return user
