"""External keys: OpenAI shows what is about the cloud beside the name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.data_sources.kind import Kind
from pulumi_openai_admin.handlers.external_keys import with_provider
from pulumi_openai_admin.resources.external_key import ExternalKey

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Kind(Kind):
    def become(self, document: Mapping[str, Any], **arguments: Any) -> Any:
        """The result for one key."""
        return super().become(with_provider(document), **arguments)


KIND = _Kind(ExternalKey)
