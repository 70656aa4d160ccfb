"""No property of a destination changes the URL of a request: random values, real clients, and a server on loopback."""

from __future__ import annotations

import dataclasses
import os
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_openai_admin.delivery.aws_secrets_manager import AwsSecretsManager
from pulumi_openai_admin.delivery.secret_store import DeliveryError, StoreCall
from tests.delivery import stores
from tests.delivery.moto_aws import Aws
from tests.delivery.test_no_leak import failure_of, verbs_of

if TYPE_CHECKING:
    from pulumi_openai_admin.delivery.secret_store import SecretStore
    from tests.delivery.fake_store import Reply, Request, Start, Store

EXAMPLES = int(os.environ.get("LOCATION_EXAMPLES") or 40)
"""For each store."""
PIECES = ["..", ".", "/", "//", "?", "#", "%", "%2e%2e", "%2F", "\\", "@", ":", ";", "&", "=", "+", " ", "\r\n", "\0"]
VALUES = st.lists(st.sampled_from([*PIECES, "X", "a.b", "é", "\ud800"]) | st.text(max_size=3), max_size=5).map("".join)


def properties(destination: SecretStore) -> dict[str, str]:
    """The names of the properties of a store, each with the form that its class says."""
    names = [each.name for each in dataclasses.fields(destination) if each.init]  # type: ignore[arg-type]
    return {name: destination.url_parts.get(name, "") for name in names if name != destination.server}


def plain(name: str, form: str) -> str:
    """A value that is easily found in a URL."""
    return "/".join(f"the{name}{number}" for number in range(max(1, len(form.split("/")) if "…" not in form else 2)))


def sent(store: Store, **values: str) -> list[str]:
    """The requests of all verbs with these values."""
    store.server.requests.clear()
    destination = store.destination = dataclasses.replace(store.destination, **values)
    for verb in verbs_of(store, "1/sha256:x").values():
        failure_of(verb)
    assert store.destination is destination
    return [f"{request.verb} {request.target}" for request in store.server.requests]


def accepting(kind: type[Store], start: Start) -> Store:
    store = start(kind)
    server = store.server

    def handle(request: Request) -> Reply:
        if not server.is_counted(request):
            return server.answer(request)
        server.requests.append(request)
        return store.accepted(request)

    server.handle = handle  # type: ignore[method-assign]
    return store


IN_URLS = {name: kind for name, kind in stores.ALL.items() if kind.has_urls}


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", IN_URLS)
def test_no_value_changes_the_url(start: Start, name: str) -> None:
    store = accepting(IN_URLS[name], start)
    there = vars(store.destination)
    forms = {key: form for key, form in properties(store.destination).items() if there[key] is not None}
    usual = {key: plain(key, form) for key, form in forms.items()}
    expected = sent(store, **usual)
    assert len(expected) >= 4

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(name=st.sampled_from(sorted(forms)), value=VALUES)
    def check(name: str, value: str) -> None:
        try:
            found = sent(store, **{**usual, name: value})
        except DeliveryError:
            assert store.server.requests == []
            return
        assert found
        form = forms[name]
        whole = value.strip("/") if "/" in form else value
        part = r"([^?#]*)" if "/" in form else r"([^/?#]*)"
        patterns = {re.escape(line).replace(re.escape(usual[name]), part) for line in expected}
        for line in found:
            matches = [match for pattern in patterns if (match := re.fullmatch(pattern, line))]
            assert any(all(unquote(group) == whole for group in match.groups()) for match in matches), line

    check()


@pytest.mark.timeout(3600)
def test_no_region_changes_the_url(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    start(Aws)
    monkeypatch.delenv("AWS_ENDPOINT_URL")

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(region=VALUES | st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True))
    def check(region: str) -> None:
        destination = AwsSecretsManager(secret_id="ci/openai", region=region)
        try:
            url = destination._client(StoreCall()).meta.endpoint_url
        except Exception:  # noqa: BLE001 - whatever refuses it: nothing was created
            return
        assert re.fullmatch(rf"https://secretsmanager\.{re.escape(region)}\.[a-z.-]+", url), url
        assert re.fullmatch(r"[A-Za-z0-9-]+", region)

    check()


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (kind, name, value)
        for kind in stores.ALL.values()
        for name, values in kind.elsewhere.items()
        for value in values
    ],
)
def test_a_value_for_another_place_makes_no_destination(start: Start, kind: type[Store], name: str, value: str) -> None:
    """Before anything is created, and in a preview."""
    destination = start(kind).destination
    with pytest.raises(DeliveryError) as caught:
        dataclasses.replace(destination, **{name: value})  # type: ignore[type-var]
    form = destination.url_parts[name]
    assert f"{value!r} can't be the {name} of a secret. Write {name} as `{form}`, with no part" in str(caught.value)
