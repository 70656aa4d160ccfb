"""What `deliver_to` describes, typed or plain, becomes the destination of that kind."""

from __future__ import annotations

import inspect
import sys
from importlib.util import find_spec
from typing import Any

import pytest

import pulumi_openai_admin
from pulumi_openai_admin.delivery import destinations
from pulumi_openai_admin.delivery.command import Command
from pulumi_openai_admin.delivery.destination import DeliveryError, Destination
from pulumi_openai_admin.dynamic import key_delivery
from pulumi_openai_admin.resources.admin_api_key import AdminApiKey
from pulumi_openai_admin.schema.shapes import Structure

DELIVER_TO = AdminApiKey.declaration.fields["deliver_to"].shape
assert isinstance(DELIVER_TO, Structure)
KINDS: dict[str, Structure] = {name: one for name, one in DELIVER_TO.properties.items() if isinstance(one, Structure)}


def test_each_kind_has_its_structure_and_its_typed_value() -> None:
    assert list(destinations.ALL) == list(KINDS)
    made = {kind.__name__ for kind in key_delivery.Store.__subclasses__()}
    assert made == {kind.name for kind in destinations.ALL.values()}
    assert made <= set(pulumi_openai_admin.__all__)


@pytest.mark.parametrize("name", KINDS)
def test_a_typed_value_is_the_structure(name: str) -> None:
    typed: Any = getattr(pulumi_openai_admin, destinations.ALL[name].name)
    properties: dict[str, Any] = {one: ["x"] if one.endswith("arguments") else "x" for one in KINDS[name].properties}
    assert typed(**properties) == {name: properties}


def test_a_command_is_given_by_position() -> None:
    typed: Any = pulumi_openai_admin.Command(["op", "read"])
    assert typed == {"command": {"arguments": ["op", "read"]}}
    assert destinations.destination_of(typed) == Command(["op", "read"])


@pytest.mark.parametrize("name", [name for name in KINDS if find_spec(f"{destinations.__package__}.{name}")])
def test_a_client_takes_the_properties_of_its_structure(name: str) -> None:
    module = pytest.importorskip(f"{destinations.__package__}.{name}")
    kind = getattr(module, destinations.ALL[name].name)
    assert issubclass(kind, Destination)
    parameters = inspect.signature(kind).parameters
    assert set(KINDS[name].properties) <= set(parameters)
    required = {one for one, parameter in parameters.items() if parameter.default is parameter.empty}
    assert required <= KINDS[name].required


def test_a_client_that_is_not_installed_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, f"{destinations.__package__}.vault", None)
    with pytest.raises(DeliveryError, match="Keys can't be delivered to Vault: its client is not installed") as told:
        destinations.destination_of({"vault": {"path": "p", "mount": "m", "field": "f", "address": "a"}})
    assert "pip install 'pulumi-openai-admin[deliver-vault]'" in told.value.advice
