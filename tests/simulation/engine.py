"""A model of Pulumi's engine: in which order it calls the provider, and what it keeps of the answers."""

from __future__ import annotations

import copy
import logging
import random
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.lifecycle import run as openai_clock
from pulumi_openai_admin.lifecycle.run import Run
from pulumi_openai_admin.resources import class_of
from tests.host.scenarios.certificates import pem
from tests.simulation.cloud import START, Crash, SimulatedClock, Step, transport
from tests.simulation.hosts import REFERENCE, NativeHost, StepError, VerbsHost, output, plain, settings
from tests.simulation.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.simulation.cloud import Cloud
    from tests.simulation.hosts import Bag

_AT_A_TIME = 4
_NO_PARENTS: frozenset[str] = frozenset()


@dataclass
class Entry:
    """A resource in the state."""

    kind: str
    name: str
    id: str
    inputs: Bag
    outputs: Bag
    needs: frozenset[str] = _NO_PARENTS
    """The names of the resources whose outputs it has."""
    is_half_done: bool = False
    """The last step failed, so an update has to run."""
    is_pending_delete: bool = False
    """What replaces it has been created."""
    retains: bool = False
    protects: bool = False

    @property
    def urn(self) -> str:
        return f"urn:pulumi:dev::shop::pulumi-python:dynamic/openai-admin:{self.kind}::{self.name}"


@dataclass(frozen=True)
class Message:
    """What the user sees."""

    operation: int
    level: int
    urn: str
    verb: str
    text: str


@dataclass
class Operation:
    """What happened in one operation of the engine."""

    name: str
    begins: int = 0
    """How many writes there were before it."""
    began_at: float = 0
    ended_at: float = 0
    errors: list[StepError] = field(default_factory=list)
    steps: list[tuple[str, str]] = field(default_factory=list)
    """The verbs that change something, with the kind and the name, and what differs."""
    declared: list[tuple[str, Bag]] = field(default_factory=list)
    """The kinds and inputs that the program declared, as far as they were known."""
    is_crashed: bool = False
    is_partial: bool = False
    """Whether a step was not taken, although no error says so."""
    has_lag: bool = False
    """Whether lists lagged behind."""
    is_blind: bool = False
    """Whether all lists lie for the whole operation: then nobody can find what a late request makes."""


class _Listener(logging.Handler):
    """Gives the engine what the provider logs."""

    call: _Call | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self.call is not None:
            self.call.engine.report(record.levelno, self.call.tasks.step, record.getMessage())


_LISTENER = _Listener(logging.INFO)


@contextmanager
def listening() -> Iterator[None]:
    """Keep what the provider logs, and show none of it."""
    logger, requests = logging.getLogger("pulumi_openai_admin"), logging.getLogger("pulumi_openai_admin.requests")
    before = logger.level, logger.propagate, requests.level
    logger.setLevel(logging.INFO)
    requests.setLevel(logging.WARNING)
    logger.propagate = False
    logger.addHandler(_LISTENER)
    try:
        yield
    finally:
        logger.removeHandler(_LISTENER)
        logger.setLevel(before[0])
        logger.propagate = before[1]
        requests.setLevel(before[2])


class _Stopped(Exception):
    """A dependency failed, or the update stops."""


