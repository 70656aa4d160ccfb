"""The names of the native provider: tokens, and properties in the spelling of Pulumi packages. Pure."""

from __future__ import annotations

import keyword
import re
from functools import cache

from pulumi_openai_admin.config import NAMESPACE as PACKAGE

MODULE = f"{PACKAGE}:index"
"""The module of all tokens: a schema has no separate module for a flat package."""
DEFAULT_PROVIDER = "default"
"""The name of the provider that the engine makes for resources that name none, if they name no version either."""
_DEFAULT_PROVIDER = re.compile(rf"{DEFAULT_PROVIDER}(_\d+_\d+_\d+(_.+)?|_[^/]+_/.+)?")
"""Its name with a version, with the address that the plugin is downloaded from, or with both."""


def token(name: str) -> str:
    """The token of a resource, a function or a type: `openai-admin:index:Project`."""
    return f"{MODULE}:{name}"


def is_default_provider(name: str) -> bool:
    """Whether a provider with this name is the engine's own, and not one that a program declares.

    Other names that begin with `default` are those of programs.
    """
    return _DEFAULT_PROVIDER.fullmatch(name) is not None


@cache
def camel(name: str) -> str:
    """A property as Pulumi packages spell it: `max_requests_per_1_minute` as `maxRequestsPer1Minute`.

    Pulumi hides properties that begin with two underscores, so these keep their name.
    """
    if name.startswith("__"):
        return name
    first, *others = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in others)


def python(name: str) -> str:
    """A property in the generated Python SDK, which makes it from `camel`: `max_requests_per1_minute`."""
    spelled = re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", camel(name))
    return f"{spelled}_" if keyword.iskeyword(spelled) else spelled


def function(name: str) -> str:
    """The token of a provider function: `get_project` as `openai-admin:index:getProject`."""
    return token(camel(name))


def items(look_up: str) -> str:
    """The only property of the result of a list function: `projects` of `list_projects`, `buckets` of `get_costs`."""
    kind, _, noun = look_up.partition("_")
    return camel(noun) if kind == "list" else "buckets"
