"""The stack's `openai-admin:…` settings, which are checked whenever a program declares a resource.

So every preview and `up` reports an invalid setting. Otherwise `up` would record it, and the next refresh or destroy,
which run no program, would fail.
"""

from __future__ import annotations

import base64
import os
import pickle
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, final

import pulumi
from pulumi.runtime.config import CONFIG, is_config_secret
from pulumi.runtime.sync_await import _sync_await

from pulumi_openai_admin import config, errors
from pulumi_openai_admin.engine.wording import PULUMI
from pulumi_openai_admin.program.arguments import DeclarationError


def check() -> None:
    """Check all stack configuration.

    Raises:
        DeclarationError: A setting is invalid or unknown; the message says which, and what to do.
    """
    begin = f"{config.NAMESPACE}:"
    stack = {name.removeprefix(begin): value for name, value in CONFIG.get().items() if name.startswith(begin)}
    if not stack:
        return
    # A Pulumi project of this name has its own settings under the same prefix.
    for error in config.failures(stack, is_shared=pulumi.get_project() == config.NAMESPACE).values():
        raise DeclarationError(error.what, error.guidance)
    if "adminApiKey" in stack and not is_config_secret(_KEY):
        _warn_of_plain_key()


@cache
def _warn_of_plain_key() -> None:
    pulumi.log.warn(config.PLAIN_KEY.in_words(PULUMI))


PUBLIC_MODULE = "pulumi_openai_admin"
"""The module from which programs and pickled providers in states import resources. It can never change."""
PROPERTY = "__provider"
"""The input and output from which Pulumi's host reads it."""
_PROVIDER = "AdminProvider"
"""The class that serves all resources, by its name in the public module. It can never change."""
_PROTOCOL = 4
"""Pulumi uses the default of the Python version, which changed in Python 3.14, so the state would change with the
Python version. Every supported version reads protocol 4."""


@cache
def to(resource: str) -> str:
    """The provider of a resource, such as "Project", in the format of Pulumi's host."""
    public = import_module(PUBLIC_MODULE)
    provider = getattr(public, _PROVIDER)(getattr(public, resource))
    return base64.b64encode(pickle.dumps(provider, protocol=_PROTOCOL)).decode()


PACKAGE = "pulumi-python"
"""Pulumi's name for the package of all dynamic resources in Python. It is in states, so it can't change."""
_KEY = f"{config.NAMESPACE}:adminApiKey"


@final
class Provider(pulumi.ProviderResource):
    """The admin key and settings of one organization, for programs that manage several.

    Pass it to resources (`opts=pulumi.ResourceOptions(provider=…)`), to components for all their children
    (`providers=[…]`), and to provider functions (`opts=pulumi.InvokeOptions(provider=…)`). Otherwise, they use the
    default provider, which is configured by the environment and the stack configuration.

    Its arguments take precedence over the environment. It uses `OPENAI_BASE_URL` if `base_url` is omitted, and
    `OPENAI_ADMIN_KEY` if `admin_api_key` is omitted; then also `OPENAI_ORG_ID`, if `organization` is omitted. With a
    `base_url` other than OpenAI's and `OPENAI_BASE_URL`, it needs an `admin_api_key`: a key of the environment is not
    sent there. It does not use the `openai-admin:…` stack configuration, which belongs to the default provider.
    Changing the key, base URL or organization does not replace resources; the next `pulumi up` uses the new value.
    Refresh and destroy use the values that the last `pulumi up` recorded.

    Args:
        resource_name: Its name in the program.
        admin_api_key: The organization's admin key. Stored in the state, encrypted. If it is omitted, the key in
            `OPENAI_ADMIN_KEY` is used, and not stored.
        base_url: The base URL of the API; the default is OpenAI's.
        organization: The organization (`org-…`). If set, OpenAI rejects a key of another organization.
        max_wait_seconds: The time limit of one operation, in seconds; the default is 600.
        parallel: The maximum number of concurrent operations; the default is 16.
        preview_reads: Whether previews read current values from OpenAI, with GET requests only; the default is false.
        opts: Pulumi's resource options.

    Raises:
        DeclarationError: A value is invalid. The message names the value.
    """

    def __init__(  # noqa: PLR0913 - each argument is a setting
        self,
        resource_name: str,
        *,
        admin_api_key: pulumi.Input[str | None] = None,
        base_url: pulumi.Input[str | None] = None,
        organization: pulumi.Input[str | None] = None,
        max_wait_seconds: pulumi.Input[float | None] = None,
        parallel: pulumi.Input[int | None] = None,
        preview_reads: pulumi.Input[bool | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        arguments = {
            "adminApiKey": admin_api_key,
            "baseUrl": base_url,
            "organization": organization,
            "maxWaitSeconds": max_wait_seconds,
            "parallel": parallel,
            "previewReads": preview_reads,
        }
        self._values: dict[str, Any] = {config.OF_PROVIDER: resource_name}
        self._values |= {
            f"{config.NAMESPACE}:{name}": _text(value) for name, value in arguments.items() if value is not None
        }
        known = {name: value for name, value in self._values.items() if not isinstance(value, pulumi.Output)}
        self._configuration = known if len(known) == len(self._values) else None
        self._mappings = opts.env_var_mappings if opts else None
        try:  # a key may be omitted, but not empty
            without_key = {**os.environ, config.VARIABLES["adminApiKey"]: ""}
            config.resolve(without_key, {_KEY: "not-known-yet", **known}.get)
        except errors.ConfigurationError as error:
            raise DeclarationError(error.what, error.guidance) from None
        secret = {_KEY: pulumi.Output.secret(self._values[_KEY])} if _KEY in self._values else {}
        properties = {**self._values, **secret}
        super().__init__(PACKAGE, resource_name, properties, opts)

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment that the engine gives to the provider, for provider functions."""
        return config.mapped(os.environ, self._mappings)

    @property
    def configuration(self) -> Mapping[str, str] | None:
        """Its values, for provider functions with plain values; None if a value is known only after the update."""
        if self._configuration is None:
            _sync_await(self.learned().future())
        return self._configuration

    def learned(self) -> pulumi.Output[None]:
        """Resolves when all values are known; then `configuration` has them in every thread.

        The result is not secret, although the key is, because results of provider functions are not secret.
        """

        def store(values: dict[str, str | None]) -> None:
            self._configuration = {name: value for name, value in values.items() if value is not None}

        return pulumi.Output.unsecret(pulumi.Output.from_input(self._values)).apply(store)


def _text(value: Any) -> Any:
    """A value as text, like a setting of a stack."""
    if isinstance(value, str | int | float):
        return str(value)
    return pulumi.Output.from_input(value).apply(lambda known: None if known is None else str(known))
