"""What a file in `scenarios/` says of a resource: the data from which all tests of this folder are made."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field, fields, is_dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.emulator.handlers.api import Router
from pulumi_openai_admin.handlers import documents
from pulumi_openai_admin.lifecycle.state import has_no_response
from pulumi_openai_admin.schema.fields import FieldRole
from pulumi_openai_admin.schema.ids import form_of_field
from pulumi_openai_admin.schema.shapes import Number, Text
from tests.host.provider_process import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_openai_admin.emulator.process import EmulatorServer
    from tests.host.provider_process import DynamicProcess

Inputs = dict[str, Any]

UNTIL = {"until": "2999-12-31"}
"""Access for a limited time that is not over yet."""
PROJECT = {"project_id": "proj_demo"}
"""A project that the emulator has from the start."""
_ROUTER = Router([operation for kind in KINDS for operation in kind.operations()], "")


def method_of_change(path: str) -> str:
    """The method with which the emulator changes what is at a path."""
    methods, _ = _ROUTER._at(path)
    return next(iter(methods.keys() - {"GET", "DELETE"}), "POST")


@dataclass(frozen=True)
class Drift:
    """A change outside Pulumi: what is sent to the object, and the inputs that differ then."""

    found: Inputs
    also: Inputs = field(default_factory=dict)
    """Further inputs that the request has, which do not differ then, or which the program does not set."""
    body: dict[str, Any] | None = None
    """The request, where it does not follow from the inputs."""
    path: str = ""
    """Where it is sent, if not to the object."""


@dataclass(frozen=True)
class Step:
    """An update: what changes in the program, and what has to come of it. All other outputs stay what they are."""

    change: Inputs
    """None removes an input."""
    outputs: dict[str, Any] = field(default_factory=dict)
    """Outputs that change with it, and inputs of which the state has another form."""
    writes: tuple[str, ...] | None = None
    """The requests that change something: method and the last part of the path without ids. None: the object's own."""
    warns: str = ""
    """A part of the only warning; empty if there is none."""


@dataclass(frozen=True)
class Verb:
    """A step of the fault matrix, and the request that the fault hits.

    Inputs are those beside the ids of what the object is in: `before` is None for a creation, `after` for a deletion,
    and both are the same for a read.
    """

    name: str
    before: Inputs | None
    after: Inputs | None
    method: str = ""
    """Empty: the one that changes what is at the path."""
    path: str = ""
    """Below `Scenario.collection`, or whole: `{id}` is the object's own id, `*` any id."""
    earlier: tuple[Inputs, ...] = ()
    """Inputs that the program had before `before`."""
    is_later: bool = False
    """Whether an hour passes before the verb, and before each update that prepares it."""

    @property
    def action(self) -> str:
        """What the engine asks for."""
        if self.before is None:
            return "create"
        if self.after is None:
            return "delete"
        return "read" if self.before == self.after else "update"


def verbs_of_object(made: Callable[[int], Inputs], change: Inputs | None = None) -> tuple[Verb, ...]:
    """The verbs of an object that a POST creates. Each verb has an object of its own.

    `change`: inputs that an update changes in place, if there are any.
    """
    return (
        Verb("create", None, made(1), "POST"),
        Verb("create-list", None, made(2), "GET"),
        Verb("read", made(3), made(3), "GET", "{id}"),
        *((Verb("change", made(4), {**made(4), **change}, path="{id}"),) if change else ()),
        Verb("delete", made(5), None, "DELETE", "{id}"),
    )


def verbs_of_setting(first: Inputs, second: Inputs, *, end: str = "") -> tuple[Verb, ...]:
    """The verbs of a setting that is one object: `end` is the method of a request that deletes it."""
    return (
        Verb("create", None, first),
        Verb("create-read", None, first, "GET"),
        Verb("read", first, first, "GET"),
        Verb("update", first, second),
        Verb("delete", first, None, end),
    )


