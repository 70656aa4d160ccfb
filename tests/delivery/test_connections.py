"""Where the token and the key go: to the server of the store, over a safe connection, and nowhere else."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.delivery.azure_key_vault import AzureKeyVault
from pulumi_openai_admin.delivery.secret_store import Presence
from pulumi_openai_admin.delivery.vault import Vault
from tests.delivery import fake_pulumi_esc, stores
from tests.delivery.fake_github import GitHub
from tests.delivery.fake_kubernetes import Kubernetes
from tests.delivery.fake_store import FakeStore, Fault, Reply, Request, refusal
from tests.delivery.fake_vault import VaultField
from tests.delivery.moto_aws import Aws
from tests.delivery.test_every_store import KEY, NEXT
from tests.delivery.test_no_leak import VERBS, at_each_step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.delivery.fake_store import Start, Store


class Elsewhere(FakeStore):
    """Another server, which must not get a token or a key."""

    def answer(self, request: Request) -> Reply:
        return Reply(403 if request.verb == "CONNECT" else 200, {})


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    server = Elsewhere()
    server.start()
    yield server
    server.stop()


def recorded(server: FakeStore) -> list[Request]:
    """All requests from now on, including those for credentials."""
    requests, handle = [], server.handle

    def record(request: Request) -> Reply | None:
        requests.append(request)
        return handle(request)

    server.handle = record  # type: ignore[method-assign]
    return requests


def test_no_password_of_netrc_is_sent(store: Store, tmp_path: Path) -> None:
    for name in (".netrc", "_netrc"):
        file = tmp_path / name
        file.write_text("machine 127.0.0.1 login mallory password mallory\n", encoding="utf-8")
        file.chmod(0o600)
    requests = recorded(store.server)
    store.destination.check()
    version = store.destination.deliver(KEY)
    assert store.destination.presence(version) is Presence.CURRENT
    assert requests
    assert not [request for request in requests if "Basic" in str(request.headers.get("Authorization"))]


def test_plain_http_goes_through_no_proxy(store: Store, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy would see the token and the key."""
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, elsewhere.url)
    monkeypatch.setenv("NO_PROXY", "other.example.com")
    monkeypatch.delenv("no_proxy", raising=False)
    store.destination.check()
    store.destination.deliver(KEY)
    assert store.value() == KEY
    assert not elsewhere.requests


