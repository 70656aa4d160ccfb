from __future__ import annotations

import base64
import gzip
import html
import http.client
import io
import json
import logging
import re
import threading
import tracemalloc
import zlib
from contextlib import nullcontext, suppress
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import requests
import urllib3

from pulumi_openai_admin import errors
from pulumi_openai_admin.http import requestor as requestor_module
from pulumi_openai_admin.http import transport
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.client import Client
from pulumi_openai_admin.http.clock import Clock as RealClock
from pulumi_openai_admin.http.replies import KeyMask
from pulumi_openai_admin.http.requestor import Requestor
from pulumi_openai_admin.http.transport import user_agent
from tests.unit.fakes import KEY, URL, Clock, Sleeps, error_body, warnings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from requests_mock import Mocker

    from pulumi_openai_admin.config import Settings

READ = Call("GET", "/things", "read the things")
WRITE = Call("POST", "/things/1", "set the thing", body={"size": 1})
MAKE = Call("POST", "/things", "make a thing", body={"name": "x"}, idempotent=False)
END = Call("DELETE", WRITE.path, "delete it")
THROTTLED = {"status_code": 429, "json": error_body("slow down", "rate_limit_exceeded")}
FINE = {"json": {"id": "1"}}


def answer(mock: Mocker, *replies: dict[str, Any]) -> None:
    mock.register_uri("GET", re.compile(".*"), list(replies))
    mock.register_uri("POST", re.compile(".*"), list(replies))


# What is sent


