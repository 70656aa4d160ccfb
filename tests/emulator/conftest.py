"""A real emulator for each test process, back at its start for each test, and the clients that drive it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from openai import OpenAI

from pulumi_openai_admin.emulator import EmulatorServer
from pulumi_openai_admin.emulator.control.emulator import Emulator, open_store
from pulumi_openai_admin.emulator.control.routes import ControlRoutes
from pulumi_openai_admin.emulator.control.seed import read
from pulumi_openai_admin.emulator.defaults import ADMIN_KEY
from pulumi_openai_admin.emulator.handlers.api import Api
from pulumi_openai_admin.emulator.handlers.errors import Refused, Reply
from pulumi_openai_admin.emulator.handlers.kind import CONTROL_PATH, Actor
from pulumi_openai_admin.emulator.server.in_process import InProcess, SimulatedTime

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openai.resources.admin.organization import Organization

    from pulumi_openai_admin.emulator import Control


@pytest.fixture(scope="session")
def _server() -> Iterator[EmulatorServer]:
    """Measured, in the place of the one that other folders share."""
    with EmulatorServer() as server:
        yield server


@pytest.fixture
def control(emulator: EmulatorServer) -> Control:
    return emulator.control


@pytest.fixture(scope="session")
def _client(_server: EmulatorServer) -> Iterator[OpenAI]:
    """One for all tests: each reads the certificates of this machine when it is made."""
    with OpenAI(
        admin_api_key=_server.admin_key, base_url=_server.base_url, max_retries=0, _strict_response_validation=True
    ) as client:
        yield client


@pytest.fixture
def organization(_client: OpenAI, emulator: EmulatorServer) -> Organization:
    """The official SDK, which checks each response against its types."""
    assert emulator
    return _client.admin.organization


class InMemory:
    """An organization in the process of the test, without a socket, by a clock that the test moves."""

    def __init__(self, seed: Mapping[str, Any] | None = None) -> None:
        self.time = SimulatedTime(1_800_000_000)
        self.emulator = Emulator(open_store(None), read(seed or {}), ADMIN_KEY, self.time)
        self.server = InProcess(self.emulator, self.time)
        self._control = Api(self.emulator.organization, [ControlRoutes(self.emulator)], base="")

    def reply(
        self, method: str, path: str, body: object = None, key: str = ADMIN_KEY, *, sent: bytes = b"", **headers: str
    ) -> tuple[Reply | None, dict[str, str]]:
        """Make a call below `/v1`, or one of the control API; give the response and its headers, if one came in time.

        `sent`: the bytes of a body that is no JSON.
        """
        path, _, query = path.partition("?")
        sent = sent if body is None else json.dumps(body).encode()
        if path.startswith((CONTROL_PATH, "/openapi.json")):
            try:
                return self._control.answer(self._control.router.find(method, path), query, sent, Actor()), {}
            except Refused as refused:
                return refused.reply(), {}
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        headers = {"authorization": f"Bearer {key}", **more}
        return self.server.request(method, path, query, sent, headers=headers, timeout=30) or (None, {})

    def __call__(self, method: str, path: str, body: object = None, key: str = ADMIN_KEY) -> tuple[int, Any]:
        """Make a call; give the status and the JSON, 0 if no response came in time."""
        reply, _ = self.reply(method, path, body, key)
        return (0, None) if reply is None else (reply.status, json.loads(reply.body))

    def done(self, method: str, path: str, body: object = None) -> Any:
        status, content = self(method, path, body)
        assert status // 100 == 2, (method, path, content)
        return content

    def get(self, path: str) -> Any:
        return self.done("GET", path)

    def post(self, path: str, body: object = None) -> Any:
        return self.done("POST", path, body)

    def delete(self, path: str) -> Any:
        return self.done("DELETE", path)

    def listed(self, path: str, name: str = "id") -> list[Any]:
        """One property of each object of a list."""
        return [item[name] for item in self.get(path)["data"]]

    def world(self, **switches: Any) -> None:
        self.done("PUT", f"{CONTROL_PATH}/world", switches)

    def key(self, value: str) -> str | None:
        found = self.post(f"{CONTROL_PATH}/key", {"value": value})["key"]
        return found and str(found["state"])

    def refused(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        """Make a call that is refused, which changes nothing; give the status and the error."""
        before = self.state()
        status, content = self(method, path, body)
        assert self.state() == before
        assert 400 <= status < 500, content
        assert set(content["error"]) == {"message", "type", "param", "code"}
        return status, content["error"]

    def refuses(self, code: str | None, method: str, path: str, body: object = None) -> str:
        """Make a call that is refused with a code, which changes nothing; give the message."""
        _, error = self.refused(method, path, body)
        assert error["code"] == code, error
        return str(error["message"])

    def state(self) -> list[Any]:
        """What exists, the switches and the faults."""
        paths = ("state?live=true&limit=10000", "world", "faults")
        return [self.done("GET", f"{CONTROL_PATH}/{path}") for path in paths]

    def events(self) -> list[dict[str, Any]]:
        return list(reversed(self.done("GET", "/organization/audit_logs?limit=100")["data"]))


@pytest.fixture
def memory() -> InMemory:
    return InMemory()