def test_a_proxy_for_https_sees_no_token(start: Start, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    store = start(VaultField)
    address = store.server.url.replace("http:", "https:")
    monkeypatch.setenv("HTTPS_PROXY", elsewhere.url)
    monkeypatch.setenv("NO_PROXY", "other.example.com")
    refusal(replace(store.destination, address=address).check)
    assert {request.verb for request in elsewhere.requests} == {"CONNECT"}
    assert not [request for request in elsewhere.requests if "X-Vault-Token" in request.headers]
    assert not store.server.requests


@pytest.mark.parametrize("status", [302, 307])
def test_no_redirect_is_followed(store: Store, elsewhere: Elsewhere, status: int) -> None:
    """At each request of each verb: 302 would get the token, 307 also the key."""
    for verb in VERBS:
        assert list(at_each_step(store, verb, status, headers={"Location": elsewhere.url + "{target}"}))
    assert not elsewhere.requests


def test_a_redirect_names_both_servers(start: Start) -> None:
    store = start(VaultField)
    store.server.fault = Fault(0, 307, headers={"Location": "https://leader.example.com/v1/x"})
    told = refusal(store.destination.check)
    assert "127.0.0.1 returned 307, a redirect to leader.example.com. It is not followed, because the key" in told
    store.server.fault = Fault(0, 301, headers={"Location": "/login?next=x"})
    assert "127.0.0.1 returned 301, a redirect to another path. It is" in refusal(store.destination.check)


PLAIN = "http://secrets.example.com"
FAULT = f"is not the URL of a server that may get a key: {PLAIN}. Set "


@pytest.mark.parametrize("name", [name for name, kind in stores.ALL.items() if kind.server_variable])
def test_a_server_of_the_environment_needs_tls(start: Start, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = start(stores.ALL[name])
    variable = store.server_variable
    monkeypatch.setenv(variable, PLAIN)
    if name == "Pulumi ESC":
        monkeypatch.setenv("PULUMI_ACCESS_TOKEN", fake_pulumi_esc.TOKEN)
    for verb in (store.destination.check, lambda: store.destination.deliver(KEY)):
        assert f": {variable} {FAULT}{variable} to an https:// URL." in refusal(verb)


def test_the_server_of_a_kubeconfig_needs_tls(start: Start, tmp_path: Path) -> None:
    store = start(Kubernetes)
    config = json.loads((tmp_path / "kubeconfig").read_text(encoding="utf-8"))
    config["clusters"][0]["cluster"]["server"] = PLAIN
    (tmp_path / "kubeconfig").write_text(json.dumps(config), encoding="utf-8")
    assert f": the server of the kubeconfig {FAULT}" in refusal(store.destination.check)


def test_a_context_that_is_switched_after_the_check_gets_no_key(
    start: Start, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    store = start(Kubernetes)
    store.destination.check()
    config = json.loads((tmp_path / "kubeconfig").read_text(encoding="utf-8"))
    config["clusters"][0]["cluster"]["server"] = elsewhere.url
    (tmp_path / "kubeconfig").write_text(json.dumps(config), encoding="utf-8")
    told = refusal(lambda: store.destination.deliver(KEY))
    assert f": the kubeconfig now leads to {elsewhere.url}, and was checked for {store.server.url}. Select the" in told
    assert not elsewhere.requests


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        (PLAIN, PLAIN),
        ("vault.example.com", "it does not begin with https://"),
        ("https://", "it has no host name"),
        ("https://me:mine@vault.example.com", "https://vault.example.com has a user name or a password"),
        ("https://vault.example.com/?x", "https://vault.example.com has a query or a fragment"),
    ],
)
def test_the_server_of_a_program_needs_tls(address: str, fault: str) -> None:
    """The destination can't even be made, so a preview says it, too."""
    told = refusal(lambda: Vault(path="ci/openai", mount="kv", field="key", address=address))
    assert f": address is not the URL of a server that may get a key: {fault}. Set address to an https:// URL." in told
    told = refusal(lambda: AzureKeyVault(vault_url=address, name="openai"))
    assert f": vault_url is not the URL of a server that may get a key: {fault}. Set vault_url" in told


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited."""
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.0)
    return waited


SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
LIMITS: dict[str, tuple[dict[str, str], str, float]] = {
    "retry-after": ({"Retry-After": "7"}, "Forbidden", 7),
    "reset": ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1800000090"}, "Forbidden", 90),
    "message": ({}, SECONDARY, 60),
}


@pytest.mark.parametrize("step", [0, 1, 2], ids=["public key", "write", "version"])
@pytest.mark.parametrize("form", LIMITS)
def test_github_a_rate_limit_is_waited_for(start: Start, form: str, step: int, pauses: list[float]) -> None:
    store = start(GitHub)
    headers, text, seconds = LIMITS[form]
    store.server.fault = Fault(step, 403, text=text, times=1, headers=headers)
    version = store.destination.deliver(KEY)
    assert pauses == [seconds]
    assert store.value() == KEY
    assert store.destination.presence(version) is Presence.CURRENT


def test_github_a_long_rate_limit_is_no_missing_permission(start: Start, pauses: list[float]) -> None:
    store = start(GitHub)
    store.server.fault = Fault(0, 403, text="Forbidden", times=1, headers={"Retry-After": "3600"})
    told = refusal(store.destination.check)
    assert "GitHub returned 403: Forbidden. Wait until the rate limit of the store allows more requests, then" in told
    assert pauses == []


@pytest.mark.parametrize("name", [name for name, kind in stores.ALL.items() if not issubclass(kind, Aws)])
def test_a_rate_limit_is_waited_for(start: Start, name: str, pauses: list[float]) -> None:
    """AWS sends no Retry-After, and its client ignores it."""
    store = start(stores.ALL[name])
    store.server.fault = Fault(0, 429, times=1, headers={"Retry-After": "30"})
    version = store.destination.deliver(KEY)
    assert 30 in pauses
    assert store.value() == KEY
    assert store.destination.presence(version) is not Presence.GONE


def test_github_a_key_without_a_known_version_is_delivered(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    """GitHub has it: a failure after that must not have it revoked."""
    store = start(GitHub)
    store.server.fault = Fault(2, 403, text=KEY, echoes=True)
    assert store.destination.deliver(KEY) == ""
    assert store.value() == KEY
    (told,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert told.startswith(f"The key was delivered to {store.destination.place}, but its version could not be read: ")
    assert "GitHub returned 403: *** " in told
    assert KEY[11:] not in caplog.text


@pytest.mark.parametrize(
    ("status", "is_late", "then"),
    [(0, True, None), (500, True, None), (0, True, 403), (500, True, 403), (403, False, None)],
    ids=["lost", "500", "lost, then 403", "500, then 403", "403"],
)
def test_what_the_store_has_is_never_said_to_be_refused(
    store: Store, status: int, is_late: bool, then: int | None
) -> None:
    """A key is revoked only if the store surely does not have it."""
    errors = []
    for error in at_each_step(store, "deliver", status, is_late=is_late, then=then):
        if error:
            errors.append(error)
            has = store.value() == NEXT
            assert error.may_have_acted == has if status == 403 else error.may_have_acted >= has
    assert errors