@dataclass
class Engine:
    """The engine with the state of one stack.

    Args:
        cloud: OpenAI.
        is_native: Whether it calls the native provider.
    """

    cloud: Cloud
    is_native: bool
    entries: list[Entry] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    retained: list[Entry] = field(default_factory=list)
    """What left the state because the program said that it stays."""

    def run(self, name: str, step: dict[str, Any], act: Callable[[_Call], None]) -> Operation:
        """Run one operation, with its faults."""
        operation = Operation(name, len(self.cloud.writes), self.cloud.time.now())
        self.operations.append(operation)
        rng = random.Random(step.get("order", 0))
        tasks = Tasks(self.cloud, rng)
        clock = SimulatedClock(self.cloud, tasks, step.get("clock_ahead", 0))
        now = self.cloud.time.now
        openai_clock._date_header = lambda _: format_datetime(datetime.fromtimestamp(now(), UTC))
        run = Run(transport(self.cloud, tasks), tasks.run, clock)
        configured = settings(reads=step.get("reads", False))
        host = NativeHost(run, configured) if self.is_native else VerbsHost(run, setting=configured.get)
        call = _Call(self, host, operation, tasks, step)
        self.cloud.requests = 0
        self.cloud.interrupts = {}
        for fault in step.get("faults", ()):
            if fault["kind"] in ("crash", "cancel"):
                self.cloud.interrupts[fault["at"]] = partial(_interrupt, fault["kind"], clock, call)
            else:
                self.cloud.emulator.faults.add([fault])
                is_lag = fault["kind"] == "lagging_list"
                operation.has_lag = operation.has_lag or is_lag
                operation.is_blind = operation.is_blind or (is_lag and fault.get("times", 1) is None)
        try:
            _LISTENER.call = call
            act(call)
        except Crash:
            operation.is_crashed = True
        finally:
            operation.ended_at = now()
            operation.is_partial = call.is_stopped or bool(step.get("targets"))
            self.cloud.emulator.faults.remove()
            self.cloud.interrupts = {}
            self.cloud.step = _LISTENER.call = None
        return operation

    def report(self, level: int, step: Step | None, text: str) -> None:
        urn, verb = (step.urn, step.verb) if step else ("", "")
        self.messages.append(Message(len(self.operations) - 1, level, urn, verb, text))

    def up(self, program: list[dict[str, Any]], step: dict[str, Any]) -> Operation:
        return self.run("up", step, lambda call: call.update(program))

    def preview(self, program: list[dict[str, Any]], step: dict[str, Any]) -> Operation:
        return self.run("preview", step, lambda call: call.preview(program))

    def refresh(self, step: dict[str, Any]) -> Operation:
        return self.run("refresh", step, lambda call: call.refresh())

    def destroy(self, step: dict[str, Any]) -> Operation:
        return self.run("destroy", step, lambda call: call.destroy(step.get("targets")))

    def adopt(self, step: dict[str, Any]) -> Operation:
        """`pulumi import`."""
        return self.run("import", step, lambda call: call.adopt(step["kind"], step["name"], step["id"]))

    def forget(self, name: str) -> None:
        """`pulumi state delete`, or a move to another stack."""
        self.retained += [entry for entry in self.entries if entry.name == name]
        self.entries = [entry for entry in self.entries if entry.name != name]

    def find(self, kind: str, name: str) -> Entry | None:
        """The resource with a URN, unless it was replaced."""
        entries = (entry for entry in self.entries if (entry.kind, entry.name) == (kind, name))
        return next((entry for entry in entries if not entry.is_pending_delete), None)


def _interrupt(kind: str, clock: SimulatedClock, call: _Call) -> None:
    call.is_stopped = True
    if kind == "crash":
        raise Crash
    clock.cancel()


