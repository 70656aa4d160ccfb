"""The stack's setting `pulumi:autonaming`, for resources of the dynamic provider.

The engine resolves the setting for native providers and checks it before it starts a program, so this module reads it
as it is. Its entries for providers and resources have the names of the native provider: `openai-admin` and
`openai-admin:index:Project`.
"""

from __future__ import annotations

import json
import re
from functools import reduce
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime.config import CONFIG

from pulumi_openai_admin import config
from pulumi_openai_admin.lifecycle.naming import Autonaming, Mode

if TYPE_CHECKING:
    from collections.abc import Mapping

_SETTING = "pulumi:autonaming"
_MODES = {"verbatim": Autonaming(Mode.ENFORCE, "${name}"), "disabled": Autonaming(Mode.DISABLE, "")}
_OF_STACK = re.compile(r"\$\{(?:organization|project|stack|config\.(?P<key>[^}]+))\}")


def of(kind: str) -> Autonaming | None:
    """How the stack names the objects of a kind; None if it does not say it.

    Args:
        kind: The name of the resource's class: "Project".
    """
    setting = CONFIG.get().get(_SETTING)
    if not setting:
        return None
    entry = _entry(json.loads(setting), kind)
    if "pattern" not in entry:
        return _MODES.get(entry.get("mode", ""))
    pattern = _OF_STACK.sub(_value, entry["pattern"])
    return Autonaming(Mode.ENFORCE if entry.get("enforce") else Mode.PROPOSE, pattern)


def _entry(root: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """The most specific entry that has a mode or a pattern; empty if there is none."""
    provider = root.get("providers", {}).get(config.NAMESPACE, {})
    resource = provider.get("resources", {}).get(f"{config.NAMESPACE}:index:{kind}", {})
    return next((entry for entry in (resource, provider, root) if "mode" in entry or "pattern" in entry), {})


def _value(expression: re.Match[str]) -> str:
    """The value of an expression that is the same for all resources of a stack."""
    if expression["key"] is None:
        values = {
            "${organization}": pulumi.get_organization,
            "${project}": pulumi.get_project,
            "${stack}": pulumi.get_stack,
        }
        return values[expression[0]]()
    first, *inside = expression["key"].split(".")
    stack = pulumi.Config()
    return str(
        reduce(lambda value, key: value[key], inside, stack.require_object(first)) if inside else stack.require(first)
    )
