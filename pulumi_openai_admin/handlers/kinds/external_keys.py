"""External keys: what the cloud needs is sent and shown beside the name, and a new key is validated.

Source: POST /organization/external_keys and …/{external_key_id}/validate, GET and DELETE …/{external_key_id}.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.audit_events import AuditEvents
from pulumi_openai_admin.handlers.shapes.collection import Collection
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Traits, Wanted
    from pulumi_openai_admin.http.client import Client

_PROVIDER = "provider"
_STATUS = "validation_status"
_SUCCESS = "success"


@dataclass(frozen=True)
class ExternalKeys(Collection):
    """The handler; see `Collection` for its other arguments.

    Args:
        of_the_cloud: What of a key is about its cloud, by OpenAI's names.
    """

    audit_events: ClassVar[AuditEvents] = AuditEvents(("external_key.registered",), ("external_key.removed",))

    traits: ClassVar[Traits] = replace(Collection.traits, not_shown=(_STATUS,))

    of_the_cloud: frozenset[str] = field(kw_only=True)

    def create(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Create the key, and have OpenAI try it."""
        super().create(client, remote, wanted)
        self._validate(client, remote)

    def update(self, client: Client, remote: Remote, wanted: Wanted) -> None:
        """Have OpenAI try a key that it could not use before."""
        super().update(client, remote, wanted)
        if remote.attributes.get(_STATUS) != _SUCCESS:
            self._validate(client, remote)

    def _validate(self, client: Client, remote: Remote) -> None:
        """POST …/validate. A key that OpenAI can't use is kept, and tried again by the next run."""
        remote.attributes[_STATUS] = "failed"
        call = Call("POST", self._object_path(remote) + "/validate", f"validate {self._name(remote)}")
        try:
            remote.attributes[_STATUS] = client.send(call).get("status") or _SUCCESS
        except errors.BadRequestError as refusal:
            what = f"{self._name(remote)} was created, but OpenAI can't use it: {refusal.event}"
            advice = Advice("Give OpenAI access to the key in your cloud, then ", remedies.RUN_AGAIN, ".")
            raise errors.ConfigurationError(what, advice) from refusal

    def _sent(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """The body of a request, with the cloud's properties beside the name."""
        others = {name: value for name, value in properties.items() if name != _PROVIDER}
        return {**super()._sent(others), **properties.get(_PROVIDER, {})}

    def _called(self, body: Mapping[str, Any]) -> object:
        return body["name"]

    def as_declared(self, shown: Mapping[str, Any]) -> Mapping[str, Any]:
        """A key with the properties of its cloud together, as a program gives them."""
        provider = {name: value for name, value in shown.items() if name in self.of_the_cloud and value is not None}
        return {**({_PROVIDER: provider} if "type" in provider else {}), **shown}
