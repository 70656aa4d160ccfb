"""HashiCorp Vault and OpenBao, through hvac."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.delivery.http_store import rate_limited
from pulumi_openai_admin.delivery.json_member import member_of
from pulumi_openai_admin.delivery.member_store import MemberStore
from pulumi_openai_admin.delivery.secret_store import READ_SECONDS, Refusal, clause, unreachable
from pulumi_openai_admin.http.certificates import ca_bundle
from pulumi_openai_admin.remedies import CORRECT_PROGRAM, page_address

if TYPE_CHECKING:
    import hvac
    from hvac.adapters import RawAdapter

    from pulumi_openai_admin.delivery.secret_store import StoreCall

_PERMISSIONS = "secret-stores.md#vault-and-openbao"
_ANY_WRITE = {"root", "sudo"}


@dataclass(frozen=True, kw_only=True)
class Vault(MemberStore):
    """A field of a secret in a KV version 2 engine of HashiCorp Vault or OpenBao.

    The token is `VAULT_TOKEN`, `BAO_TOKEN` or the token that `vault login` stored in `~/.vault-token`.
    `VAULT_NAMESPACE`, `VAULT_CACERT` and the other connection settings also apply. The field is changed in a new
    version of the secret with check-and-set (`cas`). If somebody else has changed the secret since it was read, it is
    read and changed again. If the secret does not exist, it is created.

    `check` verifies the token's capabilities. It does not verify that the token is still valid when the key is
    delivered. `remove` writes a version without the field. Earlier versions keep the revoked key until `max_versions`
    drops them.

    Args:
        path: The path of the secret in the engine, without `data/`: `ci/openai`.
        mount: The path of the engine: `secret`.
        field: The field to set.
        address: The URL of the server: `https://vault.example.com:8200`.
    """

    extra: ClassVar[str] = "deliver-vault"
    client: ClassVar[str] = "hvac"
    called: ClassVar[str] = "field '{field}' of secret '{path}' in Vault ({address}, mount '{mount}')"
    url_parts: ClassVar = {"path": "<folder>/…", "mount": "<folder>/…"}
    server: ClassVar[str] = "address"
    member: ClassVar[str] = "field"

    path: str
    mount: str
    field: str
    address: str

    def _check(self, client: hvac.Client, call: StoreCall) -> None:
        # `vault kv` asks the same.
        engine = client.adapter.get(f"/v1/sys/internal/ui/mounts/{self._in_url('mount')}")
        found: dict[str, Any] = engine.get("data", {}) if isinstance(engine, dict) else {}
        if found.get("type") != "kv" or (found.get("options") or {}).get("version") != "2":
            reason = f"the engine at '{self._mount}' is not a KV version 2 engine"
            raise Refusal(reason, "Name the mount of a KV version 2 engine: ", then=CORRECT_PROGRAM)
        path = f"{self._mount}/data/{self.path.strip('/')}"
        reply = client.sys.get_capabilities([path])  # type: ignore[no-untyped-call] # its stubs lack it
        capabilities = set(reply.get("data", reply).get(path) or ())
        if not capabilities & _ANY_WRITE and "read" not in capabilities:
            raise _not_allowed("read", path)
        _, _, version = self._read(client, call)
        needed = "update" if version else "create"
        if not capabilities & {needed, *_ANY_WRITE}:
            raise _not_allowed(needed, path)

    @property
    def _mount(self) -> str:
        return self.mount.strip("/")

    def _client(self, call: StoreCall) -> hvac.Client:
        import hvac  # noqa: PLC0415 - of the extra

        from pulumi_openai_admin.delivery.http_adapter import connected  # noqa: PLC0415 - it imports `requests`

        token = os.environ.get("VAULT_TOKEN") or os.environ.get("BAO_TOKEN") or None
        namespace = os.environ.get("VAULT_NAMESPACE") or os.environ.get("BAO_NAMESPACE") or None
        client = hvac.Client(url=self.address, token=token, namespace=namespace, timeout=READ_SECONDS)
        if not client.token:
            raise Refusal("there is no token", "Set VAULT_TOKEN, or run `vault login`; then ")
        connected(client.session, call)
        return client

    def _document(self, client: hvac.Client, _call: StoreCall) -> tuple[str, int]:
        """The fields of the secret, and its version: 0 if there is no secret. A deleted version has no fields.

        The text is the server's own: hvac would make floats of the numbers.
        """
        from hvac.exceptions import InvalidPath  # noqa: PLC0415 - of the extra

        try:
            text = _raw(client).get(self._secret).content.decode()
        except InvalidPath as error:
            if _texts(error):  # of a secret that does not exist, the server says nothing more
                raise
            text = error.text or ""
            if not member_of(text, "data"):
                return "{}", 0
        data = _part(text, "data")
        version = json.loads(_part(data, "metadata"))["version"]
        document = _part(data, "data")
        return "{}" if document == "null" else document, int(version)

    def _write(self, client: hvac.Client, _call: StoreCall, document: str, after: int) -> int:
        from hvac.exceptions import InvalidRequest  # noqa: PLC0415 - of the extra

        body = f'{{"options": {{"cas": {after}}}, "data": {document}}}'.encode()
        try:
            reply = _raw(client).post(self._secret, data=body, headers={"Content-Type": "application/json"})
        except InvalidRequest as error:
            if "check-and-set" in clause(_texts(error)):
                return 0
            raise
        return int(reply.json()["data"]["version"])

    @property
    def _secret(self) -> str:
        return f"/v1/{self._in_url('mount')}/data/{self._in_url('path')}"

    def _explain(self, error: Exception) -> Refusal:
        from hvac import exceptions  # noqa: PLC0415 - it was imported before the error
        from requests import RequestException  # noqa: PLC0415 - the same

        if isinstance(error, RequestException):
            return unreachable(self.address, error, str(ca_bundle("VAULT_CAPATH", "VAULT_CACERT") or ""))
        if not isinstance(error, exceptions.VaultError):
            return super()._explain(error)
        reason = f"Vault returned {type(error).__name__}"
        if texts := clause(_texts(error)):
            reason = f"{reason}: {texts}"
        if isinstance(error, exceptions.RateLimitExceeded):
            return rate_limited(reason)
        extend = f"Renew the token, or extend its policy ({page_address(_PERMISSIONS)}); then "
        known = {
            exceptions.Forbidden: extend,
            exceptions.Unauthorized: extend,
            exceptions.InvalidPath: "Check mount and path, then ",
            exceptions.VaultDown: "Unseal or start the server, then ",
        }
        return Refusal(reason, known.get(type(error), ""))


def _not_allowed(capability: str, path: str) -> Refusal:
    reason = f"the token lacks the capability '{capability}' on '{path}'"
    return Refusal(reason, f"Extend its policy ({page_address(_PERMISSIONS)}), then ")


def _texts(error: Any) -> list[str]:
    texts = error.errors or []
    return [texts] if isinstance(texts, str) else [str(text) for text in texts]


def _raw(client: hvac.Client) -> RawAdapter:
    """What sends requests as the client does, and returns responses as they are."""
    from hvac.adapters import RawAdapter  # noqa: PLC0415 - of the extra

    return RawAdapter.from_adapter(client.adapter)


def _part(text: str, name: str) -> str:
    """The text of a member of the server's response."""
    member = member_of(text, name)
    return text[member.value_start : member.end] if member else "null"
