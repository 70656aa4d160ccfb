"""The verb `check`: bad input is reported before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.lifecycle import claims, state
from pulumi_openai_admin.printable import printable
from pulumi_openai_admin.schema import validation
from pulumi_openai_admin.schema.fields import Declaration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pulumi_openai_admin.lifecycle.host import Host
    from pulumi_openai_admin.lifecycle.resource import Inputs, Resource


@dataclass(frozen=True)
class Failure:
    """What is wrong with the inputs."""

    property: str
    """The path of the property; empty where the reason is in several of them, or in another resource."""
    reason: str
    """A full sentence for the user, which names the property, too."""


@dataclass(frozen=True)
class Checked:
    """The inputs that later verbs go by, and what is wrong with them."""

    inputs: dict[str, Any]
    """In plain values; more entries than the program set, where a handler expands a mapping."""
    failures: list[Failure]


def check(resource: Resource, host: Host, olds: Mapping[str, Any], news: Inputs) -> Checked:
    """Check the inputs. Sends nothing, and needs neither key nor network.

    Args:
        resource: Its declaration.
        host: Who serves the call.
        olds: The inputs of the last update, or what a refresh found; empty for a new resource.
        news: What the program sets now.
    """
    given = state.to_inputs(resource.declaration, news.values)
    failures = list(_failures(resource, given, news))
    if not failures:
        given = resource.handler.expand(validation.normalized(dict(olds)), given)
        conflict = claims.conflict(resource, host, given)
        failures = [Failure("", printable(conflict))] if conflict else []
    if news.values.get(state.ENDS_WITH_PARENT):
        given = {**given, state.ENDS_WITH_PARENT: True}
    return Checked(given, failures)


def _failures(resource: Resource, given: Mapping[str, Any], news: Inputs) -> Iterator[Failure]:
    """What is wrong with single inputs, then with several of them."""
    for field in resource.declaration.inputs:
        for fault in validation.faults(Declaration({field.name: field}), given, news.secret):
            yield Failure(field.name, printable(fault))
    for rule in resource.rules:
        broken = rule.fault(resource.declaration, given)
        if broken:
            yield Failure("", printable(broken))
