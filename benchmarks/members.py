"""Many members: sets of 1,000 and 10,000, and one list for many memberships beside a GET for each.

Without an engine: the handlers run in this process, through the package's own client and a real socket, as many at a
time as the default says. A step is measured beside its writes alone, sent by the same client.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Figure, Report, Sample, Table
from pulumi_openai_admin import GroupMembers, GroupUser, ProjectMembers, ProjectUser, ProjectUserRole
from pulumi_openai_admin.config import Settings
from pulumi_openai_admin.emulator.process import EmulatorServer
from pulumi_openai_admin.handlers.batch import Batch
from pulumi_openai_admin.handlers.handler import Remote, Wanted
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.schema.paths import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.session import Session
    from pulumi_openai_admin.handlers.shapes.member_set import MemberSet

SIZES = (1_000, 10_000)
_QUICK = (100, 1_000)
CHANGED = 10
GROUP_USERS, PROJECT_USERS, PEOPLE_WITH_ROLES, ROLES_EACH = 200, 300, 50, 4
_A_SEED = 1_000
"""How many people one body of the control API has room for."""
_PROJECT = "proj_demo"
_AT_MOST_A_MEMBER = 1.5
"""The time of a member in the largest set beside one in the smallest: 1 is a straight line."""


@dataclass(frozen=True)
class _Kind:
    """A set, and how it names members."""

    name: str
    handler: MemberSet
    parents: dict[str, str]
    others: dict[str, str]
    """Where the requests alone go."""
    role: str = ""
    """What each member has, if anything."""

    def members(self, first: int, end: int) -> Any:
        """The input, for some of the people."""
        if self.role:
            return {f"person{number}@example.com": self.role for number in range(first, end)}
        return [f"user-{number}" for number in range(first, end)]

    def body(self, number: int) -> dict[str, str]:
        """The POST that adds one."""
        return {"user_id": f"user-{number}", **({"role": self.role} if self.role else {})}


def _each(client: Client, items: Sequence[Any], act: Callable[[Any], object]) -> None:
    """Call a function for each item, as many at a time as the client says."""
    Batch(client).run(map(str, range(len(items))), lambda number: act(items[int(number)]))


def measure(session: Session) -> Report:
    """Sets of two sizes, then the lists."""
    sizes = _QUICK if session.quick else SIZES
    rows: list[list[str]] = []
    figures: list[Figure] = []
    for kind in (
        _Kind("GroupMembers", GroupMembers.handler, {"group_id": "group_bench"}, {"group_id": "group_other"}),
        _Kind(
            "ProjectMembers", ProjectMembers.handler, {"project_id": _PROJECT}, {"project_id": "proj_staging"}, "member"
        ),
    ):
        found = {}
        for size in sizes:
            session.step(f"{kind.name}: {size:,} members")
            with EmulatorServer() as emulator:
                found[size] = _set(emulator, kind, size)
            for step, sample in found[size].items():
                counts = [f"{sample.count(method):,}" for method in ("GET", "POST", "DELETE")]
                growth = "" if size == sizes[0] else f"{_growth(sizes, found, step):.2f}"
                rows.append([kind.name, f"{size:,}", step, *counts, _s(sample), growth])
        figures += _figures(kind, sizes, found)
    session.step("one list beside a GET for each")
    with EmulatorServer() as emulator:
        lists = _lists(emulator)
    figures += [Figure(f"{name}: requests", len(ours.requests), "requests") for name, ours, _ in lists]
    figures += [_ratio(f"{name}: time", ours, theirs, "x a GET for each") for name, ours, theirs in lists]
    columns = ["set", "members", "step", "GET", "POST", "DELETE", "s", f"time of a member, x {sizes[0]:,}"]
    return Report(
        figures,
        [
            Table("Sets", columns, rows),
            Table(
                "A refresh: one list beside a GET for each",
                ["what", "requests", "with a GET for each", "s", "with a GET for each"],
                [
                    [name, str(len(ours.requests)), str(len(theirs.requests)), _s(ours), _s(theirs)]
                    for name, ours, theirs in lists
                ],
            ),
        ],
    )


def _set(emulator: EmulatorServer, kind: _Kind, size: int) -> dict[str, Sample]:
    """One set, from create to destroy; `_WRITES` are the writes of the create alone."""
    _people(emulator, size + CHANGED)
    emulator.control.seed({"groups": [{"id": id_, "name": id_} for id_ in ("group_bench", "group_other")]})
    members = kind.handler.members
    wanted = Wanted({}, {members: kind.members(0, size)})
    half = CHANGED // 2
    changed = Wanted({}, {members: kind.members(half, size + half)})
    remote = Remote(dict(kind.parents), unordered=frozenset({members}))
    path = fill(kind.handler.member.path, **kind.others)

    def writes(client: Client) -> None:
        calls = [Call("POST", path, "add", body=kind.body(number)) for number in range(size)]
        _each(client, calls, client.send)

    return {
        _WRITES: _timed(emulator, writes),
        "create": _timed(emulator, lambda client: kind.handler.create(client, remote, wanted)),
        f"change of {CHANGED}": _timed(emulator, lambda client: kind.handler.update(client, remote, changed)),
        "refresh": _timed(emulator, lambda client: kind.handler.read(client, remote)),
        "destroy": _timed(emulator, lambda client: kind.handler.delete(client, remote)),
    }


_WRITES = "create, the requests alone"


def _lists(emulator: EmulatorServer) -> list[tuple[str, Sample, Sample]]:
    """A refresh of memberships, each as a resource, and the same with a GET for each."""
    _people(emulator, PROJECT_USERS)
    roles = [f"role_{number}" for number in range(ROLES_EACH)]
    emulator.control.seed(
        {
            "groups": [{"id": "group_bench", "name": "Bench"}],
            "group_users": [{"group_id": "group_bench", "user_id": f"user-{n}"} for n in range(GROUP_USERS)],
            "project_users": [
                {"project_id": _PROJECT, "user_id": f"user-{n}", "role": "member"} for n in range(PROJECT_USERS)
            ],
            "project_roles": [
                {"project_id": _PROJECT, "id": role, "role_name": role, "permissions": ["api.model.read"]}
                for role in roles
            ],
        }
    )
    emulator.control.seed(
        {
            "project_user_roles": [
                {"project_id": _PROJECT, "user_id": f"user-{number}", "role_id": role}
                for number in range(PEOPLE_WITH_ROLES)
                for role in roles
            ]
        }
    )
    groups = [Remote({"group_id": "group_bench", "user_id": f"user-{n}"}, f"user-{n}") for n in range(GROUP_USERS)]
    people = [Remote({"project_id": _PROJECT}, f"user-{n}") for n in range(PROJECT_USERS)]
    assigned = [
        Remote({"project_id": _PROJECT, "user_id": f"user-{number}", "role_id": role}, role)
        for number in range(PEOPLE_WITH_ROLES)
        for role in roles
    ]
    return [
        (f"{GROUP_USERS} GroupUser of a group", *_beside_gets(emulator, GroupUser, groups)),
        (f"{PROJECT_USERS} ProjectUser of a project", *_beside_gets(emulator, ProjectUser, people)),
        (
            f"{len(assigned)} ProjectUserRole of {PEOPLE_WITH_ROLES} users",
            *_beside_gets(emulator, ProjectUserRole, assigned),
        ),
    ]


def _beside_gets(emulator: EmulatorServer, resource: Any, remotes: Sequence[Remote]) -> tuple[Sample, Sample]:
    calls = [
        Call("GET", fill(resource.handler.path + "/{id}", **remote.parents, id=remote.id), "read") for remote in remotes
    ]
    gets = _timed(emulator, lambda client: _each(client, calls, client.send))
    ours = _timed(
        emulator,
        lambda client: _each(client, remotes, lambda remote: resource.handler.read(client, remote)),
    )
    return ours, gets


def _timed(emulator: EmulatorServer, act: Callable[[Client], None]) -> Sample:
    """One step, with a client of its own: it knows no list yet."""
    settings = Settings(emulator.admin_key, "the benchmark", base_url=emulator.base_url, max_wait_seconds=3600)
    client = Client(Requestor(settings), settings.parallel)
    emulator.control.clear_requests()
    began = time.perf_counter()
    with client.operation():
        act(client)
    return Sample(time.perf_counter() - began, emulator.control.requests())


def _people(emulator: EmulatorServer, number: int) -> None:
    people = [
        {"id": f"user-{index}", "name": f"Person {index}", "email": f"person{index}@example.com", "role": "reader"}
        for index in range(number)
    ]
    for first in range(0, number, _A_SEED):
        emulator.control.seed({"users": people[first : first + _A_SEED]})


def _growth(sizes: Sequence[int], found: dict[int, dict[str, Sample]], step: str) -> float:
    """The time of a member in the largest set beside one in the smallest."""
    small, large = found[sizes[0]][step].seconds, found[sizes[-1]][step].seconds
    return large / small * sizes[0] / sizes[-1]


def _figures(kind: _Kind, sizes: Sequence[int], found: dict[int, dict[str, Sample]]) -> list[Figure]:
    """What another machine should find as well."""
    figures = []
    for size in sizes:
        create = found[size]["create"]
        name = f"{kind.name} of {size:,}"
        figures += [
            Figure(f"{name}: {step}: requests", len(found[size][step].requests), "requests")
            for step in ("create", f"change of {CHANGED}", "refresh")
        ]
        figures.append(_ratio(f"{name}: create: time", create, found[size][_WRITES], "x the POSTs alone"))
    for step in ("create", "destroy"):
        growth = round(_growth(sizes, found, step), 2)
        name = f"{kind.name}: {step}: time of a member, {sizes[-1]:,} beside {sizes[0]:,}"
        figures.append(Figure(name, growth, "x", _AT_MOST_A_MEMBER))
    return figures


def _ratio(name: str, ours: Sample, theirs: Sample, unit: str) -> Figure:
    absolute = {"seconds": round(ours.seconds, 3), "beside_seconds": round(theirs.seconds, 3)}
    return Figure(name, round(ours.seconds / theirs.seconds, 3), unit, None, absolute)


def _s(sample: Sample) -> str:
    return f"{sample.seconds:.2f}"