def test_a_netrc_entry_does_not_take_the_keys_place(
    requestor: Requestor, requests_mock: Mocker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine openai.test login me password hunter2\ndefault login me password hunter2\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    answer(requests_mock, FINE)
    requestor.send(READ)
    requestor.send(MAKE)
    assert {request.headers["Authorization"] for request in requests_mock.request_history} == {f"Bearer {KEY}"}


def test_the_user_agent_has_the_installed_versions(
    requestor: Requestor, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(requests_mock, FINE)
    user_agent.cache_clear()
    requestor.send(READ)
    message = requests_mock.last_request.headers["User-Agent"]
    assert re.match(
        r"pulumi-openai-admin\S* pulumi/3\.\d+\.\d+ requests/2\.\d+\.\d+ Python/3\.\d+\.\d+ \(\w+\)", message
    )

    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", missing)
    user_agent.cache_clear()
    assert user_agent().startswith("pulumi-openai-admin pulumi requests Python/")


@pytest.mark.parametrize("organization", ["", "org-1"])
def test_the_organization_is_a_header_only_where_there_is_one(
    settings: Settings, clock: Clock, requests_mock: Mocker, organization: str
) -> None:
    answer(requests_mock, FINE)
    Requestor(replace(settings, organization=organization), clock=clock).send(READ)
    assert requests_mock.last_request.headers.get("OpenAI-Organization", "") == organization


def test_path_query_and_body_are_sent_as_given(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, FINE)
    requestor.send(Call("GET", "/things/rl-ft%3Aa%2Fb%252e", "read", {"limit": 5}))
    assert requests_mock.last_request.url == f"{URL}/things/rl-ft%3Aa%2Fb%252e?limit=5"
    assert requests_mock.last_request.body is None
    for body in ({"size": 1}, {}):
        requestor.send(Call("POST", "/things", "make", body=body))
        assert requests_mock.last_request.json() == body


@pytest.mark.parametrize(
    ("changes", "timeout"),
    [
        ({"connect_timeout_seconds": 3, "read_timeout_seconds": 7}, (3, 7)),
        ({"max_wait_seconds": 5}, (5, 5)),
        ({"max_wait_seconds": 0.5}, (1, 1)),
    ],
    ids=["as set", "no longer than the operation", "at least a second"],
)
def test_the_timeouts_of_a_request_follow_the_settings(
    settings: Settings, clock: Clock, requests_mock: Mocker, changes: dict[str, float], timeout: tuple[float, float]
) -> None:
    answer(requests_mock, FINE)
    Requestor(replace(settings, **changes), clock=clock).send(READ)  # type: ignore[arg-type]
    assert requests_mock.last_request.timeout == timeout


# Replies


class BreaksOff(io.BytesIO):
    """A reply's body whose connection ends in the middle."""

    def __init__(self, error: Exception) -> None:
        super().__init__(b'{"id"')
        self._error = error

    def read(self, size: int | None = -1) -> bytes:
        part = super().read(size)
        if not part:
            raise self._error
        return part


def failed(status: int, code: str = "", **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"status_code": status, "json": error_body("No", code), "headers": named}


def encoded(encoding: str, content: bytes) -> dict[str, Any]:
    return {"content": content, "headers": {"Content-Encoding": encoding}}


NEVER, SAFE, ALWAYS = "never", "where it is safe", "always"
PACKED = gzip.compress(b'{"id": "1"}')
NOT_JSON = "the response was text that is not JSON."
NO_OBJECT = "the response was JSON that is not an object."
NOT_REQUESTED = "the response was compressed in a form that was not requested."
MALFORMED = "the response was not in the form that its Content-Encoding names."
BROKEN = {
    "no content": ({"status_code": 204}, NOT_JSON),
    "nothing": ({"text": ""}, NOT_JSON),
    "a page": ({"text": "<html>Log in</html>"}, NOT_JSON),
    "no text": ({"content": b'{"id": "\xff"}'}, NOT_JSON),
    "cut JSON": ({"text": '{"id": "1"'}, NOT_JSON),
    "a list": ({"json": [1]}, NO_OBJECT),
    "a string": ({"json": "text"}, NO_OBJECT),
    "null": ({"text": "null"}, NO_OBJECT),
    "gzip twice": (encoded("gzip, gzip", gzip.compress(PACKED)), NOT_REQUESTED),
    "br": (encoded("br", b"x"), NOT_REQUESTED),
    "deflate": (encoded("deflate", zlib.compress(b"{}")), NOT_REQUESTED),
    "no gzip": (encoded("gzip", b'{"id": "1"}'), MALFORMED),
    "cut gzip": (encoded("gzip", PACKED[:-4]), MALFORMED),
    "gzip and more": (encoded("gzip", PACKED + PACKED), MALFORMED),
}
LOST: dict[str, Callable[[], dict[str, Any]]] = {
    "reset": lambda: {"exc": requests.exceptions.ConnectionError(ConnectionResetError(104, "reset"))},
    "closed": lambda: {"exc": requests.exceptions.ConnectionError(http.client.RemoteDisconnected("closed"))},
    "cut": lambda: {"exc": requests.exceptions.ChunkedEncodingError("cut")},
    "garbled": lambda: {"exc": requests.exceptions.ContentDecodingError("garbled")},
    "incomplete body": lambda: {"body": BreaksOff(http.client.IncompleteRead(b"x"))},
    "slow body": lambda: {"body": BreaksOff(TimeoutError("slow"))},
    "reset body": lambda: {"body": BreaksOff(ConnectionResetError(104, "reset"))},
}
FAULTS: dict[str, tuple[Any, type[errors.AdminError], str, str]] = {
    **{str(status): (failed(status), errors.StatusError, NEVER, "") for status in (400, 401, 403, 404, 410, 422)},
    **{
        str(status): (failed(status, Location="https://evil.test/"), errors.RedirectError, NEVER, "OPENAI_BASE_URL")
        for status in (301, 302, 307, 308)
    },
    **{
        f"429 {code}": (failed(429, code, x_should_retry="true", retry_after="1"), errors.SpendLimitError, NEVER, "")
        for code in ("project_spend_limit_exceeded", "organization_spend_limit_exceeded")
    },
    "429 for good": (failed(429, x_should_retry="false"), errors.RateLimitError, NEVER, ""),
    "503 for good": (failed(503, x_should_retry="false"), errors.InternalServerError, NEVER, ""),
    "409": (failed(409), errors.ConflictError, SAFE, ""),
    "500 that may pass": (failed(500, x_should_retry="true"), errors.InternalServerError, SAFE, ""),
    **{
        str(status): (failed(status), errors.InternalServerError, SAFE, "") for status in (408, 500, 502, 503, 504, 529)
    },
    **{name: (reply, errors.InvalidResponseError, SAFE, told) for name, (reply, told) in BROKEN.items()},
    **{name: (reply, errors.ResponseLostError, SAFE, "Could not make a thing: ") for name, reply in LOST.items()},
    "slow": ({"exc": requests.ReadTimeout("slow")}, errors.ResponseLostError, SAFE, "no response came within 60 s"),
    "429": (THROTTLED, errors.RateLimitError, ALWAYS, ""),
    "400 that may pass": (failed(400, x_should_retry="true"), errors.StatusError, ALWAYS, ""),
    "409 that may pass": (failed(409, x_should_retry="true"), errors.ConflictError, ALWAYS, ""),
}
"""By name: a reply, before one that is fine; the error; when the request is sent again; a part of the message."""
ACTED = (errors.InternalServerError, errors.InvalidResponseError, errors.ResponseLostError)


@pytest.mark.parametrize(("reply", "kind", "repeated", "told"), FAULTS.values(), ids=FAULTS)
def test_a_request_is_sent_again_where_that_helps_and_is_safe(
    requestor: Requestor,
    requests_mock: Mocker,
    clock: Clock,
    reply: Any,
    kind: type[errors.AdminError],
    repeated: str,
    told: str,
) -> None:
    for call in (READ, WRITE, MAKE):
        sent, slept = requests_mock.call_count, len(clock.slept)
        answer(requests_mock, reply() if callable(reply) else reply, FINE)
        if repeated == ALWAYS or (repeated == SAFE and call is not MAKE):
            assert requestor.send(call) == {"id": "1"}
            assert requests_mock.call_count == sent + 2
            continue
        with pytest.raises(kind) as error:
            requestor.send(call)
        assert (requests_mock.call_count, len(clock.slept)) == (sent + 1, slept)
        assert error.value.may_have_acted is (call is not READ and kind in ACTED)
        assert told in str(error.value)
        if kind is errors.InvalidResponseError:
            assert error.value.advice == f"Check that {URL} is OpenAI and not a proxy's own page."
    assert {request.hostname for request in requests_mock.request_history} == {"openai.test"}


@pytest.mark.parametrize(
    "reply",
    [lambda: {"body": io.BytesIO(b" " * 16 * 2**20)}, lambda: encoded("gzip", gzip.compress(b" " * 64 * 2**20))],
)
def test_a_reply_too_large_is_neither_read_nor_decompressed_to_its_end(
    requestor: Requestor, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch, reply: Callable[[], dict[str, Any]]
) -> None:
    monkeypatch.setattr(transport, "MAX_REPLY_BYTES", 2**20)
    answer(requests_mock, reply())
    tracemalloc.start()
    try:
        with pytest.raises(errors.InvalidResponseError, match="larger than 1 MiB"):
            requestor.send(MAKE)
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


def test_a_compressed_reply_is_read(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, encoded("gzip", PACKED))
    assert requestor.send(MAKE) == {"id": "1"}
    assert requests_mock.last_request.headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}], ids=["plain", "gzip"])
