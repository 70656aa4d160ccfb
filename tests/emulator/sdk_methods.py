"""Every method under `client.admin` of the installed SDK, with arguments made from its signature."""

from __future__ import annotations

import inspect
import time
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Literal, Required, Union, get_args, get_origin

import trustme
from openai import OpenAI
from openai._resource import SyncAPIResource
from openai._types import NotGiven, Omit, SequenceNotStr
from typing_extensions import get_type_hints, is_typeddict

from pulumi_openai_admin.emulator.api import KINDS

Method = Callable[..., Any]

PROJECT = "proj_demo"
PERSON = "user-second"
_OURS = frozenset({"timeout", "extra_headers", "extra_query", "extra_body"})

_MORE: Mapping[str, Mapping[str, Any]] = {
    "organization.projects.users.create": {"user_id": PERSON},
    "organization.external_keys.create": {
        "type": "aws",
        "external_id": "example",
        "kms_arn": "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "role_arn": "arn:aws:iam::123456789012:role/example",
    },
}
"""Arguments that the signature calls optional and the documentation does not."""
_VALUES: Mapping[str, Any] = {
    "project_id": PROJECT,
    "rate_limit_id": "rl-gpt-4o",
    "email": "new@example.com",
    "issuer": "https://issuer.example.com",
    "provider": {"type": "aws", "bucket": "example", "role_arn": "arn:aws:iam::123456789012:role/example"},
}
_OBJECTS: Mapping[str, str] = {
    "service_account_id": "organization.projects.service_accounts.create",
    "api_key_id": "organization.projects.service_accounts.api_keys.create",
    "workload_identity_provider_id": "organization.workload_identity_providers.create",
}
"""What has to exist: the method that creates the object whose id is an argument."""


def methods(resource: SyncAPIResource, prefix: str = "") -> Iterator[str]:
    """Name every method: `organization.groups.create`."""
    for name in dir(type(resource)):
        if name.startswith(("_", "with_")):
            continue
        member = getattr(resource, name)
        if isinstance(member, SyncAPIResource):
            yield from methods(member, f"{prefix}{name}.")
        elif inspect.ismethod(member):
            yield f"{prefix}{name}"


def operations_outside_the_sdk() -> set[tuple[str, str]]:
    """What the emulator answers and the SDK does not have: method and path. The kinds say it (`Kind.described_by`)."""
    return {
        (operation.method, operation.path) for kind in KINDS if kind.described_by for operation in kind.operations()
    }


@cache
def all_methods() -> list[str]:
    with OpenAI(admin_api_key="sk-admin-none") as client:
        return sorted(methods(client.admin))


def required(method: Method) -> list[str]:
    parameters = inspect.signature(method).parameters.values()
    return [parameter.name for parameter in parameters if parameter.default is inspect.Parameter.empty]


def find(client: OpenAI, name: str) -> Method:
    found: Any = client.admin
    for part in name.split("."):
        found = getattr(found, part)
    return typing.cast("Method", found)


def call_with_placeholders(client: OpenAI, name: str) -> Any:
    """Call a method with `{group_id}` for the group's id and so on, and with nothing that makes sense."""
    method = find(client, name)
    parameters = inspect.signature(method).parameters
    arguments = {word: f"{{{word}}}" if parameters[word].annotation == "str" else ["x"] for word in required(method)}
    return method(**{**arguments, **_MORE.get(name, {})})


