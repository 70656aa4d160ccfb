"""Histories: data from a seed, how they run, and how a failing one becomes as short as it can be."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import yaml
from typing_extensions import override

from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.emulator.handlers.api import Match
from pulumi_openai_admin.emulator.handlers.kind import Actor
from pulumi_openai_admin.emulator.server.service import OTHER_KEY
from tests.simulation.engine import Engine, references
from tests.simulation.hosts import plain
from tests.simulation.rules import Trace, Violation, declared, unclean, violations
from tests.simulation.values import (
    ACCESS,
    ACCOUNT_NAMES,
    ADMIN_KEY_NAMES,
    EMAILS,
    KEYS,
    OTHERS,
    OUTSIDERS,
    PROJECT_ROLES,
    PROJECTS,
    ROLES,
    SHORT,
    Draw,
    end,
    has_end,
    inputs_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.simulation.cloud import Cloud, Fact

History = dict[str, Any]
Program = list[dict[str, Any]]

_WRITES = sorted({operation.method for kind in KINDS for operation in kind.operations()} - {"GET"}, reverse=True)
_WAIT = 180
"""Seconds after which every request has acted."""


def generate(seed: int) -> History:
    rng = Draw(seed)
    program: Program = []
    steps = [_other(rng) for _ in range(rng.choice([0, 1, 1, 2, 3]))]
    for number in range(rng.choice([2, 3, 3, 4, 5])):
        draw = rng.random() if number else 0
        if draw < 0.66:
            program = _changed(program, rng)
            steps.append({"op": "up", "program": program, **_options(rng, program)})
            between = _comings_and_goings(rng, program)
            if '"until"' in json.dumps(program) and rng.random() < (0.8 if rng.is_about_members else 0.5):
                between.insert(rng.choice([0, len(between)]), _clock(rng, 700, 100_000))
            steps += between
            if rng.is_about_members and rng.random() < 0.7:
                steps.append({"op": "up", "program": program, **_options(rng, program)})
        elif draw < 0.76:
            steps.append({"op": "refresh", **_options(rng)})
        elif draw < 0.80:
            steps.append({"op": "preview", "program": _changed(program, rng), **_options(rng)})
        elif draw < 0.88:
            targets = [one["name"] for one in rng.sample(program, min(1, len(program)))]
            chosen = {"targets": targets} if rng.random() < 0.4 else {}
            steps.append({"op": "destroy", **chosen, **_options(rng)})
        elif draw < 0.95:
            steps.append(_other(rng))
        elif draw < 0.96 and program:
            name = rng.choice(program)["name"]
            steps.append({"op": "forget", "name": name})
        elif draw < 0.98:
            steps.append(_clock(rng, 5, 60, 700, 4000, 100_000))
        else:
            steps.append(_import(rng))
            named = {key: steps[-1][key] for key in ("kind", "name")}
            program = [*program, {**named, "inputs": {}, "imported": True}]
    return {"seed": seed, "native": rng.random() < 0.3, "steps": steps}


def _clock(rng: Draw, *moments: int) -> dict[str, Any]:
    seconds = rng.choice(moments)
    rng.elapsed += seconds
    return {"op": "clock", "seconds": seconds}


def _comings_and_goings(rng: Draw, program: Program) -> list[dict[str, Any]]:
    """What others do with a person who is in the program as an `OrganizationMember`."""
    emails = [one["inputs"]["email"] for one in program if one["kind"] == "OrganizationMember"]
    if not emails or rng.random() < 0.4:
        return []
    email = rng.choice(emails)
    invited = {"email": email, "role": rng.choice(["owner", "reader"])}
    leave, join, accept = ({"op": name, "email": email} for name in ("leave", "join", "accept"))
    invite = {"op": "other", "method": "POST", "path": "/organization/invites", "body": invited}
    return rng.choice([
        [leave],
        [leave, join],
        [leave, invite],
        [leave, invite, accept],
        [join],
        [accept],
        [accept, leave, join],
        [invite],
        [invite, join],
    ])  # fmt: skip


def _options(rng: Draw, program: Program | None = None) -> dict[str, Any]:
    options: dict[str, Any] = {"order": rng.randrange(1000)}
    for name, probability in (("parallel", 0.3), ("refresh", 0.08), ("reads", 0.1)):
        if rng.random() < probability:
            options[name] = True
    if program and rng.random() < 0.08:
        options["replaces"] = [rng.choice(program)["name"]]
    if rng.random() < 0.03:
        options["clock_ahead"] = rng.choice([-86_400, 86_400])
    faults = [_fault(rng) for _ in range(rng.choice([0, 0, 0, 1, 1, 2]))]
    if faults and faults[0].get("method", "*") not in {"*", "GET", "DELETE"} and rng.random() < 0.3:
        faults.insert(0, _interleaved(rng, faults[0], program or []))
    return {**options, "faults": faults} if faults else options


def _fault(rng: Draw) -> dict[str, Any]:
    at = {"skip": rng.choice([0, 0, 0, 1, 2, 4])}
    on_write = {**at, "method": rng.choice(_WRITES)}
    on_any = {**at, "method": rng.choice(["*", *_WRITES, "GET"])}
    return rng.choice([
        lambda: {"kind": "reset", "when": rng.choice(["before", "after"]), **on_write},
        lambda: {"kind": "late", "seconds": rng.choice([2, 15, 40, 59]), **on_write},
        lambda: {"kind": "delay", "seconds": rng.choice([3, 20]), **on_any},
        lambda: {"kind": "status", "status": 500, "times": rng.choice([1, 6]), "when": rng.choice(["before", "after"]),
                 **on_any},
        lambda: {"kind": "status", "status": 403, "code": "missing_scope", "times": rng.choice([1, None]), **on_any},
        lambda: {"kind": "status", "status": 403, "method": "POST", "path": "*/archive"},
        lambda: {"kind": "throttle", **on_any},
        lambda: {"kind": "lagging_list", "method": "GET", "how": rng.choice(["without_new", "as_before", "empty"]),
                 "seconds": rng.choice([3, 30, 300]), "times": rng.choice([1, 2, None]), **at},
        lambda: {"kind": "lagging_list", "method": "GET", "how": "empty", "times": None},
        lambda: {"kind": rng.choice(["truncate", "not_json", "empty_body"]), **on_write},
        lambda: {"kind": "unrelated_404", "times": rng.choice([1, None]), **on_any},
        lambda: {"kind": rng.choice(["crash", "cancel"]), "at": rng.choice([1, 2, 3, 5, 8])},
    ])()  # fmt: skip


def _interleaved(rng: Draw, fault: dict[str, Any], program: Program) -> dict[str, Any]:
    """Requests of another client just before or after one of ours that has a fault."""
    steps = [_other_key(rng, program) if rng.random() < 0.7 else _other(rng) for _ in range(rng.choice([1, 1, 2]))]
    requests = [{name: value for name, value in step.items() if name != "op"} for step in steps if "path" in step]
    return {
        "kind": "interleave",
        "when": rng.choice(["before", "after"]),
        "method": fault["method"],
        "skip": fault.get("skip", 0),
        "requests": requests or [{"path": "/organization/groups", "body": {"name": "Others"}}],
    }


def _other_key(rng: Draw, program: Program) -> dict[str, Any]:
    """An account or a key that another client makes, more often than not with a name that the program has, too."""
    paths = {
        "ProjectServiceAccount": [f"/organization/projects/{project}/service_accounts" for project in PROJECTS],
        "AdminApiKey": ["/organization/admin_api_keys"],
    }
    own = [one for one in program if one["kind"] in paths]
    kind = rng.choice(own)["kind"] if own else rng.choice([*paths])
    names = [one["inputs"]["name"] for one in own if one["kind"] == kind] or [*ACCOUNT_NAMES, *ADMIN_KEY_NAMES]
    return {"op": "other", "method": "POST", "path": rng.choice(paths[kind]), "body": {"name": rng.choice(names)}}


def _kind(rng: Draw) -> str:
    if rng.is_about_members and rng.random() < 0.6:
        return "OrganizationMember"
    draw = rng.random()
    return rng.choice([*(ACCESS if draw < 0.68 else KEYS if draw < 0.88 else OTHERS)])


def _resource(rng: Draw, names: set[str]) -> dict[str, Any]:
    kind = _kind(rng)
    own = {"Project": "project", "ProjectServiceAccount": "account"}.get(kind)
    name = own or rng.choice([name for name in "abcdefghijklmnop" if name not in names])
    options = {
        name: True
        for name, probability in (("deletes_first", 0.1), ("retains", 0.04), ("protects", 0.03))
        if rng.random() < probability
    }
    return {"name": name, "kind": kind, "inputs": inputs_of(kind, rng), **options}


def _changed(program: Program, rng: Draw) -> Program:
    """Another program: some resources are added, removed, changed, renamed, or of another kind."""
    program = [{name: value for name, value in one.items() if name != "alias"} for one in copy.deepcopy(program)]
    if not program:
        for _ in range(rng.choice([1, 1, 2, 3])):
            program = _with(program, _resource(rng, {one["name"] for one in program}))
        return program
    for _ in range(rng.choice([1, 1, 2])):
        one, draw = (rng.choice(program) if program else None), rng.random()
        names = {each["name"] for each in program}
        free = rng.choice([name for name in "abcdefghijklmnop" if name not in names])
        if one is None or draw < 0.2 or one.get("imported"):
            program = _with(program, _resource(rng, names))
        elif draw < 0.5:
            program = [each for each in program if each is not one]
        elif draw < 0.72:
            program = _with([each for each in program if each is not one], _other_inputs(one, rng))
        elif draw < 0.84 and one["name"] not in ("project", "account"):
            renamed = {**one, "name": free, **({"alias": one["name"]} if rng.random() < 0.4 else {})}
            if rng.random() < 0.4:
                renamed = {**_other_inputs(renamed, rng)}
            program = _with([each for each in program if each is not one], renamed)
        elif one["kind"] in ACCESS:
            moved = _of_other_kind(one, rng)
            program = _with([each for each in program if each is not one], {**moved, "name": free} if moved else one)
    return closed(program)


def _other_inputs(one: dict[str, Any], rng: Draw) -> dict[str, Any]:
    """A resource with some other inputs, more often than not about the same people."""
    drawn = inputs_of(one["kind"], rng)
    if one["kind"] in OTHERS:
        return {**one, "inputs": drawn}
    rest = {name: value for name, value in one["inputs"].items() if name != "until"}
    if has_end(one["kind"]) and rng.random() < (0.6 if "until" in one["inputs"] else 0.1):
        return {**one, "inputs": {**rest, **({"until": end(rest, rng)} if rng.random() < 0.7 else {})}}
    name = rng.choice([name for name in drawn if name != "until"])
    if name in ("email", "user_id", "members", "user_ids", "role_ids"):  # `until` names them
        return {**one, "inputs": drawn}
    return {**one, "inputs": {**one["inputs"], name: drawn[name]}}


def _of_other_kind(one: dict[str, Any], rng: Draw) -> dict[str, Any] | None:
    """A resource of another kind that is about the same people, with another role perhaps."""
    old = one["inputs"]
    user = old.get("user_id") or EMAILS.get(old.get("email", ""))
    places = {name: old[name] for name in ("project_id", "group_id") if name in old}
    for _ in range(20):
        kind = rng.choice([*ACCESS])
        inputs = inputs_of(kind, rng)
        if kind == one["kind"] or not ({*places} <= {*inputs}):
            continue
        if user and "user_id" in inputs:
            inputs["user_id"] = user
        if user and "email" in inputs:
            inputs["email"] = next(email for email, id_ in EMAILS.items() if id_ == user)
        return {"name": one["name"], "kind": kind, "inputs": {**inputs, **places}}
    return None


def _with(program: Program, one: dict[str, Any]) -> Program:
    """A program with one more resource, unless two would manage the same object."""
    program = closed([*(each for each in program if each["name"] != one["name"]), one])
    taken: set[object] = set()
    kept: Program = []
    for each in program:
        try:
            own: set[object] = {
                fact for fact, value in declared(each["kind"], each["inputs"], EMAILS).items() if value > 0
            }
        except (KeyError, TypeError):
            own = set()
        own |= {(each["kind"], json.dumps(each["inputs"].get("project_id")))} if each["kind"] in OTHERS else set()
        if not own & taken:
            kept.append(each)
            taken |= own
    return kept


def closed(program: Program) -> Program:
    """A program with the project and the account that its resources refer to, before them."""
    text = json.dumps([one["inputs"] for one in program])
    names = {one["name"] for one in program}
    added: Program = []
    if '"ref": "account"' in text and "account" not in names:
        inputs = {"project_id": {"ref": "project", "output": "project_id"}, "name": "runner"}
        added.append({"name": "account", "kind": "ProjectServiceAccount", "inputs": inputs})
    if '"ref": "project"' in json.dumps([text, added]).replace('\\"', '"') and "project" not in names:
        added.insert(0, {"name": "project", "kind": "Project", "inputs": {"name": "Shop"}})
    return [*added, *program]


def _other(rng: Draw) -> dict[str, Any]:
    """A request of another client of the organization."""
    user, group, project = rng.choice(rng.people), rng.choice(rng.groups), rng.choice(rng.projects)
    role, project_role, short = rng.choice(ROLES), rng.choice(PROJECT_ROLES), rng.choice(SHORT)
    places = {
        f"/organization/projects/{project}/users": ({"user_id": user, "role": short}, user),
        f"/organization/groups/{group}/users": ({"user_id": user}, user),
        f"/organization/groups/{group}/roles": ({"role_id": role}, role),
        f"/organization/users/{user}/roles": ({"role_id": role}, role),
        f"/organization/projects/{project}/groups": ({"group_id": group, "role": short}, group),
        f"/projects/{project}/groups/{group}/roles": ({"role_id": project_role}, project_role),
        f"/projects/{project}/users/{user}/roles": ({"role_id": project_role}, project_role),
    }
    path = rng.choice([*places])
    body, own = places[path]
    draw = rng.random()
    if draw < 0.1:
        return _other_key(rng, [])
    if draw < 0.6:
        return {"op": "other", "method": "POST", "path": path, "body": body}
    if draw < 0.75:
        return {"op": "other", "method": "DELETE", "path": f"{path}/{own}"}
    if draw < 0.85:
        changed = {"role": rng.choice(["owner", "reader"])}
        return {"op": "other", "method": "POST", "path": f"/organization/users/{user}", "body": changed}
    if draw < 0.9:
        invited = {"email": rng.choice(OUTSIDERS), "role": "reader"}
        return {"op": "other", "method": "POST", "path": "/organization/invites", "body": invited}
    if draw < 0.97:
        return {"op": rng.choice(["accept", "accept", "join"]), "email": rng.choice(OUTSIDERS)}
    return {"op": "other", "method": "DELETE", "path": f"/organization/users/{user}"}


def _import(rng: Draw) -> dict[str, Any]:
    user, group, project = rng.choice(rng.people), rng.choice(rng.groups), rng.choice(rng.projects)
    kinds = {
        "ProjectUser": f"{project}/{user}",
        "GroupUser": f"{group}/{user}",
        "ProjectMembers": project,
        "GroupMembers": group,
        "UserRoles": user,
        "OrganizationUser": user,
        "ProjectUserRole": f"{project}/{user}/{rng.choice(PROJECT_ROLES)}",
    }
    kind = rng.choice([*kinds])
    return {"op": "import", "kind": kind, "name": rng.choice("abcdefghijklmnop"), "id": kinds[kind]}


def run(history: History, cloud: Cloud, told: Callable[[str], object] = lambda _text: None) -> list[Violation]:
    """Run a history, then update, preview and destroy without faults; its violations."""
    cloud.reset(history["seed"])
    engine = Engine(cloud, history["native"])
    trace = Trace(cloud, engine)
    program: Program = []
    for step in history["steps"]:
        told(json.dumps(step))
        _require_whole(step.get("program", []))
        program = step["program"] if step["op"] == "up" else [] if step["op"] == "destroy" else program
        _do(step, engine)
        cloud.advance(1)
        _tell(trace, told)
    trace.begins_end = len(engine.operations)
    for act in _end(trace, program):
        act()
        _tell(trace, told)
    return violations(trace)


class _Lines(yaml.SafeDumper):
    """Write a history with a line for each resource, fault and request of others."""

    @override
    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        is_block = not {"steps", "op"}.isdisjoint(dict(mapping))
        return super().represent_mapping(tag, mapping, not is_block)

    @override
    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        is_block = any(isinstance(one, dict) and {"op", "kind"} & one.keys() for one in sequence)
        return super().represent_sequence(tag, sequence, not is_block)


def as_text(history: History) -> str:
    """A history as a file has it."""
    return yaml.dump(history, Dumper=_Lines, sort_keys=False, width=120)


def _require_whole(program: Program) -> None:
    """Refuse a program that refers to what it does not have: it would not run."""
    names = {one["name"] for one in program}
    for one in program:
        assert {*references(one["inputs"])} <= names, one


def _do(step: dict[str, Any], engine: Engine) -> None:
    cloud = engine.cloud
    match step["op"]:
        case "up":
            engine.up(step["program"], step)
        case "preview":
            engine.preview(step["program"], step)
        case "refresh":
            engine.refresh(step)
        case "destroy":
            engine.destroy(step)
        case "import":
            engine.adopt(step)
        case "clock":
            cloud.advance(step["seconds"])
        case "other":
            cloud.other(step["method"], step["path"], step.get("body"))
        case "forget":
            engine.forget(step["name"])
        case "accept":
            _accept(cloud, step["email"])
        case "join":
            _join(cloud, step["email"])
        case "leave":
            for fact in _of_person(cloud, "user", step["email"]):
                cloud.other("DELETE", f"/organization/users/{fact[2]}")


def _of_person(cloud: Cloud, kind: str, email: str) -> list[Fact]:
    """The user, or the invites, of an address."""
    return [fact for fact, content in cloud.facts.items() if fact[0] == kind and content["email"] == email]


def _accept(cloud: Cloud, email: str) -> None:
    """Let a person accept the newest invite."""
    invites = [] if _of_person(cloud, "user", email) else [fact[2] for fact in _of_person(cloud, "invite", email)]
    kind = cloud.emulator.organization.kinds["invite"]
    for operation in kind.control_operations():  # type: ignore[attr-defined] # as all kinds have
        if operation.path.endswith("accept") and invites:
            ids = {operation.parameters[0]: invites[-1]}
            cloud.emulator.api.answer(Match(operation, ids), "", b"", Actor(OTHER_KEY))


def _join(cloud: Cloud, email: str) -> None:
    """Let a person join without an invite of the program: by single sign-on. The invite stays open."""
    if not _of_person(cloud, "user", email):
        name = email.partition("@")[0]
        id_ = f"user-{name}-joined-{len(cloud.writes)}"
        cloud.seed({"users": [{"id": id_, "name": name, "email": email, "role": "reader"}]})


def _end(trace: Trace, program: Program) -> Iterator[Callable[[], object]]:
    """What a user does in the end, when all works again."""
    engine, cloud = trace.engine, trace.cloud
    program = [{name: value for name, value in one.items() if name not in ("alias", "protects")} for one in program]
    for entry in engine.entries:
        entry.protects = False
    yield lambda: cloud.advance(_WAIT)
    for _ in range(2):
        yield lambda: engine.refresh({})
        yield lambda: engine.up(program, {})
        if not engine.operations[-1].errors:
            break
        yield lambda: cloud.advance(_WAIT)
    if not engine.operations[-1].errors:
        yield lambda: engine.preview(program, {})
        shown, count = engine.operations[-1], len(cloud.writes)
        yield lambda: engine.up(program, {})
        ours = [one for one in cloud.writes[count:] if one.is_ours]
        trace.unclean += unclean(engine, shown, engine.operations[-1], ours)
    for _ in range(2):
        yield lambda: engine.destroy({})
        if not engine.entries:
            break
        yield lambda: cloud.advance(_WAIT)
        yield lambda: engine.refresh({})
    yield lambda: cloud.advance(_WAIT)


def _tell(trace: Trace, told: Callable[[str], object]) -> None:
    """Keep the state after an operation, and say what happened."""
    engine = trace.engine
    while len(trace.snapshots) < len(engine.operations):
        text = json.dumps([[entry.id, entry.outputs] for entry in engine.entries])
        trace.snapshots.append((len(trace.cloud.writes), text))
        trace.managed.append([(entry.kind, plain(entry.kind, entry.inputs)) for entry in engine.entries])
        number = len(trace.snapshots) - 1
        told(f"  {number} {engine.operations[number].name}: {engine.operations[number].steps}")
        for message in engine.messages:
            if message.operation == number:
                told(f"    {message.level} {message.urn.rpartition('::')[2]}: {message.text}")


def shrunk(history: History, signature: str, cloud: Cloud) -> History:
    """The shortest history that can be found with the same violation."""

    def fails(candidate: History) -> bool:
        try:
            return any(violation.signature == signature for violation in run(candidate, cloud))
        except Exception:  # noqa: BLE001 - a history that can't run is no candidate
            return False

    is_shorter = True
    while is_shorter:
        is_shorter = False
        for candidate in _shorter(history):
            if fails(candidate):
                history, is_shorter = candidate, True
                break
    return history


def _shorter(history: History) -> Iterator[History]:
    """Histories without one part each."""
    steps = history["steps"]
    for number, step in enumerate(steps):
        yield {**history, "steps": [*steps[:number], *steps[number + 1 :]]}
        for changed in _simpler(step):
            yield {**history, "steps": [*steps[:number], changed, *steps[number + 1 :]]}
    if history["native"]:
        yield {**history, "native": False}


def _simpler(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name in ("parallel", "refresh", "reads", "clock_ahead", "targets"):
        if name in step:
            yield {key: value for key, value in step.items() if key != name}
    for number in range(len(step.get("faults", ()))):
        yield {**step, "faults": [*step["faults"][:number], *step["faults"][number + 1 :]]}
    for number, one in enumerate(step.get("program", ())):
        yield {**step, "program": [*step["program"][:number], *step["program"][number + 1 :]]}
        for name in ("alias", "deletes_first", "retains", "protects"):
            if name in one:
                simpler = {key: value for key, value in one.items() if key != name}
                yield {**step, "program": [*step["program"][:number], simpler, *step["program"][number + 1 :]]}
