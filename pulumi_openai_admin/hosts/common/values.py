"""Values of Pulumi, in a program and in a provider, as the verbs have them."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from enum import Enum
from typing import Any

from pulumi import Archive, Asset
from pulumi.output import Output, Unknown

from pulumi_openai_admin.schema.unknown import UNKNOWN
from pulumi_openai_admin.schema.validation import Unsupported

ASSET = Unsupported("an asset")
ARCHIVE = Unsupported("an archive")


def plain(value: Any) -> Any:
    """The value, with what only Pulumi's classes express in the form that `schema` has for it.

    What is not known yet is unknown: an Output of a program, too.
    """
    if isinstance(value, Output | Awaitable | Unknown):
        return UNKNOWN
    if isinstance(value, Asset):
        return ASSET
    if isinstance(value, Archive):
        return ARCHIVE
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if is_list(value) else value


def is_list(value: object) -> bool:
    """Whether a value is a list of a program: any sequence but a text."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)
