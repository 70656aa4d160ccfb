"""The emulator: its start, many clients at a time, and a large organization."""

from __future__ import annotations

import os
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks import processes
from benchmarks.clients import Call, call_at_once
from benchmarks.measure import Figure, NotMeasuredError, Report, Table
from pulumi_openai_admin.emulator.process import EmulatorServer

if TYPE_CHECKING:
    from benchmarks.session import Session

CLIENTS = 16
ACCOUNTS, ROWS, PEOPLE, GROUPS = 5, 170, 2_000, 500
FIRST_ANSWER_SECONDS, SECONDS_FOR_A_THOUSAND, MOST_MEGABYTES = 1.0, 1.0, 200
_A_SEED = 25
"""How many projects one body of the control API has room for."""
_PROC = Path("/proc")
_READ_ONE = "GET one project"
_CALLS = {
    _READ_ONE: Call("GET", "/organization/projects/proj_demo"),
    "GET 20 projects": Call("GET", "/organization/projects?limit=20"),
    "GET 100 rate limits": Call("GET", "/organization/projects/proj_demo/rate_limits?limit=100"),
    "POST a rate limit": Call(
        "POST",
        "/organization/projects/proj_demo/rate_limits/rl-gpt-4o",
        '{"max_requests_per_1_minute": 9}',
    ),
    "POST a group": Call("POST", "/organization/groups", '{"name": "Engineering"}'),
}


def measure(session: Session) -> Report:
    """Start it, call it with 16 clients, and fill it."""
    if not _PROC.exists():
        raise NotMeasuredError("the emulator's memory and processor time are read from /proc, which this machine lacks")
    figures = _start(session)
    load, table = _load(session)
    return Report([*figures, load, *_large(session)], [table])


def _start(session: Session) -> list[Figure]:
    """From the start of the process to the first answer of the API, and then to the first one of the control API."""
    session.step("start to first answer")
    seconds, processor, control = [], [], []
    for _ in range(session.repetitions):
        began = time.perf_counter()
        with EmulatorServer() as server:
            call_at_once(server.port, server.admin_key, _CALLS[_READ_ONE], 1, 1)
            seconds.append(time.perf_counter() - began)
            processor.append(_processor_seconds(server.pid))
            began = time.perf_counter()
            server.control.world()
            control.append(time.perf_counter() - began)
    absolute = {"processor_seconds": round(median(processor), 3)}
    return [
        Figure("start to first answer", round(median(seconds), 3), "s", FIRST_ANSWER_SECONDS, absolute),
        Figure("first answer of the control API", round(median(control), 3), "s"),
    ]


@dataclass(frozen=True)
class _Burst:
    """Many calls of one kind."""

    seconds: float
    """For a thousand of them."""
    milliseconds: float
    """Of the processor, used by the emulator for one of them."""
    client_milliseconds: float
    """Of the processor, used by the client for one of them."""


def _load(session: Session) -> tuple[Figure, Table]:
    """16 clients at a time; the processor time does not depend on what else the machine does."""
    count = 2_000 if session.quick else 8_000
    found = {}
    with EmulatorServer() as server:
        for name in _CALLS:
            session.step(f"{CLIENTS} clients: {name}")
            _burst(server, name, count // 8)
            found[name] = _burst(server, name, count)
    rows = [
        [name, f"{1000 / burst.seconds:.0f}", f"{burst.milliseconds:.2f}", f"{burst.client_milliseconds:.2f}"]
        for name, burst in found.items()
    ]
    columns = ["call", "requests a second", "emulator: processor ms a request", "clients: processor ms a request"]
    table = Table(f"{CLIENTS} clients at a time", columns, rows)
    reading = found[_READ_ONE]
    absolute = {
        "processor_milliseconds": round(reading.milliseconds, 3),
        "client_processor_milliseconds": round(reading.client_milliseconds, 3),
    }
    name = f"1,000 requests of {CLIENTS} clients"
    return Figure(name, round(reading.seconds, 3), "s", SECONDS_FOR_A_THOUSAND, absolute), table


def _burst(server: EmulatorServer, name: str, count: int) -> _Burst:
    """Call from a process of its own: the clients' work is not in the emulator's way."""
    each = max(1, count // CLIENTS)
    with ProcessPoolExecutor(1) as callers:
        callers.submit(int).result()  # it has started before anything is measured
        before = _processor_seconds(server.pid)
        called = callers.submit(call_at_once, server.port, server.admin_key, _CALLS[name], CLIENTS, each)
        seconds, of_clients = called.result()
        used = _processor_seconds(server.pid) - before
    a_thousand = 1000 / (each * CLIENTS)
    return _Burst(seconds * a_thousand, used * a_thousand, of_clients * a_thousand)


def _processor_seconds(pid: int) -> float:
    fields = processes.fields_of(pid)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(pid: int) -> float:
    return processes.kilobytes(pid, "VmRSS") / 1000


def _large(session: Session) -> list[Figure]:
    """Fill one with projects whose rows are all changed, and start it again on what it kept."""
    projects = 100 if session.quick else 1_000
    size = f"{projects:,} projects"
    path = session.work / "organization.db"
    with EmulatorServer(state=path) as server:
        session.step(f"{size}: seed")
        for seed in _seeds(projects):
            server.control.seed(seed)
        filled = _megabytes(server.pid)
    session.step(f"{size}: start again")
    began = time.perf_counter()
    with EmulatorServer(state=path) as server:
        call_at_once(server.port, server.admin_key, _CALLS["GET 20 projects"], 1, 1)
        again = time.perf_counter() - began
        started = _megabytes(server.pid)
        session.step(f"{size}: {CLIENTS} clients")
        burst = _burst(server, "GET 20 projects", 2_000)
        began = time.perf_counter()
        server.control.call("GET", "overview")
        overview = time.perf_counter() - began
    return [
        Figure(f"{size}: memory after all was seeded", round(filled), "MB", MOST_MEGABYTES),
        Figure(f"{size}: memory after a start", round(started), "MB", MOST_MEGABYTES),
        Figure(f"{size}: start to first answer", round(again, 3), "s", FIRST_ANSWER_SECONDS),
        Figure(f"{size}: processor for a list of 20", round(burst.milliseconds, 3), "ms"),
        Figure(f"{size}: overview", round(overview, 3), "s"),
    ]


def _seeds(projects: int) -> list[dict[str, Any]]:
    limits = {f"rl-emulated-model-{number:05}": {"max_requests_per_1_minute": number} for number in range(1, ROWS + 1)}
    accounts = [{"name": f"bot {number}", "keys": [{}]} for number in range(ACCOUNTS)]
    made = [
        {"id": f"proj_{number:04}", "name": f"Team {number}", "service_accounts": accounts, "rate_limits": limits}
        for number in range(projects)
    ]
    people = [
        {"id": f"user-{number:04}", "name": f"Person {number}", "email": f"{number}@example.com", "role": "reader"}
        for number in range(PEOPLE)
    ]
    groups = [{"id": f"group_{number:03}", "name": f"Group {number}"} for number in range(GROUPS)]
    return [
        {"world": {"rate_limit_rows": ROWS * 2}},
        {"users": people, "groups": groups},
        *({"projects": made[first : first + _A_SEED]} for first in range(0, projects, _A_SEED)),
    ]
