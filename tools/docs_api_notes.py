"""The parts of docs/api-notes.md that list kinds: they follow from the declarations of the emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_openai_admin.emulator.api import KINDS, experimental
from pulumi_openai_admin.emulator.handlers.paging import LastId, LastItem, NextToken
from tools.docs_declarations import table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_openai_admin.emulator.handlers.kind import Kind

_FAMILIES = (
    (LastId, "last id", "`first_id`, `last_id`, `has_more`", "`last_id`"),
    (NextToken, "token", "`has_more`, `next`", "`next`"),
    (LastItem, "last item", "`has_more`", "the id of the last item"),
)
"""Each family of lists: its name, the properties of a response, and the value of `after`."""


def paging_families() -> str:
    """The families of lists, each with its lists."""
    rows = [
        (family, _titles(kind for kind in _kinds() if _is_listed(kind, paging)), properties, after)
        for paging, family, properties, after in _FAMILIES
    ]
    return table(("family", "objects in the list", "properties of the response", "value of `after`"), rows)


def without_events() -> str:
    """The kinds whose changes write no event."""
    changed = (
        kind
        for kind in _kinds()
        if not (kind.event or kind.event_types) and any(operation.method != "GET" for operation in kind.operations())
    )
    reason = "OpenAI documents no such events outside a tenant."
    return f"Changes of these objects write no events: {_titles(changed)}. {reason}"


def _kinds() -> list[Kind]:
    """The kinds that OpenAI has."""
    return [kind for kind in KINDS if type(kind).__module__ != experimental.__name__]


def _is_listed(kind: Kind, paging: type) -> bool:
    has_list = any(operation.verb == "list" for operation in kind.operations())
    return has_list and isinstance(getattr(kind, "paging", None), paging)


def _titles(kinds: Iterable[Kind]) -> str:
    return ", ".join(dict.fromkeys(kind.title for kind in kinds))
