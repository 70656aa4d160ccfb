"""Secrets of GitHub Actions: GitHub's REST API, with the sealed boxes of PyNaCl."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from pulumi_openai_admin.delivery.destination import Presence
from pulumi_openai_admin.delivery.http_session import TIMEOUT, HttpError, object_of, with_retries
from pulumi_openai_admin.delivery.secret_store import (
    PRODUCT,
    REMOVED,
    Refusal,
    SecretStore,
    unexplained,
    unreachable,
)
from pulumi_openai_admin.remedies import RUN_AGAIN

if TYPE_CHECKING:
    import requests

    from pulumi_openai_admin.delivery.masking import Mask

_CREATED = " created"
"""The end of the version of a secret that did not exist before."""
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY, _SERVER_ERROR = 401, 403, 404, 429, 500


@dataclass(frozen=True, kw_only=True)
class GitHubActionsSecret(SecretStore):
    """A secret of a repository, or of one of its environments, for workflows of GitHub Actions.

    The provider encrypts the key for GitHub on your machine (a sealed box). The token is `GITHUB_TOKEN`: a token of a
    GitHub App, or a personal access token. The default token of a workflow may not write secrets. `GITHUB_API_URL` is
    the API URL of a GitHub Enterprise Server. Such a secret cannot be read, so its version is the time of its last
    change, in seconds.

    `check` reads the public key for the encryption. It does not verify that the token may write secrets. `remove`
    deletes a secret that the delivery created. If the secret existed before, `remove` sets its value to a text that
    says that the key was revoked.

    Args:
        repository: The repository: `<owner>/<name>`.
        name: The name of the secret: `OPENAI_API_KEY`.
        environment: The environment of the repository; None for a secret that all its workflows can read.
    """

    extra: ClassVar[str] = "deliver-github"
    client: ClassVar[str] = "nacl"

    repository: str
    name: str
    environment: str | None = None

    @property
    def place(self) -> str:
        """See `Destination.place`."""
        environment = f", environment '{self.environment}'" if self.environment else ""
        return f"secret '{self.name}' of GitHub Actions ({self.repository}{environment})"

    def _check(self, mask: Mask) -> None:  # noqa: ARG002 - nothing secret is read
        _sealed_for(self._call(self._session(), "GET", "public-key"), "")

    def _deliver(self, key: str, mask: Mask) -> str:  # noqa: ARG002 - nothing secret is read
        session = self._session()
        existed = self._found(session) is not None
        self._put(session, key)
        return f"{self._changed_at(session)}{'' if existed else _CREATED}"

    def _presence(self, version: str, mask: Mask) -> Presence:  # noqa: ARG002 - nothing secret is read
        found = self._found(self._session())
        if found is None:
            return Presence.GONE
        return Presence.CURRENT if found["updated_at"] == version.removesuffix(_CREATED) else Presence.REPLACED

    def _remove(self, version: str, mask: Mask) -> None:  # noqa: ARG002 - nothing secret is read
        session = self._session()
        found = self._found(session)
        if found is None or found["updated_at"] != version.removesuffix(_CREATED):
            return
        if version.endswith(_CREATED):
            self._call(session, "DELETE", self.name)
        else:
            self._put(session, REMOVED)

    def _put(self, session: requests.Session, value: str) -> None:
        public_key = self._call(session, "GET", "public-key")
        sealed = {"encrypted_value": _sealed_for(public_key, value), "key_id": public_key["key_id"]}
        self._call(session, "PUT", self.name, sealed)

    def _found(self, session: requests.Session) -> dict[str, Any] | None:
        """The secret's properties, without its value; None if it does not exist."""
        try:
            return self._call(session, "GET", self.name)
        except HttpError as error:
            if error.status != _NOT_FOUND:
                raise
        # To a token without access GitHub also says that there is nothing: this then fails.
        self._call(session, "GET", "public-key")
        return None

    def _changed_at(self, session: requests.Session) -> str:
        return str(self._call(session, "GET", self.name)["updated_at"])

    def _session(self) -> requests.Session:
        import requests  # noqa: PLC0415 - a preview needs no HTTP

        token = os.environ.get("GITHUB_TOKEN", "")
        if not token:
            advice = "Set GITHUB_TOKEN to a token that may write secrets, then "
            raise Refusal("there is no token", advice, RUN_AGAIN, ".")
        session = with_retries(requests.Session())
        session.headers.update(
            {
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {token}",
                "User-Agent": PRODUCT,
                "X-GitHub-Api-Version": "2022-11-28",
            }
        )
        return session

    def _call(
        self, session: requests.Session, verb: str, rest: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        base = os.environ.get("GITHUB_API_URL", "").rstrip("/") or "https://api.github.com"
        within = f"environments/{quote(self.environment, safe='')}" if self.environment else "actions"
        url = f"{base}/repos/{self.repository}/{within}/secrets/{rest}"
        return object_of(session.request(verb, url, json=body, timeout=TIMEOUT))

    def _explain(self, error: Exception) -> Refusal:
        from requests import RequestException  # noqa: PLC0415 - it was imported before the error

        if isinstance(error, RequestException):
            return unreachable("GitHub", error)
        return _explained(error) if isinstance(error, HttpError) else unexplained(error)


def _sealed_for(public_key: dict[str, Any], value: str) -> str:
    """A value, encrypted so that only GitHub can read it, in base64."""
    from nacl.public import PublicKey, SealedBox  # noqa: PLC0415 - of the extra

    box = SealedBox(PublicKey(base64.b64decode(public_key["key"])))
    return base64.b64encode(box.encrypt(value.encode())).decode()


def _explained(error: HttpError) -> Refusal:
    reason = f"GitHub returned {error}"
    if error.status == _NOT_FOUND:
        missing = "Check repository, environment, and that the token may write secrets there; then "
        return Refusal(reason, missing, RUN_AGAIN, ".")
    if error.status in {_UNAUTHORIZED, _FORBIDDEN}:
        return Refusal(reason, "Give the token the permission 'Secrets: write', then ", RUN_AGAIN, ".")
    if error.status == _TOO_MANY:
        return Refusal(reason, "Wait a minute, then ", RUN_AGAIN, ".")
    return Refusal(reason, RUN_AGAIN, ".", may_have_acted=error.status >= _SERVER_ERROR)
