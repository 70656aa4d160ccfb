"""Azure Key Vault, through Microsoft's own client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pulumi_openai_admin.delivery import secret_store
from pulumi_openai_admin.delivery.secret_store import Presence, Refusal, SecretStore

if TYPE_CHECKING:
    from azure.keyvault.secrets import SecretClient, SecretProperties

    from pulumi_openai_admin.delivery.secret_store import StoreCall


@dataclass(frozen=True, kw_only=True)
class AzureKeyVault(SecretStore):
    """A secret in Azure Key Vault. Each key is a new version of the secret. If the secret does not exist, it is
    created.

    Credentials are those of `DefaultAzureCredential`: variables, workload identity, managed identity, `az login`.

    `check` lists the secret's versions. It does not verify that a version may be added, or that no deleted secret with
    this name can still be recovered or purged. `remove` disables the delivered version if it is the newest, because
    Azure can't delete a single version. Readers of the secret then get an error. The secret is never deleted, because
    for weeks no secret with the same name could be created.

    Args:
        vault_url: The vault: `https://team.vault.azure.net`.
        name: The name of the secret.
    """

    extra: ClassVar[str] = "deliver-azure"
    client: ClassVar[str] = "azure.keyvault.secrets"
    called: ClassVar[str] = "secret '{name}' in Azure Key Vault ({vault_url})"
    url_parts: ClassVar = {"name": "<name>"}
    server: ClassVar[str] = "vault_url"
    advice: ClassVar = {
        403: secret_store.grant_permissions("azure-key-vault"),
        409: "Recover or purge a deleted secret of this name, then ",
    }

    vault_url: str
    name: str

    def _check(self, client: SecretClient, _call: StoreCall) -> None:
        if any(version.managed for version in self._versions(client)):
            reason = "it belongs to a certificate, which alone may change it"
            raise Refusal(reason, "Choose another name, then ")

    def _deliver(self, key: str, client: SecretClient, _call: StoreCall) -> str:
        return client.set_secret(self.name, key).properties.version or ""

    def _presence(self, version: str, client: SecretClient, _call: StoreCall) -> Presence:
        """Whether a version is the newest one. Azure tells seconds, and no order of the versions within one."""
        versions = self._versions(client)
        ours = next((properties for properties in versions if properties.version == version), None)
        if ours is None or not ours.enabled:
            return Presence.GONE if ours or not versions else Presence.REPLACED
        newest = max((_seconds(other) for other in versions if other is not ours), default=-1)
        if newest == _seconds(ours):
            return Presence.UNKNOWN
        return Presence.CURRENT if newest < _seconds(ours) else Presence.REPLACED

    def _remove(self, version: str, client: SecretClient, call: StoreCall) -> None:
        if self._presence(version, client, call) in {Presence.CURRENT, Presence.UNKNOWN}:
            client.update_secret_properties(self.name, version, enabled=False)

    def _client(self, call: StoreCall) -> SecretClient:
        from azure.core.pipeline.transport import RequestsTransport  # noqa: PLC0415 - of the extra
        from azure.identity import DefaultAzureCredential  # noqa: PLC0415 - the same
        from azure.keyvault.secrets import SecretClient  # noqa: PLC0415 - the same

        from pulumi_openai_admin.delivery.http_adapter import new_session  # noqa: PLC0415 - it imports `requests`

        # Each credential repeats its requests itself, and tries addresses that most machines do not have.
        for_tokens = RequestsTransport(session=new_session(retries=0), session_owner=False)
        return SecretClient(
            self.vault_url,
            DefaultAzureCredential(transport=for_tokens),
            transport=RequestsTransport(session=new_session(call)),
            retry_total=0,
            connection_timeout=secret_store.CONNECT_SECONDS,
            read_timeout=secret_store.READ_SECONDS,
        )

    def _versions(self, client: SecretClient) -> list[SecretProperties]:
        """All versions, without their values; none if there is no such secret."""
        from azure.core.exceptions import ResourceNotFoundError  # noqa: PLC0415 - of the extra

        try:
            return list(client.list_properties_of_secret_versions(self.name))
        except ResourceNotFoundError:
            return []

    def _explain(self, error: Exception) -> Refusal:
        from azure.core import exceptions  # noqa: PLC0415 - it was imported before the error

        if isinstance(error, (exceptions.ServiceRequestError, exceptions.ServiceResponseError)):
            return secret_store.unreachable(self.vault_url, error)
        if isinstance(error, exceptions.ClientAuthenticationError):
            advice = "Run `az login`, or set AZURE_CLIENT_ID and the other variables; then "
            return Refusal(f"there are no credentials that it accepts: {_first_line(error)}", advice)
        if not isinstance(error, exceptions.HttpResponseError):
            return super()._explain(error)
        return Refusal(f"Azure returned {_first_line(error)}", self.advice.get(error.status_code or 0, ""))


def _seconds(version: SecretProperties) -> float:
    return version.created_on.timestamp() if version.created_on else 0


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
