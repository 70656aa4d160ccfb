"""`audit` prints each event of the audit log once, oldest first, whatever happens in the middle."""

from __future__ import annotations

import json
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest
import typer

from pulumi_openai_admin.cli import audit
from tests.by_hand import lists, send
from tests.systems import needs_signals

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Command, Done

    from pulumi_openai_admin.emulator.process import EmulatorServer

DAY = 86_400
NOW = 1_795_000_000


def create(emulator: EmulatorServer, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        send(emulator, "projects", name=f"Project {number:03}")


def events(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def names(done: Done) -> list[str]:
    return [event["project.created"]["data"]["title"] for event in events(done.out)]


def numbered(first: int, last: int) -> list[str]:
    return [f"Project {number:03}" for number in range(first, last)]


def test_the_log_is_printed_oldest_first(command: Command, emulator: EmulatorServer) -> None:
    """Over several days, and more than a page of them in a few seconds."""
    create(emulator, 3)
    emulator.control.advance_clock(3 * DAY)
    create(emulator, 120, 3)
    emulator.control.clear_requests()
    done = command.ok("audit", "--type", "project.created")
    assert names(done) == numbered(0, 123)
    assert done.out.count("\n") == 123
    times = [event["effective_at"] for event in events(done.out)]
    assert times == sorted(times)
    assert len(emulator.control.requests()) < 12  # windows become longer where nothing happens


def test_filters(command: Command, emulator: EmulatorServer) -> None:
    create(emulator, 1)
    send(emulator, "projects/proj_demo/service_accounts", name="ci")
    (owner,) = {event["actor"]["api_key"]["user"]["email"] for event in events(command.ok("audit").out)}
    in_demo = command.ok("audit", "--project", "Demo")
    assert {event["project"]["id"] for event in events(in_demo.out)} == {"proj_demo"}
    assert len(events(command.ok("audit", "--actor", owner).out)) > 1
    for nobody in ("nobody@example.com", "user-nobody"):
        done = command.ok("audit", "--actor", nobody)
        assert (done.out, done.err.count("There are no such events.")) == ("", 1)
    assert "either emails or ids" in command("audit", "--actor", owner, "--actor", "user-1").err
    assert command("audit", "--type", "project.creatde").code == 1


def test_the_events_of_an_archived_project(command: Command, emulator: EmulatorServer) -> None:
    """By its id, and by its name, which another project may have since."""
    project = send(emulator, "projects", name="Old")["id"]
    send(emulator, f"projects/{project}/service_accounts", name="ci")
    send(emulator, f"projects/{project}/archive")
    for word in ("Old", project):
        done = command.ok("audit", "--project", word)
        assert {event["project"]["id"] for event in events(done.out)} == {project}
    again = send(emulator, "projects", name="Old")["id"]
    send(emulator, f"projects/{again}/service_accounts", name="ci")
    assert {it["project"]["id"] for it in events(command.ok("audit", "--project", "Old").out)} == {again}


def test_the_next_run_goes_on_where_the_last_ended(command: Command, emulator: EmulatorServer, tmp_path: Path) -> None:
    cursor = ("--cursor", str(tmp_path / "cursor"), "--type", "project.created")
    create(emulator, 2)
    assert names(command.ok("audit", *cursor)) == numbered(0, 2)
    create(emulator, 2, 2)  # perhaps in the same second
    assert names(command.ok("audit", *cursor)) == numbered(2, 4)
    emulator.control.advance_clock(40 * DAY)
    assert command.ok("audit", *cursor).out == ""
    create(emulator, 1, 4)
    assert names(command.ok("audit", *cursor)) == numbered(4, 5)
    assert len(json.loads((tmp_path / "cursor").read_text())["printed"]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["cursor"]


@pytest.mark.parametrize("skip", [0, 1, 2])
def test_an_interrupted_run_loses_and_repeats_nothing(
    command: Command, emulator: EmulatorServer, tmp_path: Path, skip: int
) -> None:
    cursor = ("--cursor", str(tmp_path / "cursor"), "--type", "project.created")
    create(emulator, 2)
    emulator.control.advance_clock(2 * DAY)
    create(emulator, 2, 2)
    emulator.control.fault(kind="status", status=403, path="*/audit_logs", times=1, skip=skip)
    cut = command.fails("audit", *cursor)
    assert "error: Could not read the audit log" in cut.err
    assert names(cut) + names(command.ok("audit", *cursor)) == numbered(0, 4)


def test_after_lines_without_their_cursor_at_most_a_page_is_repeated(
    command: Command, emulator: EmulatorServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cursor = ("--cursor", str(tmp_path / "cursor"), "--type", "project.created")
    create(emulator, 150)
    save = audit._Log.save

    def until_the_second_page(log: audit._Log) -> None:
        if len(log.place.printed) > audit.PAGE:
            raise OSError(28, "No space left on device", str(log.cursor))
        save(log)

    with monkeypatch.context() as patch:
        patch.setattr(audit._Log, "save", until_the_second_page)
        cut = command("audit", *cursor)
    assert cut.code == 1
    assert names(cut) == numbered(0, 150)
    assert names(command.ok("audit", *cursor)) == numbered(100, 150)


def test_events_that_appear_late_or_in_the_same_second_are_not_lost(
    command: Command, emulator: EmulatorServer, tmp_path: Path
) -> None:
    """`late` is older than what was printed before, `twin` is of the same second."""
    cursor = ("--cursor", str(tmp_path / "cursor"), "--since", "30m")
    lately = int(time.time()) - 100

    def shows(*ids: str, **times: int) -> list[str]:
        emulator.control.clear_faults()
        shown = [{"id": id_, "type": "login.succeeded", "effective_at": lately + times.get(id_, 0)} for id_ in ids]
        lists(emulator, "*/audit_logs", *shown)
        return [event["id"] for event in events(command.ok("audit", *cursor).out)]

    assert shows("b", "a", b=1) == ["a", "b"]
    assert shows("b", "twin", "a", "late", b=1, twin=1, late=-400) == ["late", "twin"]
    assert shows("c", "b", "twin", "a", "late", b=1, twin=1, late=-400, c=2) == ["c"]


@pytest.mark.parametrize("hours", [5, -5])
def test_the_clock_of_the_machine_may_be_wrong(
    command: Command, emulator: EmulatorServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    cursor = ("--cursor", str(tmp_path / "cursor"), "--since", "2h", "--type", "project.created")
    create(emulator, 1)
    emulator.control.advance_clock(6 * 3600)
    assert names(command.ok("audit", *cursor)) == numbered(0, 1)
    monkeypatch.setattr(audit.Clock, "now", lambda _: time.time() + (6 + hours) * 3600)
    assert command.ok("audit", *cursor).out == ""
    create(emulator, 1, 1)
    assert names(command.ok("audit", *cursor)) == numbered(1, 2)


@pytest.mark.parametrize("at", [NOW + 9999 * DAY, NOW * 1000, 10**18, -5, "today", None])
def test_an_event_with_an_odd_time_is_printed_once_and_hides_nothing(
    command: Command, emulator: EmulatorServer, tmp_path: Path, at: object
) -> None:
    """Whatever window OpenAI shows it in, now and later."""
    cursor = ("--cursor", str(tmp_path / "cursor"), "--since", "2d")

    def shows(*ids: str) -> list[str]:
        emulator.control.clear_faults()
        now = int(time.time()) + clock
        usual = [{"id": id_, "type": "login.succeeded", "effective_at": now - 5} for id_ in ids]
        lists(emulator, "*/audit_logs", {"id": "odd", "type": "login.succeeded", "effective_at": at}, *usual)
        return [event["id"] for event in events(command.ok("audit", *cursor).out)]

    clock = 0
    assert sorted(shows("a")) == ["a", "odd"]
    assert json.loads((tmp_path / "cursor").read_text())["until"] <= time.time() + 1
    assert shows("a", "b") == ["b"]
    clock = 3600
    emulator.control.advance_clock(clock)
    assert [id_ for id_ in shows("c", "b") if id_ != "b"] == ["c"]


def test_an_event_without_an_id_is_printed_once(command: Command, emulator: EmulatorServer, tmp_path: Path) -> None:
    lists(emulator, "*/audit_logs", {"type": "login.succeeded", "effective_at": int(time.time()) - 5})
    cursor = ("--cursor", str(tmp_path / "cursor"))
    assert [command.ok("audit", *cursor).out.count("\n") for _ in range(2)] == [1, 0]


@pytest.mark.parametrize("ahead", [3600, NOW * 1000])
@pytest.mark.parametrize("clock", [0, 5 * 3600, -5 * 3600])
def test_a_cursor_with_a_time_in_the_future_loses_nothing(
    command: Command,
    emulator: EmulatorServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ahead: int,
    clock: int,
) -> None:
    """Whatever the clock of the machine says."""
    file, now = tmp_path / "cursor", int(time.time())
    create(emulator, 1)
    file.write_text(json.dumps({"since": now - 9 * DAY, "until": now + ahead, "printed": {}}), encoding="utf-8")
    monkeypatch.setattr(audit.Clock, "now", lambda _: time.time() + clock)
    options = ("--cursor", str(file), "--type", "project.created")
    done = command.ok("audit", *options)
    assert names(done) == numbered(0, 1)
    assert "has a time in the future" in done.said
    again = command.ok("audit", *options)
    assert (again.out, again.err.count("future")) == ("", 0)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"since": 1, "until": "x"}', '{"since": 1, "until": 1, "printed": [1]}']
)
def test_another_file_is_not_overwritten(command: Command, emulator: EmulatorServer, tmp_path: Path, text: str) -> None:
    file = tmp_path / "notes.txt"
    file.write_text(text, encoding="utf-8")
    done = command("audit", "--cursor", str(file))
    assert (done.code, done.out) == (1, "")
    assert "is not a file that audit --cursor has written" in done.err
    assert file.read_text(encoding="utf-8") == text
    assert emulator.control.requests() == []


def test_a_cursor_that_cannot_be_written_is_found_before_anything_is_printed(
    command: Command, emulator: EmulatorServer, tmp_path: Path
) -> None:
    done = command("audit", "--cursor", str(tmp_path / "none" / "cursor"))
    assert (done.code, done.out) == (1, "")
    assert emulator.control.requests() == []


@needs_signals
def test_new_events_are_followed_until_sigterm_even_during_a_request(
    command: Command, emulator: EmulatorServer, tmp_path: Path
) -> None:
    create(emulator, 1)
    options = ("--follow", "--interval", "1", "--cursor", str(tmp_path / "cursor"), "--type", "project.created")
    with command.start("audit", *options) as process:
        assert process.stdout
        assert "Project 000" in process.stdout.readline()
        create(emulator, 1, 1)
        assert "Project 001" in process.stdout.readline()
        emulator.control.fault(kind="hang", path="*/audit_logs", times=None)
        while not any(fault["hits"] for fault in emulator.control.faults()):
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "")
    emulator.control.clear_faults()
    assert command.ok("audit", *options[3:]).out == ""


@pytest.mark.parametrize(
    ("text", "at"),
    [("7d", NOW - 7 * DAY), ("1970-01-02", DAY), ("1970-01-02T01:00+01:00", DAY), ("1970-01-02T00:00:01Z", DAY + 1)],
)
def test_times(text: str, at: int) -> None:
    assert audit.time_of(text, NOW + 0.5) == at


@pytest.mark.parametrize("text", ["", "yesterday", "7", "2026-13-01", "99999999d"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="is no time"):
        audit.time_of(text, NOW)