@dataclass
class _Call:
    """One operation of the engine that runs."""

    engine: Engine
    host: VerbsHost | NativeHost
    operation: Operation
    tasks: Tasks
    step: dict[str, Any]
    is_stopped: bool = False
    """After a failure or a cancellation nothing new begins."""

    # --- the steps ---

    @contextmanager
    def _doing(self, verb: str, entry: Entry) -> Iterator[None]:
        number = len(self.engine.operations) - 1
        before, self.tasks.step = self.tasks.step, Step(number, verb, entry.kind, entry.urn)
        try:
            yield
        except StepError as error:
            self.is_stopped = True
            self.operation.errors.append(error)
            self.engine.report(logging.ERROR, self.tasks.step, error.message)
            raise
        finally:
            self.tasks.step = before

    def _all(self, calls: Sequence[Callable[[], None]]) -> None:
        """Make calls one by one, or some at a time."""
        if self.step.get("parallel") and len(calls) > 1:
            self.tasks.run(calls, _AT_A_TIME)
        else:
            for call in calls:
                call()

    def _quietly(self, act: Callable[..., None], *values: Any) -> None:
        """Do a step, unless the operation stops. Its error is kept."""
        if not self.is_stopped:
            try:
                act(*values)
            except (StepError, _Stopped):
                self.is_stopped = True

    def update(self, program: list[dict[str, Any]], *, is_preview: bool = False) -> None:
        """Register the resources in the order of their dependencies, and then delete what is left."""
        if self.step.get("refresh") and not is_preview:
            self.refresh()
        if self.is_stopped:
            return
        for level in _levels(program):
            self._all([partial(self._quietly, self._register, declared, is_preview) for declared in level])
        if self.is_stopped or is_preview:
            return
        left = {(declared["kind"], declared["name"]) for declared in program}
        entries = self.engine.entries
        self._delete([entry for entry in entries if entry.is_pending_delete or (entry.kind, entry.name) not in left])

    def preview(self, program: list[dict[str, Any]]) -> None:
        """Check and compare; the state stays as it is."""
        kept = copy.deepcopy(self.engine.entries)
        try:
            self.update(program, is_preview=True)
        finally:
            self.engine.entries = kept

    def _register(self, declared: dict[str, Any], is_preview: bool) -> None:
        engine, kind, name = self.engine, declared["kind"], declared["name"]
        old = engine.find(kind, name)
        if old is None and "alias" in declared:
            old = engine.find(kind, declared["alias"])
            if old is not None:
                old.name = name
        entry = old or Entry(kind, name, "", {}, {})
        entry.retains, entry.protects = bool(declared.get("retains")), bool(declared.get("protects"))
        entry.needs = frozenset(references(declared["inputs"]))
        news = self._resolved(declared, entry)
        self.operation.declared.append((kind, {name: value for name, value in news.items() if value != REFERENCE}))
        if old is not None and not old.protects and name in self.step.get("replaces", ()):  # `--replace`
            self._replace(old, news, bool(declared.get("deletes_first")), is_preview)
            return
        before = plain(kind, entry.inputs) if isinstance(self.host, VerbsHost) else entry.inputs
        with self._doing("check", entry):
            inputs, failures = self.host.check(kind, entry.urn, before, news)
            if failures:
                raise StepError(" ".join(failures))
        if old is None:
            self._create(entry, inputs, is_preview)
            return
        with self._doing("diff", old):
            found = self.host.diff(kind, old.urn, old.id, old.outputs, old.inputs, inputs)
        if found.replaces:
            self._replace(old, news, found.deletes_first or bool(declared.get("deletes_first")), is_preview)
        elif found.changes or old.is_half_done:
            self.operation.steps.append(("update", f"{kind} {name} {found.names}"))
            with self._doing("update", old):
                if is_preview:
                    self.host.update(kind, old.urn, old.id, old.outputs, inputs, is_preview=True)
                    return
                try:
                    old.outputs = self.host.update(kind, old.urn, old.id, old.outputs, inputs)
                except StepError as error:
                    if error.outputs is not None:
                        old.outputs, old.inputs, old.is_half_done = error.outputs, inputs, True
                    raise
            old.inputs, old.is_half_done = inputs, False
        elif not is_preview:
            old.inputs = inputs

    def _resolved(self, declared: dict[str, Any], entry: Entry) -> Bag:
        def value(given: Any) -> Any:
            if isinstance(given, dict) and "ref" in given:
                known = (other for other in self.engine.entries if other.name == given["ref"])
                parent = next((other for other in known if not other.is_pending_delete), None)
                if parent is None:
                    raise _Stopped
                if not parent.outputs:
                    return REFERENCE
                return output(parent.kind, parent.outputs, given["output"])
            if isinstance(given, dict) and set(given) == {"after"}:
                return datetime.fromtimestamp(START + given["after"], UTC).isoformat().replace("+00:00", "Z")
            if isinstance(given, dict) and "ends_at" in given:
                return {name: value(one) for name, one in given.items()}
            if isinstance(given, list):
                return [value(one) for one in given]
            if isinstance(given, dict) and set(given) == {"pem"}:
                return pem(given["pem"])  # its bytes differ from process to process, and nothing depends on them
            return given

        if declared.get("imported"):
            return plain(entry.kind, entry.inputs)
        return {name: value(given) for name, given in declared["inputs"].items()}

    def _create(self, entry: Entry, inputs: Bag, is_preview: bool) -> None:
        self.operation.steps.append(("create", f"{entry.kind} {entry.name}"))
        with self._doing("create", entry):
            if is_preview:
                self.host.create(entry.kind, entry.urn, inputs, is_preview=True)
                self.engine.entries.append(Entry(entry.kind, entry.name, "", {}, {}))
                return
            try:
                entry.id, entry.outputs = self.host.create(entry.kind, entry.urn, inputs)
            except StepError as error:
                if error.outputs is not None:
                    entry.id, entry.outputs, entry.inputs, entry.is_half_done = error.id, error.outputs, inputs, True
                    self.engine.entries.append(entry)
                raise
        entry.inputs, entry.is_half_done = inputs, False
        self.engine.entries.append(entry)

    def _replace(self, old: Entry, news: Bag, deletes_first: bool, is_preview: bool) -> None:
        self.operation.steps.append(("replace", f"{old.kind} {old.name}"))
        with self._doing("check", old):  # as a new object
            inputs, failures = self.host.check(old.kind, old.urn, {}, news)
            if failures:
                raise StepError(" ".join(failures))
        new = Entry(old.kind, old.name, "", {}, {}, old.needs, retains=old.retains, protects=old.protects)
        if deletes_first and not is_preview:
            self._delete_one(old)
            self._create(new, inputs, is_preview)
            return
        try:
            self._create(new, inputs, is_preview)
        finally:  # also if it is there, and not complete
            old.is_pending_delete = any(entry is new for entry in self.engine.entries) or is_preview

    def _delete(self, entries: list[Entry]) -> None:
        """Delete in reverse order; what depends on another goes first."""
        left = list(reversed(entries))
        while left and not self.is_stopped:
            needed = {name for entry in left for name in entry.needs}
            free = [entry for entry in left if entry.name not in needed] or left
            self._all([partial(self._quietly, self._delete_one, entry) for entry in free])
            left = [entry for entry in left if entry not in free]

    def _delete_one(self, entry: Entry) -> None:
        if entry.retains:
            self.engine.retained.append(entry)
        else:
            self.operation.steps.append(("delete", f"{entry.kind} {entry.name}"))
            with self._doing("delete", entry):
                if entry.protects:
                    raise StepError(f"{entry.urn} is protected")
                self.host.delete(entry.kind, entry.urn, entry.id, entry.outputs)
        self.engine.entries = [other for other in self.engine.entries if other is not entry]

    def destroy(self, targets: list[str] | None) -> None:
        """Delete all resources, or some with what depends on them."""
        chosen = [entry for entry in self.engine.entries if targets is None or entry.name in targets]
        names = {entry.name for entry in chosen}
        self._delete([entry for entry in self.engine.entries if entry in chosen or entry.needs & names])

    def refresh(self) -> None:
        """Read all resources; an error concerns one of them."""

        def read(entry: Entry) -> None:
            try:
                with self._doing("read", entry):
                    id_, outputs, inputs = self.host.read(entry.kind, entry.urn, entry.id, entry.outputs, entry.inputs)
            except StepError:
                return
            if not id_:
                self.engine.entries = [other for other in self.engine.entries if other is not entry]
            else:
                entry.outputs, entry.inputs, entry.is_half_done = outputs, inputs, False

        self._all([partial(read, entry) for entry in [*self.engine.entries]])

    def adopt(self, kind: str, name: str, id_: str) -> None:
        entry = Entry(kind, name, id_, {}, {})
        if self.engine.find(kind, name) is not None or class_of(kind).handler.traits.not_adoptable:
            return
        try:
            with self._doing("import", entry):
                entry.id, entry.outputs, entry.inputs = self.host.found(kind, entry.urn, id_)
        except StepError:
            return
        if entry.id:
            self.operation.declared.append((kind, plain(kind, entry.inputs)))
            self.engine.entries.append(entry)


def references(inputs: Any) -> Iterator[str]:
    """The names of the resources whose outputs are among inputs."""
    if isinstance(inputs, dict):
        if "ref" in inputs:
            yield inputs["ref"]
        for value in inputs.values():
            yield from references(value)
    elif isinstance(inputs, list):
        for value in inputs:
            yield from references(value)


def _levels(program: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The resources of a program, those after each other that have each other's outputs."""
    left, names = list(program), {declared["name"] for declared in program}
    done: set[str] = set()
    while left:
        level = [declared for declared in left if {*references(declared["inputs"])} & names <= done]
        if not level:
            return
        yield level
        done |= {declared["name"] for declared in level}
        left = [declared for declared in left if declared not in level]
