"""A real emulator for each test process, back at its start for each test, and the clients that drive it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
from openai import OpenAI

from pulumi_openai_admin.emulator import EmulatorServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openai.resources.admin.organization import Organization
    from openai.resources.admin.organization.projects import Projects

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


@pytest.fixture
def projects(organization: Organization) -> Projects:
    return organization.projects


class Http:
    """Plain HTTP, for what the SDK would not send or not show."""

    def __init__(self, server: EmulatorServer, key: str | None, below: str = "/organization/projects") -> None:
        self._address = f"{server.base_url}{below}"
        self._session = requests.Session()
        self._session.trust_env = False
        self.use(key)

    def use(self, key: str | None) -> None:
        self._session.headers["Authorization"] = "" if key is None else f"Bearer {key}"

    def __call__(self, method: str, path: str, body: object = None, **more: Any) -> requests.Response:
        more.setdefault("timeout", 10)
        return self._session.request(method, f"{self._address}{path}", json=body, **more)

    def refusal(self, method: str, path: str, body: object = None, **more: Any) -> tuple[int, str | None, str]:
        reply = self(method, path, body, **more)
        error = reply.json()["error"]
        assert set(error) == {"message", "type", "param", "code"}
        return reply.status_code, error["code"], error["message"]

    def close(self) -> None:
        self._session.close()


@pytest.fixture
def api(emulator: EmulatorServer) -> Iterator[Http]:
    """Plain HTTP to any path below `/v1`."""
    client = Http(emulator, emulator.admin_key, below="")
    yield client
    client.close()


@pytest.fixture
def http(emulator: EmulatorServer) -> Iterator[Http]:
    """Plain HTTP to projects and what is in them: paths are below `/v1/organization/projects`."""
    client = Http(emulator, emulator.admin_key)
    yield client
    client.close()
