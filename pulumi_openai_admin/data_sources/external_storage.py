"""External storage: what a program gives apart from what OpenAI found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.data_sources.kind import Kind
from pulumi_openai_admin.handlers.external_storages import with_found
from pulumi_openai_admin.resources.external_storage import ExternalStorage

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Kind(Kind):
    def become(self, document: Mapping[str, Any], **arguments: Any) -> Any:
        """The result for one bucket."""
        return super().become(with_found(document), **arguments)


KIND = _Kind(ExternalStorage)
