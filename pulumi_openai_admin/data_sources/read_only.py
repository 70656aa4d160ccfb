"""Kinds that programs can read and not manage: declared by their fields alone, as resources are."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.dynamic.resource import nullable
from pulumi_openai_admin.handlers.handler import Shows
from pulumi_openai_admin.http.paging import Paging
from pulumi_openai_admin.http.parents import describe
from pulumi_openai_admin.http.paths import fill
from pulumi_openai_admin.schema.fields import Declaration, Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client, Listing


@dataclass(frozen=True)
class ReadOnlyList:
    """Objects that are only read.

    Args:
        path: Where they are listed.
        noun: What one is called, singular: "API key".
        query: What the list is asked for; the same as a handler's, to share the list with it.
        recognized_by: Beside the id, by what one is found, in OpenAI's spelling.
        identity: The name of the object's id in the list.
        paging: How the list goes on.
        shows: Whether GET shows each at `{path}/{id}`.
    """

    not_shown: ClassVar[tuple[str, ...]] = ()

    path: str
    noun: str
    query: tuple[tuple[str, str | int], ...] = (("limit", 100),)
    recognized_by: tuple[str, ...] = ()
    identity: str = "id"
    paging: Paging = Paging.LAST_ID
    shows: Shows = Shows.LIST_AND_EACH

    def listing(self, client: Client, remote: Remote, **filters: str | int) -> Listing:
        """All of them, or those that filters leave."""
        action = f"list the {self.noun}s of {describe(remote.parents)}"
        query = {**dict(self.query), **filters}
        return client.listing(fill(self.path, **remote.parents), action, query, self.paging, self.identity)


class ReadOnly:
    """A kind that can only be read. A subclass declares `handler` and its fields: paths, and outputs."""

    handler: ClassVar[ReadOnlyList]
    declaration: ClassVar[Declaration]
    nullable: ClassVar[frozenset[str]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        hints: Mapping[str, Any] = inspect.get_annotations(cls, eval_str=True)
        declared = {name: field for name, field in vars(cls).items() if isinstance(field, Field)}
        for name, field in declared.items():
            field.learn_type(hints[name])
        cls.declaration = Declaration(declared)
        cls.nullable = nullable(hints)
