"""Every operation of OpenAI's official SDK under `client.admin` is covered by a resource or a look-up, or has a reason.

What a resource or a look-up covers follows from the paths of its handler.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_openai_admin import data_sources, resources
from pulumi_openai_admin.data_sources import kinds
from pulumi_openai_admin.handlers.handler import Shows
from tests.emulator.sdk_methods import all_methods, operations_outside_the_sdk, sdk_operations

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.every_resource

Operation = tuple[str, str]
"""A method, and a path whose ids are `{}`."""

REASONS = {
    "organization.projects.archive": "Project archives on destroy: its handler sends POST {path}/{id}/archive.",
    "organization.certificates.activate": "OrganizationCertificateActivation: handlers/shapes/toggle.py.",
    "organization.certificates.deactivate": "The same, on destroy.",
    "organization.projects.certificates.activate": "ProjectCertificateActivation: the same handler.",
    "organization.projects.certificates.deactivate": "The same, on destroy.",
    "organization.external_keys.validate": "ExternalKey has OpenAI try the key after it is created.",
    "organization.external_storage.validate": "ExternalStorage has OpenAI try the storage after it is created.",
}
"""Operations that no path of a handler shows, each with the reason."""


def erased(path: str) -> str:
    return re.sub(r"{[^}]*}", "{}", path)


def operation_of(name: str) -> Operation:
    """The request of a method of the SDK."""
    method, path = sdk_operations()[name]
    return method, erased(path)


def paths_outside_the_sdk() -> set[str]:
    return {erased(path) for _, path in operations_outside_the_sdk()}


def _paths(handler: Any) -> Iterator[str]:
    """The paths that a handler declares, those of handlers in it too."""
    for value in vars(handler).values():
        if isinstance(value, str) and value.startswith("/"):
            yield erased(value)
        elif hasattr(value, "path"):
            yield from _paths(value)


def _of_resource(name: str) -> Iterator[Operation]:
    handler = resources.class_of(name).handler
    is_setting = handler.traits.shows in (Shows.ONE, Shows.ONE_OR_NONE)
    for path in _paths(handler):
        places = [path] if is_setting else [path, f"{path}/{{}}"]
        yield from ((method, place) for place in places for method in ("GET", "POST", "DELETE"))


def _of_look_up(name: str) -> Iterator[Operation]:
    if name in data_sources.QUERIES:
        query: Any = kinds.declared(name)[0]
        yield from (("GET", erased(path)) for path in query.paths)
        return
    kind = kinds.kind(name)
    if kind is None:
        return
    path = erased(kind.handler.path)
    yield "GET", path
    if kind.shows is Shows.LIST_AND_EACH:
        yield "GET", f"{path}/{{}}"


@cache
def _covered() -> frozenset[Operation]:
    of_resources = {operation for name in resources.ALL for operation in _of_resource(name)}
    return frozenset(of_resources | {operation for name in kinds.names() for operation in _of_look_up(name)})


@pytest.mark.parametrize("name", all_methods())
def test_each_operation_is_covered_or_has_a_reason(name: str) -> None:
    if name in REASONS:
        return
    operation = operation_of(name)
    assert operation in _covered(), (
        f"No resource and no look-up covers {name}, {' '.join(operation)}: add one, or a reason to REASONS."
    )


@pytest.mark.parametrize("name", REASONS)
def test_no_reason_is_out_of_date(name: str) -> None:
    assert name in all_methods(), f"The SDK has no method {name}: take it out of REASONS."
    assert operation_of(name) not in _covered(), f"{name} is covered: take it out of REASONS."


def test_every_path_of_a_handler_is_an_operation() -> None:
    known = {erased(path) for _, path in sdk_operations().values()} | paths_outside_the_sdk()
    assert {path for name in resources.ALL for path in _paths(resources.class_of(name).handler)} <= known
