"""External storage: OpenAI shows more of a bucket than it is given, and a new one is validated.

Source: POST /organization/external_storage and …/{external_storage_id}/validate, GET and DELETE
…/{external_storage_id}.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import remedies
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.handler import PendingAction
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.printable import capitalized

if TYPE_CHECKING:
    from collections.abc import Collection as Collection_
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

logger = logging.getLogger(__name__)

_PROVIDER, _STATUS, _VALIDATED = "provider", "status", "validated"


@dataclass(frozen=True)
class ExternalStorages(Collection):
    """The handler; see `Collection` for its other arguments.

    Args:
        given: By `type`, what a program gives of a bucket; all else is what OpenAI found.
    """

    audit_events: ClassVar[AuditEvents] = AuditEvents(
        reason="OpenAI takes no filter for the events about external storage"
    )

    given: Mapping[str, Collection_[str]] = field(kw_only=True)

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Create it, and have OpenAI try it."""
        super().create(client, remote, wanted)
        self._validate(client, remote)

    def read(self, client: Client, remote: Remote) -> None:
        """Bring it up to date. One that OpenAI can't use is tried again by the next update."""
        super().read(client, remote)
        is_usable = remote.attributes.get(_STATUS) == _VALIDATED
        what = capitalized(f"{self._name(remote)} is {remote.get(_STATUS)}")
        remote.due = [] if is_usable else [PendingAction(what, "have OpenAI test it again")]

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Have OpenAI try a bucket that it could not use before."""
        super().update(client, remote, wanted)
        if remote.attributes.get(_STATUS) != _VALIDATED:
            self._validate(client, remote)

    def _validate(self, client: Client, remote: Remote) -> None:
        """POST …/validate. What it finds is no error: the cloud may need outputs of the resource to grant access."""
        call = Call("POST", self._object_path(remote) + "/validate", f"validate {self._name(remote)}")
        self._learn(remote, client.send(call))
        if remote.attributes.get(_STATUS) != _VALIDATED:
            logger.warning(
                "%s is %s: OpenAI can't use it. Give OpenAI access in your cloud, then %s: OpenAI tests it again.",
                self._name(remote), remote.get(_STATUS), remedies.REFRESH_THEN_RUN,
            )  # fmt: skip

    def _called(self, body: Mapping[str, Any]) -> object:
        provider = body[_PROVIDER]
        return provider.get("bucket") or provider.get("container")

    def as_declared(self, shown: Mapping[str, Any]) -> Mapping[str, Any]:
        """A bucket with what a program gives apart from what OpenAI found."""
        provider = shown.get(_PROVIDER)
        if not provider:
            return shown
        names = self.given.get(provider.get("type", ""), provider)
        given = {name: value for name, value in provider.items() if name in names}
        found = {name: value for name, value in provider.items() if name not in given and value is not None}
        return {**shown, _PROVIDER: given, **({"found": found} if found else {})}
