from __future__ import annotations

import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from pulumi_openai_admin.engine import process as engine_module
from pulumi_openai_admin.engine.process import Engine
from tests.unit.test_network import CLOSED

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator


class Log(engine_pb2_grpc.EngineServicer):
    def __init__(self) -> None:
        self.lines: list[tuple[int, str, str]] = []

    def Log(self, request: Any, _context: Any) -> empty_pb2.Empty:  # noqa: N802 - the engine's own name
        self.lines.append((request.severity, request.message, request.urn))
        return empty_pb2.Empty()


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def engine(log: Log) -> Iterator[Engine]:
    server = grpc.server(ThreadPoolExecutor(1))
    engine_pb2_grpc.add_EngineServicer_to_server(log, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield Engine("127.0.0.1", port)
    server.stop(None).wait(10)


def test_a_warning_reaches_the_engine_with_its_resource(engine: Engine, log: Log) -> None:
    assert engine.report("Look out", "urn:it", is_warning=True)
    assert engine.report("By the way", "urn:it", is_warning=False)
    assert log.lines == [(engine_pb2.WARNING, "Look out", "urn:it"), (engine_pb2.INFO, "By the way", "urn:it")]
    assert not engine.has_ended


def test_a_warning_does_not_go_through_a_proxy(engine: Engine, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://{CLOSED}")
    assert engine.report("Look out", "urn:it", is_warning=True)
    assert len(log.lines) == 1


def test_an_engine_that_has_ended_gets_no_warning() -> None:
    ended = Engine("127.0.0.1", 1)
    assert ended.has_ended
    assert not ended.report("Look out", "", is_warning=True)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("127.0.0.1:4711", Engine("127.0.0.1", 4711)),
        ("evil.test:1", None),
        ("127.0.0.1", None),
        ("127.0.0.1:x", None),
        ("", None),
    ],
)
def test_only_an_engine_on_this_machine_counts(address: str, found: Engine | None) -> None:
    assert Engine.at(address) == found


class Ended(BaseException):
    """What `os._exit` does, seen from inside."""


@pytest.mark.parametrize(
    ("error", "ends"),
    [(ConnectionRefusedError(111, "refused"), True), (TimeoutError("slow"), False), (OSError(24, "too many"), False)],
)
def test_a_provider_ends_only_where_nobody_listens_at_the_engines_port(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: OSError, ends: bool
) -> None:
    tried: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        assert timeout < 60
        tried.append(address)
        raise error

    def end(status: int) -> None:
        raise Ended(status)

    monkeypatch.setattr(engine_module.socket, "create_connection", connect)
    monkeypatch.setattr(engine_module.os, "_exit", end)
    with pytest.raises(Ended) if ends else nullcontext():
        Engine("127.0.0.1", 4711).end_if_orphaned()
    assert tried == [("127.0.0.1", 4711)]
    assert ("engine has ended" in capsys.readouterr().err) is ends


def test_a_program_with_its_own_logging_shows_records_once(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """As an Automation API program does: its handler is at the root."""
    engine_module.show_messages_of_program()
    engine_module.logger.warning("No group has the name.")
    assert [record.getMessage() for record in caplog.records] == ["No group has the name."]
    assert capsys.readouterr().err == ""


def of_package(monkeypatch: pytest.MonkeyPatch) -> logging.Logger:
    """The logger of this package in a program without logging: pytest's handlers are added after fixtures."""
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    return engine_module.logger


def test_a_program_without_logging_shows_them_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = of_package(monkeypatch)
    engine_module.show_messages_of_program()
    engine_module.show_messages_of_program()
    package.warning("No group has the name.")
    assert capsys.readouterr().err == "warning: No group has the name.\n"


@pytest.mark.parametrize("is_of_package", [True, False], ids=["of this package", "of the root"])
def test_a_program_may_set_up_logging_after_the_first_call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], is_of_package: bool
) -> None:
    package = of_package(monkeypatch)
    engine_module.show_messages_of_program()
    (package if is_of_package else logging.getLogger()).addHandler(logging.StreamHandler(sys.stderr))
    package.warning("No group has the name.")
    assert capsys.readouterr().err == "No group has the name.\n"


def test_a_level_and_a_handler_of_the_program_are_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = of_package(monkeypatch)
    package.setLevel(logging.ERROR)
    package.addHandler(logging.StreamHandler(sys.stderr))
    engine_module.show_messages_of_program()
    package.warning("No group has the name.")
    package.error("The list could not be read.")
    assert (package.level, capsys.readouterr().err) == (logging.ERROR, "The list could not be read.\n")
