from __future__ import annotations

import base64
import gzip
import html
import http.client
import io
import json
import logging
import re
import socket
import ssl
import threading
import tracemalloc
import zlib
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import requests
import urllib3

from pulumi_openai_admin import errors
from pulumi_openai_admin.config import DEFAULT_BASE_URL
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
    from collections.abc import Callable, Iterator
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


def test_the_key_goes_as_a_bearer_token(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, FINE)
    requestor.send(READ)
    assert requests_mock.last_request.headers["Authorization"] == f"Bearer {KEY}"


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


def test_who_asks_is_told_with_versions(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, FINE)
    requestor.send(READ)
    message = requests_mock.last_request.headers["User-Agent"]
    assert re.match(
        r"pulumi-openai-admin\S* pulumi/3\.\d+\.\d+ requests/2\.\d+\.\d+ Python/3\.\d+\.\d+ \(\w+\)", message
    )


def test_who_asks_is_told_without_versions_where_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", missing)
    assert user_agent().startswith("pulumi-openai-admin pulumi requests Python/")


@pytest.mark.parametrize("organization", ["", "org-1"])
def test_the_organization_is_a_header_only_where_there_is_one(
    settings: Settings, clock: Clock, requests_mock: Mocker, organization: str
) -> None:
    answer(requests_mock, FINE)
    Requestor(replace(settings, organization=organization), clock=clock).send(READ)
    assert requests_mock.last_request.headers.get("OpenAI-Organization", "") == organization


def test_query_and_body_are_sent_and_a_get_has_no_body(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, FINE)
    requestor.send(Call("GET", "/things", "read", {"limit": 5}))
    assert requests_mock.last_request.url == f"{URL}/things?limit=5"
    assert requests_mock.last_request.body is None
    requestor.send(WRITE)
    assert requests_mock.last_request.json() == {"size": 1}
    requestor.send(Call("POST", "/things", "make", body={}))
    assert requests_mock.last_request.json() == {}


def test_a_quoted_id_is_sent_as_it_was_quoted(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, FINE)
    requestor.send(Call("GET", "/things/rl-ft%3Aa%2Fb%252e", "read"))
    assert requests_mock.last_request.url == f"{URL}/things/rl-ft%3Aa%2Fb%252e"


def test_a_wait_for_a_connection_or_reply_is_as_long_as_the_settings_say(
    settings: Settings, clock: Clock, requests_mock: Mocker
) -> None:
    answer(requests_mock, FINE)
    Requestor(replace(settings, connect_timeout_seconds=3, read_timeout_seconds=7), clock=clock).send(READ)
    assert requests_mock.last_request.timeout == (3, 7)


def test_a_wait_for_a_reply_is_no_longer_than_the_operation(
    settings: Settings, clock: Clock, requests_mock: Mocker
) -> None:
    answer(requests_mock, FINE)
    Requestor(replace(settings, max_wait_seconds=5), clock=clock).send(READ)
    assert requests_mock.last_request.timeout == (5, 5)


def test_a_wait_for_a_reply_is_at_least_a_second(settings: Settings, clock: Clock, requests_mock: Mocker) -> None:
    answer(requests_mock, FINE)
    Requestor(replace(settings, max_wait_seconds=0.5), clock=clock).send(READ)
    assert requests_mock.last_request.timeout == (1, 1)


@pytest.mark.parametrize(("url", "trusts"), [(URL, True), ("http://127.0.0.1:1/v1", False), ("http://[::1]/v1", False)])
def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(settings: Settings, url: str, trusts: bool) -> None:
    requestor = Requestor(replace(settings, base_url=url))
    assert requestor._wire.session.trust_env is trusts
    assert requestor._wire.new_session().trust_env is trusts


# Replies


@pytest.mark.parametrize("status", [200, 201, 202, 299])
def test_any_2xx_with_an_object_is_a_success(requestor: Requestor, requests_mock: Mocker, status: int) -> None:
    answer(requests_mock, {"status_code": status, "json": {"id": "1"}})
    assert requestor.send(MAKE) == {"id": "1"}


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ({"status_code": 204}, "text that is not JSON"),
        ({"text": ""}, "text that is not JSON"),
        ({"text": "<html>Log in</html>"}, "text that is not JSON"),
        ({"content": b'{"id": "\xff"}'}, "text that is not JSON"),
        ({"text": '{"id": "1"'}, "text that is not JSON"),
        ({"json": [1]}, "JSON that is not an object"),
        ({"json": "text"}, "JSON that is not an object"),
        ({"text": "null"}, "JSON that is not an object"),
    ],
)
def test_a_success_without_an_object_is_a_broken_reply(
    requestor: Requestor, requests_mock: Mocker, reply: dict[str, Any], message: str
) -> None:
    answer(requests_mock, reply)
    with pytest.raises(
        errors.InvalidResponseError, match=rf"^Could not make a thing: the response was {message}\."
    ) as error:
        requestor.send(MAKE)
    assert error.value.advice == f"Check that {URL} is OpenAI and not a proxy's own page."
    assert requests_mock.call_count == 1


