"""OpenAI in this process: the emulator, its clock, and a model of who has changed what.

The model reads the emulator's records after each request that acted, whoever sent it and whenever it acted. It knows
nothing of the package.
"""

from __future__ import annotations

import json
import random
import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pulumi_openai_admin import errors
from pulumi_openai_admin.emulator.control import seed as seeds
from pulumi_openai_admin.emulator.control.emulator import Emulator, open_store
from pulumi_openai_admin.emulator.control.faults import InterleavedRequest
from pulumi_openai_admin.emulator.handlers.api import Match
from pulumi_openai_admin.emulator.handlers.behavior import Behavior
from pulumi_openai_admin.emulator.handlers.kind import Actor
from pulumi_openai_admin.emulator.server.in_process import InProcess, SimulatedTime
from pulumi_openai_admin.emulator.server.service import OTHER_KEY
from pulumi_openai_admin.http import replies
from pulumi_openai_admin.http.clock import Clock
from pulumi_openai_admin.http.transport import Wire
from tests.simulation.values import SEED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_openai_admin.config import Settings
    from pulumi_openai_admin.http.call import Call
    from pulumi_openai_admin.http.clock import ServerClock, WaitLimits
    from tests.simulation.tasks import Tasks

START = 1_800_000_000
KEY = "sk-admin-simulated-key-0123456789"

Fact = tuple[str, str, str]
"""Kind, parent and id of a record."""


class Crash(BaseException):
    """The process of the provider is killed."""


@dataclass(frozen=True)
class Step:
    """What the engine asked for when a request was sent."""

    operation: int
    verb: str
    kind: str
    urn: str


@dataclass(frozen=True)
class Write:
    """A change of a record."""

    is_ours: bool
    fact: Fact
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    step: Step | None
    """None if others made it, or if it acted after its step had ended."""
    named: str = ""
    """The id that the path of the request ends with."""
    is_meanwhile: bool = False
    """Whether others made it between two requests of a step."""


@dataclass
class Cloud:
    """One organization for all histories: `reset` brings it back to its start."""

    time: SimulatedTime = field(default_factory=lambda: SimulatedTime(START))
    writes: list[Write] = field(default_factory=list)
    delivered: set[Fact] = field(default_factory=set)
    """What requests made whose responses arrived and have the id."""
    step: Step | None = None
    sending: tuple[str, bytes] = ("", b"")
    """The method and the body of the request that is sent now: others that act at the time are late."""
    sent: set[tuple[str, str, str]] = field(default_factory=set)
    """The requests of our resources: the kind of the resource, the method and the path."""
    requests: int = 0
    """How many the current operation has sent."""
    interrupts: dict[int, Callable[[], None]] = field(default_factory=dict)
    """What happens after the request with a number has acted."""

    def __post_init__(self) -> None:
        random.seed(0)
        self._store = open_store(None)
        self.emulator = Emulator(self._store, seeds.read(SEED), KEY, self.time)
        self.server = InProcess(self.emulator, self.time)
        self._untouched = Emulator(open_store(None), seeds.read(SEED), KEY, self.time)
        self._start = sqlite3.connect(":memory:")
        self._database.backup(self._start)
        answer = self.emulator.api.answer

        def observed(match: Any, query: str, body: bytes, actor: Any) -> Any:
            reply = answer(match, query, body, actor)
            if match.operation.method != "GET" and reply.status < 300:
                step = self.step if self.sending == (match.operation.method, body) else None
                self._compare(actor.key_id != OTHER_KEY, step, [*match.ids.values()][-1:])
            return reply

        self.emulator.api.answer = observed  # type: ignore[method-assign]

    @property
    def _database(self) -> sqlite3.Connection:
        return self._store._database

    def reset(self, seed: int) -> None:
        random.seed(seed)
        self.server = InProcess(self.emulator, self.time)
        self.time._now = START
        self._start.backup(self._database)
        self._store._changes.clear()
        self.emulator.behavior.change(Behavior().model_dump())
        self.emulator.behavior.change(seeds.read(SEED).world)
        self.emulator.organization._lags.clear()
        self.emulator.faults.remove()
        self.emulator.log.clear()
        self.writes, self.delivered, self.step, self.requests, self.interrupts = [], set(), None, 0, {}
        self.sent = set()
        self._rows = self._texts()
        self.facts = {fact: json.loads(text) for fact, text in self._rows.items()}
        self.at_start = dict(self.facts)

    def _texts(self) -> dict[Fact, str]:
        sql = "SELECT kind, parent, id, content FROM records WHERE deleted_at IS NULL ORDER BY position"
        rows = self._database.execute(sql)
        return {(kind, parent, id_.partition("__")[0]): text for kind, parent, id_, text in rows}

    def _compare(self, is_ours: bool, step: Step | None, named: list[str]) -> None:
        rows = self._texts()
        for fact in [*self._rows, *(fact for fact in rows if fact not in self._rows)]:
            if self._rows.get(fact) != rows.get(fact):
                after = json.loads(rows[fact]) if fact in rows else None
                was, is_meanwhile = self.facts.get(fact), not is_ours and self.step is not None
                made_by = step if is_ours else None
                self.writes.append(Write(is_ours, fact, was, after, made_by, "".join(named), is_meanwhile))
                if after is None:
                    del self.facts[fact]
                else:
                    self.facts[fact] = after
        self._rows = rows

    def shown(self, fact: Fact) -> list[Any]:
        """What GET shows of a setting now, and what it showed at the start."""
        return [_shown(emulator, fact) for emulator in (self.emulator, self._untouched)]

    def other(self, method: str, path: str, body: Any = None, project_id: str = "") -> None:
        """Make a request of another client, whatever comes of it."""
        self.server._service.answer_other(
            InterleavedRequest(method=method, path=path, body=body, project_id=project_id)
        )

    def seed(self, objects: dict[str, Any]) -> None:
        """Add what others have made, as `POST /_emulator/seed` does."""
        self.emulator.grow(seeds.read(objects))
        self._compare(is_ours=False, step=None, named=[])

    def advance(self, seconds: float) -> None:
        self.step, before = None, self.step
        self.server.advance(seconds)
        self.step = before


