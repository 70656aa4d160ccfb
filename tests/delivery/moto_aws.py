"""AWS Secrets Manager by Moto's server, behind a server of ours that can fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from moto.backends import get_backend
from moto.server import ThreadedMotoServer

from tests.delivery.fake_store import FakeStore, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TARGET = "secretsmanager."


class MotoAws(FakeStore):
    def __init__(self) -> None:
        super().__init__()
        self._moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._session = requests.Session()
        self._session.trust_env = False  # the tests set proxies and passwords for the client

    def start(self) -> None:
        self._moto.start()
        super().start()

    def stop(self) -> None:
        super().stop()
        for backend in _backends():
            backend.reset()
        self._moto.stop()

    @property
    def moto_url(self) -> str:
        host, port = self._moto.get_host_and_port()
        return f"http://{host}:{port}"

    def error(self, status: int, text: str) -> Reply:
        code = {400: "LimitExceededException", 403: "AccessDeniedException"}.get(status, "InternalServiceError")
        return Reply(status, {"__type": code, "message": text})

    def is_write(self, request: Request) -> bool:
        return _operation(request.headers) in {"PutSecretValue", "UpdateSecretVersionStage"}

    def answer(self, request: Request) -> Reply:
        if _operation(request.headers) in self.refused:
            return self.error(
                403, f"User: arn:aws:iam::123456789012:user/ci is not authorized to perform {request.path}"
            )
        reply = self._session.request(
            request.verb, self.moto_url + request.path, headers=dict(request.headers), data=request.body, timeout=60
        )
        if _operation(request.headers) == "UpdateSecretVersionStage":
            _follow_labels()
        return Reply(reply.status_code, reply.content)


def _follow_labels() -> None:
    """Moto takes the version that was put last for the current one, even if the label AWSCURRENT was moved since."""
    for backend in _backends():
        for secret in backend.secrets.values():
            for version, properties in secret.versions.items():
                if "AWSCURRENT" in properties["version_stages"]:
                    secret.set_default_version_id(version)


def _backends() -> Iterator[Any]:
    """Moto's stores in this process, which all of its servers share."""
    for by_region in get_backend("secretsmanager").values():
        yield from by_region.values()


def _operation(headers: Mapping[str, str]) -> str:
    return headers.get("X-Amz-Target", "").removeprefix(_TARGET)
