from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_openai_admin.lifecycle.run import Run
from tests.unit.fakes import URL, MemoryHost

if TYPE_CHECKING:
    from pulumi_openai_admin.http.client import Client


@pytest.fixture
def host(client: Client, monkeypatch: pytest.MonkeyPatch) -> MemoryHost:
    """A host whose operations reach the OpenAI of the test."""
    monkeypatch.delenv("OPENAI_ADMIN_KEY", raising=False)
    monkeypatch.setenv("OPENAI_BASE_URL", URL)
    monkeypatch.setattr(Run, "client", lambda *_, **__: client)
    return MemoryHost()