@pytest.mark.parametrize("status", [200, 502])
def test_a_reply_nested_without_end_is_told_as_an_error(
    requestor: Requestor, requests_mock: Mocker, status: int
) -> None:
    answer(requests_mock, {"status_code": status, "text": "[" * 100_000})
    with pytest.raises(errors.AdminError):
        requestor.send(MAKE)


def test_a_broken_reply_is_asked_for_again_where_that_is_safe(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, {"text": "<html>"}, FINE)
    assert requestor.send(READ) == {"id": "1"}


def test_a_reply_too_large_is_not_read_to_its_end(
    requestor: Requestor, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MAX_REPLY_BYTES", 2**20)
    body = io.BytesIO(b" " * 10 * 2**20)
    answer(requests_mock, {"body": body})
    with pytest.raises(errors.InvalidResponseError, match="larger than 1 MiB"):
        requestor.send(MAKE)
    assert body.closed or body.tell() < 2 * 2**20


def test_a_compressed_reply_is_read(requestor: Requestor, requests_mock: Mocker) -> None:
    packed = {"content": gzip.compress(b'{"id": "1"}'), "headers": {"Content-Encoding": "gzip"}}
    answer(requests_mock, packed)
    assert requestor.send(MAKE) == {"id": "1"}
    assert requests_mock.last_request.headers["Accept-Encoding"] == "gzip"


def test_a_small_reply_that_becomes_large_is_not_decompressed_to_its_end(
    requestor: Requestor, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MAX_REPLY_BYTES", 2**20)
    bomb = gzip.compress(b" " * 64 * 2**20)
    answer(requests_mock, {"content": bomb, "headers": {"Content-Encoding": "gzip"}})
    tracemalloc.start()
    try:
        with pytest.raises(errors.InvalidResponseError, match="larger than 1 MiB"):
            requestor.send(MAKE)
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


PACKED = gzip.compress(b'{"id": "1"}')
NOT_REQUESTED = "compressed in a form that was not requested"
MALFORMED = "not in the form that its Content-Encoding names"


@pytest.mark.parametrize(
    ("encoding", "content", "words"),
    [
        ("gzip, gzip", gzip.compress(PACKED), NOT_REQUESTED),
        ("br", b"x", NOT_REQUESTED),
        ("deflate", zlib.compress(b"{}"), NOT_REQUESTED),
        ("gzip", b'{"id": "1"}', MALFORMED),
        ("gzip", PACKED[:-4], MALFORMED),
        ("gzip", PACKED + PACKED, MALFORMED),
    ],
    ids=["nested", "br", "deflate", "plain", "cut", "twice"],
)
def test_no_other_compression_is_read(
    requestor: Requestor, requests_mock: Mocker, encoding: str, content: bytes, words: str
) -> None:
    answer(requests_mock, {"content": content, "headers": {"Content-Encoding": encoding}})
    with pytest.raises(errors.InvalidResponseError) as error:
        requestor.send(MAKE)
    assert error.value.what == f"Could not make a thing: the response was {words}"


def test_a_deletion_without_a_body_has_nothing_to_decompress(requestor: Requestor, requests_mock: Mocker) -> None:
    requests_mock.delete(f"{URL}{END.path}", status_code=204, headers={"Content-Encoding": "gzip"})
    assert requestor.send(END) == {}


def test_a_reply_of_many_chunks_is_put_together(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, {"json": {"text": "x" * 500_000}})
    assert len(requestor.send(READ)["text"]) == 500_000


def test_a_deletion_without_a_body_is_done(requestor: Requestor, requests_mock: Mocker, clock: Clock) -> None:
    requests_mock.delete(f"{URL}{END.path}", status_code=204)
    assert requestor.send(END) == {}
    assert (requests_mock.call_count, clock.slept) == (1, [])


@pytest.mark.parametrize(("status", "call"), [(204, MAKE), (204, READ), (200, END)])
def test_any_other_success_without_a_body_is_an_error(
    requestor: Requestor, requests_mock: Mocker, status: int, call: Call
) -> None:
    requests_mock.register_uri(call.method, f"{URL}{call.path}", status_code=status)
    with pytest.raises(errors.InvalidResponseError):
        requestor.send(call)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", [READ, WRITE, MAKE])
def test_no_redirect_is_followed(requestor: Requestor, requests_mock: Mocker, status: int, call: Call) -> None:
    answer(requests_mock, {"status_code": status, "headers": {"Location": "https://evil.test/"}})
    with pytest.raises(errors.RedirectError, match="OPENAI_BASE_URL"):
        requestor.send(call)
    assert [request.hostname for request in requests_mock.request_history] == ["openai.test"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_a_refusal_is_final(requestor: Requestor, requests_mock: Mocker, clock: Clock, status: int) -> None:
    answer(requests_mock, {"status_code": status, "json": error_body("No")}, FINE)
    with pytest.raises(errors.StatusError):
        requestor.send(READ)
    assert clock.slept == []


@pytest.mark.parametrize("call", [READ, WRITE])
def test_a_conflict_is_repeated_a_few_times_where_that_is_safe(
    requestor: Requestor, requests_mock: Mocker, call: Call
) -> None:
    conflict = {"status_code": 409, "json": error_body("Another request is changing it", "lock_timeout")}
    answer(requests_mock, conflict, conflict, FINE)
    assert requestor.send(call) == {"id": "1"}
    answer(requests_mock, *[conflict] * 3, FINE)
    with pytest.raises(errors.ConflictError, match="Another request is changing it") as error:
        requestor.send(call)
    assert not error.value.may_have_acted


def test_a_conflict_is_not_repeated_where_that_may_make_two(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, {"status_code": 409, "json": error_body("No")}, FINE)
    with pytest.raises(errors.ConflictError):
        requestor.send(MAKE)
    assert requests_mock.call_count == 1


def test_a_refusal_with_a_code_of_its_own_is_no_conflict_whatever_its_status(
    requestor: Requestor, requests_mock: Mocker
) -> None:
    answer(requests_mock, {"status_code": 409, "json": error_body("No", "rate_limit_not_updatable")}, FINE)
    with pytest.raises(errors.BadRequestError, match="OpenAI does not allow changes to this rate limit"):
        requestor.send(WRITE)
    assert requests_mock.call_count == 1


@pytest.mark.parametrize("code", ["project_spend_limit_exceeded", "organization_spend_limit_exceeded"])
def test_a_spend_limit_is_final_whatever_the_headers_say(
    requestor: Requestor, requests_mock: Mocker, code: str
) -> None:
    headers = {"x-should-retry": "true", "retry-after": "1"}
    answer(requests_mock, {"status_code": 429, "json": error_body("No", code), "headers": headers}, FINE)
    with pytest.raises(errors.SpendLimitError):
        requestor.send(READ)
    assert requests_mock.call_count == 1


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
    assert Client(requestor).clock is requestor.clock


def test_openais_clock_is_read_when_the_headers_are_here_and_not_after_the_body(
    requestor: Requestor, requests_mock: Mocker, clock: Clock
) -> None:
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


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 529])
def test_a_stumble_is_repeated_where_that_is_safe(requestor: Requestor, requests_mock: Mocker, status: int) -> None:
    answer(requests_mock, {"status_code": status}, {"status_code": status}, FINE)
    assert requestor.send(WRITE) == {"id": "1"}


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_stumble_is_never_repeated_where_it_may_make_two(
    requestor: Requestor, requests_mock: Mocker, status: int
) -> None:
    answer(requests_mock, {"status_code": status, "headers": {"x-should-retry": "true"}}, FINE)
    with pytest.raises(errors.InternalServerError) as error:
        requestor.send(MAKE)
    assert error.value.may_have_acted
    assert requests_mock.call_count == 1


@pytest.mark.parametrize(
    "reply",
    [{"status_code": 500}, {"text": "?"}, {"exc": requests.exceptions.ReadTimeout}],
    ids=["5xx", "broken", "lost"],
)
def test_attempts_are_bounded_and_spread_out(
    requestor: Requestor, requests_mock: Mocker, clock: Clock, reply: dict[str, Any]
) -> None:
    answer(requests_mock, reply)
    with pytest.raises(errors.AdminError):
        requestor.send(READ)
    assert 3 <= requests_mock.call_count <= 10
    assert len(clock.slept) == requests_mock.call_count - 1
    assert clock.slept == sorted(clock.slept)
    assert clock.slept[0] <= 0.5
    assert clock.slept[-1] <= 8


@pytest.mark.parametrize("status", [400, 404, 409])
def test_should_retry_true_overrides_the_status(requestor: Requestor, requests_mock: Mocker, status: int) -> None:
    answer(requests_mock, {"status_code": status, "headers": {"x-should-retry": "true"}}, FINE)
    assert requestor.send(MAKE) == {"id": "1"}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_should_retry_false_overrides_the_status(requestor: Requestor, requests_mock: Mocker, status: int) -> None:
    answer(requests_mock, {"status_code": status, "headers": {"x-should-retry": "false"}}, FINE)
    with pytest.raises(errors.StatusError):
        requestor.send(READ)
    assert requests_mock.call_count == 1


def test_a_stumble_honours_the_wait_that_comes_with_it(
    requestor: Requestor, requests_mock: Mocker, clock: Clock
) -> None:
    answer(requests_mock, {"status_code": 503, "headers": {"retry-after": "17"}}, FINE)
    requestor.send(READ)
    assert clock.slept == [17.0]


def test_the_wait_that_comes_with_a_stumble_ends_with_the_operations_time(
    requestor: Requestor, requests_mock: Mocker, clock: Clock
) -> None:
    answer(requests_mock, {"status_code": 503, "headers": {"retry-after": "86400"}})
    with pytest.raises(errors.InternalServerError):
        requestor.send(READ)
    assert clock.at - 1000 <= 600


@pytest.mark.parametrize("call", [READ, WRITE, MAKE])
def test_a_throttle_is_always_waited_for(requestor: Requestor, requests_mock: Mocker, call: Call) -> None:
    answer(requests_mock, *[THROTTLED] * 9, FINE)
    assert requestor.send(call) == {"id": "1"}


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"retry-after-ms": "1500"}, "", 1.5),
        ({"retry-after": "9"}, "", 9),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:10 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, "", 10),
        ({}, "please slow down and try again after 6.937 seconds.", 6.937),
        ({}, "Please try again in 1m30s.", 90),
        ({}, "Please try again in 250ms.", 0.25),
    ],
)
def test_each_form_of_advice_is_waited_out(
    requestor: Requestor, requests_mock: Mocker, clock: Clock, headers: dict[str, str], message: str, seconds: float
) -> None:
    answer(requests_mock, {"status_code": 429, "json": error_body(message), "headers": headers}, FINE)
    requestor.send(READ)
    assert sum(clock.slept) == pytest.approx(seconds)


