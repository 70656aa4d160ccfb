"""External keys: what the cloud needs is sent and shown beside the name, and a new key is validated.

Source: POST /organization/external_keys and …/{external_key_id}/validate, GET and DELETE …/{external_key_id}.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin import errors, remedies
from pulumi_openai_admin.handlers.collection import Collection
from pulumi_openai_admin.http.call import Call
from pulumi_openai_admin.remedies import Advice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_openai_admin.handlers.handler import Remote, Wanted
    from pulumi_openai_admin.http.client import Client

_PROVIDER = "provider"
_STATUS = "validation_status"
_SUCCESS = "success"
_OF_THE_CLOUD = (
    "type",
    "external_id",
    "kms_arn",
    "role_arn",
    "audience",
    "kms_key_location",
    "kms_key_name",
    "kms_key_ring_name",
    "kms_key_version",
    "kms_project_id",
    "workload_identity_pool_id",
    "workload_identity_project_number",
    "workload_identity_provider_id",
    "key_name",
    "key_version",
    "tenant_id",
    "vault_uri",
    "key_ocid",
    "key_version_ocid",
    "region",
    "vault_ocid",
)
"""What of a key is about its cloud, by OpenAI's names."""


@dataclass(frozen=True)
class ExternalKeys(Collection):
    """The handler; see `Collection` for its arguments."""

    not_shown: ClassVar[tuple[str, ...]] = (_STATUS,)

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
            what = f"{self._name(remote)} was created, and OpenAI can't use it: {refusal.event}"
            advice = Advice("Give OpenAI access to the key in your cloud, then ", remedies.RUN_AGAIN, ".")
            raise errors.ConfigurationError(what, advice) from refusal

    def _sent(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """The body of a request, with the cloud's properties beside the name."""
        others = {name: value for name, value in properties.items() if name != _PROVIDER}
        return {**super()._sent(others), **properties.get(_PROVIDER, {})}

    def _learn(self, remote: Remote, reply: Mapping[str, Any]) -> None:
        super()._learn(remote, with_provider(reply))

    def _fits(self, remote: Remote, row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        return super()._fits(remote, with_provider(row), body)

    def _called(self, body: Mapping[str, Any]) -> object:
        return body["name"]


def with_provider(shown: Mapping[str, Any]) -> dict[str, Any]:
    """A key with the properties of its cloud together, as a program gives them."""
    provider = {name: shown[name] for name in _OF_THE_CLOUD if shown.get(name) is not None}
    return {**({_PROVIDER: provider} if "type" in provider else {}), **shown}