def test_a_deletion_without_a_body_is_done(
    requestor: Requestor, requests_mock: Mocker, clock: Clock, headers: dict[str, str]
) -> None:
    requests_mock.delete(f"{URL}{END.path}", status_code=204, headers=headers)
    assert requestor.send(END) == {}
    assert (requests_mock.call_count, clock.slept) == (1, [])


def test_a_conflict_is_repeated_a_few_times(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, *[failed(409)] * 3, FINE)
    with pytest.raises(errors.ConflictError):
        requestor.send(WRITE)
    assert requests_mock.call_count == 3


# OpenAI's clock


@pytest.mark.parametrize(
    "reply",
    [FINE, {"status_code": 404, "json": error_body("No")}, {"status_code": 200, "text": "<html>"}],
    ids=["success", "refusal", "broken"],
)
def test_every_reply_sets_openais_clock(
    requestor: Requestor, requests_mock: Mocker, clock: Clock, reply: dict[str, Any]
) -> None:
    answer(requests_mock, {**reply, "headers": {"Date": "Wed, 21 Oct 2026 07:28:00 GMT"}})
    assert requestor.clock.now() is None
    with suppress(errors.AdminError):
        requestor.send(MAKE)
    assert requestor.clock.now() == 1_792_567_680
    clock.sleep(4)
    assert requestor.clock.now() == 1_792_567_684
    answer(requests_mock, FINE)
    requestor.send(READ)  # without a date
    assert requestor.clock.now() == 1_792_567_684
    assert Client(requestor).clock is requestor.clock


