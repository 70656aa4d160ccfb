"""A set of members over several runs of a program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pulumi_openai_admin.handlers.handler import Wanted
from pulumi_openai_admin.http.client import Client

if TYPE_CHECKING:
    from pulumi_openai_admin.handlers.handler import Remote
    from pulumi_openai_admin.handlers.shapes.member_set import MemberSet
    from pulumi_openai_admin.http.requestor import Requestor


@dataclass
class SetOverRuns:
    """One resource over several runs; each has a client of its own."""

    handler: MemberSet
    requestor: Requestor
    remote: Remote
    parallel: int = 4
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self._next_run()

    def _next_run(self) -> None:
        self.client = Client(self.requestor, self.parallel)
        self.remote.step.rollback, self.remote.step.has_changed, self.remote.step.acquired = {}, False, []

    def up(self, members: Any, *, exclusive: bool = False) -> None:
        self._next_run()
        wanted = Wanted({}, {self.handler.members: members}, {"exclusive": True} if exclusive else {})
        self.remote.options = wanted.options
        (self.handler.update if self.remote.id else self.handler.create)(self.client, self.remote, wanted)

    def note(self, members: Any) -> str:
        """What a preview says in words."""
        return self.handler.change_note(self.remote, Wanted({}, {self.handler.members: members}, self.remote.options))

    def refresh(self) -> Any:
        self._next_run()
        self.handler.read(self.client, self.remote)
        return self.remote.get(self.handler.members)

    def destroy(self) -> None:
        self._next_run()
        self.handler.delete(self.client, self.remote)
