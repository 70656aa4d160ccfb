"""The settings of the native provider, and its host: one call of the engine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import config
from pulumi_openai_admin.engine.outputs import send_partial_failure, wrap
from pulumi_openai_admin.engine.wording import NATIVE
from pulumi_openai_admin.errors import ConfigurationError
from pulumi_openai_admin.hosts.native import properties
from pulumi_openai_admin.hosts.native.properties import NOTHING, Decoded, camel, is_default_provider
from pulumi_openai_admin.lifecycle.run import Host
from pulumi_openai_admin.schema.validation import Unsupported

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pulumi_openai_admin.engine.process import Engine
    from pulumi_openai_admin.lifecycle.state import Outputs
    from pulumi_openai_admin.remedies import Words
    from pulumi_openai_admin.resources.base import AdminResource

SECRET = "adminApiKey"  # noqa: S105 - the name of the setting
_KINDS: dict[type, str] = {dict: "a mapping", list: "a list"}
_OF_PULUMI = frozenset({"version", "pluginDownloadURL", "pluginChecksums", "parameterization"})
"""The engine's own entries in the settings of a provider."""
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
    return {name: _text(values[name]) for name in config.SETTINGS if values.get(name) is not None}


def _text(value: Any) -> str:
    """A value as text, like a setting of a stack. Numbers arrive as floats."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def failures(urn: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The errors in the settings, by name: a sentence for each. A key may be missing, or known only later.

    Args:
        urn: The URN of the provider.
        values: The settings, with Pulumi's own entries.
    """
    provider = str(named(urn, {}).get(config.OF_PROVIDER, ""))
    is_shared = not provider and urn.split("::")[1:2] == [config.NAMESPACE]
    given = {name: value for name, value in values.items() if name not in _OF_PULUMI and not name.startswith("__")}
    whose = f"Provider {provider!r}" if provider else "the default provider"
    wrong = {
        name: f"{name} of {whose} must be a string or a number, not {kind}."
        for name, value in given.items()
        if name in config.SETTINGS
        and (kind := value.what if isinstance(value, Unsupported) else _KINDS.get(type(value)))
    }
    texts = {name: _text(value) for name, value in given.items() if name not in wrong}
    found = config.failures(texts, is_shared=is_shared, provider=provider)
    return {**{name: error.in_words(NATIVE) for name, error in found.items()}, **wrong}


def parallel(settings: Mapping[str, Any]) -> int:
    """How many operations run at a time."""
    try:
        return config.resolve({}, {f"{config.NAMESPACE}:{SECRET}": _NONE_YET, **settings}.get).parallel
    except ConfigurationError:
        return config.Settings.parallel  # the first request reports the error


@dataclass
class NativeHost(Host):
    """One call of the engine to the native provider."""

    engine: Engine | None = None
    context: Any = None
    resource: type[AdminResource] | None = None
    """None for calls that are about the provider, and for provider functions."""
    given: Decoded = NOTHING
    """The inputs of the call."""
    names: Collection[str] = ()
    """The arguments of a provider function."""
    words: ClassVar[Words] = NATIVE

    def respell(self, text: str) -> str:
        """See `Host.respell`; programs in any language have the same names."""
        names = properties.names_in(self.resource.declaration) if self.resource else self.names
        return properties.respelled(names, super().respell(text))

    def guard(self) -> None:
        """End this process if the engine has ended."""
        if self.engine is not None:
            self.engine.end_if_orphaned()

    def keep_partial(self, id_: str, outputs: Outputs, error: Exception) -> bool:
        """Send the state to the engine with the error."""
        resource = self.resource
        if resource is None:
            return False
        return send_partial_failure(
            self.context, id_, lambda: state_of(resource, outputs, self.given), self.describe(error)
        )


def state_of(resource: type[AdminResource], outputs: Outputs, given: Decoded = NOTHING) -> dict[str, Any]:
    """A state for the engine, with its secrets marked.

    Args:
        given: The values from the engine that it came from.
    """
    stored = {field.stored: camel(field.name) for field in resource.declaration.fields.values()}
    secret = {stored.get(name, name) for name in outputs.secret_inputs | outputs.secret_outputs}
    values = properties.from_state(resource.declaration, outputs.values)

    def marked(name: str, value: Any) -> Any:
        if value is None:
            return None
        return wrap(value) if name in secret and name not in given.secrets else given.mark(name, value)

    return {name: marked(name, value) for name, value in values.items()}
