"""Each command on a bad day: refused, interrupted, without a disk or a reader, with values that make no sense.

The rows are the commands of the registry; `tests.called` has one line for each. The columns are the tests below.
A cell says nothing about texts: it looks at the exit code, at what must not be printed, and at the organization.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.by_hand import respond
from tests.called import CALLS, LEAKED, PROJECT_KEY, SERVERS, Call, names, organization
from tests.systems import SIGKILL, needs_linux, needs_signals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Command, Done

    from pulumi_openai_admin.emulator.process import EmulatorServer

DONE, FAILED, USAGE, FOUND, NOT_READ = range(5)
ANSWERS = {DONE, FOUND}
"""The exit codes of a command that read everything."""
_ID = re.compile(r"\b(?:proj_|user-|group_|svc_acct_|role_|key_|invite-|alert_|whe_)[a-z0-9]+")
_PLACE = re.compile(r"(?<=/)(?:proj_|user-|group_|svc_acct_|role_|key_|invite-|alert_|rl-|whe_)[\w-]+")
"""An id in a path."""

REQUESTING = [name for name, call in CALLS.items() if not call.reads]
WRITING = ("keys revoke", "offboard")
"""Commands that change the organization; what `webhooks test` sends changes nothing."""


class Run:
    """Runs a command in the organization of `tests.called`."""

    def __init__(self, command: Command, emulator: EmulatorServer, folder: Path) -> None:
        self.command = command
        self.emulator = emulator
        self.folder = folder
        command.environ |= {"OPENAI_API_KEY": PROJECT_KEY, "HOME": str(folder)}
        self.anew()

    def anew(self) -> None:
        organization(self.emulator, self.folder)

    def __call__(self, call: Call, way: tuple[str, ...]) -> Done:
        stdin = (self.folder / call.stdin).read_bytes() if call.stdin else None
        return self.command(*way, stdin=stdin)

    def start(self, call: Call, way: tuple[str, ...], **streams: Any) -> subprocess.Popen[str]:
        """Run it in a process of its own."""
        with (self.folder / (call.stdin or os.devnull)).open(encoding="utf-8") as stdin:
            return self.command.start(*way, stdin=stdin, **streams)

    def requests(self) -> tuple[list[str], list[str]]:
        """What was sent since the organization was made: the paths that were read, and the changes."""
        log = self.emulator.control.requests()
        read = [entry["path"] for entry in log if entry["method"] == "GET"]
        return [*dict.fromkeys(read)], [
            f"{entry['method']} {entry['path']}" for entry in log if entry["method"] != "GET"
        ]

    def objects(self) -> dict[str, list[str]]:
        """What there is, by kind."""
        live = self.emulator.control.live()
        return {kind: sorted(_named(objects)) for kind, objects in live.items() if objects}


def _named(objects: dict[str, Any]) -> Iterator[str]:
    """The ids of objects; of those whose id is chosen by chance, none."""
    return (re.sub(r"[0-9a-f]{24}", "…", id_) for id_ in objects)


@pytest.fixture
def run(command: Command, emulator: EmulatorServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)  # of no Pulumi project
    return Run(command, emulator, tmp_path)


def wrong(call: Call, way: tuple[str, ...], done: Done | Ended, codes: set[int]) -> list[str]:
    """What is wrong with how a command ended, whatever happened to it."""
    said = done.out + done.err
    found = [word for word in ("Traceback", "Exception ignored", "Error:") if word in done.err and "Usage" not in said]
    found += [f"shows a key: {key[:9]}…" for key in (LEAKED, PROJECT_KEY, "sk-admin-emulator") if key in said]
    if done.code not in codes:
        found.append(f"exit code {done.code}")
    if done.code in {FAILED, NOT_READ} and not done.err.strip() and "--json" not in way:
        found.append("says nothing")
    if "--json" in way or call.is_lines:
        for text in done.out.splitlines() if call.is_lines else [done.out]:
            try:
                json.loads(text)
            except ValueError:
                found.append(f"standard output is no JSON: {text[:80]!r}")
                break
    return [*found, *([f"  {done.err.strip()[-200:]}"] if found else [])]


def test_each_command_has_a_row() -> None:
    missing = [name for name in names() if name not in {*CALLS, *SERVERS}]
    assert not missing, f"Say in CALLS of tests/called.py how these commands are called: {missing}"
    assert not [name for name in (*CALLS, *SERVERS) if name not in names()]


@pytest.mark.parametrize("name", CALLS)
def test_a_good_day(run: Run, name: str) -> None:
    """Without it, a cell could pass because the command always fails."""
    call = CALLS[name]
    for way in call.ways:
        run.anew()
        assert not wrong(call, way, run(call, way), ANSWERS)


REFUSALS: dict[str, dict[str, Any]] = {
    "403": {"kind": "status", "status": 403, "message": "You have insufficient permissions for this operation."},
    "404": {"kind": "unrelated_404"},
}


EXPLAINING = {"/organization/projects/*"}
"""What is only read to explain the refusal of another request, which has its own answer."""


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("name", REQUESTING)
def test_a_list_that_is_refused_is_named(run: Run, name: str, refusal: str) -> None:
    """Each path alone: a 403 for one object of its kind, a 404 for all, as if OpenAI did not serve the endpoint."""
    call, found = CALLS[name], {}
    good: dict[tuple[str, ...], Done] = {}
    for way in call.ways[:2]:
        run.anew()
        good[way] = run(call, way)
    paths: dict[str, str] = {}
    for path in run.requests()[0]:
        if (pattern := _PLACE.sub("*", path)) not in EXPLAINING:
            paths.setdefault(pattern, path)
    for pattern, path in paths.items():
        for way, well in good.items():
            if name in {*WRITING, "adopt"}:
                run.anew()
            run.emulator.control.fault(
                **REFUSALS[refusal], method="GET", path=path if refusal == "403" else pattern, times=None
            )
            done = run(call, way)
            run.emulator.control.clear_faults()
            bad = wrong(call, way, done, {FAILED, FOUND, NOT_READ} | ({DONE} if refusal == "404" else set()))
            if done.out == well.out and done.err == well.err and name not in WRITING:
                bad.append("says the same as on a good day")
            if bad:
                found[f"{' '.join(way)}: {pattern}"] = bad
    assert not found, report(found)


def report(found: dict[str, list[str]]) -> str:
    return "\n" + "\n".join(f"{where}\n    " + "\n    ".join(what) for where, what in found.items())


ODD = (10**18, -1, "soon", 1.5)


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize("name", REQUESTING)
def test_an_odd_time_hides_nothing(run: Run, name: str, odd: object) -> None:
    """All times that OpenAI shows are odd, and all ids are shown as before."""
    call = CALLS[name]
    way = (*call.arguments, *call.formats[:1])
    good = run(call, way)
    asked_for = {entry["path"]: entry for entry in run.emulator.control.requests() if entry["method"] == "GET"}
    run.anew()
    key = PROJECT_KEY if name == "webhooks test" else ""
    for path, entry in asked_for.items():
        reply = respond(run.emulator, "GET", f"{path}?{entry['query']}", key=key)
        if reply.ok and not reply.json().get("has_more"):
            body = _with_times(reply.json(), odd)
            run.emulator.control.fault(kind="status", status=200, body=body, method="GET", path=path)
    done = run(call, way)
    assert not wrong(call, way, done, {DONE, FAILED, FOUND, NOT_READ})
    # Those that the emulator chooses differ.
    hidden = {id_ for id_ in _ID.findall(good.out) if not re.search(r"[0-9a-f]{24}", id_)} - {*_ID.findall(done.out)}
    assert not hidden, done.err


def _with_times(value: Any, odd: object) -> Any:
    if isinstance(value, dict):
        return {
            key: odd if key.endswith("_at") and inner is not None else _with_times(inner, odd)
            for key, inner in value.items()
        }
    return [_with_times(inner, odd) for inner in value] if isinstance(value, list) else value


# --- interrupted ---

STOPPING = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Ended:
    """How a process ended: the exit code as a shell shows it, and what it printed."""

    code: int
    out: str
    err: str


def ended(process: subprocess.Popen[str]) -> Ended:
    """Wait for the end; one that does not come within this time is a failure."""
    with process:
        try:
            out, err = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
    code = process.returncode
    return Ended(code if code >= 0 else 128 - code, out or "", err)


def asked(run: Run, method: str, path: str = "") -> None:
    """Wait until a request came: to a path, or to any."""
    end = time.monotonic() + 30
    while not any(
        entry["method"] == method and path in {"", entry["path"]} for entry in run.emulator.control.requests()
    ):
        assert time.monotonic() < end, f"{method} {path} was not sent"
        time.sleep(0.01)


@needs_signals
@pytest.mark.parametrize("number", STOPPING, ids=lambda number: number.name)
@pytest.mark.parametrize("name", CALLS)
def test_a_signal_while_it_reads(run: Run, name: str, number: signal.Signals) -> None:
    """Its exit code is the one that shells know, and standard output is a document if one was asked for."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it, and its processes, too
    call = CALLS[name]
    way = (*call.arguments, *call.formats[:1])
    writer = None
    if call.reads:
        (run.folder / call.reads).unlink()
        os.mkfifo(run.folder / call.reads)
        process = run.start(call, way)
        writer = os.open(run.folder / call.reads, os.O_WRONLY)  # returns when the command has opened it
    else:
        run.emulator.control.fault(kind="hang", times=None)
        process = run.start(call, way)
        asked(run, "GET")
    process.send_signal(number)
    done = ended(process)
    if writer is not None:
        os.close(writer)
    assert not wrong(call, way, done, {128 + number})


