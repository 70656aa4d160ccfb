"""The settings with which the objects of a provider are read. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import config
from pulumi_openai_admin.cli.recorded import NATIVE_PROVIDER, name_of
from pulumi_openai_admin.engine.outputs import is_wrapped
from pulumi_openai_admin.hosts.native import native_host as native_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = "plaintext"
"""Where an export with `--show-secrets` has the value of a secret, as JSON."""
_KEY = f"{config.NAMESPACE}:adminApiKey"
_OF_COMMAND = ("maxWaitSeconds", "parallel")
"""Settings that are options of the command."""


def is_explicit(record: Mapping[str, Any]) -> bool:
    """Whether a program declares a provider: a resource that names none has the default one."""
    if record["type"] == NATIVE_PROVIDER:
        return config.OF_PROVIDER in native_settings.named(record["urn"], {})
    return config.OF_PROVIDER in (record.get("inputs") or {})


def of_provider(urn: str, inputs: Mapping[str, Any]) -> dict[str, Any] | None:
    """The settings of an explicit provider, by full name; None if its key is encrypted.

    Args:
        urn: Its URN, or a reference to it.
        inputs: Its inputs in the state.
    """
    plain = {name: _plain(value) for name, value in inputs.items()}
    full = _full(plain) | {config.OF_PROVIDER: name_of(urn)}
    return full if full.get(_KEY) else None


def of_stack(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of the default provider that the command uses where the environment has none.

    The key comes from the environment: in the state it is encrypted.
    """
    full = _full({name: _plain(value) for name, value in inputs.items()})
    left_out = {_KEY, *(f"{config.NAMESPACE}:{name}" for name in _OF_COMMAND)}
    return {name: value for name, value in full.items() if name not in left_out}


def _full(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The settings by full name: the native provider has them without the namespace, and the default one with it."""
    prefix = f"{config.NAMESPACE}:"
    short = {name.removeprefix(prefix): value for name, value in plain.items() if value is not None}
    return native_settings.named("", {name: value for name, value in short.items() if name in config.SETTINGS})


def _plain(value: Any) -> Any:
    """A value in plain text; None if it is encrypted."""
    if not is_wrapped(value):
        return value
    try:
        return json.loads(value[_PLAIN])
    except (KeyError, TypeError, ValueError):
        return None