@dataclass
class Outcome:
    """What the engine knows after a verb: what is in the state, and what the user was told."""

    state: dict[str, Any] | None
    """None if the state does not have the resource."""
    id: str = ""
    error: str = ""
    warnings: str = ""
    told: str = field(default="", repr=False)
    """All that the user ever saw of this resource."""


def is_open(outcome: Outcome) -> bool:
    """Whether the state remembers what has to be looked for, or revoked: the next `up` does it."""
    managed = (outcome.state or {}).get("__managed", {})
    return bool({"lost_creations", "to_revoke"} & managed.keys())


@dataclass
class Case:
    """A verb that meets a fault, in a project of its own."""

    server: EmulatorServer
    scenario: Scenario
    verb: Verb
    project: str = ""
    outcome: Outcome = field(default_factory=lambda: Outcome(None))
    further: Inputs = field(default_factory=dict)
    """Inputs that `Scenario.prepare` gave."""

    @property
    def name(self) -> str:
        return f"{self.scenario.resource.__name__}-{self.verb.name}"

    def inputs(self, inputs: Inputs) -> Inputs:
        """All inputs: those of the verb, and the ids of what the object is in."""
        project = {"project_id": self.project} if self.scenario.has_project else {}
        return {**project, **self.further, **inputs}

    @property
    def parent_ids(self) -> list[str]:
        """The ids in the object's path above its own."""
        known = self.inputs({})
        return [known[field.name] for field in self.scenario.resource.declaration.with_role(FieldRole.PATH)]

    @property
    def known(self) -> dict[str, Any]:
        """What paths have names for."""
        own = self.outcome.id.rpartition("/")[2]
        return {**(self.outcome.state or {}), "project_id": self.project, **self.further, "id": own}

    @property
    def path(self) -> str:
        """The path of the request that the fault hits, with `*` for any id."""
        return self.scenario.path_of(self.verb).format(**self.known)

    def prepare(self, host: DynamicProcess) -> None:
        """Create what is there before the verb."""
        if self.scenario.prepare:
            self.further = self.scenario.prepare(host, self.project)
        if self.verb.before is not None:
            for inputs in (*self.verb.earlier, self.verb.before):
                self.settle(host, inputs)
                if self.verb.is_later:
                    self.outcome.state = aged(self.outcome.state or {})

    def settle(self, host: DynamicProcess, inputs: Inputs | None) -> None:
        """What the engine does to bring the resource to these inputs; a read first, where nothing differs."""
        outcome = self.outcome
        outcome.error = ""
        try:
            self._settle(host, inputs)
        except Failure as failure:
            outcome.error = failure.message
            outcome.told += failure.message
            if failure.id:
                outcome.id, outcome.state = failure.id, failure.properties

    def _settle(self, host: DynamicProcess, inputs: Inputs | None) -> None:
        resource, outcome = self.scenario.resource, self.outcome
        news = None if inputs is None else self.inputs(inputs)
        if outcome.state is not None and (news is None or has_no_response(outcome.id)):
            assert news is None or host.diff(resource, outcome.id, outcome.state, news)[1], "it is replaced"
            host.delete(resource, outcome.id, outcome.state)
            outcome.state = None
        if news is None:
            return
        if outcome.state is None:
            outcome.id, outcome.state = host.create(resource, news)
            return
        if self.verb.action == "read":
            id_, outcome.state, _ = host.read(resource, outcome.id, outcome.state)
            assert id_, "an error was taken for gone"
        if host.diff(resource, outcome.id, outcome.state, news)[0] is not False:
            outcome.state = host.update(resource, outcome.id, outcome.state, news)
        # What is open a later update looks for again.
        assert is_open(outcome) or host.diff(resource, outcome.id, outcome.state, news) == (False, [])


