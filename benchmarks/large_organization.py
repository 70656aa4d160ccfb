"""1,000 projects of 170 rows at OpenAI's 10 requests a minute on an handler: what is possible, and what we reach.

On paper: there is no list over several projects and no POST for several rows. So a refresh takes a list
for each project, a change a POST for each row that differs, and the least time follows from the limit, which is
the organization's on each handler: stacks that run at the same time share it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.measure import Figure, Report, Table
from benchmarks.simulation import Bucket, Operation, Simulation
from pulumi_openai_admin.config import Settings

if TYPE_CHECKING:
    from benchmarks.session import Session

PROJECTS = 1000
ROWS = 170
PER_MINUTE = 10
BURST = 10
_AT_MOST = 1.3
_PROCESSES = (1, 2, 4, 10)
_LIST: Operation = (("list", 1),)
_SERVERS = {
    "advises the wait": {"advises": True},
    "advises, and counts refused requests": {"advises": True, "punishes": True},
    "gives no advice": {"advises": False},
    "gives none, and counts refused requests": {"advises": False, "punishes": True},
}


@dataclass(frozen=True)
class Task:
    """Something that the organization wants done."""

    name: str
    operations: list[Operation]
    parallel: int = 1
    """How many requests one step sends at a time."""

    def least(self, endpoint: str) -> int:
        """The least number of requests on an endpoint."""
        return sum(number for operation in self.operations for name, number in operation if name == endpoint)

    @property
    def largest(self) -> int:
        """The least number of requests on the endpoint that is asked most."""
        return max(self.least("list"), self.least("POST"))


def tasks() -> list[Task]:
    """Each is one `pulumi` command without a preview."""
    many = Settings.parallel
    return [
        Task("refresh, nothing changed", [_LIST] * PROJECTS),
        Task("one limit changed in each project", [(("list", 1), ("POST", 1))] * PROJECTS),
        Task("all rows, one by one", _one_by_one(PROJECTS)),
        Task("all rows, by ProjectRateLimits", [(("list", 1), ("POST", ROWS))] * PROJECTS, many),
        Task("a stack of 50 projects: refresh", [_LIST] * 50),
        Task("a stack of 50 projects: one limit in each", [(("list", 1), ("POST", 1))] * 50),
        Task("a stack of 1 project: 9 rows", [(("list", 1), ("POST", 9))], many),
        Task("a stack of 1 project: all rows, one by one", _one_by_one(1)),
        Task("a stack of 1 project: all rows, by ProjectRateLimits", [(("list", 1), ("POST", ROWS))], many),
    ]


def _one_by_one(projects: int) -> list[Operation]:
    """The first row of a project that is asked for fetches the list for the others."""
    project: list[Operation] = [(("POST", 1),)] * (ROWS - 1) + [(("list", 1), ("POST", 1))]
    return project * projects


def measure(session: Session) -> Report:
    """Simulate each task, then what parallel stacks and less friendly servers do to a refresh."""
    report = Report(tables=[_tasks(session), _parallel(session)])
    for told, how in _SERVERS.items():
        outcome = Simulation(_buckets(**how)).run([_LIST] * PROJECTS)
        name = f"simulated refresh of 1,000 projects, server that {told}"
        time, absolute = round(outcome.seconds / _ideal(PROJECTS), 3), {"hours": round(outcome.seconds / 3600, 2)}
        refused = round(outcome.refused / outcome.passed, 3)
        report.figures += [
            Figure(f"{name}: time", time, "x ideal", _AT_MOST, absolute),
            Figure(f"{name}: refused", refused, "per request that passed"),
        ]
    return report


def _buckets(*, advises: bool = True, punishes: bool = False) -> dict[str, Bucket]:
    return {name: Bucket(PER_MINUTE, BURST, advises, punishes) for name in ("list", "POST")}


def _ideal(requests: int) -> float:
    return Bucket(PER_MINUTE, BURST).ideal(requests)


def _tasks(session: Session) -> Table:
    columns = ["task", "lists", "POSTs", "ideal", "simulated", "÷ ideal", "refused", "longest step"]
    rows = []
    for task in tasks():
        if session.quick and task.largest > PROJECTS:
            continue
        session.step(task.name)
        outcome = Simulation(_buckets(), parallel=task.parallel).run(list(task.operations))
        ideal = _ideal(task.largest)
        rows.append(
            [
                task.name,
                f"{task.least('list'):,}",
                f"{task.least('POST'):,}",
                duration(ideal),
                duration(outcome.seconds) if outcome.finished else "too long",
                f"{outcome.seconds / ideal:.2f}" if ideal else "-",
                f"{outcome.refused:,}",
                duration(outcome.longest_operation),
            ]
        )
    return Table(f"{PROJECTS:,} projects x {ROWS} rows at {PER_MINUTE} requests a minute on an endpoint", columns, rows)


def _parallel(session: Session) -> Table:
    """The same refresh, split into stacks that run at the same time."""
    columns = ["server", "stacks at once", "simulated", "÷ ideal", "refused per passed", "longest step"]
    rows = []
    for told, how in _SERVERS.items():
        for processes in _PROCESSES:
            session.step(f"{processes} stacks at once, a server that {told}")
            outcome = Simulation(_buckets(**how)).run([_LIST] * PROJECTS, processes)
            refused = f"{outcome.refused / outcome.passed:.2f}"
            if outcome.finished:
                beside_ideal = f"{outcome.seconds / _ideal(PROJECTS):.2f}"
                found = [duration(outcome.seconds), beside_ideal, refused, duration(outcome.longest_operation)]
            else:
                found = [f"{outcome.passed:,} lists in {duration(outcome.seconds)}", "never", refused, "-"]
            rows.append([told, str(processes), *found])
    return Table("Refresh of all 1,000 by stacks that share the organization's limit", columns, rows)


def duration(seconds: float) -> str:
    """Like `99 min`."""
    minute, hour, day = 60, 3600, 86400
    if seconds < 2 * minute:
        return f"{seconds:.0f} s"
    if seconds < 2 * hour:
        return f"{seconds / minute:.0f} min"
    return f"{seconds / hour:.1f} h" if seconds < 2 * day else f"{seconds / day:.1f} days"