def test_the_server_clock_is_read_before_the_body(requestor: Requestor, requests_mock: Mocker, clock: Clock) -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            clock.sleep(20)
            return super().read(size)

    headers = {"Date": "Wed, 21 Oct 2026 07:28:00 GMT"}
    answer(requests_mock, {"body": Slow(b'{"id": "1"}'), "headers": headers})
    requestor.send(READ)
    assert clock.at >= 1020
    assert requestor.clock.now() == 1_792_567_680 + clock.at - 1000


# Repeating


def test_a_server_error_says_when_to_repeat(requestor: Requestor, requests_mock: Mocker, clock: Clock) -> None:
    answer(requests_mock, failed(500, retry_after="17"), FINE)
    requestor.send(WRITE)
    assert clock.slept == [17.0]


@pytest.mark.parametrize(
    "reply",
    [{"status_code": 500}, {"text": "?"}, {"exc": requests.exceptions.ReadTimeout}],
    ids=["5xx", "broken", "lost"],
)
def test_attempts_are_bounded_and_spread_out(
    requestor: Requestor, requests_mock: Mocker, clock: Clock, reply: dict[str, Any]
) -> None:
    answer(requests_mock, reply)
    with pytest.raises(errors.AdminError) as error:
        requestor.send(READ)
    assert not error.value.may_have_acted
    assert 3 <= requests_mock.call_count <= 10
    assert len(clock.slept) == requests_mock.call_count - 1
    assert clock.slept == sorted(clock.slept)
    assert clock.slept[0] <= 0.5
    assert clock.slept[-1] <= 8


def test_a_refusal_during_a_wait_makes_it_wait_again(settings: Settings, clock: Clock, requests_mock: Mocker) -> None:
    answer(requests_mock, FINE)
    refused_meanwhile = iter([True])

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        if next(refused_meanwhile, False):
            requestor.limiter_of(READ).refused(clock.at, 20.0)

    requestor = Requestor(settings, clock=Sleeps(clock, sleep))
    requestor.limiter_of(READ).refused(clock.at, 10.0)
    requestor.send(READ)
    assert clock.at == 1030.0


# What never arrives