def test_without_advice_the_waits_grow(requestor: Requestor, requests_mock: Mocker, clock: Clock) -> None:
    answer(requests_mock, *[THROTTLED] * 4, FINE)
    requestor.send(READ)
    waits = [wait for wait in clock.slept if wait]
    assert waits == pytest.approx([0.5, 1, 2, 4])


def test_throttles_use_up_no_attempt_that_a_stumble_needs(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, *[THROTTLED] * 9, {"status_code": 500}, *[THROTTLED] * 3, {"status_code": 500}, FINE)
    assert requestor.send(READ) == {"id": "1"}


def test_one_requests_refusal_holds_back_the_next(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, {**THROTTLED, "headers": {"retry-after": "601"}}, FINE)
    with pytest.raises(errors.RateLimitError):
        requestor.send(READ)
    with pytest.raises(errors.OperationTimeoutError):
        requestor.send(READ)
    assert requests_mock.call_count == 1


def test_a_refusal_while_a_request_waits_makes_it_wait_again(
    settings: Settings, clock: Clock, requests_mock: Mocker
) -> None:
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


def lost_to(monkeypatch: pytest.MonkeyPatch, error: Exception) -> list[str]:
    """Have the connection fail below the libraries, so that their own wrapping is tested too."""
    tried: list[str] = []

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        tried.append(address[0])
        raise error

    monkeypatch.setattr(urllib3.util.connection, "create_connection", connect)
    return tried


