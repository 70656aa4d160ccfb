"""Every method under `client.admin` of the installed SDK, with arguments made from its signature."""

from __future__ import annotations

import inspect
import time
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Literal, Required, Union, get_args, get_origin

import pytest
import trustme
from openai import APIConnectionError, OpenAI
from openai._resource import SyncAPIResource
from openai._types import NotGiven, Omit, SequenceNotStr
from typing_extensions import get_type_hints, is_typeddict

from pulumi_openai_admin.emulator.api import KINDS
from pulumi_openai_admin.emulator.handlers.collection import Collection
from tests.company import person, spend_alert, spend_limit

Method = Callable[..., Any]

_OURS = frozenset({"timeout", "extra_headers", "extra_query", "extra_body"})

_MORE: Mapping[str, Mapping[str, Any]] = {
    "organization.projects.users.create": {"user_id": "user-known"},
    "organization.external_keys.create": {
        "type": "aws",
        "external_id": "example",
        "kms_arn": "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "role_arn": "arn:aws:iam::123456789012:role/example",
    },
}
"""Arguments that the signature calls optional and the documentation does not."""
_VALUES: Mapping[str, Any] = {
    "rate_limit_id": "rl-gpt-4o",
    "email": "new@example.com",
    "issuer": "https://issuer.example.com",
    "provider": {"type": "aws", "bucket": "example", "role_arn": "arn:aws:iam::123456789012:role/example"},
}
_IDS: Mapping[str, str] = {
    **{kind.id_name: kind.id_prefix for kind in KINDS if isinstance(kind, Collection) and kind.id_prefix},
    "api_key_id": "key_",
}
"""How the ids of `seed` begin, which end with `known`, and of objects that are to be deleted with `doomed`."""


def seed() -> dict[str, Any]:
    """Give two objects of each kind: a known one, and one to delete."""
    pems = [trustme.CA().cert_pem.bytes().decode() for _ in range(2)]
    both = ("known", "doomed")
    key = _MORE["organization.external_keys.create"]
    alert, limit = spend_alert(100, "billing@example.com"), spend_limit(50_000)
    role = {"role_name": "Keys", "permissions": ["api.groups.read"]}
    provider = {"name": "CI", "type": "oidc", "issuer": _VALUES["issuer"], "audience": "openai"}
    place = {"project_id": "proj_known"}
    rule = {**place, "attribute_matchers": {}, "service_account_id": "svc_acct_known"}
    rule["workload_identity_provider_id"] = "wip_known"
    storage = {**place, "provider": _VALUES["provider"]}
    accounts = [{"id": f"svc_acct_{name}", "name": name, "keys": [{"id": f"key_{name}"}]} for name in both]
    return {
        "world": {"bare_not_found": "nowhere"},
        "projects": [
            {"id": "proj_known", "name": "Known", "service_accounts": accounts},
            {"id": "proj_doomed", "name": "Doomed"},
        ],
        "users": [person(name) for name in both],
        "groups": [{"id": f"group_{name}", "name": name} for name in both],
        "group_users": [{"group_id": f"group_{name}", "user_id": f"user-{other}"} for name in both for other in both],
        "roles": [{**role, "id": f"role_{name}", "role_name": name} for name in (*both, "unused")],
        "project_roles": [{**role, "id": f"role_{name}", "role_name": name, **place} for name in both],
        "project_users": [{**place, "user_id": f"user-{name}", "role": "member"} for name in both],
        "project_groups": [{**place, "group_id": f"group_{name}", "role": "member"} for name in both],
        "invites": [{"id": f"invite-{name}", "email": f"{name}@example.org", "role": "reader"} for name in both],
        "spend_alerts": [{**alert, "id": f"alert_{name}"} for name in both],
        "project_spend_alerts": [{**alert, "id": f"alert_{name}", "project_id": "proj_known"} for name in both],
        "user_roles": [{"user_id": f"user-{name}", "role_id": f"role_{name}"} for name in both],
        "group_roles": [{"group_id": f"group_{name}", "role_id": f"role_{name}"} for name in both],
        "spend_limits": [limit],
        "project_spend_limits": [{**limit, "project_id": "proj_known"}],
        "model_permissions": [{"project_id": "proj_known", "mode": "deny_list", "model_ids": ["o1"]}],
        "certificates": [
            {"id": f"cert_{name}", "name": name, "certificate": pem} for name, pem in zip(both, pems, strict=True)
        ],
        "external_keys": [{**key, "id": f"extkey_{name}", "name": name} for name in both],
        "external_storages": [{**storage, "id": f"extstore_{name}"} for name in both],
        "workload_identity_providers": [{**provider, "id": f"wip_{name}"} for name in both],
        "federation_rules": [{**rule, "id": f"wifr_{name}"} for name in both],
    }


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
    kinds = [kind for kind in KINDS if kind.described_by]
    return {(operation.method, operation.path) for kind in kinds for operation in kind.operations()}


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


