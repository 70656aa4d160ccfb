"""AWS Secrets Manager, through boto3."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin.delivery import secret_store
from pulumi_openai_admin.delivery.member_store import MemberStore
from pulumi_openai_admin.delivery.secret_store import Presence, Refusal
from pulumi_openai_admin.http.certificates import ca_bundle
from pulumi_openai_admin.remedies import CORRECT_PROGRAM, page_address

if TYPE_CHECKING:
    from botocore.loaders import Loader
    from botocore.session import Session
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_secretsmanager.type_defs import DescribeSecretResponseTypeDef

    from pulumi_openai_admin.delivery.secret_store import StoreCall

CURRENT, PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"
PENDING = "OPENAI_ADMIN_PENDING"
"""The label of a version that is about to become the current one, if no other became it in the meantime."""
_CA_BUNDLE = "ca_bundle"
"""The setting of botocore, which `AWS_CA_BUNDLE` sets."""
_PERMISSIONS = "secret-stores.md#aws-secrets-manager"
_NO_CREDENTIALS = {
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "UnrecognizedClientException",
}


@dataclass(frozen=True, kw_only=True)
class AwsSecretsManager(MemberStore):
    """A secret in AWS Secrets Manager, or one property of a secret whose value is a JSON object.

    The secret must exist, because this package does not manage its encryption key and its policy. boto3 gets
    credentials, profile, proxy and endpoint from its usual environment. A property is changed by compare-and-swap: the
    new version becomes current only if the version that was read is still current, or if there is still none. The rest
    of the value stays as it is, byte for byte.

    `check` does not verify the permission to write, because AWS shows it to administrators only. `remove` makes a
    version current whose value says that the key was revoked, because a secret must have a value. With `json_key`, that
    version does not have the property.

    Args:
        secret_id: The name or the ARN of the secret.
        region: The region: `eu-central-1`.
        json_key: The property to set; None if the key is the entire value.
    """

    extra: ClassVar[str] = "deliver-aws"
    client: ClassVar[str] = "boto3"
    member: ClassVar[str] = "json_key"

    secret_id: str
    region: str
    json_key: str | None = None

    @property
    @override
    def place(self) -> str:
        member = f"property '{self.json_key}' of " if self.json_key else ""
        return f"{member}secret '{self.secret_id}' in AWS Secrets Manager ({self.region})"

    def _check(self, client: SecretsManagerClient, call: StoreCall) -> None:
        secret = client.describe_secret(SecretId=self.secret_id)
        if secret.get("DeletedDate"):
            raise Refusal("the secret is scheduled for deletion", "Restore it, then ")
        primary = secret.get("PrimaryRegion")
        if primary and primary != self.region:
            raise Refusal(
                f"in this region the secret is a replica, which can't be written; its primary region is {primary}",
                f"Set region to {primary}: ",
                then=CORRECT_PROGRAM,
            )
        if self.json_key:
            self._read(client, call)

    def _deliver(self, key: str, client: SecretsManagerClient, call: StoreCall) -> str:
        if self.json_key:
            return super()._deliver(key, client, call)
        # The token becomes the version, so a repetition writes the same one. AWS wants 32 characters or more.
        token = secret_store.fingerprint(key).rpartition(":")[2] * 2
        written = client.put_secret_value(SecretId=self.secret_id, SecretString=key, ClientRequestToken=token)
        return written["VersionId"]

    def _presence(self, version: str, client: SecretsManagerClient, call: StoreCall) -> Presence:
        secret = self._found(client)
        if secret is None or secret.get("DeletedDate"):
            return Presence.GONE
        if self.json_key:
            return super()._presence(version, client, call)
        return Presence.CURRENT if _current_of(secret) == version else Presence.REPLACED

    def _remove(self, version: str, client: SecretsManagerClient, call: StoreCall) -> None:
        secret = self._found(client)
        if secret is None or secret.get("DeletedDate"):
            return
        if self.json_key:
            super()._remove(version, client, call)
        elif _current_of(secret) == version and self._swap(client, call, version, secret_store.REMOVED):
            # Without a label, AWS deletes the version in time.
            client.update_secret_version_stage(
                SecretId=self.secret_id, VersionStage=PREVIOUS, RemoveFromVersionId=version
            )

    def _client(self, call: StoreCall) -> SecretsManagerClient:
        import boto3  # noqa: PLC0415 - of the extra
        from botocore.config import Config  # noqa: PLC0415 - the same

        config = Config(
            connect_timeout=secret_store.CONNECT_SECONDS,
            read_timeout=secret_store.READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 4},
        )
        # A separate session: boto3's default session is not for several threads.
        session = boto3.session.Session(botocore_session=_session())
        client = session.client("secretsmanager", region_name=self.region, config=config)
        secret_store.require_safe(client.meta.endpoint_url, "AWS_ENDPOINT_URL")
        if client.meta.endpoint_url.startswith("http:"):  # on this machine: a proxy would see the key
            config = config.merge(Config(proxies={}))
            client = session.client("secretsmanager", region_name=self.region, config=config)

        def note(parsed_response: dict[str, Any] | None, **_: Any) -> None:
            """Record the result of each attempt to write: the client shows only that of the last one."""
            status = (parsed_response or {}).get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            call.may_have_acted = call.may_have_acted or not secret_store.is_refusal(status)

        for operation in ("PutSecretValue", "UpdateSecretVersionStage"):
            client.meta.events.register(f"response-received.secrets-manager.{operation}", note)
        return client

    def _found(self, client: SecretsManagerClient) -> DescribeSecretResponseTypeDef | None:
        """The secret's properties without its value; None if it does not exist."""
        try:
            return client.describe_secret(SecretId=self.secret_id)
        except client.exceptions.ResourceNotFoundException:
            return None

    def _document(self, client: SecretsManagerClient, _call: StoreCall) -> tuple[str, str]:
        """The value of the secret, and its version; an empty object and version, if it has no value yet."""
        try:
            reply = client.get_secret_value(SecretId=self.secret_id, VersionStage=CURRENT)
        except client.exceptions.ResourceNotFoundException:
            if not self._found(client):
                raise
            return "{}", ""
        return reply.get("SecretString", ""), reply["VersionId"]

    def _write(self, client: SecretsManagerClient, call: StoreCall, document: str, after: str) -> str:
        return self._swap(client, call, after, document)

    def _swap(self, client: SecretsManagerClient, call: StoreCall, old: str, value: str) -> str:
        """Make a value current in place of a version, or of none; empty if another version is current meanwhile."""
        before = call.may_have_acted
        try:
            pending = client.put_secret_value(SecretId=self.secret_id, SecretString=value, VersionStages=[PENDING])
        finally:
            if old:  # nobody reads a version that is not the current one; the first of a secret may be that by itself
                call.may_have_acted = before
        new = pending["VersionId"]
        # Without RemoveFromVersionId, AWS refuses to move the label if a version has it.
        instead = {"RemoveFromVersionId": old} if old else {}
        exceptions = client.exceptions
        try:
            client.update_secret_version_stage(
                SecretId=self.secret_id, VersionStage=CURRENT, MoveToVersionId=new, **instead
            )
        except (exceptions.InvalidParameterException, exceptions.InvalidRequestException):
            secret = client.describe_secret(SecretId=self.secret_id)
            current = _current_of(secret)
            if current == old:
                raise
            return new if current == new else ""
        return new

    def _explain(self, error: Exception) -> Refusal:
        from botocore import exceptions  # noqa: PLC0415 - it was imported before the error

        if isinstance(error, exceptions.ClientError):
            details: Any = error.response.get("Error", {})
            code, text = details.get("Code", ""), details.get("Message", "")
            if code == "ResourceNotFoundException":
                return Refusal("it does not exist in this account", "Create it, or correct its name; then ")
            advice = ""
            if code in _NO_CREDENTIALS:
                advice = "Renew the credentials of AWS, then "
            elif code.startswith("AccessDenied"):
                advice = f"Allow it by a policy ({page_address(_PERMISSIONS)}), then "
            return Refusal(f"AWS returned {code}: {text}" if text else f"AWS returned {code}", advice)
        if isinstance(error, (exceptions.NoCredentialsError, exceptions.ProfileNotFound)):
            return Refusal(str(error), "Set AWS_PROFILE or other credentials of AWS, then ")
        if isinstance(error, (exceptions.HTTPClientError, exceptions.SSLError)):
            return secret_store.unreachable("AWS", error, str(ca_bundle("AWS_CA_BUNDLE") or ""))
        return Refusal(str(error)) if isinstance(error, exceptions.BotoCoreError) else super()._explain(error)


def _session() -> Session:
    """A session. All share the descriptions of AWS's services, which take most of the time that a client takes."""
    from botocore.session import get_session  # noqa: PLC0415 - of the extra

    session = get_session()
    session.register_component("data_loader", _loader(session.get_config_variable("data_path")))
    bundle = ca_bundle()
    if bundle and not session.get_config_variable(_CA_BUNDLE):
        session.set_config_variable(_CA_BUNDLE, bundle.path)
    return session


@cache
def _loader(path: str | None) -> Loader:
    from botocore.loaders import create_loader  # noqa: PLC0415 - of the extra

    return create_loader(path)


def _current_of(secret: DescribeSecretResponseTypeDef) -> str:
    """The version that readers get; empty if there is none."""
    found = (version for version, labels in secret.get("VersionIdsToStages", {}).items() if CURRENT in labels)
    return next(found, "")
