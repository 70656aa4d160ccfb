"""A request before it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pulumi_openai_admin.schema.paths import Paging, Path

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(eq=False, repr=False)
class Call:
    """A request and its purpose.

    Args:
        action: What the request does, for messages: it completes "Could not …".
        idempotent: Whether sending it twice has the same effect as sending it once. If not, the request is repeated
            only if it certainly had no effect.
        paging: Where a page of a list has the cursor of the next page.
        identity: The field that has the id of a listed object.
        is_exact: Whether numbers with a fraction are read as `Decimal`: amounts of money are not rounded.
        on_send: Called before each attempt.
    """

    method: Method
    path: str
    action: str
    query: Mapping[str, str | int | list[str]] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    idempotent: bool = True
    paging: Paging = Paging.LAST_ID
    identity: str = "id"
    is_exact: bool = False
    on_send: Callable[[], None] | None = field(default=None, compare=False)

    @property
    def endpoint(self) -> tuple[str, ...]:
        """The endpoint, for which OpenAI counts requests: the method, and the path without its ids.

        A path without a template begins with `/organization`, below which names and ids alternate:
        `projects`, an id, `rate_limits`, an id.
        """
        if isinstance(self.path, Path):
            named = re.sub(r"{\w+}", "", self.path.template).removeprefix("/organization")
            return (self.method, *named.lstrip("/").split("/"))
        parts = self.path.strip("/").split("/")[1:]
        return (self.method, *("" if place % 2 else part for place, part in enumerate(parts)))
