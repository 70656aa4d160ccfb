"""What leaves the emulator: a whole response, or an end of the connection without one."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

JSON_TYPE = "application/json"


@dataclass(frozen=True)
class Reply:
    """A status, headers, and a body that may break off."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = JSON_TYPE
    sent_bytes: int | None = None
    """How much of the body is sent before the connection closes; None for all of it."""

    @classmethod
    def of_json(cls, status: int, content: object, headers: dict[str, str] | None = None) -> Reply:
        """Make a response of anything that JSON can say."""
        return cls(status, json.dumps(content).encode(), headers or {})

    @property
    def is_success(self) -> bool:
        """Say whether the status is a 2xx."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    def edited(self, edit: Callable[[dict[str, Any]], None]) -> Reply:
        """Give the same response with a change to its JSON object; a refusal stays as it is."""
        if not self.is_success:
            return self
        content = json.loads(self.body)
        edit(content)
        return replace(self, body=json.dumps(content).encode())


@dataclass(frozen=True)
class Reset:
    """The connection is reset, and no byte is sent."""


Ending = Reply | Reset