def test_a_request_that_never_left_is_repeated(
    requestor: Requestor, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    tried: list[str] = []

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> None:
        tried.append(address[0])
        raise ConnectionRefusedError(111, "Connection refused")

    # The connection fails below the libraries, so that their own wrapping is tested too.
    monkeypatch.setattr(urllib3.util.connection, "create_connection", connect)
    requests_mock.stop()
    with pytest.raises(errors.RequestNotSentError):
        requestor.send(READ)
    assert len(tried) >= 3
    assert clock.at - 1000 <= 5, "an address that never answered is given up early"
    requests_mock.start()
    answer(requests_mock, FINE)
    requestor.send(READ)  # the address is right
    requests_mock.stop()
    tried.clear()
    requestor.__dict__["_wire"].__dict__.pop("session")
    with pytest.raises(errors.RequestNotSentError) as caught:
        requestor.send(MAKE)
    assert caught.value.what == f"Could not make a thing: {URL} can't be reached: the connection was refused"
    assert not caught.value.may_have_acted
    assert len(tried) == requestor_module.MAX_ATTEMPTS


def test_what_must_not_be_done_twice_gets_a_connection_of_its_own(
    requestor: Requestor, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(requests_mock, FINE)
    made: list[requests.Session] = []
    closed: list[requests.Session] = []
    monkeypatch.setattr(requests.Session, "close", lambda session: closed.append(session))  # noqa: PLW0108 - a builtin would not get the session
    new_session = requestor._wire.new_session
    requestor._wire.new_session = lambda: made.append(new_session()) or made[-1]  # type: ignore[method-assign, func-returns-value]
    for call in (READ, WRITE, READ, MAKE, MAKE):
        requestor.send(call)
    assert len(made) == 3
    assert closed == made[1:]


@pytest.mark.parametrize(
    "last", [{"status_code": 400, "json": error_body("No")}, THROTTLED, {"status_code": 404}], ids=["400", "429", "404"]
)
def test_a_refusal_after_a_lost_reply_does_not_mean_that_nothing_was_done(
    requestor: Requestor, requests_mock: Mocker, last: dict[str, Any]
) -> None:
    answer(requests_mock, {"status_code": 500}, last)
    with pytest.raises(errors.AdminError) as error:
        requestor.send(WRITE)
    assert error.value.may_have_acted


@pytest.mark.parametrize(("call", "guarded"), [(READ, 0), (WRITE, 2), (MAKE, 2)])
def test_what_changes_something_is_guarded_each_time(
    settings: Settings, clock: Clock, requests_mock: Mocker, call: Call, guarded: int
) -> None:
    answer(requests_mock, THROTTLED, FINE)
    asked: list[int] = []
    Requestor(settings, lambda: asked.append(requests_mock.call_count), clock).send(call)
    assert len(asked) == guarded
    assert asked in ([], [0, 1]), "right before the request"


def test_a_pause_is_bounded_by_the_operation(requestor: Requestor, clock: Clock) -> None:
    with requestor.operation():
        requestor.pause(599, "find it")
        with pytest.raises(errors.OperationTimeoutError) as error:
            requestor.pause(2, "find it")
        assert error.value.what == "Could not find it: openai-admin:maxWaitSeconds passed"
        assert error.value.advice == "Run the command again."
        requestor.pause(0, "find it")
    assert clock.slept == [599, 0]


class Held:
    """A lock that another thread gives back after so many waits, each of which takes the time of an operation."""

    def __init__(self, clock: Clock, waits: int) -> None:
        self.clock, self.waits, self.is_held = clock, waits, False
        self.meanwhile: Callable[[], None] = lambda: None

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        assert blocking
        assert 0 <= timeout < 1, "a cancellation ends the wait soon"
        self.waits -= 1
        self.clock.at += 600
        self.meanwhile()
        self.is_held = self.waits == 0
        return self.is_held

    def release(self) -> None:
        self.is_held = False


def test_a_lock_is_waited_for_until_the_operations_time_is_over(requestor: Requestor, clock: Clock) -> None:
    lock: Any = Held(clock, waits=2)
    message = "Could not find it: openai-admin:maxWaitSeconds passed while waiting for another resource of this run"
    with (
        requestor.operation(),
        pytest.raises(errors.OperationTimeoutError, match=message),
        requestor.hold(lock, "find it"),
    ):
        """Never reached."""
    assert (clock.at, lock.waits) == (1600, 1)


# Time


@pytest.mark.parametrize(("retry_after", "least"), [("60", 500), ("601", 0)], ids=["many waits", "a long wait"])
def test_waiting_for_the_rate_limit_ends_with_the_operations_time(
    requestor: Requestor, requests_mock: Mocker, clock: Clock, retry_after: str, least: float
) -> None:
    answer(requests_mock, {**THROTTLED, "headers": {"retry-after": retry_after}})
    with pytest.raises(errors.RateLimitError, match="openai-admin:maxWaitSeconds"):
        requestor.send(READ)
    assert least <= clock.at - 1000 <= least * 1.2
    sent, slept = requests_mock.call_count, len(clock.slept)
    if not least:  # the next request to the endpoint would wait as long
        with pytest.raises(errors.OperationTimeoutError, match=r"Could not read the things: .*maxWaitSeconds"):
            requestor.send(READ)
        assert (requests_mock.call_count, len(clock.slept)) == (sent, slept)


def test_all_requests_of_an_operation_share_its_time(requestor: Requestor, requests_mock: Mocker, clock: Clock) -> None:
    answer(requests_mock, {"status_code": 500})
    with requestor.operation():
        clock.at += 599.9
        with pytest.raises(errors.InternalServerError):
            requestor.send(READ)
    assert clock.at <= 1600.5


# A user who cancels


def cancelled_while_waiting(settings: Settings, clock: Clock) -> Requestor:
    def sleep(_seconds: float) -> None:
        clock.cancel()

    clock.sleep = sleep  # type: ignore[method-assign] # of this test
    return Requestor(settings, clock=clock)


def test_cancelling_ends_the_retries(settings: Settings, clock: Clock, requests_mock: Mocker) -> None:
    answer(requests_mock, {"status_code": 503})
    with pytest.raises(errors.InternalServerError):
        cancelled_while_waiting(settings, clock).send(READ)
    assert requests_mock.call_count == 2


def test_cancelling_wakes_all_threads() -> None:
    waiting = RealClock()
    sleepers = [threading.Thread(target=waiting.sleep, args=(600,)) for _ in range(3)]
    for sleeper in sleepers:
        sleeper.start()
    assert not waiting.is_cancelled()
    waiting.cancel()
    for sleeper in sleepers:
        sleeper.join(10)
        assert not sleeper.is_alive()
    assert waiting.is_cancelled()


# The log


def test_the_log_has_a_line_for_each_request(
    requestor: Requestor, requests_mock: Mocker, caplog: pytest.LogCaptureFixture, clock: Clock
) -> None:
    def slow(_request: Any, _context: Any) -> dict[str, Any]:
        clock.at += 1.25
        return {}

    caplog.set_level(logging.INFO, "pulumi_openai_admin.requests")
    stumble = {"status_code": 503, "headers": {"x-request-id": "req_1\x1b"}}
    answer(requests_mock, stumble, {"json": slow})
    requestor.send(READ)
    answer(requests_mock, {"exc": requests.exceptions.ReadTimeout})
    with pytest.raises(errors.ResponseLostError):
        requestor.send(MAKE)
    lines = [record.getMessage() for record in caplog.records if record.name == "pulumi_openai_admin.requests"]
    assert lines[1] == "GET /things: 200 in 1.250 s, request -"
    assert lines[0].startswith("GET /things: 503 in 0.000 s, request req_1")
    assert lines[0].isprintable()
    assert lines[2].startswith("POST /things: ResponseLostError")


@pytest.mark.parametrize(
    "reply",
    [
        FINE,
        {"status_code": 401, "json": error_body(f"Incorrect API key provided: {KEY}.")},
        {"status_code": 500, "text": f"<html>{KEY}</html>"},
        {"status_code": 302, "headers": {"Location": f"https://evil.test/?{KEY}"}},
        {"status_code": 200, "text": KEY},
        {"exc": requests.exceptions.ConnectionError(f"header {KEY}")},
        {"exc": requests.exceptions.InvalidURL(KEY)},
    ],
)
def test_no_key_in_any_error_or_log_line(
    requestor: Requestor, requests_mock: Mocker, caplog: pytest.LogCaptureFixture, reply: dict[str, Any]
) -> None:
    caplog.set_level(logging.DEBUG, "pulumi_openai_admin")
    answer(requests_mock, reply)
    with pytest.raises(errors.AdminError) if reply is not FINE else nullcontext() as caught:
        requestor.send(MAKE)
    told = ""
    if caught:
        error = caught.value
        told = f"{error} {error!r} {error.args} {vars(error)}"
        assert error.__suppress_context__ or error.__context__ is None
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("pulumi_openai_admin")]
    assert "SECRETKEY" not in told + "".join(lines)


@pytest.mark.parametrize("key", [KEY, 'gateway/key+with="every"<kind>&of%character\\'])
def test_a_key_that_a_gateway_echoes_is_neither_logged_nor_told_nor_kept(
    settings: Settings, clock: Clock, requests_mock: Mocker, caplog: pytest.LogCaptureFixture, key: str
) -> None:
    caplog.set_level(logging.INFO, "pulumi_openai_admin.requests")
    escaped = "".join(f"\\u{ord(char):04X}" for char in key)
    texts = [key, escaped, json.dumps(key)[1:-1], quote(key, safe=""), html.escape(key)]
    texts += [base64.b64encode(f"{before}{key}".encode()).decode() for before in ("", "a:", "me:")]
    requestor = Requestor(replace(settings, admin_api_key=key), clock=clock)
    echo = {"status_code": 403, "headers": {"x-request-id": f"Bearer {key}"}, "json": error_body("No", f"of_{key}")}
    answer(requests_mock, {"json": {"name": f"of {key}"}}, {"text": f'{{"name": "{escaped}"}}'}, echo)
    assert requestor.send(READ) == {"name": "of ***"}
    assert requestor.send(READ) == {"name": "***"}
    with pytest.raises(errors.PermissionDeniedError) as error:
        requestor.send(READ)
    assert "(status 403, of_***, request Bearer ***)" in str(error.value)
    shown = KeyMask(key).text(" ".join(texts))
    assert shown.startswith("*** *** *** *** *** ")
    assert shown.count("***") == len(texts)
    assert key not in caplog.text
    assert "request Bearer ***" in caplog.text


def test_what_is_no_part_of_a_key_stays_as_it_is(settings: Settings, clock: Clock, requests_mock: Mocker) -> None:
    text = r'{"name": "\u00e9\u0041\u0022 \n \/ \\\\u0041 emulator"}'
    answer(requests_mock, {"text": text})
    for key in (KEY, "emulator"):  # a key for an emulator may be a word
        assert Requestor(replace(settings, admin_api_key=key), clock=clock).send(READ) == json.loads(text)


@pytest.mark.parametrize(("timeout", "at_most"), [(0, 600), (90, 90)])
def test_only_a_long_wait_is_announced(
    requestor: Requestor, requests_mock: Mocker, caplog: pytest.LogCaptureFixture, timeout: float, at_most: int
) -> None:
    waits = [{**THROTTLED, "headers": {"retry-after": seconds}} for seconds in ("3", "40")]
    answer(requests_mock, waits[0], FINE)
    requestor.send(READ)
    assert warnings(caplog) == []
    answer(requests_mock, waits[1], FINE)
    with requestor.operation(timeout):
        requestor.send(READ)
    (warning,) = warnings(caplog)
    assert warning == (
        f"Waiting 40 s for the Administration API rate limit, to read the things (0 of at most {at_most} s used). "
        "To stop at once, press Ctrl-C a second time."
    )


def test_a_crowd_that_waits_is_announced_once(
    settings: Settings, clock: Clock, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    answer(requests_mock, FINE)
    requestor = Requestor(settings, clock=Sleeps(clock, lambda _: None))  # nobody's sleep moves the others' clock
    requestor.limiter_of(READ).refused(clock.at, 40.0)
    for _ in range(5):
        requestor.send(READ)
    assert len(warnings(caplog)) == 1


# Paging


def page(*ids: str, **rest: Any) -> dict[str, Any]:
    return {"json": {"object": "list", "data": [{"id": id_} for id_ in ids], **rest}}


def listed(requestor: Requestor) -> list[str]:
    return [thing.get("id", "") for thing in requestor.pages(Call("GET", "/things", "list the things", {"limit": 2}))]


BROKEN_LISTS: list[tuple[list[dict[str, Any]], str]] = [
    *(
        ([page("a", **end)], "a list that does not say whether it has more pages")
        for end in ({}, {"has_more": None, "last_id": "a"}, {"has_more": 0}, {"has_more": "false"})
    ),
    *(
        (replies, "a list with more pages but no cursor")
        for replies in (
            [page("a", has_more=True, last_id="a"), page("b", has_more=True, last_id="a")],
            [page(has_more=True)],
            [page("a", has_more=True, last_id=7)],
            [{"json": {"data": [{"name": "no id"}], "has_more": True}}],
        )
    ),
    *(
        ([{"json": {"data": data}}], "a list without its objects")
        for data in (None, {}, "text", 7, ["a"], [{"id": "a"}, None])
    ),
]


@pytest.mark.parametrize(("replies", "told"), BROKEN_LISTS)
def test_a_list_that_is_not_whole_or_not_known_to_be_is_an_error(
    requestor: Requestor, requests_mock: Mocker, replies: list[dict[str, Any]], told: str
) -> None:
    answer(requests_mock, *replies)
    with pytest.raises(errors.InvalidResponseError) as error:
        listed(requestor)
    assert error.value.what == f"Could not list the things: the response was {told}"
    assert not error.value.may_have_acted
    assert requests_mock.call_count == len(replies)


def test_a_list_that_goes_on_for_ever_is_given_up(
    requestor: Requestor, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requestor_module, "MAX_PAGES", 20)
    numbers = iter(range(1000))
    answer(requests_mock, {"json": lambda _request, _context: page(f"x{next(numbers)}", has_more=True)["json"]})
    with pytest.raises(errors.InvalidResponseError, match="the response was a list with more than 20 pages"):
        listed(requestor)
    assert requests_mock.call_count == 21


@pytest.mark.parametrize(
    ("operation", "other", "is_same"),
    [
        (("GET", "/organization/projects/a/rate_limits"), ("GET", "/organization/projects/b/rate_limits"), True),
        (("POST", "/organization/projects/a/rate_limits/x"), ("POST", "/organization/projects/b/rate_limits/y"), True),
        (("GET", "/organization/projects/a/rate_limits"), ("GET", "/organization/projects/a/service_accounts"), False),
        (("GET", "/organization/projects"), ("GET", "/organization/projects/a"), False),
        (("GET", "/organization/projects/a"), ("POST", "/organization/projects/a"), False),
    ],
)
def test_a_throttle_holds_for_an_endpoint(
    requestor: Requestor, operation: tuple[str, str], other: tuple[str, str], *, is_same: bool
) -> None:
    paces = [requestor.limiter_of(Call(method, path, "ask")) for method, path in (operation, other)]
    assert (paces[0] is paces[1]) is is_same


def test_a_write_while_only_reads_are_allowed_is_named(requestor: Requestor) -> None:
    with pytest.raises(RuntimeError) as raised, requestor.only_reads():
        requestor.send(MAKE)
    assert str(raised.value) == f"POST {MAKE.path}: this operation only reads, so this is a bug"


def test_cancelling_ends_a_pause(settings: Settings, clock: Clock) -> None:
    requestor = cancelled_while_waiting(settings, clock)
    with pytest.raises(errors.OperationTimeoutError, match="Could not look again: you cancelled it"):
        requestor.pause(60, "look again")
    with pytest.raises(errors.OperationTimeoutError, match="Could not look again: you cancelled it"):
        requestor.pause(1, "look again")
