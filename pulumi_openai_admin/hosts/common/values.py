"""Values of Pulumi as the verbs have them."""

from __future__ import annotations

from typing import Any

from pulumi import Archive, Asset
from pulumi.output import Unknown

from pulumi_openai_admin.schema.validation import UNKNOWN, Unsupported

ASSET = Unsupported("an asset")
ARCHIVE = Unsupported("an archive")


def plain(value: Any) -> Any:
    """The value, with what only Pulumi's classes express in the form that `schema` has for it."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Asset):
        return ASSET
    if isinstance(value, Archive):
        return ARCHIVE
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value
