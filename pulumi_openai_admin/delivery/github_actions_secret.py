"""Secrets of GitHub Actions: GitHub's REST API, with the sealed boxes of PyNaCl."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from pulumi_openai_admin.delivery.http_store import HttpStore
from pulumi_openai_admin.delivery.secret_store import PRODUCT, REMOVED, Presence, Refusal, require_safe

if TYPE_CHECKING:
    import requests

    from pulumi_openai_admin.delivery.secret_store import StoreCall

_CREATED = " created"
"""The end of the version of a secret that did not exist before."""
_CREATED_STATUS = 201


@dataclass(frozen=True, kw_only=True)
class GitHubActionsSecret(HttpStore):
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
    operator: ClassVar[str] = "GitHub"
    url_parts: ClassVar = {"repository": "<owner>/<name>", "name": "<name>", "environment": "<name>"}
    advice: ClassVar = {
        404: "Check repository, environment, and that the token may write secrets there; then ",
        **dict.fromkeys((401, 403), "Give the token the permission 'Secrets: write', then "),
    }

    repository: str
    name: str
    environment: str | None = None

    @property
    @override
    def place(self) -> str:
        environment = f", environment '{self.environment}'" if self.environment else ""
        return f"secret '{self.name}' of GitHub Actions ({self.repository}{environment})"

    def _check(self, session: requests.Session, _call: StoreCall) -> None:
        _sealed_for(self._object(session, "GET", "public-key"), "")

    def _deliver(self, key: str, session: requests.Session, call: StoreCall) -> str:
        end = _CREATED if self._put(session, key) == _CREATED_STATUS else ""
        return self._version_of_accepted(lambda: self._object(session, "GET", self._secret)["updated_at"] + end, call)

    def _presence(self, version: str, session: requests.Session, _call: StoreCall) -> Presence:
        found = self._found(session, self._secret)
        if found is None:
            # To a token without access GitHub also says that there is nothing: this then fails.
            self._object(session, "GET", "public-key")
            return Presence.GONE
        return Presence.CURRENT if found["updated_at"] == version.removesuffix(_CREATED) else Presence.REPLACED

    def _remove(self, version: str, session: requests.Session, call: StoreCall) -> None:
        if self._presence(version, session, call) is not Presence.CURRENT:
            return
        if version.endswith(_CREATED):
            self._object(session, "DELETE", self._secret)
        else:
            self._put(session, REMOVED)

    @property
    def _secret(self) -> str:
        return self._in_url("name")

    def _put(self, session: requests.Session, value: str) -> int:
        """Write the secret; the status tells whether it existed."""
        public_key = self._object(session, "GET", "public-key")
        sealed = {"encrypted_value": _sealed_for(public_key, value), "key_id": public_key["key_id"]}
        return self._send(session, "PUT", self._secret, json=sealed).status_code

    def _client(self, call: StoreCall) -> requests.Session:
        from pulumi_openai_admin.delivery.http_adapter import new_session  # noqa: PLC0415 - it imports `requests`

        token = os.environ.get("GITHUB_TOKEN", "")
        if not token:
            raise Refusal("there is no token", "Set GITHUB_TOKEN to a token that may write secrets, then ")
        require_safe(_api(), "GITHUB_API_URL")
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {token}",
            "User-Agent": PRODUCT,
            "X-GitHub-Api-Version": "2022-11-28",
        }
        return new_session(call, headers)

    @property
    @override
    def _url(self) -> str:
        within = "actions" if self.environment is None else f"environments/{self._in_url('environment')}"
        return f"{_api()}/repos/{self._in_url('repository')}/{within}/secrets/"


def _api() -> str:
    return os.environ.get("GITHUB_API_URL", "").rstrip("/") or "https://api.github.com"


def _sealed_for(public_key: dict[str, Any], value: str) -> str:
    """A value, encrypted so that only GitHub can read it, in base64."""
    from nacl.public import PublicKey, SealedBox  # noqa: PLC0415 - of the extra

    box = SealedBox(PublicKey(base64.b64decode(public_key["key"])))
    return base64.b64encode(box.encrypt(value.encode())).decode()