NEVER_LEFT = [
    (ConnectionRefusedError(111, "Connection refused"), "the connection was refused"),
    (TimeoutError("timed out"), "the connection timed out"),
    (socket.gaierror(-2, "Name or service not known"), "its host name can't be resolved (DNS)"),
    (OSError(101, "Network is unreachable"), "network is unreachable"),
]
never_left = pytest.mark.parametrize(("error", "cause"), NEVER_LEFT, ids=[cause for _, cause in NEVER_LEFT])


@never_left
def test_what_never_left_is_repeated_even_if_it_must_not_be_done_twice(
    requestor: Requestor, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch, error: Exception, cause: str
) -> None:
    answer(requests_mock, FINE)
    requestor.send(READ)  # the address is right
    tried = lost_to(monkeypatch, error)
    requests_mock.stop()
    requestor.__dict__["_wire"].__dict__.pop("session")
    with pytest.raises(errors.RequestNotSentError) as caught:
        requestor.send(MAKE)
    assert caught.value.what == f"Could not make a thing: {URL} can't be reached: {cause}"
    assert not caught.value.may_have_acted
    assert len(tried) == requestor_module.MAX_ATTEMPTS


@never_left
def test_an_address_that_never_answered_is_given_up_within_seconds(
    requestor: Requestor, monkeypatch: pytest.MonkeyPatch, clock: Clock, error: Exception, cause: str
) -> None:
    tried = lost_to(monkeypatch, error)
    with pytest.raises(errors.RequestNotSentError, match=re.escape(cause)):
        requestor.send(READ)
    assert len(tried) >= 3
    assert clock.at - 1000 <= 5


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        (DEFAULT_BASE_URL, "Check the network. Run the command again."),
        (
            URL,
            "Check the network and the address, which OPENAI_BASE_URL (or openai-admin:baseUrl) sets. Run the command ",
        ),
    ],
)
def test_the_setting_of_the_address_is_named_only_where_it_is_set(
    settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch, url: str, advice: str
) -> None:
    lost_to(monkeypatch, ConnectionRefusedError(111, "Connection refused"))
    with pytest.raises(errors.RequestNotSentError) as caught:
        Requestor(replace(settings, base_url=url), clock=clock).send(READ)
    assert caught.value.advice.startswith(advice)


