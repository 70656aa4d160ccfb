"""A secret store that notes what it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_openai_admin.delivery.secret_store import Destination, Presence

if TYPE_CHECKING:
    from tests.unit.fakes import FakeOpenAI


@dataclass
class FakeStore(Destination):
    """Records each step among the requests to OpenAI, and fails where a test says so."""

    openai: FakeOpenAI
    fails: dict[str, Exception] = field(default_factory=dict)
    has: Presence = Presence.CURRENT
    values: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    place = "secret 'ci'"

    def _note(self, step: str) -> None:
        self.openai.calls.append((step, "store", None))
        if step in self.fails:
            raise self.fails[step]

    def check(self) -> None:
        self._note("check")

    def deliver(self, key: str) -> str:
        if "deliver" not in self.fails or getattr(self.fails["deliver"], "may_have_acted", False):
            self.values.append(key)
        self._note("deliver")
        return f"v{len(self.values)}"

    def presence(self, version: str) -> Presence:
        assert version == f"v{len(self.values)}"
        self._note("presence")
        return self.has

    def remove(self, version: str) -> None:
        self._note("remove")
        self.removed.append(version)