class Rule(ABC):
    """What has to hold after each step of the fault matrix, whatever happened to the requests."""

    def orphans(self, case: Case) -> set[str]:  # noqa: ARG002 - of what a POST creates
        """The own ids of what exists and is not in the state, although the step succeeded. A setting has none."""
        return set()

    @abstractmethod
    def check(self, case: Case) -> None:
        """Assert that what exists is in the state, or named in an error."""


@dataclass(frozen=True)
class AnotherTeam:
    """Another team, which creates objects of the same kind beside a verb that is a POST."""

    inputs: Inputs = field(default_factory=dict)
    """What it sends to the same path, beside the name. Ids in texts are filled in, as in the path."""
    by: str = "name"
    """The property that objects are told apart by: what `recognized_by` of the handler begins with."""
    given_as: str = ""
    """The dotted name of the input that has it, if that is another one."""
    is_unique: bool = False
    """Whether only one object can have a value of `by`: once ours exists, theirs has another."""
    other_names: tuple[object, object] = ("theirs-before", "theirs-after")
    """What `by` is of objects that are not like ours."""


def aged(state: dict[str, Any]) -> dict[str, Any]:
    """The state of an object that was created, or whose keys were made and replaced, an hour before."""
    managed = _earlier(state["__managed"])
    if "objects" in managed:
        managed["objects"] = {id_: _earlier(record) for id_, record in managed["objects"].items()}
    if "retiring" in managed:
        managed["retiring"] = {
            id_: {name: value - 3600 if name.endswith("_at") else value for name, value in old.items()}
            for id_, old in managed["retiring"].items()
        }
    dated: dict[str, Any] = {"created_at": state["created_at"] - 3600} if "created_at" in state else {}
    if "created_at" in (shown := state.get("object") or {}):
        dated["object"] = {**shown, "created_at": shown["created_at"] - 3600}
    return {**state, **dated, "__managed": managed}


def _earlier(record: dict[str, Any]) -> dict[str, Any]:
    made = {"made_at", "key_made_at", "secret_made_at"}
    return {name: value - 3600 if name in made else value for name, value in record.items()}


def is_live_project_key(server: EmulatorServer, secret: str) -> bool:
    """Whether a secret is the value of an API key of a project, which can be used."""
    key = server.control.key(secret)
    return key is not None and key["state"] == "live"