def _shown(emulator: Emulator, fact: Fact) -> Any:
    kind = emulator.organization.kinds[fact[0]]
    for operation in kind.operations():  # type: ignore[attr-defined] # as all kinds have
        if operation.method == "GET":
            ids = dict(zip(operation.parameters, [*fact[1].split("/"), fact[2]], strict=False))
            reply = emulator.api.answer(Match(operation, ids), "", b"", Actor(OTHER_KEY))
            content = json.loads(reply.body) if reply.status < 300 else {}
            if content.get("object") != "list":
                return content
            return next((row for row in content["data"] if row.get("id") == fact[2]), {})
    return {}


class SimulatedClock(Clock):
    """The local clock of a provider, which may be wrong."""

    def __init__(self, cloud: Cloud, tasks: Tasks, ahead: float = 0) -> None:
        super().__init__()
        self._cloud, self._tasks, self._ahead = cloud, tasks, ahead

    def now(self) -> float:
        return self._cloud.time.now() + self._ahead

    def monotonic(self) -> float:
        return self._cloud.time.monotonic()

    def sleep(self, seconds: float) -> None:
        if not self.is_cancelled():
            self._tasks.sleep(seconds)

    def wait_until(self, attempt: Callable[[float], bool], left: Callable[[], float]) -> bool:
        while not attempt(0):
            if self.is_cancelled() or left() <= 0:
                return False
            self._tasks.sleep(0.2)
        return True


class SimulatedWire(Wire):
    """Sends requests to the emulator in this process."""

    cloud: Cloud
    tasks: Tasks

    def exchange(self, call: Call, limits: WaitLimits, max_wait: Any) -> tuple[int, Mapping[str, str], bytes]:
        self.tasks.switch()
        cloud, step = self.cloud, self.tasks.step
        body = b"" if call.body is None else json.dumps(call.body).encode()
        cloud.step, cloud.sending = step, (call.method, body)
        if step:
            operation = cloud.emulator.api.router.find(call.method, call.path).operation
            cloud.sent.add((step.kind, call.method, operation.path))
        headers = {"authorization": f"Bearer {self._settings.admin_api_key}", "content-type": "application/json"}
        count = len(cloud.writes)
        answered = cloud.server.request(
            call.method,
            call.path,
            urlencode(call.query or {}, doseq=True),
            body,
            headers=headers,
            timeout=min(self._settings.read_timeout_seconds, max(1.0, limits.left())),
        )
        cloud.step = None
        cloud.requests += 1
        if interrupt := cloud.interrupts.get(cloud.requests):
            interrupt()
        if answered is None:
            raise errors.ResponseLostError(f"Could not {call.action}: the connection broke", "Check the network.")
        reply, shown = answered
        if reply.status < 300:
            cloud.delivered |= {
                write.fact
                for write in cloud.writes[count:]
                if write.is_ours and write.before is None and write.fact[2].encode() in reply.body
            }
        self.has_answered = True
        self._clock.set(replies.parse_date(shown["date"]))
        return reply.status, shown, reply.body


def transport(cloud: Cloud, tasks: Tasks) -> Callable[[Settings, ServerClock], Wire]:
    """Make what sends the requests of one run."""

    def make(settings: Settings, clock: ServerClock) -> Wire:
        wire = SimulatedWire(settings, clock)
        wire.cloud, wire.tasks = cloud, tasks
        return wire

    return make
