"""Environments of Pulumi ESC: the REST API of Pulumi Cloud."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pulumi_openai_admin.delivery import esc_definition
from pulumi_openai_admin.delivery.destination import Presence
from pulumi_openai_admin.delivery.http_session import TIMEOUT, HttpError, HttpStore, connected, object_of
from pulumi_openai_admin.delivery.secret_store import (
    ATTEMPTS,
    PRODUCT,
    Refusal,
    contended,
    is_version,
    member_version,
    require_safe,
)
from pulumi_openai_admin.remedies import RUN_AGAIN

if TYPE_CHECKING:
    import requests

    from pulumi_openai_admin.delivery.secret_store import StoreCall

_CLOUD = "https://api.pulumi.com"
_ETAG, _REVISION = "ETag", "Pulumi-ESC-Revision"
_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _CONFLICT = 400, 401, 403, 404, 409


class _Definition(NamedTuple):
    """The YAML text of an environment, with the revision that it is, and what an update has to name."""

    text: str
    revision: str
    etag: str


@dataclass(frozen=True, kw_only=True)
class PulumiEsc(HttpStore):
    """A secret value in an environment of Pulumi ESC. The rest of its definition stays as it is, comments included.

    The token is `PULUMI_ACCESS_TOKEN`, otherwise the token that `pulumi login` stored in `~/.pulumi/credentials.json`.
    The URL is `PULUMI_BACKEND_URL`, `PULUMI_API` or the URL of the login, if it is a Pulumi Cloud. The environment must
    exist. Missing objects in the path of the value are created.

    Every update names the ETag of the definition that was read. If somebody else has changed the definition since, it
    is read and changed again. For an update, the other secrets are read as ciphertext. `presence` and `remove` decrypt
    them.

    `check` reads the definition and prepares the change without sending it. It does not verify that the token may
    update the environment, or that updates need no approval. `remove` writes a definition without the value. Earlier
    revisions keep the revoked key.

    Args:
        environment: The environment: `<organization>/<project>/<environment>`.
        path: The property path of the value in `values`: `openai.key`.
    """

    extra: ClassVar[str] = "deliver-pulumi-esc"
    client: ClassVar[str] = "yaml"
    operator: ClassVar[str] = "Pulumi Cloud"
    url_parts: ClassVar = {"environment": "<organization>/<project>/<environment>"}

    environment: str
    path: str

    @property
    def place(self) -> str:
        """See `Destination.place`."""
        return f"value '{self.path}' of Pulumi ESC environment '{self.environment}'"

    def _check(self, call: StoreCall) -> None:
        path = esc_definition.path_of(self.path)
        esc_definition.with_secret(self._read(self._session(call), call).text, path, "trial")

    def _deliver(self, key: str, call: StoreCall) -> str:
        path, session = esc_definition.path_of(self.path), self._session(call)
        for _ in range(ATTEMPTS):
            found = self._read(session, call)
            revision = self._write(session, esc_definition.with_secret(found.text, path, key), found.etag)
            if revision is not None:
                return member_version(revision, key)
        raise contended()

    def _presence(self, version: str, call: StoreCall) -> Presence:
        found = self._read(self._session(call), call, "/decrypt").text
        value = esc_definition.value_at(found, esc_definition.path_of(self.path))
        if value is None:
            return Presence.GONE
        return Presence.CURRENT if is_version(version, value) else Presence.REPLACED

    def _remove(self, version: str, call: StoreCall) -> None:
        path, session = esc_definition.path_of(self.path), self._session(call)
        for _ in range(ATTEMPTS):
            opened = self._read(session, call, "/decrypt")
            if not is_version(version, esc_definition.value_at(opened.text, path)):
                return
            found = self._read(session, call)
            if found.revision != opened.revision:
                continue
            if self._write(session, esc_definition.without(found.text, path), found.etag) is not None:
                return
        raise contended()

    def _session(self, call: StoreCall) -> requests.Session:
        import requests  # noqa: PLC0415 - a preview needs no HTTP

        require_safe(_address(), "PULUMI_BACKEND_URL")
        session = connected(requests.Session(), call)
        session.headers.update(
            {
                "Accept": "application/vnd.pulumi+8",
                "Authorization": f"token {_token(_address())}",
                "User-Agent": PRODUCT,
            }
        )
        return session

    def _read(self, session: requests.Session, call: StoreCall, rest: str = "") -> _Definition:
        reply = self._send(session, "GET", rest)
        reply.encoding = "utf-8"
        call.mask.add(esc_definition.values_in(reply.text))
        etag = reply.headers.get(_ETAG)
        if not etag:
            reason = "Pulumi Cloud returned no ETag, so another change at the same time could be lost"
            raise Refusal(reason, "Check the address of Pulumi Cloud, then ", RUN_AGAIN, ".")
        return _Definition(reply.text, reply.headers.get(_REVISION, ""), etag)

    def _write(self, session: requests.Session, text: str, etag: str) -> str | None:
        """Update the definition that has an ETag. Returns the new revision; None if somebody else was first."""
        try:
            reply = self._send(session, "PATCH", "", data=text.encode(), headers={_ETAG: etag})
        except HttpError as error:
            if error.status != _CONFLICT:
                raise
            return None
        return str(reply.headers.get(_REVISION, ""))

    def _send(self, session: requests.Session, verb: str, rest: str, **content: Any) -> requests.Response:
        url = f"{_address()}/api/esc/environments/{self._in_url('environment')}{rest}"
        reply = session.request(verb, url, timeout=TIMEOUT, **content)
        if reply.status_code == _BAD_REQUEST and (summaries := _diagnostics(reply)):
            raise HttpError(_BAD_REQUEST, summaries)
        object_of(reply)
        return reply

    def _advice(self, status: int) -> str:
        return {
            _NOT_FOUND: "Create the environment (`pulumi env init`), or give the token's owner access to it; then ",
            _UNAUTHORIZED: "Set PULUMI_ACCESS_TOKEN, or run `pulumi login`; then ",
            _FORBIDDEN: "Give the token's owner the permission 'write' for the environment, then ",
        }.get(status, "")


def _diagnostics(reply: requests.Response) -> str:
    """What Pulumi Cloud says against a definition, as one text."""
    try:
        found = reply.json().get("diagnostics") or []
        return "; ".join(diagnostic["summary"] for diagnostic in found if diagnostic.get("summary"))
    except (ValueError, AttributeError, TypeError):
        return ""


def _address() -> str:
    """The address of Pulumi Cloud, as Pulumi finds it. A backend in files or in a bucket has no environments."""
    found = (os.environ.get("PULUMI_BACKEND_URL"), os.environ.get("PULUMI_API"), _login().get("current"))
    return next((url.rstrip("/") for url in found if isinstance(url, str) and url.startswith("http")), _CLOUD)


def _token(address: str) -> str:
    """The access token for an address."""
    login = _login()
    for stored in ({address: os.environ.get("PULUMI_ACCESS_TOKEN")}, login.get("accessTokens") or {}):
        for url, token in stored.items():
            if token and url.rstrip("/") == address:
                return str(token)
    raise Refusal("there is no token", "Set PULUMI_ACCESS_TOKEN, or run `pulumi login`; then ", RUN_AGAIN, ".")


def _login() -> dict[str, Any]:
    """What `pulumi login` has stored; empty if nobody has logged in."""
    folder = os.environ.get("PULUMI_CREDENTIALS_PATH") or os.environ.get("PULUMI_HOME") or "~/.pulumi"
    try:
        found = json.loads((Path(folder).expanduser() / "credentials.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
