"""One resource of each kind in one organization, as the resources of one program."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.host.lives import LIVES
from tests.host.provider_process import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pytest

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.dynamic_host import DynamicHost
    from tests.host.native_process import Host, NativeProcess
    from tests.host.scripted_life import Life

AT_A_TIME = 16
"""How many steps the engine asks for at a time."""


@dataclass
class Member:
    """A resource of the stack, as the engine has it."""

    life: Life
    id: str = ""
    state: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What a failure calls it."""
        return self.life.resource.__name__


@dataclass
class Stack:
    """The resources, and the engine operations of their user."""

    server: EmulatorServer
    provider: Host
    environ: dict[str, str]
    subtests: pytest.Subtests
    members: list[Member] = field(default_factory=lambda: [Member(life.of_its_own(n)) for n, life in enumerate(LIVES)])
    failed: set[str] = field(default_factory=set)
    """The names of resources of which a step has failed: no further step is made with them."""

    def __post_init__(self) -> None:
        """Let that exist which the resources need."""
        for member in self.members:
            self.server.control.seed(member.life.seed)

    def create(self) -> None:
        """What the engine does in the first `pulumi up`. It has to succeed."""
        with self.provider(self.environ) as host:
            for member in self.members:
                member.inputs, failures = host.check(member.life.resource, member.life.inputs)
                assert not failures, (member.name, failures)
                member.id, member.state = host.create(member.life.resource, member.inputs)

    def attempt(
        self, step: Callable[[DynamicHost | NativeProcess, Member], None], host: DynamicHost | NativeProcess
    ) -> dict[str, Failure]:
        """A step with all resources at the same time, as many as the provider serves; those that failed, by name."""
        failures = {}

        def attempt(member: Member) -> None:
            try:
                step(host, member)
            except Failure as failure:
                failures[member.name] = failure

        with ThreadPoolExecutor(AT_A_TIME) as pool:
            list(pool.map(attempt, self.members))
        return failures

    def run(
        self,
        step: Callable[[DynamicHost | NativeProcess, Member], None],
        members: Iterable[Member] | None = None,
        config: dict[str, str] | None = None,
    ) -> DynamicHost | NativeProcess:
        """One engine operation: one process, and a step with each resource.

        A step that fails is a failed subtest, which names the resource.
        """
        with self.provider(self.environ, config) as host:
            for member in [one for one in (members or self.members) if one.name not in self.failed]:
                with self.subtests.test(f"{step.__name__.strip('_')} {member.name}"):
                    self.failed.add(member.name)
                    step(host, member)
                    self.failed.remove(member.name)
        return host
