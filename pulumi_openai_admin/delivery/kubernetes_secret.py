"""Secrets of Kubernetes, through the official client."""

from __future__ import annotations

import base64
import binascii
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_openai_admin.delivery import secret_store
from pulumi_openai_admin.delivery.secret_store import PRODUCT, Presence, Refusal, SecretStore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kubernetes.client import CoreV1Api

    from pulumi_openai_admin.delivery.secret_store import StoreCall

_MANAGED_BY = "app.kubernetes.io/managed-by"
_TIMEOUT = (secret_store.CONNECT_SECONDS, secret_store.READ_SECONDS)
_RETRIES = 3
_NOT_FOUND, _CONFLICT = 404, 409


@dataclass(frozen=True, kw_only=True)
class KubernetesSecret(SecretStore):
    """One key of a Kubernetes secret. The other keys stay as they are.

    The cluster comes from `KUBECONFIG` or `~/.kube/config`, otherwise it is the cluster in which the provider runs. A
    delivery is a merge patch of this one key, so it does not undo concurrent changes of others. If the secret does not
    exist, it is created with the label `app.kubernetes.io/managed-by: pulumi-openai-admin`. Its namespace must exist. A
    delivery to another cluster than that of the check is refused.

    `check` sends the same request as a dry run (`dryRun=All`), which verifies permissions, namespace, immutability and
    admission. It does not verify admission webhooks that do not support dry runs. `remove` removes the key from the
    secret if the key still has the delivered value, and only from the version that was read (`resourceVersion`). If the
    delivery created the secret and it has no other keys, the secret is deleted.

    Args:
        namespace: The namespace.
        name: The name of the secret.
        key: The key in its `data`: `OPENAI_API_KEY`.
    """

    extra: ClassVar[str] = "deliver-kubernetes"
    client: ClassVar[str] = "kubernetes"
    called: ClassVar[str] = "key '{key}' of Kubernetes secret '{namespace}/{name}'"
    url_parts: ClassVar = {"namespace": "<namespace>", "name": "<name>"}
    advice: ClassVar = {
        404: "Create the namespace, or correct its name; then ",
        **dict.fromkeys((401, 403), secret_store.grant_permissions("kubernetes")),
    }

    namespace: str
    name: str
    key: str
    _checked: list[str] = field(default_factory=list, init=False, repr=False, compare=False)
    """The clusters whose check succeeded: another program may switch the current context before the delivery."""

    def _check(self, secrets: CoreV1Api, call: StoreCall) -> None:
        self._write(secrets, call, "trial", dry_run="All")
        self._checked.append(_server_of(secrets))

    def _deliver(self, key: str, secrets: CoreV1Api, call: StoreCall) -> str:
        if self._checked and (server := _server_of(secrets)) not in self._checked:
            reason = f"the kubeconfig now leads to {server}, and was checked for {self._checked[-1]}"
            raise Refusal(
                reason, "Select the context of the cluster that is meant (`kubectl config use-context`), then "
            )
        return secret_store.member_version(self._write(secrets, call, key).metadata.resource_version, key)

    def _presence(self, version: str, secrets: CoreV1Api, call: StoreCall) -> Presence:
        secret = self._found(secrets, call)
        if secret is None or self.key not in (secret.data or {}):
            return Presence.GONE
        return Presence.CURRENT if self._has(secret, version) else Presence.REPLACED

    def _remove(self, version: str, secrets: CoreV1Api, call: StoreCall) -> None:
        for _ in range(secret_store.ATTEMPTS):
            secret = self._found(secrets, call)
            if secret is None or not self._has(secret, version):
                return
            metadata = secret.metadata
            is_alone = list(secret.data) == [self.key] and (metadata.labels or {}).get(_MANAGED_BY) == PRODUCT
            expected = (_CONFLICT, _NOT_FOUND)  # it changed since it was read
            if is_alone:
                unchanged = {"uid": metadata.uid, "resourceVersion": metadata.resource_version}
                delete, body = secrets.delete_namespaced_secret, {"preconditions": unchanged}
                done = _sent(call, delete, self.name, self.namespace, expected=expected, body=body)
            else:
                body = {"metadata": {"resourceVersion": metadata.resource_version}, "data": {self.key: None}}
                done = self._patch(secrets, call, body, expected=expected, field_manager=PRODUCT)
            if done is not None:
                return
        raise secret_store.contended()

    def _client(self, _call: StoreCall) -> CoreV1Api:
        from kubernetes import client, config  # noqa: PLC0415 - of the extra
        from urllib3 import Retry  # noqa: PLC0415 - of `requests`

        connection = client.Configuration()
        connection.retries = Retry(_RETRIES, redirect=False, backoff_factor=0.2)  # of lost connections
        path = os.environ.get("KUBECONFIG") or "~/.kube/config"
        if any(Path(config).expanduser().exists() for config in path.split(os.pathsep)):
            config.load_kube_config(config_file=path, client_configuration=connection)
        else:
            config.load_incluster_config(client_configuration=connection)
        secret_store.require_safe(connection.host, "the server of the kubeconfig")
        if connection.host.startswith("http:"):  # on this machine: a proxy would see the token and the key
            connection.proxy = None
        return client.CoreV1Api(client.ApiClient(connection))

    def _write(self, secrets: CoreV1Api, call: StoreCall, value: str, **options: str) -> Any:
        """Set the key of the secret; create the secret if there is none."""
        data = {self.key: base64.b64encode(value.encode()).decode()}
        options = {"field_manager": PRODUCT, **options}
        patched = self._patch(secrets, call, {"data": data}, expected=(_NOT_FOUND,), **options)
        if patched is not None:
            return patched
        metadata = {"name": self.name, "labels": {_MANAGED_BY: PRODUCT}}
        body = {"metadata": metadata, "type": "Opaque", "data": data}
        create, expected = secrets.create_namespaced_secret, (_CONFLICT,)  # somebody else created it
        created = _sent(call, create, self.namespace, body, expected=expected, **options)
        return self._patch(secrets, call, {"data": data}, **options) if created is None else created

    def _patch(self, secrets: CoreV1Api, call: StoreCall, body: dict[str, Any], **options: Any) -> Any:
        # The client sends an object as a merge patch; some versions of it as a strategic one, which is the same here.
        return _sent(call, secrets.patch_namespaced_secret, self.name, self.namespace, body, **options)

    def _found(self, secrets: CoreV1Api, call: StoreCall) -> Any:
        """The secret; None if there is none."""
        return _sent(call, secrets.read_namespaced_secret, self.name, self.namespace, expected=(_NOT_FOUND,))

    def _has(self, secret: Any, version: str) -> bool:
        try:
            value = base64.b64decode((secret.data or {}).get(self.key, "")).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        return secret_store.is_version(version, value)

    def _explain(self, error: Exception) -> Refusal:
        from kubernetes.client import ApiException  # noqa: PLC0415 - it was imported before the error
        from kubernetes.config import ConfigException  # noqa: PLC0415 - the same
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 - the same

        if isinstance(error, HTTPError):
            return secret_store.unreachable("the cluster", error, "certificate-authority of the kubeconfig")
        if isinstance(error, ConfigException):
            return Refusal(f"there is no configuration of a cluster: {error}", "Set KUBECONFIG, then ")
        if not isinstance(error, ApiException):
            return super()._explain(error)
        try:  # the status that the API server responds with
            message = json.loads(error.body)["message"]
        except (TypeError, ValueError, KeyError):
            message = error.reason
        return Refusal(f"Kubernetes returned {error.status}: {message}", self.advice.get(error.status or 0, ""))


def _server_of(secrets: CoreV1Api) -> str:
    return str(secrets.api_client.configuration.host)


def _sent(
    call: StoreCall, request: Callable[..., Any], *arguments: Any, expected: Sequence[int] = (), **options: Any
) -> Any:
    """Send a request, again after a status that passes by itself; record whether it may have written something.

    Returns None after one of the expected statuses.
    Requests that read are recorded, too: only the error of a delivery is asked for this, and a delivery only writes.
    """
    from kubernetes.client import ApiException  # noqa: PLC0415 - of the extra

    pauses = secret_store.Pauses(_RETRIES)
    while True:
        before, call.may_have_acted = call.may_have_acted, True
        try:
            return request(*arguments, _request_timeout=_TIMEOUT, **options)
        except ApiException as error:
            status, headers = error.status or 0, error.headers or {}
            if secret_store.is_refusal(status):
                call.may_have_acted = before
            if status in expected:
                return None
            # With 429, the API server has too many requests, or its storage a problem.
            asked = secret_store.retry_after(str(headers.get("Retry-After", ""))) or 0.0
            if status not in secret_store.TRANSIENT or not pauses.wait(asked, "The cluster"):
                raise