class Caller:
    """Calls methods with valid arguments, and creates first what they need."""

    def __init__(self, client: OpenAI) -> None:
        self._client = client
        self._made: dict[str, Any] = {}

    def call(self, name: str) -> Any:
        """Call a method of the SDK as a user would who knows the documentation."""
        resource, _, verb = name.rpartition(".")
        known = set(all_methods())
        own = None
        if verb not in ("create", "list"):
            first = next((f"{resource}.{way}" for way in ("create", "update") if f"{resource}.{way}" in known), None)
            if first is not None and first != name:
                own = self.call(first)
        return find(self._client, name)(**self._arguments(name, own))

    def _arguments(self, name: str, own: Any) -> dict[str, Any]:
        method = find(self._client, name)
        hints = get_type_hints(method)
        wanted = required(method)
        created_with = self._created_with(name)
        arguments: dict[str, Any] = {}
        for parameter in wanted:
            is_own_id = own is not None and parameter == wanted[0] and parameter.endswith("_id")
            if is_own_id and parameter not in created_with and hasattr(own, "id"):
                arguments[parameter] = own.id
            else:
                arguments[parameter] = self._value(name, parameter, hints[parameter])
        arguments.update(_MORE.get(name, {}))
        if name.rpartition(".")[2].startswith("update") and all(word.endswith("_id") for word in wanted):
            optional = next(word for word in reversed(list(hints)) if word not in {*wanted, *_OURS, "return"})
            arguments[optional] = self._value(name, optional, hints[optional])
        return arguments

    def _created_with(self, name: str) -> set[str]:
        """Say which names the resource's own `create` takes: such an id is not a new one."""
        create = f"{name.rpartition('.')[0]}.create"
        if create not in all_methods():
            return set()
        return set(inspect.signature(find(self._client, create)).parameters)

    def _value(self, name: str, parameter: str, hint: Any) -> Any:
        if parameter in _VALUES:
            return _VALUES[parameter]
        if parameter in _OBJECTS:
            return str(self._once(_OBJECTS[parameter]).id)
        special = getattr(self, f"_{parameter}", None)
        return _generated(parameter, hint) if special is None else special(name)

    # --- what has to exist ---

    def _once(self, create: str) -> Any:
        if create not in self._made:
            self._made[create] = self.call(create)
        return self._made[create]

    def _user_id(self, name: str) -> str:
        if name.startswith("organization.projects.users.roles."):
            self._once("organization.projects.users.create")
        return PERSON

    def _group_id(self, name: str) -> str:
        group = self._once("organization.groups.create")
        if name.startswith("organization.projects.groups.roles."):
            self._once("organization.projects.groups.create")
        return str(group.id)

    def _role_id(self, name: str) -> str:
        return str(self._once(f"organization.{'projects.' if '.projects.' in name else ''}roles.create").id)

    def _role(self, name: str) -> str:
        return "reader" if name in ("organization.invites.create", "organization.users.update") else "member"

    def _certificate_ids(self, _name: str) -> list[str]:
        return [self._once("organization.certificates.create").id]

    def _certificate(self, _name: str) -> str:
        return _pem()

    def _permissions(self, name: str) -> Any:
        if name.endswith(("roles.create", "roles.update")):
            return ["api.groups.read"]
        return {"type": "service_account_default"}

    def _start_time(self, _name: str) -> int:
        return int(time.time()) - 2 * 86_400


@cache
def _pem() -> str:
    return trustme.CA().cert_pem.bytes().decode()


def _generated(name: str, hint: Any) -> Any:  # noqa: PLR0911 - one for each form of a type
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        kept = [alternative for alternative in inner if alternative not in (Omit, NotGiven, type(None))]
        return _generated(name, kept[0])
    if origin is Literal:
        return inner[0]
    if origin in (list, Iterable, SequenceNotStr) or (inner and issubclass(origin, Iterable) and origin is not dict):
        return [_generated(name, inner[0])]
    if origin is dict:
        return {"sub": "example"}
    if is_typeddict(hint):
        fields = get_type_hints(hint)
        marked = get_type_hints(hint, include_extras=True)  # the SDK's annotations are strings: no class knows its keys
        chosen = [field for field, kind in marked.items() if get_origin(kind) is Required] or list(fields)[:1]
        return {field: _generated(field, fields[field]) for field in fields if field in chosen}
    if name == "recipients":
        return "billing@example.com"
    return {int: 1, bool: True, float: 1.0}.get(hint, "example")