BREAKS: dict[str, tuple[dict[str, Any], int]] = {
    "lost": ({"kind": "reset", "when": "after"}, 0),
    "refused": ({"kind": "status", "status": 403}, 0),
    **{
        number.name: ({"kind": "hang", "when": when}, number)
        for number, when in ((signal.SIGINT, "before"), (signal.SIGTERM, "after"), (SIGKILL, "after"))
    },
}
"""What happens to one change: its response is lost, it is refused, or the command ends while it waits for it."""


@needs_signals
@pytest.mark.parametrize("breaks", BREAKS)
@pytest.mark.parametrize("name", WRITING)
def test_what_was_begun_is_ended_by_the_same_command(run: Run, name: str, breaks: str) -> None:
    """At each change: what was done and what was not is said with all ids, and the same command again does the rest."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    call, found = CALLS[name], {}
    fault, number = BREAKS[breaks]
    run(call, call.arguments)
    changes, wanted = run.requests()[1], run.objects()
    for change in changes:
        for way in call.ways if not number else call.ways[-1:]:
            run.anew()
            method, path = change.split()
            own = _own_key(run)
            path = path if "/admin_api_keys/" not in path else f"/organization/admin_api_keys/{own}"
            run.emulator.control.fault(**fault, method=method, path=path, times=1 if breaks == "lost" else None)
            if number:
                process = run.start(call, way)
                asked(run, method, path)
                process.send_signal(number)
                done: Any = ended(process)
                bad = wrong(call, way, done, {128 + number}) if number != SIGKILL else []
            else:
                done = run(call, way)
                bad = wrong(call, way, done, {DONE} if breaks == "lost" else {FAILED})
            if number != SIGKILL:
                ids = {own if "/admin_api_keys/" in other else other.rpartition("/")[2] for other in changes}
                unsaid = sorted(id_ for id_ in ids if id_ not in done.out + done.err)
                bad += [f"does not say what became of {unsaid}"] if unsaid else []
            sent = run.requests()[1]
            unsent = [other for other in changes[:-1] if other not in sent and "/admin_api_keys/" not in other]
            if not number and unsent:
                bad.append(f"did not go on with {unsent}")
            run.emulator.control.clear_faults()
            again = run(call, way)
            bad += [f"again: {line}" for line in wrong(call, way, again, {DONE})]
            bad += [f"left: {run.objects()}"] if run.objects() != wanted else []
            if bad:
                found[f"{' '.join(way)}: {change}"] = bad
    assert not found, report(found)


def _own_key(run: Run) -> str:
    """The key of the person who leaves: the emulator chooses its id."""
    keys = run.emulator.control.live("admin_api_key")["admin_api_key"]
    return next(id_ for id_, key in keys.items() if key["owner_id"] == "user-grace")


# --- nobody reads, and nothing can be written ---


@needs_signals
@pytest.mark.parametrize("name", CALLS)
def test_a_reader_that_is_gone(run: Run, name: str) -> None:
    """Without a traceback; what changes the organization goes on."""
    call, found = CALLS[name], {}
    wanted = None
    if name in WRITING:
        run(call, call.arguments)
        wanted = run.objects()
        run.anew()
    for way in call.ways[:1]:
        read, write = os.pipe()
        os.close(read)
        process = run.start(call, way, stdout=write)
        os.close(write)
        done = ended(process)
        bad = wrong(call, call.arguments, done, {DONE, FAILED, FOUND}) if done.err else []
        bad += [f"left: {run.objects()}"] if wanted and run.objects() != wanted else []
        if bad:
            found[" ".join(way)] = bad
        if name in {*WRITING, "adopt"}:
            run.anew()
    assert not found, report(found)


@needs_linux
@pytest.mark.parametrize("name", CALLS)
def test_a_full_disk(run: Run, name: str) -> None:
    """It is an error with a message, and what changes the organization goes on."""
    call, found = CALLS[name], {}
    wanted = None
    if name in WRITING:
        run(call, call.arguments)
        wanted = run.objects()
        run.anew()
    pages = [(*call.arguments, "--html", "/dev/full")] if call.html else []
    for way in [call.ways[-1], *pages]:
        with Path(os.devnull if way in pages else "/dev/full").open("w", encoding="utf-8") as full:
            done = ended(run.start(call, way, stdout=full))
        bad = wrong(call, call.arguments, done, {FAILED})
        bad += [] if "No space left on device" in done.err else [f"does not say why: {done.err.strip()[-300:]}"]
        bad += [f"left: {run.objects()}"] if wanted and run.objects() != wanted else []
        if bad:
            found[" ".join(way)] = bad
        if name in {*WRITING, "adopt"}:
            run.anew()
    assert not found, report(found)
