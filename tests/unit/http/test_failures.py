"""What the exceptions of the libraries become: the cause in words, and what to check."""

from __future__ import annotations

import socket
import ssl
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import pytest
import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from pulumi_openai_admin import errors
from pulumi_openai_admin.config import DEFAULT_BASE_URL
from pulumi_openai_admin.http import certificates, connections
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.http.clock import WaitLimits
from pulumi_openai_admin.http.connections import Proxy

if TYPE_CHECKING:
    from pulumi_openai_admin.config import Settings

CALL = Call("POST", "/things", "make a thing", idempotent=False)
OTHER_URL = "https://openai.test/v1"
ADDRESS = "the address, which OPENAI_BASE_URL (or openai-admin:baseUrl) sets"
PROXY = "HTTPS_PROXY (proxy.test:8080)"
LIMITS = WaitLimits(lambda: 600.0, lambda: False, changes_something=True)


@pytest.fixture(autouse=True)
def _nothing_has_left() -> None:
    connections.begin(LIMITS)
    connections._departure.has_left = False


def wrapped(cause: Exception) -> requests.exceptions.ConnectionError:
    """As requests raises it: the cause is inside other exceptions."""
    inner = NewConnectionError(None, "failed")  # type: ignore[arg-type]
    inner.__cause__ = cause
    return requests.exceptions.ConnectionError(inner)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (wrapped(socket.gaierror(-2, "Name or service not known")), "its host name can't be resolved (DNS)"),
        (wrapped(ConnectionRefusedError(111, "Connection refused")), "the connection was refused"),
        (wrapped(OSError(101, "Network is unreachable")), "network is unreachable"),
        (wrapped(ssl.SSLError("closed")), "no TLS connection could be made (it was closed)"),
        (wrapped(ConnectTimeoutError()), "the connection timed out"),
        (wrapped(TimeoutError()), "the connection timed out"),
        (requests.ConnectionError(ConnectionResetError()), "the connection was closed before it was complete"),
    ],
)
def test_why_there_is_no_connection_is_said_in_words(settings: Settings, error: Exception, words: str) -> None:
    error = connections.explain(error, CALL, settings)
    assert type(error) is errors.RequestNotSentError
    assert error.what == f"Could not make a thing: https://openai.test/v1 can't be reached: {words}"


def test_an_exception_that_contains_itself_is_looked_at_once() -> None:
    error = OSError()
    error.args = (error, first := KeyError(), second := TimeoutError())
    assert list(islice(certificates.all_of(error), 9)) == [error, second, first]


def test_the_reason_of_an_exception_is_one_of_its_causes() -> None:
    error = requests.exceptions.ConnectionError(MaxRetryError(None, "/", reason := TimeoutError()))  # type: ignore[arg-type]
    assert reason in certificates.all_of(error)


@pytest.mark.parametrize(
    ("address", "proxy", "checks"),
    [
        (DEFAULT_BASE_URL, None, "the network"),
        (DEFAULT_BASE_URL, "http://me:secret@proxy.test:8080", f"the network and {PROXY}"),
        (OTHER_URL, None, f"the network and {ADDRESS}"),
        (OTHER_URL, "http://proxy.test:8080", f"the network, {PROXY} and {ADDRESS}"),
    ],
)
def test_the_advice_names_what_can_be_wrong(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str, proxy: str | None, checks: str
) -> None:
    if proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
    error = connections.explain(wrapped(OSError()), CALL, replace(settings, base_url=address))
    assert error.advice == f"Check {checks}. Run the command again."


def test_an_address_that_can_not_be_used_is_a_setting_to_correct(settings: Settings) -> None:
    error = connections.explain(requests.exceptions.InvalidURL("no host"), CALL, settings)
    assert type(error) is errors.ConfigurationError
    assert str(error) == (
        "Could not make a thing: the address https://openai.test/v1 can't be used. "
        "Correct OPENAI_BASE_URL (or openai-admin:baseUrl)."
    )


def test_the_certificates_that_do_not_trust_it_are_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", where := requests.certs.where())
    error = connections.explain(wrapped(ssl.SSLCertVerificationError("untrusted")), CALL, settings)
    assert str(error) == (
        "Could not make a thing: the certificate of https://openai.test/v1 is not trusted by the certificates in "
        f"{where} (SSL_CERT_FILE). Check the base URL, the clock of your machine and that file."
    )


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://me:secret@proxy.test:8080", "the proxy proxy.test:8080"),
        ("http://proxy.test", "the proxy proxy.test"),
        ("proxy.test:8080", "the proxy proxy.test:8080"),
        ("http://proxy.test:port", "the proxy of HTTPS_PROXY"),
        ("http://", "the proxy of HTTPS_PROXY"),
    ],
)
def test_a_proxy_is_named_by_host_and_port(url: str, words: str) -> None:
    assert str(Proxy(url)) == words


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_variable_that_names_the_proxy_is_named(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv("NO_PROXY", "localhost")
    monkeypatch.setenv("OTHER", "http://proxy.test")
    monkeypatch.setenv(variable, "http://proxy.test")
    assert Proxy("http://proxy.test").variable == variable


def test_this_machine_is_reached_without_a_proxy(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test")
    assert connections.proxy_for(replace(settings, base_url="http://127.0.0.1:8000/v1")) is None
    assert connections.proxy_for(replace(settings, base_url="http://openai.test/v1")) == Proxy("http://proxy.test")


def test_the_first_variable_that_is_set_names_the_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    assert certificates.ca_bundle() is None
    monkeypatch.setenv("CURL_CA_BUNDLE", "curl.pem")
    assert certificates.ca_bundle() == certificates.Bundle("CURL_CA_BUNDLE", "curl.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "")
    assert certificates.ca_bundle() == certificates.Bundle("CURL_CA_BUNDLE", "curl.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "requests.pem")
    assert certificates.ca_bundle() == certificates.Bundle("REQUESTS_CA_BUNDLE", "requests.pem")


def test_a_session_has_connections_for_all_requests_at_a_time(settings: Settings) -> None:
    session = connections.new_session(replace(settings, parallel=7))
    assert [session.get_adapter(f"{scheme}://x")._pool_maxsize for scheme in ("http", "https")] == [11, 11]  # type: ignore[attr-defined]
