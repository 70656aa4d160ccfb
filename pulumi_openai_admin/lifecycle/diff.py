"""The verb `diff`: whether anything differs, and whether the difference needs another object."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import remedies
from pulumi_openai_admin.lifecycle import claims, state
from pulumi_openai_admin.schema import validation
from pulumi_openai_admin.schema.fields import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.lifecycle.host import Host
    from pulumi_openai_admin.lifecycle.resource import Inputs, Resource
    from pulumi_openai_admin.schema.fields import Field

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Difference:
    """What differs between an object's state and the inputs."""

    inputs: tuple[str, ...]
    """The inputs that are added, changed or removed."""
    replaces: tuple[str, ...]
    """The inputs whose difference needs another object."""
    is_due: bool
    """Whether an update has to run for a reason that is in no input."""


def diff(resource: Resource, host: Host, id_: str, olds: Mapping[str, Any], news: Inputs) -> Difference:
    """Compare the state with the inputs, and warn of what a preview would not show otherwise.

    Args:
        resource: Its declaration.
        host: Who serves the call.
        id_: The Pulumi id.
        olds: The state.
        news: The checked inputs.
    """
    left_to_do = state.unfinished(olds)
    if left_to_do:
        logger.warning("The previous update did not finish; %s to complete it: %s", remedies.RUN, " ".join(left_to_do))
    replaces = tuple(
        field.name for field in resource.declaration.inputs if _needs_replacement(field, olds, news.values)
    )
    differing = _differing(resource, olds, news.values)
    if replaces:
        _warn_of_replacement(resource, id_, olds)
    elif differing:
        _warn_of_change(resource, id_, olds, news)
    # A warning and no error, since a refresh asks for differences, too.
    conflict = claims.conflict(resource, host, news.values, state.to_document(resource.declaration, olds))
    if conflict:
        logger.warning("%s", conflict)
    is_due = bool(left_to_do) or _is_disclosed(resource, olds, news)
    return Difference(differing, replaces, is_due)


def _needs_replacement(field: Field[Any, Any], olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Whether the new inputs mean an object that the old one can't become."""
    if news.get(field.name) is not None:
        return field.replaces.on_change and _is_other(field.name, olds, news)
    return field.replaces.on_removal and field.name in (state.managed_inputs(olds) or ())


def _warn_of_replacement(resource: Resource, id_: str, olds: Mapping[str, Any]) -> None:
    note = resource.handler.replacement_note(state.remote_of(resource.declaration, id_, olds).attributes)
    if note:
        logger.warning("%s", note)


def _warn_of_change(resource: Resource, id_: str, olds: Mapping[str, Any], news: Inputs) -> None:
    wanted = state.to_wanted(resource.declaration, news.values)
    note = resource.handler.change_note(state.remote_of(resource.declaration, id_, olds), wanted)
    if note:
        logger.warning("%s", note)


def _is_other(name: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    new = news.get(name)
    return new is not None and (validation.is_unknown(new) or validation.normalized(new) != state.known(olds, name))


def _differing(resource: Resource, olds: Mapping[str, Any], news: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the inputs that differ; all of them where this package did not make the state."""
    given, managed = set(state.given(resource.declaration, news)), state.managed_inputs(olds) or set()
    return tuple(sorted((given ^ managed) | {name for name in given if _is_other(name, olds, news)}))


def _is_disclosed(resource: Resource, olds: Mapping[str, Any], news: Inputs) -> bool:
    """Whether the state holds settings in plain text, in what the handler remembers, that are secret now."""
    secret = {*news.secret} - {*state.secret_inputs(olds)}
    settings = {field.name for field in resource.declaration.with_role(Role.ARGUMENT)}
    return resource.handler.remembers_settings and not secret.isdisjoint(settings)
