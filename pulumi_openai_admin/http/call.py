"""One request, before it is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.http.paging import Paging
from pulumi_openai_admin.http.paths import Path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Call:
    """One request, and what it is for.

    Args:
        action: What the request does, for messages: it completes "Could not …".
        idempotent: Whether doing it twice is the same as doing it once. Where it is not, the request is
            repeated only if it certainly did not act.
        paging: Where a page of a list says how it goes on.
        identity: The name of the ids of what is listed.
        on_send: Called right before each time that the request leaves.
    """

    method: str
    path: str
    action: str
    query: Mapping[str, str | int] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    idempotent: bool = True
    paging: Paging = Paging.LAST_ID
    identity: str = "id"
    on_send: Callable[[], None] | None = field(default=None, compare=False)

    @property
    def endpoint(self) -> tuple[str, ...]:
        """What OpenAI counts requests by: the method, and the path without its ids.

        A path that was not made from a template begins with `/organization`, below which names and ids take turns:
        `projects`, an id, `rate_limits`, an id.
        """
        if isinstance(self.path, Path):
            named = re.sub(r"{\w+}", "", self.path.template).removeprefix("/organization")
            return (self.method, *named.lstrip("/").split("/"))
        parts = self.path.strip("/").split("/")[1:]
        return (self.method, *("" if place % 2 else part for place, part in enumerate(parts)))
