"""The settings of a native provider: the default one, and those that a program declares. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin import config
from pulumi_openai_admin.errors import ConfigurationError
from pulumi_openai_admin.hosts.common.secrets import is_wrapped, wrap
from pulumi_openai_admin.hosts.native.names import is_default_provider
from pulumi_openai_admin.schema.validation import Unsupported

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECRET = "adminApiKey"  # noqa: S105 - the name of the setting
_KINDS: dict[type, str] = {dict: "a mapping", list: "a list"}
_NONE_YET = "none-is-needed-for-this"
_RELEASE = re.compile(r"(\d+)\.(\d+)\.(\d+)")
"""The numbers of a version. npm and PyPI spell what follows them differently."""


def named(urn: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings by full name (`openai-admin:baseUrl`), with the name of the provider if a program declares it.

    Pulumi's own entries, such as `version`, are omitted.
    """
    found = {f"{config.NAMESPACE}:{name}": text for name, text in _texts(values).items()}
    name = urn.split("::", 3)[-1]
    return found | ({config.OF_PROVIDER: name} if name and not is_default_provider(name) else {})


def newer_sdk(values: Mapping[str, Any], own: str) -> str:
    """The version of the program's SDK, if it is newer than this provider's; otherwise empty.

    An SDK registers its resources with its version, and the engine adds that to the settings of their provider. A
    plugin on PATH, or in a folder that `Pulumi.yaml` names, is used whatever its version is.

    Args:
        values: The settings, with Pulumi's own entries.
        own: The version of this provider.
    """
    of_sdk = values.get("version")
    if not isinstance(of_sdk, str):
        return ""
    found, known = _RELEASE.match(of_sdk), _RELEASE.match(own)
    is_newer = found and known and [*map(int, found.groups())] > [*map(int, known.groups())]
    return of_sdk if is_newer else ""


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names of the settings that differ. SDKs write numbers as numbers or as text, which makes no difference."""
    old, new = _texts(before), _texts(after)
    return sorted(name for name in config.SETTINGS if old.get(name) != new.get(name))


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    """The settings as text, by name."""
    return {name: _text(values[name]) for name in config.SETTINGS if values.get(name) is not None}


def _text(value: Any) -> str:
    """A value as text, like a setting of a stack. Numbers arrive as floats."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def not_texts(urn: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The errors in settings that are neither text nor a number, by name: a sentence for each."""
    whose = f"Provider {name!r}" if (name := named(urn, {}).get(config.OF_PROVIDER)) else "the default provider"
    given = {name: values[name] for name in config.SETTINGS if name in values}
    kinds = {name: _kind_of(value) for name, value in given.items()}
    return {
        name: f"{name} of {whose} must be a string or a number, not {kind}." for name, kind in kinds.items() if kind
    }


def _kind_of(value: Any) -> str:
    """What messages call a value that is neither text nor a number; empty for text and numbers."""
    return value.what if isinstance(value, Unsupported) else _KINDS.get(type(value), "")


def failures(settings: Mapping[str, Any]) -> dict[str, ConfigurationError]:
    """The errors in the settings, by name without the namespace. A key may be missing, or known only later."""
    found: dict[str, ConfigurationError] = {}
    for name in config.SETTINGS:
        own = {key: settings[key] for key in (f"{config.NAMESPACE}:{name}", config.OF_PROVIDER) if key in settings}
        try:
            _resolved(own)
        except ConfigurationError as error:
            found[name] = error
    return found


def marked(name: str, value: Any) -> Any:
    """A setting for the engine: the key is always secret."""
    return wrap(value) if name == _SECRET and not is_wrapped(value) else value


def parallel(settings: Mapping[str, Any]) -> int:
    """How many operations run at a time."""
    try:
        return _resolved(settings).parallel
    except ConfigurationError:
        return config.Settings.parallel  # the first request reports the error


def _resolved(settings: Mapping[str, Any]) -> config.Settings:
    """The settings without those of the environment, with any key.

    Raises:
        ConfigurationError: A value is invalid.
    """
    return config.resolve({}, {f"{config.NAMESPACE}:{_SECRET}": _NONE_YET, **settings}.get)