@cache
def sdk_operations() -> dict[str, tuple[str, str]]:
    """The request of each method of the SDK, by the method's name: its own method, and a path with names for ids."""
    seen: list[tuple[str, str]] = []

    class Sent(Exception):
        """The request is known, and is not sent."""

    def note(request: Any) -> None:
        path = request.url.path.replace("%7B", "{").replace("%7D", "}")
        seen.append((request.method, path.removeprefix("/v1")))
        raise Sent

    found = {}
    with OpenAI(admin_api_key="sk-admin-none", base_url="http://127.0.0.1:9/v1", max_retries=0) as client:
        client._client.event_hooks["request"].append(note)
        for name in all_methods():
            method = find(client, name)
            parameters, wanted = inspect.signature(method).parameters, required(method)
            values = {word: f"{{{word}}}" if parameters[word].annotation == "str" else ["x"] for word in wanted}
            with pytest.raises((Sent, APIConnectionError)):
                method(**{**values, **_MORE.get(name, {})})
            found[name] = seen.pop()
    return found


def call(client: OpenAI, name: str) -> Any:
    """Call a method of the SDK as a user would who knows the documentation, about the objects of `seed`."""
    method = find(client, name)
    hints, wanted = get_type_hints(method), required(method)
    if name.rpartition(".")[2].startswith("update") and all(word.endswith("_id") for word in wanted):
        wanted.append(next(word for word in reversed(list(hints)) if word not in {*wanted, *_OURS, "return"}))
    arguments = {parameter: _value(client, name, parameter, hints[parameter]) for parameter in wanted}
    return method(**{**arguments, **_MORE.get(name, {})})


def _value(client: OpenAI, name: str, parameter: str, hint: Any) -> Any:
    if parameter in _VALUES:
        return _VALUES[parameter]
    if parameter == "key_id":
        return client.admin.organization.admin_api_keys.create(name="ci").id
    if parameter == "role_id" and name.startswith(("organization.projects.users.", "organization.projects.groups.")):
        return "role-api-project-member"
    if parameter in _IDS:
        is_last = name.endswith((".delete", ".archive"))
        is_place = parameter == "project_id" and name != "organization.projects.archive"
        is_place |= name.endswith("federation_rules.delete") and parameter == "workload_identity_provider_id"
        unused = "unused" if name == "organization.roles.delete" else "doomed"
        return _IDS[parameter] + (unused if is_last and not is_place else "known")
    special: dict[str, Any] = {
        "role": "reader" if name in ("organization.invites.create", "organization.users.update") else "member",
        "certificate_ids": ["cert_known"],
        "certificate": _pem(),
        "start_time": int(time.time()) - 2 * 86_400,
        "permissions": ["x"]
        if name.endswith(("roles.create", "roles.update"))
        else {"type": "service_account_default"},
    }
    return special[parameter] if parameter in special else _generated(parameter, hint)


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
