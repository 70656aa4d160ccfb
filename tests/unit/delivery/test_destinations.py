"""What `deliver_to` describes, typed or plain, becomes the destination of that kind."""

from __future__ import annotations

import inspect
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import pulumi_openai_admin
from pulumi_openai_admin.delivery import secret_store
from pulumi_openai_admin.delivery.secret_store import DeliveryError, SecretStore
from pulumi_openai_admin.program import key_delivery
from pulumi_openai_admin.remedies import page_address
from pulumi_openai_admin.resources.admin_api_key import AdminApiKey
from pulumi_openai_admin.schema.shapes import Structure

DELIVER_TO = AdminApiKey.declaration.fields["deliver_to"].shape
assert isinstance(DELIVER_TO, Structure)
KINDS = {name: shape for name, shape in DELIVER_TO.properties.items() if isinstance(shape, Structure)}


def test_each_kind_has_its_structure_and_its_typed_value() -> None:
    made = {kind.__name__ for kind in key_delivery.Store.__subclasses__()}
    assert made == {secret_store.class_of(name).__name__ for name in KINDS}
    assert made <= set(pulumi_openai_admin.__all__)


@pytest.mark.parametrize("name", KINDS)
def test_a_typed_value_is_the_structure(name: str) -> None:
    typed: Any = getattr(pulumi_openai_admin, secret_store.class_of(name).__name__)
    properties: dict[str, Any] = {key: ["x"] if key.endswith("arguments") else "x" for key in KINDS[name].properties}
    assert typed(**properties) == {name: properties}


@pytest.mark.parametrize("name", KINDS)
def test_a_client_takes_the_properties_of_its_structure(name: str) -> None:
    parameters = inspect.signature(secret_store.class_of(name)).parameters
    assert set(KINDS[name].properties) <= set(parameters)
    required = {argument for argument, parameter in parameters.items() if parameter.default is parameter.empty}
    assert required <= KINDS[name].required


def _properties(name: str) -> dict[str, str]:
    """The properties that a destination requires, with values that it accepts."""
    forms = {"repository": "o/r", "environment": "o/p/e", "address": "https://x.test", "vault_url": "https://x.test"}
    return {name: forms.get(name, "x") for name in KINDS[name].required}


@pytest.mark.parametrize("name", [name for name in KINDS if name != "command"])
def test_a_client_that_is_not_installed_is_named_with_its_extra(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver_to = {name: _properties(name)}
    destination: Any = secret_store.destination_of(deliver_to)
    monkeypatch.setitem(sys.modules, destination.client, None)
    with pytest.raises(DeliveryError) as raised:
        secret_store.destination_of(deliver_to)
    what = f"Keys can't be delivered to {destination.place}: its client is not installed ({destination.client})"
    assert raised.value.event == what
    assert f"pip install 'pulumi-openai-admin[{destination.extra}]'" in raised.value.advice


def test_the_plugin_archive_has_no_clients_and_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be installed into the archive, so `pip install` alone would be no advice there."""
    deliver_to = {"vault": _properties("vault")}
    destination: Any = secret_store.destination_of(deliver_to)
    monkeypatch.setitem(sys.modules, destination.client, None)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(DeliveryError) as raised:
        secret_store.destination_of(deliver_to)
    assert raised.value.event.endswith(": the plugin archive has no clients of secret stores")
    assert raised.value.advice == (
        "Use `command` in deliver_to, or run the provider from a Python environment: "
        "`pip install 'pulumi-openai-admin[deliver-vault]'` "
        f"({page_address('native-provider.md#secret-stores')}). Then run the command again."
    )


def test_every_extra_is_declared() -> None:
    pyproject = Path(__file__).parents[3] / "pyproject.toml"
    extras = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    made = [secret_store.destination_of({name: _properties(name)}) for name in KINDS if name != "command"]
    assert {destination.extra for destination in made if isinstance(destination, SecretStore)} <= set(extras)
