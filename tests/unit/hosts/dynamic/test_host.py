from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
import traceback
import types
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import provider_pb2, status_pb2

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.engine import process as engine_module
from pulumi_openai_admin.engine.outputs import wrap
from pulumi_openai_admin.hosts.dynamic import host
from pulumi_openai_admin.lifecycle.run import Run
from pulumi_openai_admin.lifecycle.state import Outputs
from pulumi_openai_admin.remedies import NOTE
from tests.unit.fakes import CallContext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OURS = errors.ResourceGoneError("It left", "Look for it.")


def _wrapper(request: Any, context: Any, verb: Callable[[], Any]) -> Any:  # noqa: ARG001 - read off the frame
    return verb()


def serve(request: Any, context: Any, verb: Callable[[], Any]) -> Any:
    """Call a verb as the host does: from a function whose globals are the host's."""
    wrapper = types.FunctionType(_wrapper.__code__, {"_abort_with_traceback": None})
    return wrapper(request, context, verb)


@pytest.fixture
def main(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """This process looks like Pulumi's host."""
    main = types.ModuleType("__main__")
    main._abort_with_traceback = lambda verb: verb  # type: ignore[attr-defined]
    main.traceback = traceback  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "__main__", main)
    return main


@pytest.fixture(autouse=True)
def _no_engine_is_remembered() -> Iterator[None]:
    of_this_process = engine_module.of_this_process
    of_this_process.cache_clear()
    yield
    of_this_process.cache_clear()


def fail(error: Exception) -> None:
    raise error


def told_by(main: Any, error: Exception) -> str:
    try:
        fail(error)
    except Exception:  # noqa: BLE001 - as the host does
        return str(main.traceback.format_exc())


def test_our_errors_are_one_line_and_others_keep_their_traceback(main: types.ModuleType) -> None:
    before = traceback.format_exc
    host.install()
    assert told_by(main, OURS) == "It left. Look for it."
    message = told_by(main, ValueError("bug"))
    assert message.startswith("Traceback (most recent call last)")
    assert message.endswith("ValueError: bug\n")
    assert traceback.format_exc is before, "the module itself is left alone"
    assert main.traceback is not traceback  # type: ignore[attr-defined]
    assert main.traceback.print_exc is traceback.print_exc  # type: ignore[attr-defined]


