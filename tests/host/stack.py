"""One resource of each kind in one organization, as the resources of one program."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.by_hand import request
from tests.every_resource import is_chosen
from tests.host.scenario import method_of_change
from tests.host.scenarios import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pytest

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.provider_process import DynamicProcess
    from tests.host.scenario import Scenario

    Step = Callable[[DynamicProcess, "Member"], None]

AT_A_TIME = 16
"""How many steps a provider serves at a time."""


@dataclass
class Member:
    """A resource of the stack, as the engine has it."""

    scenario: Scenario
    id: str = ""
    state: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.scenario.resource.__name__


@dataclass
class Stack:
    """The resources, and the engine operations of their user."""

    server: EmulatorServer
    provider: type[DynamicProcess]
    environ: dict[str, str]
    subtests: pytest.Subtests
    unseen_ids: bool = False
    """Whether all ids have a form that nobody has seen."""
    members: list[Member] = field(init=False, repr=False)
    failed: set[str] = field(default_factory=set)
    """The names of resources of which a step has failed: no further step is made with them."""

    def __post_init__(self) -> None:
        """Let that exist which the resources need."""
        self.members = [
            Member(scenario.of_its_own(n, unseen_ids=self.unseen_ids))
            for n, scenario in enumerate(SCENARIOS)
            if is_chosen(scenario.resource.__name__)
        ]
        if self.unseen_ids:
            self.server.control.world(unseen_ids=True)
        for member in self.members:
            self.server.control.seed(member.scenario.seed)

    def create(self) -> None:
        """What the engine does in the first `pulumi up`. It has to succeed."""
        with self.provider(self.environ) as host:
            for member in self.members:
                member.inputs, failures = host.check(member.scenario.resource, member.scenario.inputs)
                assert not failures, (member.name, failures)
                member.id, member.state = host.create(member.scenario.resource, member.inputs)

    def call(self, path: str, body: dict[str, Any], key: str | None = None) -> None:
        request(self.server, method_of_change(path), path, body, key=key or "")

    def drift(self) -> list[Member]:
        """Change outside Pulumi what the scenarios change; the resources that have such a change."""
        drifted = [member for member in self.members if member.scenario.drift and member.name not in self.failed]
        for member in drifted:
            scenario, change = member.scenario, member.scenario.drift
            path = scenario.path.format(id=member.id.rpartition("/")[2])
            assert change
            body = scenario.sent({**change.found, **change.also}) if change.body is None else change.body
            self.call(path, body, member.inputs.get(scenario.resource.handler.traits.project_key))
        return drifted

    def run(
        self,
        step: Step,
        members: Iterable[Member] | None = None,
        config: dict[str, str] | None = None,
        at_a_time: int = 1,
    ) -> DynamicProcess:
        """One engine operation: one process, and a step with each resource.

        A step that fails is a failed subtest, which names the resource.
        """
        chosen = self.members if members is None else members
        members = [member for member in chosen if member.name not in self.failed]
        with self.provider(self.environ, config) as host, ThreadPoolExecutor(at_a_time) as pool:
            steps = [(member, pool.submit(step, host, member)) for member in members]
        for member, done in steps:
            with self.subtests.test(f"{step.__name__.strip('_')} {member.name}"):
                self.failed.add(member.name)
                done.result()
                self.failed.remove(member.name)
        return host
