"""What surrounds a command: its terminal, its locale and time zone, and where its output goes."""

from __future__ import annotations

import json
import os
import re
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest

from pulumi_openai_admin.cli.terminal import FAILED, USAGE
from tests import every_command
from tests.every_command import KEY, RUNS, Run, run_with
from tests.systems import needs_signals, needs_time_zones

if TYPE_CHECKING:
    from conftest import Command

    from pulumi_openai_admin.emulator.process import EmulatorServer

NAMES = ("Web shop İıŞ", "Straße")
NEAR = 600
"""Seconds. A time zone changes a time by more."""
DOCTYPE = "<!doctype html>old"


@pytest.fixture(autouse=True)
def _organization(emulator: EmulatorServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every_command.seed(emulator, NAMES)
    every_command.write_files(tmp_path, emulator, NAMES)
    monkeypatch.chdir(tmp_path)


def same(text: str) -> str:
    """An output without what differs between two runs: the time of the run, and ids that it makes."""

    def of_time(found: re.Match[str]) -> str:
        at = float(found[0]) if found[0].isdecimal() else datetime.fromisoformat(found[0]).timestamp()
        return "now" if abs(at - time.time()) < NEAR else found[0]

    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "id", text)
    return re.sub(r"\b\d{10}\b|\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", of_time, text)


@needs_time_zones
@pytest.mark.parametrize("run", RUNS, ids=every_command.ids)
def test_a_narrow_terminal_and_another_time_zone_change_no_data(
    command: Command, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    common = {**command.environ, **every_command.ENVIRON}
    wide = {"COLUMNS": "160", "TZ": "UTC"}
    narrow = {"COLUMNS": "20", "TZ": "Pacific/Kiritimati", "NO_COLOR": "1", "FORCE_COLOR": "1"}
    if run.arguments[:2] == ("adopt", "--all") and "--out" in run.arguments:
        narrow["COLUMNS"] = "40"
    shown = []
    for environ in (wide, narrow):
        with monkeypatch.context() as patch:
            patch.setenv("TZ", environ["TZ"])
            time.tzset()
            again = ("--force",) if "--out" in run.arguments else ()
            shown.append(run_with(patch, common | environ, (*run.arguments, *again), "utf-8", run.stdin))
        time.tzset()
    (code, out, err), (code_narrow, out_narrow, err_narrow) = shown
    assert (code_narrow, "Traceback" in err + err_narrow) == (code, False), err_narrow
    assert code in {0, 3}, err
    if run.is_json or run.is_csv or "--markdown" in run.arguments:
        assert same(out_narrow) == same(out)
    assert not re.search(r"\x1b\[[\d;]*3\dm", out_narrow + err_narrow), "a color"


@pytest.mark.parametrize("form", ["--json", "--csv"])
def test_data_is_the_same_in_each_locale(command: Command, form: str) -> None:
    outs = set()
    for locale in ("C", "POSIX", "C.UTF-8", "tr_TR.UTF-8", "de_DE.ISO-8859-1"):
        with command.start("keys", form, environ={"LC_ALL": locale}) as process:
            out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        outs.add(same(out))
    assert len(outs) == 1
    assert NAMES[0] in outs.pop()


# Errors in JSON

_WITH_JSON = [run for run in RUNS if "--json" in run.arguments and "--out" not in run.arguments]


@pytest.mark.parametrize("run", _WITH_JSON, ids=lambda run: run.arguments[0])
def test_an_error_is_json_too(command: Command, tmp_path: Path, run: Run) -> None:
    for name in (every_command.STATE, every_command.PREVIEW):
        (tmp_path / name).unlink()
    wrong = {"OPENAI_ADMIN_KEY": "sk-admin-wrong", "OPENAI_API_KEY": "sk-wrong"}
    done = command(*run.arguments, stdin=KEY, **wrong)
    assert done.code == FAILED
    document = json.loads(done.out)
    if run.arguments[0] != "check":  # its findings are its answer
        error = document["error"]
        assert [*document] == ["error"]
        assert [*error] == ["code", "message", "request_id"]
        assert f"error: {error['message']}" in done.err
    done = command.fails(*run.arguments, "--no-such-option", code=USAGE)
    assert json.loads(done.out)["error"]["code"] == "usage"


def test_an_error_of_openai_has_its_code_and_the_request(command: Command, emulator: EmulatorServer) -> None:
    error = json.loads(command.fails("limits", "--json", OPENAI_ADMIN_KEY="sk-admin-wrong").out)["error"]
    assert error["code"] == "invalid_api_key"
    assert error["request_id"].startswith("req_")
    assert error["request_id"] in error["message"]
    emulator.control.fault(kind="status", status=418, path="*/organization/projects", body={}, times=None)
    assert json.loads(command.fails("limits", "--json").out)["error"]["code"] == "418"
    missing = json.loads(command.fails("limits", "--json", "--html", "none/page.html").out)["error"]
    assert (missing["code"], missing["request_id"]) == ("configuration", None)
    assert "error" not in command.fails("limits", "--html", "none/page.html").out


def test_nothing_is_added_to_json_that_was_begun(command: Command, emulator: EmulatorServer) -> None:
    emulator.control.fault(kind="status", status=401, path="*/organization/costs", times=None)
    done = command.fails("spend", "--by", "project", "--json")
    assert "error:" in done.err
    json.loads(done.out)


# Where the output goes


@needs_signals
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("run", RUNS, ids=every_command.ids)
def test_a_full_disk_and_a_reader_who_has_gone_end_without_a_traceback(
    command: Command, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    environ = {**command.environ, **every_command.ENVIRON}
    reader, writer = os.pipe()
    os.close(reader)
    again = ("--force",) if "--out" in run.arguments else ()

    def done(stdout: IO[bytes] | None = None) -> tuple[int, str, str]:
        with monkeypatch.context() as patch:
            return run_with(patch, environ, (*run.arguments, *again), "utf-8", run.stdin, stdout)

    usual, printed, _ = done()
    full = Path("/dev/full").open("wb")  # noqa: SIM115 - to close it fails, too
    for stream, told in ((full, 1), (os.fdopen(writer, "wb"), 0)):
        code, _, err = done(stream)
        with suppress(OSError):
            stream.close()
        assert (code, "Traceback" in err) == (FAILED if printed else usual, False), err
        assert err.count("No space left on device") == (told if printed else 0), err


@needs_signals
def test_a_page_that_does_not_fit_leaves_the_old_one(command: Command, tmp_path: Path) -> None:
    import resource  # noqa: PLC0415 - Windows has no such module

    page = tmp_path / "page.html"
    page.write_text(DOCTYPE, encoding="utf-8")
    with command.start(
        "limits", "--html", str(page), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    ) as process:
        _, err = process.communicate(timeout=120)
    assert process.returncode == FAILED
    assert f"error: File too large ({page})." in err
    assert page.read_text("utf-8") == DOCTYPE
    assert [path for path in tmp_path.iterdir() if path.name.endswith(".draft")] == []


@pytest.mark.skipif(not Path("/sys/kernel").exists(), reason="a folder of Linux in which nobody can write")
def test_a_folder_in_which_nobody_can_write_is_named(command: Command) -> None:
    assert "(/sys/kernel/" in command.fails("audit", "--cursor", "/sys/kernel/cursor").err
    assert "can't be written" in command.fails("limits", "--html", "/sys/kernel/none/page.html").said
    assert "/sys/kernel/page.html" in command.fails("limits", "--html", "/sys/kernel/page.html").err
    assert "/sys/kernel/org" in command.fails("adopt", "--all", "--out", "/sys/kernel/org").err