def test_all_providers_of_a_host_share_one_run(main: types.ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    first = host.install()
    assert host.install() is first
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
    assert host.install() is not first, "another process serves another operation"
    assert main


# Warnings


def test_a_warning_names_the_commands_of_pulumi(capsys: pytest.CaptureFixture[str]) -> None:
    host.install()
    logging.getLogger("pulumi_openai_admin.handlers.shapes").warning("It broke; %s to go on.", remedies.RUN_AGAIN)
    assert capsys.readouterr().err == "warning: It broke; run `pulumi up` again to go on.\n"


class Engine:
    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self.notes: list[tuple[str, str]] = []
        self.answers = True

    def report(self, message: str, urn: str, *, is_warning: bool) -> bool:
        (self.lines if is_warning else self.notes).append((message, urn))
        return self.answers


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine()
    monkeypatch.setattr(engine_module, "of_this_process", lambda: engine)
    return engine


def test_an_engine_is_told_with_the_resource(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    host.install()

    def verb() -> None:
        with host.serving({}.get, Run()):
            logging.getLogger("pulumi_openai_admin").warning("Look out")
            logging.getLogger("pulumi_openai_admin.lifecycle").log(NOTE, "By the way")
            logging.getLogger("pulumi_openai_admin").info("Unheard")
        logging.getLogger("pulumi_openai_admin").warning("Outside")

    serve(provider_pb2.CreateRequest(urn="urn:it"), CallContext(), verb)
    assert engine.lines == [("Look out", "urn:it"), ("Outside", "")]
    assert engine.notes == [("By the way", "urn:it")]
    assert capsys.readouterr().err == ""


def test_an_engine_that_does_not_answer_loses_no_warning(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    engine.answers = False
    host.install()
    logging.getLogger("pulumi_openai_admin").warning("Look out")
    logging.getLogger("pulumi_openai_admin").log(NOTE, "By the way")
    assert capsys.readouterr().err == "warning: Look out\nnote: By the way\n"


@pytest.mark.parametrize(
    ("argv", "found"), [(["host", "127.0.0.1:4711"], True), (["host"], False), (["host", "-n"], False)]
)
@pytest.mark.usefixtures("main")
def test_the_engine_is_at_the_first_argument(argv: list[str], found: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", argv)
    assert (engine_module.of_this_process() is not None) is found


@pytest.mark.parametrize(
    ("asked", "level"), [("info", logging.INFO), (" DEBUG ", logging.DEBUG), ("", logging.NOTSET), ("loud", 0)]
)
def test_openai_log_sets_the_level(asked: str, level: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_LOG", asked)
    engine_module.log_requests()
    assert logging.getLogger("pulumi_openai_admin").level == level


def test_an_engine_shows_requests_where_asked(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_LOG", "info")
    host.install()
    logging.getLogger("pulumi_openai_admin.requests").info("GET /x: 200")
    logging.getLogger("pulumi_openai_admin.requests").debug("more")
    assert (engine.lines, engine.notes, capsys.readouterr().err) == ([], [("GET /x: 200", "")], "")


# Half-done steps


def keep() -> bool:
    with host.serving({}.get, Run()) as served:
        values = {"api_key": "sk-svcacct-v", "n": 1, "none": None}
        outputs = Outputs(values, secret_outputs=frozenset({"api_key"}))
        return served.keep_partial("proj_1/x", outputs, ValueError("It broke."))


@pytest.mark.parametrize(
    ("request_", "inputs"),
    [
        (provider_pb2.CreateRequest(urn="urn:it"), "properties"),
        (provider_pb2.UpdateRequest(urn="urn:it"), "news"),
    ],
    ids=["create", "update"],
)
@pytest.mark.usefixtures("main")
def test_a_half_done_step_travels_with_the_error(request_: Any, inputs: str) -> None:
    getattr(request_, inputs)["__provider"] = "gASV"
    host.install()
    context = CallContext()
    assert serve(request_, context, keep) is True
    ((name, value),) = context.metadata
    assert name == "grpc-status-details-bin"
    status = status_pb2.Status.FromString(value)
    kept = provider_pb2.ErrorResourceInitFailed()
    assert status.code == 2
    assert status.details[0].Unpack(kept)
    assert (kept.id, list(kept.reasons)) == ("proj_1/x", ["It broke."])
    assert json_format.MessageToDict(kept.properties) == {"api_key": wrap("sk-svcacct-v"), "n": 1, "__provider": "gASV"}


def test_a_half_done_step_is_recorded_with_the_status_module_of_google_too() -> None:
    """Its module and that of Pulumi define `google.rpc.Status`, and a process can import only one of them."""
    code = """
from google.rpc import status_pb2 as status
from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2
from pulumi_openai_admin.engine.outputs import partial_failure
parsed = status.Status.FromString(partial_failure("proj_1/x", struct_pb2.Struct(), "It broke. " * 99))
kept = provider_pb2.ErrorResourceInitFailed()
assert parsed.details[0].Unpack(kept)
print(parsed.code, parsed.message == kept.reasons[0] == "It broke. " * 99, kept.id)
"""
    assert subprocess.check_output([sys.executable, "-c", code], encoding="utf-8").split() == ["2", "True", "proj_1/x"]


def test_outside_a_host_nothing_is_kept() -> None:
    assert keep() is False


# Orphans


@pytest.mark.usefixtures("main")
def test_a_provider_whose_engine_listens_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as engine:
        monkeypatch.setattr(sys, "argv", ["host", f"127.0.0.1:{engine.getsockname()[1]}"])
        engine_module.end_if_orphaned()


@pytest.mark.parametrize(
    ("request_", "seconds"),
    [
        (provider_pb2.CreateRequest(urn="urn:it", timeout=90), 90),
        (provider_pb2.UpdateRequest(urn="urn:it", timeout=1.5), 1.5),
        (provider_pb2.CheckRequest(urn="urn:it"), 0),
    ],
)
def test_the_time_of_a_step_is_read_off_the_engines_request(request_: Any, seconds: float) -> None:
    def verb() -> float:
        with host.serving({}.get, Run()) as served:
            return served.timeout

    assert serve(request_, CallContext(), verb) == seconds
    assert verb() == 0


# Steps at a time


def together(executor: ThreadPoolExecutor, tasks: int) -> bool:
    """Whether so many tasks run at the same time."""
    barrier = threading.Barrier(tasks)

    def arrive() -> bool:
        try:
            barrier.wait(5)
        except threading.BrokenBarrierError:
            return False
        return True

    return all(task.result() for task in [executor.submit(arrive) for _ in range(tasks)])


@pytest.mark.usefixtures("main")
def test_a_host_serves_more_steps_at_a_time_also_after_steps_that_had_to_wait() -> None:
    go = threading.Event()
    with ThreadPoolExecutor(4) as executor:
        steps = [executor.submit(go.wait) for _ in range(4)] + [executor.submit(int) for _ in range(8)]
        go.set()
        for step in steps:
            step.result()
        executor.submit(host.set_parallel_steps, 9).result()
        assert executor._max_workers == 9
        assert together(executor, 9)


def test_without_an_executor_nothing_is_changed() -> None:
    host.set_parallel_steps(9)
