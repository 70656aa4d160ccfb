"""The emulator: its start, many clients at a time, and a large organization."""

from __future__ import annotations

import asyncio
import os
import re
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Figure, Report, Table
from benchmarks.stack import NotMeasuredError
from pulumi_openai_admin.emulator.process import EmulatorServer

if TYPE_CHECKING:
    from benchmarks.session import Session

CLIENTS = 16
ACCOUNTS, ROWS, PEOPLE, GROUPS = 5, 170, 2_000, 500
FIRST_ANSWER_SECONDS, SECONDS_FOR_A_THOUSAND, MOST_MEGABYTES = 1.0, 1.0, 200
_A_SEED = 25
"""How many projects one body of the control API has room for."""
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_PROC = Path("/proc")
_CALLS = {
    "GET one project": ("GET", "/organization/projects/proj_demo", ""),
    "GET 20 projects": ("GET", "/organization/projects?limit=20", ""),
    "GET 100 rate limits": ("GET", "/organization/projects/proj_demo/rate_limits?limit=100", ""),
    "POST a rate limit": (
        "POST",
        "/organization/projects/proj_demo/rate_limits/rl-gpt-4o",
        '{"max_requests_per_1_minute": 9}',
    ),
    "POST a group": ("POST", "/organization/groups", '{"name": "Engineering"}'),
}


def measure(session: Session) -> Report:
    """Start it, call it with 16 clients, and fill it."""
    if not _PROC.exists():
        raise NotMeasuredError("the emulator's memory and processor time are read from /proc, which this machine lacks")
    start = _start(session)
    load, table = _load(session)
    return Report([start, *load, *_large(session)], [table])


def _start(session: Session) -> Figure:
    """From the start of the process to the first answer."""
    session.step("start to first answer")
    seconds, processor = [], []
    for _ in range(session.repetitions):
        began = time.perf_counter()
        with EmulatorServer() as server:
            _clients(server.port, server.admin_key, "GET one project", 1, 1)
            seconds.append(time.perf_counter() - began)
            processor.append(_processor_seconds(server.pid))
    absolute = {"processor_seconds": round(median(processor), 3)}
    return Figure("start to first answer", round(median(seconds), 3), "s", FIRST_ANSWER_SECONDS, absolute)


@dataclass(frozen=True)
class _Burst:
    """Many calls of one kind."""

    seconds: float
    """For a thousand of them."""
    milliseconds: float
    """Of the emulator's processor, for one of them."""


def _load(session: Session) -> tuple[list[Figure], Table]:
    """16 clients at a time; the processor time does not depend on what else the machine does."""
    count = 2_000 if session.quick else 8_000
    found = {}
    with session.emulator() as server:
        for name in _CALLS:
            session.step(f"{CLIENTS} clients: {name}")
            _burst(server, name, CLIENTS, count // 8)
            found[name] = _burst(server, name, CLIENTS, count)
    rows = [[name, f"{1000 / burst.seconds:.0f}", f"{burst.milliseconds:.2f}"] for name, burst in found.items()]
    table = Table(f"{CLIENTS} clients at a time", ["call", "requests a second", "processor ms a request"], rows)
    reading = found["GET one project"]
    absolute = {"processor_milliseconds": round(reading.milliseconds, 3)}
    name = f"1,000 requests of {CLIENTS} clients"
    return [Figure(name, round(reading.seconds, 3), "s", SECONDS_FOR_A_THOUSAND, absolute)], table


def _burst(server: EmulatorServer, name: str, clients: int, count: int) -> _Burst:
    """Call from a process of its own: the clients' work is not in the emulator's way."""
    each = max(1, count // clients)
    with ProcessPoolExecutor(1) as pool:
        pool.submit(int).result()
        before = _processor_seconds(server.pid)
        seconds = pool.submit(_clients, server.port, server.admin_key, name, clients, each).result()
        used = _processor_seconds(server.pid) - before
    return _Burst(seconds / (each * clients) * 1000, used / (each * clients) * 1000)


def _clients(port: int, key: str, name: str, clients: int, each: int) -> float:
    """Run the clients; give the seconds that all of them took."""
    method, path, body = _CALLS[name]
    lines = [
        f"{method} /v1{path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Authorization: Bearer {key}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "",
        body,
    ]
    request = "\r\n".join(lines).encode()

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(each):
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            if length is None or not head.startswith(b"HTTP/1.1 200"):
                raise NotMeasuredError(f"{name} was answered with {head[:40]!r}")
            await reader.readexactly(int(length[1]))
        writer.close()

    async def all_clients() -> float:
        began = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(clients)))
        return time.perf_counter() - began

    return asyncio.run(all_clients())


def _processor_seconds(pid: int) -> float:
    fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(pid: int) -> float:
    status = (_PROC / str(pid) / "status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1000


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
        _clients(server.port, server.admin_key, "GET 20 projects", 1, 1)
        again = time.perf_counter() - began
        started = _megabytes(server.pid)
        session.step(f"{size}: {CLIENTS} clients")
        burst = _burst(server, "GET 20 projects", CLIENTS, 2_000)
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
