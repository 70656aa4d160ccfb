"""Google Cloud Secret Manager: its REST API, with Google's own library for credentials."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin.delivery.http_store import NOT_FOUND, HttpError, HttpStore
from pulumi_openai_admin.delivery.secret_store import Presence, Refusal, grant_permissions, require_safe, unreachable

if TYPE_CHECKING:
    from google.auth.transport.requests import AuthorizedSession

    from pulumi_openai_admin.delivery.secret_store import StoreCall

_ENDPOINT = "CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER"
"""The variable by which `gcloud` reaches another endpoint."""
_NEEDED = "secretmanager.versions.add"
_ENABLED, _DESTROYED = "ENABLED", "DESTROYED"
_LATEST = "/versions/latest"
"""The newest version, without its value. There is none if the secret or all of its versions no longer exist."""


@dataclass(frozen=True, kw_only=True)
class GcpSecretManager(HttpStore):
    """A secret in Google Cloud Secret Manager. Each key is a new version of the secret.

    The secret must exist, because this package does not manage its replication. The credentials are the application
    default credentials. `CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER` is the URL of a different endpoint, as for
    `gcloud`.

    `check` verifies the permission to add a version. It does not verify quotas and organization policies. `remove`
    destroys the delivered version if it is the latest. The secret and its other versions stay.

    Args:
        project: The id or the number of the project in Google Cloud.
        secret: The id of the secret.
    """

    extra: ClassVar[str] = "deliver-gcp"
    client: ClassVar[str] = "google.auth"
    called: ClassVar[str] = "secret '{secret}' in Google Cloud Secret Manager (project '{project}')"
    operator: ClassVar[str] = "Google Cloud"
    url_parts: ClassVar = {"project": "<project>", "secret": "<secret>"}
    advice: ClassVar = dict.fromkeys((401, 403), grant_permissions("google-cloud-secret-manager"))

    project: str
    secret: str

    def _check(self, session: AuthorizedSession, _call: StoreCall) -> None:
        reply = self._object(session, "POST", ":testIamPermissions", {"permissions": [_NEEDED]})
        if _NEEDED not in reply.get("permissions", ()):
            self._object(session, "GET", "")  # tells a missing secret from a missing permission
            raise Refusal(
                f"the permission {_NEEDED} is missing", "Grant the role 'Secret Manager Secret Version Manager', then "
            )

    def _deliver(self, key: str, session: AuthorizedSession, _call: StoreCall) -> str:
        payload = {"payload": {"data": base64.b64encode(key.encode()).decode()}}
        return _number(self._object(session, "POST", ":addVersion", payload))

    def _presence(self, version: str, session: AuthorizedSession, _call: StoreCall) -> Presence:
        latest = self._found(session, _LATEST)
        if latest is None:
            return Presence.GONE
        if _number(latest) != version:
            return Presence.REPLACED
        return Presence.CURRENT if latest.get("state", _ENABLED) == _ENABLED else Presence.GONE

    def _remove(self, version: str, session: AuthorizedSession, _call: StoreCall) -> None:
        latest = self._found(session, _LATEST)
        if latest is not None and _number(latest) == version and latest.get("state") != _DESTROYED:
            self._object(session, "POST", f"/versions/{version}:destroy", {})

    def _client(self, call: StoreCall) -> AuthorizedSession:
        import google.auth  # noqa: PLC0415 - of the extra
        from google.auth.transport.requests import AuthorizedSession, Request  # noqa: PLC0415 - of the extra

        from pulumi_openai_admin.delivery.http_adapter import connected, new_session  # noqa: PLC0415 - it imports `requests`

        require_safe(_api(), _ENDPOINT)
        credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
        for_tokens = Request(new_session())
        session = AuthorizedSession(credentials, auth_request=for_tokens)  # type: ignore[no-untyped-call] # google-auth has few types
        return connected(session, call)

    @property
    @override
    def _url(self) -> str:
        return f"{_api()}/v1/projects/{self._in_url('project')}/secrets/{self._in_url('secret')}"

    def _explain(self, error: Exception) -> Refusal:
        from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, TransportError  # noqa: PLC0415

        if isinstance(error, TransportError):
            return unreachable(self.operator, error)
        if isinstance(error, DefaultCredentialsError):
            advice = "Run `gcloud auth application-default login` or set GOOGLE_APPLICATION_CREDENTIALS, then "
            return Refusal("there are no application default credentials", advice)
        if isinstance(error, GoogleAuthError):
            return Refusal(f"the credentials were refused: {error.args[0]}", "Renew them, then ")
        if isinstance(error, HttpError) and error.status == NOT_FOUND:
            return Refusal("it does not exist", "Create it, or correct project and secret; then ")
        return super()._explain(error)


def _api() -> str:
    return os.environ.get(_ENDPOINT, "").rstrip("/") or "https://secretmanager.googleapis.com"


def _number(version: dict[str, Any]) -> str:
    """The number of a version, from its name: `projects/…/secrets/…/versions/3`."""
    return str(version["name"]).rpartition("/")[2]
