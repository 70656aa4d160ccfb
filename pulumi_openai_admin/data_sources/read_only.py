"""Kinds that programs can only read. They are declared by their fields, like resources."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.handlers.audit_events import NOT_LOGGED, AuditEvents
from pulumi_openai_admin.handlers.handler import Shows, Traits
from pulumi_openai_admin.resources.base import nullable
from pulumi_openai_admin.schema.fields import Declaration, Field
from pulumi_openai_admin.schema.paths import Paging, describe, fill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.http.client import Client, Listing


@dataclass(frozen=True)
class ReadOnlyList:
    """Objects that can only be read.

    Args:
        path: The path of the list.
        noun: The name of one object in messages, singular: "API key".
        query: The query of the list; the same as a handler's, if they share the list.
        recognized_by: The properties by which an object can be found, in addition to the id, by OpenAI's names.
        identity: The name of the object's id in the list.
        paging: The paging of the list.
        shows: Whether GET also shows each object at `{path}/{id}`.
        audit_events: The events of the audit log about the objects.
    """

    path: str
    noun: str
    query: tuple[tuple[str, str | int], ...] = (("limit", 100),)
    recognized_by: tuple[str, ...] = ()
    identity: str = "id"
    paging: Paging = Paging.LAST_ID
    shows: Shows = Shows.LIST_AND_EACH
    audit_events: AuditEvents = NOT_LOGGED

    @property
    def traits(self) -> Traits:
        """Return its traits, as a handler has them."""
        return Traits(shows=self.shows)

    def as_declared(self, shown: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return an object as it is shown: it has no other form."""
        return shown

    def listing(self, client: Client, remote: Remote, **filters: str | int) -> Listing:
        """The list, with filters."""
        action = f"list the {self.noun}s of {describe(remote.parents)}"
        query = {**dict(self.query), **filters}
        return client.listing(fill(self.path, **remote.parents), action, query, self.paging, self.identity)


class ReadOnly:
    """A kind that can only be read. A subclass declares `handler` and its fields: paths and outputs."""

    handler: ClassVar[ReadOnlyList]
    declaration: ClassVar[Declaration]
    nullable: ClassVar[frozenset[str]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        hints: Mapping[str, Any] = inspect.get_annotations(cls, eval_str=True)
        declared = {name: field for name, field in vars(cls).items() if isinstance(field, Field)}
        for name, field in declared.items():
            field.bind_annotation(hints[name])
        cls.declaration = Declaration(declared, cls.__name__)
        cls.nullable = nullable(hints)