@dataclass(frozen=True)
class Scenario:
    """A resource's scenario: what `test_scenarios.py` does with it, and its parts in the other tests of this folder."""

    resource: type[Any]
    inputs: Inputs
    rule: Rule
    """What holds in the fault matrix."""
    verbs: tuple[Verb, ...]
    """What meets faults. Every action that the resource has needs a verb."""
    outputs: dict[str, Any] = field(default_factory=dict)
    """What the state has beside the inputs, or in another form."""
    drift: Drift | None = None
    """None where nothing that a program sets can be changed outside Pulumi."""
    steps: tuple[Step, ...] = ()
    another: Inputs = field(default_factory=dict)
    """A change after all steps that means another object; another project, if empty. Its first input is the reason."""
    bad: dict[str, Inputs] = field(default_factory=dict)
    """Inputs that check has to refuse, by a piece of the reason, beside those that follow from the declaration."""
    is_gone_after_delete: bool = True
    seed: dict[str, Any] = field(default_factory=dict)
    """What has to exist before."""
    prepare: Callable[[Any, str], Inputs] | None = None
    """Create what the object needs in a project of the fault matrix; the inputs that say what it is."""
    another_team: dict[str, AnotherTeam] = field(default_factory=dict)
    """Verbs that another team may interfere with, by name: of all resources whose POST creates an object."""
    is_live_secret: Callable[[EmulatorServer, str], bool] = is_live_project_key
    """Whether an output that OpenAI shows once is what can be used now."""
    requests_at: str = ""
    """Where the requests go, if the handler does not say it."""

    @property
    def collection(self) -> str:
        """Where the requests go, with the names of ids."""
        handler = self.resource.handler
        sources = (handler, getattr(handler, "member", None), getattr(handler, "row", None))
        return self.requests_at or next(source.path for source in sources if hasattr(source, "path"))

    @property
    def path(self) -> str:
        """Where the object is changed; `{id}` is its own id."""
        if self.drift and self.drift.path:
            return self.drift.path
        own = "/{id}" if self._ids and f"{{{self._ids[-1]}}}" not in self.collection else ""
        return self.collection.format(**self.inputs) + own

    def path_of(self, verb: Verb) -> str:
        """The path of the request that a fault hits, with the names of ids."""
        return verb.path if verb.path.startswith("/") else f"{self.collection}/{verb.path}".rstrip("/")

    def name_sent(self, name: str) -> str:
        """The dotted name that an input has in requests, and in the emulator; others keep theirs."""
        fields = self.resource.declaration.fields
        wire = fields[name].wire if name in fields else name
        return str(getattr(self.resource.handler, "sent_as", {}).get(name, wire))

    def sent(self, inputs: Inputs) -> dict[str, Any]:
        """A request of others with these inputs."""
        fields, constants = self.resource.declaration.fields, getattr(self.resource.handler, "constants", {})
        values = {
            self.name_sent(name): fields[name].to_handler(value) if name in fields else value
            for name, value in inputs.items()
        }
        return documents.nested({**constants, **values})

    def method_of(self, verb: Verb) -> str:
        return verb.method or method_of_change(self.path_of(verb))

    @property
    def programs(self) -> list[Inputs]:
        return [*accumulate((step.change for step in self.steps), changed, initial=self.inputs)][1:]

    @property
    def replaced_by(self) -> Inputs | None:
        """Inputs that mean another object; None where any change is made in place."""
        return changed([self.inputs, *self.programs][-1], self._another) if self._another else None

    @property
    def replaces(self) -> str:
        """The input that `replaced_by` changes; where that is None, an input that is changed in place."""
        fields = self.resource.declaration.fields
        return next(iter(self._another), "") or next(name for name in self.inputs if not fields[name].replaces)

    @property
    def _another(self) -> Inputs:
        is_elsewhere = self.is_in_project and self.has_project and not self.another
        return {"project_id": "proj_staging"} if is_elsewhere else self.another

    @property
    def refused(self) -> dict[str, Inputs]:
        """Inputs that check has to refuse, by a piece of the reason."""
        inputs = self.resource.declaration.inputs
        ids = [each.name for each in inputs if each.role is FieldRole.PATH and form_of_field(each.name)]
        numbers = {each.name: each.shape for each in inputs if isinstance(each.shape, Number)}
        minima = {name: shape.minimum for name, shape in numbers.items() if shape.minimum is not None}
        return {
            **{f"{each.name} is missing": {each.name: None} for each in inputs if each.required},
            **{f"{each.name} is empty": {each.name: ""} for each in inputs if each.auto_named},
            **{f"{name} is not an id": {name: "../admin_api_keys"} for name in ids},
            **{f"{each.name} must be": {each.name: 3 if isinstance(each.shape, Text) else "3"} for each in inputs},
            **{f"{name} must be a whole number": {name: least - 1} for name, least in minima.items()},
            **{f"{each.name} must be '": {each.name: "x"} for each in inputs if getattr(each.shape, "choices", ())},
            **self.bad,
        }

    @property
    def _ids(self) -> list[str]:
        """The names of the ids that tell the object apart; none if the organization has one."""
        fields = self.resource.declaration.fields.values()
        return [each.name for each in fields if each.identity or (each.role is FieldRole.PATH and not each.has_slashes)]

    @property
    def missing(self) -> str:
        """An id that no object has; empty where every organization has the object."""
        if not self._ids:
            return ""
        *_, own = self._ids
        form, paths = form_of_field(own), self.resource.declaration.with_role(FieldRole.PATH)
        parents = [self.inputs[each.name] for each in paths if each.name != own]
        prefix = form.beginnings[0] if form and form.beginnings else ""
        return "/".join([*parents, "none@example.com" if own == "email" else f"{prefix}none"])

    @property
    def malformed(self) -> str:
        """What is no id; empty where anything is one."""
        declaration = self.resource.declaration
        paths = declaration.with_role(FieldRole.PATH)
        if len(paths) == 1 and self._ids == [paths[0].name]:
            return "a/b"
        return "none" if paths or not declaration.identity else ""

    @property
    def is_in_project(self) -> bool:
        """Whether its path begins with a project."""
        return "project_id" in self._ids

    @property
    def archives_itself(self) -> bool:
        """Whether it is what an archived project is."""
        return self.resource.declaration.identity == "project_id"

    @property
    def needed_actions(self) -> set[str]:
        """What the fault matrix has to have verbs for: an update only of what changes in place."""
        changing = [field for field in self.resource.declaration.inputs if not field.replaces]
        is_changed = any(field.role in {FieldRole.ARGUMENT, FieldRole.OPTION} for field in changing)
        return {"create", "read", "delete"} | ({"update"} if is_changed else set())

    @property
    def has_project(self) -> bool:
        """Whether a program says in which project it is."""
        return "project_id" in self.inputs

    @property
    def ends_with_project(self) -> bool:
        """Whether an archived project ends it: what is in one, or for a service account of one."""
        return self.is_in_project or "service_account_id" in self.inputs

    @property
    def is_one_of_a_kind(self) -> bool:
        return not self._ids

    def of_its_own(self, number: int, *, unseen_ids: bool = False) -> Scenario:
        """The same scenario, with ids, roles and addresses that no other number has: all fit in one organization.

        `unseen_ids`: with ids in a form that nobody has seen, as the emulator's switch makes them.
        """
        ids = [PROJECT["project_id"], *(seeded["id"] for seeded in _objects(self.seed))]
        rows = {id_: f"{id_.removeprefix('rl-')}~limit" for id_ in re.findall(r"\brl-[\w.-]+", repr(self))}
        roles = [seeded["role_name"] for seeded in _objects(self.seed) if "role_name" in seeded]
        names = {
            **{id_: f"{re.sub('[_-]', '~', id_)}.{number}" if unseen_ids else f"{id_}-{number}" for id_ in ids},
            **(rows if unseen_ids else {}),
            **{role: f"{role} {number}" for role in roles},
            **{domain: f"@{number}.{domain[1:]}" for domain in ("@example.com", "@Example.com")},
        }
        fields = ("inputs", "outputs", "drift", "steps", "another")
        seed = _renamed(self.seed, names)
        projects = seed.get("projects") or [{"id": names[PROJECT["project_id"]]}]
        seed = {**seed, "projects": [{"name": f"Project {number}", **project} for project in projects]}
        return replace(self, seed=seed, **{name: _renamed(getattr(self, name), names) for name in fields})


def changed(inputs: Inputs, change: Inputs) -> Inputs:
    """The inputs with a change, in which None removes an input."""
    return {name: value for name, value in {**inputs, **change}.items() if value is not None}


def _objects(seed: dict[str, Any]) -> list[dict[str, Any]]:
    """What a seed has, with the service accounts of its projects."""
    found = [object_ for objects in seed.values() for object_ in objects]
    accounts = [account for object_ in found for account in object_.get("service_accounts", ())]
    return [object_ for object_ in (*found, *accounts) if "id" in object_]


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """Data in which each name stands for another."""
    if isinstance(value, str):
        return re.sub("|".join(map(re.escape, names)), lambda found: names[found[0]], value)
    if isinstance(value, dict):
        return {_renamed(key, names): _renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_renamed(inner, names) for inner in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _renamed(getattr(value, field.name), names) for field in fields(value)})
    return value
