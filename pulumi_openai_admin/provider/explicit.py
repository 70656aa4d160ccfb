"""A provider that a program declares, beside the default one: how one of several organizations is reached."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, final

import pulumi
from pulumi.runtime.sync_await import _sync_await

from pulumi_openai_admin import config, errors
from pulumi_openai_admin.provider.program_errors import NotDeclared

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGE = "pulumi-python"
"""Pulumi's name for the package of all dynamic resources of Python programs: for ever, since states hold it."""
_KEY = f"{config.NAMESPACE}:adminApiKey"


@final
class Provider(pulumi.ProviderResource):
    """How one organization is reached, for programs that manage several: a key, and what goes with it.

    Give it to resources (`opts=pulumi.ResourceOptions(provider=…)`), to a component for all resources in it
    (`providers=[…]`), and to look-ups (`opts=pulumi.InvokeOptions(provider=…)`). What takes none uses the default
    provider: the environment and the stack's configuration.

    What it says wins over the environment. `OPENAI_ADMIN_KEY`, `OPENAI_ORG_ID` and the stack's `openai-admin:…`
    settings belong to the default provider and are not used; `OPENAI_BASE_URL` is, where there is no `base_url`.
    Another key, address or organization replaces no resource: the next `pulumi up` uses it. Refresh and destroy use
    what the last `pulumi up` recorded.

    Args:
        resource_name: Its name in the program.
        admin_api_key: The organization's admin key. Kept in the stack's state, encrypted.
        base_url: OpenAI's address, where it is another.
        organization: The organization (`org-…`). Then OpenAI refuses a key of another one.
        max_wait_seconds: How long one operation may take; 600 without it.
        parallel: How many requests are sent at a time; 16 without it.
        opts: Pulumi's own options.

    Raises:
        NotDeclared: A value can't be used; the message says which.
    """

    def __init__(  # noqa: PLR0913 - the settings that there are
        self,
        resource_name: str,
        *,
        admin_api_key: pulumi.Input[str],
        base_url: pulumi.Input[str | None] = None,
        organization: pulumi.Input[str | None] = None,
        max_wait_seconds: pulumi.Input[float | None] = None,
        parallel: pulumi.Input[int | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        said = {
            "adminApiKey": admin_api_key,
            "baseUrl": base_url,
            "organization": organization,
            "maxWaitSeconds": max_wait_seconds,
            "parallel": parallel,
        }
        self._said: dict[str, Any] = {config.OF_PROVIDER: resource_name}
        self._said |= {f"{config.NAMESPACE}:{name}": _text(value) for name, value in said.items() if value is not None}
        self._configuration = None if any(map(_is_output, self._said.values())) else dict(self._said)
        self._check()
        properties = {**self._said, _KEY: pulumi.Output.secret(self._said[_KEY])}
        super().__init__(PACKAGE, resource_name, properties, opts)

    def _check(self) -> None:
        """Refuse what can't be used, as far as it is known now."""
        known = {name: value for name, value in self._said.items() if not _is_output(value)}
        if _KEY in self._said:
            known.setdefault(_KEY, "not-known-yet")
        try:
            config.resolve(os.environ, known.get)
        except errors.ConfigurationError as error:
            raise NotDeclared(error.what, error.advice) from None

    @property
    def configuration(self) -> Mapping[str, str] | None:
        """What it says, for look-ups by plain values; None where a part of it is known after the update only."""
        if self._configuration is None:
            _sync_await(self.learned().future())
        return self._configuration

    def learned(self) -> pulumi.Output[None]:
        """Known as soon as all that it says is: then `configuration` has it in every thread.

        No secret, although the key is: what is looked up with a key is none.
        """

        def learn(said: dict[str, str | None]) -> None:
            self._configuration = {name: value for name, value in said.items() if value is not None}

        return pulumi.Output.unsecret(pulumi.Output.from_input(self._said)).apply(learn)


def _is_output(value: object) -> bool:
    return isinstance(value, pulumi.Output)


def _text(value: Any) -> Any:
    """As a setting of a stack would be."""
    if isinstance(value, str | int | float):
        return str(value)
    return pulumi.Output.from_input(value).apply(lambda known: None if known is None else str(known))