def test_an_untrusted_certificate_is_not_tried_again(requestor: Requestor, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = lost_to(monkeypatch, ssl.SSLCertVerificationError(1, "self-signed certificate"))
    with pytest.raises(errors.ConfigurationError, match=r"certificate of .* is not trusted"):
        requestor.send(READ)
    assert len(tried) == 1


@pytest.mark.parametrize("error", [requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema])
def test_an_address_that_cannot_be_used_is_not_tried_again(
    requestor: Requestor, requests_mock: Mocker, error: type[Exception]
) -> None:
    answer(requests_mock, {"exc": error("bad")}, FINE)
    with pytest.raises(errors.ConfigurationError, match="OPENAI_BASE_URL"):
        requestor.send(READ)


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


LOSSES: list[Callable[[], dict[str, Any]]] = [
    lambda: {"exc": requests.exceptions.ReadTimeout("slow")},
    lambda: {"exc": requests.exceptions.ConnectionError(ConnectionResetError(104, "reset"))},
    lambda: {"exc": requests.exceptions.ConnectionError(http.client.RemoteDisconnected("closed"))},
    lambda: {"exc": requests.exceptions.ChunkedEncodingError("cut")},
    lambda: {"exc": requests.exceptions.ContentDecodingError("garbled")},
    lambda: {"body": BreaksOff(http.client.IncompleteRead(b"x"))},
    lambda: {"body": BreaksOff(TimeoutError("slow"))},
    lambda: {"body": BreaksOff(ConnectionResetError(104, "reset"))},
]


@pytest.mark.parametrize("loss", LOSSES)
def test_a_lost_reply_is_asked_for_again_where_that_is_safe(
    requestor: Requestor, requests_mock: Mocker, loss: Callable[[], dict[str, Any]]
) -> None:
    answer(requests_mock, loss(), FINE)
    assert requestor.send(WRITE) == {"id": "1"}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_lost_reply_is_never_asked_for_again_where_that_may_make_two(
    requestor: Requestor, requests_mock: Mocker, loss: Callable[[], dict[str, Any]]
) -> None:
    answer(requests_mock, loss(), FINE)
    with pytest.raises(errors.ResponseLostError, match=r"^Could not make a thing: ") as error:
        requestor.send(MAKE)
    assert error.value.may_have_acted
    assert requests_mock.call_count == 1


def test_a_time_out_says_how_long_was_waited(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, {"exc": requests.exceptions.ReadTimeout})
    with pytest.raises(errors.ResponseLostError, match="no response came within 60 s"):
        requestor.send(MAKE)


def test_a_proxy_that_cannot_be_reached_means_that_nothing_was_sent(
    requestor: Requestor, requests_mock: Mocker
) -> None:
    cause = urllib3.exceptions.ProxyError("no", urllib3.exceptions.NewConnectionError(None, "refused"))  # type: ignore[arg-type]
    answer(requests_mock, {"exc": requests.exceptions.ProxyError(cause)}, FINE)
    assert requestor.send(MAKE) == {"id": "1"}


def test_what_must_not_be_done_twice_gets_a_connection_of_its_own(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, FINE)
    made: list[requests.Session] = []
    new_session = requestor._wire.new_session
    requestor._wire.new_session = lambda: made.append(new_session()) or made[-1]  # type: ignore[method-assign, func-returns-value]
    for call in (READ, WRITE, READ, MAKE, MAKE):
        requestor.send(call)
    assert len(made) == 3


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


@pytest.mark.parametrize("reply", [{"status_code": 500}, {"text": "?"}, {"exc": requests.exceptions.ReadTimeout}])
def test_a_read_never_acts(requestor: Requestor, requests_mock: Mocker, reply: dict[str, Any]) -> None:
    answer(requests_mock, reply)
    with pytest.raises(errors.AdminError) as error:
        requestor.send(READ)
    assert not error.value.may_have_acted


def test_what_certainly_was_not_sent_does_not_act(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, {"exc": requests.exceptions.ConnectTimeout})
    with pytest.raises(errors.RequestNotSentError) as error:
        requestor.send(WRITE)
    assert not error.value.may_have_acted


@pytest.mark.parametrize(("call", "guarded"), [(READ, 0), (WRITE, 2), (MAKE, 2)])
def test_what_changes_something_is_guarded_each_time(
    settings: Settings, clock: Clock, requests_mock: Mocker, call: Call, guarded: int
) -> None:
    answer(requests_mock, THROTTLED, FINE)
    asked: list[int] = []
    Requestor(settings, lambda: asked.append(requests_mock.call_count), clock).send(call)
    assert len(asked) == guarded
    assert asked in ([], [0, 1]), "right before the request"


def test_a_guard_that_ends_the_process_lets_nothing_leave(settings: Settings, requests_mock: Mocker) -> None:
    def guard() -> None:
        raise SystemExit

    answer(requests_mock, FINE)
    with pytest.raises(SystemExit):
        Requestor(settings, guard).send(MAKE)
    assert requests_mock.call_count == 0


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


def test_a_lock_is_waited_for_longer_where_a_step_of_the_operation_is_done_meanwhile(
    requestor: Requestor, clock: Clock
) -> None:
    lock: Any = Held(clock, waits=3)
    lock.meanwhile = requestor.progress
    with requestor.operation(), requestor.hold(lock, "find it"):
        assert lock.is_held
    assert not lock.is_held


def test_an_error_that_is_none_of_ours_passes_unchanged(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, {"exc": KeyError("bug")})
    with pytest.raises(KeyError, match="bug"):
        requestor.send(READ)
    assert requests_mock.call_count == 1


# Time


def test_a_throttle_that_never_clears_ends_with_the_operations_time(
    requestor: Requestor, requests_mock: Mocker, clock: Clock
) -> None:
    answer(requests_mock, {**THROTTLED, "headers": {"retry-after": "60"}})
    with pytest.raises(errors.AdminError, match="openai-admin:maxWaitSeconds"):
        requestor.send(READ)
    assert 500 <= clock.at - 1000 <= 600


def test_a_wait_that_is_too_long_is_not_begun(requestor: Requestor, requests_mock: Mocker, clock: Clock) -> None:
    answer(requests_mock, {**THROTTLED, "headers": {"retry-after": "601"}})
    with pytest.raises(errors.RateLimitError, match="maxWaitSeconds"):
        requestor.send(READ)
    assert clock.slept == []


def test_a_request_behind_too_long_a_wait_does_not_leave(
    requestor: Requestor, requests_mock: Mocker, clock: Clock
) -> None:
    answer(requests_mock, FINE)
    requestor.limiter_of(READ).refused(clock.at, 601.0)
    with pytest.raises(errors.OperationTimeoutError, match=r"Could not read the things: .*maxWaitSeconds"):
        requestor.send(READ)
    assert requests_mock.call_count == 0
    assert clock.slept == []


def test_all_requests_of_one_operation_share_its_time(
    requestor: Requestor, requests_mock: Mocker, clock: Clock
) -> None:
    answer(requests_mock, {"status_code": 500})
    with requestor.operation():
        clock.at += 599.9
        with pytest.raises(errors.InternalServerError):
            requestor.send(READ)
    assert clock.at <= 1600.5


def test_an_operation_inside_another_has_no_time_of_its_own(
    requestor: Requestor, requests_mock: Mocker, clock: Clock
) -> None:
    answer(requests_mock, {**THROTTLED, "headers": {"retry-after": "50"}})
    with requestor.operation():
        clock.at += 580
        with requestor.operation(), pytest.raises(errors.RateLimitError):
            requestor.send(READ)
    assert clock.slept == []


def test_the_next_operation_has_all_its_time(requestor: Requestor, requests_mock: Mocker, clock: Clock) -> None:
    answer(requests_mock, THROTTLED, FINE)
    with requestor.operation():
        clock.at += 1000
    assert requestor.send(READ) == {"id": "1"}


@pytest.mark.parametrize(
    ("retry_after", "message"),
    [("60", "Raise custom_timeouts to wait longer"), ("901", "did not clear within custom_timeouts")],
)
def test_a_time_of_its_own_bounds_the_operation_instead(
    requestor: Requestor, requests_mock: Mocker, clock: Clock, retry_after: str, message: str
) -> None:
    answer(requests_mock, {**THROTTLED, "headers": {"retry-after": retry_after}})
    with requestor.operation(900), pytest.raises(errors.AdminError, match=message):
        requestor.send(READ)
    assert 800 <= clock.at - 1000 <= 900 or not clock.slept


def test_a_time_of_its_own_bounds_all_steps_together(requestor: Requestor, clock: Clock) -> None:
    with requestor.operation(900):
        clock.at += 600
        requestor.progress()
        with pytest.raises(errors.OperationTimeoutError, match="Could not find it: custom_timeouts passed"):
            requestor.pause(301, "find it")
    with requestor.operation():
        clock.at += 500
        requestor.progress()
        requestor.pause(599, "find it")


def test_a_notice_tells_the_time_of_the_operation(
    requestor: Requestor, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    answer(requests_mock, {**THROTTLED, "headers": {"retry-after": "60"}}, FINE)
    with requestor.operation(90):
        requestor.send(READ)
    assert "(0 of at most 90 s used)" in caplog.text


# A user who cancels


def cancelled_while_waiting(settings: Settings, clock: Clock) -> Requestor:
    def sleep(_seconds: float) -> None:
        clock.cancel()

    clock.sleep = sleep  # type: ignore[method-assign] # of this test
    return Requestor(settings, clock=clock)


def test_cancelling_ends_the_wait_for_the_request_limit(
    settings: Settings, clock: Clock, requests_mock: Mocker
) -> None:
    answer(requests_mock, FINE)
    requestor = cancelled_while_waiting(settings, clock)
    requestor.limiter_of(READ).refused(clock.at, 100.0)
    with pytest.raises(errors.OperationTimeoutError, match=r": you cancelled it\. Update the resources\."):
        requestor.send(READ)
    assert not requests_mock.called


def test_cancelling_ends_a_pause(settings: Settings, clock: Clock) -> None:
    requestor = cancelled_while_waiting(settings, clock)
    with pytest.raises(errors.OperationTimeoutError, match="Could not look again: you cancelled it"):
        requestor.pause(60, "look again")
    with pytest.raises(errors.OperationTimeoutError, match="Could not look again: you cancelled it"):
        requestor.pause(1, "look again")


def test_cancelling_ends_the_retries_and_keeps_their_error(
    settings: Settings, clock: Clock, requests_mock: Mocker
) -> None:
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
    requestor: Requestor, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pulumi_openai_admin.requests")
    answer(requests_mock, {"status_code": 503, "headers": {"x-request-id": "req_1"}}, FINE)
    requestor.send(READ)
    lines = [record.getMessage() for record in caplog.records if record.name == "pulumi_openai_admin.requests"]
    assert lines == ["GET /things: 503 in 0.000 s, request req_1", "GET /things: 200 in 0.000 s, request -"]


def test_the_log_tells_how_long_a_reply_took(
    requestor: Requestor, requests_mock: Mocker, caplog: pytest.LogCaptureFixture, clock: Clock
) -> None:
    def slow(_request: Any, _context: Any) -> dict[str, Any]:
        clock.at += 1.25
        return {}

    caplog.set_level(logging.INFO, "pulumi_openai_admin.requests")
    answer(requests_mock, {"json": slow})
    requestor.send(READ)
    assert "200 in 1.250 s" in caplog.text


def test_the_log_tells_of_a_request_without_a_reply(
    requestor: Requestor, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pulumi_openai_admin.requests")
    answer(requests_mock, {"exc": requests.exceptions.ReadTimeout})
    with pytest.raises(errors.ResponseLostError):
        requestor.send(MAKE)
    assert "POST /things: ResponseLostError" in caplog.text


@contextmanager
def suppress_ours() -> Iterator[list[errors.AdminError]]:
    caught: list[errors.AdminError] = []
    try:
        yield caught
    except errors.AdminError as error:
        caught.append(error)


@pytest.mark.parametrize(
    "reply",
    [
        FINE,
        {"status_code": 401, "json": error_body(f"Incorrect API key provided: {KEY}.")},
        {"status_code": 403, "json": {"error": f"{KEY} may not"}},
        {"status_code": 400, "json": error_body(f"Bad {KEY}", "bad")},
        {"status_code": 404, "json": {"code": 404, "message": KEY}},
        {"status_code": 429, "json": error_body(KEY, "insufficient_quota")},
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
    message = ""
    with suppress_ours() as caught:
        requestor.send(MAKE)
    for error in caught:
        message = f"{error} {error!r} {error.args} {vars(error)}"
        assert error.__suppress_context__ or error.__context__ is None
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("pulumi_openai_admin")]
    assert "SECRETKEY" not in message + "".join(lines)


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


def test_no_control_character_in_a_log_line(
    requestor: Requestor, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pulumi_openai_admin.requests")
    answer(requests_mock, {"json": {}, "headers": {"x-request-id": "req\x1b[31m"}})
    requestor.send(READ)
    assert caplog.records[-1].getMessage().isprintable()


def test_a_long_wait_is_announced(
    requestor: Requestor, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    answer(requests_mock, {**THROTTLED, "headers": {"retry-after": "40"}}, FINE)
    requestor.send(READ)
    (warning,) = warnings(caplog)
    assert warning == (
        "Waiting 40 s for the Administration API rate limit, to read the things (0 of at most 600 s used). To stop "
        "at once, press Ctrl-C a second time."
    )


def test_a_short_wait_is_not_announced(
    requestor: Requestor, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    answer(requests_mock, {**THROTTLED, "headers": {"retry-after": "3"}}, FINE)
    requestor.send(READ)
    assert warnings(caplog) == []


def test_a_crowd_that_waits_is_announced_once(
    settings: Settings, clock: Clock, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    answer(requests_mock, FINE)
    requestor = Requestor(
        settings, clock=Sleeps(clock, lambda _seconds: None)
    )  # nobody's sleep moves the others' clock
    requestor.limiter_of(READ).refused(clock.at, 40.0)
    for _ in range(5):
        requestor.send(READ)
    assert len(warnings(caplog)) == 1


def test_waits_that_go_on_are_announced_again(
    requestor: Requestor, requests_mock: Mocker, caplog: pytest.LogCaptureFixture
) -> None:
    answer(requests_mock, *[{**THROTTLED, "headers": {"retry-after": "40"}}] * 3, FINE)
    requestor.send(READ)
    assert [re.findall(r"\((\d+) of", line)[0] for line in warnings(caplog)] == ["0", "40", "80"]


# Paging


def page(*ids: str, **rest: Any) -> dict[str, Any]:
    return {"json": {"object": "list", "data": [{"id": id_} for id_ in ids], **rest}}


def listed(requestor: Requestor) -> list[str]:
    return [thing.get("id", "") for thing in requestor.pages(Call("GET", "/things", "list the things", {"limit": 2}))]


def test_all_pages_are_read_in_order(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(
        requests_mock,
        page("a", "b", has_more=True, last_id="b"),
        page("c", "d", has_more=True, last_id="d"),
        page("e", has_more=False, last_id="e"),
    )
    assert listed(requestor) == ["a", "b", "c", "d", "e"]
    assert [request.qs for request in requests_mock.request_history] == [
        {"limit": ["2"]},
        {"limit": ["2"], "after": ["b"]},
        {"limit": ["2"], "after": ["d"]},
    ]


@pytest.mark.parametrize("last", [{}, {"last_id": None}, {"last_id": ""}])
def test_without_a_last_id_the_last_objects_id_is_the_cursor(
    requestor: Requestor, requests_mock: Mocker, last: dict[str, Any]
) -> None:
    answer(requests_mock, page("a", "b", has_more=True, **last), page("c", has_more=False))
    assert listed(requestor) == ["a", "b", "c"]
    assert requests_mock.last_request.qs["after"] == ["b"]


def test_a_list_ends_where_it_says_so(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, page("a", has_more=False, last_id="a"))
    assert listed(requestor) == ["a"]


@pytest.mark.parametrize("end", [{}, {"has_more": None, "last_id": "a"}, {"has_more": 0}, {"has_more": "false"}])
def test_a_list_that_does_not_say_whether_it_is_whole_is_an_error(
    requestor: Requestor, requests_mock: Mocker, end: dict[str, Any]
) -> None:
    answer(requests_mock, page("a", **end))
    with pytest.raises(
        errors.InvalidResponseError,
        match=(r": the response was a list that does not say whether it has more pages\. Check that"),
    ) as error:
        listed(requestor)
    assert not error.value.may_have_acted


def test_an_empty_list_is_empty(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, page(has_more=False, first_id=None, last_id=None))
    assert listed(requestor) == []


@pytest.mark.parametrize(
    "replies",
    [
        [page("a", has_more=True, last_id="a"), page("b", has_more=True, last_id="a")],
        [page(has_more=True)],
        [page("a", has_more=True, last_id=7)],
        [{"json": {"data": [{"name": "no id"}], "has_more": True}}],
    ],
    ids=["repeated", "empty", "not a string", "no id"],
)
def test_a_list_that_goes_on_without_saying_where_is_an_error(
    requestor: Requestor, requests_mock: Mocker, replies: list[dict[str, Any]]
) -> None:
    answer(requests_mock, *replies)
    with pytest.raises(
        errors.InvalidResponseError, match=r"things: the response was a list with more pages but no cursor\."
    ):
        listed(requestor)
    assert requests_mock.call_count == len(replies)


def test_a_list_that_goes_on_for_ever_is_given_up(
    requestor: Requestor, requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requestor_module, "MAX_PAGES", 20)
    numbers = iter(range(1000))
    answer(requests_mock, {"json": lambda _request, _context: page(f"x{next(numbers)}", has_more=True)["json"]})
    with pytest.raises(errors.InvalidResponseError):
        listed(requestor)
    assert requests_mock.call_count == 21


@pytest.mark.parametrize("data", [None, {}, "text", 7, ["a"], [{"id": "a"}, None]])
def test_rows_that_are_no_objects_are_an_error(requestor: Requestor, requests_mock: Mocker, data: Any) -> None:
    answer(requests_mock, {"json": {"data": data}})
    with pytest.raises(errors.InvalidResponseError, match=r": the response was a list without its objects\."):
        listed(requestor)


def test_a_page_is_repeated_like_any_read(requestor: Requestor, requests_mock: Mocker) -> None:
    answer(requests_mock, page("a", has_more=True), {"status_code": 500}, THROTTLED, page("b", has_more=False))
    assert listed(requestor) == ["a", "b"]


def test_where_the_time_is_too_short_for_another_try_what_went_wrong_is_told(
    settings: Settings, clock: Clock, requests_mock: Mocker
) -> None:
    answer(requests_mock, {"status_code": 503, "json": error_body("overloaded")})
    requestor = Requestor(replace(settings, max_wait_seconds=1), clock=clock)
    with pytest.raises(errors.InternalServerError, match="overloaded"):
        requestor.send(READ)
    assert sum(clock.slept) < 1


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


def test_a_request_that_changes_something_while_only_reads_are_allowed_is_named(requestor: Requestor) -> None:
    with pytest.raises(RuntimeError) as raised, requestor.only_reads():
        requestor.send(MAKE)
    assert str(raised.value) == f"POST {MAKE.path}: this operation only reads, so this is a bug"


def test_a_reply_of_many_parts_is_put_together(requestor: Requestor, requests_mock: Mocker) -> None:
    whole = {"id": "x" * 200_000, "last": True}
    answer(requests_mock, {"json": whole})
    assert requestor.send(READ) == whole
